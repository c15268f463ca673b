"""MaxAbsScalerModel: each feature is divided by the greatest magnitude that was seen in it.

Reads: `data`, one row: `maxAbs`.
Returns: the output column, vectors, sparse where the input is.
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
    """Params of MaxAbsScalerModel (Spark 3.5)."""

    input_col: str
    output_col: str | None = None


def translate(stage: Stage[Params]) -> Iterator[Op]:
    """One scale, the reciprocals; a feature that was always zero is left as it is."""
    params = stage.params
    greatest = vector_value(stage.field(stage.row(), "maxAbs"))
    scale = np.ones_like(greatest)
    np.divide(1.0, greatest, out=scale, where=greatest != 0)
    yield ops.ShiftScale(params.input_col, output_or_default(stage, params.output_col), len(scale), None, scale)


TRANSLATOR = Translator(
    spark_class="org.apache.spark.ml.feature.MaxAbsScalerModel", params=Params, translate=translate, training_only=frozenset(), since="2.0.0"
)
