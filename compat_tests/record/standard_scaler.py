"""StandardScalerModel: the four combinations of withMean and withStd, dense and sparse rows, vectors of another size."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from pyspark.ml.feature import StandardScaler, StandardScalerModel
from pyspark.sql import SparkSession

from compat_tests.record.core import DENORMAL, HUGE, INF, NAN, Case, Table, dense, one_column, sparse, vector_attributes, vector_size
from compat_tests.record.session import java_model, java_vector, with_params

FOLDER = "feature/standard_scaler_model"
case = partial(Case, FOLDER)

#: The third feature is constant.
TRAIN = one_column("u", "vector", [dense(1, 10, 7), dense(2, -20, 7), dense(4.5, 0, 7), dense(0.1, 3, 7)])
DENSE = one_column(
    "u",
    "vector",
    [
        dense(1, 2, 3),
        dense(0, 0, 0),
        dense(-0.0, -0.0, -0.0),
        dense(NAN, INF, -INF),
        dense(INF, NAN, INF),
        dense(HUGE, -HUGE, HUGE),
        dense(DENORMAL, -DENORMAL, 7),
        dense(1.9, -1.75, NAN),
    ],
)
SPARSE = one_column(
    "u",
    "vector",
    [
        sparse(3, {1: 2.0}),
        sparse(3),
        sparse(3, {0: 0.0, 1: -0.0, 2: 0.0}),
        sparse(3, {0: NAN, 2: INF}),
        sparse(3, {0: 1.0, 1: 2.0, 2: 3.0}),
        dense(1, 0, 0),
        sparse(3, {1: INF, 2: 1.0}),
    ],
)


def fitted(train: Table = TRAIN, **params: Any) -> Callable[[SparkSession], Any]:
    def model(spark: SparkSession) -> Any:
        return StandardScaler(inputCol="u", **{"outputCol": "v", **params}).fit(train.frame(spark))

    return model


def given(std: list[float], mean: list[float], with_mean: bool, with_std: bool) -> Callable[[SparkSession], Any]:
    """A model of exactly these values."""

    def model(spark: SparkSession) -> Any:
        model = java_model(spark, StandardScalerModel, "feature.StandardScalerModel", "stdScal_given", java_vector(spark, *std), java_vector(spark, *mean))
        model.set(model.withMean, with_mean)
        model.set(model.withStd, with_std)
        return model.setInputCol("u").setOutputCol("v")

    return model


def cases() -> list[Case]:
    combinations = [(mean, std) for mean in (False, True) for std in (False, True)]
    names = {combination: f"mean_{str(combination[0]).lower()}_std_{str(combination[1]).lower()}" for combination in combinations}
    said = {combination: f"withMean {str(combination[0]).lower()}, withStd {str(combination[1]).lower()}" for combination in combinations}
    null = one_column("u", "vector", [dense(1, 2, 3), None])
    short = one_column("u", "vector", [dense(1, 2), sparse(2, {1: 2.0}), sparse(2)])
    long_dense = one_column("u", "vector", [dense(1, 2, 3, 4)])
    long_sparse = one_column("u", "vector", [sparse(4, {1: 2.0}), sparse(9)])
    long_sparse_beyond = one_column("u", "vector", [sparse(4, {3: 2.0})])
    return [
        case("defaults", "Scaled by the standard deviation; not centred.", fitted(), DENSE),
        case(
            "default_output_column",
            "Without outputCol the output is named after the uid.",
            lambda spark: StandardScaler(inputCol="u").fit(TRAIN.frame(spark)),
            DENSE,
        ),
        *(case(f"{names[c]}_dense", f"{said[c]}: dense rows.", fitted(withMean=c[0], withStd=c[1]), DENSE) for c in combinations),
        *(case(f"{names[c]}_sparse", f"{said[c]}: sparse rows, some with stored zeros.", fitted(withMean=c[0], withStd=c[1]), SPARSE) for c in combinations),
        *(
            case(f"{names[c]}_null", f"{said[c]}: a null vector.", fitted(withMean=c[0], withStd=c[1]), null, "error" if c != (False, False) else "rows")
            for c in combinations
        ),
        *(case(f"{names[c]}_shorter", f"{said[c]}: shorter vectors are not refused.", fitted(withMean=c[0], withStd=c[1]), short) for c in combinations),
        *(
            case(
                f"{names[c]}_longer_dense",
                f"{said[c]}: a longer dense vector.",
                fitted(withMean=c[0], withStd=c[1]),
                long_dense,
                "error" if c != (False, False) else "rows",
            )
            for c in combinations
        ),
        *(
            case(
                f"{names[c]}_longer_sparse",
                f"{said[c]}: longer sparse vectors with nothing stored beyond the end.",
                fitted(withMean=c[0], withStd=c[1]),
                long_sparse,
                "error" if c[0] else "rows",
            )
            for c in combinations
        ),
        case("mean_false_std_true_longer_sparse_beyond", "A longer sparse vector with an entry beyond the end.", fitted(), long_sparse_beyond, "error"),
        case(
            "null_vector_not_asked_for",
            "Nobody asks for the output, so a null vector does not raise.",
            fitted(),
            Table({"u": "vector", "x": "int"}, [(None, 1), (dense(1), 2)]),
            columns=("x",),
        ),
        case(
            "tiny_and_huge_deviations",
            "1 / std overflows or vanishes; a deviation of zero makes 0.",
            given([DENORMAL, HUGE, 0.0, INF, NAN], [0.0, HUGE, 1.0, 0.0, 0.0], True, True),
            one_column("u", "vector", [dense(1, 1, 1, 1, 1), dense(0, HUGE, INF, INF, 0), sparse(5, {0: DENORMAL, 2: NAN})]),
        ),
        case(
            "tiny_and_huge_deviations_no_mean",
            "The same without centring, dense and sparse.",
            given([DENORMAL, HUGE, 0.0, INF, NAN], [0.0, HUGE, 1.0, 0.0, 0.0], False, True),
            one_column("u", "vector", [dense(1, 1, 1, 1, 1), dense(0, HUGE, INF, INF, 0), sparse(5, {0: DENORMAL, 2: NAN, 3: 0.0})]),
        ),
        case(
            "deviations_that_are_not_finite_over_dense_rows_alone",
            "Without centring a dense row multiplies its zeros too: 0.0 * Infinity and 0.0 * NaN are NaN.",
            given([DENORMAL, NAN, 0.5], [0.0, 0.0, 0.0], False, True),
            one_column("u", "vector", [dense(0, 0, 1), dense(1, 1, -0.0), dense(0, 0, 0)]),
        ),
        case(
            "division_is_a_multiplication_by_the_reciprocal",
            "x * (1 / std), which is not x / std in the last bit.",
            given([3.0, 49.0, 0.1], [0.0, 0.0, 0.0], False, True),
            one_column("u", "vector", [dense(i, i * 1.1, i / 7) for i in range(1, 12)]),
        ),
        case(
            "negative_zero_results",
            "Signs of zeros: dense and sparse.",
            given([2.0, 0.0, -2.0], [0.0, 0.0, 0.0], False, True),
            one_column("u", "vector", [dense(-0.0, -1, 0), sparse(3, {0: -0.0, 1: -1.0, 2: 0.0})]),
        ),
        case("empty_input", "No rows.", fitted(), DENSE.empty()),
        case(
            "size_zero", "A model of no features is refused at transform.", given([], [], True, True), one_column("u", "vector", [dense(), sparse(0)]), "error"
        ),
        case("metadata_of_another_size", "The size that the input's ML attributes tell is not checked.", fitted(), DENSE.with_metadata("u", vector_size(5))),
        case("metadata_attributes", "Named attributes of the input do not reach the output.", fitted(), DENSE.with_metadata("u", vector_attributes(0, 0, 2))),
        case(
            "array_input_is_refused", "An array of doubles is not a vector.", fitted(), lambda spark: spark.sql("SELECT array(1.0D, 2.0D, 3.0D) AS u"), "error"
        ),
        case("double_input_is_refused", "A double is not a vector.", fitted(), one_column("u", "double", [1]), "error"),
        case("missing_column", "A missing input column raises.", fitted(), one_column("x", "int", [1]), "error"),
        case("output_column_exists", "An output column that exists is refused.", fitted(), Table({"u": "vector", "v": "int"}, [(dense(1, 2, 3), 1)]), "error"),
        case("output_is_input", "The output may not have the input's name.", with_params(fitted(), outputCol="u"), DENSE, "error"),
        case(
            "output_differs_by_case",
            "An output name that differs from a column by case alone replaces that column.",
            with_params(fitted(), outputCol="U"),
            DENSE,
        ),
        case("input_differs_by_case", "The input's name must agree in case.", with_params(fitted(), inputCol="U"), DENSE, "error"),
        case(
            "space_in_column_name",
            "Column names with spaces.",
            with_params(fitted(), inputCol="my col", outputCol="my vector"),
            Table({"my col": "vector"}, DENSE.rows),
        ),
        case("dot_in_column_name", "A column named a.b is not resolved.", with_params(fitted(), inputCol="a.b"), Table({"a.b": "vector"}, DENSE.rows), "error"),
    ]
