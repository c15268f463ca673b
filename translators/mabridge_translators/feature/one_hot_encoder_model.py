"""OneHotEncoderModel: a category index becomes a sparse vector with at most one 1.0.

Reads: `data`, one row: `categorySizes`.
Returns: the output columns, vectors.
Refuses: nothing of its own.
Differs from Spark: in nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from mabridge.sdk import Op, Stage, Translator, ops
from mabridge_translators._shared.columns import column_pairs


@dataclass(frozen=True)
class Params:
    """Params of OneHotEncoderModel (Spark 3.5)."""

    input_col: str | None = None
    input_cols: tuple[str, ...] | None = None
    output_col: str | None = None
    output_cols: tuple[str, ...] | None = None
    handle_invalid: Literal["error", "keep"] = "error"
    drop_last: bool = True


def translate(stage: Stage[Params]) -> Iterator[Op]:
    """One encoding for each column."""
    pairs = column_pairs(stage)
    sizes = stage.field(stage.row(), "categorySizes")
    if len(sizes) != len(pairs):
        raise stage.malformed(f"there are {len(sizes)} category sizes and {len(pairs)} input columns.")
    for (source, target), size in zip(pairs, sizes, strict=True):
        yield ops.OneHot(source, target, int(size), stage.params.drop_last, stage.params.handle_invalid)


TRANSLATOR = Translator(
    spark_class="org.apache.spark.ml.feature.OneHotEncoderModel", params=Params, translate=translate, training_only=frozenset(), since="2.3.0"
)
