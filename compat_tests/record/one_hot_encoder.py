"""OneHotEncoderModel: dropLast and handleInvalid together, values out of range, numeric inputs."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Any

from pyspark.ml.feature import OneHotEncoder
from pyspark.sql import SparkSession

from compat_tests.record.core import INF, NAN, Case, Table, above, below, nominal, one_column
from compat_tests.record.session import with_params

FOLDER = "feature/one_hot_encoder_model"
case = partial(Case, FOLDER)

TRAIN = one_column("i", "double", [0, 1, 2, 3])
VALID = Table({"i": "double", "x": "int"}, [(0, 1), (3, 2), (1, 3), (2, 4), (None, 5)])
INVALID = one_column("i", "double", [0, 3, 4, 100, -1, NAN, INF, -INF, None, 1e308, 0.5, -0.5, -0.0, 2.999, 3.5, below(4.0), above(3.0)])
TWO_TRAIN = Table({"i": "double", "j": "double"}, [(0, 0), (1, 1), (2, 1)])


def fitted(train: Table = TRAIN, **params: Any) -> Callable[[SparkSession], Any]:
    def model(spark: SparkSession) -> Any:
        return OneHotEncoder(**params).fit(train.frame(spark))

    return model


def one(drop_last: bool = True, handle_invalid: str = "error", train: Table = TRAIN) -> Callable[[SparkSession], Any]:
    return fitted(train, inputCols=["i"], outputCols=["v"], dropLast=drop_last, handleInvalid=handle_invalid)


def cases() -> list[Case]:
    return [
        case("defaults", "The last category is the zero vector; null stays null.", fitted(inputCols=["i"], outputCols=["v"]), VALID),
        case("default_output_column", "Without outputCol the output is named after the uid.", fitted(inputCol="i"), VALID),
        case("single_column_form", "inputCol and outputCol instead of lists.", fitted(inputCol="i", outputCol="v"), VALID),
        *(
            case(
                f"drop_last_{str(drop).lower()}_{invalid}_valid_rows",
                f"dropLast {str(drop).lower()} with handleInvalid {invalid}, valid rows.",
                one(drop, invalid),
                VALID,
            )
            for drop in (True, False)
            for invalid in ("error", "keep")
        ),
        *(
            case(
                f"drop_last_{str(drop).lower()}_keep_invalid_rows",
                f"dropLast {str(drop).lower()} with handleInvalid keep: negative, fractional, NaN, too large.",
                one(drop, "keep"),
                INVALID,
            )
            for drop in (True, False)
        ),
        case(
            "error_takes_fractions",
            "Under error a fraction in range is cut to its category; where it lies above the last index under dropLast it is the zero vector.",
            one(),
            one_column("i", "double", [0.5, 2.999, 3.0, 3.5, below(4.0), -0.0]),
        ),
        case(
            "error_takes_fractions_drop_last_false",
            "Under error a fraction in range is cut to its category.",
            one(False),
            one_column("i", "double", [0.5, 2.999, 3.0, 3.5, below(4.0), -0.0]),
        ),
        case("error_refuses_too_large", "Under error an index past the last raises.", one(), one_column("i", "double", [1, 4]), "error"),
        case("error_refuses_negative", "Under error a negative index raises.", one(), one_column("i", "double", [1, -1]), "error"),
        case("error_refuses_nan", "Under error NaN raises as an unseen value.", one(), one_column("i", "double", [1, NAN]), "error"),
        case("error_refuses_infinity", "Under error infinity raises.", one(), one_column("i", "double", [INF]), "error"),
        case("null_under_keep", "Under keep null stays null.", one(False, "keep"), one_column("i", "double", [None, 1, None])),
        case(
            "column_not_asked_for_is_not_refused",
            "Nobody asks for the output, so an unseen value does not raise.",
            one(),
            Table(VALID.columns, [(9, 1), (-1, 2)]),
            columns=("x",),
        ),
        case("empty_input", "No rows.", one(), VALID.empty()),
        case(
            "one_category_drop_last",
            "One category under dropLast gives vectors of size 0.",
            one(train=one_column("i", "double", [0])),
            one_column("i", "double", [0, None]),
        ),
        case(
            "one_category_keep",
            "One category with dropLast false and keep gives vectors of size 2.",
            one(False, "keep", one_column("i", "double", [0])),
            one_column("i", "double", [0, 1, None]),
        ),
        *(
            case(f"{kind.split('(')[0]}_input", f"A {kind} column is cast to double.", one(False, "keep"), one_column("i", kind, values))
            for kind, values in (
                ("int", [0, 3, 4, -1, None]),
                ("bigint", [0, 3, 2**62, -1, None]),
                ("smallint", [0, 3, 4, None]),
                ("tinyint", [0, 3, 4, None]),
                ("float", [0.0, 2.9, 3.9999998, NAN, None]),
                ("decimal(10,2)", [Decimal("0.00"), Decimal("2.99"), Decimal("4.00"), None]),
            )
        ),
        case("boolean_input_is_refused", "A boolean column is not numeric.", one(), one_column("i", "boolean", [True]), "error"),
        case("string_input_is_refused", "A string column is not numeric.", one(), one_column("i", "string", ["1"]), "error"),
        case("missing_column", "A missing input column raises.", one(), one_column("x", "int", [1]), "error"),
        case("output_column_exists", "An output column that exists is refused.", one(), Table({"i": "double", "v": "int"}, [(1, 1)]), "error"),
        case("output_is_input", "The output may not have the input's name.", with_params(one(), outputCols=["i"]), VALID, "error"),
        case(
            "output_differs_by_case",
            "An output name that differs from a column by case alone replaces that column.",
            with_params(one(), outputCols=["X"]),
            VALID,
        ),
        case("input_differs_by_case", "The input's name must agree in case.", with_params(one(), inputCols=["I"]), VALID, "error"),
        case(
            "space_in_column_name",
            "Column names with spaces.",
            with_params(one(), inputCols=["my col"], outputCols=["my vector"]),
            one_column("my col", "double", [0, 3, None]),
        ),
        case("dot_in_column_name", "A column named a.b is not resolved.", with_params(one(), inputCols=["a.b"]), one_column("a.b", "double", [0, 3]), "error"),
        case(
            "two_columns",
            "Two columns of different numbers of categories.",
            fitted(TWO_TRAIN, inputCols=["i", "j"], outputCols=["v", "w"]),
            Table(TWO_TRAIN.columns, [(0, 1), (2, 0), (None, 1), (1, None)]),
        ),
        case(
            "two_columns_keep",
            "Two columns under keep.",
            fitted(TWO_TRAIN, inputCols=["i", "j"], outputCols=["v", "w"], handleInvalid="keep", dropLast=False),
            Table(TWO_TRAIN.columns, [(0, 2), (3, 0), (-1, NAN), (1, None)]),
        ),
        case(
            "two_columns_one_refuses",
            "Two columns, one of them with an unseen value.",
            fitted(TWO_TRAIN, inputCols=["i", "j"], outputCols=["v", "w"]),
            Table(TWO_TRAIN.columns, [(0, 1), (0, 2)]),
            "error",
        ),
        case(
            "two_columns_other_output_is_not_refused",
            "Only the first output is asked for.",
            fitted(TWO_TRAIN, inputCols=["i", "j"], outputCols=["v", "w"]),
            Table(TWO_TRAIN.columns, [(0, 1), (0, 2)]),
            columns=("v",),
        ),
        case(
            "metadata_of_the_input_agrees",
            "The input's ML attributes name as many values as the model has categories.",
            one(),
            one_column("i", "double", [0, 3, 1]).with_metadata("i", nominal(4, "i")),
        ),
        case(
            "metadata_of_the_input_disagrees",
            "The input's ML attributes name another number of values: refused, whatever the rows hold.",
            one(),
            one_column("i", "double", [0, 3, 1]).with_metadata("i", nominal(5, "i")),
            "error",
        ),
        case(
            "metadata_of_the_input_disagrees_keep",
            "As before under keep.",
            one(False, "keep"),
            one_column("i", "double", [0, 3, 1]).with_metadata("i", nominal(3, "i")),
            "error",
        ),
        case(
            "metadata_numeric_attribute",
            "The input's ML attribute is numeric.",
            one(),
            one_column("i", "double", [0, 3, 1]).with_metadata("i", {"ml_attr": {"type": "numeric", "name": "i"}}),
            "error",
        ),
        case(
            "metadata_binary_attribute",
            "The input's ML attribute is binary, which means two values.",
            one(False, train=one_column("i", "double", [0, 1])),
            one_column("i", "double", [0, 1]).with_metadata("i", {"ml_attr": {"type": "binary", "name": "i", "vals": ["no", "yes"]}}),
        ),
        case("many_categories", "70 categories.", one(train=one_column("i", "double", [0, 69])), one_column("i", "double", [0, 68, 69, 33])),
    ]
