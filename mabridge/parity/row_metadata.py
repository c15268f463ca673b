"""What Spark's schema JSON says about its columns: their types, and which hold labels and indices."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from mabridge.plan.spark_schema import ROW_METADATA
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
)

_NAMED: dict[str, DataType] = {
    "void": NullType(),
    "null": NullType(),
    "boolean": BooleanType(),
    "byte": ByteType(),
    "short": ShortType(),
    "integer": IntegerType(),
    "long": LongType(),
    "float": FloatType(),
    "double": DoubleType(),
    "string": StringType(),
    "binary": BinaryType(),
    "date": DateType(),
    "timestamp": TimestampType(),
    "timestamp_ntz": TimestampNTZType(),
}


def schema_json(metadata: Mapping[bytes, bytes] | None) -> dict[str, Any] | None:
    """Spark's schema in a parquet file's metadata; None where Spark did not write the file."""
    text = (metadata or {}).get(ROW_METADATA)
    try:
        schema = None if text is None else json.loads(text)
    except (ValueError, RecursionError):
        return None
    return schema if isinstance(schema, dict) and isinstance(schema.get("fields"), list) else None


def spark_types(schema: Mapping[str, Any]) -> dict[str, DataType]:
    """The types of the columns, by name; a column whose type mabridge has no word for (an interval, another UDT) is left out."""
    found = {}
    for entry in schema["fields"]:
        kind = _type(entry["type"])
        if kind is not None:
            found[str(entry["name"])] = kind
    return found


def _type(value: Any) -> DataType | None:
    if isinstance(value, str):
        decimal = re.fullmatch(r"decimal\((\d+),\s*(-?\d+)\)", value)
        if decimal:
            return DecimalType(int(decimal[1]), int(decimal[2]))
        return StringType() if re.fullmatch(r"(var)?char\(\d+\)", value) else _NAMED.get(value)
    match value:
        case {"type": "udt", "class": "org.apache.spark.ml.linalg.VectorUDT"}:
            return VectorType()
        case {"type": "array", "elementType": inner}:
            element = _type(inner)
            return None if element is None else ArrayType(element)
        case {"type": "map", "keyType": inner_key, "valueType": inner_value}:
            key, item = _type(inner_key), _type(inner_value)
            return None if key is None or item is None else MapType(key, item)
        case {"type": "struct", "fields": [*entries]}:
            fields = [(str(entry["name"]), _type(entry["type"])) for entry in entries]
            known = tuple((name, kind) for name, kind in fields if kind is not None)
            return StructType(known) if len(known) == len(fields) else None
    return None


def nominal_columns(schema: Mapping[str, Any]) -> frozenset[str]:
    """The numeric columns that Spark marks as categories: indices, buckets, a classifier's prediction. They are compared exactly."""
    return frozenset(
        str(entry["name"])
        for entry in schema["fields"]
        if isinstance(entry.get("type"), str) and (entry.get("metadata") or {}).get("ml_attr", {}).get("type") in ("nominal", "binary")
    )
