"""round, bround, floor, ceil (mathExpressions.scala, Spark 3.5)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal, localcontext
from typing import Any

import numpy as np

from mabridge.lower.columns import ScalarColumn
from mabridge.plan.types import DataType, DecimalType, DoubleType, IntegerType, LongType, NullType, NumericType, StringType
from mabridge.sql.cells import Values, dtype_of, nulls
from mabridge.sql.coercion import FRACTIONAL, INTEGRAL, decimal_for, implicit
from mabridge.sql.decimals import Unscaled, as_objects, bounded, of_unscaled, unscaled
from mabridge.sql.evaluate import Running
from mabridge.sql.functions.cast_numbers import narrow
from mabridge.sql.functions.function import Args, Function, Kernel, NotSupported, Signature, TypeMismatch, as_call, column_of
from mabridge.sql.java_text import double_text
from mabridge.sql.scope import Session
from mabridge.sql.typed import Constant

_TOO_LONG = "has more than 38 digits after rounding, which Spark refuses; cast the operand to a shorter decimal."
_OVERFLOW = "overflows its type, which Spark refuses under ANSI; cast the operand to a wider type."


def _number(arg: Any) -> DataType:
    kind: DataType = arg.kind
    if isinstance(kind, (StringType, NullType)):
        return DoubleType()
    if not isinstance(kind, NumericType):
        raise TypeMismatch(f"{arg.shown} is {kind}, where a number is expected; Spark refuses this too.")
    return kind


def _places(args: Args) -> int | None:
    """How many digits are kept, None where that is null."""
    if len(args) == 1:
        return 0
    places = args[1]
    if not isinstance(places, Constant):
        raise TypeMismatch(f"the number of digits, {places.shown}, is not a constant; Spark refuses this too.")
    value = places.value
    if value is not None and not isinstance(value, int):
        raise NotSupported(f"the number of digits, {places.shown}, is {places.kind}; write a whole number.")
    return value


def _round_types(args: Args, session: Session) -> Signature:
    kind, places = _number(args[0]), _places(args)
    if len(args) > 1 and not implicit(args[1].kind, IntegerType(), ansi=session.ansi):
        raise TypeMismatch(f"the number of digits, {args[1].shown}, is {args[1].kind}, where int is expected; Spark refuses this too.")
    gives = kind
    if isinstance(kind, DecimalType):
        places = places or 0
        whole = kind.precision - kind.scale + 1
        if places < 0:
            gives = bounded(max(whole, -places + 1), 0)
        else:
            scale = min(kind.scale, places)
            gives = bounded(whole + scale, scale)
    takes = (kind,) if len(args) == 1 else (kind, args[1].kind)
    may_raise = (session.ansi and not isinstance(gives, FRACTIONAL)) or (isinstance(gives, DecimalType) and (places or 0) < 0)
    return Signature(takes, gives, True if isinstance(kind, DecimalType) else None, may_raise)


def _show_round(name: str, args: Sequence[str]) -> str:
    return as_call(name, args if len(args) > 1 else [args[0], "0"])


def _round(mode: str) -> Kernel:
    def kernel(running: Running) -> ScalarColumn:
        column, places = running.column(0), _places(running.call.args)
        if places is None:
            return nulls(running.kind)
        if isinstance(column.kind, DecimalType):
            return _round_decimals(running, column, column.kind, places, mode)
        if isinstance(column.kind, INTEGRAL):
            return _round_integers(running, column, places, mode)
        values = _round_doubles(column.values.astype(np.float64), places, mode)
        return column_of(column.kind, values.astype(dtype_of(column.kind)), column.valid)

    return kernel


def _divide(values: Unscaled, unit: int, mode: str) -> Unscaled:
    """values / unit, rounded; integers without a limit."""
    if mode in (ROUND_FLOOR, ROUND_CEILING):
        # Python's // goes down.
        whole: Unscaled = as_objects(values)
        return whole // unit if mode == ROUND_FLOOR else -(-whole // unit)
    size = np.abs(as_objects(values))
    quotient, rest = size // unit, size % unit
    up = rest * 2 >= unit if mode == ROUND_HALF_UP else (rest * 2 > unit) | ((rest * 2 == unit) & (quotient % 2 == 1))
    quotient = quotient + up.astype(np.bool_)
    return np.where(values < 0, -quotient, quotient)


def _round_decimals(running: Running, column: ScalarColumn, source: DecimalType, places: int, mode: str) -> ScalarColumn:
    kind = running.kind
    assert isinstance(kind, DecimalType)
    values = unscaled(column)
    if places < source.scale:
        cut = min(source.scale - places, 60)
        values = _divide(values, 10**cut, mode) * 10 ** max(-places, 0) if -places <= 40 else np.zeros(len(values), dtype=object)
    found = of_unscaled(kind, values, column.valid)
    if found.valid is not None and places < 0:
        # Spark builds the decimal anew then, which raises whether ANSI is on or off.
        running.refuse(~found.valid if column.valid is None else column.valid & ~found.valid, _TOO_LONG)
    elif running.ansi and found.valid is not None:
        running.refuse(~found.valid if column.valid is None else column.valid & ~found.valid, _OVERFLOW)
    return found


def _round_integers(running: Running, column: ScalarColumn, places: int, mode: str) -> ScalarColumn:
    if places >= 0:
        return column
    if -places > 20:
        return column_of(column.kind, np.zeros_like(column.values), column.valid)
    exact = _divide(column.values, 10**-places, mode) * 10**-places
    info = np.iinfo(column.values.dtype)
    if running.ansi:
        bad = ((exact < info.min) | (exact > info.max)).astype(np.bool_)
        running.refuse(bad if column.valid is None else bad & column.valid, _OVERFLOW)
    span = 1 << info.bits
    wrapped = np.fromiter(((value - info.min) % span + info.min for value in exact.tolist()), dtype=column.values.dtype, count=len(exact))
    return column_of(column.kind, wrapped, column.valid)


def _round_doubles(x: Values, places: int, mode: str) -> Values:
    """By the digits of each double's text, as Spark rounds: 1.005 is 1.01 though the double is below it."""
    slow = np.isfinite(x)
    found: Values = x.copy()
    if 0 <= places <= 15:
        unit = 10.0**places
        size = np.abs(x) * unit
        whole = np.floor(size)
        rest = size - whole
        # Away from a half the text and the product agree; k / 10**places is the double nearest to that decimal.
        clear = (size < 2.0**49) & (np.abs(rest - 0.5) > 1e-15 * size + 1e-300)
        found = np.where(clear, np.copysign((whole + (rest > 0.5)) / unit, x), x)
        # A BigDecimal has no -0.0.
        found = np.where(clear & (found == 0.0), 0.0, found)
        slow &= ~clear
    rows = np.flatnonzero(slow)
    if len(rows):
        distinct, back = np.unique(x[rows].view(np.int64), return_inverse=True)
        rounded = np.array([_round_text(value, places, mode) for value in distinct.view(np.float64).tolist()], dtype=np.float64)
        found[rows] = rounded[back.reshape(-1)]
    return found


def _round_text(value: float, places: int, mode: str) -> float:
    number = Decimal(double_text(value))
    if places >= 400:
        return value + 0.0
    if places <= -400:
        return 0.0
    with localcontext() as context:
        context.prec, context.Emax, context.Emin = 1500, 10**6, -(10**6)
        return float(number.quantize(Decimal(1).scaleb(-places), rounding=mode)) + 0.0


def _as_decimal(arg: Any) -> DecimalType:
    """The decimal to which floor and ceil with a number of digits cast what they round."""
    kind: DataType = arg.kind
    if isinstance(kind, (StringType, NullType)):
        return DecimalType(38, 18)
    if isinstance(kind, FRACTIONAL):
        return DecimalType(30, 15) if isinstance(kind, DoubleType) else DecimalType(14, 7)
    found = decimal_for(kind)
    if found is None:
        raise TypeMismatch(f"{arg.shown} is {kind}, where a number is expected; Spark refuses this too.")
    return found


def _whole_types(args: Args, session: Session) -> Signature:
    kind = args[0].kind
    if len(args) > 1:
        decimal = _as_decimal(args[0])
        return _round_types([replace(args[0], kind=decimal), args[1]], session)
    if isinstance(kind, DecimalType):
        return Signature((kind,), kind if kind.scale == 0 else bounded(kind.precision - kind.scale + 1, 0))
    if isinstance(kind, LongType):
        return Signature((kind,), kind)
    if not implicit(kind, DoubleType(), ansi=session.ansi):
        raise TypeMismatch(f"{args[0].shown} is {kind}, where a number is expected; Spark refuses this too.")
    return Signature((DoubleType(),), LongType())


def _whole(up: int) -> Kernel:
    to_digits = _round(ROUND_CEILING if up else ROUND_FLOOR)

    def kernel(running: Running) -> ScalarColumn:
        if len(running.call.args) > 1:
            return to_digits(running)
        column, kind = running.column(0), running.kind
        if isinstance(column.kind, DecimalType):
            assert isinstance(kind, DecimalType)
            if column.kind.scale == 0:
                return column
            values, unit = unscaled(column), 10**column.kind.scale
            if unit >= 2**63:
                values = as_objects(values)
            # Python's and numpy's // go down.
            quotient = -(-values // unit) if up else values // unit
            return of_unscaled(kind, quotient, column.valid)
        if isinstance(column.kind, LongType):
            return column
        return column_of(kind, narrow(np.ceil(column.values) if up else np.floor(column.values), kind), column.valid)

    return kernel


def _upper(name: str, args: Sequence[str]) -> str:
    return as_call(name.upper() if len(args) == 1 else name, args)


FUNCTIONS = (
    Function(("round",), (1, 2), _round_types, _round(ROUND_HALF_UP), _show_round),
    Function(("bround",), (1, 2), _round_types, _round(ROUND_HALF_EVEN), _show_round),
    Function(("floor",), (1, 2), _whole_types, _whole(0), _upper),
    Function(("ceil",), (1, 2), _whole_types, _whole(1), _upper),
    Function(("ceiling",), (1, 2), _whole_types, _whole(1), as_call),
)
