"""Binarizer: a number becomes 1.0 above a threshold and 0.0 below it, alone or in a vector.

Reads: params only.
Returns: the output columns, doubles for doubles and vectors for vectors, these sparse or dense as `Vector.compressed` decides.
Refuses: nothing of its own.
Differs from Spark: in nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from mabridge.sdk import Op, Stage, Translator, ops
from mabridge_translators._shared.columns import column_pairs


@dataclass(frozen=True)
class Params:
    """Params of Binarizer (Spark 3.5)."""

    input_col: str | None = None
    input_cols: tuple[str, ...] | None = None
    output_col: str | None = None
    output_cols: tuple[str, ...] | None = None
    threshold: float = 0.0
    thresholds: tuple[float, ...] | None = None


def translate(stage: Stage[Params]) -> Iterator[Op]:
    """One cut for all columns; each reads what was there before the stage."""
    params, pairs = stage.params, column_pairs(stage)
    cuts = (params.threshold,) * len(pairs)
    if params.thresholds is not None:
        if params.input_cols is None or "threshold" in stage.given or len(params.thresholds) != len(pairs):
            raise stage.malformed("`thresholds` takes `inputCols`, one number for each, and no `threshold` beside it; Spark refuses this too.")
        cuts = params.thresholds
    yield ops.Binarize(tuple(source for source, _ in pairs), tuple(target for _, target in pairs), np.array(cuts, dtype=np.float64))


TRANSLATOR = Translator(spark_class="org.apache.spark.ml.feature.Binarizer", params=Params, translate=translate, training_only=frozenset(), since="1.4.0")
