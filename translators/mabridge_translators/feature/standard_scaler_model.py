"""StandardScalerModel: features are centred and brought to unit deviation.

Reads: `data`, one row: `std`, `mean`.
Returns: the output column, vectors; dense with a mean, else sparse where the input is.
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
    """Params of StandardScalerModel (Spark 3.5)."""

    input_col: str
    output_col: str | None = None
    with_mean: bool = False
    with_std: bool = True


def translate(stage: Stage[Params]) -> Iterator[Op]:
    """One shift and scale; a feature without deviation is multiplied by 0.0."""
    params, row = stage.params, stage.row()
    std, mean = vector_value(stage.field(row, "std")), vector_value(stage.field(row, "mean"))
    scale = np.zeros_like(std)
    np.divide(1.0, std, out=scale, where=std != 0)
    yield ops.ShiftScale(
        params.input_col,
        output_or_default(stage, params.output_col),
        len(mean),
        mean if params.with_mean else None,
        scale if params.with_std else None,
    )


TRANSLATOR = Translator(
    spark_class="org.apache.spark.ml.feature.StandardScalerModel", params=Params, translate=translate, training_only=frozenset(), since="1.4.0"
)
