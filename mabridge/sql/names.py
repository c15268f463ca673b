"""The name that Spark gives an item without AS (`toPrettySQL`, Spark 3.5), which also shows expressions in messages."""

from __future__ import annotations

from decimal import Decimal

from mabridge.plan.types import DateType, DoubleType, FloatType, StringType
from mabridge.sql.expression import Call, Case, Cast, ColumnRef, Expression, Lambda, Literal, Variable
from mabridge.sql.java_text import double_text, float_text


def show(expression: Expression) -> str:
    """The expression as Spark names it."""
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
            return ((function.show if function else None) or as_call)(name, [show(arg) for arg in args])
        case Case():
            return show_case("case", [show(child) for child in expression.children()])
        case Cast(value, kind, attempt):
            return f"{'TRY_CAST' if attempt else 'CAST'}({show(value)} AS {kind.simple_string.upper()})"
        case Lambda(parameters, body):
            return f"lambdafunction({', '.join([show(body), *('namedlambdavariable()' for _ in parameters)])})"
        case Variable():
            return "namedlambdavariable()"
    raise TypeError(f"{type(expression).__name__} is not an expression")


def _literal(literal: Literal) -> str:
    value = literal.value
    if value is None:
        return "NULL"
    match literal.kind:
        case StringType():
            return str(value)
        case DoubleType():
            return double_text(value)
        case FloatType():
            return float_text(value)
        case DateType():
            import datetime as dt

            return f"DATE '{(dt.date(1970, 1, 1) + dt.timedelta(days=value)).isoformat()}'"
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
