"""TargetEncoderModel: a category given as a number becomes the mean of the target that was seen with it, smoothed by the mean of all.

Reads: `data`, one row for each input column: `index`, `categories`, `counts`, `stats`.
Returns: the output columns, double.
Refuses: nothing of its own.
Differs from Spark: in nothing (Spark 4.0; the class is new there).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from mabridge.sdk import Op, Stage, Translator, ops
from mabridge_translators._shared.scala_order import listed

#: The categories that stand for null and for all rows together.
NULL, UNSEEN = -1.0, 2147483647.0


@dataclass(frozen=True)
class Params:
    """Params of TargetEncoderModel (Spark 4.0)."""

    input_col: str | None = None
    input_cols: tuple[str, ...] | None = None
    output_col: str | None = None
    output_cols: tuple[str, ...] | None = None
    handle_invalid: Literal["error", "keep"] = "error"
    target_type: Literal["binary", "continuous"] = "binary"
    smoothing: float = 0.0


def translate(stage: Stage[Params]) -> Iterator[Op]:
    """One look-up for all columns; each reads what was there before the stage."""
    inputs, outputs = _columns(stage)
    rows = sorted(stage.saved.table().to_pylist(), key=lambda row: int(stage.field(row, "index")))
    if not len(inputs) == len(outputs) == len(rows):
        raise stage.malformed(f"there are {len(inputs)} inputs, {len(outputs)} outputs and encodings for {len(rows)}; a part file may be missing.")
    encodings = [_encodings(stage, row) for row in rows]
    categories = [sorted(set(encoding) - {NULL, UNSEEN}) for encoding in encodings]
    declared = [listed(encoding[key] for key in listed(encoding)) for encoding in encodings]
    yield ops.LookupNumber(
        inputs,
        outputs,
        keys=np.array([key for keys in categories for key in keys], dtype=np.float64),
        values=np.array([encoding[key] for encoding, keys in zip(encodings, categories, strict=True) for key in keys], dtype=np.float64),
        starts=np.cumsum([0, *(len(keys) for keys in categories)], dtype=np.int64),
        null_values=np.array([encoding.get(NULL, 0.0) for encoding in encodings], dtype=np.float64),
        null_known=np.array([NULL in encoding for encoding in encodings], dtype=np.bool_),
        unseen_values=np.array([encoding[UNSEEN] for encoding in encodings], dtype=np.float64),
        unseen=stage.params.handle_invalid,
        declared=np.array([number for numbers in declared for number in numbers], dtype=np.float64),
        declared_starts=np.cumsum([0, *(len(numbers) for numbers in declared)], dtype=np.int64),
    )


def _columns(stage: Stage[Params]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Spark takes a single column first, and names outputs after their inputs where none is set; a default does not count."""
    params, given = stage.params, stage.given
    single = params.input_col if "input_col" in given else None
    inputs = (single,) if single is not None else (params.input_cols or ())
    if not inputs:
        raise stage.malformed("neither inputCol nor inputCols is set.")
    if params.output_col is not None and "output_col" in given:
        return inputs, (params.output_col,)
    return inputs, tuple(f"{name}_indexed" for name in inputs) if params.output_cols is None else params.output_cols


def _encodings(stage: Stage[Params], row: dict[str, Any]) -> dict[float, float]:
    """The number of each category of one column: its own mean and that of all, weighed by `smoothing`."""
    params = stage.params
    categories, counts, stats = (stage.field(row, name) for name in ("categories", "counts", "stats"))
    if not len(categories) == len(counts) == len(stats):
        raise stage.malformed(f"{len(categories)} categories have {len(counts)} counts and {len(stats)} statistics.")
    seen = {float(key): (np.float64(count), np.float64(stat)) for key, count, stat in zip(categories, counts, stats, strict=True)}
    if UNSEEN not in seen or any(np.isnan(key) for key in seen):
        raise stage.malformed("the encodings lack the entry for all rows, or hold NaN for a category.")
    all_count, all_stat = seen[UNSEEN]
    found = {}
    for key, (count, stat) in seen.items():
        weight = count / (count + params.smoothing)
        if params.target_type == "binary":
            found[key] = float(weight * (stat / count) + (1 - weight) * (all_stat / all_count))
        else:
            found[key] = float(weight * stat + (1 - weight) * all_stat)
    return found


TRANSLATOR = Translator(
    spark_class="org.apache.spark.ml.feature.TargetEncoderModel",
    params=Params,
    translate=translate,
    training_only=frozenset({"labelCol"}),
    since="4.0.0",
)
