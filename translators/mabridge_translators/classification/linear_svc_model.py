"""LinearSVCModel: a linear margin against a threshold.

Reads: `data`, one row: coefficients, intercept.
Returns: rawPrediction (-margin, margin) and prediction, each where its column is set.
Refuses: nothing of its own.
Differs from Spark: doubles within 1e-12 of the sum of absolute terms.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mabridge.sdk import Head, Op, Stage, Translator, ops
from mabridge_translators._shared.linear import linear_scorer
from mabridge_translators._shared.prediction import FIT_ONLY


@dataclass(frozen=True)
class Params:
    """Params of LinearSVCModel (Spark 3.5)."""

    features_col: str = "features"
    prediction_col: str = "prediction"
    raw_prediction_col: str = "rawPrediction"
    threshold: float = 0.0


def translate(stage: Stage[Params]) -> Iterator[Op]:
    """One prediction."""
    params = stage.params
    yield ops.Predict(
        input=params.features_col,
        raw_prediction=params.raw_prediction_col or None,
        prediction=params.prediction_col or None,
        scorer=linear_scorer(stage, stage.row()),
        head=Head(raw="signed", decision="cutoff margin", cutoff=params.threshold),
    )


TRANSLATOR = Translator(
    spark_class="org.apache.spark.ml.classification.LinearSVCModel",
    params=Params,
    translate=translate,
    training_only=FIT_ONLY | {"aggregationDepth", "maxBlockSizeInMB", "standardization"},
    since="2.2.0",
)
