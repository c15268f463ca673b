"""StringIndexerModel: texts become the index of their label.

Reads: `data`, one row: `labelsArray` (3.0 and later) or `labels` (before).
Returns: the output columns, double.
Refuses: nothing of its own.
Differs from Spark: in nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import pyarrow as pa

from mabridge.sdk import Op, Stage, Translator, ops
from mabridge_translators._shared.columns import column_pairs


@dataclass(frozen=True)
class Params:
    """Params of StringIndexerModel (Spark 3.5)."""

    input_col: str | None = None
    input_cols: tuple[str, ...] | None = None
    output_col: str | None = None
    output_cols: tuple[str, ...] | None = None
    handle_invalid: Literal["error", "skip", "keep"] = "error"


def translate(stage: Stage[Params]) -> Iterator[Op]:
    """Under `skip` the rows go first, then each column is looked up."""
    pairs = column_pairs(stage)
    row = stage.row()
    labels = row["labelsArray"] if row.get("labelsArray") is not None else [stage.field(row, "labels")]
    if len(labels) != len(pairs):
        raise stage.malformed(f"there are labels for {len(labels)} columns and {len(pairs)} input columns.")
    arrays = [pa.array(column, type=pa.string()) for column in labels]
    skip = stage.params.handle_invalid == "skip"
    if skip:
        yield ops.DropMissing(tuple(source for source, _ in pairs), when_absent="skip")
        for (source, _), column_labels in zip(pairs, arrays, strict=True):
            yield ops.KeepListed(source, column_labels)
    unseen: Literal["error", "keep"] = "keep" if stage.params.handle_invalid == "keep" else "error"
    for (source, target), column_labels in zip(pairs, arrays, strict=True):
        yield ops.LookupIndex(source, target, column_labels, unseen)


TRANSLATOR = Translator(
    spark_class="org.apache.spark.ml.feature.StringIndexerModel",
    params=Params,
    translate=translate,
    training_only=frozenset({"stringOrderType"}),
    since="1.4.0",
)
