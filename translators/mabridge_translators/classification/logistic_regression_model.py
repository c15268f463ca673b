"""LogisticRegressionModel: binomial and multinomial logistic regression.

Reads: `data`, one row: coefficientMatrix, interceptVector, isMultinomial (2.1 and later) or coefficients, intercept (2.0).
Returns: rawPrediction, probability and prediction, each where its column is set.
Refuses: nothing of its own.
Differs from Spark: doubles within 1e-12 of the sum of absolute terms.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from mabridge.sdk import Head, LinearScorer, Op, Stage, Translator, counted, matrix_value, stored_entries, vector_value
from mabridge_translators._shared.linear import linear_scorer
from mabridge_translators._shared.prediction import FIT_ONLY, ClassifierParams, argmax_decision, check_thresholds, classify


@dataclass(frozen=True)
class Params(ClassifierParams):
    """Params of LogisticRegressionModel (Spark 3.5)."""

    threshold: float = 0.5


def translate(stage: Stage[Params]) -> Iterator[Op]:
    """One prediction."""
    row = stage.row()
    if row.get("coefficientMatrix") is None:
        scorer = linear_scorer(stage, row)
        multinomial = False
    else:
        scorer = LinearScorer(
            matrix_value(row["coefficientMatrix"]), vector_value(stage.field(row, "interceptVector")), stored_entries(row["coefficientMatrix"])
        )
        multinomial = bool(stage.field(row, "isMultinomial"))
    if scorer.coefficients.shape[0] != len(scorer.intercepts):
        raise stage.malformed(f"{counted(scorer.coefficients.shape[0], 'row')} of coefficients and {counted(len(scorer.intercepts), 'intercept')}.")
    if not multinomial and scorer.num_scores != 1:
        raise stage.malformed(f"a binomial model with {counted(scorer.num_scores, 'row')} of coefficients.")
    check_thresholds(stage, scorer.num_scores if multinomial else 2)
    declared = row.get("numClasses")
    if declared is not None and declared < 1:
        raise stage.malformed(f"numClasses is {declared}.")
    yield classify(stage.params, scorer, _multinomial(stage.params) if multinomial else _binomial(stage), declared_classes=declared)


def _multinomial(params: Params) -> Head:
    decision, thresholds = argmax_decision(params)
    return Head(raw="scores", probability="softmax", decision=decision, thresholds=thresholds)


def _binomial(stage: Stage[Params]) -> Head:
    """Each switched-off column changes what Spark compares with what: the margin, the probability, or a probability of its own."""
    params, cutoff = stage.params, _threshold(stage)
    decision: Literal["cutoff raw", "cutoff probability", "cutoff score"]
    if params.raw_prediction_col:
        decision = "cutoff raw"
        cutoff = -math.inf if cutoff == 0.0 else math.inf if cutoff == 1.0 else math.log(cutoff / (1.0 - cutoff))
    else:
        decision = "cutoff probability" if params.probability_col else "cutoff score"
    return Head(raw="signed", probability="logistic", decision=decision, cutoff=cutoff)


def _threshold(stage: Stage[Params]) -> float:
    """Spark's getThreshold: thresholds, where they are set, decide."""
    params = stage.params
    if params.thresholds is None:
        return params.threshold
    first, second = params.thresholds
    threshold = 1.0 / (1.0 + first / second) if second != 0.0 else 0.0
    if "threshold" in stage.given and abs(params.threshold - threshold) >= 1e-5:
        raise stage.malformed(f"threshold = {params.threshold} contradicts thresholds = {list(params.thresholds)}; Spark refuses this too.")
    return threshold


TRANSLATOR = Translator(
    spark_class="org.apache.spark.ml.classification.LogisticRegressionModel",
    params=Params,
    translate=translate,
    training_only=FIT_ONLY
    | {
        "aggregationDepth",
        "elasticNetParam",
        "standardization",
        "family",
        "maxBlockSizeInMB",
        "lowerBoundsOnCoefficients",
        "upperBoundsOnCoefficients",
        "lowerBoundsOnIntercepts",
        "upperBoundsOnIntercepts",
    },
    since="1.4.0",
)
