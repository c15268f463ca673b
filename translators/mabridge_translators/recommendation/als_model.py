"""ALSModel: what a user would give an item, the dot product of their factors.

Reads: `rank` in the metadata; `userFactors` and `itemFactors`, one row an id: id, features.
Returns: prediction, float; with Spark 4.0 and later the two id columns as int.
Refuses: factors of which an id stands twice (Spark would repeat rows); models of Spark before 2.0.
Differs from Spark: in the order of rows, which Spark leaves open where it has to shuffle for its joins; here rows keep the order of the input.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from mabridge.sdk import Op, Stage, Translator, ops


@dataclass(frozen=True)
class Params:
    """Params of ALSModel (Spark 3.5)."""

    user_col: str = "user"
    item_col: str = "item"
    prediction_col: str = "prediction"
    cold_start_strategy: str = "nan"


def translate(stage: Stage[Params]) -> Iterator[Op]:
    """One rating a row; under `drop` the rows without one go."""
    params = stage.params
    # Spark reads it in any case.
    strategy = params.cold_start_strategy.lower()
    if strategy not in ("nan", "drop"):
        raise stage.refuse(f"coldStartStrategy is {params.cold_start_strategy!r}", "Set it to `nan` or `drop`")
    rank = stage.saved.metadata.get("rank")
    if not isinstance(rank, int) or isinstance(rank, bool) or rank < 0:
        raise stage.malformed(f"the metadata gives the rank {rank!r}.")
    user_ids, user_factors = _factors(stage, "userFactors", rank)
    item_ids, item_factors = _factors(stage, "itemFactors", rank)
    yield ops.RatePairs(params.user_col, params.item_col, params.prediction_col, user_ids, user_factors, item_ids, item_factors)
    if strategy == "drop":
        yield ops.DropMissing((params.prediction_col,))


def _factors(stage: Stage[Params], name: str, rank: int) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.float32]]:
    """Ids, ascending, and the first `rank` factors of each; an id without factors is as good as unknown."""
    table = stage.saved.table(name, columns=["id", "features"]).combine_chunks()
    kind = table.schema.field("features").type
    lists = (pa.types.is_list(kind) or pa.types.is_large_list(kind)) and pa.types.is_float32(kind.value_type)
    if not lists or not pa.types.is_int32(table.schema.field("id").type):
        raise stage.malformed(f"`{name}` holds {table.schema.field('id').type} ids and {kind} features where int32 and lists of float are expected.")
    table = table.drop_null()
    ids = table.column("id").to_numpy().astype(np.int32)
    if len(np.unique(ids)) < len(ids):
        raise stage.malformed(f"an id stands twice in `{name}`.")
    features = pa.concat_arrays([pa.array([], kind), *table.column("features").chunks])
    lengths = features.value_lengths().to_numpy(zero_copy_only=False).astype(np.int64)
    if (lengths < rank).any() or features.flatten().null_count:
        raise stage.malformed(f"`{name}` holds fewer than the {rank} factors that the metadata speaks of, or null among them.")
    starts = np.cumsum(lengths) - lengths
    values = features.flatten().to_numpy().astype(np.float32)
    order = np.argsort(ids)
    return ids[order], values[starts[order][:, None] + np.arange(rank)]


TRANSLATOR = Translator(
    spark_class="org.apache.spark.ml.recommendation.ALSModel",
    params=Params,
    translate=translate,
    training_only=frozenset({"blockSize"}),
    since="1.3.0",
)
