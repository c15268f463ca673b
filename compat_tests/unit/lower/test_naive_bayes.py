"""Naive Bayes against a plain reading of NaiveBayesModel (Spark 3.5), row by row."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compat_tests.unit.lower.rows import Row, column_of, rows, same_bits
from mabridge.lower.columns import AllDense, DenseBlock, OneHotBlock, SparseBlock, VectorColumn
from mabridge.lower.predictors.accepted import features_outside
from mabridge.lower.predictors.fused import fused
from mabridge.lower.predictors.naive_bayes import PreparedBells, PreparedCounts
from mabridge.plan.predictors import BellScorer, CountScorer

CLASSES, FEATURES = 3, 5


def product(matrix: list[list[float]], stored: np.ndarray | None, row: Row, start: list[float]) -> list[float]:
    """`BLAS.gemv` for a matrix stored row by row: fused where matrix and vector are dense, else plain over what both store."""
    found = []
    for place, weights in enumerate(matrix):
        total = 0.0
        for feature, value in sorted(row.stored.items()):
            if stored is None and not row.sparse:
                total = fused(value, weights[feature], total)
            elif stored is None or stored[place, feature]:
                total += value * weights[feature]
        found.append(total + start[place])
    return found


def counts_by_hand(scorer: CountScorer, row: Row) -> list[float]:
    shares, priors = scorer.log_shares.tolist(), scorer.log_priors.tolist()
    if scorer.kind == "multinomial":
        return product(shares, scorer.stored, row, priors)
    if scorer.kind == "complement":
        found = product(shares, scorer.stored, row, [0.0] * CLASSES)
        greatest = max(found)
        total = 0.0
        for value in found:
            total += float(np.exp(np.longdouble(value - greatest)))
        rest = float(np.log(np.longdouble(total))) + greatest
        return [value - rest for value in found]
    start, matrix = [], []
    for place, weights in enumerate(shares):
        kept = [scorer.stored is None or bool(scorer.stored[place, feature]) for feature in range(FEATURES)]
        rest = [float(np.log1p(-np.exp(weight))) if keep else 0.0 for weight, keep in zip(weights, kept, strict=True)]
        start.append(sum(rest) + priors[place])
        matrix.append([weight - other if keep else 0.0 for weight, other, keep in zip(weights, rest, kept, strict=True)])
    return product(matrix, scorer.stored, row, start)


@st.composite
def count_scorers(draw: st.DrawFn) -> CountScorer:
    kind = draw(st.sampled_from(["multinomial", "complement", "bernoulli"]))
    share = st.one_of(st.floats(-9, -1e-3), st.sampled_from([-1e-17, -0.5, *([-math.inf] if kind == "multinomial" else [])]))
    shares = np.array(draw(st.lists(share, min_size=CLASSES * FEATURES, max_size=CLASSES * FEATURES))).reshape(CLASSES, FEATURES)
    priors = np.array(draw(st.lists(st.floats(-9, 0), min_size=CLASSES, max_size=CLASSES)))
    stored = draw(st.one_of(st.none(), st.lists(st.booleans(), min_size=CLASSES * FEATURES, max_size=CLASSES * FEATURES)))
    mask = None if stored is None else np.array(stored).reshape(CLASSES, FEATURES)
    return CountScorer(kind, priors, shares if mask is None else np.where(mask, shares, 0.0), mask)


@settings(max_examples=150, deadline=None)
@given(scorer=count_scorers(), data=st.data())
def test_counts_are_scored_as_the_definition_says_bit_for_bit(scorer: CountScorer, data: st.DataObject) -> None:
    values = st.sampled_from([0.0, -0.0, 1.0]) if scorer.kind == "bernoulli" else st.one_of(st.integers(0, 9).map(float), st.floats(0, 1e3), st.just(math.inf))
    found = data.draw(rows(FEATURES, values))
    with np.errstate(all="ignore"):
        scores = PreparedCounts(scorer).scores(column_of(found, FEATURES))
        assert same_bits(scores, [counts_by_hand(scorer, row) for row in found])


@settings(max_examples=80, deadline=None)
@given(data=st.data())
def test_bells_are_scored_as_the_definition_says_bit_for_bit(data: st.DataObject) -> None:
    size = CLASSES * FEATURES
    means = np.array(data.draw(st.lists(st.floats(-5, 5), min_size=size, max_size=size))).reshape(CLASSES, FEATURES)
    variances = np.array(data.draw(st.lists(st.one_of(st.floats(1e-9, 9), st.just(0.0)), min_size=size, max_size=size))).reshape(CLASSES, FEATURES)
    scorer = BellScorer(np.array([-0.1, -1.0, -2.0]), means, variances)
    # Spark reads the features that the model knows and does not look at more.
    found = data.draw(rows(FEATURES + data.draw(st.integers(0, 2)), st.one_of(st.floats(-50, 50), st.sampled_from([math.nan, math.inf, -0.0, 1e200]))))
    wanted = []
    with np.errstate(all="ignore"):
        for row in found:
            scores = []
            for place in range(CLASSES):
                total, logs = np.float64(0.0), np.float64(0.0)
                for feature in range(FEATURES):
                    distance = np.float64(row.get(feature)) - means[place, feature]
                    total += distance * distance / variances[place, feature]
                    logs += np.log(variances[place, feature])
                scores.append(float(scorer.log_priors[place] - (total + logs) / 2))
            wanted.append(scores)
        assert same_bits(PreparedBells(scorer).scores(column_of(found, found[0].size)), wanted)


def test_a_row_is_refused_for_what_it_stores_and_not_for_zeros() -> None:
    dense = VectorColumn(4, (DenseBlock(np.array([[0.0, -0.0], [1.0, 2.0], [-1e-300, 0.0], [math.nan, 1.0]])),), AllDense())
    assert features_outside(dense, "not negative").tolist() == [False, False, True, True]
    assert features_outside(dense, "zero or one").tolist() == [False, True, True, True]
    sparse = SparseBlock(np.array([0, 0, 1, 2, 3]), np.array([0, 0, 1], dtype=np.int32), np.array([-0.0, 2.0, -2.0]), 2)
    hot = OneHotBlock(np.array([0, -1, 1, 0]), 2, np.array([1.0, -7.0, 1.0, 1.0]))
    assert features_outside(VectorColumn(4, (sparse,), AllDense()), "not negative").tolist() == [False, False, False, True]
    assert features_outside(VectorColumn(4, (sparse, hot), AllDense()), "zero or one").tolist() == [False, False, True, True]


@pytest.mark.parametrize(
    "changes",
    [
        {"log_priors": np.zeros(2)},
        {"log_shares": np.zeros(3)},
        {"log_shares": np.zeros((0, 2)), "log_priors": np.zeros(0)},
        {"stored": np.ones((3, 1), dtype=np.bool_)},
    ],
)
def test_arrays_that_do_not_fit_are_refused(changes: dict[str, np.ndarray]) -> None:
    counts = CountScorer("multinomial", np.zeros(3), np.zeros((3, 2)))
    counts.check()
    with pytest.raises(ValueError, match="log shares"):
        replace(counts, **changes).check()
    with pytest.raises(ValueError, match="variances"):
        BellScorer(np.zeros(3), np.zeros((3, 2)), np.zeros((0, 0))).check()
