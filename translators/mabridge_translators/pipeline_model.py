"""PipelineModel: its stages, one after the other.

Reads: `metadata` (stageUids) and the stage folders.
Returns: the ops of its stages in order; nested pipelines likewise.
Refuses: nothing of its own.
Differs from Spark: in nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mabridge.sdk import SavedStage, Stage, Translator


@dataclass(frozen=True)
class Params:
    """A PipelineModel has no params that change `transform`."""


def translate(stage: Stage[Params]) -> Iterator[SavedStage]:
    """The stages stand for themselves."""
    yield from stage.saved.children


TRANSLATOR = Translator(
    spark_class="org.apache.spark.ml.PipelineModel",
    params=Params,
    translate=translate,
    training_only=frozenset({"stageUids", "language"}),
    since="1.2.0",
    also=("pyspark.ml.pipeline.PipelineModel",),
)
