"""RobustScalerModel: features are centred at their median and brought to unit quantile range.

Reads: `data`, one row: `range`, `median`.
Returns: the output column, vectors; dense with centering, else sparse where the input is.
Refuses: nothing of its own.
Differs from Spark: in nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from mabridge.sdk import Op, Stage, Translator, counted, ops, vector_value
from mabridge_translators._shared.columns import output_or_default


@dataclass(frozen=True)
class Params:
    """Params of RobustScalerModel (Spark 3.5); of `lower` and `upper` transform asks only which is less."""

    input_col: str
    output_col: str | None = None
    with_centering: bool = False
    with_scaling: bool = True
    lower: float = 0.25
    upper: float = 0.75


def translate(stage: Stage[Params]) -> Iterator[Op]:
    """One shift and scale; a feature without range is multiplied by 0.0."""
    params, row = stage.params, stage.row()
    if not params.lower < params.upper:
        raise stage.malformed(f"lower = {params.lower} is not below upper = {params.upper}; Spark refuses this too.")
    span, median = vector_value(stage.field(row, "range")), vector_value(stage.field(row, "median"))
    if len(span) != len(median):
        raise stage.malformed(f"`range` has {counted(len(span), 'feature')} and `median` {len(median)}.")
    scale = np.zeros_like(span)
    np.divide(1.0, span, out=scale, where=span != 0)
    yield ops.ShiftScale(
        params.input_col,
        output_or_default(stage, params.output_col),
        len(median),
        median if params.with_centering else None,
        scale if params.with_scaling else None,
    )


TRANSLATOR = Translator(
    spark_class="org.apache.spark.ml.feature.RobustScalerModel",
    params=Params,
    translate=translate,
    training_only=frozenset({"relativeError"}),
    since="3.0.0",
)
