"""TrainValidationSplitModel: the best of the models that were tried.

Reads: `bestModel`. What belongs to training is left alone: `estimator`, `evaluator`, `subModels`, and the metrics in the metadata.
Returns: the ops of the best model.
Refuses: nothing of its own.
Differs from Spark: in nothing.
"""

from __future__ import annotations

from mabridge_translators._shared.tuning import tuning_model

TRANSLATOR = tuning_model("TrainValidationSplitModel", frozenset({"trainRatio"}), since="1.5.0")
