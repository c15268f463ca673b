"""Functions of times by a pattern: date_format, to_date, to_timestamp, unix_timestamp and their kin (datetimeExpressions.scala, Spark 3.5)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pyarrow as pa

from mabridge.lower.columns import Bools, ScalarColumn
from mabridge.plan.reference import major_minor
from mabridge.plan.types import DataType, DateType, LongType, NullType, NumericType, StringType, TimestampNTZType, TimestampType
from mabridge.sql.cells import expand, join, nulls, with_valid
from mabridge.sql.coercion import DATETIME
from mabridge.sql.days import MICROS_PER_SECOND, Longs
from mabridge.sql.evaluate import Running
from mabridge.sql.functions.cast import Attempt
from mabridge.sql.functions.cast_times import session_zone, time_kernel
from mabridge.sql.functions.date_rules import by_text
from mabridge.sql.functions.function import Args, Function, Kernel, NotSupported, Signature, TypeMismatch, as_call, column_of
from mabridge.sql.functions.rules import takes
from mabridge.sql.functions.time_text import plain_walls
from mabridge.sql.scope import Session
from mabridge.sql.time_patterns.old import old_format_takes
from mabridge.sql.time_patterns.parse import TimeParser
from mabridge.sql.time_patterns.pattern import PatternError, read_pattern
from mabridge.sql.time_patterns.write import write_times
from mabridge.sql.typed import Constant
from mabridge.sql.zones import Zone, days_at, start_of_days

_TEXT, _LONG, _DATE, _TIMESTAMP, _WALL = StringType(), LongType(), DateType(), TimestampType(), TimestampNTZType()
_USUAL = "yyyy-MM-dd HH:mm:ss"
_OLD = "is read otherwise by Spark 2's parser, which Spark 3 refuses by default (spark.sql.legacy.timeParserPolicy); correct the text or the pattern."
_UNKNOWN = "is not of the pattern, and whether Spark gives null or refuses it is not known here; correct the text or the pattern."
_UNPARSED = "is not of the pattern, which Spark refuses under ANSI; write try_to_timestamp."
_NO_CLOCK = "without arguments is the time at which the job runs, so no conversion can keep it; make it a column of the data."


def _patterns(running: Running, rows: int) -> list[tuple[str, Longs]]:
    """The distinct patterns, each with the places of its rows; the usual one where the call has none."""
    if len(running.call.args) < 2:
        return [(_USUAL, np.arange(rows))]
    return by_text(running.column(1), rows)


@lru_cache(maxsize=256)
def _parser(pattern: str) -> TimeParser:
    return TimeParser(read_pattern(pattern, parsing=True))


def _checked(args: Args, *, parsing: bool) -> bool:
    """Refuse a constant pattern at once; whether the pattern is constant.

    Raises:
        NotSupported: Spark or mabridge does not take it.
    """
    if len(args) < 2:
        return True
    pattern = args[1]
    if not isinstance(pattern, Constant):
        return False
    if isinstance(pattern.value, str):
        try:
            if parsing:
                _parser(pattern.value)
            else:
                read_pattern(pattern.value, parsing=False)
        except PatternError as error:
            raise NotSupported(str(error)) from error
    return True


def _refuse_pattern(running: Running, places: Longs, rows: int, valid: Bools | None, error: PatternError) -> None:
    """Refuse the rows that have a pattern, where there is something to read or write by it."""
    bad = np.zeros(rows, dtype=np.bool_)
    bad[places] = True
    running.refuse(bad if valid is None else bad & valid, f"is refused: {error}")


# Writing -----------------------------------------------------------------------------------------------------------------------------------------------


def _write_types(first: DataType) -> Callable[[Args, Session], Signature]:
    def rule(args: Args, session: Session) -> Signature:
        constant = _checked(args, parsing=False)
        found = takes(first, _TEXT, gives=_TEXT)(args, session)
        return Signature(found.takes, _TEXT, None, may_raise=not constant)

    return rule


def _written(running: Running, instants: Longs, valid: Bools | None) -> ScalarColumn:
    rows = max(len(instants), len(running.column(1)) if len(running.call.args) > 1 else 1)
    instants = np.broadcast_to(instants, (rows,))
    if valid is not None:
        valid = np.broadcast_to(valid, (rows,))
    parts: list[tuple[Longs, ScalarColumn]] = []
    for pattern, places in _patterns(running, rows):
        try:
            fields = read_pattern(pattern, parsing=False)
        except PatternError as error:
            _refuse_pattern(running, places, rows, valid, error)
            continue
        parts.append((places, ScalarColumn.of_arrow(_TEXT, write_times(fields, instants[places], session_zone(running)))))
    return with_valid(join(_TEXT, rows, parts), valid)


def _date_format(running: Running) -> ScalarColumn:
    column = running.column(0)
    return _written(running, column.values, column.valid)


def _from_unixtime(running: Running) -> ScalarColumn:
    column = running.column(0)
    return _written(running, column.values * np.int64(MICROS_PER_SECOND), column.valid)


# Parsing -----------------------------------------------------------------------------------------------------------------------------------------------


def _parsed(running: Running, target: DataType, *, attempt: bool = False) -> ScalarColumn:
    """Texts by the pattern, as instants or wall clocks; null where they are not of it."""
    column = running.column(0)
    if isinstance(column.kind, NullType):
        return nulls(target, len(column))
    rows = max(len(column), len(running.column(1)) if len(running.call.args) > 1 else 1)
    texts: pa.Array = expand(column, rows).arrow
    there = texts.is_valid().to_numpy(zero_copy_only=False)
    found = _Parsed(np.zeros(rows, np.int64), np.zeros(rows, np.bool_), np.zeros(rows, np.bool_), np.zeros(rows, np.bool_))
    patterned = np.zeros(rows, np.bool_)
    for pattern, places in _patterns(running, rows):
        patterned[places] = True
        try:
            parser = _parser(pattern)
        except PatternError as error:
            _refuse_pattern(running, places, rows, there, error)
            continue
        _parse_rows(found, pattern, parser, texts.take(pa.array(places)), places, target, session_zone(running))
    if major_minor(running.call.session.spark_version) < (4, 0):
        running.refuse(found.old, _OLD)
        running.refuse(found.unclear, _UNKNOWN)
    if running.ansi and not attempt:
        running.refuse(~found.known & there & patterned, _UNPARSED)
    return column_of(target, found.values, found.known)


@dataclass(frozen=True)
class _Parsed:
    """What is known of each row.

    Attributes:
        values: its time.
        known: whether it has one.
        old: whether only Spark 2's parser reads it.
        unclear: whether that is not known here.
    """

    values: Longs
    known: Bools
    old: Bools
    unclear: Bools


def _parse_rows(found: _Parsed, pattern: str, parser: TimeParser, texts: pa.Array, places: Longs, target: DataType, zone: Zone) -> None:
    """Parse the texts of the rows at these places, each distinct one once."""
    walls, known = np.zeros(len(texts), np.int64), np.zeros(len(texts), np.bool_)
    if pattern in ("yyyy-MM-dd", _USUAL):
        walls, known = plain_walls(texts, (len(pattern),), b" ")
    values = walls if isinstance(target, TimestampNTZType) else zone.to_instant(walls)
    found.values[places[known]], found.known[places[known]] = values[known], True
    rest = np.flatnonzero(~known & texts.is_valid().to_numpy(zero_copy_only=False))
    encoded = texts.take(pa.array(rest)).dictionary_encode()
    of_text = encoded.indices.to_numpy(zero_copy_only=False).astype(np.int64)
    distinct = encoded.dictionary.to_pylist()
    if not distinct:
        return
    times = [_time(parser, text, zone, target) for text in distinct]
    old = [old_format_takes(pattern, text) if time is None else False for text, time in zip(distinct, times, strict=True)]
    rows = places[rest]
    found.values[rows] = np.array([time or 0 for time in times], dtype=np.int64)[of_text]
    found.known[rows] = np.array([time is not None for time in times], dtype=np.bool_)[of_text]
    found.old[rows] = np.array([answer is True for answer in old], dtype=np.bool_)[of_text]
    found.unclear[rows] = np.array([answer is None for answer in old], dtype=np.bool_)[of_text]


def _time(parser: TimeParser, text: str, zone: Zone, target: DataType) -> int | None:
    found = parser.parse(text)
    if found is None:
        return None
    wall, own = found
    if not -(2**63) + 2**38 <= wall < 2**63 - 2**38:
        return None
    return wall if isinstance(target, TimestampNTZType) else int((own or zone).to_instant(np.array([wall], dtype=np.int64))[0])


def _to_types(gives: DataType, *, attempt: bool = False) -> Callable[[Args, Session], Signature]:
    def rule(args: Args, session: Session) -> Signature:
        kind = args[0].kind
        if len(args) == 1:
            if attempt:
                return Signature((kind,), gives, nullable=True, may_raise=True)
            if isinstance(kind, NumericType) and not isinstance(gives, TimestampType):
                raise NotSupported(f"{args[0].shown} is {kind}, which is no text of a time; cast it to string first.")
            # The cast to the type is written in front of it.
            return Signature((gives,), gives)
        _checked(args, parsing=True)
        if isinstance(kind, DATETIME):
            return Signature((gives, _TEXT), gives)
        return Signature((takes(_TEXT, gives=gives)(args[:1], session).takes[0], _TEXT), gives, nullable=True, may_raise=True)

    return rule


def _to(target: DataType, *, attempt: bool = False) -> Kernel:
    def kernel(running: Running) -> ScalarColumn:
        column = running.column(0)
        if len(running.call.args) == 1:
            if not attempt or column.kind == target:
                return column
            return _try_cast(running, target)
        if column.kind == target:
            return with_valid(column, running.column(1).valid)
        if not isinstance(target, DateType):
            return _parsed(running, target, attempt=attempt)
        found = _parsed(running, _TIMESTAMP)
        return column_of(_DATE, days_at(found.values, session_zone(running)), found.valid)

    return kernel


def _try_cast(running: Running, target: DataType) -> ScalarColumn:
    kind = running.column(0).kind
    if isinstance(kind, NullType):
        return nulls(target)
    kernel = time_kernel(kind, target)
    assert kernel is not None
    trying = Attempt(running.call, running.frame)
    return trying.without_failures(kernel(trying))


def _unix_types(args: Args, session: Session) -> Signature:
    if not args:
        raise NotSupported(_NO_CLOCK)
    _checked(args, parsing=True)
    kind = args[0].kind
    if isinstance(kind, DATETIME):
        return Signature((kind, *[_TEXT] * (len(args) - 1)), _LONG, nullable=True)
    if not isinstance(kind, (StringType, NullType)):
        raise TypeMismatch(f"{args[0].shown} is {kind}, where a text or a time is expected; Spark refuses this too.")
    return Signature((_TEXT,) * len(args), _LONG, nullable=True, may_raise=True)


def _unix(running: Running) -> ScalarColumn:
    column = running.column(0)
    if isinstance(column.kind, DateType):
        values, valid = start_of_days(column.values, session_zone(running)), column.valid
    elif isinstance(column.kind, DATETIME):
        values, valid = column.values, column.valid
    else:
        found = _parsed(running, _TIMESTAMP)
        values, valid = found.values, found.valid
    # Java cuts towards zero.
    return column_of(_LONG, np.where(values < 0, -(-values // MICROS_PER_SECOND), values // MICROS_PER_SECOND), valid)


def _show_usual(name: str, args: Sequence[str]) -> str:
    return as_call(name, args if len(args) > 1 else [*args, _USUAL])


FUNCTIONS = (
    Function(("date_format",), (2, 2), _write_types(_TIMESTAMP), _date_format),
    Function(("from_unixtime",), (1, 2), _write_types(_LONG), _from_unixtime, _show_usual),
    Function(("to_date",), (1, 2), _to_types(_DATE), _to(_DATE)),
    Function(("to_timestamp", "to_timestamp_ltz"), (1, 2), _to_types(_TIMESTAMP), _to(_TIMESTAMP)),
    Function(("to_timestamp_ntz",), (1, 2), _to_types(_WALL), _to(_WALL)),
    Function(("try_to_timestamp",), (1, 2), _to_types(_TIMESTAMP, attempt=True), _to(_TIMESTAMP, attempt=True)),
    Function(("unix_timestamp", "to_unix_timestamp"), (0, 2), _unix_types, _unix, _show_usual),
)
