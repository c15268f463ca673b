"""Spark's own schema in a parquet file's metadata: read for vectors' sizes, written so that Spark reads vectors back."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from mabridge.plan.types import (
    ArrayType,
    BinaryType,
    BooleanType,
    ByteType,
    DataType,
    DateType,
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
    TimestampNTZType,
    TimestampType,
    VectorType,
    from_arrow,
)

#: The parquet key under which Spark stores its schema as JSON.
ROW_METADATA = b"org.apache.spark.sql.parquet.row.metadata"

#: A schema text longer than this is not read: it only refines sizes.
_MAX_METADATA = 16 * 2**20

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
        case VectorType():
            return _VECTOR
        case ArrayType(element):
            return {"type": "array", "elementType": _spark_json(element), "containsNull": True}
        case MapType(key, value):
            return {"type": "map", "keyType": _spark_json(key), "valueType": _spark_json(value), "valueContainsNull": True}
        case StructType(fields):
            return {"type": "struct", "fields": [{"name": name, "type": _spark_json(inner), "nullable": True, "metadata": {}} for name, inner in fields]}
    return _NAMES[type(kind)]


def row_metadata(columns: Iterable[tuple[str, DataType]]) -> bytes:
    """Spark's schema JSON of columns; a vector's size goes in as its attribute group."""
    fields = [
        {
            "name": name,
            "type": _spark_json(kind),
            "nullable": True,
            "metadata": {"ml_attr": {"num_attrs": kind.size}} if isinstance(kind, VectorType) and kind.size is not None else {},
        }
        for name, kind in columns
    ]
    return json.dumps({"type": "struct", "fields": fields}, separators=(",", ":"), ensure_ascii=False).encode()


@dataclass(frozen=True)
class InputColumn:
    """A column of the data as Spark sees it.

    Attributes:
        name: its name.
        kind: its type; a vector's size comes from Spark's attribute metadata where the file carries it.
        num_values: how many categories a nominal or binary attribute declares; None where there is no such attribute.
        continuous: whether it declares a numeric attribute.
    """

    name: str
    kind: DataType
    num_values: int | None = None
    continuous: bool = False


def input_columns(schema: pa.Schema) -> list[InputColumn]:
    """The columns of Arrow data as Spark would see them.

    Raises:
        InvalidInputError: a column's type has no counterpart in Spark.
    """
    declared = _declared(schema)
    attributes = {name: found for name, (_, found) in declared.items() if isinstance(found, dict) and found}
    columns = []
    for column in schema:
        kind = from_arrow(column.name, column.type)
        if isinstance(kind, TimestampNTZType) and declared.get(column.name, (None, None))[0] == "timestamp":
            # Spark's older parquet timestamps carry no zone; its own schema says that they are instants.
            kind = TimestampType()
        found = attributes.get(column.name, {})
        if isinstance(kind, VectorType):
            if kind.size is None:
                kind = VectorType(_vector_size(found))
            columns.append(InputColumn(column.name, kind))
        else:
            columns.append(InputColumn(column.name, kind, _category_count(found), found.get("type", "numeric" if found else None) == "numeric"))
    return columns


def _declared(schema: pa.Schema) -> dict[str, tuple[Any, Any]]:
    """Each column's type and `ml_attr`, as Spark stores them in a parquet file's metadata; what cannot be read says nothing."""
    text = (schema.metadata or {}).get(ROW_METADATA)
    if text is None or len(text) > _MAX_METADATA:
        return {}
    try:
        return {str(entry["name"]): (entry["type"], entry["metadata"].get("ml_attr")) for entry in json.loads(text)["fields"]}
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError):
        return {}


def _vector_size(attributes: dict[str, Any]) -> int | None:
    groups = attributes.get("attrs")
    if isinstance(groups, dict) and all(isinstance(group, list) for group in groups.values()):
        return sum(len(group) for group in groups.values())
    size = attributes.get("num_attrs")
    return size if isinstance(size, int) and size >= 0 else None


def _category_count(attributes: dict[str, Any]) -> int | None:
    if attributes.get("type") == "binary":
        return 2
    if attributes.get("type") != "nominal":
        return None
    values, count = attributes.get("vals"), attributes.get("num_vals")
    if isinstance(values, list):
        return len(values)
    return count if isinstance(count, int) and count >= 0 else None
