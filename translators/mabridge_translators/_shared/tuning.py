"""What the two tuning models share: the best model stands for itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mabridge.sdk import SavedStage, Stage, Translator


@dataclass(frozen=True)
class Params:
    """A tuning model has no params that change `transform`."""


def best_model(stage: Stage[Params]) -> Iterator[SavedStage]:
    """The model in `bestModel`."""
    yield stage.saved.child("bestModel")


def tuning_model(name: str, training_only: frozenset[str], since: str) -> Translator:
    """The translator of a tuning model, which Spark and pyspark save under class names of their own.

    Args:
        name: the class without its package.
        training_only, since: see `Translator`; the params of both tuning models are added.
    """
    return Translator(
        spark_class=f"org.apache.spark.ml.tuning.{name}",
        params=Params,
        translate=best_model,
        training_only=training_only | {"estimatorParamMaps", "seed"},
        since=since,
        also=(f"pyspark.ml.tuning.{name}",),
    )
