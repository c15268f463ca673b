"""ElementwiseProduct: each feature is multiplied by its own factor.

Reads: params only; `scalingVec` is a vector as JSON.
Returns: the output column, vectors, sparse where the input is.
Refuses: nothing of its own.
Differs from Spark: in nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mabridge.sdk import Op, Stage, Translator, ops, vector_value
from mabridge_translators._shared.columns import output_or_default


@dataclass(frozen=True)
class Params:
    """Params of ElementwiseProduct (Spark 3.5)."""

    input_col: str
    scaling_vec: dict[str, int | tuple[int, ...] | tuple[float, ...]]
    output_col: str | None = None


def translate(stage: Stage[Params]) -> Iterator[Op]:
    """One scale; vectors of another size are refused."""
    params = stage.params
    factors = vector_value(params.scaling_vec)
    yield ops.ShiftScale(params.input_col, output_or_default(stage, params.output_col), len(factors), None, factors, exact_size=True)


TRANSLATOR = Translator(
    spark_class="org.apache.spark.ml.feature.ElementwiseProduct", params=Params, translate=translate, training_only=frozenset(), since="1.4.0"
)
