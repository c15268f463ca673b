"""DecisionTreeRegressionModel: one tree, a value in each leaf.

Reads: `data`, one row a node; `metadata` (numFeatures).
Returns: prediction, the leaf's variance and the leaf's number, each where its column is set.
Refuses: nothing of its own.
Differs from Spark: in nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from mabridge.sdk import Op, Stage, Translator
from mabridge_translators._shared.prediction import regress
from mabridge_translators._shared.trees import TREE_FIT_ONLY, SavedTrees, TreeRegressorParams, class_counts, predictions, read_tree, scorer_of


@dataclass(frozen=True)
class Params(TreeRegressorParams):
    """Params of DecisionTreeRegressionModel (Spark 3.5)."""

    variance_col: str = ""


def translate(stage: Stage[Params]) -> Iterator[Op]:
    """One prediction."""
    params = stage.params
    scorer = scorer_of(stage, read_tree(stage), _predictions_and_variances if params.variance_col else predictions)
    yield regress(params, scorer, leaf_col=params.leaf_col, variance_col=params.variance_col, single_tree=True)


def _predictions_and_variances(trees: SavedTrees) -> npt.NDArray[np.float64]:
    """Each node's prediction and variance, shape (nodes, 2); the impurityStats are count, sum and sum of squares."""
    count, total, squares = class_counts(trees).T
    variance = np.zeros_like(count)
    np.divide(squares - np.divide(total * total, count, where=count != 0, out=np.zeros_like(count)), count, out=variance, where=count != 0)
    return np.column_stack([predictions(trees)[:, 0], variance])


TRANSLATOR = Translator(
    spark_class="org.apache.spark.ml.regression.DecisionTreeRegressionModel",
    params=Params,
    translate=translate,
    training_only=TREE_FIT_ONLY,
    since="1.4.0",
)
