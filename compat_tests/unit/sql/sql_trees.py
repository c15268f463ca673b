"""Trees of expressions in one form, whether our reader or Spark's parser made them."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from mabridge.plan.types import BooleanType, DateType, DoubleType, FloatType
from mabridge.sql import Call, Case, Cast, ColumnRef, Expression, Item, Lambda, Literal, Variable, parse_statement
from mabridge.sql.java_text import double_text, float_text

Form = tuple[Any, ...]

#: Spark's JSON has the types' type names, not their simple strings.
_TYPE_NAMES = {"int": "integer", "bigint": "long", "smallint": "short", "tinyint": "byte"}
_CLASSES = {
    "Add": "+",
    "Subtract": "-",
    "Multiply": "*",
    "Divide": "/",
    "Remainder": "%",
    "IntegralDivide": "div",
    "Concat": "||",
    "BitwiseAnd": "&",
    "BitwiseOr": "|",
    "BitwiseXor": "^",
    "BitwiseNot": "~",
    "EqualTo": "=",
    "EqualNullSafe": "<=>",
    "LessThan": "<",
    "LessThanOrEqual": "<=",
    "GreaterThan": ">",
    "GreaterThanOrEqual": ">=",
    "And": "and",
    "Or": "or",
    "Not": "not",
    "In": "in",
    "Like": "like",
    "IsNull": "isnull",
    "IsNotNull": "isnotnull",
    "UnaryMinus": "unary -",
    "UnaryPositive": "positive",
    "UnresolvedExtractValue": "[]",
    "LambdaFunction": "lambda",
    "Substring": "substring",
    "StringTrim": "trim both",
    "StringTrimLeft": "trim leading",
    "StringTrimRight": "trim trailing",
    "StringLocate": "locate",
    "Overlay": "overlay",
}


def parse(text: str) -> Expression:
    """One expression, read as an item of a statement."""
    (item,) = parse_statement(f"SELECT {text} AS x FROM __THIS__").items
    assert isinstance(item, Item)
    return item.expression


def shown(expression: Expression) -> str:
    """The tree with every pair of parentheses written, operators first."""
    match expression:
        case Literal(value):
            return repr(value)
        case ColumnRef(parts):
            return ".".join(parts)
        case Call(name, args):
            return f"({' '.join([name, *map(shown, args)])})"
        case Case():
            return f"(case {' '.join(map(shown, expression.children()))})"
        case Cast(value, kind, attempt):
            return f"({'try_cast' if attempt else 'cast'} {shown(value)} {kind})"
        case Lambda(parameters, body):
            return f"(({' '.join(parameters)}) -> {shown(body)})"
        case Variable(name):
            return f"${name}"
    raise AssertionError(expression)


def our_form(expression: Expression) -> Form:
    """Our tree in the common form."""
    match expression:
        case Literal(value, kind):
            return ("literal", _type_name(str(kind)), None if value is None else _literal_text(value, kind))
        case ColumnRef(parts):
            return ("column", f"[{', '.join(parts)}]")
        case Call(name, args):
            return ("[]" if name == "." else name, *map(our_form, args))
        case Lambda(parameters, body):
            return ("lambda", our_form(body), *(("variable", name.lower()) for name in parameters))
        case Variable(name):
            return ("variable", name.lower())
        case Case():
            return ("case", *map(our_form, expression.children()))
        case Cast(value, kind):
            return ("cast", _type_name(str(kind)), our_form(value))
    raise AssertionError(expression)


def spark_form(text: str) -> Form:
    """Spark's tree (`Expression.toJSON`: its nodes in preorder) in the common form; a class that is not known here stays under its name."""
    nodes = iter(json.loads(text))

    def read() -> Form:
        node = next(nodes)
        name = node["class"].rsplit(".", 1)[1]
        children = [read() for _ in range(node["num-children"])]
        match name:
            case "UnresolvedAttribute":
                return ("column", node["nameParts"])
            case "Literal":
                return ("literal", node["dataType"], node.get("value"))
            case "UnresolvedFunction":
                return (node["nameParts"][1:-1].lower(), *children)
            case "CaseWhen":
                return ("case", *children)
            case "Cast":
                return ("cast", node["dataType"], *children)
            case "UnresolvedNamedLambdaVariable":
                found = ("variable", *[part.strip().lower() for part in node["nameParts"][1:-1].split(",")])
                for field in found[2:]:
                    found = ("[]", ("variable", found[1]), ("literal", "string", field))
                return found
            case "CreateNamedStruct":
                return ("struct", *(child[1] if child[0] == "Alias" else child for child in children))
        return (_CLASSES.get(name, name), *children)

    found = read()
    assert next(nodes, None) is None
    return found


def _type_name(simple: str) -> str:
    return _TYPE_NAMES.get(simple, simple)


def _literal_text(value: Any, kind: Any) -> str:
    match kind:
        case BooleanType():
            return str(value).lower()
        case DoubleType():
            return double_text(value)
        case FloatType():
            return float_text(value)
        case DateType():
            return (dt.date(1970, 1, 1) + dt.timedelta(days=value)).isoformat()
    return str(value)
