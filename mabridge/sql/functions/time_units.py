"""timestampadd, timestampdiff, extract and date_part (datetimeExpressions.scala, Spark 3.5)."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from mabridge.lower.columns import ScalarColumn
from mabridge.plan.types import (
    ByteType,
    DataType,
    DateType,
    DayTimeIntervalType,
    DecimalType,
    IntegerType,
    LongType,
    StringType,
    TimestampType,
    YearMonthIntervalType,
)
from mabridge.sql.cells import Values, nulls
from mabridge.sql.days import MICROS_PER_DAY, MICROS_PER_HOUR, MICROS_PER_MINUTE, MICROS_PER_SECOND, Longs, add_months, civil_of, day_of_year
from mabridge.sql.decimals import of_unscaled
from mabridge.sql.evaluate import Running
from mabridge.sql.functions.date_rules import all_valid, any_timestamp, zone_for
from mabridge.sql.functions.dates import day_of, monday_first, month_of, quarter_of, sunday_first, week_of, week_year_of, year_of
from mabridge.sql.functions.function import Args, Function, Signature, TypeMismatch, column_of
from mabridge.sql.functions.rules import takes
from mabridge.sql.functions.timestamps import hour_of, minute_of
from mabridge.sql.scope import Session
from mabridge.sql.typed import Constant
from mabridge.sql.zones import Zone

_INT, _LONG, _TEXT, _DATE = IntegerType(), LongType(), StringType(), DateType()
_BYTE, _INSTANT = ByteType(), TimestampType()
_TOO_LARGE = "leads to a time beyond what 64-bit microseconds can hold, which Spark refuses too."
_MONTHS = {"MONTH": 1, "QUARTER": 3, "YEAR": 12}
_DAYS = {"DAY": 1, "DAYOFYEAR": 1, "WEEK": 7}
_MICROS = {"HOUR": MICROS_PER_HOUR, "MINUTE": MICROS_PER_MINUTE, "SECOND": MICROS_PER_SECOND, "MILLISECOND": 1000, "MICROSECOND": 1}


def _unit(args: Args) -> str:
    unit = args[0].value if isinstance(args[0], Constant) else None
    if not isinstance(unit, str) or unit.upper() not in {**_MONTHS, **_DAYS, **_MICROS}:
        raise TypeMismatch(f"{args[0].shown} is no unit of time; Spark refuses this too.")
    return unit.upper()


def add_time(instants: Longs, zone: Zone, *, months: Values | int = 0, days: Values | int = 0, micros: Values | int = 0) -> Longs:
    """Instants moved by months, then days, on the zone's calendar, then by microseconds (DateTimeUtils.timestampAddInterval)."""
    offsets = zone.offset_at(instants)
    walls = zone.to_wall(instants)
    day = walls // MICROS_PER_DAY
    clock = walls - day * MICROS_PER_DAY
    moved = add_months(day, np.asarray(months)) + np.asarray(days, dtype=np.int64)
    found: Longs = np.where(moved == day, instants, zone.to_instant(moved * MICROS_PER_DAY + clock, prefer=offsets)) + np.asarray(micros)
    return found


def _add_types(args: Args, session: Session) -> Signature:
    _unit(args)
    kind = any_timestamp(args[2].kind)
    found = takes(_TEXT, _INT, kind, gives=kind)(args, session)
    return Signature(found.takes, kind, None, may_raise=True)


def _add(running: Running) -> ScalarColumn:
    unit = _unit(running.call.args)
    amount, times = running.column(1), running.column(2)
    by, valid = amount.values.astype(np.int64), all_valid(amount, times)
    zone = zone_for(running, times.kind)
    size = _MONTHS.get(unit, 0) * MICROS_PER_DAY * 31 or _DAYS.get(unit, 0) * MICROS_PER_DAY or _MICROS.get(unit, 0)
    far = np.abs(times.values.astype(np.float64) + by * np.float64(size)) > 9.2e18
    running.refuse(far if valid is None else far & valid, _TOO_LARGE)
    if unit in _MONTHS:
        values = add_time(times.values, zone, months=by * _MONTHS[unit])
    elif unit in _DAYS:
        values = add_time(times.values, zone, days=by * _DAYS[unit])
    else:
        values = times.values + by * _MICROS[unit]
    return column_of(running.kind, values, valid)


def _difference_types(args: Args, session: Session) -> Signature:
    _unit(args)
    # Both become instants where one is.
    return takes(_TEXT, _INSTANT, _INSTANT, gives=_LONG)(args, session)


def whole_months(start: Longs, end: Longs) -> Longs:
    """Whole months from one wall clock to another, cut towards zero (ChronoUnit.MONTHS.between)."""
    parts = []
    for walls in (start, end):
        days = walls // MICROS_PER_DAY
        year, month, day = civil_of(days)
        parts.append((year * 12 + month, day, walls - days * MICROS_PER_DAY))
    months = parts[1][0] - parts[0][0]
    later = (parts[1][1] > parts[0][1]) | ((parts[1][1] == parts[0][1]) & (parts[1][2] >= parts[0][2]))
    earlier = (parts[1][1] < parts[0][1]) | ((parts[1][1] == parts[0][1]) & (parts[1][2] <= parts[0][2]))
    found: Longs = months - ((months > 0) & ~later) + ((months < 0) & ~earlier)
    return found


def _cut(values: Longs, by: int) -> Longs:
    """Divided, cut towards zero."""
    found: Longs = np.where(values < 0, -(-values // by), values // by)
    return found


def _difference(running: Running) -> ScalarColumn:
    unit = _unit(running.call.args)
    start, end = running.column(1), running.column(2)
    zone = zone_for(running, start.kind)
    valid = all_valid(start, end)
    a, b = zone.to_wall(start.values), zone.to_wall(end.values)
    if unit in _MONTHS:
        return column_of(_LONG, _cut(whole_months(a, b), _MONTHS[unit]), valid)
    size = _DAYS[unit] * MICROS_PER_DAY if unit in _DAYS else _MICROS[unit]
    return column_of(_LONG, _cut(b - a, size), valid)


_DATE_FIELDS: dict[str, Callable[[Longs], Longs]] = {}
for _names, _compute in (
    ("YEAR Y YEARS YR YRS", year_of),
    ("YEAROFWEEK", week_year_of),
    ("QUARTER QTR", quarter_of),
    ("MONTH MON MONS MONTHS", month_of),
    ("WEEK W WEEKS", week_of),
    ("DAY D DAYS", day_of),
    ("DAYOFWEEK DOW", sunday_first),
    ("DAYOFWEEK_ISO DOW_ISO", monday_first),
    ("DOY", day_of_year),
):
    _DATE_FIELDS.update(dict.fromkeys(_names.split(), _compute))
_CLOCK_FIELDS: dict[str, Callable[[Longs], Longs]] = {
    **dict.fromkeys(("HOUR", "H", "HOURS", "HR", "HRS"), hour_of),
    **dict.fromkeys(("MINUTE", "M", "MIN", "MINS", "MINUTES"), minute_of),
}
_SECOND_FIELDS = frozenset(("SECOND", "S", "SEC", "SECONDS", "SECS"))
_SECONDS = DecimalType(8, 6)
_YEAR_FIELDS, _MONTH_FIELDS = frozenset(["YEAR", "Y", "YEARS", "YR", "YRS"]), frozenset(["MONTH", "MON", "MONS", "MONTHS"])
_DAY_FIELDS = frozenset(["DAY", "D", "DAYS"])


def _field(args: Args) -> str | None:
    """The field in upper case, None for NULL."""
    if not isinstance(args[0], Constant):
        raise TypeMismatch(f"the field {args[0].shown} is no constant; Spark refuses this too.")
    field = args[0].value
    if field is not None and not isinstance(field, str):
        raise TypeMismatch(f"the field {args[0].shown} is no string; Spark refuses this too.")
    return None if field is None else field.upper()


def _extract_types(args: Args, session: Session) -> Signature:
    field, kind = _field(args), args[1].kind
    if field is None:
        from mabridge.plan.types import DoubleType

        return Signature((args[0].kind, kind), DoubleType(), nullable=True)
    takes_text: DataType = args[0].kind
    if isinstance(kind, (YearMonthIntervalType, DayTimeIntervalType)):
        return Signature((takes_text, kind), _interval_field(field, kind, args[1].shown))
    if field in _DATE_FIELDS:
        found = takes(_TEXT, _DATE, gives=_INT)(args, session)
    elif field in _CLOCK_FIELDS or field in _SECOND_FIELDS:
        found = takes(_TEXT, any_timestamp(kind), gives=_INT if field in _CLOCK_FIELDS else _SECONDS)(args, session)
    else:
        raise TypeMismatch(f"{field} is no field of {args[1].shown}; Spark refuses this too.")
    return Signature((takes_text, found.takes[1]), found.gives)


def _interval_field(field: str, kind: YearMonthIntervalType | DayTimeIntervalType, shown: str) -> DataType:
    """The type of a field of an interval; Spark refuses fields that the type does not have."""
    if isinstance(kind, YearMonthIntervalType):
        if field in _YEAR_FIELDS and kind.first == 0:
            return _INT
        if field in _MONTH_FIELDS and kind.last == 1:
            return _BYTE
    else:
        places = (_DAY_FIELDS, frozenset(name for name, compute in _CLOCK_FIELDS.items() if compute is hour_of),
                  frozenset(name for name, compute in _CLOCK_FIELDS.items() if compute is minute_of), _SECOND_FIELDS)  # fmt: skip
        for place, names in enumerate(places):
            if field in names and kind.first <= place <= kind.last:
                return (_INT, _BYTE, _BYTE, _SECONDS)[place]
    raise TypeMismatch(f"{field} is no field of {shown}; Spark refuses this too.")


def _interval_part(running: Running, field: str, column: ScalarColumn) -> ScalarColumn:
    values = column.values.astype(np.int64)
    kind = column.kind
    if isinstance(kind, YearMonthIntervalType):
        found = _cut(values, 12) if field in _YEAR_FIELDS else values - _cut(values, 12) * 12
        return column_of(running.kind, found, column.valid)
    assert isinstance(kind, DayTimeIntervalType)
    if field in _DAY_FIELDS:
        return column_of(running.kind, _cut(values, MICROS_PER_DAY), column.valid)
    if field in _SECOND_FIELDS:
        return of_unscaled(_SECONDS, values - _cut(values, MICROS_PER_MINUTE) * MICROS_PER_MINUTE, column.valid)
    hours = _CLOCK_FIELDS[field] is hour_of
    whole, size = (MICROS_PER_DAY, MICROS_PER_HOUR) if hours else (MICROS_PER_HOUR, MICROS_PER_MINUTE)
    return column_of(running.kind, _cut(values - _cut(values, whole) * whole, size), column.valid)


def _extract(running: Running) -> ScalarColumn:
    field, column = _field(running.call.args), running.column(1)
    if field is None:
        return nulls(running.kind)
    if isinstance(column.kind, (YearMonthIntervalType, DayTimeIntervalType)):
        return _interval_part(running, field, column)
    if isinstance(column.kind, DateType):
        return column_of(_INT, _DATE_FIELDS[field](column.values.astype(np.int64)), column.valid)
    walls = zone_for(running, column.kind).to_wall(column.values)
    if field in _CLOCK_FIELDS:
        return column_of(_INT, _CLOCK_FIELDS[field](walls), column.valid)
    return of_unscaled(_SECONDS, walls % MICROS_PER_MINUTE, column.valid)


def _show_extract(name: str, args: Sequence[str]) -> str:
    return f"{name}({args[0]} FROM {args[1]})"


FUNCTIONS = (
    Function(("timestampadd",), (3, 3), _add_types, _add),
    Function(("timestampdiff",), (3, 3), _difference_types, _difference),
    Function(("extract",), (2, 2), _extract_types, _extract, _show_extract),
    Function(("datepart",), (2, 2), _extract_types, _extract, _show_extract),
    Function(("date_part",), (2, 2), _extract_types, _extract),
)
