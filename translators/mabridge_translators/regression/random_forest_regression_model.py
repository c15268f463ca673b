"""RandomForestRegressionModel: the mean of the trees.

Reads: `data`, one row a node; `treesMetadata`; `metadata` (numFeatures). The saved tree weights are 1.0 and Spark ignores them.
Returns: prediction and the leaves' numbers, each where its column is set.
Refuses: nothing of its own.
Differs from Spark: in nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mabridge.sdk import Op, Stage, Translator
from mabridge_translators._shared.prediction import regress
from mabridge_translators._shared.trees import FOREST_FIT_ONLY, TreeRegressorParams, predictions, read_ensemble, scorer_of


@dataclass(frozen=True)
class Params(TreeRegressorParams):
    """Params of RandomForestRegressionModel (Spark 3.5)."""


def translate(stage: Stage[Params]) -> Iterator[Op]:
    """One prediction."""
    trees = read_ensemble(stage)
    yield regress(stage.params, scorer_of(stage, trees, predictions, divisor=float(len(trees.weights))), leaf_col=stage.params.leaf_col)


TRANSLATOR = Translator(
    spark_class="org.apache.spark.ml.regression.RandomForestRegressionModel",
    params=Params,
    translate=translate,
    training_only=FOREST_FIT_ONLY,
    since="1.4.0",
)
