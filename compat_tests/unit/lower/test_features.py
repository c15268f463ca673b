"""Kernels over vectors' features, against a plain reading of Spark's definition, row by row."""

from __future__ import annotations

import math
from typing import Any, Literal

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mabridge.errors import InvalidRowError
from mabridge.lower.arrow_vectors import active_entries, vectors_of_arrow, vectors_to_struct
from mabridge.lower.columns import Column, Compressed, DenseBlock, OneHotBlock, ScalarColumn, VectorColumn
from mabridge.lower.kernels import KERNELS
from mabridge.lower.lowering import Lowering
from mabridge.lower.state import State
from mabridge.plan.op import Op, StageRef
from mabridge.plan.ops import CheckVectorSize, IndexFeatures, Interact, KeepIndexable, KeepVectorsOfSize, LookupLabel, SliceFeatures
from mabridge.plan.reference import Reference
from mabridge.plan.types import VECTOR_STRUCT, DoubleType

#: A vector as Spark stores it: (None, values) dense, (indices, values) sparse.
Row = tuple[tuple[int, ...] | None, tuple[float, ...]]

hard = st.sampled_from([0.0, -0.0, 1.0, 2.0, -1.5, math.nan, math.inf, -math.inf, 5e-324, 1e308])


@st.composite
def rows(draw: st.DrawFn, size: int, values: st.SearchStrategy[float] = hard) -> Row:
    if draw(st.booleans()):
        return None, tuple(draw(st.lists(values, min_size=size, max_size=size)))
    places = sorted(draw(st.sets(st.integers(0, size - 1), max_size=size))) if size else []
    return tuple(places), tuple(draw(st.lists(values, min_size=len(places), max_size=len(places))))


def structs(every: list[Row | None], size: int) -> pa.Array:
    entries = [
        None if row is None else {"type": int(row[0] is None), "size": None if row[0] is None else size, "indices": row[0], "values": row[1]} for row in every
    ]
    return pa.array(entries, type=VECTOR_STRUCT)


def shown(row: Row) -> tuple[Any, ...]:
    """With the sign of zero, and NaN equal to itself."""
    return row[0], tuple(repr(value) for value in row[1])


def read_back(column: Column) -> list[tuple[Any, ...]]:
    assert isinstance(column, VectorColumn)
    found = vectors_to_struct(column).to_pylist()
    return [shown((None if row["type"] == 1 else tuple(row["indices"]), tuple(row["values"]))) for row in found]


def run(op: Op, columns: dict[str, Column], count: int) -> State:
    state = State(dict(columns), count)
    with np.errstate(all="ignore"):
        KERNELS[type(op)](op, StageRef("stages[0]", "a.b.Stage", "uid_1"), Lowering(Reference.of_version("3.5.7"), "numpy", "cpu"))(state)
    return state


def entry(row: Row, place: int) -> float | None:
    """What a row stores at a place, None where it stores nothing."""
    if row[0] is None:
        return row[1][place] if place < len(row[1]) else None
    return row[1][row[0].index(place)] if place in row[0] else None


def compressed(size: int, places: list[int], values: list[float]) -> Row:
    """`Vectors.sparse(...).compressed`."""
    nonzero = [value != 0 for value in values]
    if 1.5 * (sum(nonzero) + 1.0) < size:
        return tuple(p for p, kept in zip(places, nonzero, strict=True) if kept), tuple(v for v, kept in zip(values, nonzero, strict=True) if kept)
    dense = [0.0] * size
    for place, value in zip(places, values, strict=True):
        dense[place] = value
    return None, tuple(dense)


@st.composite
def selections(draw: st.DrawFn) -> tuple[list[Row], int, list[int]]:
    size = draw(st.integers(1, 6))
    places = draw(st.lists(st.integers(0, size - 1), min_size=1, unique=True))
    return draw(st.lists(rows(size), min_size=1, max_size=6)), size, places


@settings(deadline=None)
@given(selections())
def test_selected_features_are_what_spark_s_slicer_takes(case: tuple[list[Row], int, list[int]]) -> None:
    every, size, places = case
    column = vectors_of_arrow("u", structs(list(every), size))
    state = run(SliceFeatures("u", "v", np.array(places, dtype=np.int64)), {"u": column}, len(every))
    expected = []
    for row in every:
        taken = [(new, entry(row, old)) for new, old in enumerate(places)]
        if row[0] is None:
            expected.append(shown((None, tuple(value for _, value in taken if value is not None))))
        else:
            kept = [(new, value) for new, value in taken if value is not None and value != 0]
            expected.append(shown((tuple(new for new, _ in kept), tuple(value for _, value in kept))))
    assert read_back(state.columns["v"]) == expected


def test_features_are_selected_across_blocks_of_every_kind() -> None:
    sparse = vectors_of_arrow("u", structs([((0, 2), (5.0, 6.0)), ((1,), (7.0,))], 3)).blocks
    column = VectorColumn(2, (DenseBlock(np.array([[1.0, 2.0], [3.0, 4.0]])), OneHotBlock(np.array([1, -1]), 2), *sparse), Compressed(1.5))
    places = [6, 0, 3, 2, 4, 1, 5]
    state = run(SliceFeatures("u", "v", np.array(places, dtype=np.int64)), {"u": column}, 2)
    selected = state.columns["v"]
    assert isinstance(selected, VectorColumn)
    assert (selected.dense() == column.dense()[:, places]).all()


Maps = dict[int, dict[float, int]]


@st.composite
def category_maps(draw: st.DrawFn) -> tuple[list[Row], int, Maps]:
    size = draw(st.integers(1, 5))
    keys = st.sampled_from([0.0, 1.0, 2.0, -1.5, math.inf, 5e-324])
    maps: Maps = {}
    for feature in sorted(draw(st.sets(st.integers(0, size - 1)))):
        chosen = draw(st.permutations(sorted(draw(st.sets(keys, max_size=4)))))
        maps[feature] = {key: place for place, key in enumerate(chosen)}
    return draw(st.lists(rows(size), min_size=1, max_size=6)), size, maps


def arrays(maps: Maps) -> tuple[Any, Any, Any, Any]:
    entries = [sorted(one.items()) for one in maps.values()]
    return (
        np.array(list(maps), dtype=np.int64),
        np.concatenate([[0], np.cumsum([len(one) for one in entries])]).astype(np.int64),
        np.array([key for one in entries for key, _ in one], dtype=np.float64),
        np.array([index for one in entries for _, index in one], dtype=np.float64),
    )


def indexed(row: Row, maps: Maps, invalid: str) -> Row | None:
    """VectorIndexerModel's transformFunc; None is a row that is dropped, ValueError one that is refused."""
    values = list(row[1])
    places = range(len(values)) if row[0] is None else row[0]
    for at, place in enumerate(places):
        if place not in maps:
            continue
        if values[at] in maps[place]:
            values[at] = float(maps[place][values[at]])
        elif invalid == "keep":
            values[at] = float(len(maps[place]))
        elif invalid == "skip":
            return None
        else:
            raise ValueError
    return row[0], tuple(values)


def spread(column: VectorColumn) -> VectorColumn:
    """The same vectors, stored as an assembler would: one dense block, compressed."""
    return VectorColumn(column.num_rows, (DenseBlock(column.dense()),), Compressed(1.5))


@settings(deadline=None)
@given(category_maps(), st.sampled_from(["error", "skip", "keep"]), st.booleans())
def test_indexed_features_are_what_spark_s_indexer_gives(case: tuple[list[Row], int, Maps], invalid: str, assembled: bool) -> None:
    every, size, maps = case
    column = vectors_of_arrow("u", structs(list(every), size))
    if assembled:
        column = spread(column)
        every = [(None if kind is None else tuple(kind), tuple(float(v) for v in values)) for kind, values in read_back(column)]
    columns: dict[str, Column] = {"u": column}
    op = IndexFeatures("u", "v", size, *arrays(maps), "keep" if invalid == "keep" else "error")
    if invalid == "skip":
        state = run(KeepIndexable("u", size, *arrays(maps)), columns, len(every))
        columns = state.columns
        count = state.num_rows
    else:
        count = len(every)
    try:
        expected = [shown(row) for row in (indexed(row, maps, invalid) for row in every) if row is not None]
    except ValueError:
        with pytest.raises(InvalidRowError):
            run(op, columns, count)
        return
    assert count == len(expected)
    if count:
        assert read_back(run(op, columns, count).columns["v"]) == expected


@st.composite
def interactions(draw: st.DrawFn) -> tuple[list[list[Row]], list[list[int]]]:
    count = draw(st.integers(1, 4))
    counts = draw(st.lists(st.lists(st.integers(1, 3), min_size=1, max_size=3), min_size=1, max_size=3))
    values = st.sampled_from([0.0, -0.0, 1.0, 2.0, math.nan, math.inf, -2.5])
    return [[draw(rows(len(one), values)) for _ in range(count)] for one in counts], counts


def encoded(row: Row, counts: list[int]) -> list[tuple[int, float]]:
    """FeatureEncoder.foreachNonzeroOutput; ValueError is a row that is refused."""
    found = []
    for place in range(len(counts)) if row[0] is None else row[0]:
        value = entry(row, place)
        assert value is not None
        start = sum(counts[:place])
        if counts[place] == 1:
            found.append((start, value))
        elif value >= 0 and value == math.trunc(value if math.isfinite(value) else 0) and value < counts[place]:
            found.append((start + int(value), 1.0))
        else:
            raise ValueError
    return found


@settings(deadline=None)
@given(interactions())
def test_products_are_what_spark_s_interaction_gives(case: tuple[list[list[Row]], list[list[int]]]) -> None:
    columns, counts = case
    names = [f"c{i}" for i in range(len(columns))]
    widths, flat = np.array([len(one) for one in counts], dtype=np.int64), np.array([n for one in counts for n in one], dtype=np.int64)
    op = Interact(tuple(names), "v", widths, flat)
    made: dict[str, Column] = {name: vectors_of_arrow(name, structs(list(own), len(one))) for name, own, one in zip(names, columns, counts, strict=True)}
    expected = []
    try:
        for every in zip(*columns, strict=True):
            size, places, values = 1, [0], [1.0]
            for row, own in reversed(list(zip(every, counts, strict=True))):
                parts = encoded(row, own)
                places, values = (
                    [before + place * size for place, _ in parts for before in places],
                    [earlier * value for _, value in parts for earlier in values],
                )
                size *= sum(own)
            expected.append(shown(compressed(size, places, values)))
    except ValueError:
        with pytest.raises(InvalidRowError):
            run(op, made, len(columns[0]))
        return
    assert read_back(run(op, made, len(columns[0])).columns["v"]) == expected


@settings(deadline=None)
@given(st.lists(st.none() | hard | st.sampled_from([0.99, -0.99, 2.999, 3.0, 1e300])), st.lists(st.text(max_size=2), min_size=1, max_size=3))
def test_labels_are_what_java_s_cast_to_int_finds(values: list[float | None], labels: list[str]) -> None:
    column = ScalarColumn.of_arrow(DoubleType(), pa.array(values, type=pa.float64()))
    op = LookupLabel("i", "s", pa.array(labels, type=pa.string()))
    whole = [None if value is None else 0 if math.isnan(value) else int(max(-(2.0**31), min(2.0**31 - 1, value))) for value in values]
    if any(index is not None and not 0 <= index < len(labels) for index in whole):
        with pytest.raises(InvalidRowError):
            run(op, {"i": column}, len(values))
        return
    found = run(op, {"i": column}, len(values)).scalar("s")
    assert found.arrow.to_pylist() == [None if index is None else labels[index] for index in whole]


def ragged(every: list[tuple[Row, int] | None]) -> pa.Array:
    return pa.concat_arrays([structs([None if item is None else item[0]], 0 if item is None else item[1]) for item in every])


@settings(deadline=None)
@given(st.lists(st.none() | st.integers(0, 3).flatmap(lambda size: st.tuples(rows(size), st.just(size))), min_size=1, max_size=6), st.integers(0, 3))
def test_rows_of_another_size_are_dropped_or_refused_before_they_are_read(every: list[tuple[Row, int] | None], size: int) -> None:
    array = ragged(every)
    raw: dict[str, Column] = {"u": ScalarColumn.of_arrow(DoubleType(), array)}
    good = [shown(item[0]) for item in every if item is not None and item[1] == size]
    state = run(KeepVectorsOfSize("u", size), raw, len(every))
    assert state.num_rows == len(good)
    assert read_back(state.columns["u"]) == good
    if len(good) == len(every):
        assert read_back(run(CheckVectorSize("u", "v", size), raw, len(every)).columns["v"]) == good
    else:
        with pytest.raises(InvalidRowError):
            run(CheckVectorSize("u", "v", size), raw, len(every))


@settings(deadline=None)
@given(st.integers(1, 4).flatmap(lambda size: st.tuples(st.lists(st.none() | rows(size), min_size=1, max_size=6), st.just(size))))
def test_active_entries_are_those_that_each_row_stores(case: tuple[list[Row | None], int]) -> None:
    every, size = case
    sparse, block = active_entries(vectors_of_arrow("u", structs(every, size)))
    stored = [[] if row is None else [(row[1][at], place) for at, place in enumerate(range(size) if row[0] is None else row[0])] for row in every]
    found = [[(float(block.entries[at]), int(block.indices[at])) for at in range(block.indptr[row], block.indptr[row + 1])] for row in range(len(every))]
    assert repr(found) == repr(stored)
    assert [bool(flag) for flag, row in zip(sparse, every, strict=True) if row is not None] == [row[0] is not None for row in every if row is not None]


@pytest.mark.parametrize(
    "change",
    [
        {"features": np.array([1, 0])},
        {"features": np.array([0, 5])},
        {"starts": np.array([0, 1, 1])},
        {"starts": np.array([0, 3, 2])},
        {"values": np.array([2.0, 1.0])},
        {"indices": np.array([0.0])},
        {"indices": np.array([0.0, math.nan])},
        {"num_features": -1},
    ],
    ids=str,
)
def test_category_maps_that_contradict_themselves_are_refused(change: dict[str, Any]) -> None:
    good: dict[str, Any] = {
        "num_features": 3,
        "features": np.array([0, 2]),
        "starts": np.array([0, 2, 2]),
        "values": np.array([1.0, 2.0]),
        "indices": np.array([0.0, 1.0]),
    }
    unseen: Literal["error", "keep"] = "error"
    assert IndexFeatures("u", "v", unseen=unseen, **good).num_features == 3
    with pytest.raises(ValueError, match=r"."):
        IndexFeatures("u", "v", unseen=unseen, **{**good, **change})
