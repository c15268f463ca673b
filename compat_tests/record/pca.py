"""PCAModel: fitted and given components, dense and sparse rows, sums that cancel, overflow or are NaN."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from pyspark.ml.feature import PCA, PCAModel
from pyspark.sql import SparkSession

from compat_tests.record.core import DENORMAL, HUGE, INF, Case, Table, dense, one_column, sparse
from compat_tests.record.session import java_matrix, java_model, java_vector
from compat_tests.record.vector_rows import MIXED, WIDE, vector_cases

FOLDER = "feature/pca_model"
case = partial(Case, FOLDER)

TRAIN = one_column("u", "vector", [dense(1, 10, 7), dense(2, -20, 6), dense(4.5, 0, 5.5), dense(0.1, 3, -2)])


def fitted(k: int, train: Table = TRAIN) -> Callable[[SparkSession], Any]:
    return lambda spark: PCA(k=k, inputCol="u", outputCol="v").fit(train.frame(spark))


def given(rows: list[list[float]], *, row_major: bool = False) -> Callable[[SparkSession], Any]:
    def model(spark: SparkSession) -> Any:
        model = java_model(spark, PCAModel, "feature.PCAModel", "pca_given", java_matrix(spark, rows, row_major=row_major), java_vector(spark, 1.0))
        model._java_obj.set(model._java_obj.getParam("k"), len(rows[0]))
        return model.setInputCol("u").setOutputCol("v")

    return model


def cases() -> list[Case]:
    awkward = [[((i * 7 + j * 3) % 11 - 5) / 7 for j in range(6)] for i in range(11)]
    rows = [dense(*(((i * k) % 13 - 6) / 11 for i in range(11))) for k in range(1, 9)] + [
        sparse(11, {i: 1 / (i + k) for i in range(0, 11, k)}) for k in range(1, 6)
    ]
    cancel = one_column(
        "u",
        "vector",
        [
            dense(1e16, 1, -1e16, 3),
            dense(HUGE, HUGE, -HUGE, 1),
            sparse(4, {0: 1e16, 1: 1.0, 2: -1e16}),
            sparse(4, {0: HUGE, 1: HUGE, 2: -HUGE}),
            dense(0.1, 0.2, 0.3, -0.6),
        ],
    )
    return [
        *vector_cases(case, fitted(2), brief=True),
        case(
            "null_vector_not_asked_for",
            "Nobody asks for the output, so a null vector does not raise.",
            fitted(2),
            Table({"u": "vector", "x": "int"}, [(None, 1), (MIXED.rows[0][0], 2)]),
            columns=("x",),
        ),
        *(case(f"k_{k}", f"{k} components of five features.", fitted(k, WIDE), WIDE) for k in (1, 3, 5)),
        case("by_columns", "Eleven features and six components, as a fit stores them.", given(awkward), one_column("u", "vector", rows)),
        case("by_rows", "The same matrix stored row by row: the sums run in another order.", given(awkward, row_major=True), one_column("u", "vector", rows)),
        case("sums_that_cancel", "Sums that cancel or overflow on the way.", given([[1.0, 2.0], [1.0, 0.5], [1.0, -1.0], [1.0, 2.0]]), cancel),
        case("sums_that_cancel_by_rows", "The same, stored row by row.", given([[1.0, 2.0], [1.0, 0.5], [1.0, -1.0], [1.0, 2.0]], row_major=True), cancel),
        case(
            "hard_components",
            "Tiny, huge and infinite components, and zeros.",
            given([[DENORMAL, 0.0], [HUGE, -0.0], [0.0, INF]]),
            one_column("u", "vector", [dense(1, 1, 0), dense(0, HUGE, 0), sparse(3, {0: DENORMAL}), sparse(3, {1: 2.0}), dense(0, 0, 1), sparse(3)]),
        ),
        case("shorter", "Shorter vectors are refused.", fitted(2), one_column("u", "vector", [dense(1, 2)]), "error"),
        case("longer_sparse", "Longer sparse vectors are refused.", fitted(2), one_column("u", "vector", [sparse(4, {1: 2.0})]), "error"),
    ]
