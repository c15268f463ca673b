"""Random pipelines against live Spark: each answers what Spark does, and every class that can be chained is drawn."""

from __future__ import annotations

import random
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import mabridge
from compat_tests.catalogue.read import catalogue

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

#: Two classes are tried first in each pipeline, in turn, so that this many pipelines draw nearly all of them.
PIPELINES = 31


@pytest.mark.live
@pytest.mark.heavy
def test_random_pipelines_answer_what_spark_does(spark_session: SparkSession) -> None:
    from compat_tests.live.pipelines.grow import STAGES
    from compat_tests.live.pipelines.run import Summary, run, tried_first

    told: list[str] = []
    summary = Summary()
    run(spark_session, 5, range(PIPELINES), summary, say=told.append)
    # What found no column of its kind in its turn has a few turns more.
    for start in range(PIPELINES, 8 * PIPELINES, PIPELINES):
        missing = set(STAGES) - set(summary.drawn)
        run(spark_session, 5, [number for number in range(start, start + PIPELINES) if missing & set(tried_first(number))], summary, say=told.append)
    assert not summary.failed, "\n".join(told)
    assert summary.pipelines >= PIPELINES
    assert not set(STAGES) - set(summary.drawn)
    assert summary.rows > 20 * PIPELINES
    assert summary.refusals


@pytest.mark.live
def test_a_model_that_differs_is_found(spark_session: SparkSession, tmp_path: Path) -> None:
    from pyspark.ml import PipelineModel
    from pyspark.ml.feature import Binarizer

    from compat_tests.live.pipelines.check import compare
    from compat_tests.live.pipelines.values import draw_rows

    rows = draw_rows(random.Random(3)).train
    spark, other = (PipelineModel([Binarizer(inputCol="target", outputCol="over", threshold=threshold)]) for threshold in (3.0, 6.0))
    assert compare(spark_session, spark, mabridge.convert(spark), rows).ok
    report = compare(spark_session, spark, mabridge.convert(other), rows)
    assert not report.ok
    assert report.first_difference is not None


def test_every_class_of_the_catalogue_is_drawn_or_has_a_reason() -> None:
    from compat_tests.live.pipelines.grow import NOT_CHAINED, STAGES

    assert not set(STAGES) & set(NOT_CHAINED)
    assert set(STAGES) | set(NOT_CHAINED) == {name.rpartition(".")[2] for name in catalogue()}
