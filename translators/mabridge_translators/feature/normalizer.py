"""Normalizer: each vector is divided by its p-norm.

Reads: params only.
Returns: the output column, vectors, sparse where the input is; one whose norm is 0.0 passes as it is.
Refuses: nothing of its own.
Differs from Spark: in nothing; for p other than 1, 2 and Infinity the last bits are those of this machine's `pow`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mabridge.sdk import Op, Stage, Translator, ops
from mabridge_translators._shared.columns import output_or_default


@dataclass(frozen=True)
class Params:
    """Params of Normalizer (Spark 3.5)."""

    input_col: str
    output_col: str | None = None
    p: float = 2.0


def translate(stage: Stage[Params]) -> Iterator[Op]:
    """One division by the norm."""
    params = stage.params
    if not params.p >= 1.0:
        raise stage.malformed(f"p = {params.p} is less than 1; Spark refuses this too.")
    yield ops.NormalizeRows(params.input_col, output_or_default(stage, params.output_col), params.p)


TRANSLATOR = Translator(spark_class="org.apache.spark.ml.feature.Normalizer", params=Params, translate=translate, training_only=frozenset(), since="1.4.0")
