"""Expressions and statements as JSON, for bundles; what is read is hostile until checked."""

from __future__ import annotations

import math
import re
from decimal import Decimal, InvalidOperation
from typing import Any

from mabridge.plan.types import (
    BinaryType,
    BooleanType,
    ByteType,
    DataType,
    DateType,
    DayTimeIntervalType,
    DecimalType,
    DoubleType,
    FloatType,
    IntegerType,
    LongType,
    NullType,
    ShortType,
    StringType,
    TimestampNTZType,
    YearMonthIntervalType,
    from_json,
    to_json,
)
from mabridge.sql.expression import MAX_DEPTH, MAX_NODES, Call, Case, Cast, ColumnRef, Expression, Lambda, Literal, Variable
from mabridge.sql.functions.table import find_function
from mabridge.sql.statement import Item, Star, Statement
from mabridge.sql.user_functions import GROUP

_RANGES: dict[type[DataType], int] = {ByteType: 8, ShortType: 16, IntegerType: 32, LongType: 64, DateType: 32}
_RANGES.update({TimestampNTZType: 64, YearMonthIntervalType: 32, DayTimeIntervalType: 64})
_FLOATS = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}


def statement_to_json(statement: Statement) -> Any:
    """A statement as JSON values."""
    items = ["*" if isinstance(item, Star) else _item(item) for item in statement.items]
    return {"items": items, "where": None if statement.where is None else expression_to_json(statement.where)}


def _item(item: Item) -> list[Any]:
    return [item.name, expression_to_json(item.expression), *([True] if item.generated else [])]


def statement_from_json(value: Any) -> Statement:
    """The statement that `statement_to_json` wrote.

    Raises:
        ValueError: the value is none.
    """
    if not isinstance(value, dict) or set(value) != {"items", "where"} or not isinstance(value["items"], list) or not value["items"]:
        raise ValueError("a SQL statement has `items` and `where`")
    count = _Count()
    items: list[Star | Item] = []
    for entry in value["items"]:
        match entry:
            case "*":
                items.append(Star())
            case [str(name), expression]:
                items.append(Item(name, _read(expression, count, 1)))
            case [str(name), expression, True]:
                items.append(Item(name, _read(expression, count, 1), generated=True))
            case _:
                raise ValueError("an item of a SQL statement is `*`, or a name, an expression, and true where Spark made the name")
    return Statement(tuple(items), None if value["where"] is None else _read(value["where"], count, 1))


def expression_to_json(expression: Expression) -> Any:
    """An expression as JSON values: a list that begins with the node's kind."""
    match expression:
        case Literal(value, kind):
            return ["literal", to_json(kind), _literal_value(value)]
        case ColumnRef(parts, lateral):
            return ["column", list(parts), *([] if lateral is None else [expression_to_json(lateral)])]
        case Call(name, args):
            return ["call", name, [expression_to_json(arg) for arg in args]]
        case Case(branches, otherwise):
            written = [[expression_to_json(condition), expression_to_json(value)] for condition, value in branches]
            return ["case", written, None if otherwise is None else expression_to_json(otherwise)]
        case Cast(value, kind, attempt):
            return ["cast", expression_to_json(value), to_json(kind), attempt]
        case Lambda(parameters, body):
            return ["lambda", list(parameters), expression_to_json(body)]
        case Variable(name):
            return ["variable", name]
    raise TypeError(f"{type(expression).__name__} is not an expression")


def _literal_value(value: Any) -> Any:
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    return value


def expression_from_json(value: Any) -> Expression:
    """The expression that `expression_to_json` wrote.

    Raises:
        ValueError: the value is none, is too deep or too large.
    """
    return _read(value, _Count(), 1)


class _Count:
    def __init__(self) -> None:
        self.nodes = 0


def _read(value: Any, count: _Count, depth: int) -> Expression:
    count.nodes += 1
    if depth > MAX_DEPTH or count.nodes > MAX_NODES:
        raise ValueError(f"a SQL expression is deeper than {MAX_DEPTH} or has more than {MAX_NODES} nodes")
    match value:
        case ["literal", kind, constant]:
            return _literal(from_json(kind), constant)
        case ["column", [*parts]] if parts and all(isinstance(part, str) for part in parts):
            return ColumnRef(tuple(parts))
        case ["column", [*parts], lateral] if parts and all(isinstance(part, str) for part in parts):
            return ColumnRef(tuple(parts), _read(lateral, count, depth + 1))
        case ["call", str(name), [*args]]:
            return _call(name, tuple(_read(arg, count, depth + 1) for arg in args))
        case ["case", [*branches], otherwise] if branches:
            pairs = []
            for branch in branches:
                if not isinstance(branch, list) or len(branch) != 2:
                    raise ValueError("a branch of CASE is a condition and a value")
                pairs.append((_read(branch[0], count, depth + 1), _read(branch[1], count, depth + 1)))
            return Case(tuple(pairs), None if otherwise is None else _read(otherwise, count, depth + 1))
        case ["cast", inner, kind, bool(attempt)]:
            return Cast(_read(inner, count, depth + 1), from_json(kind), attempt)
        case ["lambda", [*parameters], body] if parameters and all(isinstance(name, str) for name in parameters):
            return Lambda(tuple(parameters), _read(body, count, depth + 1))
        case ["variable", str(name)]:
            return Variable(name)
    raise ValueError("a SQL expression has a node of an unknown kind")


def _call(name: str, args: tuple[Expression, ...]) -> Call:
    function = find_function(name)
    if function is None:
        own = f"if a package with the entry point group `{GROUP}` brings it, install that"
        raise ValueError(f"a SQL expression calls {name!r}, which this version of mabridge does not know; {own}")
    fewest, most = function.arity
    if len(args) < fewest or (most is not None and len(args) > most):
        raise ValueError(f"a SQL expression calls {name} with {len(args)} arguments")
    return Call(name, args)


def _literal(kind: DataType, value: Any) -> Literal:
    if value is None:
        return Literal(None, kind)
    match kind:
        case NullType():
            pass
        case BooleanType():
            if isinstance(value, bool):
                return Literal(value, kind)
        case StringType():
            if isinstance(value, str):
                return Literal(value, kind)
        case BinaryType():
            if isinstance(value, str) and len(value) % 2 == 0 and re.fullmatch("[0-9a-f]*", value) is not None:
                return Literal(bytes.fromhex(value), kind)
        case DoubleType() | FloatType():
            if isinstance(value, str) and value in _FLOATS:
                return Literal(_FLOATS[value], kind)
            if isinstance(value, (int, float)) and not isinstance(value, bool):
                return Literal(float(value), kind)
        case DecimalType(precision, scale):
            return Literal(_decimal(value, precision, scale), kind)
        case _ if type(kind) in _RANGES:
            bits = _RANGES[type(kind)]
            if isinstance(value, int) and not isinstance(value, bool) and -(1 << bits - 1) <= value < 1 << bits - 1:
                return Literal(value, kind)
    raise ValueError(f"a SQL literal of type {kind} does not hold such a value")


def _decimal(value: Any, precision: int, scale: int) -> Decimal:
    if isinstance(value, str) and len(value) <= 60:
        try:
            number = Decimal(value)
        except InvalidOperation:
            number = Decimal("NaN")
        if number.is_finite():
            _, digits, exponent = number.as_tuple()
            if exponent == -scale and len(digits) <= precision:
                return number
    raise ValueError(f"a SQL literal of type decimal({precision},{scale}) does not hold such a value")
