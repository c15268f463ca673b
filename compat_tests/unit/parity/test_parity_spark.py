"""Spark's side, live: order, columns, settings, refusals."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from mabridge.errors import MalformedModelError, MissingModelError, UnsupportedOptionError
from mabridge.parity.answers import RefusalError
from mabridge.parity.data import Data, find_data
from mabridge.parity.spark_model import load_transform
from mabridge.parity.spark_session import reference_settings, settings
from mabridge.parity.spark_side import SparkAnswers, SparkRun
from mabridge.plan.reference import Reference
from mabridge.plan.types import VECTOR_STRUCT, NullType, VectorType

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

pytestmark = pytest.mark.live


def answers(session: SparkSession, transform: Callable[[DataFrame], DataFrame], data: Data, scratch: Path, columns: list[str] | None = None) -> SparkAnswers:
    return SparkRun(session, transform, data, scratch, columns).answers()


def rows(found: SparkAnswers) -> list[dict[str, Any]]:
    return [row for answer in found.answers.batches for row in answer.batch.to_pylist()]


def test_rows_come_by_path_then_row_whatever_the_files_sizes(spark_session: SparkSession, tmp_path: Path) -> None:
    start = 0
    (tmp_path / "data").mkdir()
    for number in range(20):
        count = (10, 5000, 1)[number % 3]
        pq.write_table(pa.table({"row": np.arange(start, start + count)}), tmp_path / f"data/{number:02}.parquet", row_group_size=700)
        start += count
    data = find_data(tmp_path / "data", tmp_path)
    with settings(spark_session, {"spark.sql.files.maxPartitionBytes": "4096", "spark.sql.files.openCostInBytes": "0"}):
        found = answers(spark_session, lambda frame: frame.filter("row % 7 <> 0"), data, tmp_path)
        got = np.concatenate([answer.batch.column(0).to_numpy() for answer in found.answers.batches])
    wanted = np.arange(start)
    np.testing.assert_array_equal(got, wanted[wanted % 7 != 0])
    assert not list(tmp_path.glob("spark-*")), "Spark's output is removed as it is read"


def test_names_types_and_origins_come_from_spark_itself(spark_session: SparkSession, tmp_path: Path) -> None:
    data = find_data(pa.table({"a": [1.0], "b": ["x"]}), tmp_path)
    found = answers(spark_session, lambda frame: frame.selectExpr("a", "a AS A", "NULL AS `an empty; one`", "a * 2 AS c", "b", "b AS b"), data, tmp_path)
    assert found.answers.schema.names == ["a", "A", "an empty; one", "c", "b", "b"]
    assert found.answers.types["an empty; one"] == NullType()
    assert found.passed_through == {"a", "b"}
    batch = next(found.answers.batches).batch
    assert [column.to_pylist() for column in batch.columns] == [[1.0], [1.0], [None], [2.0], ["x"], ["x"]]


def test_a_column_written_over_is_not_passed_through(spark_session: SparkSession, tmp_path: Path) -> None:
    data = find_data(pa.table({"a": [1.0], "b": [2.0]}), tmp_path)
    assert answers(spark_session, lambda frame: frame.withColumn("a", frame["a"] + 0), data, tmp_path).passed_through == {"b"}


def test_vectors_go_in_as_structs_and_as_lists(spark_session: SparkSession, tmp_path: Path) -> None:
    sparse = {"type": 0, "size": 3, "indices": [1], "values": [2.0]}
    table = pa.table(
        {"struct": pa.array([sparse, None], VECTOR_STRUCT), "list": pa.array([[1.0, 2.0], None], pa.list_(pa.float64(), 2)), "plain": [[1.0], None]}
    )
    found = answers(spark_session, lambda frame: frame, find_data(table, tmp_path), tmp_path)
    assert found.answers.types["struct"] == found.answers.types["list"] == VectorType()
    first, second = rows(found)
    assert first == {"struct": sparse, "list": {"type": 1, "size": None, "indices": None, "values": [1.0, 2.0]}, "plain": [1.0]}
    assert second == {"struct": None, "list": None, "plain": None}


def test_only_the_wanted_columns_are_materialised(spark_session: SparkSession, tmp_path: Path) -> None:
    data = find_data(pa.table({"a": [1.0], "b.c": [2.0]}), tmp_path)

    def transform(frame: DataFrame) -> DataFrame:
        return frame.selectExpr("*", "raise_error('nobody asked for this') AS bad")

    assert rows(answers(spark_session, transform, data, tmp_path, ["b.c", "a"])) == [{"b.c": 2.0, "a": 1.0}]


def test_an_answer_without_rows_still_has_its_columns(spark_session: SparkSession, tmp_path: Path) -> None:
    for table in (pa.table({"a": [1.0, 2.0]}), pa.table({"a": pa.array([], pa.float64())})):
        found = answers(spark_session, lambda frame: frame.filter("a > 5").selectExpr("a", "1 AS one"), find_data(table, tmp_path), tmp_path)
        assert (found.answers.schema.names, rows(found)) == (["a", "one"], [])


def test_a_row_that_spark_refuses_is_a_refusal_with_sparks_words(spark_session: SparkSession, tmp_path: Path) -> None:
    data = find_data(pa.table({"a": [1.0, 2.0]}), tmp_path)
    found = answers(spark_session, lambda frame: frame.selectExpr("IF(a > 1, raise_error('two is too many'), a) AS a"), data, tmp_path)
    with pytest.raises(RefusalError, match=r"^java\.lang\.RuntimeException: two is too many$"):
        next(found.answers.batches)


def test_a_column_that_spark_does_not_find_is_a_refusal_of_one_line(spark_session: SparkSession, tmp_path: Path) -> None:
    found = answers(spark_session, lambda frame: frame.selectExpr("zz"), find_data(pa.table({"a": [1.0]}), tmp_path), tmp_path)
    with pytest.raises(RefusalError, match=r"UNRESOLVED_COLUMN.*`zz`") as refusal:
        next(found.answers.batches)
    assert "\n" not in str(refusal.value)


def test_a_disk_that_fails_is_no_answer(spark_session: SparkSession, tmp_path: Path) -> None:
    data = find_data(pa.table({"a": [1.0]}), tmp_path)
    (tmp_path / "file").touch()
    with pytest.raises(UnsupportedOptionError, match="Spark cannot run here"):
        answers(spark_session, lambda frame: frame, data, tmp_path / "file")


def test_the_session_has_the_references_settings_and_gets_its_own_back(spark_session: SparkSession) -> None:
    from mabridge.parity import spark_session as sessions

    before = {key: spark_session.conf.get(key) for key in reference_settings(Reference("3.5.7"))}
    reference = Reference("4.0.0", ansi=True, time_zone="Asia/Kathmandu", case_sensitive=True)
    with sessions.spark_session(reference) as same:
        assert same is spark_session
        assert {key: same.conf.get(key) for key in reference_settings(reference)} == reference_settings(reference)
        assert same.conf.get("spark.sql.ansi.enabled") == "true"
    assert {key: spark_session.conf.get(key) for key in before} == before
    with pytest.raises(UnsupportedOptionError, match="active on the master local"), sessions.spark_session(reference, master="local[7]"):
        pass


def test_a_saved_stage_loads_by_its_own_class(spark_session: SparkSession, tmp_path: Path) -> None:
    from pyspark.ml import PipelineModel
    from pyspark.ml.feature import Bucketizer, SQLTransformer

    bucketizer = Bucketizer(splits=[0.0, 1.0, 2.0], inputCol="a", outputCol="bucket")
    bucketizer.save(str(tmp_path / "bucketizer"))
    PipelineModel([SQLTransformer(statement="SELECT a + 1 AS a FROM __THIS__"), bucketizer]).save(str(tmp_path / "pipeline"))
    data = find_data(pa.table({"a": [0.5]}), tmp_path)
    alone = answers(spark_session, load_transform(spark_session, tmp_path / "bucketizer"), data, tmp_path)
    assert rows(alone) == [{"a": 0.5, "bucket": 0.0}]
    assert (alone.passed_through, alone.nominal) == ({"a"}, {"bucket"})
    nested = answers(spark_session, load_transform(spark_session, str(tmp_path / "pipeline")), data, tmp_path)
    assert rows(nested) == [{"a": 1.5, "bucket": 1.0}]
    assert nested.passed_through == frozenset()
    assert rows(answers(spark_session, load_transform(spark_session, bucketizer), data, tmp_path)) == [{"a": 0.5, "bucket": 0.0}]


def test_what_is_no_saved_model_is_said_before_spark_tries(spark_session: SparkSession, tmp_path: Path) -> None:
    with pytest.raises(MissingModelError, match="no readable metadata"):
        load_transform(spark_session, tmp_path)
    (tmp_path / "metadata").mkdir()
    part = tmp_path / "metadata/part-00000"
    for text in ("", "no json", "[]", '{"class": 5}', '{"class": "java.lang.System; drop"}', '{"class": "java.lang.System"}'):
        part.write_text(text)
        with pytest.raises(MalformedModelError):
            load_transform(spark_session, tmp_path)
    for class_name in ("org.apache.spark.ml.feature.Bucketizer", "com.acme.Absent"):
        part.write_text(f'{{"class": "{class_name}"}}')
        with pytest.raises(UnsupportedOptionError, match=f"Spark cannot load .* as {class_name}"):
            load_transform(spark_session, tmp_path)
