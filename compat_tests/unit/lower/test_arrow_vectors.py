"""Vectors from Arrow and back: nothing is lost, nothing is believed unchecked."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mabridge.errors import InvalidInputError
from mabridge.lower.arrow_vectors import vectors_of_arrow, vectors_to_lists, vectors_to_struct
from mabridge.lower.columns import AllSparse, Compressed, DenseBlock, LikeColumn, OneHotBlock, SparseBlock, VectorColumn
from mabridge.plan.types import VECTOR_STRUCT


def dense(*values: float) -> dict[str, object]:
    return {"type": 1, "size": None, "indices": None, "values": list(values)}


def sparse(size: int, entries: dict[int, float]) -> dict[str, object]:
    return {"type": 0, "size": size, "indices": list(entries), "values": list(entries.values())}


def structs(*rows: dict[str, object] | None) -> pa.Array:
    return pa.array(list(rows), type=VECTOR_STRUCT)


doubles = st.sampled_from([0.0, -0.0, 1.0, -2.5, float("nan"), float("inf"), 5e-324])


@st.composite
def vector_rows(draw: st.DrawFn) -> tuple[int, list[dict[str, object] | None]]:
    size = draw(st.integers(0, 6))
    rows: list[dict[str, object] | None] = []
    for _ in range(draw(st.integers(0, 8))):
        kind = draw(st.sampled_from(["null", "dense", "sparse"]))
        if kind == "null":
            rows.append(None)
        elif kind == "dense":
            rows.append(dense(*draw(st.lists(doubles, min_size=size, max_size=size))))
        else:
            places = sorted(draw(st.sets(st.integers(0, size - 1)))) if size else []
            rows.append(sparse(size, {place: draw(doubles) for place in places}))
    return size, rows


@settings(deadline=None)
@given(vector_rows())
def test_structs_come_back_as_they_went_in(case: tuple[int, list[dict[str, object] | None]]) -> None:
    _, rows = case
    column = vectors_of_arrow("v", structs(*rows))
    assert repr(vectors_to_struct(column).to_pylist()) == repr(rows)


@settings(deadline=None)
@given(vector_rows())
def test_a_sliced_array_reads_as_its_rows(case: tuple[int, list[dict[str, object] | None]]) -> None:
    _, rows = case
    array = structs(*rows)
    for start in range(len(rows)):
        assert repr(vectors_to_struct(vectors_of_arrow("v", array.slice(start))).to_pylist()) == repr(rows[start:])


def test_fixed_size_lists_are_dense_vectors() -> None:
    array = pa.array([[1.0, 0.0], None, [3.0, -0.0]], type=pa.list_(pa.float64(), 2))
    column = vectors_of_arrow("v", array)
    assert vectors_to_struct(column).to_pylist() == [dense(1.0, 0.0), None, dense(3.0, -0.0)]
    assert vectors_to_lists("v", column).to_pylist() == array.to_pylist()


def test_lists_of_another_size_than_declared_are_refused_by_the_column_s_name() -> None:
    column = vectors_of_arrow("v", structs(dense(1.0, 2.0), None))
    with pytest.raises(InvalidInputError, match="`v` declares vectors of 3 features and holds vectors of 2"):
        vectors_to_lists("v", column, 3)


@pytest.mark.parametrize("rows", [[], [None], [None, None]])
def test_no_vector_at_all_makes_null_lists_of_the_declared_size(rows: list[None]) -> None:
    lists = vectors_to_lists("v", vectors_of_arrow("v", structs(*rows)), 3)
    assert (lists.type, lists.to_pylist()) == (pa.list_(pa.float64(), 3), rows)


def test_a_null_vector_beside_vectors_of_no_features_stays_null() -> None:
    column = vectors_of_arrow("v", pa.array([[], None], type=pa.list_(pa.float64(), 0)))
    assert vectors_to_lists("v", column).to_pylist() == [[], None]


def test_a_dense_row_keeps_negative_zero_beside_a_sparse_row_that_drops_it() -> None:
    column = VectorColumn(2, (DenseBlock(np.array([[-0.0, 1.0, 2.0], [-0.0, 0.0, 0.0]])),), Compressed(1.5))
    assert repr(vectors_to_struct(column).to_pylist()) == repr([dense(-0.0, 1.0, 2.0), sparse(3, {})])


def test_a_scaled_entry_keeps_its_negative_zero() -> None:
    before = vectors_of_arrow("v", structs(dense(-1.0, 1.0), sparse(2, {0: -1.0, 1: 0.0})))
    (block,) = before.blocks
    assert isinstance(block, SparseBlock)
    after = before.with_blocks((replace(block, entries=block.entries * 0.0),), LikeColumn(before))
    assert repr(vectors_to_struct(after).to_pylist()) == repr([dense(-0.0, 0.0), sparse(2, {0: -0.0, 1: 0.0})])


def test_a_row_is_sparse_exactly_where_one_and_a_half_times_its_entries_and_one_stay_below_the_size() -> None:
    # size 6: 1.5 * (nnz + 1) < 6 holds for nnz 0, 1, 2 and not for 3.
    values = np.array([[0.0] * 6, [1.0, 0, 0, 0, 0, 0], [1.0, 2.0, 0, 0, 0, 0], [1.0, 2.0, 3.0, 0, 0, 0]])
    column = VectorColumn(4, (DenseBlock(values),), Compressed(1.5))
    assert vectors_to_struct(column).to_pylist() == [sparse(6, {}), sparse(6, {0: 1.0}), sparse(6, {0: 1.0, 1: 2.0}), dense(1.0, 2.0, 3.0, 0.0, 0.0, 0.0)]


def test_a_scaled_sparse_row_keeps_the_places_it_stored_even_when_they_become_zero() -> None:
    before = VectorColumn(2, (OneHotBlock(np.array([1, -1], dtype=np.int32), 4),), AllSparse())
    after = before.with_blocks((OneHotBlock(np.array([1, -1], dtype=np.int32), 4, np.array([0.0, 0.0])),), LikeColumn(before))
    assert vectors_to_struct(after).to_pylist() == [sparse(4, {1: 0.0}), sparse(4, {})]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([dense(1.0), dense(1.0, 2.0)], "different sizes"),
        ([sparse(3, {5: 1.0})], "outside 0 to 2"),
        ([sparse(3, {-1: 1.0})], "outside 0 to 2"),
        ([{"type": 0, "size": 3, "indices": [2, 1], "values": [1.0, 2.0]}], "do not ascend"),
        ([{"type": 0, "size": 3, "indices": [1, 1], "values": [1.0, 2.0]}], "do not ascend"),
        ([{"type": 0, "size": 3, "indices": [1], "values": [1.0, 2.0]}], "contradict"),
        ([{"type": 7, "size": 3, "indices": None, "values": [1.0, 2.0]}], "contradict"),
    ],
)
def test_vectors_that_spark_could_not_have_written_are_refused(rows: list[dict[str, object]], said: str) -> None:
    with pytest.raises(InvalidInputError, match=said):
        vectors_of_arrow("v", structs(*rows))


def test_negative_zero_in_a_dense_row_survives_a_sparse_row_beside_it() -> None:
    rows = pa.array(
        [{"type": 1, "size": None, "indices": None, "values": [-0.0, 1.0]}, {"type": 0, "size": 2, "indices": [0], "values": [-0.0]}], type=VECTOR_STRUCT
    )
    column = vectors_of_arrow("v", rows)
    scaled = column.with_blocks(column.blocks, LikeColumn(column))
    for one in (column, scaled):
        values = vectors_to_struct(one).field("values").to_pylist()
        assert [str(value) for row in values for value in row] == ["-0.0", "1.0", "-0.0"]


def test_a_batch_of_nulls_has_the_declared_size_and_takes_no_memory_for_it() -> None:
    column = vectors_of_arrow("v", pa.nulls(1000, VECTOR_STRUCT), 2**22)
    assert column.size == 2**22
    assert vectors_to_struct(column).null_count == 1000
    assert vectors_of_arrow("v", pa.nulls(0, VECTOR_STRUCT), 7).size == 0
