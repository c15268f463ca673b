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

from mabridge.sdk import Op, Stage, Translator, counted, ops
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
    pairs, arrays = column_pairs(stage), _labels(stage)
    if len(arrays) != len(pairs):
        raise stage.malformed(f"there are labels for {counted(len(arrays), 'column')} and {counted(len(pairs), 'input column')}.")
    skip = stage.params.handle_invalid == "skip"
    if skip:
        yield ops.DropMissing(tuple(source for source, _ in pairs), when_absent="skip")
        for (source, _), column_labels in zip(pairs, arrays, strict=True):
            yield ops.KeepListed(source, column_labels)
    unseen: Literal["error", "keep"] = "keep" if stage.params.handle_invalid == "keep" else "error"
    for (source, target), column_labels in zip(pairs, arrays, strict=True):
        yield ops.LookupIndex(source, target, column_labels, unseen)


def _labels(stage: Stage[Params]) -> list[pa.Array]:
    """The labels of each column, as Arrow holds them: there may be millions."""
    table = stage.saved.table()
    if table.num_rows != 1:
        raise stage.malformed(f"`data` holds {counted(table.num_rows, 'row')} where one is expected.")
    for name in ("labelsArray", "labels"):
        if name in table.column_names and table.column(name)[0].is_valid:
            lists = table.column(name)[0].values if name == "labelsArray" else [table.column(name)[0]]
            arrays = [labels.values for labels in lists]
            if any(array is None or array.type != pa.string() or array.null_count for array in arrays):
                raise stage.malformed("the labels are not texts.")
            return arrays
    raise stage.malformed(f"the saved data lacks `labels`; it has {', '.join(table.column_names) or 'nothing'}.")


TRANSLATOR = Translator(
    spark_class="org.apache.spark.ml.feature.StringIndexerModel",
    params=Params,
    translate=translate,
    training_only=frozenset({"stringOrderType"}),
    since="1.4.0",
)
