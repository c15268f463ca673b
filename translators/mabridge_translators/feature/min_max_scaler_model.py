"""MinMaxScalerModel: each feature's fitted range becomes [min, max].

Reads: `data`, one row: `originalMin`, `originalMax`.
Returns: the output column, vectors, sparse or dense as `Vector.compressed` decides.
Refuses: nothing of its own.
Differs from Spark: in nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from mabridge.sdk import Op, Stage, Translator, ops, vector_value
from mabridge_translators._shared.columns import output_or_default


@dataclass(frozen=True)
class Params:
    """Params of MinMaxScalerModel (Spark 3.5)."""

    input_col: str
    output_col: str | None = None
    min: float = 0.0
    max: float = 1.0


def translate(stage: Stage[Params]) -> Iterator[Op]:
    """One range map; a constant feature becomes the middle of the range."""
    params, row = stage.params, stage.row()
    if not params.min < params.max:
        raise stage.malformed(f"min = {params.min} is not below max = {params.max}; Spark refuses this too.")
    low, high = vector_value(stage.field(row, "originalMin")), vector_value(stage.field(row, "originalMax"))
    span = high - low
    factor = np.zeros_like(span)
    np.divide(params.max - params.min, span, out=factor, where=span != 0)
    yield ops.MapRange(params.input_col, output_or_default(stage, params.output_col), low, factor, params.min, (params.min + params.max) / 2)


TRANSLATOR = Translator(
    spark_class="org.apache.spark.ml.feature.MinMaxScalerModel", params=Params, translate=translate, training_only=frozenset(), since="1.5.0"
)
