"""What Spark leaves open is compared without its order, and everything else as strictly as ever."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pytest

import mabridge
from mabridge.parity import Answer, Answers, ParityReport, Rules, compare_tables, parity
from mabridge.parity.answers import RefusalError

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

CASES = Path(__file__).resolve().parents[2] / "cases"
ANY_ROWS = Rules(frozenset({"x"}), rows_in_any_order=True)
ANY_ITEMS = Rules(unordered=frozenset({"a"}))
TABLE = pa.table({"x": [1, 2, 2, None, 5], "t": ["a", "b", "b", "c", None], "p": [0.5, 1.5, 2.5, float("nan"), -0.0]})


def shuffled(table: pa.Table, seed: int = 1) -> pa.Table:
    return table.take(pa.array(np.random.default_rng(seed).permutation(table.num_rows)))


def items(*lists: list[Any] | None, kind: pa.DataType | None = None) -> pa.Table:
    return pa.table({"a": pa.array(lists, pa.list_(kind or pa.string()))})


def test_items_in_another_order_are_equal_where_the_order_is_open() -> None:
    left, right = items(["b", "a", "a"], [], None, ["x", None]), items(["a", "b", "a"], [], None, [None, "x"])
    report = compare_tables(left, right, ANY_ITEMS)
    assert report.ok, str(report)
    assert report.column("a").unordered
    assert "exact, elements in any order" in str(report)
    assert not compare_tables(left, right).ok


@pytest.mark.parametrize(("left", "right"), [(["a", "a", "b"], ["a", "b", "b"]), (["a"], ["a", "a"]), ([], None), (["a", None], ["a", "b"]), (["a"], ["A"])])
def test_other_items_differ_in_any_order(left: list[Any] | None, right: list[Any] | None) -> None:
    assert not compare_tables(items(left), items(right), ANY_ITEMS).ok


def test_doubles_in_any_order_keep_their_tolerance() -> None:
    kind = pa.float64()
    assert compare_tables(items([3.0, 1.0, float("nan")], kind=kind), items([float("nan"), 3.0 + 1e-15, 1.0], kind=kind), ANY_ITEMS).ok
    assert not compare_tables(items([3.0, 1.0], kind=kind), items([1.0, 3.0001], kind=kind), ANY_ITEMS).ok


@pytest.mark.parametrize("seed", range(5))
def test_rows_in_another_order_are_equal_where_the_order_is_open(seed: int) -> None:
    report = compare_tables(TABLE, shuffled(TABLE, seed), ANY_ROWS)
    assert report.ok, str(report)
    assert report.verdict == "Equal: 5 rows and 3 columns agree, in any order of the rows."
    assert "matched by what they hold, as Spark leaves the order of these rows open" in str(report)
    assert not compare_tables(TABLE, TABLE.take([1, 0, 2, 3, 4]), Rules(frozenset({"x"}))).ok


def test_a_value_that_differs_is_found_at_its_row_of_spark_s_answer() -> None:
    wrong = TABLE.set_column(2, "p", pa.array([0.5, 1.5, 2.5, float("nan"), 7.0]))
    report = compare_tables(TABLE, shuffled(wrong), ANY_ROWS)
    assert (report.column("p").differing, report.column("p").first) == (1, 4)
    assert report.column("x").ok


def test_a_row_that_stands_there_twice_does_not_stand_for_another() -> None:
    assert not compare_tables(TABLE.take([0, 0, 1]), TABLE.take([0, 1, 1]), ANY_ROWS).ok


def test_a_row_that_is_missing_is_the_only_one_that_is_told() -> None:
    report = compare_tables(TABLE, shuffled(TABLE).filter(pa.compute.field("t") != "a"), ANY_ROWS)
    assert (report.expected_rows, report.actual_rows) == (5, 3)
    assert all(column.ok for column in report.columns)
    assert not report.ok
    assert "the pairs of rows are those that hold the same" in report.verdict


def test_vectors_maps_and_scales_go_with_their_rows() -> None:
    kind = pa.struct([("type", pa.int8()), ("size", pa.int32()), ("indices", pa.list_(pa.int32())), ("values", pa.list_(pa.float64()))])
    vectors = pa.array([{"type": 1, "size": None, "indices": None, "values": [float(i), 1.0]} for i in range(40)], kind)
    maps = pa.array([[("k", i % 3), ("l", 2)] for i in range(40)], pa.map_(pa.string(), pa.int64()))
    table = pa.table({"v": vectors, "m": maps, "p": [1e-3 * i for i in range(40)]})
    order = np.random.default_rng(3).permutation(40)
    off = pa.array(np.arange(40) * 1e-3 + np.where(np.arange(40) == 7, 1e-9, 0.0))
    other = table.set_column(2, "p", off).take(pa.array(order))
    scales = np.where(np.arange(40) == 7, 1e6, 1.0)[order]
    report = compare_tables(table, Answers.of_table(other, {"p": scales}), ANY_ROWS)
    assert report.ok, str(report)
    assert not compare_tables(table, Answers.of_table(other), ANY_ROWS).ok


def test_no_rows_agree_with_no_rows() -> None:
    assert compare_tables(TABLE.slice(0, 0), TABLE.slice(0, 0), ANY_ROWS).ok
    assert not compare_tables(TABLE, TABLE.slice(0, 0), ANY_ROWS).ok


def test_a_refusal_is_an_answer_in_any_order_too() -> None:
    def refusing() -> Iterator[Answer]:
        yield Answer(TABLE.to_batches()[0])
        raise RefusalError("not this row")

    report = compare_tables(TABLE, Answers(TABLE.schema, refusing()), ANY_ROWS)
    assert report.mabridge_refusal == "not this row"
    assert not report.ok


def program(case: str, columns: list[str] | None = None) -> Any:
    import pyarrow.parquet as pq

    model = mabridge.convert(CASES / case / "model")
    return model.program(pq.read_schema(CASES / case / "input.parquet"), columns=columns)


def test_the_plan_says_what_spark_leaves_open() -> None:
    rules = program("fpm/fp_growth_model/ansi")
    assert rules.unordered == ("prediction",)
    assert not rules.leaves_row_order_open
    pairs = program("recommendation/als_model/defaults")
    assert pairs.unordered == ()
    assert pairs.leaves_row_order_open
    # The join stays where nobody asks for what it gives.
    assert program("recommendation/als_model/prediction_not_asked_for", ["user"]).leaves_row_order_open
    assert not program("feature/binarizer/defaults").leaves_row_order_open


@pytest.fixture
def shuffling(spark_session: SparkSession) -> Iterator[SparkSession]:
    """A session whose joins shuffle, as they do with tables that are too large to send around."""
    wanted = {"spark.sql.autoBroadcastJoinThreshold": "-1", "spark.sql.adaptive.enabled": "false", "spark.sql.shuffle.partitions": "7"}
    before = {name: spark_session.conf.get(name) for name in wanted}
    for name, value in wanted.items():
        spark_session.conf.set(name, value)
    yield spark_session
    for name, value in before.items():
        spark_session.conf.set(name, value)


def als_parity(folder: Path, change: Any = None) -> ParityReport:
    model = mabridge.convert(folder / "als")
    rng = np.random.default_rng(0)
    data = pa.table({"user": pa.array(rng.integers(0, 25, 3_000), pa.int32()), "item": pa.array(rng.integers(0, 12, 3_000), pa.int32()), "n": np.arange(3_000)})
    if change is not None:
        model = change(model)
    return parity(folder / "als", model, data)


@pytest.mark.live
def test_als_agrees_with_a_spark_that_shuffles_its_rows(shuffling: SparkSession, tmp_path: Path) -> None:
    from dataclasses import replace

    from pyspark.ml import PipelineModel
    from pyspark.ml.recommendation import ALS

    from mabridge.model import Model

    ratings = shuffling.createDataFrame([(u, i, float((u * i) % 5)) for u in range(20) for i in range(10)], ["user", "item", "rating"])
    PipelineModel([ALS(rank=3, maxIter=2, seed=1).fit(ratings)]).save((tmp_path / "als").as_uri())
    asked = shuffling.range(0, 500, numPartitions=1).selectExpr("id", "cast(id % 25 as int) AS user", "cast(id % 12 as int) AS item")
    places = [row["id"] for row in PipelineModel.load((tmp_path / "als").as_uri()).transform(asked).collect()]
    assert places != sorted(places), "this Spark kept the order, so the test shows nothing"
    report = als_parity(tmp_path)
    assert report.ok, str(report)
    assert report.matched_by.startswith("what they hold")

    def other_factors(model: Model) -> Model:
        (step,) = model.steps
        return Model([replace(step, op=replace(step.op, item_factors=step.op.item_factors * np.float32(1.5)))], model.reference)  # type: ignore[attr-defined,call-arg]

    assert not als_parity(tmp_path, other_factors).ok


@pytest.mark.live
def test_fp_growth_agrees_with_spark_whatever_the_order_of_its_items(spark_session: SparkSession) -> None:
    import json

    import pyarrow.parquet as pq

    folders = [case.parent for case in sorted((CASES / "fpm" / "fp_growth_model").glob("*/case.json")) if json.loads(case.read_text())["expect"] == "rows"]
    assert len(folders) > 5
    for folder in folders[:6]:
        report = parity(folder / "model", mabridge.convert(folder / "model"), pq.read_table(folder / "input.parquet"))
        assert report.ok, f"{folder}: {report}"
