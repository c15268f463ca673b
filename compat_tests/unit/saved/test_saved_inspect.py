"""What `mabridge inspect` prints."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
from build_saved import metadata, write_metadata, write_pipeline, write_stage

from mabridge.saved import read_saved
from mabridge.saved.inspect import inspect_json, inspect_lines, inspect_stage, inspect_text

DATA = Path(__file__).parent / "data"


def test_text_shows_stages_columns_params_and_tables() -> None:
    path = DATA / "string_indexer_pipeline_2.1.0"
    assert inspect_lines(read_saved(path)) == [
        f"{path}: saved by Spark 2.1.0, 1 stage",
        "",
        "stage      class               uid                    reads     writes",
        "(model)    PipelineModel       pipeline_79b092a2c6a9  -         -",
        "stages[0]  StringIndexerModel  strIdx_6416467d71b1    category  categoryIndex",
        "",
        "(model)  org.apache.spark.ml.PipelineModel  pipeline_79b092a2c6a9",
        "",
        "stages[0]  org.apache.spark.ml.feature.StringIndexerModel  strIdx_6416467d71b1",
        "  handleInvalid  error          set",
        "  inputCol       category       set",
        "  outputCol      categoryIndex  set",
        "  data/: 1 file, 463 bytes, 1 row",
        "    labels  list<element: string>",
    ]


def test_json_holds_the_same_and_parses() -> None:
    report = json.loads(inspect_json(read_saved(DATA / "random_forest_2.4.7")))
    assert report["class_name"] == "org.apache.spark.ml.regression.RandomForestRegressionModel"
    assert report["input_columns"] == ["features"]
    assert report["output_columns"] == ["prediction"]
    assert [(table["name"], table["rows"]) for table in report["tables"]] == [("data", 8), ("treesMetadata", 2)]
    assert report["params"] == {"numTrees": 2}


def test_non_finite_params_are_text_in_json(tmp_path: Path) -> None:
    write_metadata(tmp_path, json.dumps(metadata("a.B", "b", {"x": float("nan"), "y": [float("inf"), float("-inf")]})))
    assert json.loads(inspect_json(read_saved(tmp_path)))["params"] == {"x": "NaN", "y": ["Infinity", "-Infinity"]}


def test_nested_models_are_stages_of_the_report(tmp_path: Path) -> None:
    write_metadata(tmp_path, metadata("org.apache.spark.ml.classification.OneVsRestModel", "ovr"))
    write_stage(tmp_path / "model_0", "a")
    write_pipeline(tmp_path / "model_1", ["b"])
    report = inspect_stage(read_saved(tmp_path))
    assert [child.location for child in report.children] == ["model_0", "model_1"]
    assert report.children[1].children[0].location == "model_1.stages[0]"
    assert report.tables == ()


def test_payload_that_is_no_table_is_shown_with_its_size(tmp_path: Path) -> None:
    write_stage(tmp_path, "a", table=None)
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "model").write_bytes(b"12345")
    # An mllib model inside the data is no stage.
    write_metadata(tmp_path / "old", '{"class":"org.apache.spark.mllib.clustering.BisectingKMeansModel"}')
    (table, old) = inspect_stage(read_saved(tmp_path)).tables
    assert (table.name, table.files, table.bytes, table.rows) == ("data", 1, 5, None)
    assert old.name == "old"


def test_damaged_table_is_reported_beside_the_rest(tmp_path: Path) -> None:
    write_stage(tmp_path, "a", table=pa.table({"x": [1]}))
    (part,) = (tmp_path / "data").glob("*.parquet")
    part.write_bytes(part.read_bytes()[:-3])
    text = inspect_text(read_saved(tmp_path))
    assert "the parquet file is truncated or damaged" in text


def test_only_the_output_that_is_in_use_is_shown(tmp_path: Path) -> None:
    content = metadata("org.apache.spark.ml.feature.StringIndexerModel", "a", {"inputCols": ["x", "y"], "outputCols": ["p", "q"], "labelCol": "l"})
    content["defaultParamMap"] = {"outputCol": "a__output", "leafCol": ""}
    write_metadata(tmp_path, content)
    report = inspect_stage(read_saved(tmp_path))
    assert report.input_columns == ("x", "y")
    assert report.output_columns == ("p", "q")


def test_control_characters_of_a_param_do_not_reach_the_terminal(tmp_path: Path) -> None:
    write_metadata(tmp_path, json.dumps(metadata("a.B", "b", {"inputCol": "x\x1b[2Jy", "s": "\x07", "key\x1b": 1})))
    text = inspect_text(read_saved(tmp_path))
    assert all(line.isprintable() for line in text.splitlines())
    assert "\\u001b[2Jy" in text
