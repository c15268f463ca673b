"""FMClassificationModel and FMRegressionModel: factors, hard features, thresholds, columns set or unset."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

from pyspark.ml.classification import FMClassificationModel, FMClassifier
from pyspark.ml.regression import FMRegressionModel, FMRegressor
from pyspark.sql import SparkSession

from compat_tests.record.core import HUGE, INF, Case, Table, dense, one_column, sparse
from compat_tests.record.logistic_regression import BINARY, FINE, HARD
from compat_tests.record.session import java_matrix, java_model, java_sparse, java_vector, with_params

CLASSIFIER, REGRESSOR = "classification/fm_classification_model", "regression/fm_regression_model"


def fitted(folder: str, **params: Any) -> Callable[[SparkSession], Any]:
    def model(spark: SparkSession) -> Any:
        kind: Any = FMClassifier if folder == CLASSIFIER else FMRegressor
        return kind(**{"maxIter": 8, "factorSize": 3, "seed": 5, "stepSize": 0.1, **params}).fit(BINARY.frame(spark))

    return model


def given(
    folder: str, intercept: float, linear: list[float], factors: list[list[float]], *, stored_sparse: bool = False, **params: Any
) -> Callable[[SparkSession], Any]:
    """A model of exactly these numbers, one row of factors a feature."""

    def model(spark: SparkSession) -> Any:
        kind, name = (
            (FMClassificationModel, "classification.FMClassificationModel") if folder == CLASSIFIER else (FMRegressionModel, "regression.FMRegressionModel")
        )
        stored = {place: value for place, value in enumerate(linear) if value}
        vector = java_sparse(spark, len(linear), stored) if stored_sparse else java_vector(spark, *linear)
        return java_model(spark, kind, name, "fm_given", intercept, vector, java_matrix(spark, factors, row_major=True, sparse=stored_sparse))

    return with_params(model, **params)


def cases() -> list[Case]:
    outputs = {"rawPredictionCol": "rawPrediction", "probabilityCol": "probability", "predictionCol": "prediction"}
    chosen = [dict(zip(outputs, names, strict=True)) for names in itertools.product(*((name, "") for name in outputs.values()))]

    def set_columns(columns: dict[str, str]) -> str:
        return "_".join(name.removesuffix("Col").lower().replace("rawprediction", "raw") for name, value in columns.items() if value) or "nothing"

    factors = [[0.5, -1.0], [0.25, 2.0], [-1.5, 0.125]]
    wide = one_column(
        "features",
        "vector",
        [dense(*((k * 37 % 11) / 3 - 1.5 for k in range(start, start + 41))) for start in range(6)] + [sparse(41, {3: 1.5, 17: -2.0, 39: 0.1}), sparse(41)],
    )
    many = [[((k * 7919 + f * 31) % 1009) / 504.5 - 1.0 for f in range(8)] for k in range(41)]

    def both(folder: str) -> list[Case]:
        def case(name: str, title: str, model: Any, rows: Any, expect: Any = "rows", **more: Any) -> Case:
            return Case(folder, name, title, model, rows, expect, **more)

        return [
            case("defaults", "A fitted model.", fitted(folder), HARD),
            case("gradient_descent", "Fitted by gradient descent.", fitted(folder, solver="gd"), HARD),
            case("no_linear_part", "Without a linear part.", fitted(folder, fitLinear=False), HARD),
            case("no_intercept", "Without an intercept.", fitted(folder, fitIntercept=False), HARD),
            case("given", "Given numbers.", given(folder, 0.1, [1.0, -2.0, 0.5], factors), HARD),
            case("cancels", "Squares that cancel.", given(folder, 0.1, [0.0, 0.0, 0.0], [[1e8], [1e8], [1e-8]]), HARD),
            case("forty_one_features", "Forty-one features, eight factors.", given(folder, -0.3, [(-1.1) ** k / 7 for k in range(41)], many), wide),
            case(
                "infinite_factor",
                "A factor of Infinity is not multiplied with zero.",
                given(folder, 0.1, [1.0, -2.0, 0.5], [[INF, 1.0], [0.5, 0.5], [1.0, -INF]]),
                HARD,
            ),
            case("huge_factors", "Factors whose squares pass the largest double.", given(folder, 0.1, [HUGE, HUGE, -HUGE], [[HUGE], [1e200], [-1.0]]), HARD),
            case(
                "sparse_linear_part",
                "A sparse linear part skips what it does not store.",
                given(folder, 0.1, [0.0, -2.0, 0.0], factors, stored_sparse=True),
                HARD,
            ),
            case(
                "column_names",
                "Other names for the columns.",
                with_params(fitted(folder), predictionCol="y", featuresCol="f"),
                Table({"f": "vector"}, FINE.rows),
            ),
            case("shorter_features", "A shorter vector raises.", fitted(folder), one_column("features", "vector", [dense(1, 2)]), "error"),
            case("longer_features", "A longer vector raises.", fitted(folder), one_column("features", "vector", [sparse(5, {0: 1.0})]), "error"),
            case("null_features", "A null vector raises.", fitted(folder), one_column("features", "vector", [dense(1, 2, 3), None]), "error"),
            case("empty_input", "No rows.", fitted(folder), FINE.empty()),
        ]

    return [
        *both(CLASSIFIER),
        *both(REGRESSOR),
        Case(REGRESSOR, "no_prediction", "The prediction switched off.", with_params(fitted(REGRESSOR), predictionCol=""), HARD),
        *(
            Case(
                CLASSIFIER,
                f"columns_{set_columns(columns)}",
                f"Thresholds; columns set: {set_columns(columns)}.",
                with_params(fitted(CLASSIFIER), thresholds=[0.2, 0.7], **columns),
                HARD,
            )
            for columns in chosen
        ),
        *(
            Case(
                CLASSIFIER,
                f"columns_{set_columns(columns)}_no_thresholds",
                f"No thresholds; columns set: {set_columns(columns)}.",
                with_params(fitted(CLASSIFIER), **columns),
                HARD,
            )
            for columns in chosen
            if not columns["rawPredictionCol"] and columns["predictionCol"]
        ),
        Case(
            CLASSIFIER,
            "thresholds_of_three",
            "thresholds of another length than the classes.",
            with_params(fitted(CLASSIFIER), thresholds=[0.2, 0.3, 0.5]),
            FINE,
            "error",
        ),
        Case(
            CLASSIFIER,
            "margins",
            "Scores from -Infinity to Infinity.",
            given(CLASSIFIER, 0.0, [1.0], [[0.0]]),
            one_column("features", "vector", [dense(value) for value in (0, -0.0, 1e-17, -1e-17, 37, -37, 709, -709, 745.2, -745.2, INF, -INF)]),
        ),
    ]
