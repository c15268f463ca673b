"""CAST from and to string (Cast and UTF8String, Spark 3.5)."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pyarrow as pa

from mabridge.lower.columns import ScalarColumn
from mabridge.plan.types import BooleanType, DataType, DecimalType, FloatType, StringType
from mabridge.sql.cells import both, dtype_of
from mabridge.sql.coercion import FRACTIONAL
from mabridge.sql.decimals import of_unscaled, unscaled
from mabridge.sql.evaluate import Running
from mabridge.sql.functions.cast_numbers import nearest_float, scale_half_up
from mabridge.sql.functions.function import column_of
from mabridge.sql.java_text import texts

MALFORMED = "is not a text of its type, which Spark refuses under ANSI; write TRY_CAST."
_TEXT = StringType()
#: What UTF8String.trimAll takes off: whitespace and ISO controls, byte by byte.
CONTROLS = "".join(map(chr, range(0x21))) + "\x7f"
#: What Java's String.trim takes off.
_BLANKS = "".join(map(chr, range(0x21)))


def boolean_to_text(running: Running) -> ScalarColumn:
    """true, false."""
    column = running.column(0)
    words = pa.array(["false", "true"]).take(pa.array(column.values.astype(np.int64), mask=None if column.valid is None else ~column.valid))
    return ScalarColumn.of_arrow(_TEXT, words)


def number_to_text(running: Running) -> ScalarColumn:
    """Integers and floating numbers."""
    column = running.column(0)
    if isinstance(column.kind, FRACTIONAL):
        return ScalarColumn.of_arrow(_TEXT, texts(np.ascontiguousarray(column.values), column.valid))
    return ScalarColumn.of_arrow(_TEXT, column.arrow.cast(pa.string()))


def decimal_to_text(running: Running) -> ScalarColumn:
    """Decimals with all digits of their scale; without ANSI (TRY_CAST has it) small ones with an exponent, as Java's BigDecimal.toString."""
    column = running.column(0)
    assert isinstance(column.kind, DecimalType)
    scale = column.kind.scale
    values = unscaled(column)
    form: Callable[[Decimal], str] = (lambda value: format(value, "f")) if running.ansi else str
    found = [form(Decimal((value < 0, tuple(map(int, str(abs(value)))), -scale))) for value in values.tolist()]
    return ScalarColumn.of_arrow(_TEXT, pa.array(found, type=pa.string(), mask=None if column.valid is None else ~column.valid))


def _distinct(column: ScalarColumn) -> tuple[list[str | None], np.ndarray[Any, np.dtype[np.int64]]]:
    """The column's distinct texts, and each row's place among them."""
    encoded = column.arrow.dictionary_encode(null_encoding="encode")
    return encoded.dictionary.to_pylist(), encoded.indices.to_numpy(zero_copy_only=False).astype(np.int64)


def _parsed(running: Running, parse: Callable[[str], Any], dtype: Any) -> tuple[Any, Any]:
    """Each text parsed; None is null, or refused under ANSI."""
    column = running.column(0)
    distinct, places = _distinct(column)
    results = [None if text is None else parse(text) for text in distinct]
    known = np.array([result is not None for result in results], dtype=np.bool_)
    if running.ansi:
        wrong = np.array([text is not None and result is None for text, result in zip(distinct, results, strict=True)], dtype=np.bool_)
        running.refuse(wrong[places], MALFORMED)
    values = np.empty(len(results), dtype=dtype)
    for place, result in enumerate(results):
        values[place] = 0 if result is None else result
    valid = known[places]
    return values[places], None if valid.all() else valid


_INTEGER = re.compile(r"([+-]?)([0-9]*)(\.[0-9]*)?", re.ASCII)


def parse_integer(text: str, bits: int, *, exact: bool) -> int | None:
    """UTF8String.toInt and its like; digits after a point are cut off unless `exact`."""
    trimmed = text.strip(CONTROLS)
    match = _INTEGER.fullmatch(trimmed)
    if match is None or not (match[2] or match[3]) or (exact and match[3] is not None):
        return None
    digits = match[2].lstrip("0") or "0"
    if len(digits) > 19:
        return None
    value = int(match[1] + digits)
    return value if -(1 << bits - 1) <= value < 1 << bits - 1 else None


_DECIMAL = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?", re.ASCII)
#: Java's BigDecimal takes the digits of any script.
_BIG_DECIMAL = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE]([+-]?0*\d{1,10}))?")
_FLOAT = re.compile(rf"({_DECIMAL.pattern})[fFdD]?", re.ASCII)
_HEX_FLOAT = re.compile(r"([+-]?)0[xX](?:([0-9a-fA-F]+)\.?|([0-9a-fA-F]*)\.([0-9a-fA-F]+))[pP]([+-]?[0-9]+)[fFdD]?", re.ASCII)
_SPECIAL = {
    "inf": np.inf,
    "+inf": np.inf,
    "infinity": np.inf,
    "+infinity": np.inf,
    "-inf": -np.inf,
    "-infinity": -np.inf,
    "nan": np.nan,
}


def parse_double(text: str) -> float | None:
    """Double.parseDouble, and Spark's special words in any case."""
    trimmed = text.strip(_BLANKS)
    if match := _FLOAT.fullmatch(trimmed):
        return float(match[1])
    if trimmed in ("+NaN", "-NaN"):
        return float("nan")
    if match := _HEX_FLOAT.fullmatch(trimmed):
        return _hex(match)
    return _SPECIAL.get(trimmed.lower())


def _hex(match: re.Match[str]) -> float:
    whole, fraction = match[2] or match[3], match[4] or ""
    try:
        return float.fromhex(f"{match[1]}0x{whole or '0'}.{fraction or '0'}p{match[5]}")
    except OverflowError:
        return -np.inf if match[1] == "-" else np.inf


def parse_float(text: str) -> float | None:
    """Float.parseFloat, rounded once, and Spark's special words."""
    double = parse_double(text)
    if double is None or not np.isfinite(double) or double == 0:
        if double is not None and np.isinf(double) and _FLOAT.fullmatch(text.strip(_BLANKS)):
            return double
        return double
    if match := _FLOAT.fullmatch(text.strip(_BLANKS)):
        if abs(double) < 1e-60 or abs(double) > 1e60:
            return float(np.float32(double))
        return float(nearest_float(Fraction(match[1])))
    return float(np.float32(double))


def text_to_number(running: Running) -> ScalarColumn:
    """String to an integer or floating type."""
    column, kind = running.column(0), running.kind
    if isinstance(kind, FRACTIONAL):
        single = isinstance(kind, FloatType)
        found = _parsed(running, parse_float if single else parse_double, dtype_of(kind))
    else:
        bits = np.dtype(dtype_of(kind)).itemsize * 8
        found = _parsed(running, lambda text: parse_integer(text, bits, exact=running.ansi), dtype_of(kind))
    values, valid = found
    return column_of(kind, values, both(valid, column.valid))


_TRUE, _FALSE = frozenset(("t", "true", "y", "yes", "1")), frozenset(("f", "false", "n", "no", "0"))


def _parse_boolean(text: str) -> bool | None:
    word = text.strip(CONTROLS).lower()
    return True if word in _TRUE else False if word in _FALSE else None


def text_to_boolean(running: Running) -> ScalarColumn:
    """String to boolean."""
    values, valid = _parsed(running, _parse_boolean, np.bool_)
    return column_of(BooleanType(), values, valid)


def text_to_decimal(running: Running) -> ScalarColumn:
    """String to decimal, rounded half up; null where it has too many digits."""
    kind = running.kind
    assert isinstance(kind, DecimalType)
    scale = kind.scale

    def parse(text: str) -> int | None:
        trimmed = text.strip(_BLANKS)
        match = _BIG_DECIMAL.fullmatch(trimmed)
        if match is None or max(trimmed) > "\uffff":
            return None
        value = Decimal(trimmed)
        # Its exponent and its scale are ints.
        if not all(-(2**31) <= number < 2**31 for number in (int(match[1] or 0), -int(value.as_tuple().exponent))):
            return None
        if value and value.adjusted() >= 38:
            return None
        scaled = scale_half_up(value, scale)
        return scaled if abs(scaled) < 10**kind.precision else None

    values, valid = _parsed(running, parse, object)
    return of_unscaled(kind, values, valid)


def text_of(kind: DataType) -> Callable[[Running], ScalarColumn]:
    """The kernel that casts a type to string."""
    if isinstance(kind, BooleanType):
        return boolean_to_text
    return decimal_to_text if isinstance(kind, DecimalType) else number_to_text
