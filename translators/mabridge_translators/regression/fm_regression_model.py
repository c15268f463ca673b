"""FMRegressionModel: a factorization machine.

Reads: `data`, one row: intercept, linear, factors.
Returns: prediction, where its column is set.
Refuses: nothing of its own.
Differs from Spark: in nothing on the CPU; ONNX and Torch within 1e-12 of the sum of absolute terms.
"""

from __future__ import annotations

from collections.abc import Iterator

from mabridge.sdk import Op, Stage, Translator
from mabridge_translators._shared.factors import FACTORS_FIT_ONLY, read_factors
from mabridge_translators._shared.prediction import RegressorParams, regress


def translate(stage: Stage[RegressorParams]) -> Iterator[Op]:
    """One prediction."""
    yield regress(stage.params, read_factors(stage))


TRANSLATOR = Translator(
    spark_class="org.apache.spark.ml.regression.FMRegressionModel",
    params=RegressorParams,
    translate=translate,
    training_only=FACTORS_FIT_ONLY,
    since="3.0.0",
)
