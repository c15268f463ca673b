"""LinearRegressionModel: squared error and huber, sparse coefficients, hard features."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from pyspark.ml.regression import LinearRegression, LinearRegressionModel
from pyspark.sql import SparkSession

from compat_tests.record.core import HUGE, INF, Case, Table, dense, one_column, sparse, vector_size
from compat_tests.record.logistic_regression import _POINTS, FINE, HARD, LABELLED
from compat_tests.record.session import java_model, java_sparse, java_vector, with_params

FOLDER = "regression/linear_regression_model"
case = partial(Case, FOLDER)

TRAIN = Table(LABELLED, [(label, dense(*point)) for label, point in zip([1.5, 0.2, 7.1, 1.4, -3.3, 0.0, 100.0, 2.2, 3.1], _POINTS, strict=True)])


def fitted(train: Table = TRAIN, **params: Any) -> Callable[[SparkSession], Any]:
    def model(spark: SparkSession) -> Any:
        return LinearRegression(**{"maxIter": 8, **params}).fit(train.frame(spark))

    return model


def given(coefficients: list[float] | dict[int, float], intercept: float, size: int = 0, **params: Any) -> Callable[[SparkSession], Any]:
    """A model of exactly these coefficients; a dict makes them a sparse vector of `size`."""

    def model(spark: SparkSession) -> Any:
        vector = java_sparse(spark, size, coefficients) if isinstance(coefficients, dict) else java_vector(spark, *coefficients)
        return java_model(spark, LinearRegressionModel, "regression.LinearRegressionModel", "linReg_given", vector, intercept, 1.0)

    return with_params(model, **params)


def cases() -> list[Case]:
    infinite = one_column(
        "features", "vector", [dense(INF, 1, 0, INF), dense(0, INF, INF, 0), sparse(4, {0: INF, 3: INF}), sparse(4, {1: 1.0}), dense(1, 2, 3, 4)]
    )
    cancelling = one_column(
        "features", "vector", [dense(HUGE, HUGE, 1), dense(1e16, 1e16, 1), dense(0.1, 0.1, -0.3), dense(1, 1, 0), sparse(3, {0: 1e16, 1: 1e16, 2: 1.0})]
    )
    return [
        case("defaults", "Least squares with defaults.", fitted(), HARD),
        case("elastic_net", "Elastic net with coefficients of zero.", fitted(regParam=3.0, elasticNetParam=1.0), HARD),
        case("no_intercept", "Without an intercept.", fitted(fitIntercept=False), HARD),
        case("huber", "Huber loss; the scale does not change predictions.", fitted(loss="huber", maxIter=20), HARD),
        case("solver_l_bfgs", "Fitted by l-bfgs.", fitted(solver="l-bfgs"), FINE),
        case("solver_normal", "Fitted by normal equations.", fitted(solver="normal"), FINE),
        case("constant_label", "A constant label: coefficients are zero.", fitted(Table(LABELLED, [(2.5, dense(*point)) for point in _POINTS])), HARD),
        case(
            "constant_features",
            "Constant features.",
            fitted(Table(LABELLED, [(label, dense(3, 3)) for label in (0, 1, 1, 0, 1)]), regParam=0.1),
            one_column("features", "vector", [dense(3, 3), dense(0, 0), sparse(2)]),
        ),
        case("sparse_coefficients", "Coefficients stored as a sparse vector: zeros are not multiplied.", given({1: -1.5, 2: 2.0}, 0.1, 4), infinite),
        case("dense_zero_coefficients", "Coefficients of zero stored densely are multiplied.", given([0.0, -1.5, 2.0, 0.0], 0.1), infinite),
        case("cancelling_terms", "Terms that cancel.", given([1.0, -1.0, 1.0], 0.25), cancelling),
        case("infinite_intercept", "An infinite intercept.", given([1.0, 1.0, 1.0], -INF), HARD),
        case("no_features", "A model of no features.", given([], 2.5), one_column("features", "vector", [dense(), sparse(0)])),
        case(
            "forty_features",
            "Forty features, dense and sparse rows.",
            given([(-1.1) ** k / 7 for k in range(40)], -0.3),
            one_column(
                "features",
                "vector",
                [dense(*((k * 37 % 11) / 3 - 1.5 for k in range(start, start + 40))) for start in range(6)]
                + [sparse(40, {3: 1.5, 17: -2.0, 39: 0.1}), sparse(40)],
            ),
        ),
        case(
            "prediction_column_name",
            "Other names for the columns.",
            with_params(fitted(), predictionCol="my prediction", featuresCol="my features"),
            Table({"my features": "vector"}, FINE.rows),
        ),
        case("no_prediction_column", "With predictionCol empty nothing is added.", with_params(fitted(), predictionCol=""), HARD),
        case("null_features", "A null vector raises.", fitted(), one_column("features", "vector", [dense(1, 2, 3), None]), "error"),
        case(
            "null_features_not_asked_for",
            "Nobody asks for the prediction, so a null vector does not raise.",
            fitted(),
            Table({"features": "vector", "x": "int"}, [(None, 1), (dense(1), 2)]),
            columns=("x",),
        ),
        case("shorter_features", "A shorter vector raises.", fitted(), one_column("features", "vector", [dense(1, 2)]), "error"),
        case("longer_features", "A longer vector raises.", fitted(), one_column("features", "vector", [sparse(4, {0: 1.0})]), "error"),
        case("empty_input", "No rows.", fitted(), FINE.empty()),
        case(
            "metadata_of_another_size",
            "The size that the features' ML attributes tell is not checked.",
            fitted(),
            FINE.with_metadata("features", vector_size(7)),
        ),
        case(
            "array_features_are_refused",
            "An array of doubles is not a vector.",
            fitted(),
            lambda spark: spark.sql("SELECT array(1.0D, 2.0D, 3.0D) AS features"),
            "error",
        ),
        case("missing_features", "A missing features column raises.", fitted(), one_column("x", "int", [1]), "error"),
        case(
            "prediction_exists",
            "A column prediction that exists is refused.",
            fitted(),
            Table({"features": "vector", "prediction": "double"}, [(dense(1, 2, 3), 1)]),
            "error",
        ),
        case(
            "prediction_differs_by_case",
            "A column Prediction is replaced by prediction.",
            fitted(),
            Table({"Prediction": "double", "features": "vector"}, [(9, dense(1, 2, 3))]),
        ),
        case("features_differ_by_case", "The features' name must agree in case.", with_params(fitted(), featuresCol="Features"), FINE, "error"),
    ]
