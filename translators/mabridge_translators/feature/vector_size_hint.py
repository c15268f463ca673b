"""VectorSizeHint: the size of a column's vectors, declared and checked.

Reads: params only.
Returns: the input column under its own name, with its size in its ML attributes.
Refuses: nothing of its own.
Differs from Spark: under `optimistic` vectors of different sizes in one column are refused once a later stage reads them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from mabridge.sdk import Op, Stage, Translator, ops


@dataclass(frozen=True)
class Params:
    """Params of VectorSizeHint (Spark 3.5)."""

    input_col: str
    size: int
    handle_invalid: Literal["error", "skip", "optimistic"] = "error"


def translate(stage: Stage[Params]) -> Iterator[Op]:
    """One declaration."""
    params = stage.params
    if not 0 <= params.size < 2**31:
        raise stage.malformed(f"the param size is {params.size}.")
    yield ops.HintVectorSize(params.input_col, params.size, params.handle_invalid)


TRANSLATOR = Translator(spark_class="org.apache.spark.ml.feature.VectorSizeHint", params=Params, translate=translate, training_only=frozenset(), since="2.3.0")
