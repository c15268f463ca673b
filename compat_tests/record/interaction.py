"""Interaction: numbers, vectors, nominal features, what sparse rows store, names."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Any

from pyspark.ml import Pipeline
from pyspark.ml.feature import Interaction, OneHotEncoder, StringIndexer, VectorAssembler
from pyspark.sql import SparkSession

from compat_tests.record.core import HUGE, INF, NAN, Case, Table, dense, nominal, one_column, sparse, vector_attributes, vector_size

FOLDER = "feature/interaction"
case = partial(Case, FOLDER)

TWO = Table({"a": "double", "b": "double"}, [(2, 3), (0, 5), (-0.0, 1), (NAN, 2), (INF, 0), (HUGE, 10), (-1.5, -INF)])
VECTORS = Table(
    {"a": "double", "u": "vector", "w": "vector"},
    [
        (2, dense(1, 2), dense(3, 4, 5)),
        (1, sparse(2, {1: 2.0}), dense(0, -0.0, 1)),
        (-1, sparse(2), sparse(3, {0: 7.0})),
        (INF, sparse(2, {0: 0.0}), sparse(3, {2: 1.0})),
        (INF, dense(0, 1), sparse(3, {1: NAN})),
        (0, dense(1, 1), dense(1, 1, 1)),
    ],
)
NUMERIC = VECTORS.with_metadata("u", vector_attributes(0, 0)).with_metadata("w", vector_attributes(0, 0, 0))
NOMINAL = Table({"u": "vector", "x": "double"}, [(dense(1, 2), 3), (dense(0, 0), 4), (sparse(2, {0: 2.0}), 5), (sparse(2), 6), (sparse(2, {1: 9.0}), -0.0)])


def interaction(*names: str, **params: Any) -> Callable[[SparkSession], Any]:
    return lambda spark: Interaction(inputCols=list(names), outputCol="v", **params)


def wide(spark: SparkSession) -> Any:
    rows = Table({"s": "string", "t": "string", "x": "double"}, [(f"s{i % 5}", f"t{i % 3}", i) for i in range(15)])
    return Pipeline(
        stages=[
            StringIndexer(inputCols=["s", "t"], outputCols=["i", "j"]),
            OneHotEncoder(inputCols=["i"], outputCols=["h"], dropLast=False),
            VectorAssembler(inputCols=["h", "x"], outputCol="a"),
            Interaction(inputCols=["a", "j", "h"], outputCol="v"),
        ]
    ).fit(rows.frame(spark))


def cases() -> list[Case]:
    return [
        case("two_numbers", "The product of two numbers.", interaction("a", "b"), TWO),
        case("one_number", "One column is passed on as a vector.", interaction("a"), TWO),
        case("default_output_column", "Without outputCol Spark refuses to transform.", lambda spark: Interaction(inputCols=["a", "b"]), TWO, "error"),
        case("number_and_vectors", "Each with each; what a sparse row does not store is not multiplied.", interaction("a", "u", "w"), NUMERIC),
        case("vectors_and_number", "The order of the columns is the order of the places.", interaction("w", "u", "a"), NUMERIC),
        case("one_vector", "One vector column alone.", interaction("u"), NUMERIC),
        case("vector_without_attributes", "A vector column without attributes is refused.", interaction("a", "u"), VECTORS, "error"),
        case("vector_of_known_size", "A size alone is not enough.", interaction("a", "u"), VECTORS.with_metadata("u", vector_size(2)), "error"),
        case(
            "vector_of_another_size",
            "The vectors are not as long as their attributes say.",
            interaction("a", "u"),
            VECTORS.with_metadata("u", vector_attributes(0)),
            "error",
        ),
        case(
            "nominal_features",
            "A nominal feature counts as one per value; absent entries of sparse rows give nothing.",
            interaction("u", "x"),
            NOMINAL.with_metadata("u", vector_attributes(3, 0)),
        ),
        case(
            "two_nominal_features",
            "Two nominal features in one vector.",
            interaction("u", "x"),
            Table(NOMINAL.columns, NOMINAL.rows[:4]).with_metadata("u", vector_attributes(3, 4)),
        ),
        case(
            "nominal_feature_out_of_range",
            "An index that the attribute does not have.",
            interaction("u", "x"),
            NOMINAL.with_metadata("u", vector_attributes(0, 4)),
            "error",
        ),
        case(
            "nominal_number",
            "A nominal number counts as one per value.",
            interaction("a", "b"),
            Table(TWO.columns, [(0, 1.5), (2, -2), (1, 0)]).with_metadata("a", nominal(3, "a")),
        ),
        case(
            "two_nominal_numbers",
            "Categories with categories.",
            interaction("a", "b"),
            Table(TWO.columns, [(0, 1), (2, 0), (1, 1)]).with_metadata("a", nominal(3, "colour")).with_metadata("b", nominal(2)),
        ),
        case(
            "one_nominal_number",
            "One nominal column alone is one-hot.",
            interaction("a"),
            Table({"a": "double"}, [(0,), (2,), (-0.0,)]).with_metadata("a", nominal(3)),
        ),
        case(
            "nominal_count_alone",
            "The attribute gives a number of values.",
            interaction("a", "b"),
            Table(TWO.columns, [(0, 1), (2, 4)]).with_metadata("a", {"ml_attr": {"type": "nominal", "num_vals": 3, "name": "k"}}),
        ),
        case(
            "nominal_without_count",
            "The attribute gives no number of values.",
            interaction("a", "b"),
            TWO.with_metadata("a", {"ml_attr": {"type": "nominal"}}),
            "error",
        ),
        case(
            "nominal_of_one_value",
            "A category of one value is a number.",
            interaction("a", "b"),
            Table(TWO.columns, [(7, 2), (0, 1)]).with_metadata("a", nominal(1, "a")),
        ),
        case(
            "binary_number",
            "A binary attribute is a number.",
            interaction("a", "b"),
            Table(TWO.columns, [(0, 1), (1, 4)]).with_metadata("a", {"ml_attr": {"type": "binary", "name": "yes", "vals": ["n", "y"]}}),
        ),
        case(
            "numeric_attribute_with_name",
            "The attribute's own name counts.",
            interaction("a", "b"),
            TWO.with_metadata("a", {"ml_attr": {"name": "amount", "min": 0.5}}),
        ),
        case("nominal_fraction", "A fraction is no index.", interaction("a", "b"), Table(TWO.columns, [(0.5, 1)]).with_metadata("a", nominal(3)), "error"),
        case(
            "nominal_too_large",
            "An index that the attribute does not have.",
            interaction("a", "b"),
            Table(TWO.columns, [(3, 1)]).with_metadata("a", nominal(3)),
            "error",
        ),
        case("nominal_negative", "A negative index.", interaction("a", "b"), Table(TWO.columns, [(-1, 1)]).with_metadata("a", nominal(3)), "error"),
        case("nominal_nan", "NaN is no index.", interaction("a", "b"), Table(TWO.columns, [(NAN, 1)]).with_metadata("a", nominal(3)), "error"),
        case(
            "nominal_int_column",
            "The attribute of an int column counts too.",
            interaction("a", "b"),
            Table({"a": "int", "b": "double"}, [(0, 1), (2, 4)]).with_metadata("a", nominal(3)),
        ),
        case(
            "number_types",
            "Every numeric type is cast to double.",
            interaction("i", "l", "h", "f", "d"),
            Table({"i": "int", "l": "bigint", "h": "smallint", "f": "float", "d": "decimal(6,2)"}, [(2, 2**53 + 1, 3, 0.1, Decimal("1.25"))]),
        ),
        case("boolean_is_refused", "A boolean column is refused.", interaction("a", "b"), Table({"a": "boolean", "b": "double"}, [(True, 1)]), "error"),
        case("string_is_refused", "A string column is refused.", interaction("a", "b"), Table({"a": "string", "b": "double"}, [("x", 1)]), "error"),
        case("null_number", "Null is refused.", interaction("a", "b"), Table(TWO.columns, [(1, 1), (None, 1)]), "error"),
        case(
            "null_vector",
            "A null vector is refused.",
            interaction("a", "u"),
            Table({"a": "double", "u": "vector"}, [(1, None)]).with_metadata("u", vector_attributes(0, 0)),
            "error",
        ),
        case("empty_input", "No rows.", interaction("a", "u", "w"), NUMERIC.empty()),
        case(
            "compressed",
            "Rows of many zeros come out sparse.",
            interaction("u", "w"),
            Table(
                {"u": "vector", "w": "vector"},
                [(dense(0, 0, 1), dense(0, 2, 0)), (dense(1, 1, 1), dense(1, 1, 1)), (sparse(3), dense(1, 2, 3)), (dense(0, 0, 1), sparse(3, {2: -0.0}))],
            )
            .with_metadata("u", vector_attributes(0, 0, 0))
            .with_metadata("w", vector_attributes(0, 0, 0)),
        ),
        case("one_column_twice", "Columns must be distinct.", interaction("a", "a"), TWO, "error"),
        case("missing_column", "A column is not there.", interaction("a", "z"), TWO, "error"),
        case(
            "output_column_exists",
            "A second column of one name cannot be written.",
            lambda spark: Interaction(inputCols=["a", "b"], outputCol="b"),
            TWO,
            "error",
        ),
        case(
            "unnamed_features",
            "Features without names are called by their place.",
            interaction("u", "x"),
            NOMINAL.with_metadata("u", {"ml_attr": {"attrs": {"nominal": [{"idx": 0, "num_vals": 3}]}, "num_attrs": 2}}),
        ),
        case("space_in_column_name", "Column names with spaces.", interaction("my a", "b"), Table({"my a": "double", "b": "double"}, [(1, 2)])),
        case("null_not_asked_for", "Nobody asks for the product.", interaction("a", "b"), Table(TWO.columns, [(None, 1)]), columns=("b",)),
        Case(
            "ml/pipeline_model",
            "interaction_of_assembled_categories",
            "An assembled vector with categories, an index and a one-hot vector.",
            wide,
            Table({"s": "string", "t": "string", "x": "double"}, [("s0", "t0", 1.5), ("s4", "t2", 0), ("s2", "t1", -2)]),
        ),
        case(
            "one_feature_vectors",
            "Vectors of one feature.",
            interaction("u", "a"),
            Table({"u": "vector", "a": "double"}, [(dense(2), 3), (sparse(1), 4)]).with_metadata("u", vector_attributes(0)),
        ),
        case(
            "attributes_with_statistics",
            "One column alone is a number with a name; its statistics are gone.",
            interaction("a"),
            one_column("a", "double", [1.5]).with_metadata("a", {"ml_attr": {"min": 1.0, "max": 2.0}}),
        ),
    ]
