"""VectorIndexerModel: the values of categorical features become indices.

Reads: `data`, one row: `numFeatures`, `categoryMaps` (feature -> value -> index).
Returns: the output column, vectors, sparse and dense rows as they are.
Refuses: nothing of its own.
Differs from Spark: in nothing.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np

from mabridge.sdk import Op, Stage, Translator, ops
from mabridge_translators._shared.columns import output_or_default


@dataclass(frozen=True)
class Params:
    """Params of VectorIndexerModel (Spark 3.5); Spark before 2.3 has no handleInvalid and refuses."""

    input_col: str
    output_col: str | None = None
    handle_invalid: Literal["error", "skip", "keep"] = "error"


def translate(stage: Stage[Params]) -> Iterator[Op]:
    """Under `skip` the rows with an unseen value go first."""
    params, row = stage.params, stage.row()
    size = int(stage.field(row, "numFeatures"))
    # Of equal keys the last counts, as in Scala's map; -0.0 and 0.0 are equal.
    saved = sorted(dict(stage.field(row, "categoryMaps")).items())
    maps = {int(feature): sorted(dict(entries).items(), key=lambda entry: (math.isnan(entry[0]), entry[0])) for feature, entries in saved}
    features = np.array(list(maps), dtype=np.int64)
    starts = np.concatenate([[0], np.cumsum([len(entries) for entries in maps.values()], dtype=np.int64)]).astype(np.int64)
    values = np.array([value for entries in maps.values() for value, _ in entries], dtype=np.float64)
    indices = np.array([index for entries in maps.values() for _, index in entries], dtype=np.float64)
    if params.handle_invalid == "skip":
        yield ops.KeepIndexable(params.input_col, size, features, starts, values, indices)
    unseen: Literal["error", "keep"] = "keep" if params.handle_invalid == "keep" else "error"
    yield ops.IndexFeatures(params.input_col, output_or_default(stage, params.output_col), size, features, starts, values, indices, unseen)


TRANSLATOR = Translator(
    spark_class="org.apache.spark.ml.feature.VectorIndexerModel",
    params=Params,
    translate=translate,
    training_only=frozenset({"maxCategories"}),
    since="1.4.0",
)
