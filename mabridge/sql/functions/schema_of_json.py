"""The schema of a JSON text (SchemaOfJson and JsonInferSchema, Spark 3.5)."""

from __future__ import annotations

import re
from functools import reduce

from mabridge.lower.columns import ScalarColumn
from mabridge.plan.types import ArrayType, BooleanType, DataType, DecimalType, DoubleType, LongType, NullType, StringType, StructType
from mabridge.sql.cells import constant
from mabridge.sql.coercion import decimal_for, tightest
from mabridge.sql.evaluate import Running
from mabridge.sql.functions.from_json import NUMBERS
from mabridge.sql.functions.function import Args, Function, NotSupported, Signature, TypeMismatch
from mabridge.sql.functions.rules import TEXT
from mabridge.sql.json_text import MalformedJsonError, Members, Node, Number, is_blank, read_json
from mabridge.sql.scope import Session
from mabridge.sql.typed import Constant


def _types(args: Args, session: Session) -> Signature:
    if len(args) > 1:
        raise NotSupported("the options of schema_of_json are not supported; leave them out.")
    text = args[0].value if isinstance(args[0], Constant) else None
    if not isinstance(text, str):
        raise TypeMismatch(f"{args[0].shown} is no constant string; Spark refuses this too.")
    try:
        schema_of_json(text)
    except MalformedJsonError as error:
        raise TypeMismatch(f"{text!r} is no JSON ({error}); Spark refuses this too.") from error
    return Signature((TEXT,), TEXT, nullable=False)


def _kernel(running: Running) -> ScalarColumn:
    text = running.call.args[0]
    assert isinstance(text, Constant)
    return constant(TEXT, schema_of_json(text.value))


def schema_of_json(text: str) -> str:
    """The schema as Spark's DDL writes it.

    Raises:
        MalformedJsonError: the text is no JSON.
    """
    kind = NullType() if is_blank(text) else _inferred(read_json(text, controls=False, words=NUMBERS))
    if isinstance(kind, ArrayType) and isinstance(kind.element, StructType):
        return _sql(ArrayType(_canonical(kind.element) or StructType()))
    return _sql(_canonical(kind) or (StructType() if isinstance(kind, StructType) else StringType()))


def _inferred(node: Node) -> DataType:
    match node:
        case None | "":
            return NullType()
        case bool():
            return BooleanType()
        case str():
            return StringType()
        case Number():
            return _number(node)
        case list():
            start: DataType = NullType()
            return ArrayType(reduce(_merged, map(_inferred, node), start))
        case Members(pairs):
            return StructType(
                tuple(sorted(((name, _inferred(value)) for name, value in pairs), key=lambda field: field[0].encode("utf-16-be", "surrogatepass")))
            )


def _number(number: Number) -> DataType:
    if not number.whole:
        return DoubleType()
    value = int(number.text)
    if -(2**63) <= value < 2**63:
        return LongType()
    digits = len(str(abs(value)))
    return DecimalType(digits, 0) if digits <= 38 else DoubleType()


def _merged(left: DataType, right: DataType) -> DataType:
    """`compatibleType`: string where nothing else has both."""
    match left, right:
        case StructType(), StructType():
            fields = dict(left.fields)
            for name, kind in right.fields:
                fields[name] = _merged(fields[name], kind) if name in fields else kind
            return StructType(tuple(sorted(fields.items(), key=lambda field: field[0].encode("utf-16-be", "surrogatepass"))))
        case ArrayType(), ArrayType():
            return ArrayType(_merged(left.element, right.element))
    found = tightest(left, right)
    if found is not None:
        return found
    one, other = decimal_for(left), decimal_for(right)
    if one is not None and other is not None:
        digits = max(one.precision, other.precision)
        return DecimalType(digits, 0) if digits <= 38 else DoubleType()
    return DoubleType() if {type(left), type(right)} == {DoubleType, DecimalType} else StringType()


def _canonical(kind: DataType) -> DataType | None:
    """Without fields that have no name and without empty structs; what is only null is a string."""
    match kind:
        case NullType():
            return StringType()
        case ArrayType(element):
            found = _canonical(element)
            return None if found is None else ArrayType(found)
        case StructType(fields):
            kept = tuple((name, inner) for name, kind in fields if name and (inner := _canonical(kind)) is not None)
            return StructType(kept) if kept else None
    return kind


def _sql(kind: DataType) -> str:
    match kind:
        case ArrayType(element):
            return f"ARRAY<{_sql(element)}>"
        case StructType(fields):
            return f"STRUCT<{', '.join(f'{_quoted(name)}: {_sql(inner)}' for name, inner in fields)}>"
    return kind.simple_string.upper()


def _quoted(name: str) -> str:
    plain = re.fullmatch(r"[a-zA-Z0-9_]+", name) and not name.isdigit()
    return name if plain else f"`{name.replace('`', '``')}`"


FUNCTIONS = (Function(("schema_of_json",), (1, 2), _types, _kernel),)
