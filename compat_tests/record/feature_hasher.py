"""FeatureHasher: types, categories, collisions, nulls."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Any

from pyspark.ml.feature import FeatureHasher
from pyspark.sql import SparkSession

from compat_tests.record.core import DENORMAL, HUGE, INF, NAN, Case, Table, dense, one_column

case = partial(Case, "feature/feature_hasher")

TYPES = {
    "real": "double",
    "single": "float",
    "whole": "int",
    "tiny": "tinyint",
    "small": "smallint",
    "big": "bigint",
    "money": "decimal(20,9)",
    "flag": "boolean",
    "text": "string",
}
ROWS = Table(
    TYPES,
    [
        (2.5, 0.1, 7, 1, 2, 2**60, Decimal("1.5"), True, "a"),
        (-0.0, -0.0, 0, 0, 0, 0, Decimal(0), False, ""),
        (None, None, None, None, None, None, None, None, None),
        (NAN, NAN, -7, -128, -32768, -(2**63), Decimal("-12345678901.123456789"), None, "é 日本 😀"),
        (INF, -INF, 2**31 - 1, 127, 32767, 2**63 - 1, Decimal("0.000000001"), True, "null"),
        (DENORMAL, 1e-45, 1, 1, 1, 1, Decimal("0.1"), False, "a=b"),
        (HUGE, 3.4e38, -1, -1, -1, -1, Decimal("99999999999.999999999"), True, "A"),
    ],
)
ALL = list(TYPES)
#: Seven numbers of such sizes that the order in which they are added shows.
NUMBERS = Table(
    {f"n{i}": "double" for i in range(7)},
    [
        (1e16, 1.0, -1e16, 1.0, 3.0, 1e-3, 0.1),
        (0.1, 0.2, 0.3, 1e17, -1e17, 0.7, None),
        (-0.0, None, None, None, None, None, None),
        (-0.0, -0.0, None, None, None, None, None),
    ],
)


def hasher(columns: list[str] = ALL, **params: Any) -> Callable[[SparkSession], Any]:
    return lambda spark: FeatureHasher(inputCols=columns, outputCol="v", **params)


def cases() -> list[Case]:
    return [
        case("defaults", "Columns of every type in 2^18 features.", hasher(), ROWS),
        case("default_output_column", "Without outputCol the output is named after the uid.", lambda spark: FeatureHasher(inputCols=ALL), ROWS),
        *(case(f"type_{kind}", f"One column of {TYPES[kind]}.", hasher([kind]), ROWS) for kind in ALL),
        *(case(f"categorical_{kind}", f"A column of {TYPES[kind]} as a category.", hasher([kind], categoricalCols=[kind]), ROWS) for kind in ALL),
        case("all_categorical", "Every column as a category.", hasher(categoricalCols=ALL), ROWS),
        case("categorical_not_among_inputs", "A category that is no input.", hasher(["text", "real"], categoricalCols=["whole", "real", "nowhere"]), ROWS),
        case("three_features", "Collisions of numbers and categories.", hasher(numFeatures=3), ROWS),
        case("one_feature", "Everything on one feature.", hasher(numFeatures=1), ROWS),
        *(
            case(
                f"{count}_numbers_on_one_feature",
                f"{count} numbers are added in the order of Scala's Set.",
                hasher([f"n{i}" for i in range(count)], numFeatures=1),
                NUMBERS,
            )
            for count in (2, 3, 4, 5, 6, 7)
        ),
        case("numbers_in_another_order", "The order of inputCols counts up to four.", hasher(["n3", "n0", "n2", "n1"], numFeatures=1), NUMBERS),
        case(
            "numbers_left_by_categories",
            "Five inputs of which three are numbers.",
            hasher(["n4", "n0", "n1", "n2", "n3"], numFeatures=1, categoricalCols=["n3", "n1"]),
            NUMBERS,
        ),
        case("column_named_twice", "A number named twice.", hasher(["real", "real"], numFeatures=10), ROWS, "rows"),
        case("category_named_twice", "A category named twice.", hasher(["text", "text", "real"], numFeatures=10), ROWS),
        case(
            "category_named_twice_and_chosen",
            "A category named twice, with categoricalCols set.",
            hasher(["text", "text"], categoricalCols=["text", "text"]),
            ROWS,
        ),
        case("no_columns", "No columns.", hasher([]), ROWS),
        case("ansi_decimal_text", "Text of decimals under ANSI mode.", hasher(["money"], categoricalCols=["money"]), ROWS, ansi=True),
        case("many_features", "2^31 - 1 features.", hasher(numFeatures=2**31 - 1), ROWS),
        case("empty_input", "No rows.", hasher(), ROWS.empty()),
        case("vector_column", "A vector is not hashed.", hasher(["u"]), one_column("u", "vector", [dense(1)]), "error"),
        case("date_column", "A date is not hashed.", hasher(["d"]), lambda spark: spark.sql("SELECT DATE'2020-01-01' AS d"), "error"),
        case("missing_column", "A missing column raises.", hasher(["nowhere"]), ROWS, "error"),
        case(
            "output_column_exists", "An output column that exists is refused.", lambda spark: FeatureHasher(inputCols=["real"], outputCol="text"), ROWS, "error"
        ),
    ]
