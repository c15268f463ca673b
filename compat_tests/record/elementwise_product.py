"""ElementwiseProduct: factors that are zero, negative, infinite or NaN, given dense and sparse; vectors of another size."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from pyspark.ml.feature import ElementwiseProduct
from pyspark.sql import SparkSession

from compat_tests.record.core import DENORMAL, HUGE, Case, dense, one_column, sparse, vector_size
from compat_tests.record.vector_rows import DENSE, MIXED, WIDE, vector_cases

FOLDER = "feature/elementwise_product"
case = partial(Case, FOLDER)


def model(*factors: float) -> Callable[[SparkSession], Any]:
    return lambda spark: ElementwiseProduct(inputCol="u", outputCol="v", scalingVec=dense(*factors))


def cases() -> list[Case]:
    short = one_column("u", "vector", [dense(1, 2)])
    return [
        *vector_cases(case, model(0.1, -2.0, 3.0)),
        case("wide_rows", "Five features.", model(0.1, 0.0, -1 / 3, 1e10, 7.0), WIDE),
        case(
            "sparse_factors",
            "Factors given as a sparse vector.",
            lambda spark: ElementwiseProduct(inputCol="u", outputCol="v", scalingVec=sparse(3, {1: 4.0})),
            MIXED,
        ),
        case("hard_factors", "The smallest and the largest factor, and both zeros.", model(DENORMAL, HUGE, -0.0), MIXED),
        case("zero_factors_dense", "Zero times Infinity is NaN.", model(0.0, 0.0, -1.0), DENSE),
        case("shorter_dense", "A shorter dense vector is refused.", model(1.0, 2.0, 3.0), short, "error"),
        case("shorter_sparse", "A shorter sparse vector is refused.", model(1.0, 2.0, 3.0), one_column("u", "vector", [sparse(2, {1: 2.0})]), "error"),
        case("longer_sparse", "A longer sparse vector is refused.", model(1.0, 2.0, 3.0), one_column("u", "vector", [sparse(4)]), "error"),
        case("another_size_without_rows", "Without rows nobody looks at the size.", model(1.0, 2.0, 3.0), short.with_metadata("u", vector_size(2)).empty()),
        case("size_zero", "No factors at all.", model(), one_column("u", "vector", [dense(), sparse(0)]), "error"),
    ]
