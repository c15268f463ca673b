"""LinearSVCModel: thresholds, columns set or unset, hard features."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from functools import partial
from typing import Any

from pyspark.ml.classification import LinearSVC, LinearSVCModel
from pyspark.sql import SparkSession

from compat_tests.record.core import DENORMAL, HUGE, INF, NAN, Case, Table, above, below, dense, one_column, sparse, vector_size
from compat_tests.record.logistic_regression import BINARY, FINE, HARD
from compat_tests.record.session import java_model, java_sparse, java_vector, with_params

FOLDER = "classification/linear_svc_model"
case = partial(Case, FOLDER)


def fitted(train: Table = BINARY, **params: Any) -> Callable[[SparkSession], Any]:
    def model(spark: SparkSession) -> Any:
        return LinearSVC(**{"maxIter": 8, **params}).fit(train.frame(spark))

    return model


def given(coefficients: list[float], intercept: float, *, stored_sparse: bool = False, **params: Any) -> Callable[[SparkSession], Any]:
    """A model of exactly these coefficients."""

    def model(spark: SparkSession) -> Any:
        stored = {place: value for place, value in enumerate(coefficients) if value}
        vector = java_sparse(spark, len(coefficients), stored) if stored_sparse else java_vector(spark, *coefficients)
        return java_model(spark, LinearSVCModel, "classification.LinearSVCModel", "linearsvc_given", vector, intercept)

    return with_params(model, **params)


def cases() -> list[Case]:
    outputs = {"rawPredictionCol": "rawPrediction", "predictionCol": "prediction"}
    chosen = [dict(zip(outputs, names, strict=True)) for names in itertools.product(*((name, "") for name in outputs.values()))]
    margins = one_column(
        "features",
        "vector",
        [dense(value) for value in (0, DENORMAL, -DENORMAL, -0.0, 1e-17, -1e-17, 0.3, above(0.3), below(0.3), 1, -1, HUGE, -HUGE, INF, -INF, NAN)],
    )
    infinite = one_column(
        "features",
        "vector",
        [dense(INF, 1, 0, INF), dense(NAN, 0, 1, NAN), dense(0, INF, INF, 0), sparse(4, {0: INF, 3: NAN}), sparse(4, {1: 1.0}), dense(1, 2, 3, 4)],
    )
    forty = [dense(*((k * 37 % 11) / 3 - 1.5 for k in range(start, start + 40))) for start in range(6)]

    def set_columns(columns: dict[str, str]) -> str:
        return "_".join(name.removesuffix("Col").lower().replace("rawprediction", "raw") for name, value in columns.items() if value) or "nothing"

    return [
        case("defaults", "A fitted model with defaults: rawPrediction and prediction.", fitted(), HARD),
        case("regularised", "Fitted with a penalty and without standardization.", fitted(regParam=0.3, standardization=False), HARD),
        case("no_intercept", "Without an intercept.", fitted(fitIntercept=False), HARD),
        case("margins", "Margins from -Infinity to Infinity against the threshold 0.", given([1.0], 0.0), margins),
        *(
            case(f"threshold_{name}", f"The threshold {value} must be exceeded.", given([1.0], 0.0, threshold=value), margins)
            for name, value in (("three_tenths", 0.3), ("negative", -0.5), ("infinite", INF), ("minus_infinite", -INF))
        ),
        *(
            case(
                f"columns_{set_columns(columns)}",
                f"threshold 0.4; columns set: {set_columns(columns)}.",
                with_params(fitted(), threshold=0.4, **columns),
                HARD,
            )
            for columns in chosen
        ),
        case(
            "column_names",
            "Other names for the columns.",
            with_params(fitted(), rawPredictionCol="raw", predictionCol="y", featuresCol="f"),
            Table({"f": "vector"}, FINE.rows),
        ),
        case(
            "sparse_coefficients_and_infinity",
            "Sparse coefficients skip what they do not store.",
            given([0.0, -1.5, 2.0, 0.0], 0.1, stored_sparse=True),
            infinite,
        ),
        case("dense_coefficients_and_infinity", "Dense coefficients of zero are multiplied, too.", given([0.0, -1.5, 2.0, 0.0], 0.1), infinite),
        case(
            "forty_features",
            "Forty features, dense and sparse rows.",
            given([(-1.1) ** k / 7 for k in range(40)], -0.3),
            one_column("features", "vector", [*forty, sparse(40, {3: 1.5, 17: -2.0, 39: 0.1}), sparse(40)]),
        ),
        case("huge_products", "Products that pass the largest double and come back.", given([1e10, 1e10, -1e10], 1.0), HARD),
        case("null_features", "A null vector raises.", fitted(), one_column("features", "vector", [dense(1, 2, 3), None]), "error"),
        case(
            "null_features_no_columns",
            "With no columns set a null vector passes.",
            with_params(fitted(), rawPredictionCol="", predictionCol=""),
            one_column("features", "vector", [None, dense(1)]),
        ),
        case("shorter_features", "A shorter vector raises.", fitted(), one_column("features", "vector", [dense(1, 2)]), "error"),
        case("longer_features", "A longer vector raises.", fitted(), one_column("features", "vector", [sparse(4, {0: 1.0})]), "error"),
        case(
            "metadata_of_another_size",
            "The size that the features' ML attributes tell is not checked.",
            fitted(),
            FINE.with_metadata("features", vector_size(7)),
        ),
        case("empty_input", "No rows.", fitted(), FINE.empty()),
        case("prediction_asked_for_alone", "Only prediction is read.", fitted(), HARD, columns=("prediction",)),
        case(
            "prediction_exists",
            "A column prediction that exists is refused.",
            fitted(),
            Table({"features": "vector", "prediction": "double"}, [(dense(1, 2, 3), 1)]),
            "error",
        ),
        case("missing_features", "A missing features column raises.", fitted(), one_column("x", "int", [1]), "error"),
    ]
