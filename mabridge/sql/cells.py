"""Columns while an expression is evaluated: a column of one row stands for a constant and broadcasts, as numpy does.

Numbers, booleans, dates and timestamps are numpy values with validity; strings, binary and decimals are Arrow arrays.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from mabridge.lower.columns import Bools, ScalarColumn
from mabridge.lower.columns import both as both
from mabridge.plan.types import (
    BinaryType,
    BooleanType,
    ByteType,
    DataType,
    DateType,
    DayTimeIntervalType,
    DecimalType,
    DoubleType,
    FloatType,
    IntegerType,
    LongType,
    MapType,
    NullType,
    ShortType,
    StringType,
    TimestampNTZType,
    TimestampType,
    YearMonthIntervalType,
    arrow_type,
)

Values = npt.NDArray[Any]

_DTYPES: dict[type[DataType], type[np.generic]] = {
    NullType: np.bool_,
    BooleanType: np.bool_,
    ByteType: np.int8,
    ShortType: np.int16,
    IntegerType: np.int32,
    LongType: np.int64,
    FloatType: np.float32,
    DoubleType: np.float64,
    DateType: np.int32,
    TimestampType: np.int64,
    TimestampNTZType: np.int64,
    YearMonthIntervalType: np.int32,
    DayTimeIntervalType: np.int64,
}


def dtype_of(kind: DataType) -> type[np.generic]:
    """The numpy type in which values of a Spark type are held."""
    return _DTYPES[type(kind)]


def in_arrow(kind: DataType) -> bool:
    """Whether columns of this type are Arrow arrays here."""
    return type(kind) not in _DTYPES


def nulls(kind: DataType, rows: int = 1) -> ScalarColumn:
    """A column of nulls."""
    if in_arrow(kind):
        return ScalarColumn.of_arrow(kind, pa.nulls(rows, arrow_type(kind)))
    return ScalarColumn.of_numpy(kind, np.zeros(rows, dtype=dtype_of(kind)), np.zeros(rows, dtype=np.bool_))


def constant(kind: DataType, value: Any) -> ScalarColumn:
    """One row that holds a value; None is null."""
    if value is None:
        return nulls(kind)
    if in_arrow(kind):
        return ScalarColumn.of_arrow(kind, pa.array([value], type=arrow_type(kind)))
    return ScalarColumn.of_numpy(kind, np.array([value], dtype=dtype_of(kind)))


def rows_of(columns: Sequence[ScalarColumn], rows: int) -> int:
    """One row where all columns are constants, else as many as there are."""
    return rows if any(len(column) != 1 for column in columns) else 1


def expand(column: ScalarColumn, rows: int) -> ScalarColumn:
    """The column with one value for each row, whether it was a constant or not."""
    if len(column) == rows and not isinstance(column.kind, NullType):
        return column
    if isinstance(column.kind, NullType):
        return ScalarColumn.of_arrow(column.kind, pa.nulls(rows))
    if in_arrow(column.kind) and not rows:
        # Arrow cannot repeat a nested value no times.
        return nulls(column.kind, 0)
    if in_arrow(column.kind):
        return ScalarColumn.of_arrow(column.kind, pa.repeat(column.arrow[0], rows))
    valid = column.valid
    return ScalarColumn.of_numpy(column.kind, np.repeat(column.values, rows), None if valid is None or valid[0] else np.zeros(rows, dtype=np.bool_))


def datum(column: ScalarColumn, rows: int) -> Any:
    """For Arrow's functions: a scalar for a constant, else the array."""
    return column.arrow[0] if len(column) == 1 and rows != 1 else column.arrow


def take(column: ScalarColumn, rows: npt.NDArray[np.int64]) -> ScalarColumn:
    """The rows of these places; a constant stays as it is."""
    if len(column) == 1:
        return column
    if in_arrow(column.kind):
        return ScalarColumn.of_arrow(column.kind, column.arrow.take(pa.array(rows)))
    valid = column.valid
    return ScalarColumn.of_numpy(column.kind, column.values[rows], None if valid is None else valid[rows])


def is_true(column: ScalarColumn) -> Bools:
    """Where a boolean column is true: neither false nor null."""
    values: Bools = column.values
    return values if column.valid is None else values & column.valid


def choose(condition: Bools, then: ScalarColumn, otherwise: ScalarColumn) -> ScalarColumn:
    """`then` where the condition holds, else `otherwise`; both of one type. Any of the three may be a constant."""
    kind = then.kind
    if len(condition) == 1:
        return then if condition[0] else otherwise
    if in_arrow(kind):
        mask = pa.array(condition)
        rows = len(condition)
        if isinstance(kind, MapType):
            # `if_else` takes no maps before pyarrow 17.
            both_sides = pa.concat_arrays([then.arrow, otherwise.arrow])
            places = [np.arange(rows) if len(side) == rows else np.zeros(rows, dtype=np.int64) for side in (then, otherwise)]
            return ScalarColumn.of_arrow(kind, both_sides.take(pa.array(np.where(condition, places[0], len(then) + places[1]))))
        return ScalarColumn.of_arrow(kind, pc.if_else(mask, datum(then, rows), datum(otherwise, rows)))
    values = np.where(condition, then.values, otherwise.values)
    if then.valid is None and otherwise.valid is None:
        return ScalarColumn.of_numpy(kind, values)
    here = np.True_ if then.valid is None else then.valid
    there = np.True_ if otherwise.valid is None else otherwise.valid
    return ScalarColumn.of_numpy(kind, values, np.where(condition, here, there))


def with_valid(column: ScalarColumn, valid: Bools | None) -> ScalarColumn:
    """The column, null also where `valid` is false."""
    if valid is None:
        return column
    if in_arrow(column.kind):
        rows = max(len(column), len(valid))
        array = expand(column, rows).arrow
        mask = pa.array(np.broadcast_to(valid, (rows,)))
        return ScalarColumn.of_arrow(column.kind, pc.if_else(mask, array, pa.scalar(None, array.type)))
    joined = both(column.valid, valid)
    assert joined is not None
    rows = max(len(column), len(joined))
    values = column.values
    if rows != len(values):
        values = np.broadcast_to(values, (rows,))
    if rows != len(joined):
        joined = np.broadcast_to(joined, (rows,))
    return ScalarColumn.of_numpy(column.kind, values, joined)


def join(kind: DataType, rows: int, parts: list[tuple[npt.NDArray[np.int64], ScalarColumn]]) -> ScalarColumn:
    """One column from columns of some of its rows each; rows that no part has are null.

    Args:
        kind: the type of all parts.
        rows: how many rows there are.
        parts: (places, their values) pairs; the places of different parts differ.
    """
    whole = [(places, expand(part, len(places))) for places, part in parts if len(places)]
    if in_arrow(kind):
        order = np.full(rows, -1, dtype=np.int64)
        start = 0
        for places, _ in whole:
            order[places] = np.arange(start, start + len(places))
            start += len(places)
        together = pa.chunked_array([part.arrow for _, part in whole], type=arrow_type(kind)).combine_chunks()
        array = together if isinstance(together, pa.Array) else pa.concat_arrays(together.chunks)
        return ScalarColumn.of_arrow(kind, array.take(pa.array(order, mask=order < 0)))
    values = np.zeros(rows, dtype=dtype_of(kind))
    valid = np.zeros(rows, dtype=np.bool_)
    for places, part in whole:
        values[places] = part.values
        valid[places] = True if part.valid is None else part.valid
    return ScalarColumn.of_numpy(kind, values, None if valid.all() else valid)


def numbers_like(kind: DataType) -> bool:
    """Whether the type is one of the integral or floating ones."""
    return isinstance(kind, (ByteType, ShortType, IntegerType, LongType, FloatType, DoubleType))


def is_text(kind: DataType) -> bool:
    """Whether the type is string or binary."""
    return isinstance(kind, (StringType, BinaryType))


def is_decimal(kind: DataType) -> bool:
    """Whether the type is a decimal."""
    return isinstance(kind, DecimalType)
