"""PolynomialExpansion: the order of the terms, zeros that stop a product, sparse rows with stored zeros, degrees."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from pyspark.ml.feature import PolynomialExpansion
from pyspark.sql import SparkSession

from compat_tests.record.core import DENORMAL, HUGE, INF, NAN, Case, dense, one_column, sparse
from compat_tests.record.vector_rows import MIXED, WIDE, vector_cases

FOLDER = "feature/polynomial_expansion"
case = partial(Case, FOLDER)


def model(**params: Any) -> Callable[[SparkSession], Any]:
    return lambda spark: PolynomialExpansion(**{"inputCol": "u", "outputCol": "v", **params})


def cases() -> list[Case]:
    primes = one_column("u", "vector", [dense(2, 3, 5), sparse(3, {0: 2.0, 1: 3.0, 2: 5.0}), sparse(3, {0: 2.0, 2: 5.0}), dense(0.1, 0.3, 0.7)])
    hard = one_column(
        "u",
        "vector",
        [
            dense(0, INF, NAN),
            dense(INF, 0, 1),
            dense(-0.0, 2, -0.0),
            dense(DENORMAL, DENORMAL, INF),
            dense(HUGE, HUGE, -1),
            sparse(3, {0: 0.0, 1: INF, 2: NAN}),
            sparse(3, {0: INF, 1: 0.0, 2: 1.0}),
            sparse(3, {0: DENORMAL, 1: -DENORMAL, 2: INF}),
            sparse(3, {0: -0.0, 1: 2.0}),
        ],
    )
    return [
        *vector_cases(case, model(), brief=True),
        *(case(f"degree_{degree}", f"Degree {degree}: the order of the terms.", model(degree=degree), primes) for degree in (1, 2, 3, 4, 6)),
        *(case(f"degree_{degree}_hard", f"Degree {degree}: a product that becomes zero stays zero.", model(degree=degree), hard) for degree in (1, 2, 3)),
        case("degree_3_wide", "Five features to the third degree.", model(degree=3), WIDE),
        case("degree_3_mixed", "Hard rows to the third degree.", model(degree=3), MIXED),
        case("one_feature", "One feature.", model(degree=5), one_column("u", "vector", [dense(3), sparse(1, {0: 0.5}), sparse(1)])),
        case(
            "many_features",
            "Thirty features, most of them not stored.",
            model(degree=3),
            one_column("u", "vector", [sparse(30, {3: 2.0, 17: -1.5, 29: 0.1}), sparse(30, {0: 1.0})]),
        ),
        case("too_many_terms", "More terms than a vector can hold.", model(degree=2), one_column("u", "vector", [sparse(100000, {3: 2.0})]), "error"),
        case("sizes_of_rows", "No features.", model(), one_column("u", "vector", [dense(), sparse(0)])),
    ]
