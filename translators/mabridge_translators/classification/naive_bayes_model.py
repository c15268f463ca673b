"""NaiveBayesModel: multinomial, complement, Bernoulli and Gaussian naive Bayes.

Reads: `data`, one row: pi, theta, and sigma (3.0 and later; the variances of the Gaussian type).
Returns: rawPrediction, probability and prediction, each where its column is set.
Refuses: nothing of its own. Rows with features that Spark refuses (negative counts, for Bernoulli other than 0 and 1) are refused when they come.
Differs from Spark: doubles within 1e-12 of the sum of absolute terms; rawPrediction of the multinomial type in nothing on the CPU.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from mabridge.sdk import BellScorer, CountScorer, Head, Op, Scorer, Stage, Translator, matrix_value, stored_entries, vector_value
from mabridge_translators._shared.prediction import ClassifierParams, argmax_decision, check_thresholds, classify


@dataclass(frozen=True)
class Params(ClassifierParams):
    """Params of NaiveBayesModel (Spark 3.5)."""

    model_type: Literal["multinomial", "complement", "bernoulli", "gaussian"] = "multinomial"


def translate(stage: Stage[Params]) -> Iterator[Op]:
    """One prediction."""
    params, row = stage.params, stage.row()
    priors, theta = vector_value(stage.field(row, "pi")), matrix_value(stage.field(row, "theta"))
    scorer: Scorer
    if params.model_type == "gaussian":
        scorer = BellScorer(priors, theta, matrix_value(stage.field(row, "sigma")))
    else:
        scorer = CountScorer(params.model_type, priors, theta, stored_entries(row["theta"]))
    scorer.check()
    check_thresholds(stage, scorer.num_scores)
    decision, thresholds = argmax_decision(params)
    yield classify(params, scorer, Head(raw="scores", probability="softmax", decision=decision, thresholds=thresholds))


TRANSLATOR = Translator(
    spark_class="org.apache.spark.ml.classification.NaiveBayesModel",
    params=Params,
    translate=translate,
    training_only=frozenset({"labelCol", "smoothing", "weightCol"}),
    since="1.5.0",
)
