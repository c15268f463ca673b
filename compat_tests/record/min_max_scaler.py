"""MinMaxScalerModel: ranges, constant features, NaN and infinity, sparse results."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from pyspark.ml.feature import MinMaxScaler, MinMaxScalerModel
from pyspark.sql import SparkSession

from compat_tests.record.core import DENORMAL, HUGE, INF, NAN, Case, Table, dense, one_column, sparse, vector_size
from compat_tests.record.session import java_model, java_vector, with_params

FOLDER = "feature/min_max_scaler_model"
case = partial(Case, FOLDER)

#: The third feature is constant.
TRAIN = one_column("u", "vector", [dense(1, 10, 7), dense(2, -20, 7), dense(4.5, 0, 7), dense(0.1, 3, 7)])
ROWS = one_column(
    "u",
    "vector",
    [
        dense(1, 2, 3),
        dense(0.1, -20, 7),
        dense(4.5, 10, 7),
        dense(0, 0, 0),
        dense(-0.0, -0.0, -0.0),
        dense(NAN, INF, -INF),
        dense(INF, NAN, NAN),
        dense(HUGE, -HUGE, HUGE),
        dense(DENORMAL, 11, 7),
        sparse(3, {1: 2.0}),
        sparse(3),
        sparse(3, {0: 0.0, 2: NAN}),
    ],
)


def fitted(train: Table = TRAIN, **params: Any) -> Callable[[SparkSession], Any]:
    def model(spark: SparkSession) -> Any:
        return MinMaxScaler(inputCol="u", **{"outputCol": "v", **params}).fit(train.frame(spark))

    return model


def given(low: list[float], high: list[float], **params: float) -> Callable[[SparkSession], Any]:
    """A model of exactly these values."""

    def model(spark: SparkSession) -> Any:
        model = java_model(spark, MinMaxScalerModel, "feature.MinMaxScalerModel", "minMaxScal_given", java_vector(spark, *low), java_vector(spark, *high))
        for name, value in params.items():
            model.set(model.getParam(name), value)
        return model.setInputCol("u").setOutputCol("v")

    return model


def cases() -> list[Case]:
    wide = one_column(
        "u",
        "vector",
        [dense(0, 0, 0, 0, 0, 0, 5), dense(1, 2, 3, 4, 5, 6, 7), sparse(7), dense(1, 0, 0, 0, 0, 0, 0), dense(1, 1, 0, 0, 0, 0, 0), dense(1, 1, 1, 0, 0, 0, 0)],
    )
    return [
        case("defaults", "Scaled to [0, 1]; values outside the fitted range go outside; a constant feature is 0.5, NaN stays NaN.", fitted(), ROWS),
        case(
            "default_output_column",
            "Without outputCol the output is named after the uid.",
            lambda spark: MinMaxScaler(inputCol="u").fit(TRAIN.frame(spark)),
            ROWS,
        ),
        case("min_minus_one_max_one", "Scaled to [-1, 1]; a constant feature is 0.", fitted(min=-1.0, max=1.0), ROWS),
        case("min_two_max_ten", "Scaled to [2, 10]; a constant feature is 6.", fitted(min=2.0, max=10.0), ROWS),
        case("tiny_range", "Scaled to a range of denormal width.", fitted(min=0.0, max=1e-310), ROWS),
        case("min_equals_max", "min must be less than max; the model refuses at transform.", with_params(fitted(), min=1.0), ROWS, "error"),
        case("min_above_max", "min must be less than max.", with_params(fitted(), min=5.0), ROWS, "error"),
        case("sparse_results", "A result with few values that are not zero is sparse, whatever the input was.", given([0.0] * 7, [1.0] * 7), wide),
        case("all_features_constant", "All features constant.", given([1.0] * 3, [1.0] * 3), ROWS),
        case(
            "all_features_constant_to_zero",
            "All features constant with min = -max: the results are sparse.",
            given([1.0] * 3, [1.0] * 3, min=-1.0, max=1.0),
            ROWS,
        ),
        case(
            "range_overflows",
            "A fitted range that overflows to infinity makes the feature constant; NaN and infinite bounds.",
            given([-HUGE, NAN, -INF, 0.0, INF], [HUGE, 1.0, INF, DENORMAL, INF], max=3.0),
            one_column("u", "vector", [dense(1, 1, 1, 1, 1), dense(0, 0, 0, 0, 0), dense(HUGE, INF, INF, INF, INF), dense(NAN, NAN, NAN, DENORMAL, NAN)]),
        ),
        case(
            "bounds_overflow",
            "min + max overflows: a constant feature is infinite.",
            given([1.0, 0.0], [1.0, 1.0], min=1e308, max=1.7e308),
            one_column("u", "vector", [dense(1, 1), dense(0, 0), dense(2, 2)]),
        ),
        case(
            "rounding",
            "(x - originalMin) * (scale / range) + min, in this order.",
            given([0.1, -7.3, 1.0], [0.7, 11.9, 4.0], min=-0.3, max=0.9),
            one_column("u", "vector", [dense(i / 9, i * 1.1, i / 7) for i in range(1, 12)]),
        ),
        case(
            "negative_zero", "Signs of zeros.", given([0.0, -0.0, 0.0], [1.0, 1.0, 1.0]), one_column("u", "vector", [dense(-0.0, -0.0, 1), dense(0.0, 0.0, 1)])
        ),
        case("null_vector", "A null vector raises.", fitted(), one_column("u", "vector", [dense(1, 2, 3), None]), "error"),
        case(
            "null_vector_not_asked_for",
            "Nobody asks for the output, so a null vector does not raise.",
            fitted(),
            Table({"u": "vector", "x": "int"}, [(None, 1), (dense(1), 2)]),
            columns=("x",),
        ),
        case("shorter_vector", "A shorter vector raises.", fitted(), one_column("u", "vector", [dense(1, 2)]), "error"),
        case("longer_vector", "A longer vector raises.", fitted(), one_column("u", "vector", [sparse(4, {0: 1.0})]), "error"),
        case("empty_input", "No rows.", fitted(), ROWS.empty()),
        case("size_zero", "A model of no features is refused at transform.", given([], []), one_column("u", "vector", [dense(), sparse(0)]), "error"),
        case("metadata_of_another_size", "The size that the input's ML attributes tell is not checked.", fitted(), ROWS.with_metadata("u", vector_size(5))),
        case(
            "array_input_is_refused", "An array of doubles is not a vector.", fitted(), lambda spark: spark.sql("SELECT array(1.0D, 2.0D, 3.0D) AS u"), "error"
        ),
        case("missing_column", "A missing input column raises.", fitted(), one_column("x", "int", [1]), "error"),
        case("output_column_exists", "An output column that exists is refused.", fitted(), Table({"u": "vector", "v": "int"}, [(dense(1, 2, 3), 1)]), "error"),
        case(
            "output_differs_by_case",
            "An output name that differs from a column by case alone replaces that column.",
            with_params(fitted(), outputCol="U"),
            ROWS,
        ),
        case("input_differs_by_case", "The input's name must agree in case.", with_params(fitted(), inputCol="U"), ROWS, "error"),
        case(
            "space_in_column_name",
            "Column names with spaces.",
            with_params(fitted(), inputCol="my col", outputCol="my vector"),
            Table({"my col": "vector"}, ROWS.rows),
        ),
    ]
