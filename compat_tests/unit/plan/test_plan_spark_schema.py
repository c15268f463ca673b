"""Spark's schema in a file's metadata: what we write Spark reads, what it writes we read, and what nobody can read says nothing."""

from __future__ import annotations

import json
from typing import Any

import pyarrow as pa
import pyspark.sql.types as spark
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyspark.ml.linalg import VectorUDT

from mabridge.plan.attributes import AttributeGroup
from mabridge.plan.bind import BoundColumn
from mabridge.plan.spark_schema import ROW_METADATA, InputColumn, input_columns, row_metadata
from mabridge.plan.types import (
    VECTOR_STRUCT,
    ArrayType,
    DecimalType,
    DoubleType,
    LongType,
    MapType,
    StringType,
    StructType,
    TimestampNTZType,
    TimestampType,
    VectorType,
)


def schema_of(kind: pa.DataType, spark_type: Any, ml_attr: Any = None, name: str = "c") -> pa.Schema:
    """A schema of one column whose metadata Spark might have written."""
    metadata = {} if ml_attr is None else {"ml_attr": ml_attr}
    text = json.dumps({"type": "struct", "fields": [{"name": name, "type": spark_type, "nullable": True, "metadata": metadata}]})
    return pa.schema([(name, kind)], metadata={ROW_METADATA: text.encode()})


def only(schema: pa.Schema) -> InputColumn:
    (column,) = input_columns(schema)
    return column


def test_what_is_written_is_a_schema_of_pyspark_s() -> None:
    columns = [
        ("é", LongType()),
        ("d", DecimalType(9, 2)),
        ("v", VectorType(3)),
        ("w", VectorType()),
        ("m", MapType(StringType(), ArrayType(DoubleType()))),
        ("s", StructType((("t", TimestampType()), ("n", TimestampNTZType())))),
    ]
    read = spark.StructType.fromJson(json.loads(row_metadata(columns, [{"ml_attr": {"num_attrs": 3}} if name == "v" else {} for name, _ in columns])))
    assert [field.name for field in read] == [name for name, _ in columns]
    assert read["v"].dataType == VectorUDT()
    assert read["v"].metadata == {"ml_attr": {"num_attrs": 3}}
    assert read["w"].metadata == {}
    assert [field.dataType.simpleString() for field in read if not isinstance(field.dataType, VectorUDT)] == [
        str(kind) for _, kind in columns if not isinstance(kind, VectorType)
    ]


def test_what_is_written_is_read_again() -> None:
    sized = {"ml_attr": {"num_attrs": 3}}
    metadata = row_metadata([("v", VectorType(3)), ("w", VectorType())], [sized, {}])
    schema = pa.schema([("v", VECTOR_STRUCT), ("w", VECTOR_STRUCT)], metadata={ROW_METADATA: metadata})
    assert input_columns(schema) == [InputColumn("v", VectorType(3), AttributeGroup(3), sized), InputColumn("w", VectorType())]


@pytest.mark.parametrize(
    ("ml_attr", "size"),
    [
        ({"num_attrs": 4}, 4),
        ({"num_attrs": 0}, 0),
        ({"attrs": {"numeric": [{"idx": 0}], "nominal": [{"idx": 1, "vals": ["a"]}]}, "num_attrs": 2}, 2),
        ({"attrs": {"binary": []}}, None),
        ({"attrs": {"numeric": "x"}, "num_attrs": 3}, None),
        ({"num_attrs": -1}, None),
        ({"num_attrs": "4"}, None),
        ({"num_attrs": 2.5}, None),
        ({}, None),
        (None, None),
        ("x", None),
    ],
)
def test_a_vector_s_size_is_what_its_attributes_say(ml_attr: Any, size: int | None) -> None:
    assert only(schema_of(VECTOR_STRUCT, "vector", ml_attr)).kind == VectorType(size)


@pytest.mark.parametrize(
    ("ml_attr", "count", "continuous"),
    [
        ({"type": "nominal", "vals": ["a", "b"]}, 2, False),
        ({"type": "nominal", "num_vals": 5}, 5, False),
        ({"type": "nominal", "vals": ["a"], "num_vals": 5}, None, False),
        ({"type": "nominal"}, None, False),
        ({"type": "nominal", "num_vals": -5}, None, False),
        ({"type": "binary"}, 2, False),
        ({"type": "numeric"}, None, True),
        ({"name": "x"}, None, True),
        ({}, None, True),
        (None, None, False),
        ([1], None, False),
    ],
)
def test_a_number_s_categories_are_what_its_attribute_says(ml_attr: Any, count: int | None, continuous: bool) -> None:
    found = only(schema_of(pa.float64(), "double", ml_attr))
    column = BoundColumn(found.name, "c", found.kind, found.attributes)
    assert (column.kind, column.num_values, column.continuous) == (DoubleType(), count, continuous)


def test_a_timestamp_without_a_zone_is_an_instant_where_spark_says_so() -> None:
    assert only(schema_of(pa.timestamp("ns"), "timestamp")).kind == TimestampType()
    assert only(schema_of(pa.timestamp("us"), "timestamp_ntz")).kind == TimestampNTZType()
    assert only(pa.schema([("c", pa.timestamp("us"))])).kind == TimestampNTZType()


def test_attributes_of_another_column_say_nothing() -> None:
    schema = pa.schema([("d", VECTOR_STRUCT)], metadata=schema_of(VECTOR_STRUCT, "vector", {"num_attrs": 4}).metadata)
    assert only(schema).kind == VectorType()


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"null",
        b"[]",
        b'{"fields": null}',
        b'{"fields": [1]}',
        b'{"fields": [{"name": "c"}]}',
        b'{"fields": [{"name": "c", "type": 1, "metadata": 7}]}',
        b"[" * 100_000,
        b'{"fields": {"c": 1}}',
    ],
)
def test_metadata_that_cannot_be_read_says_nothing(text: bytes) -> None:
    assert only(pa.schema([("c", VECTOR_STRUCT)], metadata={ROW_METADATA: text})) == InputColumn("c", VectorType())


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["type", "attrs", "num_attrs", "vals", "num_vals", "x"]), inner, max_size=3),
    max_leaves=8,
)


@given(json_values)
def test_no_attribute_breaks_the_reading(ml_attr: Any) -> None:
    assert only(schema_of(VECTOR_STRUCT, "vector", ml_attr)).name == "c"
    assert only(schema_of(pa.float64(), "double", ml_attr)).kind == DoubleType()
