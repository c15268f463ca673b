"""DCT: the discrete cosine transform of each vector, or its inverse.

Reads: params only.
Returns: the output column, dense vectors.
Refuses: nothing of its own.
Differs from Spark: rows that hold infinity, or numbers whose sum passes 1e290, are refused (docs/adr/0005); else in the last bits, for the sums run in
another order.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mabridge.sdk import Op, Stage, Translator, ops
from mabridge_translators._shared.columns import output_or_default


@dataclass(frozen=True)
class Params:
    """Params of DCT (Spark 3.5)."""

    input_col: str
    output_col: str | None = None
    inverse: bool = False


def translate(stage: Stage[Params]) -> Iterator[Op]:
    """One transform."""
    params = stage.params
    yield ops.CosineTransform(params.input_col, output_or_default(stage, params.output_col), params.inverse)


TRANSLATOR = Translator(spark_class="org.apache.spark.ml.feature.DCT", params=Params, translate=translate, training_only=frozenset(), since="1.5.0")
