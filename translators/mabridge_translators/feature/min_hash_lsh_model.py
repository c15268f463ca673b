"""MinHashLSHModel: sets, as vectors of what is not zero, hashed by their least element under random orders.

Reads: `data`, one row: `randCoefficients`, pairs of a factor and an offset.
Returns: the output column, for each vector an array with one dense vector of one feature for each pair.
Refuses: nothing of its own.
Differs from Spark: in nothing. Its joins and neighbour searches are not transform and not here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from mabridge.sdk import Op, Stage, Translator, ops
from mabridge_translators._shared.columns import output_or_default


@dataclass(frozen=True)
class Params:
    """Params of MinHashLSHModel (Spark 3.5); the number of tables is the number of pairs."""

    input_col: str
    output_col: str | None = None


def translate(stage: Stage[Params]) -> Iterator[Op]:
    """One hash for each pair."""
    params = stage.params
    numbers = np.array(stage.field(stage.row(), "randCoefficients"), dtype=np.int64)
    if len(numbers) % 2:
        raise stage.malformed(f"`randCoefficients` holds {len(numbers)} numbers, which are not pairs.")
    factors, offsets = np.ascontiguousarray(numbers[::2]), np.ascontiguousarray(numbers[1::2])
    yield ops.HashMinimum(params.input_col, output_or_default(stage, params.output_col), factors, offsets)


TRANSLATOR = Translator(
    spark_class="org.apache.spark.ml.feature.MinHashLSHModel",
    params=Params,
    translate=translate,
    training_only=frozenset({"numHashTables"}),
    since="2.1.0",
)
