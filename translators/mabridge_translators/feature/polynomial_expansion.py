"""PolynomialExpansion: all products of up to so many features.

Reads: params only.
Returns: the output column, vectors, sparse where the input is.
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
    """Params of PolynomialExpansion (Spark 3.5)."""

    input_col: str
    output_col: str | None = None
    degree: int = 2


def translate(stage: Stage[Params]) -> Iterator[Op]:
    """One expansion."""
    params = stage.params
    if params.degree < 1:
        raise stage.malformed(f"degree = {params.degree} is less than 1; Spark refuses this too.")
    yield ops.ExpandPolynomial(params.input_col, output_or_default(stage, params.output_col), params.degree)


TRANSLATOR = Translator(
    spark_class="org.apache.spark.ml.feature.PolynomialExpansion", params=Params, translate=translate, training_only=frozenset(), since="1.4.0"
)
