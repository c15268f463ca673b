"""Vectors that break careless arithmetic, and the cases that every stage from one vector column to another has."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pyspark.sql import SparkSession

from compat_tests.record.core import DENORMAL, HUGE, INF, NAN, Case, Table, dense, one_column, sparse, vector_attributes, vector_size
from compat_tests.record.session import with_params

DENSE_ROWS = [
    dense(1, 2, 3),
    dense(0, 0, 0),
    dense(-0.0, -0.0, -0.0),
    dense(NAN, INF, -INF),
    dense(INF, NAN, INF),
    dense(HUGE, -HUGE, HUGE),
    dense(DENORMAL, -DENORMAL, 7),
    dense(0, INF, 0),
    dense(1.9, -1.75, NAN),
    dense(0.1, 0.0, -0.3),
]
SPARSE_ROWS = [
    sparse(3, {1: 2.0}),
    sparse(3),
    sparse(3, {0: 0.0, 1: -0.0, 2: 0.0}),
    sparse(3, {0: NAN, 2: INF}),
    sparse(3, {0: 1.0, 1: 2.0, 2: 3.0}),
    sparse(3, {1: INF, 2: 1.0}),
    sparse(3, {0: -INF}),
    sparse(3, {0: HUGE, 1: HUGE}),
    sparse(3, {2: DENORMAL}),
    sparse(3, {0: 0.1, 2: -0.3}),
]
DENSE = one_column("u", "vector", DENSE_ROWS)
SPARSE = one_column("u", "vector", SPARSE_ROWS)
MIXED = one_column("u", "vector", [row for pair in zip(DENSE_ROWS, SPARSE_ROWS, strict=True) for row in pair])
#: Finite rows of five features, sparse and dense as `Vector.compressed` decides where a VectorAssembler made them.
WIDE = one_column(
    "u",
    "vector",
    [
        dense(1, -2, 3, 0.5, 7),
        sparse(5, {4: 2.0}),
        sparse(5, {0: 1.5, 3: 0.0}),
        dense(0.1, 0.2, 0.3, 0.4, 0.5),
        sparse(5),
        dense(1e-3, 1e3, -1e-5, 1e5, 1 / 3),
        sparse(5, {1: -1 / 3, 2: 1 / 7, 4: 1e10}),
    ],
)


#: Cases that the reading of the input's column alone decides.
BIND_ONLY = {"metadata_size", "array_input_is_refused", "missing_column", "null_vector_not_asked_for"}


def vector_cases(
    case: Callable[..., Case],
    model: Callable[[SparkSession], Any],
    rows: Table = MIXED,
    *,
    inputs: str = "inputCol",
    size: int = 3,
    null: str = "error",
    names: bool = False,
    brief: bool = False,
) -> list[Case]:
    """Column names, null vectors, no rows, other types: the cases of a stage that reads the vectors `u` and writes `v`.

    Args:
        case: makes a case of the stage's folder.
        model: makes the stage.
        rows: vectors that it takes.
        inputs: the name of the param that names the input.
        size: how many features the rows have.
        null: what Spark does with a null vector, "error" or "rows".
        names: whether the cases of odd column names are wanted, which stages of the same op need once.
        brief: whether the cases are left out in which the stage's own arithmetic has no part.
    """
    vectors = [row[0] for row in rows.rows]
    wanted = [
        case("dense_rows", "Dense vectors.", model, one_column("u", "vector", [row for row in vectors if type(row).__name__ == "DenseVector"])),
        case("sparse_rows", "Sparse vectors.", model, one_column("u", "vector", [row for row in vectors if type(row).__name__ == "SparseVector"])),
        case("mixed_rows", "Sparse and dense vectors in one column.", model, rows),
        case("default_output_column", "Without outputCol the output is named after the uid.", with_params(model, outputCol=None), rows.head(2)),
        case("null_vector", "A null vector.", model, one_column("u", "vector", [vectors[0], None]), null),
        case(
            "null_vector_not_asked_for",
            "Nobody asks for the output, so a null vector does not raise.",
            model,
            Table({"u": "vector", "x": "int"}, [(None, 1), (vectors[0], 2)]),
            columns=("x",),
        ),
        case("empty_input", "No rows.", model, rows.empty()),
        case("metadata_size", "The input's ML attributes tell its size.", model, rows.head(2).with_metadata("u", vector_size(size))),
        case(
            "metadata_of_another_size",
            "The input's ML attributes tell another size than its vectors have.",
            model,
            rows.head(2).with_metadata("u", vector_size(size + 2)),
        ),
        case("metadata_attributes", "Named attributes of the input.", model, rows.head(2).with_metadata("u", vector_attributes(*([0] * (size - 1)), 2))),
        case("array_input_is_refused", "An array of doubles is not a vector.", model, lambda spark: spark.sql("SELECT array(1.0D, 2.0D, 3.0D) AS u"), "error"),
        case("missing_column", "A missing input column raises.", model, one_column("x", "int", [1]), "error"),
        case("output_column_exists", "An output column that exists is refused.", model, Table({"u": "vector", "v": "int"}, [(vectors[0], 1)]), "error"),
    ]
    if brief:
        return [made for made in wanted if made.name not in BIND_ONLY]
    if not names:
        return wanted
    return [
        *wanted,
        case("string_input_is_refused", "A string is not a vector.", model, one_column("u", "string", ["1"]), "error"),
        case("output_is_input", "The output may not have the input's name.", with_params(model, outputCol="u"), rows, "error"),
        case(
            "output_differs_by_case", "An output name that differs from a column by case alone replaces that column.", with_params(model, outputCol="U"), rows
        ),
        case(
            "output_differs_by_case_from_another",
            "So does one that differs so from another column.",
            with_params(model, outputCol="X"),
            Table({"u": "vector", "x": "int"}, [(row, 1) for row in vectors]),
        ),
        case(
            "output_differs_by_case_sensitive",
            "In a case sensitive session it is a column of its own.",
            with_params(model, outputCol="U"),
            rows,
            case_sensitive=True,
        ),
        case("input_differs_by_case", "The input's name must agree in case.", with_params(model, **{inputs: "U"}), rows, "error"),
        case(
            "space_in_column_name",
            "Column names with spaces.",
            with_params(model, **{inputs: "my col", "outputCol": "my vector"}),
            Table({"my col": "vector"}, rows.rows),
        ),
        case("dot_in_column_name", "A column named a.b is not resolved.", with_params(model, **{inputs: "a.b"}), Table({"a.b": "vector"}, rows.rows), "error"),
        case("dot_in_output_name", "A dot in the output's name is kept.", with_params(model, outputCol="b.c"), rows),
    ]
