"""HashingTF: how often each hash stands in a list, as a sparse vector.

Reads: params only.
Returns: the output column, sparse vectors.
Refuses: nothing of its own.
Differs from Spark: in nothing. A stage saved before Spark 3.0 keeps the hash of that time, as Spark 3.x does when it loads one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mabridge.sdk import Op, Stage, Translator, major_minor, ops
from mabridge_translators._shared.columns import output_or_default
from mabridge_translators._shared.text import checked_size


@dataclass(frozen=True)
class Params:
    """Params of HashingTF (Spark 3.5)."""

    input_col: str
    output_col: str | None = None
    num_features: int = 1 << 18
    binary: bool = False


def translate(stage: Stage[Params]) -> Iterator[Op]:
    """One count."""
    params = stage.params
    # Spark 2.x knows the old hash alone, whoever saved the stage.
    old = min(stage.spark_version[0], major_minor(stage.reference.spark_version)[0]) < 3
    yield ops.CountHashed(
        params.input_col,
        output_or_default(stage, params.output_col),
        checked_size(stage, params.num_features),
        params.binary,
        "bytes" if old else "words",
    )


TRANSLATOR = Translator(spark_class="org.apache.spark.ml.feature.HashingTF", params=Params, translate=translate, training_only=frozenset(), since="1.2.0")
