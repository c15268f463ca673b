"""FeatureHasher: columns of many kinds hashed into one sparse vector.

Reads: params only.
Returns: the output column, sparse vectors.
Refuses: nothing of its own.
Differs from Spark: three or more numbers that fall on one feature are added up in the order of Spark 3.x (Scala 2.12), also for a reference of Spark 4.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mabridge.sdk import Op, Stage, Translator, ops
from mabridge_translators._shared.columns import output_or_default
from mabridge_translators._shared.text import checked_size


@dataclass(frozen=True)
class Params:
    """Params of FeatureHasher (Spark 3.5)."""

    input_cols: tuple[str, ...]
    output_col: str | None = None
    num_features: int = 1 << 18
    categorical_cols: tuple[str, ...] | None = None


def translate(stage: Stage[Params]) -> Iterator[Op]:
    """One hash of all columns; which are categories is settled by their types."""
    params = stage.params
    yield ops.HashColumns(
        params.input_cols,
        output_or_default(stage, params.output_col),
        checked_size(stage, params.num_features),
        params.input_cols,
        None,
        params.categorical_cols,
    )


TRANSLATOR = Translator(spark_class="org.apache.spark.ml.feature.FeatureHasher", params=Params, translate=translate, training_only=frozenset(), since="2.3.0")
