"""format_number and format_string: `java.text.DecimalFormat` and `java.util.Formatter` of Java 17, as far as Spark 3.5 reaches them."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal
from functools import lru_cache
from typing import Any

from mabridge.lower.columns import ScalarColumn
from mabridge.plan.types import (
    BooleanType,
    ByteType,
    DataType,
    DecimalType,
    DoubleType,
    FloatType,
    IntegerType,
    LongType,
    NullType,
    NumericType,
    ShortType,
    StringType,
)
from mabridge.sql.distinct import RefusedRow, over_distinct
from mabridge.sql.evaluate import Running
from mabridge.sql.functions.function import Args, Function, NotSupported, Signature, TypeMismatch
from mabridge.sql.functions.rules import INT, TEXT, takes
from mabridge.sql.functions.text import bounded_text
from mabridge.sql.java_text import double_text, float_text
from mabridge.sql.scope import Session
from mabridge.sql.typed import Constant

_WIDE = Context(prec=800)

# format_number --------------------------------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Pattern:
    """What a pattern of DecimalFormat says: digits of the whole part, least and most digits of the fraction, digits between commas (0 for none)."""

    least_whole: int
    least_part: int
    most_part: int
    group: int


_SHAPE = re.compile(r"([#,]*)([0,]*)(?:(\.)(0*)(#*))?")
_DEFAULT = "#,###,###,###,###,###,##0"


@lru_cache(maxsize=256)
def _pattern(text: str) -> _Pattern | None:
    """The pattern, None where it is more than digits, commas and a point."""
    found = _SHAPE.fullmatch(text or _DEFAULT)
    if found is None or not (text or _DEFAULT).strip(",."):
        return None
    whole = found[1] + found[2]
    if whole.endswith(",") or ",," in whole:
        return None
    optional, zeros = found[1].count("#"), found[2].count("0")
    least_part, more = len(found[4] or ""), len(found[5] or "")
    if found[3] and not zeros and not least_part:
        # DecimalFormat.applyPattern: one digit of "###.##" is obligatory.
        zeros, least_part, more = (1, 0, more) if optional else (0, 1, more - 1)
    group = len(whole) - whole.rindex(",") - 1 if "," in whole else 0
    return _Pattern(zeros, least_part, least_part + more, group)


def _rounded(value: Any, most: int) -> Decimal:
    """The absolute value with at most so many digits of fraction, half to even as DigitList rounds."""
    if not isinstance(value, float):
        exact = Decimal(value)
    else:
        exact = Decimal(double_text(value))
        # The text may stand for a value beside a half; then the value itself decides.
        if -int(exact.as_tuple().exponent) > most and (exact.scaleb(most, _WIDE) % 1).copy_abs() == Decimal("0.5"):
            exact = Decimal(value)
    exact = exact.copy_abs()
    return exact if -int(exact.as_tuple().exponent) <= most else exact.quantize(Decimal(1).scaleb(-most), ROUND_HALF_EVEN, _WIDE)


def _grouped(digits: str, group: int) -> str:
    if not group:
        return digits
    first = len(digits) % group
    parts = [digits[:first]] if first else []
    return ",".join([*parts, *(digits[place : place + group] for place in range(first, len(digits), group))])


def _format_number(value: Any, pattern: _Pattern) -> str:
    if isinstance(value, float):
        if math.isnan(value):
            return "NaN"
        negative = math.copysign(1.0, value) < 0
        if math.isinf(value):
            return "-∞" if negative else "∞"
    else:
        negative = value < 0
    whole, _, part = format(_rounded(value, pattern.most_part), "f").partition(".")
    whole = whole.lstrip("0").rjust(pattern.least_whole, "0")
    part = part.rstrip("0").ljust(pattern.least_part, "0")
    if not whole and not part:
        whole = "0"
    return ("-" if negative else "") + _grouped(whole, pattern.group) + (f".{part}" if part else "")


def _number_types(args: Args, session: Session) -> Signature:
    value, form = args[0].kind, args[1]
    if not isinstance(value, (NumericType, NullType)):
        raise TypeMismatch(f"{args[0].shown} is {value}, where a number is expected; Spark refuses this too.")
    if not isinstance(form.kind, StringType):
        found = takes(INT, gives=TEXT)(args[1:], session)
        return Signature((value if isinstance(value, NumericType) else INT, *found.takes), TEXT, nullable=True, may_raise=not isinstance(form, Constant))
    if not isinstance(form, Constant) or (isinstance(form.value, str) and _pattern(form.value) is None):
        raise NotSupported(f"the number format {form.shown} is not supported; write the number of decimals, or a constant of `#`, `0`, `,` and one point.")
    return Signature((value if isinstance(value, NumericType) else INT, TEXT), TEXT, nullable=True)


def _number(running: Running) -> ScalarColumn:
    def compute(value: Any, form: Any) -> str | None:
        if isinstance(form, str):
            pattern = _pattern(form)
            assert pattern is not None
            return _format_number(value, pattern)
        if form < 0:
            return None
        if form > 340:
            raise RefusedRow(f"asks for {form} decimals, where at most 340 are written here.")
        return _format_number(value, _Pattern(1, form, form, 3))

    return over_distinct(running, compute)


# format_string --------------------------------------------------------------------------------------------------------------------------------------------

_SPECIFIER = re.compile(r"%(\d+\$)?([-#+ 0,(<]*)(\d+)?(\.\d+)?([tT])?([a-zA-Z%])")
_WHOLE: dict[type[DataType], int] = {ByteType: 8, ShortType: 16, IntegerType: 32, LongType: 64}


@dataclass(frozen=True)
class _Spec:
    """One `%...`: the place of its argument (None for none, -1 for the one before), flags, width and precision (-1 for none), and the letter."""

    index: int | None
    flags: str
    width: int
    precision: int
    letter: str


class _FormatError(RefusedRow):
    """Java refuses the format."""


@lru_cache(maxsize=256)
def _parsed(form: str) -> tuple[str | _Spec, ...]:
    """Texts and specifiers in turn.

    Raises:
        RefusedRow: Java refuses the format, or it holds what is not known here.
    """
    out: list[str | _Spec] = []
    place = 0
    while place < len(form):
        start = form.find("%", place)
        if start < 0:
            out.append(form[place:])
            break
        out.append(form[place:start])
        found = _SPECIFIER.match(form, start)
        if found is None:
            raise _refused(form, "it has a `%` that begins no specifier")
        out.append(_checked(form, found))
        place = found.end()
    return tuple(out)


def _refused(form: str, why: str) -> _FormatError:
    return _FormatError(f"has the format {form[:60]!r}, which is refused: {why}.")


def _checked(form: str, found: re.Match[str]) -> _Spec:
    index, flags, width, precision, date, letter = found.groups()
    if date or letter in "hHaAgG" or "#" in flags:
        raise _refused(form, f"`{found[0]}` is not supported")
    if letter not in "bBsSdoxXcCeEf%n":
        raise _refused(form, f"Java does not know `{found[0]}`")
    if len(set(flags)) < len(flags) or ("+" in flags and " " in flags) or ("-" in flags and "0" in flags):
        raise _refused(form, f"the flags of `{found[0]}` are none together, in Java too")
    if ("-" in flags or "0" in flags) and width is None:
        raise _refused(form, f"`{found[0]}` needs a width, in Java too")
    known = {"d": "-+ 0,(<", "f": "-+ 0,(<", "e": "-+ 0(<", "o": "-0<", "x": "-0<", "n": ""}.get(letter.lower(), "-<")
    if any(flag not in known for flag in flags) or (precision and letter.lower() in "dxoc%n") or (width and letter == "n"):
        raise _refused(form, f"`{found[0]}` has a flag, a width or a precision that Java refuses there too")
    if (width and len(width) > 9) or (precision and len(precision) > 10):
        raise _refused(form, f"`{found[0]}` is too wide")
    place = -1 if "<" in flags else int(index[:-1]) if index else 0
    if letter in "%n":
        return _Spec(None, flags, int(width or -1), -1, letter)
    return _Spec(place, flags, int(width or -1), int(precision[1:]) if precision else -1, letter)


def _format_string(form: str, args: tuple[Any, ...], kinds: tuple[DataType, ...]) -> str:
    out: list[str] = []
    ordinary = last = -1
    for part in _parsed(form):
        if isinstance(part, str):
            out.append(part)
            continue
        if part.index is None:
            out.append("\n" if part.letter == "n" else _justified("%", part))
            continue
        if part.index == 0:
            ordinary += 1
            last = ordinary
        elif part.index > 0:
            last = part.index - 1
        if not 0 <= last < len(args):
            raise _refused(form, "it asks for an argument that is not there, which Java refuses too")
        out.append(_written(form, part, args[last], kinds[last]))
    return "".join(out)


def _justified(text: str, spec: _Spec) -> str:
    bounded_text(spec.width, text)
    text = text.upper() if spec.letter.isupper() else text
    # Java counts UTF-16 units.
    width = spec.width - _beyond(text)
    return text.ljust(width) if "-" in spec.flags else text.rjust(width)


def _beyond(text: str) -> int:
    return sum(character > "\uffff" for character in text)


def _cut(text: str, spec: _Spec) -> str:
    """The text, cut to the precision; half of a character becomes `?` as UTF-8."""
    if spec.precision >= 0:
        cut = text.encode("utf-16-le")[: 2 * spec.precision].decode("utf-16-le", "surrogatepass")
        text = cut[:-1] + "?" if cut and "\ud800" <= cut[-1] <= "\udfff" else cut
    return _justified(text, spec)


def _written(form: str, spec: _Spec, value: Any, kind: DataType) -> str:
    letter = spec.letter.lower()
    if letter == "b":
        return _cut("false" if value is None or value is False else "true", spec)
    if value is None:
        return _cut("null", spec)
    if letter == "s":
        return _cut(_as_text(value, kind), spec)
    bits = _WHOLE.get(type(kind))
    if letter == "d" and bits:
        return _justified(_signed(str(abs(value)), value < 0, spec), spec)
    if letter in "xo" and bits:
        digits = format(value % 2**bits, letter)
        return _justified(digits.rjust(spec.width, "0") if "0" in spec.flags else digits, spec)
    if letter == "c" and bits and bits < 64:
        if not 0 <= value <= 0x10FFFF or 0xD800 <= value <= 0xDFFF:
            raise _refused(form, f"{value} is no character")
        return _justified(chr(value), spec)
    if letter in "ef" and isinstance(kind, (DoubleType, FloatType)):
        return _justified(_floating(value, kind, spec), spec)
    raise _refused(form, f"`%{spec.letter}` does not take {kind}, in Java too")


def _as_text(value: Any, kind: DataType) -> str:
    if isinstance(kind, BooleanType):
        return "true" if value else "false"
    if isinstance(kind, DoubleType):
        return double_text(value)
    return float_text(value) if isinstance(kind, FloatType) else str(value)


def _signed(magnitude: str, negative: bool, spec: _Spec) -> str:
    """Sign, commas and zeros around digits, with `.` and an exponent where there is one."""
    flags = spec.flags
    if "," in flags:
        whole, point, part = magnitude.partition(".")
        magnitude = _grouped(whole, 3) + point + part
    before = ("(" if "(" in flags else "-") if negative else "+" if "+" in flags else " " if " " in flags else ""
    behind = ")" if before == "(" else ""
    if "0" in flags:
        bounded_text(spec.width, magnitude)
        magnitude = magnitude.rjust(spec.width - len(before) - len(behind), "0")
    return before + magnitude + behind


def _floating(value: float, kind: DataType, spec: _Spec) -> str:
    if math.isnan(value):
        return "NaN"
    negative = math.copysign(1.0, value) < 0
    if math.isinf(value):
        return _signed("Infinity", negative, _Spec(None, spec.flags.replace("0", "").replace(",", ""), -1, -1, "f"))
    precision = 6 if spec.precision < 0 else spec.precision
    bounded_text(precision, value)
    # Java rounds the digits that Double.toString has.
    exact = Decimal(float_text(value) if isinstance(kind, FloatType) else double_text(value)).copy_abs()
    if spec.letter == "f":
        return _signed(_fixed(exact, precision), negative, spec)
    exponent = exact.adjusted() if exact else 0
    mantissa = exact.scaleb(-exponent, _WIDE)
    digits = _fixed(mantissa, precision)
    if digits.startswith("10"):
        exponent += 1
        digits = _fixed(mantissa.scaleb(-1, _WIDE), precision)
    return _signed(f"{digits}e{'-' if exponent < 0 else '+'}{abs(exponent):02}", negative, spec)


def _fixed(value: Decimal, precision: int) -> str:
    missing = precision + min(int(value.as_tuple().exponent), 0)
    if missing >= 0:
        text = format(value, "f")
        return f"{text}{'' if '.' in text or not precision else '.'}{'0' * missing}"
    return format(value.quantize(Decimal(1).scaleb(-precision), ROUND_HALF_UP, _WIDE), "f")


_PRINTED = (StringType, NullType, BooleanType, ByteType, ShortType, IntegerType, LongType, DoubleType, FloatType, DecimalType)


def _string_types(args: Args, session: Session) -> Signature:
    found = takes(TEXT, gives=TEXT)(args[:1], session)
    for arg in args[1:]:
        if not isinstance(arg.kind, _PRINTED):
            raise NotSupported(f"format_string of {arg.shown}, which is {arg.kind}, is not supported: Spark prints its inner value; cast it to string.")
    return Signature((*found.takes, *(arg.kind for arg in args[1:])), TEXT, nullable=args[0].nullable, may_raise=True)


def _string(running: Running) -> ScalarColumn:
    kinds = tuple(arg.kind for arg in running.call.args[1:])

    def compute(form: str | None, *args: Any) -> str | None:
        return None if form is None else _format_string(form, args, kinds)

    return over_distinct(running, compute, nulls=True)


FUNCTIONS = (
    Function(("format_number",), (2, 2), _number_types, _number),
    Function(("format_string", "printf"), (1, None), _string_types, _string),
)
