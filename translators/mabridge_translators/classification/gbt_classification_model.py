"""GBTClassificationModel: boosted regression trees, two classes.

Reads: `data`, one row a node; `treesMetadata` (the weights); `metadata` (numFeatures).
Returns: rawPrediction, probability, prediction and the leaves' numbers, each where its column is set.
Refuses: nothing of its own.
Differs from Spark: in nothing on the CPU; ONNX and Torch round each product of a tree and its weight.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mabridge.sdk import Head, Op, Stage, Translator
from mabridge_translators._shared.prediction import argmax_decision, check_thresholds, classify
from mabridge_translators._shared.trees import BOOSTED_FIT_ONLY, TreeClassifierParams, predictions, read_ensemble, scorer_of


@dataclass(frozen=True)
class Params(TreeClassifierParams):
    """Params of GBTClassificationModel (Spark 3.5)."""


def translate(stage: Stage[Params]) -> Iterator[Op]:
    """One prediction."""
    params = stage.params
    scorer = scorer_of(stage, read_ensemble(stage), predictions, weighted=True)
    check_thresholds(stage, 2)
    decision, thresholds = argmax_decision(params)
    if not params.raw_prediction_col and not params.probability_col and params.thresholds is None:
        # With both columns off Spark takes a path of its own: the margin against 0.
        head = Head(raw="signed", probability="logistic", slope=2.0, decision="cutoff margin", cutoff=0.0)
    else:
        head = Head(raw="signed", probability="logistic", slope=2.0, decision=decision, thresholds=thresholds)
    yield classify(params, scorer, head, leaf_col=params.leaf_col)


TRANSLATOR = Translator(
    spark_class="org.apache.spark.ml.classification.GBTClassificationModel",
    params=Params,
    translate=translate,
    training_only=BOOSTED_FIT_ONLY,
    since="1.4.0",
)
