"""Two columns of one Spark type compared row by row, at any depth: scalars, arrays, structs, maps and vectors."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from mabridge.counted import counted
from mabridge.parity import floats, vectors
from mabridge.parity.rules import Rule
from mabridge.parity.tally import Floats, Ints, Tally
from mabridge.plan.types import (
    ArrayType,
    BinaryType,
    BooleanType,
    DataType,
    DecimalType,
    DoubleType,
    FloatType,
    MapType,
    NullType,
    StringType,
    StructType,
    VectorType,
    arrow_type,
)


@dataclass(frozen=True)
class Place:
    """Where the elements of two arrays stand in the column.

    Attributes:
        rows: shape (elements,), the batch's row that each element belongs to.
        index: shape (elements,), the element's index within its list; None outside lists.
        path: how a reader is told, with "[]" for the index.
        scales: s for a top-level double column, shape (rows,), or a top-level vector column, shape (rows, size); else None.
    """

    rows: Ints
    index: Ints | None = None
    path: str = ""
    scales: Floats | None = None

    def take(self, chosen: npt.NDArray[Any]) -> Place:
        return replace(self, rows=self.rows[chosen], index=None if self.index is None else self.index[chosen])


def compare_column(kind: DataType, expected: pa.Array, actual: pa.Array, rule: Rule, scales: Floats | None = None) -> Tally:
    """The differences of two columns of equal length and Spark type.

    Args:
        kind: the type of both.
        expected, actual: Spark's column and mabridge's, in any Arrow type that stands for `kind`.
        rule: what counts as equal.
        scales: float64, s of each row, shape (rows,), or of each entry of each vector, shape (rows, size).

    Raises:
        ValueError: the scales have another shape than the values.
        pyarrow.ArrowInvalid: a column cannot be taken as `kind` without loss.
    """
    rows = len(expected)
    if scales is not None and (scales.ndim != (2 if isinstance(kind, VectorType) else 1) or scales.shape[0] != rows):
        raise ValueError(f"scales of shape {scales.shape} do not fit {counted(rows, 'row')} of {kind}")
    tally = Tally.of_rows(rows, rule)
    if rule.unordered and isinstance(kind, ArrayType):
        expected, actual = _sorted_where_unlike(kind, expected, actual, rule)
    _compare(kind, expected, actual, Place(np.arange(rows), scales=scales), tally)
    return tally


def _sorted_where_unlike(kind: ArrayType, expected: pa.Array, actual: pa.Array, rule: Rule) -> tuple[pa.Array, pa.Array]:
    """The two columns of lists; where they do not agree as they stand, with the elements of each list sorted."""
    trial = Tally.of_rows(len(expected), rule)
    _compare(kind, expected, actual, Place(np.arange(len(expected))), trial)
    if not (trial.values | trial.nulls | trial.layouts).any():
        return expected, actual

    def settled(side: pa.Array) -> pa.Array:
        lists = [None if row is None else sorted(row, key=sort_key) for row in side.to_pylist()]
        return pa.array(lists, type=arrow_type(kind))

    return settled(expected), settled(actual)


def sort_key(item: Any) -> tuple[int, Any]:
    """An order for the elements of one array, null first and NaN last; what has no order of its own is sorted by its text."""
    if item is None:
        return (0, 0)
    if isinstance(item, float) and math.isnan(item):
        return (2, 0)
    return (1, repr(item) if isinstance(item, (dict, list, tuple)) else item)


def _compare(kind: DataType, expected: pa.Array, actual: pa.Array, place: Place, tally: Tally) -> None:
    if isinstance(kind, NullType):
        return
    if expected.null_count or actual.null_count:
        here, there = _valid(expected), _valid(actual)
        tally.mark_nulls(place.rows[here != there])
        both = here & there
        mask = pa.array(both)
        expected, actual, place = expected.filter(mask), actual.filter(mask), place.take(both)
    if len(expected):
        _COMPARE.get(type(kind), _integers)(kind, expected, actual, place, tally)


def _valid(array: pa.Array) -> npt.NDArray[np.bool_]:
    valid: npt.NDArray[np.bool_] = array.is_valid().to_numpy(zero_copy_only=False)
    return valid


def _as(kind: DataType, array: pa.Array) -> pa.Array:
    """The array in the Arrow type that mabridge holds `kind` in."""
    if pa.types.is_dictionary(array.type):
        array = array.dictionary_decode()
    target = arrow_type(kind)
    return array if array.type == target else array.cast(target)


def _floats(kind: DataType, expected: pa.Array, actual: pa.Array, place: Place, tally: Tally) -> None:
    a, b = _as(kind, expected).to_numpy(zero_copy_only=False), _as(kind, actual).to_numpy(zero_copy_only=False)
    at = floats.unlike(a, b)
    if len(at) == 0:
        return
    place = place.take(at)
    scales = None if place.scales is None else place.scales[place.rows]
    differs, gaps = floats.measure(a[at], b[at], scales, tally.rule)
    tally.values[place.rows[differs]] = True
    tally.measure(gaps, place.rows, place.index, place.path, scales)


def _integers(kind: DataType, expected: pa.Array, actual: pa.Array, place: Place, tally: Tally) -> None:
    """Integers, booleans, dates and timestamps."""
    a, b = _as(kind, expected), _as(kind, actual)
    if pa.types.is_temporal(a.type):
        width = pa.int32() if pa.types.is_date32(a.type) else pa.int64()
        a, b = a.view(width), b.view(width)
    a, b = a.to_numpy(zero_copy_only=False), b.to_numpy(zero_copy_only=False)
    differs = a != b
    tally.values[place.rows[differs]] = True
    if differs.any() and not isinstance(kind, BooleanType):
        tally.absolute = max(tally.absolute, float(np.abs(a[differs].astype(np.float64) - b[differs].astype(np.float64)).max()))


def _others(kind: DataType, expected: pa.Array, actual: pa.Array, place: Place, tally: Tally) -> None:
    """Strings, bytes and decimals."""
    differs = pc.not_equal(_as(kind, expected), _as(kind, actual)).to_numpy(zero_copy_only=False)
    tally.values[place.rows[differs]] = True


def _structs(kind: DataType, expected: pa.Array, actual: pa.Array, place: Place, tally: Tally) -> None:
    assert isinstance(kind, StructType)
    for number, (name, inner) in enumerate(kind.fields):
        within = replace(place, path=f"{place.path}.{name}", scales=None)
        _compare(inner, expected.field(number), actual.field(number), within, tally)


def _arrays(kind: DataType, expected: pa.Array, actual: pa.Array, place: Place, tally: Tally) -> None:
    assert isinstance(kind, ArrayType)
    here, there = _lengths(expected), _lengths(actual)
    tally.values[place.rows[here != there]] = True
    same = here == there
    if not same.all():
        mask = pa.array(same)
        expected, actual, place, here = expected.filter(mask), actual.filter(mask), place.take(same), here[same]
    index = np.arange(int(here.sum())) - np.repeat(np.cumsum(here) - here, here)
    path = place.path.replace("[]", "") + "[]"
    _compare(kind.element, expected.flatten(), actual.flatten(), Place(np.repeat(place.rows, here), index, path), tally)


def _lengths(array: pa.Array) -> Ints:
    lengths: Ints = pc.list_value_length(array).to_numpy(zero_copy_only=False).astype(np.int64)
    return lengths


def _maps(kind: DataType, expected: pa.Array, actual: pa.Array, place: Place, tally: Tally) -> None:
    """Maps are equal when the same keys have equal values; the order of the entries means nothing in Spark."""
    assert isinstance(kind, MapType)
    entries = ArrayType(StructType((("key", kind.key), ("value", kind.value))))
    a, b = expected.cast(_entry_list(kind)), actual.cast(_entry_list(kind))
    trial = Tally.of_rows(len(a), tally.rule)
    _arrays(entries, a, b, Place(np.arange(len(a))), trial)
    other = trial.values | trial.nulls | trial.layouts
    if other.any():
        # Only these rows are worth the sorting, which goes through Python values.
        mask = pa.array(other)
        left, right = (pa.array([_by_key(row) for row in side.filter(mask).to_pylist()], type=side.type) for side in (a, b))
        _arrays(entries, left, right, place.take(other), tally)
    _arrays(entries, a.filter(pa.array(~other)), b.filter(pa.array(~other)), place.take(~other), tally)


def _entry_list(kind: MapType) -> pa.DataType:
    entry = pa.struct([pa.field("key", arrow_type(kind.key), nullable=False), pa.field("value", arrow_type(kind.value))])
    return pa.list_(pa.field("entries", entry, nullable=False))


def _by_key(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(entries, key=lambda entry: repr(entry["key"]))


def _vectors(kind: DataType, expected: pa.Array, actual: pa.Array, place: Place, tally: Tally) -> None:
    a, b = vectors.entries(expected), vectors.entries(actual)
    tally.values[place.rows[a.sizes != b.sizes]] = True
    if place.scales is not None and (a.sizes != place.scales.shape[1]).any():
        raise ValueError(f"scales of {counted(place.scales.shape[1], 'entry', 'entries')} do not fit the vectors")
    if tally.rule.layouts:
        tally.layouts[place.rows[vectors.stored_otherwise(a, b)]] = True
    at, index, left, right = vectors.unlike(a, b)
    if len(at) == 0:
        return
    rows = place.rows[at]
    scales = None if place.scales is None else place.scales[rows, index]
    differs, gaps = floats.measure(left, right, scales, tally.rule)
    tally.values[rows[differs]] = True
    tally.measure(gaps, rows, index, place.path.replace("[]", "") + "[]", scales)


_COMPARE: dict[type[DataType], Callable[[DataType, pa.Array, pa.Array, Place, Tally], None]] = {
    DoubleType: _floats,
    FloatType: _floats,
    StringType: _others,
    BinaryType: _others,
    DecimalType: _others,
    ArrayType: _arrays,
    StructType: _structs,
    MapType: _maps,
    VectorType: _vectors,
}
