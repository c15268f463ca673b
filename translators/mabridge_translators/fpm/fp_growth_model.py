"""FPGrowthModel: what the association rules of frequent item sets add to a list of items.

Reads: `data`, one row a frequent item set: items, freq. Not numTrainingRecords, which changes the rules' lift and support alone.
Returns: prediction, an array of the items' type.
Refuses: items of another type than string, tinyint, smallint, int and bigint, and null among the items of the model; a column of another item type than
the model's.
Differs from Spark: in the order within an array, which Spark leaves open; here items stand in the order in which `data` first has them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from mabridge.sdk import Op, Stage, Translator, ops

#: Spark's name of each type of item.
ELEMENTS = {pa.string(): "string", pa.large_string(): "string", pa.int8(): "tinyint", pa.int16(): "smallint", pa.int32(): "int", pa.int64(): "bigint"}

Rule = tuple[tuple[Any, ...], Any]


@dataclass(frozen=True)
class Params:
    """Params of FPGrowthModel (Spark 3.5)."""

    items_col: str = "items"
    prediction_col: str = "prediction"
    min_confidence: float = 0.8


def translate(stage: Stage[Params]) -> Iterator[Op]:
    """The rules are made from the item sets, as Spark makes them in each `transform`."""
    params = stage.params
    if not 0.0 <= params.min_confidence <= 1.0:
        raise stage.malformed(f"minConfidence is {params.min_confidence}; it lies from 0 to 1.")
    table = stage.saved.table("data", columns=["items", "freq"])
    kind = table.schema.field("items").type
    if not (pa.types.is_list(kind) or pa.types.is_large_list(kind)) or not pa.types.is_int64(table.schema.field("freq").type):
        raise stage.malformed(f"`data` holds {kind} items and {table.schema.field('freq').type} counts where lists and int64 are expected.")
    element = ELEMENTS.get(kind.value_type)
    if element is None:
        raise stage.refuse(
            f"The model was fitted on items of the Arrow type {kind.value_type}", "Cast the items to string, tinyint, smallint, int or bigint and fit again"
        )
    if table.column("items").null_count or table.column("freq").null_count:
        raise stage.malformed("`data` holds null where an item set or its count is expected.")
    sets = [(tuple(items), freq) for items, freq in zip(table.column("items").to_pylist(), table.column("freq").to_pylist(), strict=True)]
    if any(item is None for items, _ in sets for item in items):
        raise stage.refuse("The model has null for an item", "Remove nulls from the item lists in Spark and fit again")
    rules = _rules(sets, params.min_confidence)
    order = {item: None for items, _ in sets for item in items}
    spoken = {item for antecedent, consequent in rules for item in (*antecedent, consequent)}
    places = {item: place for place, item in enumerate(item for item in order if item in spoken)}
    yield ops.ApplyRules(
        params.items_col,
        params.prediction_col,
        items=pa.array([str(item) for item in places], type=pa.string()),
        element=element,
        antecedents=np.array([places[item] for antecedent, _ in rules for item in antecedent], dtype=np.int64),
        starts=np.cumsum([0, *(len(antecedent) for antecedent, _ in rules)], dtype=np.int64),
        consequents=np.array([places[consequent] for _, consequent in rules], dtype=np.int64),
    )


def _rules(sets: list[tuple[tuple[Any, ...], int]], min_confidence: float) -> list[Rule]:
    """Each item of a set follows from the rest of it, where the rest, in this order, is a frequent set itself and the share is large enough."""
    counts: dict[tuple[Any, ...], list[int]] = {}
    for items, count in sets:
        counts.setdefault(items, []).append(count)
    rules: dict[Rule, None] = {}
    for items, both in sets:
        for item in dict.fromkeys(items):
            antecedent = tuple(other for other in items if other != item)
            # Java divides doubles: by zero it is infinity or NaN, and no refusal.
            shares = np.float64(both) / np.array(counts.get(antecedent, []) if antecedent else [], dtype=np.float64)
            if (shares >= min_confidence).any():
                rules[antecedent, item] = None
    return list(rules)


TRANSLATOR = Translator(
    spark_class="org.apache.spark.ml.fpm.FPGrowthModel",
    params=Params,
    translate=translate,
    training_only=frozenset({"minSupport", "numPartitions"}),
    since="2.2.0",
)
