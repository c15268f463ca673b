"""PCAModel: vectors projected on the principal components that were fitted.

Reads: `data`, one row: `pc`, a dense matrix of features x components; `explainedVariance` is not needed.
Returns: the output column, dense vectors of one feature for each component.
Refuses: a sparse matrix, which Spark cannot load either.
Differs from Spark: in nothing; the bits are those of Spark's BLAS on Java 11 and later.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from mabridge.sdk import Op, Stage, Translator, matrix_value, ops
from mabridge_translators._shared.columns import output_or_default


@dataclass(frozen=True)
class Params:
    """Params of PCAModel (Spark 3.5); transform uses `k` only as the declared size of its output."""

    input_col: str
    k: int
    output_col: str | None = None


def translate(stage: Stage[Params]) -> Iterator[Op]:
    """One product with the transposed components."""
    params, saved = stage.params, stage.field(stage.row(), "pc")
    if saved.get("type") != 1:
        raise stage.malformed("`pc` is not a dense matrix; Spark cannot load it.")
    components = matrix_value(saved)
    if components.shape[1] != params.k:
        raise stage.refuse(f"k is {params.k} and there are {components.shape[1]} components", "Set k to their number in Spark and save the model again")
    # Spark transposes a matrix by reading it the other way round.
    yield ops.MultiplyMatrix(
        params.input_col, output_or_default(stage, params.output_col), np.ascontiguousarray(components.T), by_rows=not saved.get("isTransposed")
    )


TRANSLATOR = Translator(spark_class="org.apache.spark.ml.feature.PCAModel", params=Params, translate=translate, training_only=frozenset(), since="1.5.0")
