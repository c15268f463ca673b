"""The whole of parity against live Spark: equal models agree, and a planted fault of each kind is reported."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

import mabridge
from mabridge.errors import InvalidRowError, MissingColumnError, MissingDataError, UnsupportedOptionError
from mabridge.parity import parity
from mabridge.parity.data import BATCH_ROWS
from mabridge.plan.reference import Reference

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

STATEMENT = "SELECT a, b, a * 3 AS c FROM __THIS__ WHERE a > 0"


class Program:
    """What STATEMENT means, and a fault to plant into it."""

    exact: tuple[str, ...] = ()
    unordered: tuple[str, ...] = ()
    leaves_row_order_open = False

    def __init__(self, fault: Callable[[pa.Table], pa.Table], columns: Sequence[str] | None) -> None:
        self.input_columns = ("a", "b")
        self._fault = fault
        self._columns = columns
        self.output_schema = self._answer(pa.table({"a": pa.array([], pa.float64()), "b": pa.array([], pa.string())})).schema

    def _answer(self, table: pa.Table) -> pa.Table:
        table = table.filter(pc.greater(table["a"], 0.0))
        answer = self._fault(table.append_column("c", pc.multiply(table["a"], 3.0)))
        return answer if self._columns is None else answer.select(list(self._columns))

    def run(self, batch: pa.RecordBatch, first_row: int = 0, scales: dict[str, Any] | None = None) -> pa.RecordBatch:
        refused = np.flatnonzero(pc.equal(batch["b"], "refused").to_numpy(zero_copy_only=False))
        if len(refused):
            raise InvalidRowError(stage="stages[0]", column="b", row=first_row + int(refused[0]), value="'refused'", reason="Leave it out.")
        answer = self._answer(pa.Table.from_batches([batch]))
        if scales is not None and answer.num_columns == 3:
            scales["c"] = np.abs(answer["c"].to_numpy())
        return pa.RecordBatch.from_arrays([column.combine_chunks() for column in answer.columns], schema=answer.schema)


class Model:
    """A converted model with a fault."""

    def __init__(self, fault: Callable[[pa.Table], pa.Table] = lambda table: table) -> None:
        self.reference = Reference("3.5.7")
        self.path = None
        self._fault = fault

    def program(self, schema: pa.Schema, *, columns: Sequence[str] | None = None, **_: Any) -> Program:
        if "b" not in schema.names:
            raise MissingColumnError("stages[0] reads the column `b`, which is not there.")
        return Program(self._fault, columns)


@pytest.fixture(scope="module")
def spark_model(spark_session: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> str:
    from pyspark.ml import PipelineModel
    from pyspark.ml.feature import SQLTransformer

    path = str(tmp_path_factory.mktemp("models") / "model")
    PipelineModel([SQLTransformer(statement=STATEMENT)]).save(path)
    return path


TABLE = pa.table({"a": [float(value % 7 - 1) for value in range(40_000)], "b": [str(value) for value in range(40_000)]})


#: Rows that STATEMENT keeps of all, and of the first batch.
KEPT = sum(value % 7 > 1 for value in range(40_000))
FIRST = sum(value % 7 > 1 for value in range(BATCH_ROWS))


def run(spark_model: str, fault: Callable[[pa.Table], pa.Table] = lambda table: table, data: Any = TABLE, **options: Any) -> mabridge.parity.ParityReport:  # type: ignore[name-defined]
    return parity(spark_model, Model(fault), data, **options)  # type: ignore[arg-type]


def once(change: Callable[[pa.Table], pa.Table]) -> Callable[[pa.Table], pa.Table]:
    """A fault in the second batch that has rows."""
    calls = [0]

    def fault(table: pa.Table) -> pa.Table:
        calls[0] += table.num_rows > 0
        return change(table) if calls[0] == 2 and table.num_rows else table

    return fault


@pytest.mark.live
def test_equal_answers_are_equal_and_the_report_says_of_what(spark_model: str) -> None:
    report = run(spark_model)
    assert report.ok, str(report)
    assert report.rows == KEPT
    assert [(column.name, column.role) for column in report.columns] == [("a", "passed through"), ("b", "passed through"), ("c", "computed")]
    assert report.reference == {"spark_version": "3.5.7", "ansi": False, "time_zone": "UTC", "case_sensitive": False}
    assert set(report.versions) == {"spark", "java", "mabridge", "python", "numpy", "pyarrow"}
    assert report.sources == {"spark_model": spark_model, "model": "a Model in memory", "data": "a pyarrow Table"}
    assert set(report.seconds) == {"start", "spark", "mabridge", "compare"}


@pytest.mark.live
def test_a_dropped_row_is_found_at_its_place(spark_model: str) -> None:
    report = run(spark_model, once(lambda table: pa.concat_tables([table.slice(0, 7), table.slice(8)])))
    assert not report.ok
    assert report.expected_rows - report.actual_rows == 1
    assert report.first_difference == FIRST + 7


@pytest.mark.live
def test_swapped_rows_are_found_at_their_place(spark_model: str) -> None:
    report = run(spark_model, once(lambda table: table.take(pa.array([1, 0, *range(2, table.num_rows)]))))
    assert not report.ok
    assert report.column("b").differing == 2
    assert report.first_difference == FIRST


@pytest.mark.live
def test_one_wrong_value_is_found_at_its_place(spark_model: str) -> None:
    def change(table: pa.Table) -> pa.Table:
        values = table["c"].to_numpy().copy()
        values[5] *= 1 + 1e-11
        return table.set_column(2, "c", pa.array(values))

    report = run(spark_model, once(change))
    worst = report.column("c").worst
    assert not report.ok
    assert worst is not None
    assert (worst.row, worst.scale) == (FIRST + 5, float(worst.expected) * (1 + 1e-11))


@pytest.mark.live
def test_a_passed_through_column_that_lost_its_sign_of_zero_is_found(spark_model: str) -> None:
    def change(table: pa.Table) -> pa.Table:
        return table.set_column(0, "a", pa.array(np.where(table["a"].to_numpy() == 1.0, np.nextafter(1.0, 2.0), table["a"].to_numpy())))

    report = run(spark_model, once(change))
    assert not report.column("a").ok
    assert report.column("c").ok


@pytest.mark.live
def test_a_row_that_mabridge_alone_refuses_is_a_difference(spark_model: str) -> None:
    report = run(spark_model, data=pa.table({"a": [1.0, 2.0], "b": ["x", "refused"]}))
    assert not report.ok
    assert report.mabridge_refusal == "stages[0] refuses row 1: column `b` holds 'refused'. Leave it out."


@pytest.mark.live
def test_a_row_that_spark_alone_refuses_is_a_difference(spark_session: SparkSession) -> None:
    from pyspark.ml.feature import SQLTransformer

    refusing = SQLTransformer(statement="SELECT a, b, IF(a > 4, raise_error('too much'), a * 3) AS c FROM __THIS__ WHERE a > 0")
    report = parity(refusing, Model(), TABLE)  # type: ignore[arg-type]
    assert not report.ok
    assert "Spark says: java.lang.RuntimeException: too much" in report.verdict
    assert parity(refusing, Model(), TABLE, columns=["b", "a"]).ok, "nobody asked for the column that raises"  # type: ignore[arg-type]


@pytest.mark.live
def test_data_that_both_refuse_is_agreement(spark_session: SparkSession) -> None:
    from pyspark.ml.feature import SQLTransformer

    refusing = SQLTransformer(statement="SELECT a, IF(b = 'refused', raise_error('no'), b) AS b, a * 3 AS c FROM __THIS__ WHERE a > 0")
    report = parity(refusing, Model(), pa.table({"a": [1.0], "b": ["refused"]}))  # type: ignore[arg-type]
    assert report.ok
    assert "Spark refuses: java.lang.RuntimeException: no" in str(report)


@pytest.mark.live
def test_a_sample_is_what_both_sides_see(spark_model: str) -> None:
    report = run(spark_model, sample=70)
    assert report.ok
    assert report.sources["data"] == "70 of the 40,000 rows of a pyarrow Table, spread evenly"
    assert 0 < report.rows < 70


@pytest.mark.live
def test_a_stated_tolerance_is_shown(spark_model: str) -> None:
    def change(table: pa.Table) -> pa.Table:
        return table.set_column(2, "c", pc.multiply(table["c"], 1.0001))

    report = run(spark_model, once(change), tolerances={"c": 0.001})
    assert report.ok
    assert report.column("c").tolerance == "0.001 of max(|spark|, s)"


@pytest.mark.live
def test_many_files_are_compared_in_the_order_of_their_paths(spark_model: str, tmp_path: Path) -> None:
    for number in range(20):
        pq.write_table(TABLE.slice(number * 2000, (7, 2000)[number % 2]), tmp_path / f"{number:02}.parquet")
    report = run(spark_model, data=tmp_path)
    assert report.ok, str(report)
    assert report.rows == sum(int(np.count_nonzero(pq.read_table(path)["a"].to_numpy() > 0)) for path in tmp_path.iterdir())


@pytest.mark.parametrize(
    ("model", "data", "error", "text"),
    [
        (Model(), "/nowhere/at/all", MissingDataError, "/nowhere/at/all"),
        (Model(), pa.table({"a": [1.0]}), MissingColumnError, "`b`"),
        (5, TABLE, UnsupportedOptionError, r"builtins\.int"),
    ],
)
def test_what_cannot_be_compared_is_said_before_spark_starts(model: Any, data: Any, error: type[Exception], text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise AssertionError("Spark was started")

    monkeypatch.setattr("mabridge.parity.live.spark_session", refuse)
    with pytest.raises(error, match=text):
        parity("spark_model", model, data)


def test_the_package_is_called_like_its_function(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(MissingDataError):
        mabridge.parity("spark_model", Model(), "/nowhere/at/all")


@pytest.mark.smoke
def test_a_converted_pipeline_equals_spark(spark_session: SparkSession, tmp_path: Path) -> None:
    from pyspark.ml import Pipeline
    from pyspark.ml.classification import LogisticRegression
    from pyspark.ml.feature import OneHotEncoder, StringIndexer, VectorAssembler

    rng = np.random.default_rng(5)
    table = pa.table({"x": rng.normal(size=500), "c": rng.choice(["a", "b", "c"], 500), "label": rng.integers(0, 2, 500).astype(np.float64)})
    pq.write_table(table, tmp_path / "train.parquet")
    stages = [
        StringIndexer(inputCol="c", outputCol="index", handleInvalid="skip"),
        OneHotEncoder(inputCol="index", outputCol="hot"),
        VectorAssembler(inputCols=["x", "hot"], outputCol="features"),
        LogisticRegression(),
    ]
    Pipeline(stages=stages).fit(spark_session.read.parquet(str(tmp_path / "train.parquet"))).save(str(tmp_path / "spark_model"))
    model = mabridge.convert(tmp_path / "spark_model", tmp_path / "ray_model")
    data = table.set_column(1, "c", pa.array(["unseen", None, *table["c"].to_pylist()[2:]]))
    for given in (model, tmp_path / "ray_model"):
        report = parity(tmp_path / "spark_model", given, data)
        assert report.ok, str(report)
        assert report.rows == 498
    exact = [column.name for column in report.columns if column.role == "exact"]
    assert exact == ["index", "prediction"]
