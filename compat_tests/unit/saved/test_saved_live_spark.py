"""Live Spark: what it saves is read, and its live models are a source."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from mabridge.errors import UnsupportedStageError
from mabridge.saved import read_saved
from mabridge.saved.live import is_live_model, save_live

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


@pytest.fixture
def fitted(spark_session: SparkSession) -> Any:
    from pyspark.ml import Pipeline
    from pyspark.ml.feature import OneHotEncoder, StringIndexer

    data = spark_session.createDataFrame([("a",), ("b",), ("b",)], ["s"])
    return Pipeline(stages=[StringIndexer(inputCol="s", outputCol="i"), OneHotEncoder(inputCol="i", outputCol="o")]).fit(data)


@pytest.mark.live
def test_live_model_is_read_through_a_folder_that_goes_away(fitted: Any) -> None:
    assert is_live_model(fitted)
    with save_live(fitted) as path:
        saved = read_saved(path)
        assert [stage.uid for stage in saved.children] == [stage.uid for stage in fitted.stages]
        assert saved.children[0].table().to_pylist() == [{"labelsArray": [["b", "a"]]}]
        assert saved.children[1].table().to_pylist() == [{"categorySizes": [2]}]
    assert not os.path.exists(path)


@pytest.mark.live
def test_live_model_with_a_stage_that_spark_cannot_write_is_refused(spark_session: SparkSession) -> None:
    from pyspark.ml import Pipeline, PipelineModel, Transformer

    class Unwritable(Transformer):
        def _transform(self, dataset: Any) -> Any:
            return dataset

    with (
        pytest.raises(UnsupportedStageError, match=r"Spark could not save the pyspark\.ml\.pipeline\.PipelineModel: .*Unwritable"),
        save_live(PipelineModel([Unwritable()])),
    ):
        pass
    with pytest.raises(UnsupportedStageError, match="Unwritable has no `write`"), save_live(Unwritable()):
        pass
    with pytest.raises(UnsupportedStageError, match=r"pyspark\.ml\.pipeline\.Pipeline is not fitted"), save_live(Pipeline(stages=[])):
        pass


@pytest.mark.live
def test_pipeline_with_a_python_stage_and_meta_models_are_read(spark_session: SparkSession, tmp_path: Path) -> None:
    from pyspark.ml import PipelineModel, Transformer
    from pyspark.ml.classification import LogisticRegression, OneVsRest
    from pyspark.ml.feature import VectorAssembler
    from pyspark.ml.util import DefaultParamsWritable

    class Mine(Transformer, DefaultParamsWritable):
        def _transform(self, dataset: Any) -> Any:
            return dataset

    assembler = VectorAssembler(inputCols=["x"], outputCol="features")
    PipelineModel([assembler, Mine()]).write().save(f"{tmp_path}/python")
    saved = read_saved(tmp_path / "python")
    assert saved.class_name == "pyspark.ml.pipeline.PipelineModel"
    assert [stage.class_name.rsplit(".", 1)[-1] for stage in saved.children] == ["VectorAssembler", "Mine"]
    data = assembler.transform(spark_session.createDataFrame([(0.0, 0.0), (1.0, 1.0), (2.0, 2.0)], ["x", "label"]))
    OneVsRest(classifier=LogisticRegression(maxIter=1)).fit(data).write().save(f"{tmp_path}/ovr")
    several = read_saved(tmp_path / "ovr")
    assert [several.child(name).location for name in several.names() if name.startswith("model_")] == ["model_0", "model_1", "model_2"]
    assert several.child("model_2").table().num_rows == 1
