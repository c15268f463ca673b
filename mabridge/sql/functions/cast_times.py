"""CAST from and to dates and timestamps (Cast, Spark 3.5)."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyarrow as pa

from mabridge.lower.columns import Bools, ScalarColumn
from mabridge.plan.types import BooleanType, DataType, DateType, DecimalType, DoubleType, StringType, TimestampNTZType, TimestampType
from mabridge.sql.cells import both, dtype_of, nulls
from mabridge.sql.coercion import DATETIME, FRACTIONAL, INTEGRAL
from mabridge.sql.days import MICROS_PER_DAY, MICROS_PER_SECOND, Longs
from mabridge.sql.decimals import unscaled
from mabridge.sql.evaluate import Running
from mabridge.sql.functions.cast_numbers import OVERFLOW, floats_to_decimal, narrow
from mabridge.sql.functions.cast_text import MALFORMED
from mabridge.sql.functions.function import Kernel, NotSupported, column_of
from mabridge.sql.functions.time_text import SPECIAL, date_texts, instant_of, parse_date, parse_wall, plain_walls, wall_texts
from mabridge.sql.zones import UnknownZoneError, Zone, days_at, start_of_days, zone_named

TOO_FAR = "lies beyond the times that 64-bit microseconds can hold, which Spark refuses too; keep dates within the years -290307 to 294246."
NO_DATE = "is a time without a date, to which Spark adds the date on which the job runs, so no conversion can keep it; write the date in front of it."
_MAX_DAYS = 106_751_990
_CLOCK_WORDS = ("now", "today", "tomorrow", "yesterday")


def session_zone(running: Running) -> Zone:
    """The session's time zone."""
    return zone_named(running.call.session.time_zone)


def special_value(text: str, target: DataType) -> bool:
    """Whether the analyser makes 1970-01-01 of a constant text ('epoch').

    Raises:
        NotSupported: it makes a time of it that depends on when the job runs.
    """
    match = SPECIAL.fullmatch(text.strip())
    if match is None or not isinstance(target, DATETIME):
        return False
    if match[2]:
        try:
            zone_named(match[2])
        except UnknownZoneError:
            return False
        if isinstance(target, TimestampNTZType):
            return False
    if match[1].lower() in _CLOCK_WORDS:
        raise NotSupported(f"the text {text!r} means the time at which the job runs, so no conversion can keep it; make it a column of the data.")
    return True


def refused_under_ansi(source: DataType, target: DataType) -> bool:
    """Whether ANSI mode has no such cast while the default mode has it."""
    if isinstance(source, BooleanType):
        return isinstance(target, TimestampType)
    if isinstance(target, BooleanType):
        return isinstance(source, (DateType, TimestampType))
    return isinstance(source, DateType) and isinstance(target, (*INTEGRAL, *FRACTIONAL, DecimalType))


def time_kernel(source: DataType, target: DataType) -> Kernel | None:
    """The kernel that casts from or to a date or a timestamp; None where Spark or mabridge has none."""
    if isinstance(source, StringType):
        return _FROM_TEXT.get(type(target))
    if isinstance(target, StringType):
        return _to_text
    if isinstance(source, DATETIME) and isinstance(target, DATETIME):
        return _BETWEEN[type(source), type(target)]
    if isinstance(target, TimestampType):
        if isinstance(source, (*INTEGRAL, BooleanType)):
            return _whole_to_timestamp
        return _floating_to_timestamp if isinstance(source, FRACTIONAL) else _decimal_to_timestamp if isinstance(source, DecimalType) else None
    numeric = isinstance(target, (*INTEGRAL, *FRACTIONAL, DecimalType, BooleanType))
    if isinstance(source, DateType) and numeric:
        return _always_null
    return _timestamp_to_number if isinstance(source, TimestampType) and numeric else None


def _always_null(running: Running) -> ScalarColumn:
    return nulls(running.kind, len(running.column(0)))


# Text --------------------------------------------------------------------------------------------------------------------------------------------------


def _texts(column: ScalarColumn) -> pa.StringArray:
    return column.arrow


def _rest(texts: pa.StringArray, known: Bools) -> tuple[list[str], Longs, Longs]:
    """The distinct texts of rows that are not yet known nor null; the rows; and each row's place among the texts."""
    rows = np.flatnonzero(~known & texts.is_valid().to_numpy(zero_copy_only=False))
    encoded = texts.take(pa.array(rows)).dictionary_encode()
    return encoded.dictionary.to_pylist(), rows, encoded.indices.to_numpy(zero_copy_only=False).astype(np.int64)


def _finish(running: Running, values: Longs, known: Bools) -> ScalarColumn:
    column = running.column(0)
    if running.ansi:
        running.refuse(~known if column.valid is None else ~known & column.valid, MALFORMED)
    return column_of(running.kind, values, both(column.valid, None if known.all() else known))


def _text_to_date(running: Running) -> ScalarColumn:
    texts = _texts(running.column(0))
    if _is_special(running):
        return column_of(running.kind, np.zeros(1, np.int32), None)
    walls, known = plain_walls(texts)
    values = walls // MICROS_PER_DAY
    found, rows, places = _rest(texts, known)
    parsed = [parse_date(text) for text in found]
    _fill(values, known, rows, places, parsed)
    return _finish(running, values, known)


def _is_special(running: Running) -> bool:
    from mabridge.sql.typed import Constant

    arg = running.call.args[0]
    return isinstance(arg, Constant) and isinstance(arg.value, str) and special_value(arg.value, running.kind)


def _fill(values: Longs, known: Bools, rows: Longs, places: Longs, parsed: list[int | None]) -> None:
    """Put what was parsed of distinct texts into their rows."""
    if not rows.size:
        return
    good = np.array([value is not None for value in parsed], dtype=np.bool_)[places]
    numbers = np.array([value or 0 for value in parsed], dtype=np.int64)[places]
    values[rows[good]] = numbers[good]
    known[rows[good]] = True


def _text_to_timestamp(running: Running) -> ScalarColumn:
    zone = session_zone(running)
    texts = _texts(running.column(0))
    if _is_special(running):
        return column_of(running.kind, np.zeros(1, np.int64), None)
    walls, known = plain_walls(texts)
    values = zone.to_instant(walls).copy()
    found, rows, places = _rest(texts, known)
    written = [parse_wall(text) for text in found]
    undated = np.array([time is not None and time.wall is None for time in written], dtype=np.bool_)
    if undated.any():
        bad = np.zeros(len(texts), dtype=np.bool_)
        bad[rows] = undated[places]
        # Under TRY_CAST too, which does not fail there.
        running.frame.refuse(running.call, bad, NO_DATE)
        written = [None if time is None or time.wall is None else time for time in written]
    _fill(values, known, rows, places, [None if time is None else instant_of(time, zone) for time in written])
    return _finish(running, values, known)


def _text_to_wall(running: Running) -> ScalarColumn:
    texts = _texts(running.column(0))
    if _is_special(running):
        return column_of(running.kind, np.zeros(1, np.int64), None)
    walls, known = plain_walls(texts)
    found, rows, places = _rest(texts, known)
    written = [parse_wall(text) for text in found]
    inside = [None if time is None or time.wall is None or not -(2**63) <= time.wall < 2**63 else time.wall for time in written]
    _fill(walls, known, rows, places, inside)
    return _finish(running, walls, known)


def _to_text(running: Running) -> ScalarColumn:
    column = running.column(0)
    values = column.values
    if isinstance(column.kind, TimestampType):
        values = session_zone(running).to_wall(values)
    found = date_texts(values) if isinstance(column.kind, DateType) else wall_texts(values)
    return ScalarColumn.of_arrow(running.kind, with_nulls(found, column.valid))


def with_nulls(array: pa.Array, valid: Bools | None) -> pa.Array:
    """The array, null where `valid` is false."""
    import pyarrow.compute as pc

    return array if valid is None else pc.if_else(pa.array(valid), array, pa.scalar(None, array.type))


_FROM_TEXT: dict[type[DataType], Kernel] = {DateType: _text_to_date, TimestampType: _text_to_timestamp, TimestampNTZType: _text_to_wall}


# Dates and timestamps ----------------------------------------------------------------------------------------------------------------------------------


def _converts(compute: Callable[[Longs, Zone], Longs], *, from_days: bool = False) -> Kernel:
    def kernel(running: Running) -> ScalarColumn:
        column = running.column(0)
        values = column.values.astype(np.int64)
        if from_days:
            bad = np.abs(values) > _MAX_DAYS
            running.refuse(bad if column.valid is None else bad & column.valid, TOO_FAR)
        return column_of(running.kind, compute(values, session_zone(running)), column.valid)

    return kernel


def _same(values: Longs, zone: Zone) -> Longs:
    return values


_BETWEEN: dict[tuple[type[DataType], type[DataType]], Kernel] = {
    (DateType, DateType): _converts(_same),
    (TimestampType, TimestampType): _converts(_same),
    (TimestampNTZType, TimestampNTZType): _converts(_same),
    (DateType, TimestampType): _converts(start_of_days, from_days=True),
    (DateType, TimestampNTZType): _converts(lambda days, _: days * MICROS_PER_DAY, from_days=True),
    (TimestampType, DateType): _converts(days_at),
    (TimestampNTZType, DateType): _converts(lambda walls, _: walls // MICROS_PER_DAY),
    (TimestampType, TimestampNTZType): _converts(lambda instants, zone: zone.to_wall(instants)),
    (TimestampNTZType, TimestampType): _converts(lambda walls, zone: zone.to_instant(walls)),
}


# Numbers -----------------------------------------------------------------------------------------------------------------------------------------------


def seconds_to_micros(seconds: Longs) -> Longs:
    """Whole seconds as microseconds, at the ends of 64 bits held there (TimeUnit.SECONDS.toMicros)."""
    most = (2**63 - 1) // MICROS_PER_SECOND
    inside = np.clip(seconds, -most, most) * MICROS_PER_SECOND
    held: Longs = np.where(seconds > most, 2**63 - 1, np.where(seconds < -most, -(2**63), inside))
    return held


def _whole_to_timestamp(running: Running) -> ScalarColumn:
    column = running.column(0)
    values = column.values.astype(np.int64)
    # true is one microsecond, a number is seconds.
    return column_of(running.kind, values if isinstance(column.kind, BooleanType) else seconds_to_micros(values), column.valid)


def _floating_to_timestamp(running: Running) -> ScalarColumn:
    column = running.column(0)
    doubles = column.values.astype(np.float64)
    micros = doubles * MICROS_PER_SECOND
    finite = np.isfinite(doubles)
    if running.ansi:
        bad = ~finite | ~((micros <= 2.0**63) & (micros >= -(2.0**63)))
        running.refuse(bad if column.valid is None else bad & column.valid, OVERFLOW)
    from mabridge.plan.types import LongType

    values = narrow(np.where(finite, micros, 0.0), LongType())
    return column_of(running.kind, values, both(column.valid, None if finite.all() else finite))


def _decimal_to_timestamp(running: Running) -> ScalarColumn:
    column = running.column(0)
    assert isinstance(column.kind, DecimalType)
    by = 10**column.kind.scale
    values = [abs(value) * MICROS_PER_SECOND // by * (-1 if value < 0 else 1) for value in unscaled(column).tolist()]
    wrapped = np.array([(value + 2**63) % 2**64 - 2**63 for value in values], dtype=np.int64)
    return column_of(running.kind, wrapped, column.valid)


def _timestamp_to_number(running: Running) -> ScalarColumn:
    column, kind = running.column(0), running.kind
    values = column.values
    if isinstance(kind, BooleanType):
        return column_of(kind, values != 0, column.valid)
    if isinstance(kind, FRACTIONAL):
        return column_of(kind, values.astype(np.float64) / MICROS_PER_SECOND, column.valid)
    if isinstance(kind, DecimalType):
        doubles = ScalarColumn.of_numpy(DoubleType(), values.astype(np.float64) / MICROS_PER_SECOND, column.valid)
        found, unfit = floats_to_decimal(doubles, kind)
        if running.ansi:
            running.refuse(unfit, OVERFLOW)
        return found
    seconds = values // MICROS_PER_SECOND
    narrowed = seconds.astype(dtype_of(kind))
    if running.ansi:
        bad = narrowed != seconds
        running.refuse(bad if column.valid is None else bad & column.valid, OVERFLOW)
    return column_of(kind, narrowed, column.valid)
