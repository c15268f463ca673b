"""BisectingKMeansModel: the leaf reached by going to the nearer child.

Reads: `data/metadata` (rootId, distanceMeasure from 2.4) and `data/data`, one row a node: index, center, norm, children.
Returns: prediction, int.
Refuses: an empty predictionCol, with which Spark fails too.
Differs from Spark: in nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from mabridge.sdk import CenterTreeScorer, Head, Measure, Op, Stage, Translator, ops
from mabridge_translators._shared.clusters import centers_of, check_prediction_column


@dataclass(frozen=True)
class Params:
    """Params of BisectingKMeansModel (Spark 3.5); the distance stands in the data."""

    features_col: str = "features"
    prediction_col: str = "prediction"


def translate(stage: Stage[Params]) -> Iterator[Op]:
    """One prediction."""
    params = stage.params
    check_prediction_column(stage, params.prediction_col)
    root, measure = _tree_metadata(stage)
    scorer = _scorer(stage, root, measure)
    yield ops.Predict(input=params.features_col, scorer=scorer, head=Head(labels=scorer.num_leaves), prediction=params.prediction_col)


def _tree_metadata(stage: Stage[Params]) -> tuple[int, Measure]:
    metadata = stage.saved.nested_metadata("data")
    root, measure = metadata.get("rootId"), metadata.get("distanceMeasure", "euclidean")
    if not isinstance(root, int) or isinstance(root, bool):
        raise stage.malformed("`data/metadata` lacks `rootId`.")
    if measure not in ("euclidean", "cosine"):
        raise stage.refuse(f"The distance measure {measure!r} is not known", "Spark has euclidean and cosine")
    return root, measure


def _scorer(stage: Stage[Params], root: int, measure: Measure) -> CenterTreeScorer:
    """The tree with every node behind its parent."""
    nodes: dict[int, dict[str, Any]] = {row["index"]: row for row in stage.saved.table("data/data").to_pylist()}
    order: list[int] = []
    waiting = [root]
    while waiting:
        index = waiting.pop()
        if index not in nodes or len(order) > len(nodes):
            raise stage.malformed(f"node {index} of the tree is missing, or the nodes go round in a circle; a part file may be missing.")
        order.append(index)
        waiting.extend(reversed(nodes[index]["children"]))
    place = {index: number for number, index in enumerate(order)}
    rows = [nodes[index] for index in order]
    counts = [len(row["children"]) for row in rows]
    return CenterTreeScorer(
        centers=centers_of([row["center"] for row in rows], measure, [row["norm"] for row in rows]),
        child_start=np.cumsum([0, *counts[:-1]]).astype(np.int32),
        child_count=np.array(counts, dtype=np.int32),
        children=np.array([place[child] for row in rows for child in row["children"]], dtype=np.int32),
        labels=np.array(order, dtype=np.int32),
    )


TRANSLATOR = Translator(
    spark_class="org.apache.spark.ml.clustering.BisectingKMeansModel",
    params=Params,
    translate=translate,
    training_only=frozenset({"k", "maxIter", "seed", "minDivisibleClusterSize", "weightCol", "distanceMeasure"}),
    since="2.0.0",
)
