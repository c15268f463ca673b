"""VectorAttributeRewriter: other names for a vector's features; RFormula puts it into its pipelines.

Reads: `data`, one row: `vectorCol`, `prefixesToRewrite` (text -> its replacement).
Returns: the column under its own name, as the last one.
Refuses: nothing of its own.
Differs from Spark: where replacements overlap they are made in the saved order; Spark's order is that of a hash map. RFormula's do not overlap.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mabridge.sdk import Op, Stage, Translator, ops


@dataclass(frozen=True)
class Params:
    """A VectorAttributeRewriter has no params."""


def translate(stage: Stage[Params]) -> Iterator[Op]:
    """One renaming."""
    row = stage.row()
    pairs = dict(stage.field(row, "prefixesToRewrite"))
    if any(not isinstance(text, str) for pair in pairs.items() for text in pair):
        raise stage.malformed("`prefixesToRewrite` holds a null.")
    yield ops.RenameFeatures(str(stage.field(row, "vectorCol")), tuple(pairs), tuple(pairs.values()))


TRANSLATOR = Translator(
    spark_class="org.apache.spark.ml.feature.VectorAttributeRewriter", params=Params, translate=translate, training_only=frozenset(), since="1.6.0"
)
