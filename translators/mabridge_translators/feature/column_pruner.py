"""ColumnPruner: columns are left out; RFormula puts it into its pipelines.

Reads: `data`, one row: `columnsToPrune`.
Returns: the other columns, in their order.
Refuses: nothing of its own.
Differs from Spark: in nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mabridge.sdk import Op, Stage, Translator, ops


@dataclass(frozen=True)
class Params:
    """A ColumnPruner has no params."""


def translate(stage: Stage[Params]) -> Iterator[Op]:
    """One choice of columns."""
    names = stage.field(stage.row(), "columnsToPrune")
    if not all(isinstance(name, str) for name in names):
        raise stage.malformed("`columnsToPrune` holds a null.")
    yield ops.DropColumns(tuple(names))


TRANSLATOR = Translator(spark_class="org.apache.spark.ml.feature.ColumnPruner", params=Params, translate=translate, training_only=frozenset(), since="1.6.0")
