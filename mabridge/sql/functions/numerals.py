"""conv, bin, width_bucket (mathExpressions.scala and NumberConverter.scala, Spark 3.5)."""

from __future__ import annotations

import string

import numpy as np

from mabridge.lower.columns import ScalarColumn
from mabridge.plan.types import DoubleType, IntegerType, LongType, StringType, arrow_type
from mabridge.sql.cells import Values, both
from mabridge.sql.distinct import over_distinct, over_distinct_columns
from mabridge.sql.evaluate import Running
from mabridge.sql.functions.cast_numbers import narrow
from mabridge.sql.functions.function import Args, Function, Signature, column_of
from mabridge.sql.functions.rules import takes
from mabridge.sql.scope import Session

_TEXT, _INT, _LONG, _DOUBLE = StringType(), IntegerType(), LongType(), DoubleType()
_SPAN = 1 << 64
_DIGITS = string.digits + string.ascii_uppercase
_TOO_LARGE = "has more than 64 bits, which Spark refuses under ANSI; guard it with CASE."


def _number(text: str, base: int) -> int:
    """The number that the leading digits make, without a limit."""
    known = _DIGITS[:base] + _DIGITS[:base].lower()
    end = next((place for place, letter in enumerate(text) if letter not in known), len(text))
    return int(text[:end], base) if end else 0


def _in_bases(base: int, target: int) -> bool:
    return 2 <= base <= 36 and 2 <= abs(target) <= 36


def _converted(text: str, base: int, target: int) -> str | None:
    trimmed = text.strip(" ")
    if not _in_bases(base, target) or not trimmed:
        return None
    negative = trimmed.startswith("-")
    # It goes through 64 bits; what is longer becomes their largest number.
    bits = min(_number(trimmed[negative:], base), _SPAN - 1)
    if negative and target > 0:
        bits = _SPAN - 1 if bits >> 63 else -bits % _SPAN
    if target < 0 and bits >> 63:
        bits, negative = _SPAN - bits, True
    digits = ""
    while bits:
        bits, digit = divmod(bits, abs(target))
        digits = _DIGITS[digit] + digits
    return ("-" if negative and target < 0 else "") + (digits or "0")


def _overflows(text: str, base: int, target: int) -> int:
    return int(_in_bases(base, target) and _number(text.strip(" ").removeprefix("-"), base) >= _SPAN)


def _conv_types(args: Args, session: Session) -> Signature:
    return takes(_TEXT, _INT, _INT, gives=_TEXT, nullable=True, may_raise=session.ansi)(args, session)


def _conv(running: Running) -> ScalarColumn:
    columns, rows = running.columns(), running.frame.num_rows
    if running.ansi:
        bad = over_distinct_columns(columns, rows, arrow_type(_LONG), _overflows)
        running.refuse(bad.fill_null(0).to_numpy(zero_copy_only=False) != 0, _TOO_LARGE)
    return ScalarColumn.of_arrow(_TEXT, over_distinct_columns(columns, rows, arrow_type(_TEXT), _converted))


def _binary_digits(number: int) -> str:
    return f"{number % _SPAN:b}"


def _bin(running: Running) -> ScalarColumn:
    return over_distinct(running, _binary_digits)


def _width_bucket(running: Running) -> ScalarColumn:
    columns = running.columns()
    value, low, high, count = (column.values for column in columns)
    fits = (count > 0) & (count < np.iinfo(np.int64).max) & ~np.isnan(value) & np.isfinite(low) & np.isfinite(high) & (low != high)
    rising = low < high
    bottom, top = np.minimum(low, high), np.maximum(low, high)
    buckets = count.astype(np.float64)
    share = np.where(rising, buckets * (value - bottom) / (top - bottom), buckets * (top - value) / (top - bottom))
    inside = narrow(share, _LONG) + 1
    before = np.where(rising, value < bottom, value > top)
    after = np.where(rising, value >= top, value <= bottom)
    found: Values = np.where(before, 0, np.where(after, count + 1, inside))
    valid = fits
    for column in columns:
        valid = both(valid, column.valid)
    return column_of(_LONG, found, valid)


FUNCTIONS = (
    Function(("conv",), (3, 3), _conv_types, _conv),
    Function(("bin",), (1, 1), takes(_LONG, gives=_TEXT), _bin),
    Function(("width_bucket",), (4, 4), takes(_DOUBLE, _DOUBLE, _DOUBLE, _LONG, gives=_LONG, nullable=True), _width_bucket),
)
