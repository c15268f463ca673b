"""ImputerModel: missingValue, numeric types and the casts there and back, in place."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Any

from pyspark.ml.feature import Imputer, ImputerModel
from pyspark.sql import SparkSession

from compat_tests.record.core import HARD_DOUBLES, HUGE, INF, NAN, Case, Table, above, below, one_column
from compat_tests.record.session import java_model, with_params

FOLDER = "feature/imputer_model"
case = partial(Case, FOLDER)

TRAIN = Table({"a": "double", "b": "double"}, [(1, 10), (2, NAN), (None, 30), (4.5, 40), (2, -1), (0, 0)])
HARD = Table({"a": "double", "b": "double"}, [*((value, 5) for value in HARD_DOUBLES), (5, None), (6, NAN), (-1, -1), (None, None)])


def fitted(train: Table = TRAIN, **params: Any) -> Callable[[SparkSession], Any]:
    def model(spark: SparkSession) -> Any:
        return Imputer(**params).fit(train.frame(spark))

    return model


def both(**params: Any) -> Callable[[SparkSession], Any]:
    return fitted(inputCols=["a", "b"], outputCols=["c", "d"], **params)


def given(surrogate: float, missing: float | None = None, name: str = "a") -> Callable[[SparkSession], Any]:
    """A model of exactly this surrogate."""

    def model(spark: SparkSession) -> Any:
        frame = one_column(name, "double", [surrogate]).frame(spark)
        model = java_model(spark, ImputerModel, "feature.ImputerModel", "imputer_given", frame._jdf)
        if missing is not None:
            model.set(model.missingValue, missing)
        return model.setInputCols([name]).setOutputCols(["c"])

    return model


def cases() -> list[Case]:
    def typed(kind: str, values: list[Any], name: str, title: str, model: Callable[[SparkSession], Any], **more: Any) -> Case:
        return case(name, title, model, one_column("a", kind, values), **more)

    long_values = [2**53 + 1, 2**53, -(2**53) - 1, 2**62 + 1, 2**63 - 1, -(2**63), None, 7]
    decimals = [Decimal("0.1"), Decimal("2.5"), Decimal("-1"), None, Decimal("99999999.99")]
    return [
        case("defaults", "Null and NaN are replaced by the column's mean.", both(), HARD),
        case("default_output_column", "Without outputCols the output is named after the uid.", fitted(inputCol="a"), HARD),
        case("single_column_form", "inputCol and outputCol instead of lists.", fitted(inputCol="a", outputCol="c"), HARD),
        case("strategy_median", "The median.", both(strategy="median"), HARD),
        case("strategy_mode", "The most frequent value.", both(strategy="mode"), HARD),
        case("missing_value_minus_one", "missingValue -1: NaN stays, null is replaced all the same.", both(missingValue=-1.0), HARD),
        case("missing_value_zero", "missingValue 0 is -0.0, too.", both(missingValue=0.0), HARD),
        case("missing_value_infinity", "missingValue Infinity.", given(3.5, INF), one_column("a", "double", HARD_DOUBLES)),
        case("missing_value_denormal", "missingValue is compared exactly.", given(3.5, 0.1), one_column("a", "double", [0.1, above(0.1), below(0.1), None])),
        case("surrogate_nan", "A surrogate of NaN.", given(NAN, -1.0), one_column("a", "double", [None, -1, NAN, 2])),
        case("surrogate_huge", "A surrogate of 1e308.", given(HUGE), one_column("a", "double", [None, NAN, 1])),
        case("surrogate_negative_zero", "A surrogate of -0.0.", given(-0.0), one_column("a", "double", [None, NAN, 0.0])),
        case("empty_input", "No rows.", both(), HARD.empty()),
        case("in_place", "The output may be the input: the column is replaced where it stands.", with_params(both(), outputCols=["a", "b"]), HARD),
        case("outputs_swapped", "Outputs may be the inputs the other way round: both read the old columns.", with_params(both(), outputCols=["b", "a"]), HARD),
        case(
            "output_column_exists",
            "An output column that exists is replaced, whatever its type.",
            both(),
            Table({"c": "string", "a": "double", "b": "double"}, [("x", None, 1), ("y", 2, NAN)]),
        ),
        case(
            "output_differs_by_case",
            "An output name that differs from a column by case alone replaces that column.",
            with_params(both(), outputCols=["A", "d"]),
            HARD,
        ),
        case("input_differs_by_case", "The input's name must agree in case.", given(1.0, name="A"), one_column("a", "double", [None]), "error"),
        case("missing_column", "A missing input column raises.", both(), one_column("a", "double", [1]), "error"),
        case("output_not_asked_for", "Only one output.", both(), HARD, columns=("d",)),
        typed(
            "float",
            [0.1, NAN, None, INF, -0.0, 3.4e38, 1e-45],
            "float_input",
            "A float column goes to double and back; the surrogate becomes a float.",
            given(0.1),
        ),
        typed(
            "float",
            [0.1, 0.5, NAN, None],
            "float_input_missing_value_rounded",
            "missingValue 0.1 is a double that no float equals; 0.5 is one that does.",
            given(7.0, 0.1),
        ),
        typed("float", [0.1, 0.5, NAN, None], "float_input_missing_value_exact", "missingValue 0.5 of a float column.", given(7.0, 0.5)),
        typed("float", [1.0, None], "float_input_surrogate_overflows", "A surrogate beyond the largest float becomes infinite.", given(1e300)),
        typed("int", [1, None, -(2**31), 2**31 - 1, 0], "int_input", "The surrogate of an int column is cut towards zero.", given(2.9)),
        typed("int", [1, None], "int_input_negative_surrogate", "A negative surrogate is cut towards zero.", given(-2.9)),
        typed("int", [1, None, -1], "int_input_missing_value", "missingValue of an int column.", given(2.5, -1.0)),
        typed("int", [1, None], "int_input_surrogate_overflows", "A surrogate beyond int is the largest int.", given(1e12)),
        typed("int", [1, None], "int_input_surrogate_overflows_ansi", "In ANSI mode it raises.", given(1e12), ansi=True, expect="error"),
        typed(
            "int",
            [1, 2],
            "int_input_surrogate_overflows_ansi_unused",
            "In ANSI mode it raises only where a value is missing... or is it folded before?",
            given(1e12),
            ansi=True,
        ),
        typed("int", [1, None], "int_input_surrogate_nan", "A surrogate of NaN is the int 0.", given(NAN)),
        typed("smallint", [1, None, -5, 32767], "smallint_input", "A smallint column.", given(2.5, -5.0)),
        typed("smallint", [1, None], "smallint_input_surrogate_overflows", "A surrogate beyond smallint wraps.", given(70000.0)),
        typed("tinyint", [1, None, -5, 127], "tinyint_input", "A tinyint column.", given(2.5, -5.0)),
        typed("tinyint", [1, None], "tinyint_input_surrogate_overflows", "A surrogate beyond tinyint wraps.", given(300.0)),
        typed("bigint", long_values, "bigint_input_loses_digits", "A bigint column goes to double and back: large values lose digits.", given(2.5)),
        typed("bigint", long_values[:4], "bigint_input_ansi", "In ANSI mode, too.", given(2.5), ansi=True),
        typed(
            "bigint",
            [2**63 - 1],
            "bigint_input_ansi_largest",
            "In ANSI mode the largest bigint comes back though its double is one beyond: Spark compares doubles.",
            given(2.5),
            ansi=True,
        ),
        typed("decimal(10,2)", decimals, "decimal_input", "A decimal column goes to double and back; the surrogate is rounded to its scale.", given(1.005)),
        typed("decimal(10,2)", decimals, "decimal_input_half_way", "Rounding of a surrogate half way between two decimals.", given(0.125, -1.0)),
        typed(
            "decimal(38,18)",
            [Decimal("0.100000000000000001"), Decimal("12345678901234567890.123456789012345678"), None],
            "decimal_input_loses_digits",
            "A decimal of 38 digits loses digits on the way through double.",
            given(1.5),
        ),
        typed(
            "decimal(4,1)",
            [Decimal("999.9"), None],
            "decimal_input_surrogate_overflows",
            "A surrogate that the decimal cannot hold becomes null.",
            given(12345.6),
        ),
        typed(
            "decimal(4,1)",
            [Decimal("999.9"), None],
            "decimal_input_surrogate_overflows_ansi",
            "In ANSI mode it raises.",
            given(12345.6),
            ansi=True,
            expect="error",
        ),
        typed("boolean", [True, None], "boolean_input_is_refused", "A boolean column is not numeric.", given(1.0), expect="error"),
        typed("string", ["1", None], "string_input_is_refused", "A string column is not numeric.", given(1.0), expect="error"),
        case(
            "input_of_another_type_than_fitted",
            "Fitted on doubles, an int column is imputed as int.",
            both(),
            Table({"a": "int", "b": "float"}, [(None, None), (3, NAN)]),
        ),
        case("space_in_column_name", "Column names with spaces.", given(1.5, name="my col"), one_column("my col", "double", [None, 2])),
        case("dot_in_column_name", "A column named a.b is not resolved.", given(1.5, name="a.b"), one_column("a.b", "double", [None, 2]), "error"),
        case("dot_in_output_name", "A dot in the output's name is kept.", with_params(given(1.5), outputCols=["c.d"]), one_column("a", "double", [None, 2])),
        case("one_input_of_two_fitted", "A model fitted on two columns may be set to one.", with_params(both(), inputCols=["b"], outputCols=["d"]), HARD),
    ]
