"""Functions of JSON texts (jsonExpressions.scala and JacksonGenerator, Spark 3.5)."""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from mabridge.lower.columns import ScalarColumn
from mabridge.plan.types import (
    ArrayType,
    BinaryType,
    BooleanType,
    DataType,
    DecimalType,
    DoubleType,
    FloatType,
    MapType,
    NullType,
    NumericType,
    StringType,
    StructType,
)
from mabridge.sql.arrays import Places, array_of, elements_of, entries_of
from mabridge.sql.cells import nulls, with_valid
from mabridge.sql.coercion import FRACTIONAL, INTEGRAL
from mabridge.sql.distinct import over_distinct, over_distinct_columns
from mabridge.sql.evaluate import Running
from mabridge.sql.functions.collections import expanded, gather, present
from mabridge.sql.functions.function import Args, Function, NotSupported, Signature, TypeMismatch, TypeRule
from mabridge.sql.functions.rules import INT, TEXT
from mabridge.sql.java_text import texts
from mabridge.sql.json_text import get_json_object, json_array_length, json_object_keys, read_path, write_string
from mabridge.sql.scope import Session


def _distinct(compute: Callable[..., Any]) -> Callable[[Running], ScalarColumn]:
    return lambda running: over_distinct(running, compute)


def _texts_to(gives: DataType) -> TypeRule:
    """Arguments that are strings without a cast (ExpectsInputTypes)."""

    def rule(args: Args, session: Session) -> Signature:
        for arg in args:
            if not isinstance(arg.kind, (StringType, NullType)):
                raise TypeMismatch(f"{arg.shown} is {arg.kind}, where a string is expected; Spark refuses this too.")
        return Signature((TEXT,) * len(args), gives, nullable=True)

    return rule


def _get(text: str, path: str) -> str | None:
    steps = read_path(path)
    return None if steps is None else get_json_object(text, steps)


def _to_json_types(args: Args, session: Session) -> Signature:
    if len(args) > 1:
        raise NotSupported("the options of to_json are not supported; leave them out.")
    kind = args[0].kind
    if not isinstance(kind, (StructType, MapType, ArrayType, NullType)):
        raise TypeMismatch(f"{args[0].shown} is {kind}, where a struct, a map or an array is expected; Spark refuses this too.")
    _writable(kind)
    return Signature((kind,), TEXT)


def _writable(kind: DataType) -> None:
    match kind:
        case ArrayType(element):
            return _writable(element)
        case MapType(key, value):
            if not isinstance(key, (StringType, *INTEGRAL, BooleanType, DoubleType, FloatType)):
                raise NotSupported(f"JSON of a map whose keys are {key} is not supported; cast the keys to string.")
            return _writable(value)
        case StructType(fields):
            for _, inner in fields:
                _writable(inner)
            return None
    if not isinstance(kind, (NumericType, StringType, BooleanType, BinaryType, NullType)):
        raise NotSupported(f"JSON of {kind} is not supported; cast it to string with the format that you want.")
    return None


def _to_json(running: Running) -> ScalarColumn:
    _, (column,) = expanded(running)
    if isinstance(column.kind, NullType):
        return nulls(TEXT)
    return with_valid(ScalarColumn.of_arrow(TEXT, _json(column)), column.valid)


def _json(column: ScalarColumn) -> pa.Array:
    """Each value as JSON; a null is unspecified."""
    kind = column.kind
    match kind:
        case ArrayType():
            found = elements_of(column)
            return _wrapped("[", _listed(_json(found.values), present(found.values), found.lengths), "]")
        case MapType():
            entries = entries_of(column)
            names = _names(entries.keys)
            values = _or_null(_json(entries.values), present(entries.values))
            pairs = pc.binary_join_element_wise(names, values, ":")
            return _wrapped("{", _listed(pairs, None, entries.lengths), "}")
        case StructType(fields):
            return _struct(column, fields)
        case NullType():
            return pa.array(["null"] * len(column), pa.string())
        case BooleanType():
            return pa.array(["false", "true"]).take(pa.array(column.values.astype(np.int64)))
        case DecimalType():
            return pa.array([None if value is None else str(value) for value in column.arrow.to_pylist()], pa.string())
        case BinaryType():
            return pa.array([None if value is None else f'"{base64.b64encode(value).decode()}"' for value in column.arrow.to_pylist()], pa.string())
        case StringType():
            return over_distinct_columns([column], len(column), pa.string(), write_string)
    if isinstance(kind, FRACTIONAL):
        written = texts(np.ascontiguousarray(column.values), None)
        return pc.if_else(pa.array(np.isfinite(column.values)), written, pc.binary_join_element_wise('"', written, '"', ""))
    return column.arrow.cast(pa.string())


def _names(keys: ScalarColumn) -> pa.Array:
    if isinstance(keys.kind, StringType):
        return _json(keys)
    written = texts(np.ascontiguousarray(keys.values), None) if isinstance(keys.kind, FRACTIONAL) else _json(keys)
    return pc.binary_join_element_wise('"', written, '"', "")


def _or_null(written: pa.Array, known: np.ndarray[Any, np.dtype[np.bool_]]) -> pa.Array:
    return pc.if_else(pa.array(known), written, pa.scalar("null")) if len(known) else written


def _wrapped(left: str, inside: pa.Array, right: str) -> pa.Array:
    return pc.binary_join_element_wise(left, inside, right, "")


def _listed(written: pa.Array, known: np.ndarray[Any, np.dtype[np.bool_]] | None, lengths: Places) -> pa.Array:
    if known is not None:
        written = _or_null(written, known)
    return pc.binary_join(array_of(ArrayType(TEXT), lengths, ScalarColumn.of_arrow(TEXT, written), None).arrow, ",")


def _struct(column: ScalarColumn, fields: Sequence[tuple[str, DataType]]) -> pa.Array:
    """The fields that are not null."""
    rows = len(column)
    if not fields:
        return pa.array(["{}"] * rows, pa.string())
    written, known = [], []
    for place, (name, kind) in enumerate(fields):
        part = ScalarColumn.of_arrow(kind, column.arrow.field(place))
        written.append(pc.binary_join_element_wise(f"{write_string(name)}:", _json(part), ""))
        known.append(np.zeros(rows, np.bool_) if isinstance(kind, NullType) else present(part))
    whole = ScalarColumn.of_arrow(TEXT, pa.concat_arrays(written))
    places = (np.arange(rows)[:, None] + rows * np.arange(len(fields))[None, :]).reshape(-1)
    there = np.column_stack(known)
    pieces = gather(whole, places[there.reshape(-1)])
    lengths = there.sum(axis=1).astype(np.int64)
    joined = pc.binary_join(array_of(ArrayType(TEXT), lengths, pieces, None).arrow, ",")
    return _wrapped("{", joined, "}")


FUNCTIONS = (
    Function(("get_json_object",), (2, 2), _texts_to(TEXT), _distinct(_get)),
    Function(("json_array_length",), (1, 1), _texts_to(INT), _distinct(json_array_length)),
    Function(("json_object_keys",), (1, 1), _texts_to(ArrayType(TEXT)), _distinct(json_object_keys)),
    Function(("to_json",), (1, 2), _to_json_types, _to_json),
)
