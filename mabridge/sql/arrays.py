"""Array and map columns as lengths and flat columns of elements, which kernels work on without a loop over rows."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from mabridge.lower.columns import Bools, ScalarColumn
from mabridge.plan.types import ArrayType, MapType, NullType, arrow_type

Places = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Elements:
    """The elements of an array column.

    Attributes:
        lengths: of each row's array, 0 for null; int64, shape (rows,).
        values: all elements, row after row.
        valid: which rows are not null; None where none is null.
    """

    lengths: Places
    values: ScalarColumn
    valid: Bools | None

    @cached_property
    def starts(self) -> Places:
        """The place of each row's first element; shape (rows,)."""
        found: Places = np.cumsum(self.lengths) - self.lengths
        return found

    @cached_property
    def rows(self) -> Places:
        """The row of each element."""
        return np.repeat(np.arange(len(self.lengths)), self.lengths)

    @cached_property
    def places(self) -> Places:
        """The place of each element in its array, from 0."""
        found: Places = np.arange(len(self.rows)) - self.starts[self.rows]
        return found


def elements_of(column: ScalarColumn) -> Elements:
    """Take an array column apart."""
    assert isinstance(column.kind, ArrayType)
    array = column.arrow
    lengths = pc.list_value_length(array)
    if array.null_count:
        lengths = lengths.fill_null(0)
    found = lengths.to_numpy(zero_copy_only=False).astype(np.int64)
    return Elements(found, ScalarColumn.of_arrow(column.kind.element, _flat(array, found)), column.valid)


def _flat(array: pa.ListArray, lengths: Places) -> pa.Array:
    """The elements of the rows that are not null, row after row; not by `flatten`, which before pyarrow 19 misreads a part of an array of structs."""
    if not pa.types.is_struct(array.type.value_type):
        return array.flatten()
    starts = array.offsets.to_numpy(zero_copy_only=False)[:-1].astype(np.int64)
    firsts = np.cumsum(lengths) - lengths
    places = np.arange(int(lengths.sum())) + np.repeat(starts - firsts, lengths)
    return array.values.take(pa.array(places))


def array_of(kind: ArrayType, lengths: Places, values: ScalarColumn, valid: Bools | None) -> ScalarColumn:
    """An array column from its elements.

    Args:
        kind: its type.
        lengths: of each row's array; 0 for null rows.
        values: all elements, row after row; of the type's element type.
        valid: which rows are not null; None where none is null.
    """
    offsets = np.zeros(len(lengths) + 1, dtype=np.int32)
    np.cumsum(lengths, out=offsets[1:])
    mask = None if valid is None else pa.array(~valid)
    return ScalarColumn.of_arrow(kind, pa.ListArray.from_arrays(pa.array(offsets), values.arrow, type=arrow_type(kind), mask=mask))


@dataclass(frozen=True)
class Entries(Elements):
    """The entries of a map column; `values` are the maps' values.

    Attributes:
        keys: all keys, row after row.
    """

    keys: ScalarColumn


def entries_of(column: ScalarColumn) -> Entries:
    """Take a map column apart."""
    assert isinstance(column.kind, MapType)
    array = column.arrow
    offsets = array.offsets.to_numpy(zero_copy_only=False).astype(np.int64)
    lengths = np.diff(offsets)
    keys, values, first = array.keys, array.items, int(offsets[0]) if len(offsets) else 0
    if column.valid is not None and lengths[~column.valid].any():
        lengths = np.where(column.valid, lengths, 0)
        rows = np.repeat(np.arange(len(lengths)), lengths)
        wanted = pa.array(offsets[rows] + np.arange(len(rows)) - (np.cumsum(lengths) - lengths)[rows])
        keys, values = keys.take(wanted), values.take(wanted)
    else:
        total = int(lengths.sum())
        keys, values = keys.slice(first, total), values.slice(first, total)
    if isinstance(column.kind.key, NullType):
        keys = pa.nulls(len(keys))
    return Entries(lengths, ScalarColumn.of_arrow(column.kind.value, values), column.valid, ScalarColumn.of_arrow(column.kind.key, keys))


def map_of(kind: MapType, lengths: Places, keys: ScalarColumn, values: ScalarColumn, valid: Bools | None) -> ScalarColumn:
    """A map column from its entries.

    Args:
        kind: its type.
        lengths: of each row's map; 0 for null rows.
        keys: all keys, row after row; none is null.
        values: all values, row after row.
        valid: which rows are not null; None where none is null.
    """
    offsets = np.zeros(len(lengths) + 1, dtype=np.int32)
    np.cumsum(lengths, out=offsets[1:])
    mask = None if valid is None else np.append(~valid, False)
    array = pa.MapArray.from_arrays(pa.array(offsets, mask=mask), keys.arrow.cast(arrow_type(kind).key_type), values.arrow)
    return ScalarColumn.of_arrow(kind, array if array.type == arrow_type(kind) else array.cast(arrow_type(kind)))
