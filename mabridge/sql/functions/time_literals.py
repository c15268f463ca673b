"""DATE '...', TIMESTAMP '...' and TIMESTAMP_NTZ '...' (AstBuilder.visitTypeConstructor, Spark 3.5)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from mabridge.lower.columns import ScalarColumn
from mabridge.plan.types import DateType, StringType, TimestampNTZType, TimestampType
from mabridge.sql.evaluate import Running
from mabridge.sql.expression import Call, Expression, Literal
from mabridge.sql.functions.cast_times import session_zone, special_value
from mabridge.sql.functions.function import Args, Function, Signature, TypeMismatch, column_of
from mabridge.sql.functions.time_text import WrittenTime, instant_of, parse_date, parse_wall, wall_text
from mabridge.sql.literals import LiteralError
from mabridge.sql.scope import Session
from mabridge.sql.typed import Constant
from mabridge.sql.zones import UTC, zone_named

_CLOCKLESS = "it is a time without a date, to which Spark adds the date on which the job runs; write the date in front of it."


def date_literal(text: str) -> Expression:
    """DATE '...'.

    Raises:
        LiteralError: the text is no date.
        NotSupported: it means the day on which the job runs.
    """
    days = 0 if special_value(text, DateType()) else parse_date(text)
    if days is None:
        raise LiteralError("The text after DATE is not a date of the form yyyy-MM-dd.")
    return Literal(days, DateType())


def wall_literal(text: str) -> Expression:
    """TIMESTAMP_NTZ '...'.

    Raises:
        LiteralError: the text is no timestamp without a zone.
        NotSupported: it means the time at which the job runs.
    """
    if special_value(text, TimestampNTZType()):
        return Literal(0, TimestampNTZType())
    found = parse_wall(text)
    if found is None or found.wall is None or found.zone is not None or not -(2**63) <= found.wall < 2**63:
        raise LiteralError("The text after TIMESTAMP_NTZ is not a timestamp without a zone, of the form yyyy-MM-dd HH:mm:ss.")
    return Literal(found.wall, TimestampNTZType())


def timestamp_literal(text: str) -> Expression:
    """TIMESTAMP '...', whose instant the session's zone decides.

    Raises:
        LiteralError: the text is no timestamp.
        NotSupported: it means the time at which the job runs.
    """
    if not special_value(text, TimestampType()):
        _written(text)
    return Call("timestamp literal", (Literal(text, StringType()),))


def _written(text: str) -> WrittenTime:
    found = parse_wall(text)
    if found is None or (found.wall is not None and instant_of(found, UTC) is None):
        raise LiteralError("The text after TIMESTAMP is not a timestamp of the form yyyy-MM-dd HH:mm:ss.")
    if found.wall is None:
        raise LiteralError(f"The text after TIMESTAMP is not supported: {_CLOCKLESS}")
    return found


def _types(args: Args, session: Session) -> Signature:
    text = args[0].value if isinstance(args[0], Constant) else None
    if not isinstance(text, str):
        raise TypeMismatch("a timestamp literal has a constant text.")
    try:
        timestamp_literal(text)
    except LiteralError as error:
        raise TypeMismatch(str(error)) from error
    return Signature((StringType(),), TimestampType(), nullable=False)


def _kernel(running: Running) -> ScalarColumn:
    arg = running.call.args[0]
    assert isinstance(arg, Constant)
    value = 0 if special_value(arg.value, TimestampType()) else instant_of(_written(arg.value), session_zone(running))
    return column_of(TimestampType(), np.array([value], dtype=np.int64), None)


def literal_name(text: str, time_zone: str) -> str:
    """The name of TIMESTAMP '...' in a session of this time zone."""
    zone = zone_named(time_zone)
    instant = 0 if special_value(text, TimestampType()) else instant_of(_written(text), zone)
    return f"TIMESTAMP '{wall_text(int(zone.to_wall(np.array([instant], dtype=np.int64))[0]))}'"


def _show(_: str, args: Sequence[str]) -> str:
    """With the wall clock of the text; Spark shows the session's, which differs where the text names a zone or lies in a gap."""
    if special_value(args[0], TimestampType()):
        return "TIMESTAMP '1970-01-01 00:00:00'"
    wall = _written(args[0]).wall
    assert wall is not None
    return f"TIMESTAMP '{wall_text(wall)}'"


FUNCTIONS = (Function(("timestamp literal",), (1, 1), _types, _kernel, _show),)
