"""IDFModel: each feature times its inverse document frequency.

Reads: `data`, one row: `idf`; `docFreq` and `numDocs` (Spark 3.0 and later) tell how it came about and are not needed.
Returns: the output column, vectors, sparse where the input is.
Refuses: nothing of its own.
Differs from Spark: sparse vectors longer than the model are refused even where they store nothing beyond it (docs/adr/0002-vector-sizes.md).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mabridge.sdk import Op, Stage, Translator, ops, vector_value
from mabridge_translators._shared.columns import output_or_default


@dataclass(frozen=True)
class Params:
    """Params of IDFModel (Spark 3.5)."""

    input_col: str
    output_col: str | None = None


def translate(stage: Stage[Params]) -> Iterator[Op]:
    """One scaling."""
    idf = vector_value(stage.field(stage.row(), "idf"))
    yield ops.ShiftScale(stage.params.input_col, output_or_default(stage, stage.params.output_col), len(idf), None, idf)


TRANSLATOR = Translator(
    spark_class="org.apache.spark.ml.feature.IDFModel", params=Params, translate=translate, training_only=frozenset({"minDocFreq"}), since="1.4.0"
)
