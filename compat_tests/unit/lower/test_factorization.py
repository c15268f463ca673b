"""Factorization machines against a plain reading of FactorizationMachines.getRawPrediction (Spark 3.5), row by row."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compat_tests.unit.lower.rows import Row, column_of, numbers, rows, same_bits
from compat_tests.unit.lower.test_sums import dot_by_hand
from mabridge.lower.predictors.factorization import PreparedFactors
from mabridge.plan.predictors import FactorScorer

FEATURES = 6


def score_by_hand(scorer: FactorScorer, row: Row) -> float:
    linear = scorer.linear.tolist()
    if scorer.stored is None and not row.sparse:
        dot = dot_by_hand([row.get(place) for place in range(FEATURES)], linear)
    else:
        dot = 0.0
        for place, value in sorted(row.stored.items()):
            if scorer.stored is None or scorer.stored[place]:
                dot += value * linear[place]
    score = scorer.intercept + dot
    for factor in range(scorer.factors.shape[1]):
        squares = total = 0.0
        for place, value in sorted(row.stored.items()):
            if value != 0.0:
                term = float(scorer.factors[place, factor]) * value
                squares += term * term
                total += term
        score += 0.5 * (total * total - squares)
    return score


@settings(max_examples=150, deadline=None)
@given(count=st.integers(0, 3), hard=st.booleans(), stored=st.one_of(st.none(), st.lists(st.booleans(), min_size=FEATURES, max_size=FEATURES)), data=st.data())
def test_scores_are_those_of_the_definition_bit_for_bit(count: int, hard: bool, stored: list[bool] | None, data: st.DataObject) -> None:
    value = numbers(hard)
    linear = np.array(data.draw(st.lists(value, min_size=FEATURES, max_size=FEATURES)))
    factors = np.array(data.draw(st.lists(value, min_size=FEATURES * count, max_size=FEATURES * count)), dtype=np.float64).reshape(FEATURES, count)
    mask = None if stored is None else np.array(stored)
    scorer = FactorScorer(data.draw(value), linear if mask is None else np.where(mask, linear, 0.0), factors, mask)
    scorer.check()
    found = data.draw(rows(FEATURES, value))
    with np.errstate(all="ignore"):
        scores = PreparedFactors(scorer).scores(column_of(found, FEATURES))
        assert same_bits(scores, [[score_by_hand(scorer, row)] for row in found])


@pytest.mark.parametrize(("linear", "factors", "stored"), [(2, (3, 1), None), (2, (2,), None), (2, (2, 1), 3)])
def test_arrays_that_do_not_fit_are_refused(linear: int, factors: tuple[int, ...], stored: int | None) -> None:
    mask = None if stored is None else np.ones(stored, dtype=np.bool_)
    with pytest.raises(ValueError, match="linear weights"):
        FactorScorer(0.0, np.zeros(linear), np.zeros(factors), mask).check()
