"""CrossValidatorModel: the best of the models that were tried.

Reads: `bestModel`. What belongs to training is left alone: `estimator`, `evaluator`, `subModels`, and the metrics in the metadata.
Returns: the ops of the best model.
Refuses: nothing of its own.
Differs from Spark: in nothing.
"""

from __future__ import annotations

from mabridge.sdk import Translator
from mabridge_translators._shared.tuning import TUNING_FIT_ONLY, Params, best_model

TRANSLATOR = Translator(
    spark_class="org.apache.spark.ml.tuning.CrossValidatorModel",
    params=Params,
    translate=best_model,
    training_only=TUNING_FIT_ONLY,
    since="1.2.0",
    also=("pyspark.ml.tuning.CrossValidatorModel",),
)
