"""Interaction: the products of the features of several columns.

Reads: params only.
Returns: the output column, vectors, sparse or dense as `Vector.compressed` decides.
Refuses: a vector column without ML attributes, as Spark does.
Differs from Spark: an output column that exists is refused at once; Spark makes a second one of that name, which nothing can read or write.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mabridge.sdk import Op, Stage, Translator, ops


@dataclass(frozen=True)
class Params:
    """Params of Interaction (Spark 3.5)."""

    input_cols: tuple[str, ...]
    output_col: str | None = None


def translate(stage: Stage[Params]) -> Iterator[Op]:
    """One product."""
    names = stage.params.input_cols
    if not names or len(set(names)) != len(names):
        raise stage.malformed("inputCols must be distinct names, at least one; Spark refuses to transform with it.")
    # The default name is not enough for Spark.
    if stage.params.output_col is None or "output_col" not in stage.given:
        raise stage.malformed("outputCol is not set; Spark refuses to transform with it.")
    yield ops.Interact(names, stage.params.output_col)


TRANSLATOR = Translator(spark_class="org.apache.spark.ml.feature.Interaction", params=Params, translate=translate, training_only=frozenset(), since="1.6.0")
