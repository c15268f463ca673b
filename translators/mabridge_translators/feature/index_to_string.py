"""IndexToString: an index becomes its label.

Reads: params only.
Returns: the output column, string.
Refuses: a column without labels in its ML attributes where the param `labels` has none, as Spark does.
Differs from Spark: in nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pyarrow as pa

from mabridge.sdk import Op, Stage, Translator, ops
from mabridge_translators._shared.columns import output_or_default


@dataclass(frozen=True)
class Params:
    """Params of IndexToString (Spark 3.5)."""

    input_col: str
    output_col: str | None = None
    labels: tuple[str, ...] = ()


def translate(stage: Stage[Params]) -> Iterator[Op]:
    """One look-up."""
    params = stage.params
    yield ops.LookupLabel(params.input_col, output_or_default(stage, params.output_col), pa.array(params.labels, type=pa.string()))


TRANSLATOR = Translator(spark_class="org.apache.spark.ml.feature.IndexToString", params=Params, translate=translate, training_only=frozenset(), since="1.5.0")
