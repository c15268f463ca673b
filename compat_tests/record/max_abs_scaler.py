"""MaxAbsScalerModel: features that were always zero, tiny and huge magnitudes, vectors of another size."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from pyspark.ml.feature import MaxAbsScaler, MaxAbsScalerModel
from pyspark.sql import SparkSession

from compat_tests.record.core import DENORMAL, HUGE, INF, NAN, Case, Table, dense, one_column, sparse
from compat_tests.record.session import java_model, java_sparse, java_vector
from compat_tests.record.vector_rows import WIDE, vector_cases

FOLDER = "feature/max_abs_scaler_model"
case = partial(Case, FOLDER)

#: The third feature is always zero.
TRAIN = one_column("u", "vector", [dense(1, 10, 0), dense(2, -20, 0), dense(4.5, 0, 0), dense(0.1, 3, 0)])


def fitted(train: Table = TRAIN) -> Callable[[SparkSession], Any]:
    return lambda spark: MaxAbsScaler(inputCol="u", outputCol="v").fit(train.frame(spark))


def given(*values: float) -> Callable[[SparkSession], Any]:
    def model(spark: SparkSession) -> Any:
        model = java_model(spark, MaxAbsScalerModel, "feature.MaxAbsScalerModel", "maxAbsScal_given", java_vector(spark, *values))
        return model.setInputCol("u").setOutputCol("v")

    return model


def sparse_model(spark: SparkSession) -> Any:
    model = java_model(spark, MaxAbsScalerModel, "feature.MaxAbsScalerModel", "maxAbsScal_given", java_sparse(spark, 3, {1: 4.0}))
    return model.setInputCol("u").setOutputCol("v")


def cases() -> list[Case]:
    hard = given(DENORMAL, HUGE, 0.0, INF, NAN)
    return [
        *vector_cases(case, fitted(), names=True),
        case("wide_rows", "Five features.", fitted(WIDE), WIDE),
        case(
            "sparse_magnitudes",
            "A model whose magnitudes are saved as a sparse vector.",
            sparse_model,
            one_column("u", "vector", [dense(1, 2, 3), sparse(3, {1: 1.0})]),
        ),
        case(
            "hard_magnitudes_dense",
            "1 / x overflows or vanishes; in a dense row 0 * Infinity is NaN.",
            hard,
            one_column("u", "vector", [dense(1, 1, 1, 1, 1), dense(0, HUGE, INF, INF, 0)]),
        ),
        case(
            "hard_magnitudes_mixed",
            "What a sparse row does not store is not multiplied.",
            hard,
            one_column("u", "vector", [dense(0, 1, 1, 1, 0), sparse(5, {1: 1.0}), sparse(5, {0: DENORMAL, 2: NAN, 3: 0.0, 4: 0.0}), sparse(5, {0: 0.0})]),
        ),
        case(
            "reciprocal",
            "x * (1 / m), which is not x / m in the last bit.",
            given(3.0, 49.0, 0.1),
            one_column("u", "vector", [dense(i, i * 1.1, i / 7) for i in range(1, 12)]),
        ),
        case(
            "negative_magnitudes",
            "Signs of zeros.",
            given(-2.0, 0.0, 2.0),
            one_column("u", "vector", [dense(-0.0, -1, 0), dense(0, -0.0, -0.0), sparse(3, {0: -0.0, 1: 0.0})]),
        ),
        case("shorter", "Shorter vectors are not refused.", fitted(), one_column("u", "vector", [dense(1, 2), sparse(2, {1: 2.0}), sparse(2)])),
        case("longer_dense", "A longer dense vector.", fitted(), one_column("u", "vector", [dense(1, 2, 3, 4)]), "error"),
        case(
            "longer_sparse_beyond", "A longer sparse vector with an entry beyond the end.", fitted(), one_column("u", "vector", [sparse(4, {3: 2.0})]), "error"
        ),
        case("size_zero", "A model of no features is refused at transform.", given(), one_column("u", "vector", [dense(), sparse(0)]), "error"),
    ]
