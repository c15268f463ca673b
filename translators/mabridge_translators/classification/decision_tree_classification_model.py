"""DecisionTreeClassificationModel: one tree, a class count in each leaf.

Reads: `data`, one row a node; `metadata` (numFeatures, numClasses).
Returns: rawPrediction (the leaf's counts), probability, prediction and the leaf's number, each where its column is set.
Where rawPrediction and probability are both switched off Spark takes a path of its own: the prediction saved with the leaf, whatever its counts and
`thresholds` say. Else a leaf without counts is refused where its probability is needed.
Refuses: nothing of its own.
Differs from Spark: in nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mabridge.sdk import Head, Op, Stage, Translator
from mabridge_translators._shared.prediction import argmax_decision, check_thresholds, classify
from mabridge_translators._shared.trees import TREE_FIT_ONLY, TreeClassifierParams, class_counts, predictions, read_tree, scorer_of


@dataclass(frozen=True)
class Params(TreeClassifierParams):
    """Params of DecisionTreeClassificationModel (Spark 3.5)."""


def translate(stage: Stage[Params]) -> Iterator[Op]:
    """One prediction."""
    params = stage.params
    tree = read_tree(stage)
    scorer = scorer_of(stage, tree, class_counts)
    check_thresholds(stage, scorer.num_scores)
    if not params.raw_prediction_col and not params.probability_col:
        chosen = scorer_of(stage, tree, predictions)
        yield classify(params, chosen, Head(), leaf_col=params.leaf_col, single_tree=True, declared_classes=scorer.num_scores)
        return
    decision, thresholds = argmax_decision(params)
    head = Head(raw="scores", probability="normalize", decision=decision, thresholds=thresholds)
    yield classify(params, scorer, head, leaf_col=params.leaf_col, single_tree=True)


TRANSLATOR = Translator(
    spark_class="org.apache.spark.ml.classification.DecisionTreeClassificationModel",
    params=Params,
    translate=translate,
    training_only=TREE_FIT_ONLY | {"pruneTree"},
    since="1.4.0",
)
