"""What Python's own writers save, against what Python's own models answer in live Spark."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest

import mabridge

pytestmark = [pytest.mark.live, pytest.mark.heavy]


@pytest.fixture(scope="module")
def spark(spark_session: Any) -> Any:
    return spark_session


@pytest.fixture(scope="module")
def points(spark: Any) -> Any:
    from pyspark.ml.linalg import Vectors

    rows = [(float(i % 3), Vectors.dense([(i * 7 % 11) / 3 - i % 3, (i * 5 % 13) / 4 + i % 3])) for i in range(30)]
    return spark.createDataFrame(rows, ["label", "features"]).coalesce(1)


def compare(model: Any, saved: Path, points: Any, tmp_path: Path) -> None:
    points.write.parquet(str(tmp_path / "rows"))
    rows = pq.read_table(tmp_path / "rows")
    found = mabridge.convert(saved).transform(rows)
    wanted = model.transform(points.sparkSession.read.parquet(str(tmp_path / "rows"))).toPandas()
    assert found.column_names == list(wanted.columns)
    assert found.num_rows == len(wanted) == 30
    assert found.column("prediction").to_pylist() == wanted["prediction"].tolist()
    raw = [value["values"] for value in found.column("rawPrediction").to_pylist()]
    np.testing.assert_allclose(raw, np.array([value.toArray() for value in wanted["rawPrediction"]]), rtol=1e-12, atol=1e-14)


def test_a_one_vs_rest_model_that_python_writes(spark: Any, points: Any, tmp_path: Path) -> None:
    from pyspark.ml.classification import LogisticRegression, OneVsRest, OneVsRestModelWriter

    model = OneVsRest(classifier=LogisticRegression(maxIter=4)).fit(points)
    OneVsRestModelWriter(model).save(str(tmp_path / "model"))
    assert "pyspark.ml.classification.OneVsRestModel" in (tmp_path / "model" / "metadata" / "part-00000").read_text()
    compare(model, tmp_path / "model", points, tmp_path)


@pytest.mark.parametrize("kind", ["cross", "split"])
def test_a_tuned_pipeline_that_python_writes(spark: Any, points: Any, tmp_path: Path, kind: str) -> None:
    from pyspark.ml import Pipeline
    from pyspark.ml.classification import LogisticRegression
    from pyspark.ml.evaluation import MulticlassClassificationEvaluator
    from pyspark.ml.feature import VectorAssembler
    from pyspark.ml.tuning import CrossValidator, CrossValidatorModelWriter, ParamGridBuilder, TrainValidationSplit, TrainValidationSplitModelWriter

    last = LogisticRegression(maxIter=4, featuresCol="v")
    pipeline = Pipeline(stages=[VectorAssembler(inputCols=["features", "label"], outputCol="v"), last])
    grid = ParamGridBuilder().addGrid(last.regParam, [0.0, 0.5]).build()
    settings: dict[str, Any] = {
        "estimator": pipeline,
        "estimatorParamMaps": grid,
        "evaluator": MulticlassClassificationEvaluator(),
        "collectSubModels": True,
        "seed": 3,
    }
    if kind == "cross":
        model: Any = CrossValidator(numFolds=2, **settings).fit(points)
        CrossValidatorModelWriter(model).save(str(tmp_path / "model"))
    else:
        model = TrainValidationSplit(**settings).fit(points)
        TrainValidationSplitModelWriter(model).save(str(tmp_path / "model"))
    assert '"class":"pyspark.ml.tuning' in (tmp_path / "model" / "metadata" / "part-00000").read_text()
    compare(model, tmp_path / "model", points, tmp_path)


def test_a_layer_of_a_million_weights_keeps_the_bits_of_spark(spark: Any, tmp_path: Path) -> None:
    """From 100^3 weights on Spark's BLAS takes another way through a matrix product."""
    from pyspark.ml.classification import MultilayerPerceptronClassificationModel
    from pyspark.ml.linalg import Vectors

    from compat_tests.record.session import java_model, java_vector

    rng = np.random.default_rng(3)
    weights = rng.normal(size=1003 * 1001 + 1001)
    name = "classification.MultilayerPerceptronClassificationModel"
    model = java_model(spark, MultilayerPerceptronClassificationModel, name, "mlpc_large", java_vector(spark, *weights.tolist()))
    model = model._set(layers=[1003, 1001])
    model.save(str(tmp_path / "model"))
    frame = spark.createDataFrame([(Vectors.dense(row),) for row in rng.normal(size=(4, 1003)).tolist()], ["features"]).coalesce(1)
    frame.write.parquet(str(tmp_path / "rows"))
    rows = pq.read_table(tmp_path / "rows")
    found = mabridge.convert(tmp_path / "model").transform(rows, columns=["rawPrediction"])
    wanted = [row.rawPrediction.toArray() for row in model.transform(spark.read.parquet(str(tmp_path / "rows"))).collect()]
    assert np.array([value["values"] for value in found.column("rawPrediction").to_pylist()]).tobytes() == np.array(wanted).tobytes()
