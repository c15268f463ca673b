"""Spark's own schema in a parquet file's metadata: read for vectors' sizes, written so that Spark reads vectors back."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from mabridge.plan.attributes import AttributeGroup, Attributes, read_attribute, read_group
from mabridge.plan.types import (
    ArrayType,
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
    MapType,
    NullType,
    NumericType,
    ShortType,
    StringType,
    StructType,
    TimestampNTZType,
    TimestampType,
    VectorType,
    YearMonthIntervalType,
    from_arrow,
)

#: The parquet key under which Spark stores its schema as JSON.
ROW_METADATA = b"org.apache.spark.sql.parquet.row.metadata"

#: A schema text longer than this is not read: it only refines sizes.
_MAX_METADATA = 16 * 2**20

#: Metadata nested deeper than this is not read; Spark's own is five deep.
_MAX_DEPTH = 32

_NAMES: dict[type[DataType], str] = {
    NullType: "void",
    BooleanType: "boolean",
    ByteType: "byte",
    ShortType: "short",
    IntegerType: "integer",
    LongType: "long",
    FloatType: "float",
    DoubleType: "double",
    StringType: "string",
    BinaryType: "binary",
    DateType: "date",
    TimestampType: "timestamp",
    TimestampNTZType: "timestamp_ntz",
}

_VECTOR = {
    "type": "udt",
    "class": "org.apache.spark.ml.linalg.VectorUDT",
    "pyClass": "pyspark.ml.linalg.VectorUDT",
    "sqlType": {
        "type": "struct",
        "fields": [
            {"name": "type", "type": "byte", "nullable": False, "metadata": {}},
            {"name": "size", "type": "integer", "nullable": True, "metadata": {}},
            {"name": "indices", "type": {"type": "array", "elementType": "integer", "containsNull": False}, "nullable": True, "metadata": {}},
            {"name": "values", "type": {"type": "array", "elementType": "double", "containsNull": False}, "nullable": True, "metadata": {}},
        ],
    },
}


def _spark_json(kind: DataType) -> Any:
    match kind:
        case DecimalType():
            return kind.simple_string
        case YearMonthIntervalType() | DayTimeIntervalType():
            return kind.simple_string
        case VectorType():
            return _VECTOR
        case ArrayType(element):
            return {"type": "array", "elementType": _spark_json(element), "containsNull": True}
        case MapType(key, value):
            return {"type": "map", "keyType": _spark_json(key), "valueType": _spark_json(value), "valueContainsNull": True}
        case StructType(fields):
            return {"type": "struct", "fields": [{"name": name, "type": _spark_json(inner), "nullable": True, "metadata": {}} for name, inner in fields]}
    return _NAMES[type(kind)]


def row_metadata(columns: Iterable[tuple[str, DataType]], metadata: Sequence[Mapping[str, Any]] | None = None) -> bytes:
    """Spark's schema JSON of columns.

    Every column is written as nullable: Spark reads each column of a file as nullable, whatever is written here.

    Args:
        columns: names and types.
        metadata: the metadata of each, in the same order; None where none has any.
    """
    fields = [
        {"name": name, "type": _spark_json(kind), "nullable": True, "metadata": {} if metadata is None else metadata[place]}
        for place, (name, kind) in enumerate(columns)
    ]
    return json.dumps({"type": "struct", "fields": fields}, separators=(",", ":"), ensure_ascii=False).encode(errors="replace")


@dataclass(frozen=True)
class InputColumn:
    """A column of the data as Spark sees it.

    Attributes:
        name: its name.
        kind: its type; a vector's size comes from Spark's attribute metadata where the file carries it.
        attributes: its ML attributes, where the file carries them.
        metadata: the column's metadata as the file gives it.
    """

    name: str
    kind: DataType
    attributes: Attributes = None
    metadata: Mapping[str, Any] | None = None


def input_columns(schema: pa.Schema) -> list[InputColumn]:
    """The columns of Arrow data as Spark would see them.

    Raises:
        InvalidInputError: a column's type has no counterpart in Spark.
    """
    declared = _declared(schema)
    return [_input_column(column.name, from_arrow(column.name, column.type), *declared.get(column.name, (None, None))) for column in schema]


def _input_column(name: str, kind: DataType, declared: Any, metadata: Any) -> InputColumn:
    if isinstance(kind, TimestampNTZType) and declared == "timestamp":
        # Spark's older parquet timestamps carry no zone; its own schema says that they are instants.
        kind = TimestampType()
    found = metadata if isinstance(metadata, dict) and metadata and _shallow(metadata, _MAX_DEPTH) else None
    if not isinstance(kind, VectorType):
        return InputColumn(name, kind, read_attribute(found) if isinstance(kind, NumericType) else None, found)
    group = read_group(found)
    if kind.size is None:
        return InputColumn(name, VectorType(None if group is None else group.size), group, found)
    # Lists of a fixed size say their size themselves.
    if group is None or group.size != kind.size:
        return InputColumn(name, kind, AttributeGroup(kind.size))
    return InputColumn(name, kind, group, found)


def _shallow(value: Any, depth: int) -> bool:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return depth > 0 and all(_shallow(item, depth - 1) for item in inner)


def _declared(schema: pa.Schema) -> dict[str, tuple[Any, Any]]:
    """Each column's type and metadata, as Spark stores them in a parquet file's metadata; what cannot be read says nothing."""
    text = (schema.metadata or {}).get(ROW_METADATA)
    if text is None or len(text) > _MAX_METADATA:
        return {}
    try:
        return {str(entry["name"]): (entry["type"], entry["metadata"]) for entry in json.loads(text)["fields"]}
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError):
        return {}
