"""BucketedRandomProjectionLSHModel: vectors hashed by their projection on random directions.

Reads: `data`, one row: `randUnitVectors`, a dense matrix with a direction in each row.
Returns: the output column, for each vector an array with one dense vector of one feature for each direction.
Refuses: a sparse matrix.
Differs from Spark: in nothing; the bits are those of Spark's BLAS on Java 11 and later. Its joins and neighbour searches are not transform and not here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mabridge.sdk import Op, Stage, Translator, matrix_value, ops
from mabridge_translators._shared.columns import output_or_default


@dataclass(frozen=True)
class Params:
    """Params of BucketedRandomProjectionLSHModel (Spark 3.5); the number of tables is the matrix's."""

    input_col: str
    bucket_length: float
    output_col: str | None = None


def translate(stage: Stage[Params]) -> Iterator[Op]:
    """One projection."""
    params, saved = stage.params, stage.field(stage.row(), "randUnitVectors")
    if not params.bucket_length > 0:
        raise stage.malformed(f"bucketLength = {params.bucket_length} is not above 0; Spark refuses this too.")
    directions = matrix_value(saved)
    if saved.get("type") != 1:
        raise stage.refuse("`randUnitVectors` is a sparse matrix, which no fit gives", "Save the model with a dense one")
    yield ops.ProjectToBuckets(params.input_col, output_or_default(stage, params.output_col), directions, bool(saved.get("isTransposed")), params.bucket_length)


TRANSLATOR = Translator(
    spark_class="org.apache.spark.ml.feature.BucketedRandomProjectionLSHModel",
    params=Params,
    translate=translate,
    training_only=frozenset({"numHashTables"}),
    since="2.1.0",
)
