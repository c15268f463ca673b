"""Saves of ALSModel, FPGrowthModel and LocalLDAModel that Spark 3.5 does not write: those of Spark 2.x, and damaged ones."""

from __future__ import annotations

import json
import math
import shutil
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import mabridge
from compat_tests.replay import CASES, spark_table
from compat_tests.unit.saved.build_saved import write_metadata, write_table
from mabridge.errors import MalformedModelError, UnsupportedPipelineError

ALS, GROWTH, TOPICS = (f"org.apache.spark.ml.{name}" for name in ("recommendation.ALSModel", "fpm.FPGrowthModel", "clustering.LocalLDAModel"))
PAIRS = pa.table({"user": pa.array([1, 2, 9], pa.int32()), "item": pa.array([5, 5, 5], pa.int32())})


FLOAT, INT = pa.float32(), pa.int32()


def factors(rows: dict[int | None, Any], kind: pa.DataType = FLOAT, ids: pa.DataType = INT) -> pa.Table:
    return pa.table({"id": pa.array(list(rows), ids), "features": pa.array(list(rows.values()), pa.list_(kind))})


def write_als(folder: Path, *users: pa.Table, rank: Any = 2, **params: Any) -> Path:
    """As Spark 2.0 saved it: all params in `paramMap`, no defaults."""
    content = {
        "class": ALS,
        "timestamp": 1,
        "sparkVersion": "2.1.0",
        "uid": "als_1",
        "paramMap": {"userCol": "user", "itemCol": "item", **params},
        "rank": rank,
    }
    write_metadata(folder, content)
    write_table(folder / "userFactors", *users)
    write_table(folder / "itemFactors", factors({5: [10.0, 100.0]}))
    return folder


def rated(folder: Path, version: str = "3.5.7") -> list[float | None]:
    found = mabridge.convert(folder, as_spark=version).transform(PAIRS).column("prediction").to_pylist()
    return [None if math.isnan(value) else value for value in found]


def test_factors_of_spark_2_in_several_files_and_any_order(tmp_path: Path) -> None:
    model = write_als(tmp_path / "m", factors({2: [3.0, 0.0]}), factors({1: [1.0, 2.0]}), factors({}))
    assert rated(model) == [210.0, 30.0, None]


def test_factors_beyond_the_rank_do_not_count_and_an_id_or_features_of_null_match_nothing(tmp_path: Path) -> None:
    assert rated(write_als(tmp_path / "m", factors({1: [1.0, 2.0, 7.0], None: [1.0, 1.0], 2: None}))) == [210.0, None, None]


@pytest.mark.parametrize(
    ("users", "rank", "message"),
    [
        (factors({1: [1.0]}), 2, "fewer than the 2 factors"),
        (factors({1: [1.0, None]}), 2, "null among them"),
        (pa.concat_tables([factors({1: [1.0, 1.0]})] * 2), 2, "stands twice"),
        (factors({1: [1.0, 1.0]}, pa.float64()), 2, "float are expected"),
        (factors({1: [1.0, 1.0]}, ids=pa.int64()), 2, "int32 and lists"),
        (factors({1: [1.0, 1.0]}), None, "the rank None"),
        (factors({1: [1.0, 1.0]}), -1, "the rank -1"),
        (factors({1: [1.0, 1.0]}), True, "the rank True"),
        (factors({1: [1.0, 1.0]}).drop_columns("id"), 2, "id"),
    ],
)
def test_damaged_factors_are_refused(tmp_path: Path, users: pa.Table, rank: Any, message: str) -> None:
    with pytest.raises(MalformedModelError, match=message):
        mabridge.convert(write_als(tmp_path / "m", users, rank=rank))


def test_an_unknown_cold_start_strategy_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnsupportedPipelineError, match="coldStartStrategy is 'mean'"):
        mabridge.convert(write_als(tmp_path / "m", factors({1: [1.0, 2.0]}), coldStartStrategy="mean"))


def write_growth(folder: Path, items: Any, kind: pa.DataType, freq: list[int | None], **params: Any) -> Path:
    """As Spark 2.3 saved it: no numTrainingRecords."""
    content = {"class": GROWTH, "timestamp": 1, "sparkVersion": "2.3.0", "uid": "fpm_1", "paramMap": {"minConfidence": 0.5, **params}}
    write_metadata(folder, content)
    write_table(folder / "data", pa.table({"items": pa.array(items, pa.list_(kind)), "freq": pa.array(freq, pa.int64())}))
    return folder


def test_item_sets_of_spark_2(tmp_path: Path) -> None:
    folder = write_growth(tmp_path / "m", [["a"], ["b", "a"]], pa.string(), [2, 2])
    out = mabridge.convert(folder, as_spark="3.5.7").transform(pa.table({"items": pa.array([["a"], ["b"], None], pa.list_(pa.string()))}))
    assert out.column("prediction").to_pylist() == [["b"], [], []]


def test_added_items_stand_in_the_order_in_which_the_model_first_has_them(tmp_path: Path) -> None:
    sets = [["z"], ["m"], ["b", "z"], ["a", "z"], ["m", "z"]]
    out = mabridge.convert(write_growth(tmp_path / "m", sets, pa.string(), [1] * 5)).transform(pa.table({"items": pa.array([["z"]], pa.list_(pa.string()))}))
    assert out.column("prediction").to_pylist() == [["m", "b", "a"]]


@pytest.mark.parametrize(
    ("items", "kind", "freq", "error", "message"),
    [
        ([[1.5]], pa.float64(), [1], UnsupportedPipelineError, "items of the Arrow type double"),
        ([[None, "a"]], pa.string(), [1], UnsupportedPipelineError, "null for an item"),
        ([None], pa.string(), [1], MalformedModelError, "null where an item set"),
        ([["a"]], pa.string(), [None], MalformedModelError, "null where an item set"),
    ],
)
def test_item_sets_that_are_not_read_are_refused(tmp_path: Path, items: Any, kind: pa.DataType, freq: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        mabridge.convert(write_growth(tmp_path / "m", items, kind, freq))


@pytest.mark.parametrize("confidence", [-0.1, 1.5])
def test_a_confidence_outside_0_to_1_is_refused(tmp_path: Path, confidence: float) -> None:
    with pytest.raises(MalformedModelError, match="minConfidence"):
        mabridge.convert(write_growth(tmp_path / "m", [["a"]], pa.string(), [1], minConfidence=confidence))


def copied(target: Path, **changes: Any) -> Path:
    """A recorded LocalLDAModel with other values in its one row."""
    shutil.copytree(CASES / "clustering/local_lda_model/given/model", target)
    (part,) = (target / "data").glob("*.parquet")
    table = pq.read_table(part)
    row = table.to_pylist()[0]
    pq.write_table(pa.Table.from_pylist([{**row, **{name: change(row[name]) for name, change in changes.items()}}], table.schema), part)
    return target


def test_topics_of_spark_2_are_read_as_they_are(tmp_path: Path) -> None:
    model = copied(tmp_path / "m")
    path = model / "metadata/part-00000"
    content = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**content, "sparkVersion": "2.0.0", "paramMap": content["paramMap"] | content.pop("defaultParamMap")}), encoding="utf-8")
    folder = CASES / "clustering/local_lda_model/given"
    rows = spark_table(folder / "input.parquet")
    found, wanted = (mabridge.convert(where, as_spark="3.5.7").transform(rows) for where in (model, folder / "model"))
    assert found.equals(wanted)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"vocabSize": lambda _: 7}, "vocabSize is 7"),
        ({"docConcentration": lambda _: None}, "docConcentration"),
        ({"topicsMatrix": lambda matrix: {**matrix, "numRows": 5}}, "5 x 3"),
    ],
)
def test_damaged_topics_are_refused(tmp_path: Path, changes: dict[str, Any], message: str) -> None:
    with pytest.raises(MalformedModelError, match=message):
        mabridge.convert(copied(tmp_path / "m", **changes))


@pytest.mark.parametrize("case", ["recommendation/als_model/hard_factors_drop", "fpm/fp_growth_model/defaults", "clustering/local_lda_model/given"])
def test_a_stored_model_answers_as_the_converted_one(tmp_path: Path, case: str) -> None:
    rows = spark_table(CASES / case / "input.parquet")
    model = mabridge.convert(CASES / case / "model", tmp_path / "bundle", as_spark="3.5.7")
    found = repr(mabridge.load(tmp_path / "bundle").transform(rows).to_pylist())
    assert found == repr(model.transform(rows).to_pylist())
