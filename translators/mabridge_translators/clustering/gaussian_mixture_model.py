"""GaussianMixtureModel: each Gaussian's share in a row, and the greatest.

Reads: `data`, one row: weights, mus, sigmas.
Returns: probability and prediction (an int), each where its column is set.
Refuses: nothing of its own.
Differs from Spark: doubles within 1e-12 of the sum of absolute terms; more where a covariance is almost singular (4.5e-6 of a share of 4e-21 was seen, and
1e-11 of shares near 1), as Spark's LAPACK and numpy's find other last bits of its eigenvectors.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from mabridge.sdk import GaussianMixtureScorer, Head, Op, Stage, Translator, matrix_value, ops, vector_value


@dataclass(frozen=True)
class Params:
    """Params of GaussianMixtureModel (Spark 3.5); an empty column name switches the column off."""

    features_col: str = "features"
    prediction_col: str = "prediction"
    probability_col: str = "probability"


def translate(stage: Stage[Params]) -> Iterator[Op]:
    """One prediction."""
    params, row = stage.params, stage.row()
    weights = np.array(stage.field(row, "weights"), dtype=np.float64)
    scorer = GaussianMixtureScorer(
        weights,
        np.array([vector_value(mean) for mean in stage.field(row, "mus")]),
        np.array([matrix_value(covariance) for covariance in stage.field(row, "sigmas")]),
    )
    scorer.check()
    yield ops.Predict(
        input=params.features_col,
        scorer=scorer,
        head=Head(probability="shares", decision="argmax probability", labels=len(weights)),
        probability=params.probability_col or None,
        prediction=params.prediction_col or None,
    )


TRANSLATOR = Translator(
    spark_class="org.apache.spark.ml.clustering.GaussianMixtureModel",
    params=Params,
    translate=translate,
    training_only=frozenset({"k", "maxIter", "tol", "seed", "weightCol", "aggregationDepth"}),
    since="2.0.0",
)
