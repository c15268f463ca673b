"""VectorSlicer: some features of a vector, by place or by name.

Reads: params only.
Returns: the output column, vectors: first the features of `indices`, then those of `names`; dense rows stay dense and sparse ones sparse.
Refuses: names that the input column's ML attributes do not give, as Spark does.
Differs from Spark: in nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from mabridge.sdk import Op, Stage, Translator, ops
from mabridge_translators._shared.columns import output_or_default


@dataclass(frozen=True)
class Params:
    """Params of VectorSlicer (Spark 3.5)."""

    input_col: str
    output_col: str | None = None
    indices: tuple[int, ...] = ()
    names: tuple[str, ...] = ()


def translate(stage: Stage[Params]) -> Iterator[Op]:
    """One selection."""
    params = stage.params
    if not params.indices and not params.names:
        raise stage.malformed("neither indices nor names are set; Spark refuses to transform with it.")
    if len(set(params.names)) != len(params.names) or not all(params.names):
        raise stage.malformed("the param names holds an empty name or one name twice.")
    yield ops.SliceFeatures(params.input_col, output_or_default(stage, params.output_col), np.array(params.indices, dtype=np.int64), params.names)


TRANSLATOR = Translator(spark_class="org.apache.spark.ml.feature.VectorSlicer", params=Params, translate=translate, training_only=frozenset(), since="1.5.0")
