"""What the selector models have in common: some features of a vector, by number."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from mabridge.sdk import Op, Stage, ops
from mabridge_translators._shared.columns import output_or_default


def selected(stage: Stage[object], features_col: str, output_col: str | None, *, ordered: bool = False, nominal: bool = False) -> Iterator[Op]:
    """Select the features of the saved column `selectedFeatures`, in ascending order.

    Args:
        stage: a selector model.
        features_col, output_col: its columns.
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
    yield ops.SelectFeatures(features_col, output_or_default(stage, output_col), chosen, nominal)
