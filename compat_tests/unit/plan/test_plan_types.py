"""Spark's types: their names are Spark's, their way to Arrow and JSON and back loses nothing."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pyspark.sql.types as spark
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyspark.ml.linalg import VectorUDT

from mabridge.errors import InvalidInputError
from mabridge.plan.types import (
    VECTOR_STRUCT,
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
    arrow_type,
    from_arrow,
    from_json,
    is_vector_struct,
    to_json,
)

SIMPLE = [
    (NullType(), spark.NullType()),
    (BooleanType(), spark.BooleanType()),
    (ByteType(), spark.ByteType()),
    (ShortType(), spark.ShortType()),
    (IntegerType(), spark.IntegerType()),
    (LongType(), spark.LongType()),
    (FloatType(), spark.FloatType()),
    (DoubleType(), spark.DoubleType()),
    (StringType(), spark.StringType()),
    (BinaryType(), spark.BinaryType()),
    (DateType(), spark.DateType()),
    (TimestampType(), spark.TimestampType()),
    (TimestampNTZType(), spark.TimestampNTZType()),
    (DecimalType(12, 3), spark.DecimalType(12, 3)),
    (DecimalType(), spark.DecimalType()),
    (ArrayType(StringType()), spark.ArrayType(spark.StringType())),
    (MapType(StringType(), LongType()), spark.MapType(spark.StringType(), spark.LongType())),
    (
        StructType((("a", DoubleType()), ("b", ArrayType(DateType())))),
        spark.StructType([spark.StructField("a", spark.DoubleType()), spark.StructField("b", spark.ArrayType(spark.DateType()))]),
    ),
]

kinds = st.recursive(
    st.sampled_from([kind for kind, other in SIMPLE if isinstance(other, spark.AtomicType) or isinstance(kind, NullType)])
    | st.builds(lambda precision, scale: DecimalType(max(precision, scale, 1), scale), st.integers(1, 38), st.integers(0, 38))
    | st.builds(VectorType, st.none() | st.integers(0, 9)),
    lambda inner: (
        st.builds(ArrayType, inner)
        | st.builds(MapType, inner, inner)
        | st.builds(lambda fields: StructType(tuple(fields)), st.lists(st.tuples(st.text(max_size=4), inner), max_size=3))
    ),
    max_leaves=5,
)


@pytest.mark.parametrize(("ours", "theirs"), SIMPLE, ids=lambda kind: str(kind) if isinstance(kind, DataType) else "")
def test_a_type_is_shown_as_spark_shows_it(ours: DataType, theirs: Any) -> None:
    assert str(ours) == theirs.simpleString()


@pytest.mark.parametrize("kind", [kind for kind, _ in SIMPLE], ids=str)
def test_a_type_comes_back_from_arrow(kind: DataType) -> None:
    assert from_arrow("c", arrow_type(kind)) == kind


def test_the_struct_of_vectors_is_spark_s() -> None:
    fields = VectorUDT.sqlType().fields
    assert [field.name for field in VECTOR_STRUCT] == [field.name for field in fields]
    assert [field.nullable for field in VECTOR_STRUCT] == [field.nullable for field in fields]
    assert [str(from_arrow("c", field.type)) for field in VECTOR_STRUCT] == [field.dataType.simpleString() for field in fields]
    assert from_arrow("c", VECTOR_STRUCT) == VectorType()


@given(kinds)
def test_a_type_comes_back_from_json(kind: DataType) -> None:
    assert from_json(to_json(kind)) == kind


@pytest.mark.parametrize(
    ("arrow", "kind"),
    [
        (pa.uint8(), ShortType()),
        (pa.uint16(), IntegerType()),
        (pa.uint32(), LongType()),
        (pa.uint64(), DecimalType(20, 0)),
        (pa.float16(), FloatType()),
        (pa.large_string(), StringType()),
        (pa.string_view(), StringType()),
        (pa.dictionary(pa.int8(), pa.large_string()), StringType()),
        (pa.date64(), DateType()),
        (pa.timestamp("ns", tz="Europe/Paris"), TimestampType()),
        (pa.timestamp("ms"), TimestampNTZType()),
        (pa.decimal256(20, 4), DecimalType(20, 4)),
        (pa.list_(pa.float64(), 3), VectorType(3)),
        (pa.list_(pa.float32(), 0), VectorType(0)),
        (pa.list_(pa.int32(), 3), ArrayType(IntegerType())),
        (pa.large_list(pa.float64()), ArrayType(DoubleType())),
    ],
    ids=str,
)
def test_arrow_types_with_the_same_values_are_taken(arrow: pa.DataType, kind: DataType) -> None:
    assert from_arrow("c", arrow) == kind


@pytest.mark.parametrize("arrow", [pa.time32("s"), pa.duration("us"), pa.decimal256(50, 2), pa.decimal128(5, -2), pa.month_day_nano_interval()], ids=str)
def test_a_type_that_spark_has_not_is_refused_by_the_column_s_name(arrow: pa.DataType) -> None:
    with pytest.raises(InvalidInputError, match=r"Column `odd` has the Arrow type .* cast it before prediction"):
        from_arrow("odd", arrow)
    with pytest.raises(InvalidInputError, match="`odd`"):
        from_arrow("odd", pa.list_(pa.struct([("inner", arrow)])))


@pytest.mark.parametrize(
    "names",
    [["type", "size", "indices"], ["type", "size", "values", "indices"], ["type", "size", "indices", "value"], ["a", "b", "c", "d"]],
)
def test_a_struct_with_other_fields_is_no_vector(names: list[str]) -> None:
    kinds_of = {"type": pa.int8(), "size": pa.int32(), "indices": pa.list_(pa.int32()), "values": pa.list_(pa.float64())}
    assert not is_vector_struct(pa.struct([(name, kinds_of.get(name, pa.int32())) for name in names]))


@pytest.mark.parametrize(
    "value",
    [
        "",
        "varchar",
        None,
        7,
        [],
        ["decimal", 39, 0],
        ["decimal", 5, 6],
        ["decimal", 5],
        ["vector", -1],
        ["vector", "3"],
        ["array"],
        ["array", "x"],
        ["map", "int"],
        ["struct", ["a"]],
        ["struct", [1, "int"]],
        ["struct", "int"],
        {"type": "int"},
    ],
    ids=repr,
)
def test_json_that_is_no_type_is_a_value_error(value: Any) -> None:
    with pytest.raises(ValueError, match="is not a"):
        from_json(value)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.sampled_from(["decimal", "vector", "array", "map", "struct", "int", "double"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=2), inner, max_size=2),
    max_leaves=8,
)


@given(json_values)
def test_any_json_is_a_type_or_a_value_error(value: Any) -> None:
    try:
        kind = from_json(value)
    except ValueError:
        return
    assert from_json(to_json(kind)) == kind
