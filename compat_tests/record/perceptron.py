"""MultilayerPerceptronClassificationModel: layers, hard features, thresholds, columns set or unset."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from functools import partial
from typing import Any

from pyspark.ml.classification import MultilayerPerceptronClassificationModel, MultilayerPerceptronClassifier
from pyspark.sql import SparkSession

from compat_tests.record.core import HUGE, INF, NAN, Case, Table, dense, one_column, sparse
from compat_tests.record.logistic_regression import BINARY, FINE, HARD, THREE
from compat_tests.record.session import java_model, java_vector, with_params

FOLDER = "classification/multilayer_perceptron_classification_model"
case = partial(Case, FOLDER)


def fitted(layers: list[int], train: Table = THREE, **params: Any) -> Callable[[SparkSession], Any]:
    def model(spark: SparkSession) -> Any:
        return MultilayerPerceptronClassifier(layers=layers, seed=5, maxIter=8, **params).fit(train.frame(spark))

    return model


def given(layers: list[int], weights: list[float], **params: Any) -> Callable[[SparkSession], Any]:
    """A model of exactly these weights."""

    def model(spark: SparkSession) -> Any:
        name = "classification.MultilayerPerceptronClassificationModel"
        return java_model(spark, MultilayerPerceptronClassificationModel, name, "mlpc_given", java_vector(spark, *weights))

    return with_params(model, layers=layers, **params)


def spread(count: int, size: float = 1.0) -> list[float]:
    """Weights that are spread evenly and in no order."""
    return [((k * 7919 % 1009) / 504.5 - 1.0) * size for k in range(count)]


def cases() -> list[Case]:
    outputs = {"rawPredictionCol": "rawPrediction", "probabilityCol": "probability", "predictionCol": "prediction"}
    chosen = [dict(zip(outputs, names, strict=True)) for names in itertools.product(*((name, "") for name in outputs.values()))]

    def set_columns(columns: dict[str, str]) -> str:
        return "_".join(name.removesuffix("Col").lower().replace("rawprediction", "raw") for name, value in columns.items() if value) or "nothing"

    pair = one_column(
        "features",
        "vector",
        [dense(*row) for row in ((0, 0), (1, 2), (1000, 999), (-1000, -1000), (HUGE, -HUGE), (INF, 0), (INF, INF), (-INF, -INF), (NAN, 0), (-INF, INF))]
        + [sparse(2)],
    )
    wide = one_column(
        "features",
        "vector",
        [dense(*((k * 37 % 11) / 3 - 1.5 for k in range(start, start + 40))) for start in range(6)] + [sparse(40, {3: 1.5, 17: -2.0, 39: 0.1}), sparse(40)],
    )
    identity = [1.0, 0.0, 0.0, 1.0, 0.0, 0.0]
    return [
        case("no_hidden_layer", "Two layers: a linear model.", fitted([3, 3]), HARD),
        case("one_hidden_layer", "One hidden layer.", fitted([3, 4, 3]), HARD),
        case("two_hidden_layers", "Two hidden layers.", fitted([3, 5, 4, 3]), HARD),
        case("two_classes", "Two classes.", fitted([3, 4, 2], BINARY), HARD),
        case("gradient_descent", "Fitted by gradient descent.", fitted([3, 4, 3], solver="gd", stepSize=0.1), FINE),
        case("initial_weights", "Fitted from given weights.", fitted([3, 2, 2], BINARY, initialWeights=dense(*spread(14))), FINE),
        case("one_class", "One class at the end.", given([3, 2, 1], spread(11)), HARD),
        case("extremes", "The softmax at its ends: Infinity gives NaN.", given([2, 2], identity), pair),
        case("extremes_hidden", "Sigmoids at their ends.", given([2, 2, 2], [*identity, *identity]), pair),
        case("huge_weights", "Weights whose products pass the largest double.", given([3, 2, 2], spread(14, 1e308)), HARD),
        case("forty_features", "Forty features, three layers.", given([40, 17, 9, 5], spread(40 * 17 + 17 + 17 * 9 + 9 + 9 * 5 + 5)), wide),
        case("ties", "Of classes that tie the first wins.", given([2, 3], [1.0, 1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0]), pair),
        *(
            case(
                f"columns_{set_columns(columns)}",
                f"Thresholds; columns set: {set_columns(columns)}.",
                with_params(fitted([3, 4, 3]), thresholds=[0.2, 0.5, 0.1], **columns),
                HARD,
            )
            for columns in chosen
        ),
        *(
            case(
                f"columns_{set_columns(columns)}_no_thresholds",
                f"No thresholds; columns set: {set_columns(columns)}.",
                with_params(fitted([3, 4, 3]), **columns),
                HARD,
            )
            for columns in chosen
            if not columns["rawPredictionCol"] and columns["predictionCol"]
        ),
        case("thresholds_of_two", "thresholds of another length than the classes.", with_params(fitted([3, 3]), thresholds=[0.2, 0.3]), FINE, "error"),
        case("weights_of_another_size", "Weights that do not fit the layers.", given([3, 2, 2], spread(13)), FINE, "error"),
        case(
            "column_names",
            "Other names for the columns.",
            with_params(fitted([3, 3]), rawPredictionCol="raw", probabilityCol="p", predictionCol="y", featuresCol="f"),
            Table({"f": "vector"}, FINE.rows),
        ),
        case("shorter_features", "A shorter vector raises.", fitted([3, 3]), one_column("features", "vector", [dense(1, 2)]), "error"),
        case("longer_features", "A longer vector raises.", fitted([3, 3]), one_column("features", "vector", [sparse(5, {0: 1.0})]), "error"),
        case("null_features", "A null vector raises.", fitted([3, 3]), one_column("features", "vector", [dense(1, 2, 3), None]), "error"),
        case("empty_input", "No rows.", fitted([3, 3]), FINE.empty()),
        case("prediction_asked_for_alone", "Only prediction is read.", fitted([3, 4, 3]), HARD, columns=("prediction",)),
    ]
