"""Live Spark reads the ML attributes that mabridge writes, and goes on from them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import mabridge

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


@pytest.mark.live
def test_spark_goes_on_from_the_attributes_that_mabridge_wrote(spark_session: SparkSession, tmp_path: Path) -> None:
    from pyspark.ml import Pipeline
    from pyspark.ml.feature import IndexToString, OneHotEncoder, StringIndexer, VectorAssembler, VectorSlicer

    rows = spark_session.createDataFrame([("a", 1.5), ("b", 2.5), ("b", -1.0)], ["s", "x"])
    stages = [
        StringIndexer(inputCol="s", outputCol="i"),
        OneHotEncoder(inputCol="i", outputCol="h", dropLast=False),
        VectorAssembler(inputCols=["h", "x"], outputCol="v"),
    ]
    fitted = Pipeline(stages=stages).fit(rows)
    fitted.write().save(str(tmp_path / "spark"))
    ours = mabridge.convert(tmp_path / "spark").transform(pa.table({"s": ["b", "a"], "x": [7.0, 8.0]}))
    pq.write_table(ours, tmp_path / "ours.parquet")
    frame = spark_session.read.parquet(str(tmp_path / "ours.parquet"))
    theirs = fitted.transform(frame.select("s", "x"))
    assert {field.name: field.metadata for field in frame.schema} == {field.name: field.metadata for field in theirs.schema}
    sliced = VectorSlicer(inputCol="v", outputCol="w", names=["x", "h_a"]).transform(IndexToString(inputCol="i", outputCol="t").transform(frame))
    assert [(row.t, list(row.w)) for row in sliced.collect()] == [("b", [7.0, 0.0]), ("a", [8.0, 1.0])]
