"""LinearRegressionModel: a weighted sum.

Reads: `data`, one row: coefficients, intercept (and `scale` from 2.3, which matters to the Huber loss alone).
Returns: prediction, where its column is set.
Refuses: nothing of its own.
Differs from Spark: doubles within 1e-12 of the sum of absolute terms.
"""

from __future__ import annotations

from collections.abc import Iterator

from mabridge.sdk import Op, Stage, Translator
from mabridge_translators._shared.linear import linear_scorer
from mabridge_translators._shared.prediction import FIT_ONLY, RegressorParams, regress


def translate(stage: Stage[RegressorParams]) -> Iterator[Op]:
    """One prediction."""
    yield regress(stage.params, linear_scorer(stage, stage.row()))


TRANSLATOR = Translator(
    spark_class="org.apache.spark.ml.regression.LinearRegressionModel",
    params=RegressorParams,
    translate=translate,
    training_only=FIT_ONLY | {"aggregationDepth", "elasticNetParam", "epsilon", "loss", "maxBlockSizeInMB", "solver", "standardization"},
    since="1.3.0",
)
