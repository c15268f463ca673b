"""FMClassificationModel: a factorization machine, two classes.

Reads: `data`, one row: intercept, linear, factors.
Returns: rawPrediction (-score, score), probability and prediction, each where its column is set.
Refuses: nothing of its own.
Differs from Spark: in nothing but the last bits of exp on the CPU; ONNX and Torch within 1e-12 of the sum of absolute terms.
"""

from __future__ import annotations

from collections.abc import Iterator

from mabridge.sdk import Head, Op, Stage, Translator
from mabridge_translators._shared.factors import FACTORS_FIT_ONLY, read_factors
from mabridge_translators._shared.prediction import ClassifierParams, argmax_decision, check_thresholds, classify


def translate(stage: Stage[ClassifierParams]) -> Iterator[Op]:
    """One prediction."""
    check_thresholds(stage, 2)
    decision, thresholds = argmax_decision(stage.params)
    head = Head(raw="signed", probability="logistic second", decision=decision, thresholds=thresholds)
    yield classify(stage.params, read_factors(stage), head)


TRANSLATOR = Translator(
    spark_class="org.apache.spark.ml.classification.FMClassificationModel",
    params=ClassifierParams,
    translate=translate,
    training_only=FACTORS_FIT_ONLY,
    since="3.0.0",
)
