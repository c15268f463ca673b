"""CAST from and to intervals (Cast and IntervalUtils, Spark 3.5)."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from mabridge.lower.columns import ScalarColumn
from mabridge.plan.types import DataType, DayTimeIntervalType, StringType, YearMonthIntervalType
from mabridge.sql.cells import dtype_of
from mabridge.sql.coercion import INTEGRAL, INTERVALS
from mabridge.sql.days import MICROS_PER_DAY, MICROS_PER_HOUR, MICROS_PER_MINUTE, MICROS_PER_SECOND
from mabridge.sql.evaluate import Running
from mabridge.sql.functions.cast_numbers import OVERFLOW
from mabridge.sql.functions.function import Kernel, column_of
from mabridge.sql.intervals import interval_text

_MICROS = (MICROS_PER_DAY, MICROS_PER_HOUR, MICROS_PER_MINUTE, MICROS_PER_SECOND)
_MONTHS = (12, 1)


def interval_kernel(source: DataType, target: DataType) -> Kernel | None:
    """The kernel that casts from or to an interval; None where Spark or mabridge has none."""
    if isinstance(target, StringType):
        return _to_text
    if type(source) is type(target):
        return _cut
    if isinstance(source, INTERVALS) and isinstance(target, INTEGRAL) and source.first == source.last:
        return _to_number
    return None


def _last(kind: DataType) -> int:
    """How long the last unit of an interval's type is."""
    if isinstance(kind, YearMonthIntervalType):
        return _MONTHS[kind.last]
    assert isinstance(kind, DayTimeIntervalType)
    return 1 if kind.last == 3 else _MICROS[kind.last]


def _to_text(running: Running) -> ScalarColumn:
    column = running.column(0)
    distinct, places = np.unique(column.values, return_inverse=True)
    texts = pa.array([interval_text(value, column.kind) for value in distinct.tolist()], pa.string())
    return ScalarColumn.of_arrow(running.kind, texts.take(pa.array(places.reshape(-1), mask=None if column.valid is None else ~column.valid)))


def _cut(running: Running) -> ScalarColumn:
    column = running.column(0)
    unit = _last(running.kind)
    return column_of(running.kind, column.values - np.fmod(column.values, unit), column.valid)


def _to_number(running: Running) -> ScalarColumn:
    column = running.column(0)
    unit = MICROS_PER_SECOND if _last(column.kind) == 1 and isinstance(column.kind, DayTimeIntervalType) else _last(column.kind)
    values = (column.values - np.fmod(column.values, unit)) // unit
    narrowed = values.astype(dtype_of(running.kind))
    # Spark refuses what does not fit in any mode.
    bad = narrowed != values
    running.refuse(bad if column.valid is None else bad & column.valid, OVERFLOW)
    return column_of(running.kind, narrowed, column.valid)
