"""Any step of the way prints, and shows what matters."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import mabridge
from compat_tests.plug_ins import write_stage
from mabridge.errors import MissingColumnError, MissingDataError, MissingModelError
from mabridge.model import Model
from mabridge.plan.explain import explain
from mabridge.plan.op import StageRef, Step
from mabridge.plan.ops import LookupIndex, Predict
from mabridge.plan.predictors import Head, LinearScorer
from mabridge.plan.reference import Reference


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    """A pipeline of a Bucketizer and a VectorAssembler."""
    folder = tmp_path / "spark_model"
    write_stage(folder, "org.apache.spark.ml.PipelineModel", "p", {"stageUids": ["b", "v"]}, {})
    cut = {"inputCol": "x", "outputCol": "bucket", "splits": [0.0, 1.0, "Infinity"]}
    write_stage(folder / "stages" / "0_b", "org.apache.spark.ml.feature.Bucketizer", "b", cut, {"handleInvalid": "error"})
    assemble = {"inputCols": ["bucket", "y"], "outputCol": "features"}
    write_stage(folder / "stages" / "1_v", "org.apache.spark.ml.feature.VectorAssembler", "v", assemble, {"handleInvalid": "skip"})
    return folder


HEAD = "the answers of Spark 3.5.7, ansi off, UTC"


def test_after_translate_it_shows_stages_ops_and_what_is_read(saved: Path) -> None:
    assert explain(saved).splitlines() == [
        f"# translate: {HEAD}",
        "stages[0] Bucketizer (b)",
        "    Bucketize(x -> bucket; splits=[ 0.,  1., inf], keep_invalid=False)",
        "stages[1] VectorAssembler (v)",
        "    DropMissing(bucket, y -> rows; when_absent=error)",
        "    AssembleVector(bucket, y -> features; invalid=error)",
        "",
        "# input",
        "x: a numeric type",
        "y: a numeric type, boolean or vector",
    ]


def test_after_rewrite_it_shows_the_bound_plan_with_types_and_without_what_nobody_wants(saved: Path) -> None:
    shown = explain(saved, after="rewrite", columns=["bucket"]).splitlines()
    assert shown[0] == f"# rewrite: {HEAD}; assumed types; --data binds to real ones"
    assert shown[-1] == "output: bucket: double"
    assert not any("AssembleVector" in line for line in shown)
    assert any("AssembleVector(bucket, y -> features" in line for line in explain(saved, after="rewrite").splitlines())


def test_after_lower_it_shows_kernels_and_what_is_let_go(saved: Path) -> None:
    shown = explain(saved, after="lower", columns=["features"])
    assert "kernel scalars.bucketize" in shown
    assert "kernel vectors.assemble_vector" in shown
    assert "    lets go of x" in shown
    assert shown.splitlines()[-1] == "output: features: vector[2]"


def test_data_binds_to_its_real_types(saved: Path, tmp_path: Path) -> None:
    file = tmp_path / "data.parquet"
    pq.write_table(pa.table({"y": pa.array([1], pa.int16()), "x": pa.array([1.0], pa.float32())}), file)
    shown = explain(saved, after="rewrite", data=str(file)).splitlines()
    assert shown[0].endswith(f"; the types of {file}")
    assert shown[1] == "input: y: smallint, x: float"
    with pytest.raises(MissingColumnError, match="`nope`"):
        explain(saved, after="rewrite", data=str(file), columns=["nope"])
    with pytest.raises(MissingDataError):
        explain(saved, after="rewrite", data=str(tmp_path / "nothing.parquet"))


def test_a_converted_model_explains_as_its_saved_one_does(saved: Path, tmp_path: Path) -> None:
    mabridge.convert(saved, tmp_path / "model")
    for after in ("translate", "rewrite", "lower"):
        assert explain(tmp_path / "model", after=after) == explain(saved, after=after)


def test_the_reference_that_is_asked_for_is_shown(saved: Path) -> None:
    assert explain(saved, as_spark="4.0.1", time_zone="Asia/Tokyo").startswith("# translate: the answers of Spark 4.0.1, ansi on, Asia/Tokyo\n")


def test_what_is_no_model_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(MissingModelError):
        explain(tmp_path / "nothing")


def test_large_settings_are_shown_by_their_shape(tmp_path: Path) -> None:
    stage = StageRef("", "org.example.Stage", "u")
    ops = [
        LookupIndex("s", "i", pa.array([str(number) for number in range(1_000)]), "keep"),
        Predict("v", LinearScorer(np.ones((3, 500)), np.zeros(3)), Head("scores", "softmax", 1.0, "argmax raw"), prediction="p"),
    ]
    Model([Step(op, stage) for op in ops], Reference("3.5.7")).save(tmp_path / "model")
    shown = explain(tmp_path / "model")
    assert "labels=1000 labels" in shown
    assert "LinearScorer(coefficients[3, 500])" in shown
    assert all(len(line) < 400 for line in shown.splitlines())
