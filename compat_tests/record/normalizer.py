"""Normalizer: norms of every kind, norms that overflow, vanish or are NaN, sparse and dense."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from pyspark.ml.feature import Normalizer
from pyspark.sql import SparkSession

from compat_tests.record.core import DENORMAL, HUGE, INF, NAN, Case, dense, one_column, sparse
from compat_tests.record.vector_rows import MIXED, WIDE, vector_cases

FOLDER = "feature/normalizer"
case = partial(Case, FOLDER)

NORMS = {"1": 1.0, "2": 2.0, "infinity": INF, "2_5": 2.5, "3": 3.0, "huge": HUGE, "just_above_1": 1.0 + 2**-52}


def model(**params: Any) -> Callable[[SparkSession], Any]:
    return lambda spark: Normalizer(**{"inputCol": "u", "outputCol": "v", **params})


def cases() -> list[Case]:
    hard = one_column(
        "u",
        "vector",
        [
            dense(NAN, 0, 1),
            sparse(3, {0: NAN, 2: 0.0}),
            dense(HUGE, HUGE, 0),
            sparse(3, {1: HUGE, 2: HUGE}),
            dense(DENORMAL, 0, DENORMAL),
            sparse(3, {0: DENORMAL}),
            dense(INF, -0.0, 1),
            sparse(3, {0: INF, 1: -0.0}),
            dense(1e-200, 1e-200, -1e-200),
            dense(-0.0, 0, -0.0),
            sparse(3, {1: -0.0}),
        ],
    )
    long_rows = one_column("u", "vector", [dense(*(((i * k) % 17 - 8) / 7 for i in range(40))) for k in range(1, 12)])
    return [
        case("defaults", "The Euclidean norm.", lambda spark: Normalizer(inputCol="u", outputCol="v"), WIDE),
        *vector_cases(case, model()),
        *(case(f"p_{name}_hard", f"p = {p}: norms that are NaN, overflow or vanish.", model(p=p), hard) for name, p in NORMS.items()),
        *(case(f"p_{name}_mixed", f"p = {p}.", model(p=p), MIXED) for name, p in NORMS.items()),
        *(case(f"p_{name}_long", f"p = {p}: the sum runs from left to right.", model(p=p), long_rows) for name, p in NORMS.items()),
        case("size_zero", "Vectors of no features.", model(), one_column("u", "vector", [dense(), sparse(0)])),
    ]
