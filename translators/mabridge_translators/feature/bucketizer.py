"""Bucketizer: a number becomes the number of the interval it falls in.

Reads: params only.
Returns: the output columns, double.
Refuses: nothing of its own.
Differs from Spark: in nothing.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np

from mabridge.sdk import Op, Stage, Translator, counted, ops
from mabridge_translators._shared.columns import column_pairs


@dataclass(frozen=True)
class Params:
    """Params of Bucketizer (Spark 3.5)."""

    input_col: str | None = None
    input_cols: tuple[str, ...] | None = None
    output_col: str | None = None
    output_cols: tuple[str, ...] | None = None
    splits: tuple[float, ...] | None = None
    splits_array: tuple[tuple[float, ...], ...] | None = None
    handle_invalid: Literal["error", "skip", "keep"] = "error"


def translate(stage: Stage[Params]) -> Iterator[Op]:
    """Under `skip` the rows with null or NaN go first, then each column is cut."""
    params, pairs = stage.params, column_pairs(stage)
    cuts = params.splits_array if params.input_cols is not None else (() if params.splits is None else (params.splits,))
    if cuts is None or len(cuts) != len(pairs):
        raise stage.malformed(f"there are splits for {counted(0 if cuts is None else len(cuts), 'column')} and {counted(len(pairs), 'input column')}.")
    for splits in cuts:
        if len(splits) < 3 or any(not low < high for low, high in itertools.pairwise(splits)):
            raise stage.malformed("splits must be at least three ascending numbers.")
    if params.handle_invalid == "skip":
        yield ops.DropMissing(tuple(source for source, _ in pairs))
    for (source, target), splits in zip(pairs, cuts, strict=True):
        yield ops.Bucketize(source, target, np.array(splits, dtype=np.float64), params.handle_invalid == "keep")


TRANSLATOR = Translator(spark_class="org.apache.spark.ml.feature.Bucketizer", params=Params, translate=translate, training_only=frozenset(), since="1.4.0")
