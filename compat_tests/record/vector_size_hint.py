"""VectorSizeHint: each handleInvalid with null and with vectors of other sizes, metadata that agrees and disagrees, stages behind it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from pyspark.ml import Pipeline
from pyspark.ml.feature import VectorAssembler, VectorSizeHint, VectorSlicer
from pyspark.sql import SparkSession

from compat_tests.record.core import INF, NAN, Case, Table, dense, one_column, sparse, vector_attributes, vector_size

FOLDER = "feature/vector_size_hint"
case = partial(Case, FOLDER)
pipeline_case = partial(Case, "ml/pipeline_model")

GOOD = Table({"u": "vector", "x": "int"}, [(dense(1, -0.0, NAN), 1), (sparse(3, {0: 0.0, 2: 2}), 2), (sparse(3), 3)])
MIXED = Table(GOOD.columns, [*GOOD.rows, (None, 4), (dense(1, 2), 5), (sparse(4, {3: 1}), 6), (dense(4, 5, 6), 7), (dense(), 8)])


def hint(size: int = 3, **params: Any) -> Callable[[SparkSession], Any]:
    return lambda spark: VectorSizeHint(inputCol="u", size=size, **params)


def before(assembler: Callable[[], Any], **params: Any) -> Callable[[SparkSession], Any]:
    """A pipeline of the hint and an assembler."""
    return lambda spark: Pipeline(stages=[VectorSizeHint(inputCol="u", size=3, **params), assembler()]).fit(GOOD.frame(spark))


def cases() -> list[Case]:
    modes = ("error", "skip", "optimistic")
    return [
        case("defaults", "Vectors of the size pass.", hint(), GOOD),
        *(case(f"{mode}_good_rows", f"Vectors of the size under {mode}.", hint(handleInvalid=mode), GOOD) for mode in modes),
        case("hard_values", "What is in the vectors does not matter.", hint(), one_column("u", "vector", [dense(INF, -INF, -0.0), sparse(3, {1: INF})])),
        case("skip_drops", "Null and vectors of other sizes are dropped.", hint(handleInvalid="skip"), MIXED),
        case("skip_drops_all", "No vector has the size.", hint(7, handleInvalid="skip"), MIXED),
        case("skip_drops_null_alone", "Null is dropped.", hint(handleInvalid="skip"), Table(MIXED.columns, MIXED.rows[:4])),
        case("error_refuses_null", "Null is refused.", hint(), Table(MIXED.columns, MIXED.rows[:4]), "error"),
        case("error_refuses_a_shorter_one", "A vector of another size is refused.", hint(), Table(MIXED.columns, MIXED.rows[4:5]), "error"),
        case(
            "error_refuses_a_longer_one_among_good_ones",
            "A vector of another size is refused.",
            hint(),
            Table(MIXED.columns, [*GOOD.rows, MIXED.rows[5]]),
            "error",
        ),
        case("optimistic_takes_everything", "Nothing is looked at.", hint(handleInvalid="optimistic"), MIXED),
        *(case(f"{mode}_empty_input", f"No rows under {mode}.", hint(handleInvalid=mode), GOOD.empty()) for mode in modes),
        *(
            case(f"{mode}_size_declared", f"The input declares the size, under {mode}.", hint(handleInvalid=mode), GOOD.with_metadata("u", vector_size(3)))
            for mode in modes
        ),
        *(
            case(
                f"{mode}_attributes_declared",
                f"The input has attributes and a comment, under {mode}.",
                hint(handleInvalid=mode),
                GOOD.with_metadata("u", {"comment": "mine", **vector_attributes(0, 2, 0)}),
            )
            for mode in modes
        ),
        *(
            case(
                f"{mode}_other_size_declared",
                f"The input declares another size, under {mode}.",
                hint(handleInvalid=mode),
                GOOD.with_metadata("u", vector_size(4)),
                "error",
            )
            for mode in modes
        ),
        case("error_not_asked_for", "Nobody asks for the column, so nothing is refused.", hint(), MIXED, columns=("x",)),
        case("skip_not_asked_for", "Rows are dropped even where nobody asks for the column.", hint(handleInvalid="skip"), MIXED, columns=("x",)),
        case("size_zero", "Vectors without features.", hint(0), one_column("u", "vector", [dense(), sparse(0)])),
        case("not_a_vector", "The input is a number.", hint(), one_column("u", "double", [1]), "error"),
        case("missing_column", "The input is not there.", hint(), one_column("x", "int", [1]), "error"),
        pipeline_case(
            "size_hint_skip_before_assembler",
            "The assembler knows the size, and sees no row of another one.",
            before(partial(VectorAssembler, inputCols=["x", "u"], outputCol="v", handleInvalid="keep"), handleInvalid="skip"),
            MIXED,
        ),
        pipeline_case(
            "size_hint_error_before_assembler",
            "The assembler knows the size.",
            before(partial(VectorAssembler, inputCols=["u", "x"], outputCol="v")),
            GOOD,
        ),
        pipeline_case(
            "size_hint_optimistic_before_assembler_keep",
            "Null becomes as many NaN as the hint says.",
            before(partial(VectorAssembler, inputCols=["u", "x"], outputCol="v", handleInvalid="keep"), handleInvalid="optimistic"),
            Table(GOOD.columns, MIXED.rows[:4]),
        ),
        pipeline_case(
            "size_hint_skip_behind_a_slicer",
            "The slicer before the hint does not see the rows that the hint drops.",
            lambda spark: Pipeline(
                stages=[VectorSlicer(inputCol="u", outputCol="s", indices=[2]), VectorSizeHint(inputCol="u", size=3, handleInvalid="skip")]
            ).fit(GOOD.frame(spark)),
            Table(GOOD.columns, [*GOOD.rows, (None, 4), (dense(1, 2), 5)]),
        ),
    ]
