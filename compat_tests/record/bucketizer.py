"""Bucketizer: edges and the doubles beside them, NaN and null, values outside the splits, input types."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Any

from pyspark.ml.feature import Bucketizer
from pyspark.sql import SparkSession

from compat_tests.record.core import DENORMAL, HUGE, INF, NAN, Case, Table, above, below, one_column
from compat_tests.record.session import with_params

FOLDER = "feature/bucketizer"
case = partial(Case, FOLDER)

SPLITS = [-1.5, 0.0, 0.1, 3.0]
OPEN = [-INF, -1.5, 0.0, 0.1, INF]
INSIDE = one_column(
    "x", "double", [-1.5, above(-1.5), -1.0, below(0.0), 0.0, DENORMAL, below(0.1), 0.1, above(0.1), 2.0, below(3.0), 3.0, -DENORMAL, 0.1 + 0.2 - 0.2]
)
ANYTHING = one_column("x", "double", [-INF, -HUGE, below(-1.5), -1.5, 0.0, -0.0, 0.1, HUGE, INF, None, DENORMAL, -DENORMAL])
INVALID = one_column("x", "double", [0.05, NAN, None, 1.0, NAN])
TWO = Table({"x": "double", "y": "double"}, [(0, 0), (NAN, 1), (1, NAN), (None, 1), (1, None), (NAN, NAN), (2, 2), (None, None)])


def one(splits: list[float] = SPLITS, **params: Any) -> Callable[[SparkSession], Any]:
    def model(spark: SparkSession) -> Any:
        return Bucketizer(splits=splits, inputCol="x", outputCol="b", **params)

    return model


def two(handle_invalid: str) -> Callable[[SparkSession], Any]:
    def model(spark: SparkSession) -> Any:
        return Bucketizer(splitsArray=[SPLITS, [-INF, 1.0, INF]], inputCols=["x", "y"], outputCols=["b", "c"], handleInvalid=handle_invalid)

    return model


def cases() -> list[Case]:
    wide = [i / 10 for i in range(-100, 101)]
    return [
        case("defaults", "Each bucket holds its lower split; the last holds both. Values at the splits and one double beside them.", one(), INSIDE),
        case("default_output_column", "Without outputCol the output is named after the uid.", lambda spark: Bucketizer(splits=SPLITS, inputCol="x"), INSIDE),
        case("open_ends", "Splits from -Infinity to Infinity; both infinities have a bucket, null stays null.", one(OPEN), ANYTHING),
        case("open_ends_keep", "Under keep null stays null, too.", one(OPEN, handleInvalid="keep"), ANYTHING),
        case("open_ends_skip", "Under skip null is removed.", one(OPEN, handleInvalid="skip"), ANYTHING),
        case("error_refuses_nan", "Under error NaN raises.", one(), INVALID, "error"),
        case("error_keeps_null", "Under error null stays null.", one(), one_column("x", "double", [0.05, None, 1.0])),
        case("skip_removes_nan_and_null", "Under skip NaN and null are removed.", one(handleInvalid="skip"), INVALID),
        case("keep_adds_a_bucket", "Under keep NaN has a bucket of its own; null stays null.", one(handleInvalid="keep"), INVALID),
        *(
            case(
                f"outside_{side}_{how}",
                f"A value {side} the splits raises under {how}.",
                one(handleInvalid=how),
                one_column("x", "double", [1.0, value]),
                "error",
            )
            for side, value in (("below", below(-1.5)), ("above", above(3.0)))
            for how in ("error", "skip", "keep")
        ),
        case(
            "infinity_outside_keep", "Infinity outside the splits raises even under keep.", one(handleInvalid="keep"), one_column("x", "double", [INF]), "error"
        ),
        case(
            "negative_zero_at_a_split",
            "-0.0 lies below the split 0.0: the search orders doubles as Java's compare does.",
            one(),
            one_column("x", "double", [-0.0, 0.0]),
        ),
        case(
            "negative_zero_at_the_first_split", "-0.0 lies outside splits that begin at 0.0.", one([0.0, 1.0, 2.0]), one_column("x", "double", [-0.0]), "error"
        ),
        case(
            "negative_zero_at_the_last_split",
            "-0.0 is the last split 0.0, which is compared as a number.",
            one([-2.0, -1.0, 0.0]),
            one_column("x", "double", [-0.0, 0.0]),
        ),
        case(
            "split_of_negative_zero", "A split of -0.0: 0.0 lies above it.", one([-1.0, -0.0, 1.0]), one_column("x", "double", [-0.0, 0.0, -DENORMAL, DENORMAL])
        ),
        case(
            "last_split_of_negative_zero",
            "The last split is -0.0, which 0.0 equals.",
            one([-2.0, -1.0, -0.0]),
            one_column("x", "double", [-0.0, 0.0, -DENORMAL]),
        ),
        case(
            "not_asked_for_is_not_refused",
            "Nobody asks for the bucket, so a value outside does not raise.",
            one(),
            Table({"x": "double", "y": "int"}, [(99, 1), (NAN, 2)]),
            columns=("y",),
        ),
        case("empty_input", "No rows.", one(), INSIDE.empty()),
        case("many_splits", "201 splits.", one(wide), one_column("x", "double", [*wide, *(i / 7 for i in range(-70, 71))])),
        case(
            "denormal_splits",
            "Splits one denormal apart.",
            one([-DENORMAL, 0.0, DENORMAL, 2 * DENORMAL]),
            one_column("x", "double", [-DENORMAL, 0.0, DENORMAL, 2 * DENORMAL]),
        ),
        *(
            case(
                f"{kind.split('(')[0]}_input",
                f"A {kind} column is cast to double.",
                one([-INF, 0.0, 0.1, 3.0, 9007199254740992.0, INF], handleInvalid="keep"),
                one_column("x", kind, values),
            )
            for kind, values in (
                ("int", [-1, 0, 3, 4, None]),
                ("bigint", [0, 3, 2**53, 2**53 + 1, 2**53 - 1, 2**62, None]),
                ("smallint", [0, 3, -4, None]),
                ("tinyint", [0, 3, -4, None]),
                ("float", [0.0, 0.1, 0.2, NAN, INF, -0.0, None]),
                ("decimal(10,2)", [Decimal("0.10"), Decimal("0.09"), Decimal("-4.00"), None]),
            )
        ),
        case("float_skip", "Under skip NaN of a float column is removed.", one(handleInvalid="skip"), one_column("x", "float", [0.5, NAN, None])),
        case("boolean_input_is_refused", "A boolean column is not numeric.", one(), one_column("x", "boolean", [True]), "error"),
        case("string_input_is_refused", "A string column is not numeric.", one(), one_column("x", "string", ["1"]), "error"),
        case("two_columns", "Two columns, each with its splits.", two("error"), Table(TWO.columns, [(0, 0), (3, 1), (None, -5), (2, None)])),
        case("two_columns_error", "Two columns, one of them NaN.", two("error"), TWO, "error"),
        case("two_columns_skip", "Under skip a row is removed where either column is NaN or null.", two("skip"), TWO),
        case("two_columns_keep", "Under keep each column has its own extra bucket.", two("keep"), TWO),
        case(
            "two_columns_other_output_is_not_refused",
            "Only the second output is asked for, so the first column's NaN does not raise.",
            two("error"),
            TWO.head(2),
            columns=("c",),
        ),
        case("one_of_inputcols", "inputCols with one name.", lambda spark: Bucketizer(splitsArray=[SPLITS], inputCols=["x"], outputCols=["b"]), INSIDE),
        case("same_input_twice", "One input with two sets of splits.", with_params(two("keep"), inputCols=["x", "x"]), TWO),
        case("missing_column", "A missing input column raises.", one(), one_column("y", "double", [1]), "error"),
        case("output_column_exists", "An output column that exists is refused.", one(), Table({"x": "double", "b": "int"}, [(1, 1)]), "error"),
        case("output_is_input", "The output may not have the input's name.", with_params(one(), outputCol="x"), INSIDE, "error"),
        case(
            "output_differs_by_case",
            "An output name that differs from a column by case alone replaces that column.",
            with_params(one(), outputCol="Y"),
            Table({"x": "double", "y": "int"}, [(1, 1), (2, 2)]),
        ),
        case("input_differs_by_case", "The input's name must agree in case.", with_params(one(), inputCol="X"), INSIDE, "error"),
        case(
            "space_in_column_name",
            "Column names with spaces.",
            with_params(one(), inputCol="my col", outputCol="my bucket"),
            Table({"my col": "double"}, INSIDE.rows),
        ),
        case("dot_in_column_name", "A column named a.b is not resolved.", with_params(one(), inputCol="a.b"), Table({"a.b": "double"}, INSIDE.rows), "error"),
        case("dot_in_output_name", "A dot in the output's name is kept.", with_params(one(), outputCol="b.c"), INSIDE),
    ]
