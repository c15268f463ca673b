"""IsotonicRegressionModel: a monotone, piecewise linear function of one feature.

Reads: `data`, one row: boundaries, predictions.
Returns: prediction, double.
Refuses: an empty predictionCol, with which Spark fails too.
Differs from Spark: in nothing; Torch and ONNX take -0.0 for 0.0.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from mabridge.sdk import Head, Op, PiecewiseLinearScorer, Stage, Translator, ops
from mabridge_translators._shared.clusters import check_prediction_column


@dataclass(frozen=True)
class Params:
    """Params of IsotonicRegressionModel (Spark 3.5)."""

    features_col: str = "features"
    prediction_col: str = "prediction"
    feature_index: int = 0


def translate(stage: Stage[Params]) -> Iterator[Op]:
    """One prediction, of a vector's feature or of a double column."""
    params, row = stage.params, stage.row()
    check_prediction_column(stage, params.prediction_col)
    boundaries, predictions = (np.array(stage.field(row, name), dtype=np.float64) for name in ("boundaries", "predictions"))
    scorer = PiecewiseLinearScorer(params.feature_index, boundaries, predictions)
    scorer.check()
    yield ops.Predict(input=params.features_col, scorer=scorer, head=Head(), prediction=params.prediction_col, numbers=True)


TRANSLATOR = Translator(
    spark_class="org.apache.spark.ml.regression.IsotonicRegressionModel",
    params=Params,
    translate=translate,
    training_only=frozenset({"labelCol", "weightCol", "isotonic"}),
    since="1.5.0",
)
