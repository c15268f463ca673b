"""StringIndexerModel: labels of strings and numbers, unseen values, nulls, missing columns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import partial
from typing import Any, Literal

from pyspark.ml.feature import StringIndexer, StringIndexerModel
from pyspark.sql import SparkSession

from compat_tests.record.core import INF, NAN, Case, Table, one_column
from compat_tests.record.session import java_model, with_params

FOLDER = "feature/string_indexer_model"
case = partial(Case, FOLDER)

TRAIN = one_column("s", "string", ["b", "a", "c", "a", "b", "a", "", "é", "日本", "é"])
UNSEEN = Table({"s": "string", "x": "int"}, [("a", 1), ("zz", 2), ("b", 3), (None, 4), ("A", 5), ("", 6)])
SEEN = Table({"s": "string", "x": "int"}, [("a", 1), ("b", 2), ("日本", 3), ("", 4), ("c", 5), ("é", 6)])
TWO_TRAIN = Table({"s": "string", "t": "string"}, [("a", "u"), ("a", "v"), ("b", "v"), ("c", "v")])
TWO = Table({"s": "string", "t": "string"}, [("a", "u"), ("b", "w"), ("z", "v"), (None, "v"), ("c", None), ("z", "w"), ("b", "v")])
TWO_SEEN = Table({"s": "string", "t": "string"}, [("a", "u"), ("b", "v"), ("c", "v")])


def fitted(train: Table = TRAIN, **params: Any) -> Callable[[SparkSession], Any]:
    def model(spark: SparkSession) -> Any:
        return StringIndexer(**params).fit(train.frame(spark))

    return model


def one(handle_invalid: str = "error", train: Table = TRAIN, **params: Any) -> Callable[[SparkSession], Any]:
    return fitted(train, inputCol="s", outputCol="i", handleInvalid=handle_invalid, **params)


def two(handle_invalid: str) -> Callable[[SparkSession], Any]:
    return fitted(TWO_TRAIN, inputCols=["s", "t"], outputCols=["i", "j"], handleInvalid=handle_invalid)


def with_labels(labels: Sequence[str], handle_invalid: str) -> Callable[[SparkSession], Any]:
    """A model with exactly these labels."""

    def model(spark: SparkSession) -> Any:
        assert spark._jvm is not None
        array = spark.sparkContext._gateway.new_array(spark._jvm.java.lang.String, len(labels))  # type: ignore[union-attr]
        for i, label in enumerate(labels):
            array[i] = label
        model = java_model(spark, StringIndexerModel, "feature.StringIndexerModel", "strIdx_labels", array)
        return model.setInputCol("s").setOutputCol("i").setHandleInvalid(handle_invalid)

    return model


def numbers(
    kind: str, train: Sequence[Any], rows: Sequence[Any], name: str, title: str, handle_invalid: str = "keep", expect: Literal["rows", "error"] = "rows"
) -> Case:
    return case(name, title, one(handle_invalid, one_column("s", kind, train)), one_column("s", kind, rows), expect)


def cases() -> list[Case]:
    doubles = [0.1, 1e10, 1e7, 9999999.0, 1e-3, 9.99e-4, -0.0, 0.0, 123456789.125, NAN, INF, -INF, 1.0, 5e-324, 1.7976931348623157e308, 2.0e-3, 1e21, 3.0]
    return [
        case("defaults", "Labels are indexed by descending frequency, ties by label.", fitted(inputCol="s", outputCol="i"), SEEN),
        case("default_output_column", "Without outputCol the output is named after the uid.", fitted(inputCol="s"), SEEN),
        case("error_refuses_unseen_label", "Under error an unseen label raises.", one(), UNSEEN.head(3), "error"),
        case(
            "error_refuses_null",
            "Under error a null raises, with another message than an unseen label.",
            one(),
            Table(UNSEEN.columns, [("a", 1), (None, 2)]),
            "error",
        ),
        case("skip_removes_rows", "Under skip rows with null or unseen labels are removed.", one("skip"), UNSEEN),
        case("skip_may_remove_all_rows", "Under skip no row may be left.", one("skip"), Table(UNSEEN.columns, [("zz", 1), (None, 2)])),
        case("keep_adds_an_index", "Under keep null and unseen labels get the index after the last label.", one("keep"), UNSEEN),
        case("empty_input_error", "No rows, no error.", one(), UNSEEN.empty()),
        case("empty_input_skip", "No rows under skip.", one("skip"), UNSEEN.empty()),
        case("all_null_column_of_strings_keep", "A column of nulls alone under keep.", one("keep"), Table(UNSEEN.columns, [(None, 1), (None, 2)])),
        *(
            case(f"order_{order.lower()}", f"stringOrderType {order} has decided the labels at fit.", one("keep", stringOrderType=order), SEEN)
            for order in ("frequencyDesc", "frequencyAsc", "alphabetDesc", "alphabetAsc")
        ),
        case(
            "text_is_compared_exactly",
            "Labels are compared as code points: no trimming, no case folding, no Unicode normalisation.",
            one("keep", one_column("s", "string", ["é", "a", " a", "a\n", "ß", "😀", "a\u0000", "\ufeff", "long " * 40])),
            one_column("s", "string", ["e\u0301", "é", "A", "a ", " a", "a\n", "a", "SS", "ß", "😀", "a\u0000", "\ufeff", "", "long " * 40, "\ud7ff"]),
        ),
        numbers("int", [3, 1, 1, 2, 2, 2], [1, 2, 3, 4, -1, None], "int_column_keep", "An int column is indexed by its text."),
        numbers(
            "bigint",
            [2**53 + 1, -(2**63), 7, 7],
            [2**53 + 1, 2**53, -(2**63), 7, None],
            "bigint_column_keep",
            "A bigint column is indexed by its text, every digit.",
        ),
        numbers("smallint", [3, 1, 1], [1, 3, 5, None], "smallint_column_skip", "A smallint column under skip.", "skip"),
        numbers("tinyint", [3, 1, 1], [1, 3, -5, None], "tinyint_column_keep", "A tinyint column."),
        numbers(
            "double",
            doubles,
            [*doubles, None, 4.0, 1e11],
            "double_column_keep",
            "A double column is indexed by Java's text of the double; -0.0 and 0.0 differ, NaN is a label.",
        ),
        numbers(
            "double",
            [1.0, NAN, 2.0, 1.0],
            [1.0, NAN],
            "double_column_nan_error",
            "Fit passes NaN over, so that under error NaN is an unseen label.",
            "error",
            "error",
        ),
        case(
            "nan_as_a_label_keep",
            "Where the model has the label NaN, a double NaN is that label.",
            with_labels(["1.0", "NaN"], "keep"),
            one_column("s", "double", [1.0, NAN, 2.0, None]),
        ),
        case(
            "nan_as_a_label_skip",
            "Under skip NaN rows are removed, although NaN is a label: na.drop drops NaN.",
            with_labels(["1.0", "NaN"], "skip"),
            one_column("s", "double", [1.0, NAN, 2.0, None]),
        ),
        case(
            "nan_as_a_label_skip_float",
            "Under skip NaN rows of a float column are removed, too.",
            with_labels(["1.0", "NaN"], "skip"),
            one_column("s", "float", [1.0, NAN, 2.0, None]),
        ),
        case(
            "nan_text_skip",
            "Under skip the text NaN is a label like any other.",
            with_labels(["1.0", "NaN"], "skip"),
            one_column("s", "string", ["1.0", "NaN", "2.0", None]),
        ),
        numbers("double", [1.0, 2.0], [1.0, -0.0], "double_negative_zero_unseen", "Under error -0.0 is unseen where fit saw no zero.", "error", "error"),
        numbers(
            "float",
            [0.1, 1e10, 1.1, 1e7, 3.4e38, 16777216.0],
            [0.1, 1e10, 1.1, 1e7, 3.4e38, 16777216.0, NAN, None],
            "float_column_keep",
            "A float column is indexed by Java's text of the float.",
        ),
        numbers(
            "decimal(10,2)",
            [Decimal("1.10"), Decimal("2.00"), Decimal("-0.05")],
            [Decimal("1.10"), Decimal("2.00"), Decimal("-0.05"), Decimal("1.11"), None],
            "decimal_column_keep",
            "A decimal column is indexed by its text with all digits of the scale.",
        ),
        case(
            "decimal_of_another_scale",
            "The text of a decimal holds its scale: 1.1 is not 1.10.",
            one("keep", one_column("s", "decimal(10,2)", [Decimal("1.10")])),
            one_column("s", "decimal(10,1)", [Decimal("1.1")]),
        ),
        *(
            case(
                f"decimal_text{'_ansi' if ansi else ''}",
                f"Small decimals are written {'without' if ansi else 'with'} an exponent.",
                with_labels(["1E-10", "0.0000000001", "0E-10", "0.0000000000", "12345.6000000000", "1.0E-9", "0.0000010000"], "keep"),
                one_column(
                    "s", "decimal(20,10)", [Decimal("0.0000000001"), Decimal("0"), Decimal("12345.6"), Decimal("0.000000001"), Decimal("0.000001"), None]
                ),
                ansi=ansi,
            )
            for ansi in (False, True)
        ),
        case(
            "int_after_fit_on_double",
            "Fitted on doubles, an int column has other texts: 1 is not 1.0.",
            one("keep", one_column("s", "double", [1.0, 2.0])),
            one_column("s", "int", [1, 2]),
        ),
        case(
            "int_after_fit_on_string",
            "Fitted on strings, an int column is cast to text.",
            one("keep", one_column("s", "string", ["1", "02"])),
            one_column("s", "int", [1, 2]),
        ),
        case(
            "boolean_column_is_refused",
            "A boolean column is neither string nor numeric.",
            one("keep", one_column("s", "string", ["true", "false"])),
            one_column("s", "boolean", [True, False]),
            "error",
        ),
        case(
            "date_column_is_refused",
            "A date column is neither string nor numeric.",
            one("keep"),
            lambda spark: spark.sql("SELECT date'2020-01-01' AS s"),
            "error",
        ),
        case(
            "array_column_is_refused",
            "An array column is neither string nor numeric.",
            one("keep"),
            lambda spark: spark.sql("SELECT array(1.0D) AS s"),
            "error",
        ),
        case(
            "binary_column_is_refused",
            "A binary column is neither string nor numeric.",
            one("keep"),
            lambda spark: spark.sql("SELECT CAST(NULL AS binary) AS s"),
            "error",
        ),
        case("two_columns_error", "Two columns at once.", two("error"), TWO_SEEN),
        case("two_columns_error_refuses", "Two columns at once, one label unseen.", two("error"), TWO, "error"),
        case("two_columns_skip", "Under skip a row is removed where either column is invalid.", two("skip"), TWO),
        case("two_columns_keep", "Under keep each column has its own extra index.", two("keep"), TWO),
        case("one_of_inputcols", "inputCols with one name.", fitted(inputCols=["s"], outputCols=["i"], handleInvalid="keep"), UNSEEN),
        case(
            "chained_columns",
            "An output of the stage is not there for its own inputs; the second input counts as missing.",
            with_params(two("keep"), inputCols=["s", "i"], outputCols=["i", "j"]),
            one_column("s", "string", ["a", "z"]),
        ),
        case(
            "output_of_two_columns_exists",
            "One of the outputs exists.",
            two("keep"),
            Table({"s": "string", "t": "string", "j": "string"}, [("a", "u", "x")]),
            "error",
        ),
        case(
            "output_of_a_missing_input_exists",
            "The output of an input that is missing may exist: both are passed over.",
            two("keep"),
            Table({"s": "string", "j": "string"}, [("a", "u")]),
        ),
        case("column_not_asked_for_is_not_refused", "Nobody asks for the output, so the unseen label does not raise.", one(), UNSEEN, columns=("x",)),
        case(
            "other_output_is_not_refused",
            "Only the first output is asked for, so the second column's unseen label does not raise.",
            two("error"),
            Table(TWO.columns, [("a", "w"), ("b", None)]),
            columns=("s", "i"),
        ),
        case("skip_removes_rows_though_output_not_asked_for", "Under skip rows go even where nobody asks for the output.", one("skip"), UNSEEN, columns=("x",)),
        case("missing_column_is_passed_over", "A missing input column leaves the table as it was.", one(), one_column("x", "int", [1, 2])),
        case("missing_column_keep", "A missing input column under keep, too.", one("keep"), one_column("x", "int", [1, 2])),
        case("missing_column_skip", "A missing input column under skip raises.", one("skip"), one_column("x", "int", [1, 2]), "error"),
        case(
            "one_of_two_columns_missing",
            "Of two columns the one that is there is indexed.",
            two("keep"),
            Table({"t": "string", "x": "int"}, [("u", 1), ("w", 2), (None, 3)]),
        ),
        case("one_of_two_columns_missing_skip", "Of two columns one is missing, under skip.", two("skip"), Table({"t": "string"}, [("u",)]), "error"),
        case("output_column_exists", "An output column that exists is refused.", one("keep"), Table({"s": "string", "i": "int"}, [("a", 1)]), "error"),
        case("output_is_input", "The output may not have the input's name.", with_params(one(), outputCol="s"), SEEN, "error"),
        case(
            "output_differs_by_case",
            "An output name that differs from a column by case alone replaces that column.",
            fitted(inputCol="s", outputCol="X", handleInvalid="keep"),
            UNSEEN,
        ),
        case(
            "input_differs_by_case",
            "The input's name must agree in case; a column of another case counts as missing, and is passed over.",
            with_params(one("keep"), inputCol="S"),
            UNSEEN,
        ),
        case(
            "input_differs_by_case_skip",
            "Under skip the filter finds the column without regard to case, and removes rows; the index is passed over.",
            with_params(one("skip"), inputCol="S"),
            UNSEEN,
        ),
        case(
            "input_differs_by_case_skip_case_sensitive",
            "With caseSensitive the filter does not find the column either, and raises.",
            with_params(one("skip"), inputCol="S"),
            UNSEEN,
            "error",
            case_sensitive=True,
        ),
        case(
            "space_in_column_name",
            "A column name with a space.",
            fitted(one_column("my col", "string", ["a", "b"]), inputCol="my col", outputCol="my index", handleInvalid="keep"),
            one_column("my col", "string", ["b", "z", None]),
        ),
        case(
            "dot_in_column_name",
            "A column named a.b is there, but Spark looks for a field b of a, and raises.",
            _dotted("a.b", "i"),
            one_column("a.b", "string", ["b", "z", None]),
            "error",
        ),
        case(
            "backquotes_in_column_name",
            "A param that says `a.b` in backquotes names no column, and is passed over.",
            _dotted("`a.b`", "i"),
            one_column("a.b", "string", ["b", "z", None]),
        ),
        case(
            "struct_field_as_input",
            "A dotted name does not read a field of a struct; it is passed over.",
            _dotted("a.b", "i"),
            lambda spark: spark.sql("SELECT named_struct('b', v) AS a FROM VALUES ('a'), ('b'), ('z') AS t(v)"),
        ),
        case("dot_in_output_name", "A dot in the output's name is kept.", fitted(inputCol="s", outputCol="i.j", handleInvalid="keep"), UNSEEN),
        case("repeated_label_keep", "Of a label that stands twice the last index wins.", with_labels(["a", "b", "a"], "keep"), UNSEEN),
        case("no_labels_keep", "A model without labels gives 0 to all under keep.", with_labels([], "keep"), UNSEEN),
        case("no_labels_skip", "A model without labels removes all rows under skip.", with_labels([], "skip"), UNSEEN),
        case("no_labels_error", "A model without labels refuses the first row.", with_labels([], "error"), SEEN, "error"),
        case(
            "label_is_the_word_unknown",
            "A label may be the text that keep uses in its metadata.",
            with_labels(["__unknown", "a"], "keep"),
            one_column("s", "string", ["__unknown", "a", "b"]),
        ),
        case(
            "ansi_double_column",
            "In ANSI mode a double column has the same texts.",
            one("keep", one_column("s", "double", doubles)),
            one_column("s", "double", doubles),
            ansi=True,
        ),
        case(
            "many_labels",
            "300 labels, read in another order.",
            one("keep", one_column("s", "string", [f"k{(i * 7) % 300}" for i in range(300)])),
            one_column("s", "string", [f"k{i}" for i in range(305)]),
        ),
    ]


def _dotted(input_column: str, output_column: str) -> Callable[[SparkSession], Any]:
    """A model whose input column has a dot; fitted under a plain name, since fit refuses some of these."""

    return with_params(with_labels(["a", "b"], "keep"), inputCol=input_column, outputCol=output_column)
