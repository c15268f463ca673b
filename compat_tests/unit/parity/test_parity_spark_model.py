"""What is a saved Spark model for parity, and what Spark's schema says; no JVM is needed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from mabridge.errors import MissingModelError, UnsupportedOptionError
from mabridge.parity.row_metadata import nominal_columns, schema_json, spark_types
from mabridge.parity.spark_model import load_transform, spark_path
from mabridge.plan.spark_schema import ROW_METADATA, row_metadata
from mabridge.plan.types import (
    ArrayType,
    BooleanType,
    DateType,
    DecimalType,
    DoubleType,
    LongType,
    MapType,
    NullType,
    StringType,
    StructType,
    TimestampType,
    VectorType,
)


def test_a_folder_becomes_a_uri_and_a_uri_stays_one(tmp_path: Path) -> None:
    assert spark_path(str(tmp_path)) == tmp_path.resolve().as_uri()
    assert spark_path("s3a://bucket/model") == "s3a://bucket/model"
    assert spark_path("hdfs://name/model") == "hdfs://name/model"


def test_an_mlflow_folder_leads_to_its_spark_model(tmp_path: Path) -> None:
    (tmp_path / "MLmodel").touch()
    (tmp_path / "sparkml").mkdir()
    assert spark_path(str(tmp_path)) == (tmp_path / "sparkml").resolve().as_uri()


def test_what_spark_cannot_load_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(MissingModelError, match="nowhere"):
        spark_path(str(tmp_path / "nowhere"))
    (tmp_path / "model.zip").touch()
    with pytest.raises(UnsupportedOptionError, match="unpack it first"):
        spark_path(str(tmp_path / "model.zip"))
    with pytest.raises(UnsupportedOptionError, match=r"builtins\.int"):
        load_transform(None, 5)  # type: ignore[arg-type]


KINDS: list[tuple[str, Any]] = [
    ("a", DecimalType(10, 2)),
    ("b", VectorType()),
    ("c", ArrayType(MapType(StringType(), DoubleType()))),
    ("d", StructType((("x", LongType()), ("y", VectorType())))),
    ("e", TimestampType()),
    ("f", DateType()),
    ("g", NullType()),
    ("h", BooleanType()),
]


def test_the_types_in_sparks_schema_are_read_back() -> None:
    schema = schema_json({ROW_METADATA: row_metadata(KINDS)})
    assert schema is not None
    assert spark_types(schema) == dict(KINDS)


def test_a_type_without_a_word_is_left_out() -> None:
    entry = {"nullable": True, "metadata": {}}
    fields = [{"name": "a", "type": "interval day to second", **entry}, {"name": "b", "type": "varchar(10)", **entry}]
    assert spark_types({"fields": fields}) == {"b": StringType()}


@pytest.mark.parametrize("text", [b"", b"no json", b"[]", b'{"fields": 1}', b"[" * 100_000])
def test_metadata_that_is_no_schema_is_none(text: bytes) -> None:
    assert schema_json({ROW_METADATA: text}) is None
    assert schema_json(None) is None


def test_only_numbers_that_spark_marks_as_categories_are_labels() -> None:
    def entry(name: str, kind: Any, attribute: Any) -> dict[str, Any]:
        return {"name": name, "type": kind, "nullable": True, "metadata": {"ml_attr": attribute} if attribute else {}}

    fields = [
        entry("index", "double", {"type": "nominal", "vals": ["a"]}),
        entry("flag", "double", {"type": "binary"}),
        entry("score", "double", {"type": "numeric"}),
        entry("plain", "double", None),
        entry("vector", json.loads(row_metadata([("v", VectorType())]))["fields"][0]["type"], {"num_attrs": 2}),
    ]
    assert nominal_columns({"fields": fields}) == {"index", "flag"}
