"""VectorAssembler: numbers and vectors side by side in one vector.

Reads: params only.
Returns: the output column, vectors, sparse or dense as `Vector.compressed` decides.
Refuses: nothing of its own.
Differs from Spark: vectors of different sizes in one input column are refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from mabridge.sdk import Op, Stage, Translator, ops
from mabridge_translators._shared.columns import output_or_default


@dataclass(frozen=True)
class Params:
    """Params of VectorAssembler (Spark 3.5)."""

    input_cols: tuple[str, ...]
    output_col: str | None = None
    handle_invalid: Literal["error", "skip", "keep"] = "error"


def translate(stage: Stage[Params]) -> Iterator[Op]:
    """Under `skip` the rows with null or NaN go first."""
    params = stage.params
    if params.handle_invalid == "skip":
        yield ops.DropMissing(params.input_cols)
    yield ops.AssembleVector(params.input_cols, output_or_default(stage, params.output_col), "keep" if params.handle_invalid == "keep" else "error")


TRANSLATOR = Translator(spark_class="org.apache.spark.ml.feature.VectorAssembler", params=Params, translate=translate, training_only=frozenset(), since="1.4.0")
