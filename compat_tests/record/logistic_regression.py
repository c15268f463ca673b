"""LogisticRegressionModel: binomial and multinomial, thresholds, columns set or unset, hard features."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from functools import partial
from typing import Any

from pyspark.ml.classification import LogisticRegression, LogisticRegressionModel
from pyspark.sql import SparkSession

from compat_tests.record.core import DENORMAL, HUGE, INF, NAN, Case, Table, above, below, dense, one_column, sparse, vector_size
from compat_tests.record.session import java_matrix, java_model, java_vector, with_params

FOLDER = "classification/logistic_regression_model"
case = partial(Case, FOLDER)

LABELLED = {"label": "double", "features": "vector"}
_POINTS = [
    (0.0, 1.1, 0.1),
    (2.0, 1.0, -1.0),
    (2.0, 1.3, 1.0),
    (0.0, 1.2, -0.5),
    (1.0, -2.0, 0.3),
    (0.5, 0.2, 2.5),
    (-1.0, 0.7, 0.9),
    (3.0, -0.4, -1.7),
    (1.5, 2.2, 0.0),
]
BINARY = Table(LABELLED, [(label, dense(*point)) for label, point in zip([1, 0, 0, 1, 0, 1, 1, 0, 1], _POINTS, strict=True)])
THREE = Table(LABELLED, [(label, dense(*point)) for label, point in zip([1, 0, 2, 1, 0, 2, 1, 0, 2], _POINTS, strict=True)])
CONSTANT = Table(LABELLED, [(label, dense(3, 3)) for label in (0, 1, 1, 0, 1)])

HARD = one_column(
    "features",
    "vector",
    [
        dense(0, 0, 0),
        dense(1, 2, 3),
        dense(-0.0, -0.0, -0.0),
        dense(NAN, 0, 0),
        dense(INF, 0, 0),
        dense(-INF, 1, 1),
        dense(INF, INF, INF),
        dense(HUGE, HUGE, HUGE),
        dense(HUGE, -HUGE, 0),
        dense(DENORMAL, 0, 0),
        dense(50, -50, 50),
        dense(-800, 800, 1),
        sparse(3),
        sparse(3, {1: 2.5}),
        sparse(3, {0: 0.0, 2: -0.0}),
        sparse(3, {0: NAN}),
        sparse(3, {2: INF}),
        sparse(3, {0: 1.0, 1: 2.0, 2: 3.0}),
    ],
)
FINE = one_column("features", "vector", [dense(0, 0, 0), dense(1, 2, 3), dense(2, -1, 0.5), sparse(3, {1: -2.5}), dense(-3, 0.1, 0.7)])


def fitted(train: Table = BINARY, **params: Any) -> Callable[[SparkSession], Any]:
    def model(spark: SparkSession) -> Any:
        return LogisticRegression(**{"maxIter": 8, **params}).fit(train.frame(spark))

    return model


def given(
    rows: list[list[float]], intercepts: list[float], *, multinomial: bool, stored_sparse: bool = False, classes: int | None = None, **params: Any
) -> Callable[[SparkSession], Any]:
    """A model of exactly these coefficients, one row a class (one row alone where it is binomial)."""

    def model(spark: SparkSession) -> Any:
        matrix = java_matrix(spark, rows, row_major=not multinomial, sparse=stored_sparse)
        count = classes if classes is not None else len(rows) if multinomial else 2
        return java_model(
            spark,
            LogisticRegressionModel,
            "classification.LogisticRegressionModel",
            "logreg_given",
            matrix,
            java_vector(spark, *intercepts),
            count,
            multinomial,
        )

    return with_params(model, **params)


def binomial(coefficients: list[float], intercept: float, **params: Any) -> Callable[[SparkSession], Any]:
    return given([coefficients], [intercept], multinomial=False, **params)


THREE_ROWS = [[0.5, -1.0, 0.25], [-0.75, 0.5, 0.0], [0.1, 0.2, -0.3]]
#: Classes 0 and 1 tie at the origin.
TIES = [[1.0, 0.0], [1.0, 0.0], [0.0, 1.0]]


def cases() -> list[Case]:
    outputs = {"rawPredictionCol": "rawPrediction", "probabilityCol": "probability", "predictionCol": "prediction"}
    chosen = [dict(zip(outputs, names, strict=True)) for names in itertools.product(*((name, "") for name in outputs.values()))]

    def set_columns(columns: dict[str, str]) -> str:
        return "_".join(name.removesuffix("Col").lower().replace("rawprediction", "raw") for name, value in columns.items() if value) or "nothing"

    sparse_matrix = [[0.0, 0.0, 2.0, 0.0], [0.0, 0.0, 0.0, 0.0], [0.0, -1.5, 0.0, 0.0]]
    infinite = one_column(
        "features",
        "vector",
        [dense(INF, 1, 0, INF), dense(NAN, 0, 1, NAN), dense(0, INF, INF, 0), sparse(4, {0: INF, 3: NAN}), sparse(4, {1: 1.0}), dense(1, 2, 3, 4)],
    )
    margins = one_column(
        "features",
        "vector",
        [
            dense(value)
            for value in (0, DENORMAL, -DENORMAL, -0.0, 1e-17, -1e-17, 1e-16, 2e-16, -2e-16, 37, -37, 709, -709, 710, -710, 745.2, -745.2, INF, -INF, NAN)
        ],
    )
    return [
        case("binomial_defaults", "Binomial with defaults: rawPrediction, probability, prediction.", fitted(), HARD),
        case("binomial_elastic_net", "Elastic net with coefficients of zero.", fitted(regParam=0.3, elasticNetParam=0.9), HARD),
        case("binomial_no_intercept", "Without an intercept.", fitted(fitIntercept=False), HARD),
        case("binomial_no_standardization", "Fitted without standardization.", fitted(standardization=False, regParam=0.1), FINE),
        case(
            "binomial_constant_features",
            "All features constant: coefficients are zero.",
            fitted(CONSTANT),
            one_column("features", "vector", [dense(3, 3), dense(0, 0), dense(INF, 1), sparse(2)]),
        ),
        case(
            "binomial_one_class_one",
            "Trained on ones alone: the intercept is Infinity.",
            fitted(Table(LABELLED, [(1, dense(1, 2)), (1, dense(2, 1))])),
            one_column("features", "vector", [dense(1, 2), dense(NAN, 0), sparse(2)]),
        ),
        case(
            "binomial_one_class_zero",
            "Trained on zeros alone: the intercept is -Infinity.",
            fitted(Table(LABELLED, [(0, dense(1, 2)), (0, dense(2, 1))])),
            one_column("features", "vector", [dense(1, 2), dense(NAN, 0), sparse(2)]),
        ),
        case("two_classes_multinomial", "Two classes fitted as multinomial.", fitted(family="multinomial"), HARD),
        case("multinomial_defaults", "Three classes.", fitted(THREE), HARD),
        case(
            "multinomial_elastic_net",
            "Three classes with elastic net: the matrix is stored sparse, and zeros are not multiplied.",
            fitted(THREE, regParam=0.15, elasticNetParam=1.0),
            HARD,
        ),
        case("multinomial_no_intercept", "Three classes without intercepts.", fitted(THREE, fitIntercept=False), FINE),
        case(
            "multinomial_constant_features",
            "All features constant.",
            fitted(Table(LABELLED, [(label, dense(3, 3)) for label in (0, 1, 2, 0, 1)])),
            one_column("features", "vector", [dense(3, 3), dense(0, 0), sparse(2)]),
        ),
        case(
            "multinomial_one_class",
            "Three classes, trained on the last alone: intercepts are infinite.",
            fitted(Table(LABELLED, [(2, dense(1, 2)), (2, dense(2, 1))]), family="multinomial"),
            one_column("features", "vector", [dense(1, 2), sparse(2)]),
        ),
        case("binomial_margins", "Margins from -Infinity to Infinity, with probabilities at the ends.", binomial([1.0], 0.0), margins),
        case(
            "binomial_margins_threshold_from_probability",
            "The same without rawPrediction: the probability decides, which differs near 0.5.",
            binomial([1.0], 0.0, rawPredictionCol=""),
            margins,
        ),
        case(
            "binomial_margins_threshold_from_features",
            "The same with prediction alone: its own formula decides.",
            binomial([1.0], 0.0, rawPredictionCol="", probabilityCol=""),
            margins,
        ),
        *(
            case(f"binomial_threshold_{name}", f"threshold {value}, decided on rawPrediction.", binomial([1.0], 0.0, threshold=value), margins)
            for name, value in (("zero", 0.0), ("one", 1.0), ("three_tenths", 0.3), ("nine_tenths", 0.9), ("tiny", 1e-300))
        ),
        *(
            case(
                f"binomial_threshold_{name}_from_probability",
                f"threshold {value}, decided on probability.",
                binomial([1.0], 0.0, threshold=value, rawPredictionCol=""),
                margins,
            )
            for name, value in (("zero", 0.0), ("one", 1.0), ("three_tenths", 0.3))
        ),
        *(
            case(
                f"binomial_threshold_{name}_from_features",
                f"threshold {value} with prediction alone.",
                binomial([1.0], 0.0, threshold=value, rawPredictionCol="", probabilityCol=""),
                margins,
            )
            for name, value in (("zero", 0.0), ("one", 1.0), ("three_tenths", 0.3))
        ),
        case(
            "binomial_threshold_edge",
            "The threshold on the margin is log(t / (1 - t)), and must be exceeded.",
            binomial([1.0], 0.0, threshold=0.75),
            one_column(
                "features",
                "vector",
                [dense(value) for value in (1.0986122886681098, above(1.0986122886681098), below(1.0986122886681098), 1.0986122886681096, 1.09861228866811)],
            ),
        ),
        case(
            "binomial_threshold_edge_from_probability",
            "On the probability the edge lies elsewhere.",
            binomial([1.0], 0.0, threshold=0.75, rawPredictionCol=""),
            one_column(
                "features",
                "vector",
                [dense(value) for value in (1.0986122886681098, above(1.0986122886681098), below(1.0986122886681098), 1.0986122886681096, 1.09861228866811)],
            ),
        ),
        *(
            case(
                f"binomial_thresholds_{name}",
                f"thresholds {value}: the threshold is 1 / (1 + t0 / t1).",
                with_params(binomial([1.0], 0.0), threshold=None, thresholds=value),
                margins,
            )
            for name, value in (("fair", [0.5, 0.5]), ("uneven", [0.2, 0.6]), ("first_zero", [0.0, 0.4]), ("second_zero", [0.4, 0.0]), ("tiny", [1e-300, 1e-5]))
        ),
        case(
            "binomial_threshold_and_thresholds_agree",
            "Both set, in agreement.",
            with_params(binomial([1.0], 0.0), threshold=0.75, thresholds=[0.25, 0.75]),
            margins,
        ),
        *(
            case(
                f"binomial_columns_{set_columns(columns)}",
                f"Binomial with threshold 0.6; columns set: {set_columns(columns)}.",
                with_params(fitted(threshold=0.6), **columns),
                HARD,
            )
            for columns in chosen
        ),
        *(
            case(
                f"multinomial_columns_{set_columns(columns)}",
                f"Three classes with thresholds; columns set: {set_columns(columns)}.",
                with_params(fitted(THREE, thresholds=[0.2, 0.5, 0.1]), **columns),
                HARD,
            )
            for columns in chosen
        ),
        *(
            case(
                f"multinomial_columns_{set_columns(columns)}_no_thresholds",
                f"Three classes without thresholds; columns set: {set_columns(columns)}.",
                with_params(fitted(THREE), **columns),
                HARD,
            )
            for columns in chosen
            if not columns["rawPredictionCol"] and columns["predictionCol"]
        ),
        case(
            "column_names",
            "Other names for the columns.",
            with_params(fitted(THREE), rawPredictionCol="raw", probabilityCol="p", predictionCol="y", featuresCol="f"),
            Table({"f": "vector"}, FINE.rows),
        ),
        case(
            "multinomial_thresholds_one_zero",
            "One threshold of zero: its class wins unless its probability is zero.",
            given([[800.0], [0.0], [-800.0]], [0.0, 0.0, 0.0], multinomial=True, thresholds=[0.4, 0.4, 0.0]),
            one_column("features", "vector", [dense(value) for value in (0, 0.001, 1, -1, 2, NAN, INF, -INF)]),
        ),
        case(
            "multinomial_ties",
            "Of classes that tie the first wins.",
            given(TIES, [0.0, 0.0, 0.0], multinomial=True),
            one_column("features", "vector", [dense(0, 0), dense(1, 1), dense(1, 2), dense(-1, -1), dense(-0.0, 0.0), sparse(2)]),
        ),
        case(
            "multinomial_ties_thresholds",
            "Ties under thresholds.",
            given(TIES, [0.0, 0.0, 0.0], multinomial=True, thresholds=[0.5, 0.5, 0.5]),
            one_column("features", "vector", [dense(0, 0), dense(1, 1), dense(1, 2), dense(NAN, 0), dense(INF, INF)]),
        ),
        case(
            "multinomial_extremes",
            "Softmax at its ends: huge, infinite and NaN margins.",
            given([[1.0, 0.0], [0.0, 1.0], [0.0, 0.0]], [0.0, 0.0, 0.0], multinomial=True),
            one_column(
                "features",
                "vector",
                [
                    dense(*pair)
                    for pair in (
                        (1000, 999),
                        (-1000, -1000),
                        (HUGE, -HUGE),
                        (INF, 0),
                        (INF, INF),
                        (-INF, -INF),
                        (NAN, 0),
                        (0, NAN),
                        (-INF, INF),
                        (745, 0),
                        (DENORMAL, 0),
                    )
                ],
            ),
        ),
        case("multinomial_infinite_intercepts", "Infinite intercepts.", given(THREE_ROWS, [INF, 0.0, -INF], multinomial=True), FINE),
        case("multinomial_all_margins_minus_infinity", "All intercepts -Infinity.", given(THREE_ROWS, [-INF, -INF, -INF], multinomial=True), FINE),
        case(
            "sparse_matrix_and_infinity",
            "A sparse coefficient matrix multiplies stored coefficients alone.",
            given(sparse_matrix, [0.1, 0.2, 0.3], multinomial=True, stored_sparse=True),
            infinite,
        ),
        case(
            "dense_matrix_and_infinity", "A dense coefficient matrix multiplies zeros, too.", given(sparse_matrix, [0.1, 0.2, 0.3], multinomial=True), infinite
        ),
        case(
            "sparse_binomial_and_infinity",
            "Sparse binomial coefficients.",
            given([[0.0, -1.5, 2.0, 0.0]], [0.1], multinomial=False, stored_sparse=True),
            infinite,
        ),
        case("dense_binomial_and_infinity", "Dense binomial coefficients of zero.", given([[0.0, -1.5, 2.0, 0.0]], [0.1], multinomial=False), infinite),
        case(
            "one_class_multinomial",
            "A multinomial model of one class.",
            given([[1.0, 2.0]], [0.5], multinomial=True),
            one_column("features", "vector", [dense(1, 2), dense(NAN, 0), dense(INF, 0), sparse(2)]),
        ),
        case(
            "forty_features",
            "Forty features, dense and sparse rows.",
            binomial([(-1.1) ** k / 7 for k in range(40)], -0.3),
            one_column(
                "features",
                "vector",
                [dense(*((k * 37 % 11) / 3 - 1.5 for k in range(start, start + 40))) for start in range(6)]
                + [sparse(40, {3: 1.5, 17: -2.0, 39: 0.1}), sparse(40)],
            ),
        ),
        case(
            "forty_features_multinomial",
            "Forty features and five classes.",
            given([[((k * 13 + c * 7) % 17) / 5 - 1.6 for k in range(40)] for c in range(5)], [0.1 * c for c in range(5)], multinomial=True),
            one_column(
                "features",
                "vector",
                [dense(*((k * 37 % 11) / 3 - 1.5 for k in range(start, start + 40))) for start in range(6)]
                + [sparse(40, {3: 1.5, 17: -2.0, 39: 0.1}), sparse(40)],
            ),
        ),
        case("null_features", "A null vector raises.", fitted(), one_column("features", "vector", [dense(1, 2, 3), None]), "error"),
        case(
            "null_features_prediction_alone",
            "A null vector raises where prediction is the only column.",
            with_params(fitted(), rawPredictionCol="", probabilityCol=""),
            one_column("features", "vector", [None]),
            "error",
        ),
        case(
            "null_features_no_columns",
            "With no columns set a null vector passes.",
            with_params(fitted(), rawPredictionCol="", probabilityCol="", predictionCol=""),
            one_column("features", "vector", [None, dense(1)]),
        ),
        case(
            "null_features_not_asked_for",
            "Nobody asks for an output, so a null vector does not raise.",
            fitted(),
            Table({"features": "vector", "x": "int"}, [(None, 1), (dense(1), 2)]),
            columns=("x",),
        ),
        case("prediction_asked_for_alone", "Only prediction is read.", fitted(THREE), FINE, columns=("prediction",)),
        case("shorter_features", "A shorter vector raises.", fitted(), one_column("features", "vector", [dense(1, 2)]), "error"),
        case("longer_features", "A longer vector raises.", fitted(), one_column("features", "vector", [sparse(4, {0: 1.0})]), "error"),
        case(
            "shorter_features_multinomial", "A shorter vector raises (three classes).", fitted(THREE), one_column("features", "vector", [dense(1, 2)]), "error"
        ),
        case(
            "longer_sparse_features_multinomial",
            "A longer sparse vector raises (three classes).",
            fitted(THREE),
            one_column("features", "vector", [sparse(9, {0: 1.0})]),
            "error",
        ),
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
        *(
            case(
                f"{name.lower()}_exists",
                f"A column {name} that exists is refused.",
                fitted(),
                Table({"features": "vector", name: "double"}, [(dense(1, 2, 3), 1)]),
                "error",
            )
            for name in outputs.values()
        ),
        case(
            "prediction_differs_by_case",
            "A column Prediction is replaced by prediction.",
            fitted(),
            Table({"Prediction": "double", "features": "vector"}, [(9, dense(1, 2, 3))]),
        ),
        case("features_differ_by_case", "The features' name must agree in case.", with_params(fitted(), featuresCol="Features"), FINE, "error"),
        case(
            "space_in_column_name",
            "Column names with spaces.",
            with_params(fitted(), featuresCol="my features", predictionCol="my prediction"),
            Table({"my features": "vector"}, FINE.rows),
        ),
        case("dot_in_prediction_name", "A dot in the prediction's name.", with_params(fitted(), predictionCol="my.prediction"), FINE),
        case(
            "dot_in_raw_prediction_name",
            "A dot in rawPrediction's name is not resolved by what reads it.",
            with_params(fitted(), rawPredictionCol="my.raw"),
            FINE,
            "error",
        ),
        case(
            "dot_in_features_name",
            "A dot in the features' name is not resolved.",
            with_params(fitted(), featuresCol="my.features"),
            Table({"my.features": "vector"}, FINE.rows),
            "error",
        ),
        case(
            "label_passes_through",
            "The label is not read, whatever it holds.",
            fitted(),
            Table({"label": "string", "features": "vector"}, [("x", dense(1, 2, 3)), (None, dense(0, 0, 1))]),
        ),
        case(
            "raw_and_probability_under_one_name",
            "probability replaces rawPrediction where both have one name?",
            with_params(fitted(), rawPredictionCol="p", probabilityCol="p"),
            FINE,
            "error",
        ),
    ]
