"""What the selector models have in common: some features of a vector, by number."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from mabridge.sdk import Op, Stage, Translator, ops
from mabridge_translators._shared.columns import output_or_default


@dataclass(frozen=True)
class Params:
    """Params of the selector models (Spark 3.5)."""

    features_col: str = "features"
    output_col: str | None = None


def selector(name: str, training_only: frozenset[str], since: str, *, ordered: bool = False, nominal: bool = False) -> Translator:
    """The translator of a selector model.

    Args:
        name: the class without its package.
        training_only, since: see `Translator`.
        ordered, nominal: see `selected`.
    """

    def translate(stage: Stage[Params]) -> Iterator[Op]:
        yield from selected(stage, ordered=ordered, nominal=nominal)

    return Translator(f"org.apache.spark.ml.feature.{name}", Params, translate, training_only, since)


def selected(stage: Stage[Params], *, ordered: bool = False, nominal: bool = False) -> Iterator[Op]:
    """Select the features of the saved column `selectedFeatures`, in ascending order.

    Args:
        stage: a selector model.
        ordered: whether Spark refuses numbers that do not ascend; else it sorts them.
        nominal: whether Spark declares the features as categories where nothing is declared about them.

    Raises:
        MalformedModelError: the numbers are negative or do not ascend.
        UnsupportedStageError: a number stands there twice.
    """
    numbers = stage.field(stage.row(), "selectedFeatures")
    features = np.array(numbers, dtype=np.int64)
    if (features < 0).any() or (ordered and (np.diff(features) <= 0).any()):
        raise stage.malformed("the numbers in `selectedFeatures` are negative or do not ascend.")
    chosen = np.unique(features)
    if len(chosen) < len(features):
        raise stage.refuse("`selectedFeatures` holds a number twice, which no fit gives", "Select each feature once and save the model again")
    yield ops.SelectFeatures(stage.params.features_col, output_or_default(stage, stage.params.output_col), chosen, nominal)
