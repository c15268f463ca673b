"""DCT: both directions, sizes that take each of the transform's algorithms, NaN, infinity, one feature and none."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from pyspark.ml.feature import DCT
from pyspark.sql import SparkSession

from compat_tests.record.core import DENORMAL, HUGE, INF, NAN, Case, dense, one_column, sparse
from compat_tests.record.vector_rows import WIDE, vector_cases

FOLDER = "feature/dct"
case = partial(Case, FOLDER)


def model(**params: Any) -> Callable[[SparkSession], Any]:
    return lambda spark: DCT(**{"inputCol": "u", "outputCol": "v", **params})


def cases() -> list[Case]:
    def rows(size: int) -> Any:
        waves = [dense(*(((i * k + 3) % 19 - 9) / 7 for i in range(size))) for k in range(1, 6)]
        return one_column(
            "u",
            "vector",
            [*waves, sparse(size, {0: 1.0}), sparse(size, {size - 1: -2.0}), sparse(size, {size // 2: 1e10}), sparse(size), dense(*([1.0] * size))],
        )

    nan = [row for size in (3,) for row in (dense(*([NAN] + [1.0] * (size - 1))), sparse(size, {1: NAN}), dense(1, 2, NAN))]
    return [
        *vector_cases(case, model(), WIDE, size=5, brief=True),
        *(
            case(
                f"{'inverse' if inverse else 'forward'}_{size}", f"{'Inverse' if inverse else 'Forward'}, {size} features.", model(inverse=inverse), rows(size)
            )
            for size in (2, 3, 4, 8, 16, 97, 223, 360)
            for inverse in (False, True)
        ),
        *(
            case(
                f"nan_{size}_{'inverse' if inverse else 'forward'}",
                f"NaN reaches every one of {size} features.",
                model(inverse=inverse),
                one_column("u", "vector", [sparse(size, {place: NAN}) for place in {0, 1, size // 2, size - 1}]),
            )
            for size in (4, 8, 223)
            for inverse in (False, True)
        ),
        case("nan_rows", "NaN beside numbers.", model(), one_column("u", "vector", nan)),
        case("infinity_2", "Infinity in a vector of two features.", model(), one_column("u", "vector", [dense(INF, 1)])),
        case("infinity_4", "Infinity in a vector of four features.", model(), one_column("u", "vector", [dense(INF, 0, 0, 0)])),
        case("infinity_5", "Infinity in a vector of five features.", model(), one_column("u", "vector", [dense(0, INF, 0, 0, 0)])),
        case("huge", "Sums that overflow.", model(), one_column("u", "vector", [dense(HUGE, HUGE, HUGE)])),
        case(
            "one_feature_hard",
            "A vector of one feature passes, whatever it holds.",
            model(),
            one_column("u", "vector", [dense(NAN), dense(INF), sparse(1), dense(-0.0), dense(HUGE)]),
        ),
        case("tiny", "Tiny numbers.", model(), one_column("u", "vector", [dense(1e-300, -1e-300, 3e-300), dense(DENORMAL * 2**20, 0, 0)])),
        case("size_zero", "A vector of no features is refused.", model(), one_column("u", "vector", [dense()]), "error"),
    ]
