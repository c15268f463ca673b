"""KMeansModel: the index of the nearest centre.

Reads: `data`, one row a cluster: clusterIdx, clusterCenter. Not distanceMeasure: Spark (to 4.1 at least) forgets it when it loads the model, so a saved
cosine model answers by Euclidean distance.
Returns: prediction, int.
Refuses: models saved in PMML; an empty predictionCol, with which Spark fails too.
Differs from Spark: in nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from mabridge.sdk import Head, NearestCenterScorer, Op, Stage, Translator, ops
from mabridge_translators._shared.clusters import centers_of, check_prediction_column


@dataclass(frozen=True)
class Params:
    """Params of KMeansModel (Spark 3.5)."""

    features_col: str = "features"
    prediction_col: str = "prediction"


def translate(stage: Stage[Params]) -> Iterator[Op]:
    """One prediction."""
    params = stage.params
    check_prediction_column(stage, params.prediction_col)
    rows = stage.saved.table("data").to_pylist()
    index = [stage.field(row, "clusterIdx") for row in rows]
    if sorted(index) != list(range(len(rows))) or not rows:
        raise stage.malformed(f"the clusters are numbered {sorted(index)[:10]}; a part file may be missing.")
    vectors = [rows[place]["clusterCenter"] for place in np.argsort(index)]
    yield ops.Predict(
        input=params.features_col,
        scorer=NearestCenterScorer(centers_of(vectors, "euclidean")),
        head=Head(labels=len(rows)),
        prediction=params.prediction_col,
    )


TRANSLATOR = Translator(
    spark_class="org.apache.spark.ml.clustering.KMeansModel",
    params=Params,
    translate=translate,
    training_only=frozenset(
        {"k", "maxIter", "tol", "seed", "initMode", "initSteps", "weightCol", "solver", "maxBlockSizeInMB", "distanceMeasure", "intermediateStorageLevel"}
    ),
    since="1.5.0",
)
