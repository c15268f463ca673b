"""CAST among numbers and booleans (Cast, Spark 3.5): Java's narrowing without ANSI, a refusal with it."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import numpy as np

from mabridge.lower.columns import Bools, ScalarColumn
from mabridge.plan.types import BooleanType, DataType, DecimalType, FloatType
from mabridge.sql.cells import Values, dtype_of
from mabridge.sql.coercion import FRACTIONAL, INTEGRAL
from mabridge.sql.decimals import SHORT, Unscaled, as_objects, of_unscaled, to_kind, unscaled
from mabridge.sql.evaluate import Running
from mabridge.sql.functions.function import column_of
from mabridge.sql.java_text import double_text

OVERFLOW = "does not fit its type, which Spark refuses under ANSI; write TRY_CAST, or cast to a wider type."


def number_to_number(running: Running) -> ScalarColumn:
    """Integral, floating and boolean types among one another."""
    column, kind = running.column(0), running.kind
    values = column.values
    if isinstance(kind, BooleanType):
        return column_of(kind, values != 0, column.valid)
    if isinstance(kind, INTEGRAL):
        if running.ansi and not isinstance(column.kind, BooleanType):
            bad = _outside(values, column.kind, kind)
            running.refuse(bad if column.valid is None else bad & column.valid, OVERFLOW)
        if isinstance(column.kind, FRACTIONAL):
            return column_of(kind, narrow(values, kind), column.valid)
    return column_of(kind, values.astype(dtype_of(kind)), column.valid)


def narrow(values: Values, kind: DataType) -> Values:
    """Doubles or floats as integers, as Java converts them: cut, at the range's ends held; byte and short by way of int."""
    target = np.dtype(dtype_of(kind))
    through = np.dtype(np.int64) if target.itemsize == 8 else np.dtype(np.int32)
    info = np.iinfo(through)
    low, high = float(info.min), float(info.max)
    doubles = values.astype(np.float64)
    inside = (doubles > low) & (doubles < high)
    if inside.all():
        return doubles.astype(through).astype(target)
    cut = np.where(inside, doubles, 0.0).astype(through)
    cut[doubles >= high] = info.max
    cut[doubles <= low] = info.min
    return cut.astype(target)


def _outside(values: Values, source: DataType, target: DataType) -> Bools:
    info = np.iinfo(np.dtype(dtype_of(target)))
    if isinstance(source, INTEGRAL):
        if np.dtype(dtype_of(source)).itemsize <= np.dtype(dtype_of(target)).itemsize:
            return np.zeros(1, np.bool_)
        below: Bools = (values < info.min) | (values > info.max)
        return below
    doubles = values.astype(np.float64)
    # The largest bigint is no double: Spark compares with 2^63 then, as Java does.
    inside: Bools = (np.floor(doubles) <= float(info.max)) & (np.ceil(doubles) >= float(info.min))
    return ~inside


def number_to_decimal(running: Running) -> ScalarColumn:
    """Integral, floating and boolean types to decimal; null, or refused under ANSI, where it does not fit."""
    column, kind = running.column(0), running.kind
    assert isinstance(kind, DecimalType)
    if isinstance(column.kind, FRACTIONAL):
        found, unfit = floats_to_decimal(column, kind)
    else:
        found = to_kind(column.values.astype(np.int64), DecimalType(19, 0), kind, column.valid)
        unfit = _lost(column.valid, found)
    if running.ansi:
        running.refuse(unfit, OVERFLOW)
    return found


def _lost(before: Bools | None, found: ScalarColumn) -> Bools:
    if found.valid is None:
        return np.zeros(1, np.bool_)
    return ~found.valid if before is None else before & ~found.valid


def floats_to_decimal(column: ScalarColumn, kind: DecimalType) -> tuple[ScalarColumn, Bools]:
    """Doubles or floats as decimals, and where a value that was not null is now."""
    # Spark goes by the text of the double.
    doubles = column.values.astype(np.float64)
    distinct, places = np.unique(doubles.view(np.int64), return_inverse=True)
    scaled = np.empty(len(distinct), dtype=object)
    for place, value in enumerate(distinct.view(np.float64).tolist()):
        scaled[place] = _by_text(value, kind.scale) if np.isfinite(value) else 0
    finite = np.isfinite(doubles)
    valid = finite if column.valid is None else finite & column.valid
    found = of_unscaled(kind, scaled[places.reshape(-1)], valid)
    return found, _lost(valid, found)


def _by_text(value: float, scale: int) -> int:
    return scale_half_up(Decimal(double_text(value)), scale)


def scale_half_up(value: Decimal, scale: int) -> int:
    """A finite decimal in units of 10**-scale, rounded half up, away from zero; of any length."""
    sign, digits, exponent = value.as_tuple()
    assert isinstance(exponent, int)
    number = int("".join(map(str, digits)))
    shift = exponent + scale
    if shift >= 0:
        # Longer than any decimal type, whatever the rest.
        number = 10**39 if number and shift > 60 else number * 10 ** min(shift, 60)
    elif -shift > len(digits) + 1:
        number = 0
    else:
        unit = 10**-shift
        number, rest = divmod(number, unit)
        number += 2 * rest >= unit
    return -number if sign else number


def decimal_to_decimal(running: Running) -> ScalarColumn:
    """Decimal to another precision and scale."""
    column, kind = running.column(0), running.kind
    assert isinstance(kind, DecimalType)
    assert isinstance(column.kind, DecimalType)
    found = to_kind(unscaled(column), column.kind, kind, column.valid)
    if running.ansi:
        running.refuse(_lost(column.valid, found), OVERFLOW)
    return found


def decimal_to_number(running: Running) -> ScalarColumn:
    """Decimal to any other number or boolean."""
    column, kind = running.column(0), running.kind
    assert isinstance(column.kind, DecimalType)
    values, scale = unscaled(column), column.kind.scale
    if isinstance(kind, BooleanType):
        return column_of(kind, (values != 0).astype(np.bool_), column.valid)
    if isinstance(kind, FRACTIONAL):
        return column_of(kind, decimal_as_float(values, scale, single=isinstance(kind, FloatType)), column.valid)
    whole = _cut(values, scale)
    target = np.iinfo(np.dtype(dtype_of(kind)))
    if running.ansi:
        bad = ((whole < target.min) | (whole > target.max)).astype(np.bool_)
        running.refuse(bad if column.valid is None else bad & column.valid, OVERFLOW)
    if whole.dtype == object:
        whole = np.fromiter(((value + 2**63) % 2**64 - 2**63 for value in whole), dtype=np.int64, count=len(whole))
    return column_of(kind, whole.astype(dtype_of(kind)), column.valid)


def _cut(values: Unscaled, scale: int) -> Unscaled:
    if scale == 0:
        return values
    if values.dtype != object and scale <= SHORT:
        short: Unscaled = np.abs(values) // 10**scale
        return np.where(values < 0, -short, short)
    size: Unscaled = np.abs(as_objects(values)) // 10**scale
    return np.where(values < 0, -size, size)


def decimal_as_float(values: Unscaled, scale: int, *, single: bool = False) -> Values:
    """The nearest double or float of unscaled / 10**scale."""
    if not single and values.dtype != object and scale <= 22 and (not len(values) or np.abs(values).max() <= 2**53):
        # Both sides are exact doubles, so one division rounds once.
        doubles: Values = values.astype(np.float64) / 10.0**scale
        return doubles
    power = 10**scale
    if not single:
        return np.fromiter((value / power for value in values.tolist()), dtype=np.float64, count=len(values))
    return np.fromiter((nearest_float(Fraction(value, power)) for value in values.tolist()), dtype=np.float32, count=len(values))


def nearest_float(value: Fraction) -> np.float32:
    """The float nearest to a number, ties to even, rounded once."""
    try:
        near = np.float32(float(value))
    except OverflowError:
        return np.float32(np.inf if value > 0 else -np.inf)
    if not np.isfinite(near):
        # Halfway between the largest float and the next power of two Java, too, goes to infinity.
        return near if abs(value) >= Fraction(2**128 - 2**103) else np.float32(np.copysign(np.finfo(np.float32).max, near))
    best = [near, np.nextafter(near, np.float32(-np.inf)), np.nextafter(near, np.float32(np.inf))]
    finite = [candidate for candidate in best if np.isfinite(candidate)]
    return min(finite, key=lambda candidate: (abs(Fraction(float(candidate)) - value), int(candidate.view(np.int32)) & 1))
