"""ImputerModel: missing values become the surrogate that was fitted.

Reads: `data`, one row with a double column for each input column.
Returns: the output columns, each of its input's type.
Refuses: nothing of its own.
Differs from Spark: in nothing.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from mabridge.sdk import Op, Stage, Translator, ops
from mabridge_translators._shared.columns import column_pairs


@dataclass(frozen=True)
class Params:
    """Params of ImputerModel (Spark 3.5)."""

    input_col: str | None = None
    input_cols: tuple[str, ...] | None = None
    output_col: str | None = None
    output_cols: tuple[str, ...] | None = None
    missing_value: float = math.nan


def translate(stage: Stage[Params]) -> Iterator[Op]:
    """One fill for all columns; each reads what was there before the stage."""
    pairs, row = column_pairs(stage), stage.row()
    sources, targets = tuple(source for source, _ in pairs), tuple(target for _, target in pairs)
    surrogates = np.array([float(stage.field(row, source)) for source in sources], dtype=np.float64)
    yield ops.FillMissing(sources, targets, surrogates, stage.params.missing_value)


TRANSLATOR = Translator(
    spark_class="org.apache.spark.ml.feature.ImputerModel",
    params=Params,
    translate=translate,
    training_only=frozenset({"strategy", "relativeError"}),
    since="2.2.0",
)
