"""Functions of timestamps: their parts, truncation, time zones, seconds since 1970 (datetimeExpressions.scala, Spark 3.5)."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from mabridge.lower.columns import Bools, ScalarColumn
from mabridge.plan.types import DateType, DecimalType, DoubleType, FloatType, IntegerType, LongType, NullType, StringType, TimestampNTZType, TimestampType
from mabridge.sql.cells import Values, both, expand, nulls
from mabridge.sql.coercion import INTEGRAL
from mabridge.sql.days import MICROS_PER_DAY, MICROS_PER_HOUR, MICROS_PER_MINUTE, MICROS_PER_SECOND, Longs, days_of, exists
from mabridge.sql.decimals import unscaled
from mabridge.sql.evaluate import Running
from mabridge.sql.functions.cast_times import session_zone
from mabridge.sql.functions.date_rules import RANGE, all_valid, by_text, rows_of, with_timestamp, zone_for
from mabridge.sql.functions.dates import LEVELS, cut_days
from mabridge.sql.functions.function import Args, Function, Kernel, Signature, TypeMismatch, as_call, column_of
from mabridge.sql.functions.rules import takes
from mabridge.sql.scope import Session
from mabridge.sql.typed import Constant
from mabridge.sql.zones import UnknownZoneError, Zone, days_at, start_of_days, zone_named

_INT, _LONG, _TEXT, _TIMESTAMP, _WALL = IntegerType(), LongType(), StringType(), TimestampType(), TimestampNTZType()
_TOO_LARGE = "is beyond the times that 64-bit microseconds can hold, which Spark refuses too; check the unit."
_NO_ZONE = "names no time zone that Spark knows, which it refuses too."


def hour_of(walls: Longs) -> Longs:
    """0 to 23."""
    return walls // MICROS_PER_HOUR % 24


def minute_of(walls: Longs) -> Longs:
    """0 to 59."""
    return walls // MICROS_PER_MINUTE % 60


def second_of(walls: Longs) -> Longs:
    """0 to 59."""
    return walls // MICROS_PER_SECOND % 60


def of_wall(compute: Callable[[Longs], Values]) -> Kernel:
    """A kernel of the wall clock of one timestamp of either kind."""

    def kernel(running: Running) -> ScalarColumn:
        column = running.column(0)
        return column_of(running.kind, compute(zone_for(running, column.kind).to_wall(column.values)), column.valid)

    return kernel


def _part(name: str, compute: Callable[[Longs], Longs]) -> Function:
    return Function((name,), (1, 1), with_timestamp(_INT), of_wall(compute))


_UNITS = {"DAY": MICROS_PER_DAY, "HOUR": MICROS_PER_HOUR, "MINUTE": MICROS_PER_MINUTE, "SECOND": MICROS_PER_SECOND, "MILLISECOND": 1000, "MICROSECOND": 1}


def cut_instants(instants: Longs, level: str, zone: Zone) -> Longs:
    """The start of the second, minute, hour, day, week, month, quarter or year in a zone."""
    if level in ("SECOND", "MILLISECOND", "MICROSECOND"):
        return instants // _UNITS[level] * _UNITS[level]
    if level in _UNITS:
        walls = zone.to_wall(instants)
        cut = walls // _UNITS[level] * _UNITS[level]
        return zone.to_instant(cut, prefer=zone.offset_at(instants))
    return start_of_days(cut_days(days_at(instants, zone), level), zone)


def _date_trunc(running: Running) -> ScalarColumn:
    level, times = running.columns_up_to_null()
    rows = rows_of(running, level, times)
    instants = expand(times, rows).values
    values, known = np.zeros(rows, dtype=np.int64), np.zeros(rows, dtype=np.bool_)
    for text, places in by_text(level, rows):
        found = LEVELS.get(text.upper())
        if found is not None:
            values[places], known[places] = cut_instants(instants[places], found, session_zone(running)), True
    return column_of(running.kind, values, both(times.valid, known))


# Time zones --------------------------------------------------------------------------------------------------------------------------------------------


def _zones(running: Running, column: ScalarColumn, rows: int, valid: Bools | None) -> list[tuple[Zone, Longs]]:
    """The distinct zones that a column names, with their rows; a name that is none refuses its row where it is valid."""
    found = []
    for text, places in by_text(column, rows):
        try:
            found.append((zone_named(text), places))
        except UnknownZoneError:
            bad = np.zeros(rows, dtype=np.bool_)
            bad[places] = True
            running.refuse(bad if valid is None else bad & valid, _NO_ZONE)
    return found


def _between(running: Running, source: ScalarColumn, target: ScalarColumn, times: ScalarColumn) -> ScalarColumn:
    """Wall clocks of one zone, the same instants on the wall clocks of another."""
    rows = rows_of(running, source, target, times)
    walls = expand(times, rows).values
    valid = all_valid(source, target, times)
    instants, values = np.zeros(rows, dtype=np.int64), np.zeros(rows, dtype=np.int64)
    for zone, places in _zones(running, source, rows, valid):
        instants[places] = zone.to_instant(walls[places])
    for zone, places in _zones(running, target, rows, valid):
        values[places] = zone.to_wall(instants[places])
    return column_of(running.kind, values, valid)


def _text(value: str) -> ScalarColumn:
    from mabridge.sql.cells import constant

    return constant(_TEXT, value)


def _from_utc(running: Running) -> ScalarColumn:
    times, zone = running.columns_up_to_null()
    return _between(running, _text("UTC"), zone, times) if not isinstance(zone.kind, NullType) else nulls(running.kind)


def _to_utc(running: Running) -> ScalarColumn:
    times, zone = running.columns_up_to_null()
    return _between(running, zone, _text("UTC"), times) if not isinstance(zone.kind, NullType) else nulls(running.kind)


def _convert(running: Running) -> ScalarColumn:
    *zones, times = running.columns_up_to_null()
    source = zones[0] if len(zones) > 1 else _text(running.call.session.time_zone)
    return _between(running, source, zones[-1], times)


def _convert_types(args: Args, session: Session) -> Signature:
    found = takes(*[_TEXT] * (len(args) - 1), _WALL, gives=_WALL)(args, session)
    return Signature(found.takes, _WALL, None, may_raise=True)


def _show_convert(name: str, args: Sequence[str]) -> str:
    return as_call(name, args if len(args) > 2 else ["current_timezone()", *args])


def _zoned_types(args: Args, session: Session) -> Signature:
    found = takes(_TIMESTAMP, _TEXT, gives=_TIMESTAMP)(args, session)
    return Signature(found.takes, _TIMESTAMP, None, may_raise=not isinstance(args[1], Constant))


# Seconds since 1970 ------------------------------------------------------------------------------------------------------------------------------------


def _since(unit: int) -> Function:
    name = {1: "unix_micros", 1000: "unix_millis", MICROS_PER_SECOND: "unix_seconds"}[unit]

    def kernel(running: Running) -> ScalarColumn:
        column = running.column(0)
        return column_of(_LONG, column.values // unit, column.valid)

    return Function((name,), (1, 1), takes(_TIMESTAMP, gives=_LONG), kernel)


def _integral_types(args: Args, session: Session) -> Signature:
    if not isinstance(args[0].kind, (*INTEGRAL, NullType)):
        raise TypeMismatch(f"{args[0].shown} is {args[0].kind}, where a whole number is expected; Spark refuses this too.")
    return Signature((_LONG,), _TIMESTAMP, None, may_raise=True)


def _from_whole(name: str, unit: int) -> Function:
    most, least = (2**63 - 1) // unit, -(2**63 // unit)

    def kernel(running: Running) -> ScalarColumn:
        column = running.column(0)
        bad = (column.values > most) | (column.values < least)
        running.refuse(bad if column.valid is None else bad & column.valid, _TOO_LARGE)
        return column_of(_TIMESTAMP, column.values * unit, column.valid)

    return Function((name,), (1, 1), _integral_types, kernel)


def _seconds_types(args: Args, session: Session) -> Signature:
    kind = args[0].kind
    if isinstance(kind, (*INTEGRAL, NullType)):
        return Signature((_LONG,), _TIMESTAMP, None, may_raise=True)
    if isinstance(kind, (DoubleType, FloatType)):
        return Signature((kind,), _TIMESTAMP, nullable=True)
    if isinstance(kind, DecimalType):
        return Signature((kind,), _TIMESTAMP, None, may_raise=True)
    raise TypeMismatch(f"{args[0].shown} is {kind}, where a number is expected; Spark refuses this too.")


def _from_seconds(running: Running) -> ScalarColumn:
    from mabridge.sql.functions.cast_numbers import narrow

    column = running.column(0)
    if isinstance(column.kind, DecimalType):
        scale = column.kind.scale
        by, numbers = 10**scale, unscaled(column).tolist()
        bad = np.array([value * MICROS_PER_SECOND % by != 0 or abs(value * MICROS_PER_SECOND // by) >= 2**63 for value in numbers], dtype=np.bool_)
        running.refuse(bad if column.valid is None else bad & column.valid, "has parts below a microsecond or is too large, which Spark refuses too.")
        micros = [0 if wrong else value * MICROS_PER_SECOND // by for wrong, value in zip(bad, numbers, strict=True)]
        return column_of(_TIMESTAMP, np.array(micros, dtype=np.int64), column.valid)
    if isinstance(column.kind, (DoubleType, FloatType)):
        doubles = column.values.astype(np.float64)
        finite = np.isfinite(doubles)
        values = narrow(np.where(finite, doubles * MICROS_PER_SECOND, 0.0), _LONG)
        return column_of(_TIMESTAMP, values, both(column.valid, None if finite.all() else finite))
    bad = np.abs(column.values.astype(np.float64)) > 9_223_372_036_854.0
    running.refuse(bad if column.valid is None else bad & column.valid, _TOO_LARGE)
    return column_of(_TIMESTAMP, column.values * MICROS_PER_SECOND, column.valid)


# Making ------------------------------------------------------------------------------------------------------------------------------------------------


def _made_types(gives: TimestampType | TimestampNTZType) -> Callable[[Args, Session], Signature]:
    def rule(args: Args, session: Session) -> Signature:
        found = takes(_INT, _INT, _INT, _INT, _INT, DecimalType(16, 6), _TEXT, gives=gives, nullable=True)(args, session)
        return Signature(found.takes, gives, nullable=True, may_raise=True)

    return rule


def _make(running: Running) -> ScalarColumn:
    columns = running.columns_up_to_null()
    rows = rows_of(running, *columns)
    year, month, day, hour, minute = (expand(column, rows).values.astype(np.int64) for column in columns[:5])
    micros = unscaled(expand(columns[5], rows)).astype(np.int64)
    valid = all_valid(*columns)
    second, rest = micros // MICROS_PER_SECOND, micros % MICROS_PER_SECOND
    # Second 60 is the next minute where it has no fraction.
    leap = (second == 60) & (rest == 0)
    real = exists(year, month, day) & (hour >= 0) & (hour < 24) & (minute >= 0) & (minute < 60) & (second >= 0) & ((second < 60) | leap)
    if running.ansi:
        running.refuse(~real if valid is None else ~real & valid, RANGE)
    day = np.where(real, days_of(year, np.clip(month, 1, 12), day), 0)
    far = np.abs(day) > 106_751_990
    running.refuse(far if valid is None else far & valid, _TOO_LARGE)
    walls = day * MICROS_PER_DAY + hour * MICROS_PER_HOUR + minute * MICROS_PER_MINUTE + micros
    walls = np.where(real, walls, 0)
    values = walls
    if isinstance(running.kind, TimestampType):
        if len(columns) > 6:
            values = np.zeros(rows, dtype=np.int64)
            for zone, places in _zones(running, columns[6], rows, both(valid, real)):
                values[places] = zone.to_instant(walls[places])
        else:
            values = session_zone(running).to_instant(walls)
    return column_of(running.kind, values, both(valid, real))


def _date_cast(name: str, kind: DateType | TimestampType) -> Function:
    """`date(x)` and `timestamp(x)`: a cast, which Spark names after its argument."""
    # The cast is written in front of the call.
    signature = Signature((kind,), kind)
    return Function((name,), (1, 1), lambda *_: signature, lambda running: running.column(0), lambda _, args: args[0])


FUNCTIONS = (
    _part("hour", hour_of),
    _part("minute", minute_of),
    _part("second", second_of),
    Function(("date_trunc",), (2, 2), takes(_TEXT, _TIMESTAMP, gives=_TIMESTAMP, nullable=True), _date_trunc),
    Function(("from_utc_timestamp",), (2, 2), _zoned_types, _from_utc),
    Function(("to_utc_timestamp",), (2, 2), _zoned_types, _to_utc),
    Function(("convert_timezone",), (2, 3), _convert_types, _convert, _show_convert),
    _since(MICROS_PER_SECOND),
    _since(1000),
    _since(1),
    Function(("timestamp_seconds",), (1, 1), _seconds_types, _from_seconds),
    _from_whole("timestamp_millis", 1000),
    _from_whole("timestamp_micros", 1),
    Function(("make_timestamp", "make_timestamp_ltz"), (6, 7), _made_types(_TIMESTAMP), _make),
    Function(("make_timestamp_ntz",), (6, 6), _made_types(_WALL), _make),
    _date_cast("date", DateType()),
    _date_cast("timestamp", _TIMESTAMP),
)
