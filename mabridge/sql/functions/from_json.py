"""JSON texts as values of a schema (JsonToStructs and JacksonParser, Spark 3.5): what does not fit becomes null, part by part."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any

from mabridge.errors import InvalidInputError
from mabridge.lower.columns import ScalarColumn
from mabridge.plan.reference import major_minor
from mabridge.plan.types import (
    ArrayType,
    BooleanType,
    ByteType,
    DataType,
    DecimalType,
    DoubleType,
    FloatType,
    IntegerType,
    LongType,
    MapType,
    NullType,
    ShortType,
    StringType,
    StructType,
    arrow_type,
)
from mabridge.sql.coercion import INTEGRAL
from mabridge.sql.ddl import DdlError, read_schema
from mabridge.sql.distinct import over_distinct_columns
from mabridge.sql.evaluate import Running
from mabridge.sql.functions.cast_text import parse_float
from mabridge.sql.functions.function import Args, Function, NotSupported, Signature, TypeMismatch, as_call
from mabridge.sql.functions.rules import TEXT
from mabridge.sql.json_text import MalformedJsonError, Members, Node, Number, as_utf8, is_blank, read_json, write_json
from mabridge.sql.scope import Session
from mabridge.sql.typed import Constant

_WORDS = {"NaN": "nan", "Infinity": "inf", "+Infinity": "inf", "-Infinity": "-inf", "+INF": "inf", "-INF": "-inf"}
#: Words that stand for numbers.
NUMBERS = {word: Number(text, whole=False) for word, text in _WORDS.items()}
_BITS: dict[type[DataType], int] = {ByteType: 8, ShortType: 16, IntegerType: 32, LongType: 64}
_DECIMAL = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,9})?", re.ASCII)


class _UnfitError(Exception):
    """A value does not fit its type."""


def _types(args: Args, session: Session) -> Signature:
    if len(args) > 2:
        raise NotSupported("the options of from_json are not supported; leave them out.")
    if not isinstance(args[0].kind, (StringType, NullType)):
        raise TypeMismatch(f"{args[0].shown} is {args[0].kind}, where a string is expected; Spark refuses this too.")
    schema = args[1].value if isinstance(args[1], Constant) else None
    if not isinstance(schema, str):
        raise TypeMismatch(f"the schema {args[1].shown} is no constant string; Spark refuses this too.")
    if major_minor(session.spark_version) != (3, 5):
        raise NotSupported("from_json has Spark 3.5's answers and other versions have others; take the values out with get_json_object.")
    try:
        kind = read_schema(schema)
    except DdlError as error:
        raise TypeMismatch(f"the schema {schema!r} is not read: {error}; write types without NOT NULL and COMMENT.") from error
    if not isinstance(kind, (StructType, ArrayType, MapType)):
        raise TypeMismatch(f"the schema is {kind}, where a struct, an array or a map is expected; Spark refuses this too.")
    _check(kind)
    return Signature((TEXT, TEXT), kind, nullable=True, may_raise=True)


def _check(kind: DataType) -> None:
    """Refuse a schema that mabridge does not fill.

    Raises:
        TypeMismatch: Spark refuses it.
        NotSupported: Spark does not.
    """
    match kind:
        case ArrayType(element):
            return _check(element)
        case MapType(key, value):
            if not isinstance(key, StringType):
                raise TypeMismatch(f"the schema has a map with keys of type {key}, where string is expected; Spark refuses this too.")
            return _check(value)
        case StructType(fields):
            if len({name for name, _ in fields}) < len(fields):
                raise NotSupported("a schema with a field twice is not supported; give each field a name of its own.")
            for name, inner in fields:
                if name == "_corrupt_record":
                    raise NotSupported("a schema with the field _corrupt_record is not supported; leave it out.")
                _check(inner)
            return None
    if not isinstance(kind, (*INTEGRAL, FloatType, DoubleType, DecimalType, BooleanType, StringType)):
        raise NotSupported(f"from_json does not read {kind} here; read a string and cast it.")
    return None


def _converted(node: Node, kind: DataType) -> tuple[Any, bool]:
    """A value as Arrow takes it, and whether all parts of it fit.

    Raises:
        _UnfitError: it does not fit as a whole.
    """
    if node is None:
        return None, True
    match kind:
        case StructType() if isinstance(node, Members):
            return _struct(node, kind)
        case ArrayType(element) if isinstance(node, list):
            found = [_converted(value, element) for value in node]
            return [value for value, _ in found], all(fits for _, fits in found)
        case MapType() if isinstance(node, Members):
            found = [_converted(value, kind.value) for _, value in node.pairs]
            return [(as_utf8(name), value) for (name, _), (value, _) in zip(node.pairs, found, strict=True)], all(fits for _, fits in found)
        case StringType():
            return as_utf8(node) if isinstance(node, str) else write_json(node, escaped=True), True
        case BooleanType() if isinstance(node, bool):
            return node, True
    if isinstance(node, (Number, str)):
        return _number(node, kind), True
    raise _UnfitError


def _struct(node: Members, kind: StructType) -> tuple[dict[str, Any], bool]:
    places = dict(kind.fields)
    found: dict[str, Any] = dict.fromkeys(places)
    whole = True
    for name, value in node.pairs:
        if name in places:
            try:
                found[name], fits = _converted(value, places[name])
                whole = whole and fits
            except _UnfitError:
                whole = False
    return found, whole


def _number(node: Number | str, kind: DataType) -> Any:
    if isinstance(kind, DecimalType):
        return _decimal(node, kind)
    if isinstance(kind, (DoubleType, FloatType)):
        if isinstance(node, str) and node not in _WORDS:
            raise _UnfitError
        # An integer's -0 is an int before it is a double.
        text = _WORDS[node] if isinstance(node, str) else "0" if node.text == "-0" else node.text
        return parse_float(text) if isinstance(kind, FloatType) else float(text)
    if type(kind) in _BITS and isinstance(node, Number) and node.whole:
        value, limit = int(node.text), 1 << _BITS[type(kind)] - 1
        if -limit <= value < limit:
            return value
    raise _UnfitError


def _decimal(node: Number | str, kind: DecimalType) -> Decimal:
    text = node.replace(",", "") if isinstance(node, str) else node.text
    if not _DECIMAL.fullmatch(text):
        raise _UnfitError
    value = Decimal(text)
    if value and value.adjusted() > 60:
        raise _UnfitError
    if value and value.adjusted() < -60:
        value = Decimal(0)
    scaled = value.quantize(Decimal(1).scaleb(-kind.scale), ROUND_HALF_UP, Context(prec=200))
    if scaled and scaled.adjusted() >= kind.precision - kind.scale:
        raise _UnfitError
    return scaled


def _is_read(error: MalformedJsonError, root: str, kind: DataType) -> bool:
    """Whether Spark comes upon the error while it converts a member, so that it takes the member for null and reads on from wherever the error left it."""
    if root == "[":
        while isinstance(kind, ArrayType):
            kind = kind.element
    elif isinstance(kind, ArrayType):
        kind = kind.element if isinstance(kind.element, StructType) else NullType()
    if error.field is None or not isinstance(kind, (StructType, MapType)):
        return False
    target = kind.value if isinstance(kind, MapType) else dict(kind.fields).get(error.field)
    if error.first == "{":
        return isinstance(target, (StructType, MapType, StringType))
    if error.first == "[":
        return isinstance(target, (ArrayType, StringType))
    return target is not None


def _reader(kind: DataType) -> Callable[..., Any]:
    """From a text to the schema's value; a struct of nulls where nothing fits, null for the other types."""
    nothing = dict.fromkeys(name for name, _ in kind.fields) if isinstance(kind, StructType) else None

    def read(text: str, *_: str) -> Any:
        if is_blank(text):
            return None
        try:
            node = read_json(text, controls=False, words=NUMBERS)
            if node is None:
                return nothing
            if isinstance(kind, ArrayType) and isinstance(kind.element, StructType) and isinstance(node, Members):
                # One object stands for an array of it.
                node = [node]
            return _converted(node, kind)[0]
        except MalformedJsonError as error:
            if error.ended or not _is_read(error, text.lstrip(" \t\r\n")[:1], kind):
                return nothing
            raise InvalidInputError(
                f"The JSON text {text[:80]!r} is no JSON inside of the value of `{error.field}`; what from_json reads of such a text depends on how "
                "Spark's parser goes on, so it is refused; mend the text before prediction."
            ) from error
        except _UnfitError:
            return nothing

    return read


def _from_json(running: Running) -> ScalarColumn:
    kind, text = running.kind, running.column(0)
    return ScalarColumn.of_arrow(kind, over_distinct_columns([text], len(text), arrow_type(kind), _reader(kind)))


def _show(name: str, args: Sequence[str]) -> str:
    try:
        return "entries" if isinstance(read_schema(args[1]), MapType) else as_call(name, args[:1])
    except DdlError:
        return as_call(name, args[:1])


FUNCTIONS = (Function(("from_json",), (2, 3), _types, _from_json, _show),)
