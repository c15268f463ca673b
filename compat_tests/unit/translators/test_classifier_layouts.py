"""Layouts of classifiers that Spark 3.5 does not write: those of Spark 2.x and those that Python writes, and saves that are damaged."""

from __future__ import annotations

import json
import math
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

import mabridge
from compat_tests.replay import CASES
from compat_tests.unit.saved.build_saved import write_metadata, write_table
from mabridge.errors import MalformedModelError, UnsupportedPipelineError

CLASSIFICATION = "org.apache.spark.ml.classification"
ROWS = [[1.0, 0.0, 1.0], [0.0, 1.0, 1.0], [0.0, 0.0, 0.0]]
FEATURES = pa.table({"features": pa.array(ROWS, pa.list_(pa.float64(), 3))})


DOUBLES = pa.list_(pa.field("element", pa.float64(), nullable=False))
INTS = pa.list_(pa.field("element", pa.int32(), nullable=False))
VECTOR = pa.struct([("type", pa.int8()), ("size", pa.int32()), ("indices", INTS), ("values", DOUBLES)])
MATRIX = pa.struct(
    [
        ("type", pa.int8()),
        ("numRows", pa.int32()),
        ("numCols", pa.int32()),
        ("colPtrs", INTS),
        ("rowIndices", INTS),
        ("values", DOUBLES),
        ("isTransposed", pa.bool_()),
    ]
)


def vector(*values: float) -> dict[str, Any]:
    return {"type": 1, "size": None, "indices": None, "values": list(values)}


def matrix(rows: list[list[float]]) -> dict[str, Any]:
    values = [value for row in rows for value in row]
    return {"type": 1, "numRows": len(rows), "numCols": len(rows[0]), "colPtrs": None, "rowIndices": None, "values": values, "isTransposed": True}


def write_model(folder: Path, name: str, version: str, row: dict[str, Any], params: dict[str, Any] | None = None) -> Path:
    """A model as Spark 2.x saved it: no default params before 2.4."""
    content = {"class": f"{CLASSIFICATION}.{name}", "timestamp": 1, "sparkVersion": version, "uid": "model_1", "paramMap": params or {}}
    write_metadata(folder, content)
    kinds = {
        name: INTS if isinstance(value, list) else pa.float64() if isinstance(value, float) else MATRIX if "numRows" in value else VECTOR
        for name, value in row.items()
    }
    write_table(folder / "data", pa.table({name: pa.array([value], kinds[name]) for name, value in row.items()}))
    return folder


def answers(folder: Path, **options: Any) -> dict[str, Any]:
    out = mabridge.convert(folder, **options).transform(FEATURES)
    found = {}
    for name in out.column_names[1:]:
        values = out.column(name).to_pylist()
        found[name] = [value["values"] if isinstance(value, dict) else value for value in values]
    return found


PRIORS, SHARES = [-0.5, -1.25], [[-1.0, -0.25, -2.0], [-0.125, -3.0, -0.75]]


def test_naive_bayes_of_spark_2_has_no_variances(tmp_path: Path) -> None:
    row = {"pi": vector(*PRIORS), "theta": matrix(SHARES)}
    multinomial = answers(write_model(tmp_path / "m", "NaiveBayesModel", "2.1.0", row))
    assert multinomial["rawPrediction"] == [[-3.5, -2.125], [-2.75, -5.0], PRIORS]
    assert multinomial["prediction"] == [1.0, 0.0, 0.0]
    bernoulli = answers(write_model(tmp_path / "b", "NaiveBayesModel", "2.4.0", row, {"modelType": "bernoulli"}))
    wanted = [
        [
            prior + sum(share if value else math.log(1 - math.exp(share)) for share, value in zip(shares, row, strict=True))
            for prior, shares in zip(PRIORS, SHARES, strict=True)
        ]
        for row in ROWS
    ]
    np.testing.assert_allclose(bernoulli["rawPrediction"], wanted, rtol=1e-14)


def test_naive_bayes_of_the_gaussian_type_needs_variances(tmp_path: Path) -> None:
    folder = write_model(tmp_path / "m", "NaiveBayesModel", "3.5.7", {"pi": vector(*PRIORS), "theta": matrix(SHARES)}, {"modelType": "gaussian"})
    with pytest.raises(MalformedModelError, match="lacks `sigma`"):
        mabridge.convert(folder)


def test_an_unknown_type_of_naive_bayes_is_refused_by_name(tmp_path: Path) -> None:
    folder = write_model(tmp_path / "m", "NaiveBayesModel", "3.5.7", {"pi": vector(*PRIORS), "theta": matrix(SHARES)}, {"modelType": "poisson"})
    with pytest.raises(UnsupportedPipelineError, match=r"modelType = 'poisson' is not supported \(accepted: 'multinomial'"):
        mabridge.convert(folder)


WEIGHTS = [0.5, -1.0, 0.25, 2.0, -0.75, 1.5, 0.125, -0.5]


@pytest.mark.parametrize(
    ("version", "columns"), [("2.0.0", ["prediction"]), ("2.2.0", ["prediction"]), ("2.3.0", ["rawPrediction", "probability", "prediction"])]
)
def test_perceptrons_of_spark_2_keep_their_layers_beside_the_weights(tmp_path: Path, version: str, columns: list[str]) -> None:
    folder = write_model(tmp_path / "m", "MultilayerPerceptronClassificationModel", version, {"layers": [3, 2], "weights": vector(*WEIGHTS)})
    found = answers(folder)
    raw = np.array(ROWS) @ np.array(WEIGHTS[:6]).reshape(3, 2) + np.array(WEIGHTS[6:])
    assert list(found) == columns
    assert found["prediction"] == np.argmax(raw, axis=1).astype(float).tolist()
    # Spark 3.5 reads the old layout and gives all three columns.
    newer = answers(folder, as_spark="3.5.7")
    np.testing.assert_allclose(newer["rawPrediction"], raw, rtol=1e-14)
    np.testing.assert_allclose(newer["probability"], np.exp(raw) / np.exp(raw).sum(axis=1, keepdims=True), rtol=1e-14)


@pytest.mark.parametrize("layers", [[3], [3, 3], [3, -2], [2, 2], []])
def test_layers_that_do_not_fit_the_weights_are_malformed(tmp_path: Path, layers: list[int]) -> None:
    row = {"layers": layers, "weights": vector(*WEIGHTS)}
    with pytest.raises(MalformedModelError):
        mabridge.convert(write_model(tmp_path / "m", "MultilayerPerceptronClassificationModel", "2.4.0", row))


def one_vs_rest(folder: Path, version: str = "3.5.7", change: Callable[[int, dict[str, Any]], None] | None = None, **metadata: Any) -> Path:
    """Three support vector machines: class k likes feature k."""
    for number in range(3):
        params = {"featuresCol": "features", "rawPredictionCol": "rawPrediction"}
        row = {"coefficients": vector(*(2.0 if place == number else -0.5 for place in range(3))), "intercept": 0.125}
        write_model(folder / f"model_{number}", "LinearSVCModel", version, row, params)
        if change is not None:
            path = folder / f"model_{number}" / "metadata" / "part-00000"
            content = json.loads(path.read_text())
            change(number, content)
            path.write_text(json.dumps(content))
    content = {"class": f"{CLASSIFICATION}.OneVsRestModel", "timestamp": 1, "sparkVersion": version, "uid": "ovr_1", "paramMap": {}, "numClasses": 3}
    write_metadata(folder, content | {"labelMetadata": "{}"} | metadata)
    return folder


RAW = [[1.625, -0.875, 1.625], [-0.875, 1.625, 1.625], [0.125, 0.125, 0.125]]


def test_one_vs_rest_takes_the_greatest_and_of_several_the_first(tmp_path: Path) -> None:
    assert answers(one_vs_rest(tmp_path / "m")) == {"rawPrediction": RAW, "prediction": [0.0, 1.0, 0.0]}


def test_one_vs_rest_has_no_raw_prediction_before_spark_2_4(tmp_path: Path) -> None:
    folder = one_vs_rest(tmp_path / "m", "2.3.0")
    assert answers(folder) == {"prediction": [0.0, 1.0, 0.0]}
    assert list(answers(folder, as_spark="2.4.0")) == ["rawPrediction", "prediction"]


@pytest.mark.parametrize("count", [None, 0, -1, "3", True, 2.5])
def test_one_vs_rest_must_say_how_many_classes_it_has(tmp_path: Path, count: object) -> None:
    with pytest.raises(MalformedModelError, match="classes"):
        mabridge.convert(one_vs_rest(tmp_path / "m", numClasses=count))


def test_one_vs_rest_with_a_missing_model_names_the_folder(tmp_path: Path) -> None:
    with pytest.raises(MalformedModelError, match="model_3"):
        mabridge.convert(one_vs_rest(tmp_path / "m", numClasses=4))


def test_what_a_nested_model_holds_is_refused_with_its_place(tmp_path: Path) -> None:
    def change(number: int, content: dict[str, Any]) -> None:
        if number == 1:
            content["class"] = f"{CLASSIFICATION}.NoSuchModel"

    with pytest.raises(UnsupportedPipelineError, match=r"model_1 NoSuchModel .* no translator is installed"):
        mabridge.convert(one_vs_rest(tmp_path / "m", change=change))


def test_one_vs_rest_of_something_that_is_no_classifier_is_refused(tmp_path: Path) -> None:
    folder = one_vs_rest(tmp_path / "m")
    shutil.rmtree(folder / "model_2")
    write_metadata(folder / "model_2", {"class": "org.apache.spark.ml.PipelineModel", "sparkVersion": "3.5.7", "uid": "p", "paramMap": {"stageUids": []}})
    with pytest.raises(UnsupportedPipelineError, match=r"`model_2` is a org\.apache\.spark\.ml\.PipelineModel"):
        mabridge.convert(folder)


def test_one_vs_rest_that_python_saved_wants_the_same_columns_in_its_models(tmp_path: Path) -> None:
    python = {"class": "pyspark.ml.classification.OneVsRestModel"}
    assert answers(one_vs_rest(tmp_path / "m", **python)) == {"rawPrediction": RAW, "prediction": [0.0, 1.0, 0.0]}

    def change(number: int, content: dict[str, Any]) -> None:
        content["paramMap"]["rawPredictionCol"] = "raw" if number == 2 else "rawPrediction"

    with pytest.raises(UnsupportedPipelineError, match="`model_2` reads `features` and writes its raw prediction to `raw`"):
        mabridge.convert(one_vs_rest(tmp_path / "n", change=change, **python))


@pytest.mark.parametrize(("name", "own"), [("CrossValidatorModel", {"numFolds": 2, "foldCol": ""}), ("TrainValidationSplitModel", {"trainRatio": 0.75})])
@pytest.mark.parametrize("package", ["org.apache.spark.ml.tuning", "pyspark.ml.tuning"])
def test_a_tuned_model_is_its_best_model_whoever_saved_it(tmp_path: Path, name: str, own: dict[str, Any], package: str) -> None:
    best = write_model(tmp_path / "m" / "bestModel", "LinearSVCModel", "3.5.7", {"coefficients": vector(1.0, 2.0, -1.0), "intercept": 0.5})
    params = {
        **own,
        "seed": 3,
        "estimatorParamMaps": [[{"parent": "x", "name": "regParam", "value": 0.5, "isJson": True}]],
    }
    content = {"class": f"{package}.{name}", "sparkVersion": "3.5.7", "uid": "cv_1", "paramMap": params, "defaultParamMap": {}}
    write_metadata(tmp_path / "m", content | {"avgMetrics": [0.5], "stdMetrics": [0.1], "persistSubModels": False})
    assert answers(tmp_path / "m") == answers(best)


def test_a_tuned_model_without_its_best_model_is_malformed(tmp_path: Path) -> None:
    write_metadata(tmp_path / "m", {"class": "org.apache.spark.ml.tuning.CrossValidatorModel", "sparkVersion": "3.5.7", "uid": "cv_1", "paramMap": {}})
    with pytest.raises(MalformedModelError, match="bestModel"):
        mabridge.convert(tmp_path / "m")


def test_a_refusal_inside_the_best_model_names_its_place(tmp_path: Path) -> None:
    write_model(tmp_path / "m" / "bestModel", "NoSuchModel", "3.5.7", {"x": 1.0})
    write_metadata(tmp_path / "m", {"class": "org.apache.spark.ml.tuning.CrossValidatorModel", "sparkVersion": "3.5.7", "uid": "cv_1", "paramMap": {}})
    with pytest.raises(UnsupportedPipelineError, match="bestModel NoSuchModel"):
        mabridge.convert(tmp_path / "m")


def test_factorization_machines_that_do_not_fit_are_malformed(tmp_path: Path) -> None:
    row = {"intercept": 0.5, "linear": vector(1.0, 2.0, 3.0), "factors": matrix([[1.0], [2.0]])}
    with pytest.raises(MalformedModelError, match="linear weights"):
        mabridge.convert(write_model(tmp_path / "m", "FMClassificationModel", "3.0.0", row))


def test_a_converted_one_vs_rest_is_stored_and_loaded(tmp_path: Path) -> None:
    folder = CASES / "classification" / "one_vs_rest_model" / "naive_bayes"
    mabridge.convert(folder / "model", tmp_path / "bundle")
    counts = pa.table({"features": pa.array([[1.0, 0.0, 3.0, 2.0], [0.0, 4.0, 0.0, 0.0]], pa.list_(pa.float64(), 4))})
    assert mabridge.load(tmp_path / "bundle").transform(counts).equals(mabridge.convert(folder / "model").transform(counts))
