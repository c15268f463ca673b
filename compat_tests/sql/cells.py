"""Values of Spark's types as JSON, without loss.

Numbers are JSON numbers (Python reads and writes NaN, Infinity and -0.0), decimals text, dates days, timestamps microseconds, binary hexadecimal
digits, arrays lists, maps lists of pairs, structs lists of their fields. Bytes of a string that are no UTF-8 are Python's surrogate escapes. Types are
what Spark's own schema JSON says. A type that Arrow cannot hold is recorded as the text that CAST AS STRING gives.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

import pyarrow as pa

#: What CAST AS STRING stands in for.
AS_TEXT = re.compile(r"^(interval( year| month| year to month)?|variant|char\(.*|varchar\(.*|geometry.*|geography.*)$")

_SIMPLE: dict[str, pa.DataType] = {
    "void": pa.null(),
    "boolean": pa.bool_(),
    "byte": pa.int8(),
    "short": pa.int16(),
    "integer": pa.int32(),
    "long": pa.int64(),
    "float": pa.float32(),
    "double": pa.float64(),
    "string": pa.string(),
    "binary": pa.binary(),
    "date": pa.date32(),
    "timestamp": pa.timestamp("us", tz="UTC"),
    "timestamp_ntz": pa.timestamp("us"),
}
_DECIMAL = re.compile(r"decimal\((\d+),\s*(-?\d+)\)")


def is_decimal(kind: Any) -> bool:
    """Whether a type of schema JSON is a decimal."""
    return isinstance(kind, str) and _DECIMAL.fullmatch(kind) is not None


def digits(kind: str) -> tuple[int, int]:
    """Precision and scale of a decimal type."""
    found = _DECIMAL.fullmatch(kind)
    assert found is not None
    return int(found[1]), int(found[2])


def arrow_of(kind: Any) -> pa.DataType:
    """The Arrow type of a type of Spark's schema JSON.

    Raises:
        KeyError: Arrow has none, or Spark does not take it from Arrow.
    """
    if is_decimal(kind):
        return pa.decimal128(*digits(kind))
    if isinstance(kind, dict):
        if kind["type"] == "array":
            return pa.list_(pa.field("element", arrow_of(kind["elementType"])))
        if kind["type"] == "map":
            return pa.map_(arrow_of(kind["keyType"]), arrow_of(kind["valueType"]))
        return pa.struct([pa.field(field["name"], arrow_of(field["type"])) for field in _fields(kind)])
    return _SIMPLE["string" if kind.startswith("string collate") else kind]


def plain(kind: Any) -> Any:
    """The type without nullability and metadata, which are not compared."""
    if not isinstance(kind, dict):
        return kind
    if kind["type"] == "array":
        return {"type": "array", "elementType": plain(kind["elementType"])}
    if kind["type"] == "map":
        return {"type": "map", "keyType": plain(kind["keyType"]), "valueType": plain(kind["valueType"])}
    if kind["type"] == "struct":
        return {"type": "struct", "fields": [{"name": field["name"], "type": plain(field["type"])} for field in _fields(kind)]}
    return kind


def any_part(kind: Any, test: Callable[[Any], bool]) -> bool:
    """Whether the type or one nested in it passes a test."""
    if test(kind):
        return True
    if not isinstance(kind, dict):
        return False
    inner = [kind[name] for name in ("elementType", "keyType", "valueType") if name in kind] + [field["type"] for field in kind.get("fields", [])]
    return any(any_part(part, test) for part in inner)


def to_cells(array: pa.Array, kind: Any) -> list[Any]:
    """An Arrow array of a Spark type as JSON values."""
    if isinstance(array, pa.ChunkedArray):
        return [cell for chunk in array.chunks for cell in to_cells(chunk, kind)]
    here = array.is_valid().to_pylist()
    values: Sequence[Any]
    if isinstance(kind, dict):
        values = _nested(array, kind, here)
    elif isinstance(array, pa.StringArray | pa.LargeStringArray):
        values = [None if value is None else value.decode("utf-8", "surrogateescape") for value in array.cast(pa.large_binary()).to_pylist()]
    elif pa.types.is_binary(array.type) or pa.types.is_large_binary(array.type):
        values = [None if value is None else value.hex() for value in array.to_pylist()]
    elif pa.types.is_decimal(array.type):
        values = [None if value is None else format(value, "f") for value in array.to_pylist()]
    elif pa.types.is_date32(array.type) or pa.types.is_time32(array.type):
        values = array.view(pa.int32()).to_pylist()
    elif pa.types.is_temporal(array.type):
        values = array.view(pa.int64()).to_pylist()
    else:
        values = array.to_pylist()
    return [value if valid else None for value, valid in zip(values, here, strict=True)]


def _nested(array: pa.Array, kind: dict[str, Any], here: list[bool]) -> list[Any]:
    if kind["type"] == "array":
        return [to_cells(array[row].values, kind["elementType"]) if valid else None for row, valid in enumerate(here)]
    if kind["type"] == "map":
        found: list[Any] = []
        for row, valid in enumerate(here):
            entries = array[row].values if valid else None
            pairs = None if entries is None else zip(to_cells(entries.field(0), kind["keyType"]), to_cells(entries.field(1), kind["valueType"]), strict=True)
            found.append(None if pairs is None else [list(pair) for pair in pairs])
        return found
    columns = [to_cells(array.field(place), field["type"]) for place, field in enumerate(_fields(kind))]
    return [list(row) for row in zip(*columns, strict=True)] if columns else [[] for _ in here]


def from_cells(values: Sequence[Any], kind: Any) -> pa.Array:
    """The Arrow array of `arrow_of(kind)` that JSON values stand for."""
    target = arrow_of(kind)
    if isinstance(kind, dict) or is_decimal(kind):
        return _built(values, kind, target)
    if pa.types.is_string(target):
        raw = pa.array([None if value is None else value.encode("utf-8", "surrogateescape") for value in values], pa.binary())
        return pa.StringArray.from_buffers(len(raw), raw.buffers()[1], raw.buffers()[2], raw.buffers()[0], raw.null_count)
    if pa.types.is_binary(target):
        return pa.array([None if value is None else bytes.fromhex(value) for value in values], target)
    if pa.types.is_date32(target):
        return pa.array(values, pa.int32()).view(target)
    if pa.types.is_timestamp(target):
        return pa.array(values, pa.int64()).view(target)
    return pa.array(values, target)


def _built(values: Sequence[Any], kind: Any, target: pa.DataType) -> pa.Array:
    missing = pa.array([value is None for value in values], pa.bool_())
    if is_decimal(kind):
        return pa.array([None if value is None else Decimal(value) for value in values], target)
    if kind["type"] == "struct":
        fields = _fields(kind)
        children = [from_cells([None if value is None else value[place] for value in values], field["type"]) for place, field in enumerate(fields)]
        return pa.StructArray.from_arrays(children, fields=[target.field(place) for place in range(len(fields))], mask=missing)
    offsets = [0]
    flat: list[Any] = []
    for value in values:
        flat.extend(value or [])
        offsets.append(len(flat))
    # Arrow marks a null list by a null offset.
    marked = pa.array([None if place < len(values) and values[place] is None else offset for place, offset in enumerate(offsets)], pa.int32())
    if kind["type"] == "array":
        return pa.ListArray.from_arrays(marked, from_cells(flat, kind["elementType"]), type=target)
    keys = from_cells([pair[0] for pair in flat], kind["keyType"])
    return pa.MapArray.from_arrays(marked, keys, from_cells([pair[1] for pair in flat], kind["valueType"]))


def _fields(kind: dict[str, Any]) -> list[dict[str, Any]]:
    fields: list[dict[str, Any]] = kind["fields"]
    return fields
