"""AFTSurvivalRegressionModel: the exponential of a weighted sum, and quantiles of the Weibull distribution that it scales.

Reads: `data`, one row: coefficients, intercept, scale.
Returns: prediction and the quantiles' vector, each where its column is set.
Refuses: nothing of its own.
Differs from Spark: doubles within 1e-12 of the sum of absolute terms.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from mabridge.sdk import Head, MeanFunction, Op, Stage, Translator, ops
from mabridge_translators._shared.linear import linear_scorer


@dataclass(frozen=True)
class Params:
    """Params of AFTSurvivalRegressionModel (Spark 3.5); an empty column name switches the column off."""

    features_col: str = "features"
    prediction_col: str = "prediction"
    quantiles_col: str = ""
    quantile_probabilities: tuple[float, ...] = (0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99)


def translate(stage: Stage[Params]) -> Iterator[Op]:
    """One prediction."""
    params, row = stage.params, stage.row()
    scale = float(stage.field(row, "scale"))
    quantiles = tuple(math.exp(math.log(-math.log1p(-share)) * scale) for share in params.quantile_probabilities)
    yield ops.Predict(
        input=params.features_col,
        scorer=linear_scorer(stage, row),
        head=Head(mean=MeanFunction("log"), multiples=quantiles if params.quantiles_col else ()),
        prediction=params.prediction_col or None,
        multiples=params.quantiles_col or None,
    )


TRANSLATOR = Translator(
    spark_class="org.apache.spark.ml.regression.AFTSurvivalRegressionModel",
    params=Params,
    translate=translate,
    training_only=frozenset({"labelCol", "censorCol", "maxIter", "tol", "fitIntercept", "aggregationDepth", "maxBlockSizeInMB"}),
    since="1.6.0",
)
