"""Thresholds, norms, scales and selections, held to Spark's definitions read row by row."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compat_tests.unit.lower.vector_rows import HARD, Row, rows_of, run, run_vectors, same, vector_columns
from mabridge.errors import InvalidRowError
from mabridge.lower.columns import AllDense, AllSparse, DenseBlock, OneHotBlock, ScalarColumn, VectorColumn
from mabridge.plan.ops import Binarize, NormalizeRows, SelectFeatures, ShiftScale
from mabridge.plan.types import DoubleType


def compressed(values: list[float]) -> Row:
    nonzero = [(place, value) for place, value in enumerate(values) if value != 0]
    if 1.5 * (len(nonzero) + 1.0) < len(values):
        return Row(len(values), [place for place, _ in nonzero], [value for _, value in nonzero])
    return Row(len(values), None, values)


@settings(deadline=None)
@given(column=vector_columns(), threshold=st.sampled_from([0.0, -0.0, 0.1, 1.0, -1.0, -5e-324, math.inf, -math.inf]))
def test_vectors_are_cut_at_a_threshold_as_spark_cuts_them(column: VectorColumn, threshold: float) -> None:
    def by_hand(row: Row) -> Row:
        out = [0.0 if threshold >= 0 else 1.0] * row.size
        for place, value in row.stored():
            if value != 0 and threshold >= 0 and value > threshold:
                out[place] = 1.0
            if value != 0 and threshold < 0 and value <= threshold:
                out[place] = 0.0
        return compressed(out)

    found = run_vectors(Binarize(("u",), ("v",), np.array([threshold])), column)
    assert same(rows_of(found), [by_hand(row) for row in rows_of(column)])


@settings(deadline=None)
@given(values=st.lists(st.sampled_from([*HARD, None])), threshold=st.sampled_from([0.0, 0.1, -2.5, math.nan, math.inf, -math.inf]))
def test_doubles_are_cut_at_a_threshold_and_null_stays_null_before_spark_4(values: list[float | None], threshold: float) -> None:
    column = ScalarColumn.of_numpy(DoubleType(), np.array([v or 0.0 for v in values], dtype=float), np.array([v is not None for v in values], dtype=bool))
    found = run(Binarize(("x",), ("y",), np.array([threshold])), {"x": column})["y"]
    assert isinstance(found, ScalarColumn)
    assert found.arrow.to_pylist() == [None if value is None else float(value > threshold) for value in values]
    later = run(Binarize(("x",), ("y",), np.array([threshold])), {"x": column}, spark="4.0.1")["y"]
    assert isinstance(later, ScalarColumn)
    assert later.arrow.to_pylist() == [float(value is not None and value > threshold) for value in values]


def norm_by_hand(row: Row, p: float) -> float:
    total = 0.0
    for _, value in row.stored():
        size = abs(value)
        if p == math.inf:
            total = size if size > total else total
        elif p == 1.0:
            total += size
        elif p == 2.0:
            total += value * value
        else:
            total += float(np.power(size, p))
    return float(np.sqrt(total)) if p == 2.0 else total if p in (1.0, math.inf) else float(np.power(total, 1.0 / p))


@settings(deadline=None)
@given(column=vector_columns(), p=st.sampled_from([1.0, 2.0, math.inf, 2.5, 7.0]))
def test_rows_are_divided_by_their_norm_as_spark_divides_them(column: VectorColumn, p: float) -> None:
    def by_hand(row: Row) -> Row:
        norm = norm_by_hand(row, p)
        return row if norm == 0.0 else Row(row.size, row.places, (np.array(row.values) / norm).tolist())

    with np.errstate(all="ignore"):
        wanted = [by_hand(row) for row in rows_of(column)]
    assert same(rows_of(run_vectors(NormalizeRows("u", "v", p), column)), wanted)


@settings(deadline=None)
@given(column=vector_columns(), seed=st.integers(0, 1000), exact=st.booleans())
def test_stored_entries_are_scaled_and_no_others(column: VectorColumn, seed: int, exact: bool) -> None:
    factors = np.random.default_rng(seed).choice([0.0, -1.0, 0.5, math.inf, math.nan, 1e-300], size=column.size)
    with np.errstate(all="ignore"):
        wanted = [Row(row.size, row.places, [float(np.float64(value) * factors[place]) for place, value in row.stored()]) for row in rows_of(column)]
    assert same(rows_of(run_vectors(ShiftScale("u", "v", column.size, None, factors, exact), column)), wanted)


@settings(deadline=None)
@given(column=vector_columns(), data=st.data())
def test_selected_features_are_those_that_the_rows_store(column: VectorColumn, data: st.DataObject) -> None:
    chosen = sorted(data.draw(st.sets(st.integers(0, column.size - 1))))

    def by_hand(row: Row) -> Row:
        if row.places is None:
            return Row(len(chosen), None, [row.values[place] for place in chosen])
        kept = [(chosen.index(place), value) for place, value in row.stored() if place in chosen]
        return Row(len(chosen), [place for place, _ in kept], [value for _, value in kept])

    found = run_vectors(SelectFeatures("u", "v", np.array(chosen, dtype=np.int64)), column)
    assert found.size == len(chosen)
    assert same(rows_of(found), [by_hand(row) for row in rows_of(column)])
    # What later stages read are the blocks.
    assert repr(found.dense().tolist()) == repr([by_hand(row).full() for row in rows_of(column)])
    mask = np.arange(column.num_rows) % 2 == 0
    assert same(rows_of(found.take(mask)), [by_hand(row) for row in rows_of(column.take(mask))])


def test_a_feature_beyond_the_end_is_refused_in_a_dense_row_and_left_out_of_a_sparse_one() -> None:
    op = SelectFeatures("u", "v", np.array([1, 4], dtype=np.int64))
    sparse = VectorColumn(2, (OneHotBlock(np.array([1, -1], dtype=np.int32), 2),), AllSparse())
    assert rows_of(run_vectors(op, sparse)) == [Row(2, [0], [1.0]), Row(2, [], [])]
    with pytest.raises(InvalidRowError, match="selects feature 4"):
        run_vectors(op, VectorColumn(1, (DenseBlock(np.array([[1.0, 2.0]])),), AllDense()))


def test_vectors_of_another_size_are_refused_only_where_there_are_rows() -> None:
    op = ShiftScale("u", "v", 3, None, np.ones(3), exact_size=True)
    for size in (2, 4):
        with pytest.raises(InvalidRowError, match="3 features"):
            run_vectors(op, VectorColumn(1, (DenseBlock(np.ones((1, size))),), AllDense()))
        assert rows_of(run_vectors(op, VectorColumn(0, (DenseBlock(np.ones((0, size))),), AllDense()))) == []
