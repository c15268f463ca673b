"""+ - * / with dates, timestamps and intervals, and what makes intervals (Spark 3.5's ResolveBinaryArithmetic, timeExpressions and intervalExpressions)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

import numpy as np

from mabridge.lower.columns import Bools, ScalarColumn
from mabridge.plan.types import (
    ByteType,
    DataType,
    DateType,
    DayTimeIntervalType,
    DecimalType,
    DoubleType,
    IntegerType,
    NumericType,
    ShortType,
    StringType,
    TimestampNTZType,
    TimestampType,
    YearMonthIntervalType,
)
from mabridge.sql.cells import Values, expand
from mabridge.sql.coercion import DATETIME, FRACTIONAL, INTERVALS, tightest
from mabridge.sql.days import MICROS_PER_DAY, MICROS_PER_HOUR, MICROS_PER_MINUTE, Longs, add_months
from mabridge.sql.decimals import unscaled
from mabridge.sql.evaluate import Running
from mabridge.sql.functions.cast_times import TOO_FAR
from mabridge.sql.functions.date_rules import RANGE, all_valid, fit, rows_of, zone_for
from mabridge.sql.functions.function import Args, Function, Kernel, NotSupported, Signature, TypeMismatch, TypeRule, as_call, column_of
from mabridge.sql.functions.rules import takes
from mabridge.sql.functions.time_text import wall_texts
from mabridge.sql.functions.time_units import add_time
from mabridge.sql.scope import Session

_DATE, _TIMESTAMP, _TEXT, _INT = DateType(), TimestampType(), StringType(), IntegerType()
_DAYS_ONLY = DayTimeIntervalType(0, 0)
_TIMES = (*DATETIME, *INTERVALS)
_OVERFLOW = "is longer than Spark's intervals can be, which it refuses too."
_ZERO = "divides an interval by zero, which Spark refuses too; guard it with CASE or nullif."


def has_time(args: Args) -> bool:
    """Whether some argument is a date, a timestamp or an interval."""
    return any(isinstance(arg.kind, _TIMES) for arg in args)


def with_times(symbol: str, types: TypeRule, kernel: Kernel) -> tuple[TypeRule, Kernel]:
    """An operator's rule and kernel for numbers, extended to times."""

    def rule(args: Args, session: Session) -> Signature:
        return _types(symbol, args, session) if has_time(args) else types(args, session)

    def compute(running: Running) -> ScalarColumn:
        return _KERNELS[symbol](running) if has_time(running.call.args) else kernel(running)

    return rule, compute


# Types -------------------------------------------------------------------------------------------------------------------------------------------------


def _types(symbol: str, args: Args, session: Session) -> Signature:
    kinds = [arg.kind for arg in args]
    found: Signature | None
    if len(args) == 1:
        found = Signature((kinds[0],), kinds[0], None, may_raise=True) if isinstance(kinds[0], INTERVALS) else None
    elif symbol in ("*", "/"):
        found = _scaled(symbol, kinds, session)
    else:
        found = _moved(symbol, kinds[0], kinds[1])
        if found is None and symbol == "+":
            other = _moved(symbol, kinds[1], kinds[0])
            found = None if other is None else Signature(other.takes[::-1], other.gives, other.nullable, other.may_raise)
        if found is None and symbol == "-":
            found = _difference(kinds[0], kinds[1], ansi=session.ansi)
    if found is None:
        names = " and ".join(map(str, kinds))
        if any(str(kind) == "void" for kind in kinds):
            raise NotSupported(f"`{symbol}` of {names} is not supported; write CAST(NULL AS ...) for the NULL.")
        raise TypeMismatch(f"`{symbol}` is not defined for {names}; Spark refuses this too.")
    return found


def _moved(symbol: str, left: DataType, right: DataType) -> Signature | None:
    """A time or an interval, and what is added to it."""
    if isinstance(left, DateType) and isinstance(right, (IntegerType, ShortType, ByteType)):
        return Signature((_DATE, _INT), _DATE)
    if isinstance(left, DateType) and isinstance(right, DayTimeIntervalType) and right != _DAYS_ONLY:
        return Signature((_TIMESTAMP, right), _TIMESTAMP, None, may_raise=True)
    if isinstance(left, DATETIME) and isinstance(right, INTERVALS):
        return Signature((left, right), left, None, may_raise=True)
    if isinstance(left, StringType) and isinstance(right, DayTimeIntervalType):
        return Signature((_TIMESTAMP, right), _TEXT, nullable=True, may_raise=True)
    if isinstance(left, INTERVALS) and isinstance(right, INTERVALS):
        kind = tightest(left, right)
        return None if kind is None else Signature((left, right), kind, None, may_raise=True)
    return None


def _difference(left: DataType, right: DataType, *, ansi: bool) -> Signature | None:
    if ansi and isinstance(left, DATETIME) and isinstance(right, StringType):
        right = left
    if ansi and isinstance(right, DATETIME) and isinstance(left, StringType):
        left = right
    if isinstance(right, DateType) and isinstance(left, (DateType, StringType)):
        return Signature((_DATE, _DATE), _DAYS_ONLY)
    if isinstance(left, DATETIME) and isinstance(right, DATETIME):
        # Of an instant and a wall clock, Spark takes the wall clocks.
        kind = TimestampNTZType() if isinstance(left, TimestampNTZType) or isinstance(right, TimestampNTZType) else _TIMESTAMP
        return Signature((kind, kind), DayTimeIntervalType())
    return None


def _scaled(symbol: str, kinds: Sequence[DataType], session: Session) -> Signature | None:
    places = [place for place, kind in enumerate(kinds) if isinstance(kind, INTERVALS)]
    if len(places) != 1 or (symbol == "/" and places != [0]):
        return None
    by = kinds[1 - places[0]]
    if isinstance(by, StringType):
        by = DoubleType()
    if not isinstance(by, NumericType):
        return None
    interval = kinds[places[0]]
    gives: DataType = YearMonthIntervalType() if isinstance(interval, YearMonthIntervalType) else DayTimeIntervalType()
    pair = (interval, by) if places == [0] else (by, interval)
    return Signature(pair, gives, None, may_raise=True)


# Kernels -----------------------------------------------------------------------------------------------------------------------------------------------


def _added(sign: int) -> Kernel:
    def kernel(running: Running) -> ScalarColumn:
        left, right = running.columns()
        if isinstance(left.kind, DATETIME) and isinstance(right.kind, DATETIME):
            return _between(running, left, right)
        if isinstance(right.kind, DATETIME) or (isinstance(left.kind, IntegerType) and isinstance(right.kind, DateType)):
            left, right = right, left
        valid = all_valid(left, right)
        a, b = left.values.astype(np.int64), sign * right.values.astype(np.int64)
        if isinstance(left.kind, DATETIME):
            return _time_plus(running, left.kind, right.kind, a, b, valid)
        total = a + b
        bad = ((a ^ total) & (b ^ total)) < 0
        running.refuse(bad if valid is None else bad & valid, _OVERFLOW)
        return _interval(running, total, valid)

    return kernel


def _interval(running: Running, values: Longs, valid: Bools | None) -> ScalarColumn:
    if isinstance(running.kind, YearMonthIntervalType):
        fit(running, values, valid, 32, _OVERFLOW)
    return column_of(running.kind, values, valid)


def _time_plus(running: Running, kind: DataType, by: DataType, times: Longs, amount: Longs, valid: Bools | None) -> ScalarColumn:
    if isinstance(by, IntegerType):
        # Java's int wraps.
        return column_of(_DATE, (times + amount).astype(np.int32), valid)
    if isinstance(kind, DateType):
        if isinstance(by, YearMonthIntervalType):
            values = add_months(times, amount)
        else:
            # IntervalUtils cuts to whole days; a DAY interval has nothing else.
            values = times + np.where(amount < 0, -(-amount // MICROS_PER_DAY), amount // MICROS_PER_DAY)
        fit(running, values, valid, 32, RANGE)
        return column_of(_DATE, values, valid)
    zone = zone_for(running, kind)
    if isinstance(by, YearMonthIntervalType):
        far = np.abs(times.astype(np.float64) + amount * (31.0 * MICROS_PER_DAY)) > 9.2e18
        running.refuse(far if valid is None else far & valid, TOO_FAR)
        values = add_time(times, zone, months=amount)
    else:
        far = np.abs(times.astype(np.float64) + amount) > 9.2e18
        running.refuse(far if valid is None else far & valid, TOO_FAR)
        days = np.where(amount < 0, -(-amount // MICROS_PER_DAY), amount // MICROS_PER_DAY)
        values = add_time(times, zone, days=days, micros=amount - days * MICROS_PER_DAY)
    if isinstance(running.kind, StringType):
        from mabridge.sql.functions.cast_times import with_nulls

        return ScalarColumn.of_arrow(_TEXT, with_nulls(wall_texts(zone.to_wall(values)), valid))
    return column_of(running.kind, values, valid)


def _between(running: Running, end: ScalarColumn, start: ScalarColumn) -> ScalarColumn:
    valid = all_valid(end, start)
    if isinstance(end.kind, DateType):
        return column_of(running.kind, (end.values.astype(np.int64) - start.values.astype(np.int64)) * MICROS_PER_DAY, valid)
    zone = zone_for(running, end.kind)
    return column_of(running.kind, zone.to_wall(end.values) - zone.to_wall(start.values), valid)


def _rounded(values: Values) -> Values:
    """Half away from zero."""
    size = np.abs(values)
    floor = np.floor(size)
    found: Values = np.copysign(floor + (size - floor >= 0.5), values)
    return found


def _by_number(*, divide: bool) -> Kernel:
    def kernel(running: Running) -> ScalarColumn:
        left, right = running.columns()
        interval, number = (left, right) if isinstance(left.kind, INTERVALS) else (right, left)
        valid = all_valid(left, right)
        rows = rows_of(running, left, right)
        if divide:
            zero = unscaled(number) == 0 if isinstance(number.kind, DecimalType) else number.values == 0
            zero = np.asarray(zero, dtype=np.bool_)
            running.refuse(zero if valid is None else zero & valid, _ZERO)
        if isinstance(number.kind, FRACTIONAL):
            exact = interval.values.astype(np.float64)
            by = number.values.astype(np.float64)
            doubles = _rounded(exact / by if divide else exact * by)
            limit = 2.0**31 if isinstance(running.kind, YearMonthIntervalType) else 2.0**63
            bad = ~((doubles >= -limit) & (doubles < limit))
            running.refuse(bad if valid is None else bad & valid, _OVERFLOW)
            return column_of(running.kind, np.where(bad, 0.0, doubles).astype(np.int64), valid)
        if isinstance(number.kind, DecimalType):
            return _by_decimal(running, expand(interval, rows), expand(number, rows), valid, divide=divide)
        return _by_integer(running, interval.values.astype(np.int64), number.values.astype(np.int64), valid, divide=divide)

    return kernel


def _by_integer(running: Running, interval: Longs, number: Longs, valid: Bools | None, *, divide: bool) -> ScalarColumn:
    if divide:
        by = np.where(number == 0, 1, np.abs(number))
        size = np.abs(interval)
        quotient = size // by
        # Half away from zero.
        quotient += size - quotient * by >= by - (size - quotient * by)
        return _interval(running, np.where((interval < 0) != (number < 0), -quotient, quotient), valid)
    far = np.abs(interval.astype(np.float64) * number.astype(np.float64)) > 9.2233720368547e18
    running.refuse(far if valid is None else far & valid, _OVERFLOW)
    return _interval(running, interval * number, valid)


def _by_decimal(running: Running, interval: ScalarColumn, number: ScalarColumn, valid: Bools | None, *, divide: bool) -> ScalarColumn:
    """Rounded half away from zero; each distinct pair once."""
    assert isinstance(number.kind, DecimalType)
    limit = 1 << (31 if isinstance(running.kind, YearMonthIntervalType) else 63)
    known: dict[tuple[int, int], int | None] = {}
    values, bad = np.zeros(len(interval), dtype=np.int64), np.zeros(len(interval), dtype=np.bool_)
    for place, pair in enumerate(zip(interval.values.tolist(), unscaled(number).tolist(), strict=True)):
        if pair not in known:
            known[pair] = _product(*pair, number.kind.scale, limit, divide=divide)
        found = known[pair]
        bad[place], values[place] = found is None, found or 0
    running.refuse(bad if valid is None else bad & valid, _OVERFLOW)
    return column_of(running.kind, values, valid)


def _product(size: int, number: int, scale: int, limit: int, *, divide: bool) -> int | None:
    if divide and not number:
        return 0
    exact = Fraction(size * 10**scale, number) if divide else Fraction(size * number, 10**scale)
    whole = (2 * abs(exact.numerator) + exact.denominator) // (2 * exact.denominator)
    found = -whole if exact < 0 else whole
    return found if -limit <= found < limit else None


def _signed(compute: Callable[[Longs], Longs]) -> Kernel:
    def kernel(running: Running) -> ScalarColumn:
        column = running.column(0)
        least = column.values == np.iinfo(column.values.dtype).min
        running.refuse(least if column.valid is None else least & column.valid, _OVERFLOW)
        return column_of(running.kind, compute(column.values), column.valid)

    return kernel


_KERNELS: dict[str, Kernel] = {
    "+": _added(1),
    "-": _added(-1),
    "*": _by_number(divide=False),
    "/": _by_number(divide=True),
    "negative": _signed(np.negative),
    "abs": _signed(np.abs),
    "positive": lambda running: running.column(0),
}


def time_name(symbol: str, shown: Sequence[str], kinds: Sequence[DataType]) -> str | None:
    """Spark's name of a sum, a difference or a product with times; None where it is that of numbers.

    Args:
        symbol: + - or *.
        shown: the operands' names.
        kinds: their types.
    """
    (left, right), (a, b) = kinds, shown
    if symbol == "*":
        return f"({b} * {a})" if isinstance(right, INTERVALS) else None
    moved = isinstance(left, (*DATETIME, StringType))
    if symbol == "+" and isinstance(right, (*DATETIME, StringType)) and not moved:
        left, right, a, b, moved = right, left, b, a, True
    if not moved or isinstance(right, (*DATETIME, StringType)):
        return None
    if isinstance(right, INTERVALS):
        if isinstance(left, DateType) and right == _DAYS_ONLY:
            days = f"extractansiintervaldays({b})"
            return as_call("date_add", [a, days if symbol == "+" else f"(- {days})"])
        return f"{a} {symbol} {b}"
    return as_call("date_add" if symbol == "+" else "date_sub", [a, b]) if isinstance(left, DateType) else None


# Making intervals --------------------------------------------------------------------------------------------------------------------------------------


def _make_types(gives: DataType, *parts: DataType) -> TypeRule:
    def rule(args: Args, session: Session) -> Signature:
        found = takes(*parts[: len(args)], gives=gives)(args, session) if args else Signature((), gives)
        return Signature(found.takes, gives, None, may_raise=bool(args))

    return rule


def _make_day_time(running: Running) -> ScalarColumn:
    columns = running.columns()
    valid = all_valid(*columns)
    total: Longs = np.zeros(1, dtype=np.int64)
    rough: Values = np.zeros(1)
    for column, unit in zip(columns, (MICROS_PER_DAY, MICROS_PER_HOUR, MICROS_PER_MINUTE, 1), strict=False):
        values = unscaled(column).astype(np.int64) if isinstance(column.kind, DecimalType) else column.values.astype(np.int64)
        total, rough = total + values * unit, rough + values.astype(np.float64) * unit
    bad = np.abs(rough) > 9.2233720368547e18
    running.refuse(bad if valid is None else bad & valid, _OVERFLOW)
    return column_of(running.kind, total, valid)


def _make_year_month(running: Running) -> ScalarColumn:
    columns = running.columns()
    valid = all_valid(*columns)
    total: Longs = np.zeros(1, dtype=np.int64)
    for column, unit in zip(columns, (12, 1), strict=False):
        total = total + column.values.astype(np.int64) * unit
    return _interval(running, total, valid)


def _show_with(*defaults: str) -> Callable[[str, Sequence[str]], str]:
    return lambda name, args: as_call(name, [*args, *defaults[len(args) :]])


_SECONDS = DecimalType(18, 6)
FUNCTIONS = (
    Function(
        ("make_dt_interval",), (0, 4), _make_types(DayTimeIntervalType(), _INT, _INT, _INT, _SECONDS), _make_day_time, _show_with("0", "0", "0", "0.000000")
    ),
    Function(("make_ym_interval",), (0, 2), _make_types(YearMonthIntervalType(), _INT, _INT), _make_year_month, _show_with("0", "0")),
)
