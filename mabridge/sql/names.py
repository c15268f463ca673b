"""The name that Spark gives an item without AS (`toPrettySQL`, Spark 3.5), which also shows expressions in messages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from mabridge.plan.types import ArrayType, DataType, DateType, DayTimeIntervalType, DoubleType, FloatType, StringType, TimestampNTZType, YearMonthIntervalType
from mabridge.sql.expression import Call, Case, Cast, ColumnRef, Expression, Lambda, Literal, Variable
from mabridge.sql.java_text import double_text, float_text


@dataclass(frozen=True)
class Place:
    """Where an expression stands, for the parts of names that its types and the session decide.

    Attributes:
        kind_of: the type of an expression.
        time_zone: of the session.
    """

    kind_of: Callable[[Expression], DataType]
    time_zone: str


def show(expression: Expression, place: Place | None = None) -> str:
    """The expression as Spark names it; without a place, sums and products are named as those of numbers, and timestamps as they are written."""
    from mabridge.sql.functions.conditional import show_case
    from mabridge.sql.functions.function import as_call
    from mabridge.sql.functions.table import find_function

    match expression:
        case Literal():
            return _literal(expression)
        case ColumnRef(parts):
            return ".".join(parts)
        case Call(name, args):
            function = find_function(name)
            shown = [show(arg, place) for arg in args]
            if place is not None and (special := _special(expression, name, shown, place)) is not None:
                return special
            return ((function.show if function else None) or as_call)(name, shown)
        case Case():
            return show_case("case", [show(child, place) for child in expression.children()])
        case Cast(Literal(None) | Call("array", ()), ArrayType(), False):
            # Spark puts the value itself in the place of this cast before it names the item.
            return show(expression.value, place)
        case Cast(value, kind, attempt):
            return f"{'TRY_CAST' if attempt else 'CAST'}({show(value, place)} AS {kind.simple_string.upper()})"
        case Lambda(parameters, body):
            return f"lambdafunction({', '.join([show(body), *('namedlambdavariable()' for _ in parameters)])})"
        case Variable():
            return "namedlambdavariable()"
    raise TypeError(f"{type(expression).__name__} is not an expression")


def has_doubtful_name(expression: Expression) -> bool:
    """Whether the name of some part depends on its place."""
    if isinstance(expression, Call) and expression.name in ("+", "-", "*", "timestamp literal"):
        return True
    return not isinstance(expression, Lambda) and any(has_doubtful_name(child) for child in expression.children())


def _special(call: Call, name: str, shown: list[str], place: Place) -> str | None:
    """The name of a call that its arguments' types or the time zone decide."""
    from mabridge.sql.functions.time_arithmetic import time_name
    from mabridge.sql.functions.time_literals import literal_name

    if name == "timestamp literal" and isinstance(call.args[0], Literal):
        return literal_name(str(call.args[0].value), place.time_zone)
    if name in ("+", "-", "*") and len(call.args) == 2:
        return time_name(name, shown, [place.kind_of(arg) for arg in call.args])
    return None


def _literal(literal: Literal) -> str:
    value = literal.value
    if value is None:
        return "NULL"
    from mabridge.sql.functions.time_text import date_texts, wall_text
    from mabridge.sql.intervals import interval_text

    match literal.kind:
        case StringType():
            return str(value)
        case DoubleType():
            return double_text(value)
        case FloatType():
            return float_text(value)
        case DateType():
            return f"DATE '{date_texts(np.array([value]))[0].as_py()}'"
        case TimestampNTZType():
            return f"TIMESTAMP_NTZ '{wall_text(value)}'"
        case YearMonthIntervalType() | DayTimeIntervalType():
            return interval_text(value, literal.kind)
    if isinstance(value, bytes):
        return f"X'{value.hex().upper()}'"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return _decimal(value)
    return str(value)


def _decimal(value: Decimal) -> str:
    # Java's BigDecimal writes an exponent where Python's Decimal does, with the same sign rules.
    return str(value)
