"""Binarizer: doubles and vectors at the threshold and beside it, one column and several."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from pyspark.ml.feature import Binarizer
from pyspark.sql import SparkSession

from compat_tests.record.core import DENORMAL, HARD_DOUBLES, INF, NAN, Case, Table, above, below, dense, one_column, sparse
from compat_tests.record.session import with_params
from compat_tests.record.vector_rows import MIXED, WIDE, vector_cases

FOLDER = "feature/binarizer"
case = partial(Case, FOLDER)

HARD = one_column("u", "double", list(HARD_DOUBLES))
TWO = Table(
    {"x": "double", "u": "vector", "y": "double"}, [(0, dense(0, 1), -1), (NAN, sparse(2, {1: 3.0}), 1), (None, dense(-1, NAN), None), (2.5, sparse(2), 2.5)]
)


def one(**params: Any) -> Callable[[SparkSession], Any]:
    return lambda spark: Binarizer(**{"inputCol": "u", "outputCol": "v", **params})


def several(**params: Any) -> Callable[[SparkSession], Any]:
    return lambda spark: Binarizer(**{"inputCols": ["x", "u"], "outputCols": ["a", "b"], **params})


def cases() -> list[Case]:
    around = one_column("u", "double", [below(0.1), 0.1, above(0.1), 0.1 + 0.2 - 0.2])
    return [
        case("defaults", "Above 0.0 is 1.0; NaN is 0.0 and null stays null.", one(), HARD),
        case("defaults_of_spark_4", "From Spark 4.0 on null is 0.0, too.", one(), HARD, spark="4.0", ansi=True),
        *(
            case(f"doubles_{name}", f"Doubles, threshold {value}.", one(threshold=value), HARD)
            for name, value in (
                ("above_one", 1.0),
                ("negative", -1.5),
                ("negative_zero", -0.0),
                ("infinity", INF),
                ("minus_infinity", -INF),
                ("nan", NAN),
                ("denormal", DENORMAL),
            )
        ),
        case("at_the_threshold", "The threshold itself is not above it.", one(threshold=0.1), around),
        *(
            case(f"vectors_{name}", f"Vectors, threshold {value}.", one(threshold=value), MIXED)
            for name, value in (
                ("one", 1.0),
                ("negative", -1.5),
                ("negative_zero", -0.0),
                ("infinity", INF),
                ("minus_infinity", -INF),
                ("minus_denormal", -DENORMAL),
            )
        ),
        case("vectors_nan", "Spark has no branch for vectors and the threshold NaN.", one(threshold=NAN), MIXED, "error"),
        case("wide_vectors", "Rows are sparse where that is shorter.", one(threshold=0.4), WIDE),
        case("wide_vectors_negative", "With a negative threshold what is not stored becomes 1.0.", one(threshold=-0.1), WIDE),
        case("columns_in_another_case", "Asked for in another case, a column comes under the name that was asked for.", several(), TWO, columns=("X", "A")),
        case(
            "columns_in_another_case_sensitive",
            "In a case sensitive session there is no such column.",
            several(),
            TWO,
            "error",
            columns=("A",),
            case_sensitive=True,
        ),
        case("several_columns", "Doubles and vectors, a threshold for each.", several(thresholds=[0.5, -0.5]), TWO),
        case("several_columns_one_threshold", "One threshold for all columns.", several(threshold=1.0), TWO),
        case("several_columns_default", "Several columns without a threshold.", several(), TWO),
        case("one_of_inputcols", "inputCols with one name.", several(inputCols=["x"], outputCols=["a"]), TWO),
        case("same_input_twice", "One input with two thresholds.", several(inputCols=["x", "x"], thresholds=[0.0, 2.0]), TWO),
        case(
            "output_replaces_a_later_input",
            "An output that differs by case alone from the second input: that one is read first.",
            several(inputCols=["x", "y"], outputCols=["Y", "b"]),
            TWO,
        ),
        case("same_output_twice", "Two outputs of one name are refused.", several(inputCols=["x", "y"], outputCols=["a", "a"]), TWO, "error"),
        case("same_output_by_case", "Two outputs that differ by case alone are refused.", several(inputCols=["x", "y"], outputCols=["a", "A"]), TWO, "error"),
        case("lengths_differ", "inputCols and outputCols of different lengths.", several(outputCols=["a"]), TWO, "error"),
        case("thresholds_of_another_length", "Too few thresholds.", several(thresholds=[1.0]), TWO, "error"),
        case("threshold_and_thresholds", "Both threshold and thresholds.", several(thresholds=[1.0, 2.0], threshold=1.0), TWO, "error"),
        case("thresholds_of_one_column", "thresholds and inputCol.", one(thresholds=[1.0]), HARD, "error"),
        case("one_and_several", "Both inputCol and inputCols.", with_params(several(), inputCol="y"), TWO, "error"),
        *(
            case(f"{kind}_input_is_refused", f"A {kind} column is refused: only doubles and vectors are taken.", one(), one_column("u", kind, [value]), "error")
            for kind, value in (("int", 1), ("float", 1.0), ("bigint", 1), ("boolean", True))
        ),
        *vector_cases(case, one(threshold=0.2), names=True),
        case("double_output_is_input", "The output may not have the input's name.", one(outputCol="u"), HARD, "error"),
        case("empty_doubles", "No rows.", one(), HARD.empty()),
        case("size_zero", "Vectors of no features.", one(), one_column("u", "vector", [dense(), sparse(0)])),
    ]
