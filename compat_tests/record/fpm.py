"""FPGrowthModel: rules that apply and rules that do not, every type of item, null, empty and repeated items.

Spark leaves the order of added items open, so most rows here get at most one, or the case asks for the sorted comparison.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from pyspark.ml.fpm import FPGrowth, FPGrowthModel
from pyspark.sql import SparkSession

from compat_tests.record.core import Case, Table
from compat_tests.record.session import java_model, with_params

FOLDER = "fpm/fp_growth_model"
case = partial(Case, FOLDER)

BASKETS = ["a b c", "a b", "a b d", "b c", "a c", "a b c d", "e", "a b e", "c d", "a b c"]
SET_COUNTS: dict[tuple[Any, ...], int] = {
    ("a",): 8,
    ("b",): 8,
    ("b", "a"): 6,
    ("c",): 4,
    ("c", "b"): 3,
    ("c", "a"): 3,
    ("c", "b", "a"): 2,
    ("d",): 2,
    ("d", "a"): 2,
}
ROWS = Table(
    {"id": "int", "items": "array<string>"},
    [
        (number, value)
        for number, value in enumerate(
            [
                None,
                [],
                ["a"],
                ["b"],
                ["a", "b"],
                ["c"],
                ["c", "b"],
                ["b", "c", "a"],
                ["d"],
                ["zzz"],
                ["a", "a", "c"],
                [None],
                [None, "d", "d"],
                ["A"],
                [""],
                ["e", "d", "c"],
            ]
        )
    ],
)
NUMBERS = {"tinyint": (1, 2, 3), "smallint": (1, 2, 300), "int": (1, -2, 70000), "bigint": (1, 2**40, -(2**62))}


def fitted(after: dict[str, Any] | None = None, **params: Any) -> Callable[[SparkSession], Any]:
    def model(spark: SparkSession) -> Any:
        train = Table({"items": "array<string>"}, [(basket.split(),) for basket in BASKETS])
        return FPGrowth(**{"minSupport": 0.2, "minConfidence": 0.6, "numPartitions": 1, **params}).fit(train.frame(spark))

    return with_params(model, **(after or {}))


def given(counts: dict[tuple[Any, ...], int], element: str = "string", **params: Any) -> Callable[[SparkSession], Any]:
    """A model of exactly these item sets."""

    def model(spark: SparkSession) -> Any:
        frame = spark.createDataFrame([(list(items), count) for items, count in counts.items()], f"items array<{element}>, freq long").coalesce(1)
        support = spark._jvm.scala.collection.immutable.HashMap()  # type: ignore[union-attr]
        return java_model(spark, FPGrowthModel, "fpm.FPGrowthModel", "fpm_given", frame._jdf, support, 10)

    return with_params(model, **params)


def numbers(element: str) -> tuple[dict[tuple[Any, ...], int], Table]:
    one, two, three = NUMBERS[element]
    counts = {(one,): 4, (two,): 4, (two, one): 4, (three,): 1, (three, one): 1}
    rows: Sequence[Any] = [[one], [two], [three], [three, one], [one, two], None, [None, one], []]
    return counts, Table({"items": f"array<{element}>"}, [(row,) for row in rows])


def cases() -> list[Case]:
    strings = Table({"items": "array<string>"}, [(["a"],)])
    return [
        case("defaults", "Rules of a fitted model; several may apply to a row.", fitted(), ROWS),
        *(
            case(f"confidence_{name}", f"minConfidence = {value}.", given(SET_COUNTS, minConfidence=value), ROWS)
            for name, value in (("0", 0.0), ("1", 1.0), ("75", 0.75), ("half", 0.5))
        ),
        case("default_confidence", "minConfidence is 0.8 by default.", given(SET_COUNTS), ROWS),
        case("confidence_is_a_division_of_doubles", "3 / 10 is at least 0.3.", given({("a",): 10, ("b",): 9, ("b", "a"): 3}, minConfidence=0.3), ROWS),
        case(
            "sets_in_another_order",
            "An antecedent must be a frequent set with its items in the same order.",
            given({("a", "b"): 4, ("c", "b", "a"): 4, ("a",): 4}),
            ROWS,
        ),
        case("a_set_twice", "A set may stand twice, with other counts.", given({("a",): 4, ("b", "a"): 4, ("a", "b"): 1, ("b",): 9}), ROWS),
        case("zero_counts", "0 / 0 is NaN and no confidence, 1 / 0 is infinity.", given({("a",): 0, ("b", "a"): 0, ("c",): 0, ("c", "b"): 1, ("b",): 1}), ROWS),
        case("repeated_item_in_a_set", "A set that holds an item twice.", given({("a", "b", "a"): 2, ("b",): 2, ("a", "a"): 2}), ROWS),
        case("no_rules", "Single items give no rule.", given({("a",): 4}), ROWS),
        case("no_sets", "No frequent item set at all.", given({}), ROWS),
        *(case(f"{element}_items", f"Items of type {element}.", given(counts, element), rows) for element in NUMBERS for counts, rows in [numbers(element)]),
        case(
            "other_columns",
            "Other names of both columns.",
            given(SET_COUNTS, itemsCol="b", predictionCol="p"),
            Table({"a": "int", "b": "array<string>"}, [(1, ["c", "b"]), (2, None)]),
        ),
        case("min_support_and_partitions", "minSupport and numPartitions matter in fit alone.", given(SET_COUNTS, minSupport=0.9, numPartitions=3), ROWS),
        case("prediction_not_asked_for", "Nobody asks for the prediction.", given(SET_COUNTS), ROWS, columns=("id",)),
        case("string_column_is_refused", "A column that is no array.", given(SET_COUNTS), Table({"items": "string"}, [("a",)]), "error"),
        case("missing_column", "A missing column raises.", given(SET_COUNTS), Table({"x": "array<string>"}, [(["a"],)]), "error"),
        case("prediction_exists", "An existing output column is refused.", given(SET_COUNTS, predictionCol="items"), strings, "error"),
        case(
            "prediction_differs_by_case",
            "An output that differs from the input by case alone replaces it.",
            given(SET_COUNTS, predictionCol="ITEMS"),
            ROWS,
        ),
        case("empty_prediction_name", "An output without a name.", given(SET_COUNTS, predictionCol=""), ROWS),
        case("empty_input", "No rows.", given(SET_COUNTS), ROWS.empty()),
        Case(FOLDER, "ansi", "The same under ANSI.", given(SET_COUNTS), ROWS, ansi=True),
    ]
