"""RandomForestClassificationModel: the trees' class shares, added up.

Reads: `data`, one row a node; `treesMetadata`; `metadata` (numFeatures, numClasses). The saved tree weights are 1.0 and Spark ignores them.
Returns: rawPrediction, probability, prediction and the leaves' numbers, each where its column is set.
A leaf without counts, or whose counts add up to Infinity, votes for nothing; a row to which no tree gives a vote is refused where its probability is needed.
With rawPrediction and probability off Spark decides from the same votes, and by `thresholds` where they are set (a lone decision tree does not).
Refuses: nothing of its own.
Differs from Spark: in nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from mabridge.sdk import Head, Op, Stage, Translator
from mabridge_translators._shared.prediction import argmax_decision, check_thresholds, classify
from mabridge_translators._shared.trees import FOREST_FIT_ONLY, SavedTrees, TreeClassifierParams, class_counts, read_ensemble, scorer_of


@dataclass(frozen=True)
class Params(TreeClassifierParams):
    """Params of RandomForestClassificationModel (Spark 3.5)."""


def translate(stage: Stage[Params]) -> Iterator[Op]:
    """One prediction."""
    params = stage.params
    scorer = scorer_of(stage, read_ensemble(stage), _shares)
    check_thresholds(stage, scorer.num_scores)
    decision, thresholds = argmax_decision(params)
    yield classify(params, scorer, Head(raw="scores", probability="normalize", decision=decision, thresholds=thresholds), leaf_col=params.leaf_col)


def _shares(trees: SavedTrees) -> npt.NDArray[np.float64]:
    """Each node's class counts over their sum; a node without counts votes for nothing."""
    counts = class_counts(trees)
    # Spark adds the counts from left to right.
    total = np.zeros(len(counts))
    for column in range(counts.shape[1]):
        total += counts[:, column]
    shares = np.zeros_like(counts)
    np.divide(counts, total[:, None], out=shares, where=(total != 0)[:, None])
    return shares


TRANSLATOR = Translator(
    spark_class="org.apache.spark.ml.classification.RandomForestClassificationModel",
    params=Params,
    translate=translate,
    training_only=FOREST_FIT_ONLY | {"pruneTree"},
    since="1.4.0",
)
