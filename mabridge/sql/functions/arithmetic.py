"""+ - * / % div and signs: Add, Subtract, Multiply, Divide, Remainder, Pmod, IntegralDivide, UnaryMinus, UnaryPositive, Abs (Spark 3.5)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from mabridge.lower.columns import Bools, ScalarColumn
from mabridge.plan.types import DataType, DecimalType, DoubleType, LongType, NullType, NumericType, StringType
from mabridge.sql.cells import Values, both
from mabridge.sql.coercion import FRACTIONAL, INTEGRAL
from mabridge.sql.decimals import SHORT, Unscaled, adjusted, as_objects, bounded, divide_half_up, of_unscaled, rescale, unscaled
from mabridge.sql.evaluate import Running
from mabridge.sql.functions.function import Args, Function, Signature, TypeMismatch, as_call, as_infix, column_of
from mabridge.sql.functions.rules import arithmetic_operands
from mabridge.sql.functions.time_arithmetic import with_times
from mabridge.sql.scope import Session

_ZERO = "divides by zero, which Spark refuses under ANSI; write try_divide, or guard it with CASE or nullif."
_OVERFLOW = "overflows its type, which Spark refuses under ANSI; cast the operands to a wider type."


def _add_type(p1: int, s1: int, p2: int, s2: int) -> DecimalType:
    scale = max(s1, s2)
    return adjusted(max(p1 - s1, p2 - s2) + scale + 1, scale)


def _multiply_type(p1: int, s1: int, p2: int, s2: int) -> DecimalType:
    return adjusted(p1 + p2 + 1, s1 + s2)


def _divide_type(p1: int, s1: int, p2: int, s2: int) -> DecimalType:
    scale = max(6, s1 + p2 + 1)
    return adjusted(p1 - s1 + s2 + scale, scale)


def _remainder_type(p1: int, s1: int, p2: int, s2: int) -> DecimalType:
    scale = max(s1, s2)
    return adjusted(min(p1 - s1, p2 - s2) + scale, scale)


def _quotient_type(p1: int, s1: int, p2: int, s2: int) -> DecimalType:
    return bounded(max(p1 - s1 + s2, 1), 0)


def _types(symbol: str, decimal: Callable[[int, int, int, int], DecimalType], *, by_zero: bool = False) -> Callable[[Args, Session], Signature]:
    def rule(args: Args, session: Session) -> Signature:
        left, right = arithmetic_operands(args, session, symbol=symbol)
        if symbol == "/" and (not isinstance(left, DecimalType) or isinstance(args[0].kind, NullType)):
            left = right = DoubleType()
        if symbol == "div" and not isinstance(left, DecimalType):
            if isinstance(left, FRACTIONAL):
                raise TypeMismatch(f"`div` takes integers and decimals, not {left}; Spark refuses this too.")
            left = right = LongType()
        gives: DataType = left
        nullable: bool | None = by_zero or None
        if isinstance(left, DecimalType) and isinstance(right, DecimalType):
            gives = LongType() if symbol == "div" else decimal(left.precision, left.scale, right.precision, right.scale)
            nullable = True
        elif isinstance(left, NullType):
            left = right = gives = DoubleType()
        may_raise = session.ansi and (by_zero or isinstance(gives, (DecimalType, *INTEGRAL)))
        return Signature((left, right), gives, nullable, may_raise)

    return rule


Exact = Callable[[Values, Values], Values]


def _wrapping(compute: Exact, overflows: Callable[[Values, Values, Values], Bools]) -> Callable[[Running], ScalarColumn]:
    """A kernel for + - *; integers wrap, or refuse under ANSI."""

    def kernel(running: Running) -> ScalarColumn:
        left, right = running.columns_up_to_null()
        valid = both(left.valid, right.valid)
        values = compute(left.values, right.values)
        if running.ansi and isinstance(running.kind, INTEGRAL):
            bad = overflows(left.values, right.values, values)
            running.refuse(bad if valid is None else bad & valid, _OVERFLOW)
        return column_of(running.kind, values, valid)

    return kernel


def _sum_overflows(left: Values, right: Values, total: Values) -> Bools:
    found: Bools = ((left ^ total) & (right ^ total)) < 0
    return found


def _difference_overflows(left: Values, right: Values, total: Values) -> Bools:
    found: Bools = ((left ^ right) & (left ^ total)) < 0
    return found


def _product_overflows(left: Values, right: Values, total: Values) -> Bools:
    if total.dtype.itemsize < 8:
        exact: Bools = left.astype(np.int64) * right.astype(np.int64) != total
        return exact
    # Where the double is far inside or outside the range it decides; near the edge, exact integers do.
    rough = np.abs(left.astype(np.float64) * right.astype(np.float64))
    bad: Bools = rough > 9.3e18
    for place in np.flatnonzero((rough > 9.1e18) & ~bad):
        factor, other = (int(side[place if len(side) > 1 else 0]) for side in (left, right))
        bad[place] = not -(2**63) <= factor * other < 2**63
    return bad


def _decimal_pair(running: Running, *, strict: bool = False) -> tuple[Unscaled, DecimalType, Unscaled, DecimalType, Bools | None]:
    left, right = running.columns_up_to_null() if strict else running.columns()
    assert isinstance(left.kind, DecimalType)
    assert isinstance(right.kind, DecimalType)
    return unscaled(left), left.kind, unscaled(right), right.kind, both(left.valid, right.valid)


def _decimal_result(running: Running, values: Unscaled, scale: int, valid: Bools | None) -> ScalarColumn:
    """Rounded to the result's scale; null, or refused under ANSI, where it does not fit."""
    kind = running.kind
    assert isinstance(kind, DecimalType)
    if valid is not None and len(valid) != len(values):
        rows = max(len(valid), len(values))
        valid, values = np.broadcast_to(valid, (rows,)), np.broadcast_to(values, (rows,))
    found = of_unscaled(kind, rescale(values, kind.scale - scale, largest=SHORT), valid)
    if running.ansi and found.valid is not None:
        bad = ~found.valid if valid is None else valid & ~found.valid
        running.refuse(bad, _OVERFLOW)
    return found


def _decimal_sum(sign: int) -> Callable[[Running], ScalarColumn]:
    def kernel(running: Running) -> ScalarColumn:
        a, left, b, right, valid = _decimal_pair(running, strict=True)
        scale = max(left.scale, right.scale)
        digits = max(left.precision - left.scale, right.precision - right.scale) + scale + 1
        a, b = (rescale(x, scale - kind.scale, largest=kind.precision) for x, kind in ((a, left), (b, right)))
        if digits > SHORT:
            a, b = as_objects(a), as_objects(b)
        return _decimal_result(running, a + sign * b, scale, valid)

    return kernel


def _decimal_product(running: Running) -> ScalarColumn:
    a, left, b, right, valid = _decimal_pair(running, strict=True)
    if left.precision + right.precision > SHORT:
        a, b = as_objects(a), as_objects(b)
    values, scale = a * b, left.scale + right.scale
    if left.precision + right.precision > 38:
        values = _to_38_digits(values)
    return _decimal_result(running, values, scale, valid)


def _to_38_digits(values: Unscaled) -> Unscaled:
    """Rounded to 38 significant digits, as Java's MathContext(38, HALF_UP) does before the scale is cut."""
    for place, value in enumerate(values.tolist()):
        excess = len(str(abs(value))) - 38
        if excess > 0:
            unit = 10**excess
            quotient, rest = divmod(abs(value), unit)
            rounded = (quotient + (2 * rest >= unit)) * unit
            values[place] = -rounded if value < 0 else rounded
    return values


def _nonzero(running: Running, divisor: Values, valid: Bools | None) -> Bools | None:
    """Where a divisor is not zero, None for everywhere; under ANSI zeros are refused."""
    zero: Bools = divisor == 0
    if not zero.any():
        return None
    if running.ansi:
        running.refuse(zero if valid is None else zero & valid, _ZERO)
    return ~zero


def _decimal_quotient(running: Running) -> ScalarColumn:
    a, left, b, right, valid = _decimal_pair(running)
    kind = running.kind
    assert isinstance(kind, DecimalType)
    nonzero = _nonzero(running, b, valid)
    valid = both(valid, nonzero)
    if nonzero is not None:
        b = np.where(nonzero, b, 1)
    digits = kind.scale + right.scale - left.scale
    if digits >= 0 and left.precision + digits <= SHORT and right.precision <= SHORT and right.precision < 38 - kind.scale:
        # One rounding is as good as Spark's two: no quotient of such short numbers lies so close below a half.
        size, by = np.abs(a * np.int64(10**digits)), np.abs(b)
        quotient = size // by
        rest = size - quotient * by
        quotient += rest >= by - rest
        values: Unscaled = np.where((a < 0) != (b < 0), -quotient, quotient)
        return _decimal_result(running, values, kind.scale, valid)
    rows = max(len(a), len(b))
    values = np.empty(rows, dtype=object)
    power = 38 + right.scale - left.scale
    for place, (x, y) in enumerate(zip(np.broadcast_to(as_objects(a), (rows,)), np.broadcast_to(as_objects(b), (rows,)), strict=True)):
        above, below = (abs(x) * 10**power, abs(y)) if power >= 0 else (abs(x), abs(y) * 10**-power)
        quotient, rest = divmod(above, below)
        quotient += 2 * rest >= below
        values[place] = quotient if (x < 0) == (y < 0) else -quotient
    return _decimal_result(running, divide_half_up(values, 10 ** (38 - kind.scale)), kind.scale, valid)


def _decimal_remainder(running: Running, *, positive: bool = False) -> ScalarColumn:
    a, left, b, right, valid = _decimal_pair(running)
    scale = max(left.scale, right.scale)
    a, b = (rescale(x, scale - kind.scale, largest=kind.precision) for x, kind in ((a, left), (b, right)))
    nonzero = _nonzero(running, b, valid)
    if nonzero is not None:
        b = np.where(nonzero, b, 1)
    if object in (a.dtype, b.dtype):
        a, b = as_objects(a), as_objects(b)
    values = _cut_remainder(a, b)
    if positive:
        values = np.where(values < 0, _cut_remainder(values + b, b), values)
    return _decimal_result(running, values, scale, both(valid, nonzero))


def _cut_remainder(a: Values, b: Values) -> Values:
    """Java's remainder: it has the sign of the dividend."""
    if a.dtype != object:
        found: Values = np.fmod(a, b)
        return found
    size = np.abs(a) % np.abs(b)
    return np.where(a < 0, -size, size)


def _divide(running: Running) -> ScalarColumn:
    if isinstance(running.kind, DecimalType):
        return _decimal_quotient(running)
    left, right = running.columns()
    valid = both(left.valid, right.valid)
    nonzero = _nonzero(running, right.values, valid)
    return column_of(running.kind, np.divide(left.values, right.values), both(valid, nonzero))


def _integral_divide(running: Running) -> ScalarColumn:
    left, right = running.columns()
    valid = both(left.valid, right.valid)
    if isinstance(left.kind, DecimalType) and isinstance(right.kind, DecimalType):
        return _decimal_integral_divide(running, left, right, valid)
    a, b = left.values, right.values
    nonzero = _nonzero(running, b, valid)
    if running.ansi:
        bad = (a == np.iinfo(np.int64).min) & (b == -1)
        running.refuse(bad if valid is None else bad & valid, _OVERFLOW)
    if nonzero is not None:
        b = np.where(nonzero, b, 1)
    quotient = np.floor_divide(a, b)
    # Java cuts towards zero.
    quotient += (quotient * b != a) & ((a < 0) != (b < 0))
    return column_of(running.kind, quotient, both(valid, nonzero))


def _decimal_integral_divide(running: Running, left: ScalarColumn, right: ScalarColumn, valid: Bools | None) -> ScalarColumn:
    assert isinstance(left.kind, DecimalType)
    assert isinstance(right.kind, DecimalType)
    a, b = unscaled(left), unscaled(right)
    nonzero = _nonzero(running, b, valid)
    if nonzero is not None:
        b = np.where(nonzero, b, 1)
    scale = max(left.kind.scale, right.kind.scale)
    a, b = (as_objects(x) * 10 ** (scale - kind.scale) for x, kind in ((a, left.kind), (b, right.kind)))
    size = np.abs(a) // np.abs(b)
    exact = np.where((a < 0) != (b < 0), -size, size)
    kind = _quotient_type(left.kind.precision, left.kind.scale, right.kind.precision, right.kind.scale)
    limit = 10**kind.precision
    fits = np.fromiter((-limit < value < limit for value in exact), dtype=np.bool_, count=len(exact))
    values = np.fromiter(((value + 2**63) % 2**64 - 2**63 for value in exact), dtype=np.int64, count=len(exact))
    if running.ansi:
        # A quotient that fits its decimal and no bigint wraps around, under ANSI too.
        running.refuse(~fits if valid is None else ~fits & valid, _OVERFLOW)
    found = both(valid, nonzero)
    return column_of(running.kind, values, found if fits.all() else both(found, fits))


def _remainder(running: Running, *, positive: bool = False) -> ScalarColumn:
    if isinstance(running.kind, DecimalType):
        return _decimal_remainder(running, positive=positive)
    left, right = running.columns()
    valid = both(left.valid, right.valid)
    nonzero = _nonzero(running, right.values, valid)
    divisor = right.values if nonzero is None else np.where(nonzero, right.values, right.values.dtype.type(1))
    values = _cut_remainder(left.values, divisor)
    if positive:
        values = np.where(values < 0, _cut_remainder(values + divisor, divisor), values)
    return column_of(running.kind, values, both(valid, nonzero))


def _positive_remainder(running: Running) -> ScalarColumn:
    return _remainder(running, positive=True)


def _by_kind(number: Callable[[Running], ScalarColumn], decimal: Callable[[Running], ScalarColumn]) -> Callable[[Running], ScalarColumn]:
    return lambda running: decimal(running) if isinstance(running.kind, DecimalType) else number(running)


def _signed_types(args: Args, session: Session) -> Signature:
    kind = args[0].kind
    if isinstance(kind, (StringType, NullType)):
        kind = DoubleType()
    if not isinstance(kind, NumericType):
        raise TypeMismatch(f"{args[0].shown} is {kind}, where a number is expected; Spark refuses this too.")
    return Signature((kind,), kind, None, session.ansi and isinstance(kind, INTEGRAL))


def _signed(number: Callable[[Values], Values], decimal: Callable[[Unscaled], Unscaled]) -> Callable[[Running], ScalarColumn]:
    def kernel(running: Running) -> ScalarColumn:
        column = running.column(0)
        kind = column.kind
        if isinstance(kind, DecimalType):
            return of_unscaled(kind, decimal(unscaled(column)), column.valid)
        values = number(column.values)
        if running.ansi and isinstance(kind, INTEGRAL):
            bad = column.values == np.iinfo(column.values.dtype).min
            running.refuse(bad if column.valid is None else bad & column.valid, _OVERFLOW)
        return column_of(running.kind, values, column.valid)

    return kernel


def _itself(running: Running) -> ScalarColumn:
    return running.column(0)


def _show_unary(symbol: str) -> Callable[[str, Any], str]:
    return lambda _, args: f"({symbol} {args[0]})"


_ADD = with_times("+", _types("+", _add_type), _by_kind(_wrapping(np.add, _sum_overflows), _decimal_sum(1)))
_SUBTRACT = with_times("-", _types("-", _add_type), _by_kind(_wrapping(np.subtract, _difference_overflows), _decimal_sum(-1)))
_MULTIPLY = with_times("*", _types("*", _multiply_type), _by_kind(_wrapping(np.multiply, _product_overflows), _decimal_product))
_DIVIDE = with_times("/", _types("/", _divide_type, by_zero=True), _divide)
_NEGATE = with_times("negative", _signed_types, _signed(np.negative, np.negative))

FUNCTIONS = (
    Function(("+",), (2, 2), *_ADD, as_infix("+")),
    Function(("-",), (2, 2), *_SUBTRACT, as_infix("-")),
    Function(("*",), (2, 2), *_MULTIPLY, as_infix("*")),
    Function(("/",), (2, 2), *_DIVIDE, as_infix("/")),
    Function(("div",), (2, 2), _types("div", _quotient_type, by_zero=True), _integral_divide, as_infix("div")),
    Function(("%",), (2, 2), _types("%", _remainder_type, by_zero=True), _remainder, as_infix("%")),
    Function(("mod",), (2, 2), _types("%", _remainder_type, by_zero=True), _remainder, as_call),
    Function(("pmod",), (2, 2), _types("pmod", _remainder_type, by_zero=True), _positive_remainder, as_call),
    Function(("negative",), (1, 1), *_NEGATE, as_call),
    Function(("unary -",), (1, 1), *_NEGATE, _show_unary("-")),
    Function(("positive",), (1, 1), *with_times("positive", _signed_types, _itself), _show_unary("+")),
    Function(("abs",), (1, 1), *with_times("abs", _signed_types, _signed(np.abs, np.abs)), as_call),
)
