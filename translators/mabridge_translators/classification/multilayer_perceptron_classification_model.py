"""MultilayerPerceptronClassificationModel: a feed-forward network with sigmoids between its layers and a softmax on top.

Reads: `data`, one row: weights, and layers (2.x; from 3.0 a param).
Returns: rawPrediction (what goes into the softmax), probability and prediction, each where its column is set. 2.0 to 2.2 had prediction alone.
Refuses: nothing of its own.
Differs from Spark: in nothing but the last bits of exp on the CPU; ONNX and Torch add up in an order of their own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from mabridge.sdk import Head, Op, PerceptronScorer, Stage, Translator, major_minor, vector_value
from mabridge_translators._shared.prediction import ClassifierParams, argmax_decision, check_thresholds, classify


@dataclass(frozen=True)
class Params(ClassifierParams):
    """Params of MultilayerPerceptronClassificationModel (Spark 3.5)."""

    layers: tuple[int, ...] | None = None


def translate(stage: Stage[Params]) -> Iterator[Op]:
    """One prediction."""
    params, row = stage.params, stage.row()
    # Spark 2.x kept the sizes beside the weights, as 3.0.0-preview did.
    layers = stage.field(row, "layers") if params.layers is None else params.layers
    scorer = PerceptronScorer(np.array(layers, dtype=np.int32), vector_value(stage.field(row, "weights")))
    scorer.check()
    if major_minor(stage.reference.spark_version) < (2, 3):
        params = replace(params, raw_prediction_col="", probability_col="", thresholds=None)
    check_thresholds(stage, scorer.num_scores)
    decision, thresholds = argmax_decision(params)
    if not params.raw_prediction_col and not params.probability_col:
        # With both columns off Spark takes a path of its own, and the thresholds do not count.
        decision, thresholds = "argmax probability", ()
    yield classify(params, scorer, Head(raw="scores", probability="plain softmax", decision=decision, thresholds=thresholds))


TRANSLATOR = Translator(
    spark_class="org.apache.spark.ml.classification.MultilayerPerceptronClassificationModel",
    params=Params,
    translate=translate,
    training_only=frozenset({"blockSize", "initialWeights", "labelCol", "maxIter", "seed", "solver", "stepSize", "tol"}),
    since="1.5.0",
)
