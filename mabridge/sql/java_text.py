"""Doubles and floats as text, digit for digit as Java 17 writes them.

Before JDK 19 `Double.toString` does not always give the shortest digits (2E23 is written 1.9999999999999998E23): its digit loop, in
`jdk.internal.math.FloatingDecimal`, stops by its own rules, and Spark's text is that text. The rules are followed here on Python's integers.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from mabridge.lower.columns import Bools

_FRACTION_BITS = 52
_BIAS = 1023


def double_text(value: float) -> str:
    """`Double.toString(value)`, Java 17."""
    return _special(value) or _finite(*_split(value))


def float_text(value: float) -> str:
    """`Float.toString(value)`, Java 17, for a double that is a float."""
    return _special(value) or _finite(*_split_single(value))


def _special(value: float) -> str | None:
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    if value == 0:
        return "-0.0" if math.copysign(1.0, value) < 0 else "0.0"
    return None


def _split(value: float) -> tuple[bool, int, int, int]:
    """Sign, exponent, fraction with its leading bit at place 52, number of significant bits."""
    bits = struct.unpack("<q", struct.pack("<d", value))[0]
    exponent, fraction = (bits >> _FRACTION_BITS) & 0x7FF, bits & ((1 << _FRACTION_BITS) - 1)
    if exponent:
        return bits < 0, exponent - _BIAS, fraction | 1 << _FRACTION_BITS, _FRACTION_BITS + 1
    shift = _FRACTION_BITS + 1 - fraction.bit_length()
    return bits < 0, 1 - shift - _BIAS, fraction << shift, fraction.bit_length()


def _split_single(value: float) -> tuple[bool, int, int, int]:
    bits = struct.unpack("<i", struct.pack("<f", value))[0]
    exponent, fraction = (bits >> 23) & 0xFF, bits & 0x7FFFFF
    if exponent:
        return bits < 0, exponent - 127, (fraction | 1 << 23) << 29, 24
    shift = 24 - fraction.bit_length()
    return bits < 0, 1 - shift - 127, (fraction << shift) << 29, fraction.bit_length()


def _finite(negative: bool, exponent: int, fraction: int, significant: int) -> str:
    digits, point = _digits(exponent, fraction, significant)
    sign = "-" if negative else ""
    if 0 < point < 8:
        return f"{sign}{digits[:point].ljust(point, '0')}.{digits[point:] or '0'}"
    if -3 < point <= 0:
        return f"{sign}0.{'0' * -point}{digits}"
    return f"{sign}{digits[0]}.{digits[1:] or '0'}E{point - 1}"


def _digits(exponent: int, fraction: int, significant: int) -> tuple[str, int]:
    """Decimal digits without trailing zeros, and how many of them stand before the point."""
    zeros = (fraction & -fraction).bit_length() - 1
    used = _FRACTION_BITS + 1 - zeros
    tiny = max(0, used - exponent - 1)
    if tiny == 0 and exponent <= 62:
        return _whole_digits(exponent, fraction, significant)
    # An estimate of the decimal exponent; the loop below mends one that is too high by one.
    mantissa = fraction / (1 << _FRACTION_BITS)
    decimal = math.floor((mantissa - 1.5) * 0.289529654 + 0.176091259 + exponent * 0.301029995663981)
    b5, s5 = max(0, -decimal), max(0, decimal)
    b2, s2 = b5 + tiny + exponent, s5 + tiny
    m2 = b2 - significant
    b2 -= used - 1
    shared = min(b2, s2)
    b2, s2, m2 = b2 - shared, s2 - shared, m2 - shared
    if used == 1:
        # Below a power of two the neighbour is half as far.
        m2 -= 1
    if m2 < 0:
        b2, s2, m2 = b2 - m2, s2 - m2, 0
    odd = fraction >> zeros
    # Java has three versions of the loop, by the size of the numbers, and they do not stop by the same rule.
    b_bits, s_bits = used + b2 + _bits_of_5(b5), s2 + 1 + _bits_of_5(s5 + 1)
    big = b_bits >= 64 or s_bits >= 64
    width = None if big else 32 if b_bits < 32 and s_bits < 32 else 64
    return _develop(odd * 5**b5 << b2, 5**s5 << s2, 5**b5 << m2, decimal, width)


def _bits_of_5(power: int) -> int:
    return (5**power).bit_length() if 0 < power < 27 else power * 3


def _whole_digits(exponent: int, fraction: int, significant: int) -> tuple[str, int]:
    """A whole number below 2^63; digits beyond what the bits can tell are rounded off."""
    dropped = len(str(1 << (exponent - significant - 1))) - 1 if exponent - significant - 1 > 1 else 0
    value = fraction << (exponent - _FRACTION_BITS) if exponent >= _FRACTION_BITS else fraction >> (_FRACTION_BITS - exponent)
    if dropped:
        value, rest = divmod(value, 10**dropped)
        value += rest >= 10**dropped // 2
    text = str(value)
    return text.rstrip("0"), len(text) + dropped


def _develop(b: int, s: int, m: int, decimal: int, width: int | None) -> tuple[str, int]:
    tens = 10 * s
    limit = None if width is None else 1 << (width - 1)
    digits: list[int] = []

    def step() -> tuple[int, bool, bool]:
        nonlocal b, m
        digit, b = divmod(b, s)
        b *= 10
        m *= 10
        if limit is None:
            return digit, b < m, b + m >= tens
        # Java's integers wrap, and the result shows it.
        m = _wrapped(m, limit)
        return (digit, b < m, _wrapped(b + m, limit) > tens) if m > 0 else (digit, True, True)

    digit, low, high = step()
    if digit == 0 and not high:
        decimal -= 1
    else:
        digits.append(digit)
    if not -3 <= decimal < 8:
        # The exponent form has two digits at least.
        low = high = False
    while not low and not high:
        digit, low, high = step()
        digits.append(digit)
    if high and (not low or 2 * b > tens or (2 * b == tens and digits[-1] % 2)):
        decimal += _round_up(digits)
    return "".join(map(str, digits)).rstrip("0") or "0", decimal + 1


def _wrapped(value: int, limit: int) -> int:
    return (value + limit) % (2 * limit) - limit


def _round_up(digits: list[int]) -> int:
    """Add one to the last digit; 1 where all were nines."""
    place = len(digits) - 1
    while place >= 0 and digits[place] == 9:
        digits[place] = 0
        place -= 1
    if place >= 0:
        digits[place] += 1
        return 0
    digits[0] = 1
    return 1


def texts(values: npt.NDArray[np.floating], valid: Bools | None) -> pa.Array:
    """The text of each value, null where it is not valid; each distinct value is written once."""
    text: Callable[[float], str] = float_text if values.dtype == np.float32 else double_text
    bits = values.view(np.int32 if values.dtype == np.float32 else np.int64)
    distinct, places = np.unique(bits, return_inverse=True)
    written = pa.array([text(value) for value in distinct.view(values.dtype).tolist()], type=pa.string())
    return written.take(pa.array(places.astype(np.int64), mask=None if valid is None else ~valid))
