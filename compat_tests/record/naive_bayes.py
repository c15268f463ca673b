"""NaiveBayesModel: its four types, the features that it refuses, smoothing of zero, thresholds, columns set or unset."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from functools import partial
from typing import Any

from pyspark.ml.classification import NaiveBayes, NaiveBayesModel
from pyspark.sql import SparkSession

from compat_tests.record.core import DENORMAL, HUGE, INF, NAN, Case, Table, dense, one_column, sparse
from compat_tests.record.session import java_matrix, java_model, java_vector, with_params

FOLDER = "classification/naive_bayes_model"
case = partial(Case, FOLDER)

LABELLED = {"label": "double", "features": "vector"}
_COUNTS = [(3, 0, 1, 2), (0, 4, 0, 1), (1, 1, 5, 0), (2, 0, 2, 2), (0, 3, 1, 0), (0, 1, 6, 1), (4, 0, 0, 3), (1, 5, 0, 0), (0, 0, 3, 0)]
COUNTS = Table(LABELLED, [(index % 3, dense(*row)) for index, row in enumerate(_COUNTS)])
BITS = Table(LABELLED, [(index % 3, dense(*(min(value, 1) for value in row))) for index, row in enumerate(_COUNTS)])
REALS = Table(LABELLED, [(index % 3, dense(*(value * 0.7 - 1.3 for value in row))) for index, row in enumerate(_COUNTS)])
TRAIN = {"multinomial": COUNTS, "complement": COUNTS, "bernoulli": BITS, "gaussian": REALS}

#: Rows that each type accepts.
ROWS = {
    "multinomial": one_column(
        "features",
        "vector",
        [
            dense(0, 0, 0, 0),
            dense(-0.0, -0.0, -0.0, -0.0),
            dense(1, 2, 3, 4),
            dense(0.25, 0.5, 0, 1.125),
            dense(HUGE, 0, 0, 0),
            dense(HUGE, HUGE, HUGE, HUGE),
            dense(INF, 0, 0, 1),
            dense(INF, INF, 0, 0),
            dense(DENORMAL, 0, DENORMAL, 0),
            dense(1000, 2000, 3000, 1),
            sparse(4),
            sparse(4, {1: 2.5}),
            sparse(4, {0: 0.0, 2: -0.0}),
            sparse(4, {2: INF}),
            sparse(4, {0: 1.0, 1: 2.0, 2: 3.0, 3: 0.1}),
        ],
    ),
    "bernoulli": one_column(
        "features",
        "vector",
        [
            dense(0, 0, 0, 0),
            dense(1, 1, 1, 1),
            dense(-0.0, 1, -0.0, 1),
            dense(0, 0, 1, 0),
            sparse(4),
            sparse(4, {1: 1.0}),
            sparse(4, {0: 0.0, 2: -0.0, 3: 1.0}),
            sparse(4, {0: 1.0, 1: 1.0, 2: 1.0, 3: 1.0}),
        ],
    ),
    "gaussian": one_column(
        "features",
        "vector",
        [
            dense(0, 0, 0, 0),
            dense(1, -2, 3, 0.5),
            dense(-0.0, 1, -0.0, 1),
            dense(NAN, 0, 0, 0),
            dense(INF, 0, 0, 0),
            dense(-INF, INF, 1, 1),
            dense(HUGE, 0, 0, 0),
            dense(1e200, 1e200, 0, 0),
            dense(DENORMAL, 0, 0, 0),
            dense(40, -40, 40, 3),
            sparse(4),
            sparse(4, {1: -2.5}),
            sparse(4, {0: 0.0, 2: -0.0}),
            sparse(4, {2: NAN}),
        ],
    ),
}
ROWS["complement"] = ROWS["multinomial"]
TYPES = tuple(TRAIN)


def fitted(kind: str = "multinomial", train: Table | None = None, **params: Any) -> Callable[[SparkSession], Any]:
    def model(spark: SparkSession) -> Any:
        return NaiveBayes(modelType=kind, **params).fit((train or TRAIN[kind]).frame(spark))

    return model


def given(
    kind: str,
    priors: list[float],
    theta: list[list[float]],
    sigma: list[list[float]] | None = None,
    *,
    stored_sparse: bool = False,
    row_major: bool = True,
    **params: Any,
) -> Callable[[SparkSession], Any]:
    """A model of exactly these numbers."""

    def model(spark: SparkSession) -> Any:
        matrices: Any = spark._jvm.org.apache.spark.ml.linalg.Matrices  # type: ignore[union-attr]
        variances = matrices.zeros(0, 0) if sigma is None else java_matrix(spark, sigma, row_major=True)
        matrix = java_matrix(spark, theta, row_major=row_major, sparse=stored_sparse)
        return java_model(spark, NaiveBayesModel, "classification.NaiveBayesModel", "nb_given", java_vector(spark, *priors), matrix, variances)

    return with_params(model, modelType=kind, **params)


def cases() -> list[Case]:
    outputs = {"rawPredictionCol": "rawPrediction", "probabilityCol": "probability", "predictionCol": "prediction"}
    chosen = [dict(zip(outputs, names, strict=True)) for names in itertools.product(*((name, "") for name in outputs.values()))]

    def set_columns(columns: dict[str, str]) -> str:
        return "_".join(name.removesuffix("Col").lower().replace("rawprediction", "raw") for name, value in columns.items() if value) or "nothing"

    many = [[((k * 13 + c * 7) % 17 + 1) / -5 for k in range(40)] for c in range(5)]
    wide = one_column(
        "features",
        "vector",
        [dense(*((k * 37 % 11) / 3 for k in range(start, start + 40))) for start in range(8)] + [sparse(40, {3: 1.5, 17: 2.0, 39: 0.1}), sparse(40)],
    )
    bits = one_column(
        "features", "vector", [dense(*((k * 37 + start) % 3 % 2 for k in range(40))) for start in range(6)] + [sparse(40, {3: 1.0, 17: 1.0}), sparse(40)]
    )
    reals = one_column(
        "features", "vector", [dense(*((k * 37 % 11) / 3 - 2 for k in range(start, start + 40))) for start in range(6)] + [sparse(40, {3: 1.5, 17: -2.0})]
    )
    refused = {
        "multinomial": {
            "negative": dense(1, -1, 0, 0),
            "nan": dense(1, NAN, 0, 0),
            "minus_infinite": dense(1, -INF, 0, 0),
            "sparse_negative": sparse(4, {2: -0.5}),
        },
        "bernoulli": {"two": dense(1, 2, 0, 0), "nan": dense(1, NAN, 0, 0), "half": sparse(4, {1: 0.5}), "negative": dense(0, -1, 0, 0)},
    }
    refused["complement"] = refused["multinomial"]
    return [
        *(case(f"{kind}_defaults", f"The type {kind} with defaults.", fitted(kind), ROWS[kind]) for kind in TYPES),
        *(case(f"{kind}_smoothing_five", f"The type {kind}, more smoothing.", fitted(kind, smoothing=5.0), ROWS[kind]) for kind in TYPES),
        *(
            case(f"{kind}_smoothing_zero", f"The type {kind} without smoothing: logarithms of zero.", fitted(kind, smoothing=0.0), ROWS[kind])
            for kind in ("multinomial", "complement", "bernoulli")
        ),
        *(
            case(
                f"{kind}_refuses_{name}",
                f"The type {kind} refuses a feature: {name}.",
                fitted(kind),
                one_column("features", "vector", [dense(1, 1, 0, 0), row]),
                "error",
            )
            for kind, rows in refused.items()
            for name, row in rows.items()
        ),
        *(
            case(
                f"{kind}_refused_row_not_asked_for",
                "Nobody asks for an output, so nothing is refused.",
                fitted(kind),
                Table({"features": "vector", "x": "int"}, [(dense(-1, 2, 0, 0), 1)]),
                columns=("x",),
            )
            for kind in ("multinomial", "bernoulli")
        ),
        case(
            "gaussian_two_classes", "Two classes.", fitted("gaussian", Table(LABELLED, [(i % 2, row[1]) for i, row in enumerate(REALS.rows)])), ROWS["gaussian"]
        ),
        case(
            "gaussian_variance_zero",
            "Variances of zero.",
            given("gaussian", [-0.5, -0.9], [[0.0, 1.0], [2.0, 3.0]], [[0.0, 1.0], [1.0, 0.0]]),
            one_column("features", "vector", [dense(0, 1), dense(2, 3), dense(1, 1), sparse(2)]),
        ),
        case(
            "gaussian_longer_features",
            "Features beyond those that the model knows do not count.",
            fitted("gaussian"),
            one_column("features", "vector", [dense(1, 2, 3, 4, 5, 6)]),
        ),
        case("gaussian_shorter_features", "A shorter vector raises.", fitted("gaussian"), one_column("features", "vector", [dense(1, 2)]), "error"),
        case("shorter_features", "A shorter vector raises.", fitted(), one_column("features", "vector", [dense(1, 2)]), "error"),
        case("longer_features", "A longer vector raises.", fitted(), one_column("features", "vector", [sparse(5, {0: 1.0})]), "error"),
        case(
            "one_feature",
            "One feature: its share is 1 and the matrix sparse.",
            fitted(train=Table(LABELLED, [(0, dense(1)), (1, dense(2)), (1, dense(4))])),
            one_column("features", "vector", [dense(0), dense(3), dense(INF), sparse(1), sparse(1, {0: 2.0})]),
        ),
        case(
            "one_class",
            "One class: its prior is log(1).",
            fitted(train=Table(LABELLED, [(0, dense(1, 2)), (0, dense(2, 0))])),
            one_column("features", "vector", [dense(0, 1), dense(3, 1), sparse(2)]),
        ),
        case(
            "sparse_matrix_and_infinity",
            "A sparse matrix skips what it does not store.",
            given("multinomial", [-1.0, -0.5], [[-1.5, 0.0, 0.0, 0.0], [0.0, 0.0, -2.0, 0.0]], stored_sparse=True),
            ROWS["multinomial"],
        ),
        case(
            "sparse_matrix_by_column_and_infinity",
            "A sparse matrix that is stored column by column.",
            given("multinomial", [-1.0, -0.5], [[-1.5, 0.0, 0.0, 0.0], [0.0, 0.0, -2.0, 0.0]], stored_sparse=True, row_major=False),
            ROWS["multinomial"],
        ),
        case(
            "sparse_matrix_bernoulli",
            "Bernoulli with a sparse matrix: a share of 1 that is not stored adds nothing.",
            given("bernoulli", [-1.0, -0.5], [[-1.5, 0.0, -0.1, 0.0], [0.0, 0.0, -2.0, -0.7]], stored_sparse=True),
            ROWS["bernoulli"],
        ),
        case(
            "share_of_one_bernoulli",
            "Bernoulli with shares of 1: infinite weights.",
            given("bernoulli", [-1.0, -0.5], [[-1.5, 0.0, -0.1, -0.3], [-0.2, -0.3, -2.0, -0.7]]),
            ROWS["bernoulli"],
        ),
        case(
            "sparse_matrix_complement",
            "Complement with a sparse matrix.",
            given("complement", [-1.0, -0.5], [[1.5, 0.0, 0.0, 0.0], [0.0, 0.0, 2.0, 0.0]], stored_sparse=True),
            ROWS["complement"],
        ),
        case("by_column", "A dense matrix that is stored column by column.", given("multinomial", [-0.1 * c for c in range(5)], many, row_major=False), wide),
        case("forty_features", "Forty features and five classes.", given("multinomial", [-0.1 * c for c in range(5)], many), wide),
        case(
            "forty_features_complement",
            "Forty features and five classes, complement.",
            given("complement", [-0.1 * c for c in range(5)], [[-v for v in row] for row in many]),
            wide,
        ),
        case("forty_features_bernoulli", "Forty features and five classes, Bernoulli.", given("bernoulli", [-0.1 * c for c in range(5)], many), bits),
        case(
            "forty_features_gaussian",
            "Forty features and five classes, Gaussian.",
            given("gaussian", [-0.1 * c for c in range(5)], many, [[-v / 3 for v in row] for row in many]),
            reals,
        ),
        case(
            "ties",
            "Of classes that tie the first wins.",
            given("multinomial", [-1.0, -1.0, -1.0], [[-1.0, -2.0], [-1.0, -2.0], [-2.0, -1.0]]),
            one_column("features", "vector", [dense(0, 0), dense(1, 1), dense(1, 2), sparse(2)]),
        ),
        *(
            case(
                f"{kind}_columns_{set_columns(columns)}",
                f"Thresholds; columns set: {set_columns(columns)}.",
                with_params(fitted(kind), thresholds=[0.2, 0.5, 0.1], **columns),
                ROWS[kind],
            )
            for kind in ("multinomial", "gaussian")
            for columns in chosen
        ),
        case("no_raw_no_thresholds", "Without rawPrediction the probability decides.", with_params(fitted(), rawPredictionCol=""), ROWS["multinomial"]),
        case("thresholds_of_two", "thresholds of another length than the classes.", with_params(fitted(), thresholds=[0.2, 0.3]), ROWS["multinomial"], "error"),
        case(
            "column_names",
            "Other names for the columns.",
            with_params(fitted(), rawPredictionCol="raw", probabilityCol="p", predictionCol="y", featuresCol="f"),
            Table({"f": "vector"}, ROWS["multinomial"].rows),
        ),
        case("null_features", "A null vector raises.", fitted(), one_column("features", "vector", [dense(1, 2, 3, 4), None]), "error"),
        case("empty_input", "No rows.", fitted(), ROWS["multinomial"].empty()),
        case("prediction_asked_for_alone", "Only prediction is read.", fitted("bernoulli"), ROWS["bernoulli"], columns=("prediction",)),
    ]
