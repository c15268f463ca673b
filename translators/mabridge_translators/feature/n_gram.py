"""NGram: neighbouring words joined by spaces.

Reads: params only.
Returns: the output column, array of strings.
Refuses: nothing of its own.
Differs from Spark: in nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mabridge.sdk import Op, Stage, Translator, ops
from mabridge_translators._shared.columns import output_or_default


@dataclass(frozen=True)
class Params:
    """Params of NGram (Spark 3.5)."""

    input_col: str
    output_col: str | None = None
    n: int = 2


def translate(stage: Stage[Params]) -> Iterator[Op]:
    """One join."""
    if stage.params.n < 1:
        raise stage.malformed(f"n is {stage.params.n}; Spark accepts 1 and more.")
    yield ops.JoinNeighbours(stage.params.input_col, output_or_default(stage, stage.params.output_col), stage.params.n)


TRANSLATOR = Translator(spark_class="org.apache.spark.ml.feature.NGram", params=Params, translate=translate, training_only=frozenset(), since="1.5.0")
