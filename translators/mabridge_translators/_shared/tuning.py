"""What the two tuning models share: the best model stands for itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mabridge.sdk import SavedStage, Stage

#: Params of tuning models, all of which matter in `fit` alone.
TUNING_FIT_ONLY = frozenset({"collectSubModels", "estimatorParamMaps", "foldCol", "numFolds", "parallelism", "seed", "trainRatio"})


@dataclass(frozen=True)
class Params:
    """A tuning model has no params that change `transform`."""


def best_model(stage: Stage[Params]) -> Iterator[SavedStage]:
    """The model in `bestModel`."""
    yield stage.saved.child("bestModel")
