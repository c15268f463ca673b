"""VectorAssembler: input types, nulls and NaN, vectors of known and unknown size, sparse and dense results."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Any

from pyspark.ml.feature import VectorAssembler
from pyspark.sql import SparkSession

from compat_tests.record.core import DENORMAL, HUGE, INF, NAN, Case, Table, dense, one_column, sparse, vector_attributes, vector_size

FOLDER = "feature/vector_assembler"
case = partial(Case, FOLDER)

ABC = {"a": "double", "b": "double", "c": "double"}
PLAIN = Table(ABC, [(1, 2, 3), (0, 0, 0), (0, 5, 0), (0, -0.0, 1.5), (-0.0, -0.0, -0.0), (INF, -INF, 0), (HUGE, -HUGE, DENORMAL), (0, 7, 8)])
GAPS = Table(ABC, [(1, 2, 3), (None, 2, 3), (1, NAN, 3), (None, None, None), (NAN, 0, None), (INF, 0, 0)])


def assembler(*inputs: str, output: str = "v", **params: Any) -> Callable[[SparkSession], Any]:
    def model(spark: SparkSession) -> Any:
        return VectorAssembler(inputCols=list(inputs), outputCol=output, **params)

    return model


VECTORS = Table(
    {"x": "double", "u": "vector"},
    [
        (1, dense(1, 2)),
        (2, dense(0, 0)),
        (0, sparse(2)),
        (0, sparse(2, {1: 3.0})),
        (0, sparse(2, {0: 0.0, 1: 0.0})),
        (-1, dense(-0.0, INF)),
        (4, sparse(2, {0: -0.0, 1: -INF})),
    ],
)
NULL_VECTORS = Table(
    {"x": "double", "u": "vector"}, [(1, dense(1, 2)), (2, None), (None, dense(3, 4)), (0, dense(NAN, 5)), (NAN, sparse(2, {0: NAN})), (None, None)]
)
RAGGED = Table({"x": "double", "u": "vector"}, [(1, dense(1, 2)), (2, dense(3, 4, 5)), (3, dense(6)), (4, sparse(10, {9: 7.0})), (5, dense())])


def cases() -> list[Case]:
    types = {"y": "tinyint", "h": "smallint", "i": "int", "l": "bigint", "f": "float", "d": "decimal(38,18)", "t": "boolean"}
    all_types = assembler(*types)
    values = [
        (1, 2, 3, 2**53 + 1, 0.1, Decimal("0.100000000000000001"), True),
        (-128, 0, -(2**31), -(2**63), -0.0, Decimal("-12345678901234567890.123456789"), False),
        (0, 0, 0, 0, 1e-45, Decimal(0), False),
    ]
    with_nulls = [*values, (None, 1, None, 1, NAN, None, None), (1, None, 1, None, None, Decimal(1), True)]
    wide = {f"c{k}": "double" for k in range(12)}
    return [
        case("defaults", "Doubles side by side; a row with few values that are not zero is sparse.", assembler("a", "b", "c"), PLAIN),
        case("default_output_column", "Without outputCol the output is named after the uid.", lambda spark: VectorAssembler(inputCols=["a", "b"]), PLAIN),
        *(
            case(f"clean_rows_under_{how}", f"Rows without null or NaN under {how}.", assembler("c", "a", handleInvalid=how), PLAIN)
            for how in ("error", "skip", "keep")
        ),
        case("error_refuses_null", "Under error a null raises.", assembler("a", "b", "c"), Table(ABC, GAPS.rows[:2]), "error"),
        case("error_refuses_nan", "Under error NaN raises.", assembler("a", "b", "c"), Table(ABC, [GAPS.rows[0], GAPS.rows[2]]), "error"),
        case("error_takes_infinity", "Under error infinity is a value.", assembler("a", "b", "c"), Table(ABC, [GAPS.rows[5]])),
        case("skip_removes_null_and_nan", "Under skip rows with null or NaN are removed.", assembler("a", "b", "c", handleInvalid="skip"), GAPS),
        case("skip_looks_at_inputs_alone", "Under skip only the input columns decide.", assembler("a", handleInvalid="skip"), GAPS),
        case("keep_makes_nan_of_null", "Under keep null becomes NaN.", assembler("a", "b", "c", handleInvalid="keep"), GAPS),
        case(
            "column_not_asked_for_is_not_refused", "Nobody asks for the vector, so a null does not raise.", assembler("a", "b", "c"), GAPS, columns=("c", "a")
        ),
        case(
            "skip_removes_rows_though_output_not_asked_for",
            "Under skip rows go even where nobody asks for the vector.",
            assembler("a", "b", handleInvalid="skip"),
            GAPS,
            columns=("c",),
        ),
        *(case(f"empty_input_{how}", f"No rows under {how}.", assembler("a", "b", handleInvalid=how), PLAIN.empty()) for how in ("error", "skip", "keep")),
        case("no_inputs", "An empty list of inputs.", assembler(), PLAIN),
        case("one_input_twice", "The same input twice.", assembler("a", "b", "a"), PLAIN),
        case("all_types", "Integers, floats, decimals and booleans become doubles.", all_types, Table(types, values)),
        case("all_types_keep", "All types under keep: nulls become NaN.", assembler(*types, handleInvalid="keep"), Table(types, with_nulls)),
        case("all_types_skip", "All types under skip.", assembler(*types, handleInvalid="skip"), Table(types, with_nulls)),
        case("float_nan_error", "Under error NaN of a float column raises.", assembler("f"), one_column("f", "float", [1.0, NAN]), "error"),
        case("null_int_error", "Under error null of an int column raises.", assembler("i"), one_column("i", "int", [1, None]), "error"),
        case(
            "compression_boundary",
            "A row is sparse where 1.5 (nnz + 1) is less than the size.",
            assembler(*wide),
            Table(wide, [tuple([1.0] * n + [0.0] * (12 - n)) for n in range(13)]),
        ),
        case("vectors_of_size_from_first_row", "The size of vectors without metadata is that of the first row.", assembler("x", "u", "x"), VECTORS),
        case("vectors_of_size_from_metadata", "The size of vectors from metadata.", assembler("u", "x"), VECTORS.with_metadata("u", vector_size(2))),
        case("vectors_with_attributes", "Vectors with named attributes.", assembler("u", "x"), VECTORS.with_metadata("u", vector_attributes(0, 3))),
        case(
            "vectors_alone_are_compressed",
            "One vector column alone is compressed, too.",
            assembler("u"),
            Table(
                {"u": "vector"},
                [(sparse(5, {0: 1.0}),), (sparse(5, {0: 1.0, 1: 2.0, 2: 3.0, 3: 4.0}),), (dense(0, 0, 0, 0, 9),), (sparse(5, {0: 0.0, 1: 0.0}),)],
            ),
        ),
        case(
            "stored_zeros_are_dropped",
            "Zeros that a sparse vector stores are not stored again.",
            assembler("u", "x"),
            Table({"u": "vector", "x": "double"}, [(sparse(8, {0: 0.0, 1: 5.0, 7: -0.0}), 0), (sparse(8, {0: 0.0}), 1)]),
        ),
        case(
            "nan_in_vector_is_not_refused",
            "Under error NaN inside a vector is a value.",
            assembler("x", "u"),
            Table(VECTORS.columns, [(1, dense(NAN, 2)), (2, sparse(2, {1: NAN}))]),
        ),
        case("null_vector_error", "Under error a null vector raises.", assembler("x", "u"), Table(VECTORS.columns, [(1, dense(1, 2)), (2, None)]), "error"),
        case(
            "null_vector_in_first_row_error",
            "Under error a null vector in the first row raises before any row is computed.",
            assembler("x", "u"),
            Table(VECTORS.columns, [(2, None), (1, dense(1, 2))]),
            "error",
        ),
        case(
            "null_vector_in_first_row_not_asked_for",
            "It raises even where nobody asks for the vector.",
            assembler("x", "u"),
            Table(VECTORS.columns, [(2, None), (1, dense(1, 2))]),
            "error",
            columns=("x",),
        ),
        case(
            "null_vector_in_first_row_with_metadata",
            "With metadata a null vector in the first row is refused as in any other.",
            assembler("x", "u"),
            Table(VECTORS.columns, [(2, None), (1, dense(1, 2))]).with_metadata("u", vector_size(2)),
            "error",
        ),
        case(
            "null_vector_skip",
            "Under skip rows with a null vector are removed; NaN inside a vector stays.",
            assembler("x", "u", handleInvalid="skip"),
            NULL_VECTORS,
        ),
        case(
            "null_vector_in_first_row_skip",
            "Under skip the first row that is not null tells the size.",
            assembler("u", handleInvalid="skip"),
            Table(VECTORS.columns, [(2, None), (1, dense(1, 2))]),
        ),
        case(
            "null_vectors_alone_skip",
            "Under skip, a vector column without metadata in which all is null raises.",
            assembler("u", handleInvalid="skip"),
            Table(VECTORS.columns, [(2, None)]),
            "error",
        ),
        case(
            "null_vectors_alone_skip_with_metadata",
            "Under skip, with metadata, all rows go.",
            assembler("u", handleInvalid="skip"),
            Table(VECTORS.columns, [(2, None)]).with_metadata("u", vector_size(2)),
        ),
        case(
            "vector_of_unknown_size_keep",
            "Under keep a vector column without metadata raises, even where no row is null.",
            assembler("x", "u", handleInvalid="keep"),
            VECTORS,
            "error",
        ),
        case(
            "null_vector_keep_with_metadata",
            "Under keep a null vector becomes as many NaN as metadata says.",
            assembler("x", "u", handleInvalid="keep"),
            NULL_VECTORS.with_metadata("u", vector_size(2)),
        ),
        case(
            "null_vectors_alone_keep_with_metadata",
            "The same where every vector is null.",
            assembler("x", "u", handleInvalid="keep"),
            Table({"x": "double", "u": "vector"}, [(1.0, None), (None, None)]).with_metadata("u", vector_size(2)),
        ),
        case(
            "null_vector_keep_with_attributes",
            "The same where metadata names each attribute.",
            assembler("u", "x", handleInvalid="keep"),
            NULL_VECTORS.with_metadata("u", vector_attributes(0, 0)),
        ),
        case("ragged_vectors", "Vectors of other sizes than the first are not refused: rows have different sizes.", assembler("x", "u", "x"), RAGGED),
        case(
            "ragged_vectors_with_metadata",
            "Vectors of other sizes than metadata says are not refused.",
            assembler("x", "u"),
            RAGGED.with_metadata("u", vector_size(2)),
        ),
        case(
            "ragged_vectors_keep",
            "Null is as long as metadata says, other rows as long as they are.",
            assembler("u", "x", handleInvalid="keep"),
            Table(RAGGED.columns, [*RAGGED.rows, (9, None)]).with_metadata("u", vector_size(3)),
        ),
        case(
            "vector_column_without_rows", "Under error a vector column without metadata and without rows raises.", assembler("x", "u"), VECTORS.empty(), "error"
        ),
        case(
            "vector_column_without_rows_with_metadata",
            "With metadata no rows are needed.",
            assembler("x", "u"),
            VECTORS.empty().with_metadata("u", vector_size(2)),
        ),
        case(
            "vector_of_size_zero",
            "Vectors of size 0 with metadata.",
            assembler("u", "x", handleInvalid="keep"),
            Table(VECTORS.columns, [(1, dense()), (2, None), (3, sparse(0))]).with_metadata("u", vector_size(0)),
        ),
        case(
            "two_vector_columns_one_with_metadata",
            "One vector column has metadata, the other the first row's size.",
            assembler("u", "w"),
            Table({"u": "vector", "w": "vector"}, [(dense(1, 2), dense(3)), (sparse(2), sparse(1, {0: 4.0}))]).with_metadata("u", vector_size(2)),
        ),
        case("string_column_is_refused", "A string column is refused.", assembler("a", "s"), Table({"a": "double", "s": "string"}, [(1, "x")]), "error"),
        case(
            "array_column_is_refused", "An array of doubles is not a vector.", assembler("s"), lambda spark: spark.sql("SELECT array(1.0D, 2.0D) AS s"), "error"
        ),
        case("date_column_is_refused", "A date is refused.", assembler("s"), lambda spark: spark.sql("SELECT date'2020-01-01' AS s"), "error"),
        case("missing_column", "A missing input column raises.", assembler("a", "nope"), PLAIN, "error"),
        case("output_column_exists", "An output column that exists is refused.", assembler("a", "b", output="c"), PLAIN, "error"),
        case(
            "output_differs_by_case",
            "An output name that differs from a column by case alone stands beside it, and cannot be written.",
            assembler("a", "b", output="C"),
            PLAIN,
            "error",
        ),
        case(
            "output_differs_by_case_other_columns",
            "The columns that are not ambiguous can be read.",
            assembler("a", "b", output="C"),
            PLAIN,
            columns=("a", "b"),
        ),
        case("input_differs_by_case", "The input's name must agree in case.", assembler("A", "b"), PLAIN, "error"),
        case(
            "space_in_column_name",
            "Column names with spaces.",
            assembler("my col", "b", output="my vector"),
            Table({"my col": "double", "b": "int"}, [(1, 2), (0, 0)]),
        ),
        case("dot_in_column_name", "A column named a.b is not resolved.", assembler("a.b"), one_column("a.b", "double", [1, 2]), "error"),
        case(
            "backquotes_in_column_name",
            "Backquotes do not help: the schema has no such name.",
            assembler("`a.b`"),
            one_column("a.b", "double", [1, 2]),
            "error",
        ),
    ]
