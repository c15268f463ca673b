"""GBTRegressionModel: boosted regression trees.

Reads: `data`, one row a node; `treesMetadata` (the weights); `metadata` (numFeatures).
Returns: prediction and the leaves' numbers, each where its column is set.
Refuses: nothing of its own.
Differs from Spark: in nothing on the CPU; ONNX and Torch round each product of a tree and its weight.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mabridge.sdk import Op, Stage, Translator, major_minor, ops
from mabridge_translators._shared.prediction import regress
from mabridge_translators._shared.trees import BOOSTED_FIT_ONLY, TreeRegressorParams, predictions, read_ensemble, scorer_of


@dataclass(frozen=True)
class Params(TreeRegressorParams):
    """Params of GBTRegressionModel (Spark 3.5)."""


def translate(stage: Stage[Params]) -> Iterator[Op]:
    """One prediction."""
    yield regress(stage.params, scorer_of(stage, read_ensemble(stage), predictions, weighted=True), leaf_col=stage.params.leaf_col)
    if stage.params.prediction_col and major_minor(stage.reference.spark_version) < (4, 0):
        # Spark before 4.0 gives the prediction the metadata of the features.
        yield ops.DeclareColumn(stage.params.prediction_col, stage.params.features_col)


TRANSLATOR = Translator(
    spark_class="org.apache.spark.ml.regression.GBTRegressionModel",
    params=Params,
    translate=translate,
    training_only=BOOSTED_FIT_ONLY,
    since="1.4.0",
)
