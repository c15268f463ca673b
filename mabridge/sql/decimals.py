"""Decimal columns as integers: exact arithmetic on unscaled values.

Unscaled values are int64 where every value of the type fits (precision <= 18), else Python integers in an object array.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from mabridge.lower.columns import Bools, ScalarColumn
from mabridge.plan.types import DecimalType

Unscaled = npt.NDArray[Any]

#: A type of at most so many digits fits int64.
SHORT = 18
MAX_PRECISION = 38


def bounded(precision: int, scale: int) -> DecimalType:
    """`DecimalType.bounded`, Spark 3.5."""
    return DecimalType(min(precision, MAX_PRECISION), min(scale, MAX_PRECISION))


def adjusted(precision: int, scale: int) -> DecimalType:
    """`DecimalType.adjustPrecisionScale`, Spark 3.5: beyond 38 digits the scale gives way, down to 6 digits."""
    if precision <= MAX_PRECISION:
        return DecimalType(precision, scale)
    whole = precision - scale
    return DecimalType(MAX_PRECISION, max(MAX_PRECISION - whole, min(scale, 6)))


def unscaled(column: ScalarColumn) -> Unscaled:
    """The unscaled values of a decimal column; null rows hold 0."""
    assert isinstance(column.kind, DecimalType)
    array = column.arrow
    if not len(array):
        return np.empty(0, dtype=np.int64 if column.kind.precision <= SHORT else object)
    words = np.frombuffer(array.buffers()[1], dtype="<u8").reshape(-1, 2)[array.offset : array.offset + len(array)]
    low, high = words[:, 0], words[:, 1].view(np.int64)
    if column.kind.precision <= SHORT:
        values: Unscaled = low.view(np.int64).copy()
    else:
        values = high.astype(object) * (1 << 64) + low.astype(object)
    if array.null_count:
        values[~array.is_valid().to_numpy(zero_copy_only=False)] = 0
    return values


def of_unscaled(kind: DecimalType, values: Unscaled, valid: Bools | None = None) -> ScalarColumn:
    """A decimal column; a value of more digits than the type has becomes null.

    Args:
        kind: the type.
        values: int64 or Python integers, in units of 10**-scale.
        valid: which rows are not null; None for all.
    """
    limit = 10**kind.precision
    if values.dtype != object and kind.precision <= SHORT:
        fits = (values < limit) & (values > -limit)
    elif values.dtype != object:
        fits = np.ones(len(values), dtype=np.bool_)
    else:
        fits = np.fromiter((-limit < value < limit for value in values), dtype=np.bool_, count=len(values))
    if not fits.all():
        values = np.where(fits, values, 0)
        valid = fits if valid is None else valid & fits
    words = np.empty((len(values), 2), dtype=np.int64)
    if values.dtype == object:
        words[:, 0] = np.fromiter((_signed(value) for value in values), dtype=np.int64, count=len(values))
        words[:, 1] = np.fromiter((value >> 64 for value in values), dtype=np.int64, count=len(values))
    else:
        words[:, 0] = values
        words[:, 1] = values.astype(np.int64) >> 63
    arrow = pa.decimal128(kind.precision, kind.scale)
    bitmap = None
    if valid is not None and not valid.all():
        bitmap = pa.array(valid).buffers()[1]
    return ScalarColumn.of_arrow(kind, pa.Array.from_buffers(arrow, len(values), [bitmap, pa.py_buffer(words.tobytes())]))


def _signed(value: int) -> int:
    low: int = value & 0xFFFFFFFFFFFFFFFF
    return low - (1 << 64) if low >= 1 << 63 else low


def as_objects(values: Unscaled) -> Unscaled:
    """The same integers without a limit."""
    return values if values.dtype == object else values.astype(object)


def rescale(values: Unscaled, digits: int, *, largest: int) -> Unscaled:
    """Multiply by 10**digits (round half up, away from zero, where digits < 0), without overflow.

    Args:
        values: unscaled values.
        digits: how many digits the scale grows.
        largest: how many digits the values have at most.
    """
    if digits == 0:
        return values
    if digits > 0:
        if values.dtype != object and largest + digits <= SHORT:
            grown: Unscaled = values * np.int64(10**digits)
            return grown
        longer: Unscaled = as_objects(values) * 10**digits
        return longer
    return divide_half_up(values, 10**-digits)


def divide_half_up(values: Unscaled, divisor: int) -> Unscaled:
    """values / divisor (> 0) rounded half up, away from zero (BigDecimal's HALF_UP)."""
    if values.dtype != object and divisor < 2**62:
        size = np.abs(values)
        quotient = size // divisor
        quotient += (size - quotient * divisor) >= (divisor + 1) // 2
        return np.where(values < 0, -quotient, quotient)
    out = np.empty(len(values), dtype=object)
    for place, value in enumerate(values.tolist()):
        quotient, rest = divmod(abs(value), divisor)
        quotient += 2 * rest >= divisor
        out[place] = -quotient if value < 0 else quotient
    return out


def to_kind(values: Unscaled, source: DecimalType, target: DecimalType, valid: Bools | None) -> ScalarColumn:
    """Decimal to decimal: rounded half up, null where it does not fit (Decimal.toPrecision, Spark 3.5)."""
    return of_unscaled(target, rescale(values, target.scale - source.scale, largest=source.precision), valid)
