"""Functions of dates: their parts, arithmetic, truncation (datetimeExpressions.scala, Spark 3.5)."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import numpy as np

from mabridge.lower.columns import ScalarColumn
from mabridge.plan.types import ByteType, DateType, DoubleType, IntegerType, NullType, ShortType, StringType, TimestampType
from mabridge.sql.cells import both, expand
from mabridge.sql.days import (
    MICROS_PER_SECOND,
    Longs,
    add_months,
    civil_of,
    day_of_year,
    days_of,
    exists,
    iso_week,
    month_length,
    weekday,
)
from mabridge.sql.evaluate import Running
from mabridge.sql.functions.cast_times import session_zone
from mabridge.sql.functions.date_rules import RANGE, all_valid, by_text, fit, of_first, rows_of
from mabridge.sql.functions.function import Args, Function, Signature, TypeMismatch, TypeRule, as_call, column_of
from mabridge.sql.functions.rules import takes
from mabridge.sql.scope import Session
from mabridge.sql.typed import Constant
from mabridge.sql.zones import days_at, start_of_days

_DATE, _INT, _TEXT, _TIMESTAMP = DateType(), IntegerType(), StringType(), TimestampType()
#: Spark counts from the Thursday on which 1970 began.
_DAY_NAMES = {name[:size]: place for place, name in enumerate(
    ("THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY", "MONDAY", "TUESDAY", "WEDNESDAY")
) for size in (2, 3, len(name))}  # fmt: skip


def year_of(days: Longs) -> Longs:
    """The year."""
    return civil_of(days)[0]


def month_of(days: Longs) -> Longs:
    """The month, 1 to 12."""
    return civil_of(days)[1]


def day_of(days: Longs) -> Longs:
    """The day of the month."""
    return civil_of(days)[2]


def quarter_of(days: Longs) -> Longs:
    """1 to 4."""
    return (month_of(days) + 2) // 3


def week_of(days: Longs) -> Longs:
    """The week by ISO 8601."""
    return iso_week(days)[1]


def week_year_of(days: Longs) -> Longs:
    """The year of the week by ISO 8601."""
    return iso_week(days)[0]


def sunday_first(days: Longs) -> Longs:
    """1 for Sunday to 7 for Saturday."""
    return (weekday(days) + 1) % 7 + 1


def monday_first(days: Longs) -> Longs:
    """1 for Monday to 7 for Sunday."""
    return weekday(days) + 1


def _part(names: tuple[str, ...], compute: Callable[[Longs], Longs]) -> Function:
    return Function(names, (1, 1), takes(_DATE, gives=_INT), of_first(compute))


#: A number of days as a text.
_WHOLE = re.compile(r"\s*[+-]?[0-9]{1,10}\s*", re.ASCII)


def _moved_types(args: Args, session: Session) -> Signature:
    kind = args[1].kind
    days = args[1]
    text = isinstance(kind, StringType) and isinstance(days, Constant)
    if text and isinstance(days, Constant) and days.value is not None and not _WHOLE.fullmatch(days.value):
        raise TypeMismatch(f"the text {days.value!r} is no whole number; Spark refuses this too.")
    if not (isinstance(kind, (IntegerType, ShortType, ByteType, NullType)) or text):
        raise TypeMismatch(f"{days.shown} is {kind}, where int is expected; Spark refuses this too.")
    found = takes(_DATE, gives=_DATE)(args[:1], session)
    return Signature((*found.takes, _INT), _DATE)


def _moved(sign: int) -> Callable[[Running], ScalarColumn]:
    def kernel(running: Running) -> ScalarColumn:
        days, by = running.columns_up_to_null()
        # Java's int wraps.
        return column_of(_DATE, (days.values.astype(np.int64) + sign * by.values.astype(np.int64)).astype(np.int32), all_valid(days, by))

    return kernel


def _difference(running: Running) -> ScalarColumn:
    end, start = running.columns_up_to_null()
    return column_of(_INT, (end.values.astype(np.int64) - start.values.astype(np.int64)).astype(np.int32), all_valid(end, start))


def _add_months(running: Running) -> ScalarColumn:
    days, months = running.columns_up_to_null()
    valid = all_valid(days, months)
    values = add_months(days.values, months.values)
    fit(running, values, valid, 32, RANGE)
    return column_of(_DATE, values, valid)


def _last_day(days: Longs) -> Longs:
    year, month, _ = civil_of(days)
    return days_of(year, month, month_length(year, month))


def _next_day_types(args: Args, session: Session) -> Signature:
    found = takes(_DATE, _TEXT, gives=_DATE, nullable=True)(args, session)
    return Signature(found.takes, _DATE, nullable=True, may_raise=session.ansi)


def _next_day(running: Running) -> ScalarColumn:
    days, name = running.columns_up_to_null()
    rows = rows_of(running, days, name)
    start = expand(days, rows).values.astype(np.int64)
    values, known = np.zeros(rows, dtype=np.int64), np.zeros(rows, dtype=np.bool_)
    for text, places in by_text(name, rows):
        target = _DAY_NAMES.get(text.upper())
        if target is not None:
            values[places] = start[places] + 1 + (target - 1 - start[places]) % 7
            known[places] = True
    valid = all_valid(days, name)
    if running.ansi:
        running.refuse(~known if valid is None else ~known & valid, "names no day of the week, which Spark refuses under ANSI.")
    return column_of(_DATE, values, both(valid, known))


#: Spark's words for the parts of a time to which `trunc` and `date_trunc` cut.
LEVELS = {
    "MICROSECOND": "MICROSECOND", "MILLISECOND": "MILLISECOND", "SECOND": "SECOND", "MINUTE": "MINUTE", "HOUR": "HOUR", "DAY": "DAY", "DD": "DAY",
    "WEEK": "WEEK", "MON": "MONTH", "MONTH": "MONTH", "MM": "MONTH", "QUARTER": "QUARTER", "YEAR": "YEAR", "YYYY": "YEAR", "YY": "YEAR",
}  # fmt: skip


def cut_days(days: Longs, level: str) -> Longs:
    """The first day of the week, month, quarter or year."""
    if level == "WEEK":
        return days - weekday(days)
    year, month, _ = civil_of(days)
    one = np.ones_like(year)
    return days_of(year, month if level == "MONTH" else (month - 1) // 3 * 3 + 1 if level == "QUARTER" else one, one)


def _trunc(running: Running) -> ScalarColumn:
    days, level = running.columns_up_to_null()
    rows = rows_of(running, days, level)
    whole = expand(days, rows).values.astype(np.int64)
    values, known = np.zeros(rows, dtype=np.int64), np.zeros(rows, dtype=np.bool_)
    for text, places in by_text(level, rows):
        found = LEVELS.get(text.upper(), "")
        if found in ("WEEK", "MONTH", "QUARTER", "YEAR"):
            values[places], known[places] = cut_days(whole[places], found), True
    return column_of(_DATE, values, both(days.valid, known))


def _months_between(running: Running) -> ScalarColumn:
    later, earlier, *rounded = running.columns_up_to_null()
    zone = session_zone(running)
    months, days, ends, seconds = [], [], [], []
    for column in (later, earlier):
        day = days_at(column.values, zone)
        year, month, of_month = civil_of(day)
        months.append(year * 12 + month)
        days.append(of_month)
        ends.append(of_month == month_length(year, month))
        past = column.values - start_of_days(day, zone)
        # Java cuts towards zero.
        seconds.append(np.where(past < 0, -(-past // MICROS_PER_SECOND), past // MICROS_PER_SECOND))
    whole = (months[0] - months[1]).astype(np.float64)
    rest = (days[0] - days[1]) * 86_400 + seconds[0] - seconds[1]
    exact = (days[0] == days[1]) | (ends[0] & ends[1])
    found = whole + rest / np.float64(31 * 86_400)
    scaled = found * 1e8
    floor = np.floor(scaled)
    cut = (floor + (scaled - floor >= 0.5)) / 1e8
    round_off = rounded[0].values if rounded else np.ones(1, np.bool_)
    return column_of(DoubleType(), np.where(exact, whole, np.where(round_off, cut, found)), all_valid(later, earlier, *rounded))


def _show_months_between(name: str, args: Sequence[str]) -> str:
    return as_call(name, args if len(args) > 2 else [*args, "true"])


def _months_between_types(args: Args, session: Session) -> Signature:
    from mabridge.plan.types import BooleanType

    return takes(_TIMESTAMP, _TIMESTAMP, BooleanType(), gives=DoubleType())(args, session)


def _may_raise_under_ansi(rule: TypeRule, *, always: bool = False) -> TypeRule:
    def types(args: Args, session: Session) -> Signature:
        found = rule(args, session)
        return Signature(found.takes, found.gives, found.nullable, session.ansi or always)

    return types


def _make_date(running: Running) -> ScalarColumn:
    columns = running.columns_up_to_null()
    year, month, day = (column.values.astype(np.int64) for column in columns)
    valid = all_valid(*columns)
    real = exists(year, month, day)
    if running.ansi:
        running.refuse(~real if valid is None else ~real & valid, RANGE)
    values = np.where(real, days_of(year, np.clip(month, 1, 12), day), 0)
    fit(running, values, both(valid, real), 32, RANGE)
    return column_of(_DATE, values, both(valid, real))


FUNCTIONS = (
    _part(("year",), year_of),
    _part(("quarter",), quarter_of),
    _part(("month",), month_of),
    _part(("day", "dayofmonth"), day_of),
    _part(("dayofyear",), day_of_year),
    _part(("weekofyear",), week_of),
    _part(("dayofweek",), sunday_first),
    _part(("weekday",), weekday),
    Function(("date_add", "dateadd"), (2, 2), _moved_types, _moved(1), lambda _, args: as_call("date_add", args)),
    Function(("date_sub",), (2, 2), _moved_types, _moved(-1)),
    Function(("datediff", "date_diff"), (2, 2), takes(_DATE, gives=_INT), _difference),
    Function(("add_months",), (2, 2), _may_raise_under_ansi(takes(_DATE, _INT, gives=_DATE), always=True), _add_months),
    Function(("last_day",), (1, 1), takes(_DATE, gives=_DATE), of_first(_last_day)),
    Function(("next_day",), (2, 2), _next_day_types, _next_day),
    Function(("trunc",), (2, 2), takes(_DATE, _TEXT, gives=_DATE, nullable=True), _trunc),
    Function(("months_between",), (2, 3), _months_between_types, _months_between, _show_months_between),
    Function(("make_date",), (3, 3), _may_raise_under_ansi(takes(_INT, gives=_DATE, nullable=True)), _make_date),
    Function(("unix_date",), (1, 1), takes(_DATE, gives=_INT), of_first(lambda days: days)),
    Function(("date_from_unix_date",), (1, 1), takes(_INT, gives=_DATE), of_first(lambda days: days)),
)
