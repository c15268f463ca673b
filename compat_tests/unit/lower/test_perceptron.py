"""Perceptrons against a plain reading of FeedForwardModel (Spark 3.5) and of the dgemm it calls, row by row."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compat_tests.unit.lower.rows import Row, column_of, numbers, rows, same_bits
from mabridge.lower.predictors import perceptron
from mabridge.lower.predictors.fused import fused
from mabridge.lower.predictors.perceptron import PreparedPerceptron, affine
from mabridge.plan.predictors import PerceptronScorer


def scores_by_hand(sizes: list[int], weights: list[float], row: Row) -> list[float]:
    values, start = [row.get(place) for place in range(sizes[0])], 0
    for layer, (inputs, outputs) in enumerate(pairwise(sizes)):
        if layer:
            values = [float(1.0 / (1.0 + np.exp(np.float64(-value)))) for value in values]
        biases = weights[start + inputs * outputs : start + inputs * outputs + outputs]
        found = []
        for place in range(outputs):
            total = 0.0
            for feature in range(inputs):
                total = fused(weights[start + feature * outputs + place], values[feature], total)
            found.append(total + biases[place])
        values, start = found, start + inputs * outputs + outputs
    return values


@settings(max_examples=60, deadline=None)
@given(sizes=st.lists(st.integers(1, 5), min_size=2, max_size=4), seed=st.integers(0, 10_000), hard=st.booleans(), data=st.data())
def test_layers_are_those_of_the_definition_bit_for_bit(sizes: list[int], seed: int, hard: bool, data: st.DataObject) -> None:
    count = sum(a * b + b for a, b in pairwise(sizes))
    weights = np.random.default_rng(seed).uniform(-1, 1, size=count) * (1e308 if hard and seed % 3 == 0 else 1.0)
    found = data.draw(rows(sizes[0], numbers(hard)))
    scorer = PerceptronScorer(np.array(sizes, dtype=np.int32), weights)
    scorer.check()
    with np.errstate(all="ignore"):
        scores = PreparedPerceptron(scorer).scores(column_of(found, sizes[0]))
        assert same_bits(scores, [scores_by_hand(sizes, weights.tolist(), row) for row in found])


def test_a_large_layer_adds_pieces_of_its_inputs_to_the_biases(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(5)
    monkeypatch.setattr(perceptron, "LARGE", 20)
    monkeypatch.setattr(perceptron, "PIECE", 4)
    values, weights, biases = rng.normal(size=(3, 11)), rng.normal(size=(11, 2)), rng.normal(size=2)
    wanted = []
    for row in values.tolist():
        sums = biases.tolist()
        for first in range(0, 11, 4):
            for place in range(2):
                total = 0.0
                for feature in range(first, min(first + 4, 11)):
                    total = fused(row[feature], float(weights[feature, place]), total)
                sums[place] = total + sums[place]
        wanted.append(sums)
    assert same_bits(affine(values, weights, biases), wanted)


@pytest.mark.parametrize("sizes", [[3], [3, 0], [3, -1, 2], [2, 2], [3, 2, 2], [2**31 - 1, 2**31 - 1]])
def test_weights_that_do_not_fit_the_layers_are_refused(sizes: list[int]) -> None:
    with pytest.raises(ValueError, match="layers of the sizes"):
        PerceptronScorer(np.array(sizes, dtype=np.int32), np.zeros(8)).check()
