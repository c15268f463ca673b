"""CrossValidatorModel and TrainValidationSplitModel: the best model, whatever it is, with and without the models that were tried."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pyspark.ml import Pipeline
from pyspark.ml.classification import LogisticRegression, OneVsRest
from pyspark.ml.evaluation import BinaryClassificationEvaluator, MulticlassClassificationEvaluator, RegressionEvaluator
from pyspark.ml.feature import StringIndexer, VectorAssembler
from pyspark.ml.regression import LinearRegression
from pyspark.ml.tuning import CrossValidator, ParamGridBuilder, TrainValidationSplit
from pyspark.sql import SparkSession

from compat_tests.record.core import Case, Table
from compat_tests.record.logistic_regression import BINARY, HARD, THREE
from compat_tests.record.pipeline import ROWS, TRAIN

CROSS, SPLIT = "tuning/cross_validator_model", "tuning/train_validation_split_model"


def tuned(folder: str, estimator: Callable[[], tuple[Any, list[dict[Any, Any]]]], evaluator: Any, train: Table, **params: Any) -> Callable[[SparkSession], Any]:
    def model(spark: SparkSession) -> Any:
        found, grid = estimator()
        choose: Any = CrossValidator(numFolds=2, seed=3, **params) if folder == CROSS else TrainValidationSplit(trainRatio=0.7, seed=3, **params)
        choose = choose.setEstimator(found).setEstimatorParamMaps(grid).setEvaluator(evaluator())
        repeated = train.frame(spark)
        return choose.fit(repeated.union(repeated).union(repeated))

    return model


def logistic() -> tuple[Any, list[dict[Any, Any]]]:
    estimator = LogisticRegression(maxIter=3)
    return estimator, ParamGridBuilder().addGrid(estimator.regParam, [0.0, 0.5]).build()


def linear() -> tuple[Any, list[dict[Any, Any]]]:
    estimator = LinearRegression(maxIter=3)
    return estimator, ParamGridBuilder().addGrid(estimator.regParam, [0.0, 0.5]).addGrid(estimator.fitIntercept, [True, False]).build()


def pipeline() -> tuple[Any, list[dict[Any, Any]]]:
    last = LogisticRegression(maxIter=3)
    stages = [
        StringIndexer(inputCol="s", outputCol="i", handleInvalid="keep"),
        VectorAssembler(inputCols=["x", "i"], outputCol="features", handleInvalid="skip"),
        last,
    ]
    return Pipeline(stages=stages), ParamGridBuilder().addGrid(last.regParam, [0.0, 0.5]).build()


def one_vs_rest() -> tuple[Any, list[dict[Any, Any]]]:
    inner, other = LogisticRegression(maxIter=3), LogisticRegression(maxIter=1)
    estimator = OneVsRest(classifier=inner)
    return estimator, ParamGridBuilder().addGrid(estimator.classifier, [inner, other]).build()


def cases() -> list[Case]:
    found: list[Case] = []
    for folder in (CROSS, SPLIT):
        found += [
            Case(folder, "logistic_regression", "A logistic regression.", tuned(folder, logistic, BinaryClassificationEvaluator, BINARY), HARD),
            Case(folder, "linear_regression", "A linear regression, two params tried.", tuned(folder, linear, RegressionEvaluator, THREE), HARD),
            Case(folder, "pipeline", "A pipeline that drops rows.", tuned(folder, pipeline, BinaryClassificationEvaluator, TRAIN), ROWS),
            Case(
                folder,
                "sub_models",
                "With all the models that were tried.",
                tuned(folder, logistic, BinaryClassificationEvaluator, BINARY, collectSubModels=True),
                HARD,
            ),
            Case(
                folder,
                "estimators_as_params",
                "One-vs-rest, with estimators tried as params.",
                tuned(folder, one_vs_rest, MulticlassClassificationEvaluator, THREE),
                HARD,
            ),
            Case(folder, "empty_input", "No rows.", tuned(folder, logistic, BinaryClassificationEvaluator, BINARY), HARD.empty()),
        ]
    return found
