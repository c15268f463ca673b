"""VectorSlicer: indices and names, dense and sparse rows, attributes of the chosen features."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from pyspark.ml.feature import VectorSlicer
from pyspark.sql import SparkSession

from compat_tests.record.core import HARD_DOUBLES, INF, NAN, Case, Table, dense, one_column, sparse, vector_attributes, vector_size
from compat_tests.record.session import with_params

FOLDER = "feature/vector_slicer"
case = partial(Case, FOLDER)

ROWS = one_column(
    "u",
    "vector",
    [dense(1, -0.0, 3, 0), sparse(4, {0: 1.5, 2: 0.0}), sparse(4), dense(NAN, INF, -INF, 5e-324), sparse(4, {1: -0.0, 2: NAN, 3: -2.0}), dense(0, 0, 0, 0)],
)
NAMED = ROWS.with_metadata("u", vector_attributes(0, 0, 3, 2))


def slicer(**params: Any) -> Callable[[SparkSession], Any]:
    return lambda spark: VectorSlicer(inputCol="u", **({"outputCol": "v"} | params))


def cases() -> list[Case]:
    return [
        case("indices", "Some features in ascending order; -0.0 stays in dense rows, stored zeros go in sparse ones.", slicer(indices=[1, 3]), ROWS),
        case("indices_in_any_order", "The features come in the order asked for.", slicer(indices=[3, 0, 2, 1]), ROWS),
        case("one_feature", "A vector of one feature.", slicer(indices=[2]), ROWS),
        case("every_feature", "All features.", slicer(indices=[0, 1, 2, 3]), ROWS),
        case("default_output_column", "Without outputCol the output is named after the uid.", lambda spark: VectorSlicer(inputCol="u", indices=[0]), ROWS),
        case("dense_rows_alone", "No sparse row.", slicer(indices=[3, 1]), one_column("u", "vector", [dense(1, 2, 3, -0.0), dense(4, 5, 6, 7)])),
        case(
            "sparse_rows_alone",
            "No dense row.",
            slicer(indices=[3, 1]),
            one_column("u", "vector", [sparse(4, {1: 1, 3: 2}), sparse(4, {0: 1}), sparse(4, {1: 0.0, 3: 5})]),
        ),
        case("names", "Features by name.", slicer(names=["f3", "f0"]), NAMED),
        case("indices_and_names", "First the indices, then the names.", slicer(indices=[2], names=["f3", "f1"]), NAMED),
        case("indices_with_attributes", "The chosen features keep their attributes.", slicer(indices=[3, 2, 0]), NAMED),
        case("size_alone", "The input tells its size alone, and so does the output.", slicer(indices=[1, 0]), ROWS.with_metadata("u", vector_size(4))),
        case("hard_values", "Values that break careless code.", slicer(indices=[1]), one_column("u", "vector", [dense(0, x or 0.0) for x in HARD_DOUBLES])),
        case("null_vector", "A null vector is refused.", slicer(indices=[0]), one_column("u", "vector", [dense(1, 2), None]), "error"),
        case("empty_input", "No rows.", slicer(indices=[0]), ROWS.empty()),
        case("empty_input_with_attributes", "No rows, but attributes.", slicer(indices=[0]), NAMED.empty()),
        case("names_without_attributes", "No attributes name a feature.", slicer(names=["f0"]), ROWS, "error"),
        case("unknown_name", "No feature has the name.", slicer(names=["f9"]), NAMED, "error"),
        case("overlap", "A feature by index and by name.", slicer(indices=[0], names=["f0"]), NAMED, "error"),
        case("nothing_selected", "Neither indices nor names.", slicer(), ROWS, "error"),
        case("index_beyond_the_declared_size", "An index that the metadata rules out.", slicer(indices=[4]), NAMED, "error"),
        case("index_beyond_a_dense_row", "A dense row does not have the feature.", slicer(indices=[0, 4]), ROWS, "error"),
        case(
            "index_beyond_sparse_rows",
            "Sparse rows do not have the feature, and Spark does not notice.",
            slicer(indices=[4, 0, 9]),
            one_column("u", "vector", [sparse(4, {0: 1.5}), sparse(4)]),
        ),
        case("not_a_vector", "The input is a number.", slicer(indices=[0]), one_column("u", "double", [1]), "error"),
        case("missing_column", "The input is not there.", slicer(indices=[0]), one_column("x", "int", [1]), "error"),
        case("output_column_exists", "An output column that exists is refused.", slicer(indices=[0], outputCol="u"), ROWS, "error"),
        case(
            "output_differs_by_case",
            "An output name that differs from a column by case alone replaces that column.",
            slicer(indices=[0], outputCol="U"),
            ROWS,
        ),
        case(
            "space_in_column_name",
            "Column names with spaces.",
            with_params(slicer(indices=[0]), inputCol="my vector", outputCol="my slice"),
            Table({"my vector": "vector"}, [(dense(1, 2),), (sparse(2, {1: 1}),)]),
        ),
        case("output_not_asked_for", "A null vector in a column nobody asks for.", slicer(indices=[0]), one_column("u", "vector", [None]), columns=("u",)),
    ]
