"""What stages make of the metadata of their inputs: SELECT, encoders, assemblers, in pipelines."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from pyspark.ml import Pipeline
from pyspark.ml.feature import Bucketizer, Imputer, OneHotEncoder, SQLTransformer, StandardScaler, StringIndexer, VectorAssembler
from pyspark.sql import SparkSession

from compat_tests.record.core import Case, Table, dense, nominal, one_column, sparse, vector_attributes

case = partial(Case, "ml/pipeline_model")

#: What a regressor says of its prediction.
NUMERIC = {"ml_attr": {}}
MINE = {"comment": "mine", "ml_attr": {"type": "nominal", "vals": ["x", "y"], "name": "k"}}
ROWS = Table({"i": "double", "u": "vector", "s": "string"}, [(0, dense(1, 2), "a"), (1, sparse(2, {1: 5.0}), "b"), (1, dense(0, 3), "a")])
TABLE = ROWS.with_metadata("i", MINE).with_metadata("u", vector_attributes(0, 2)).with_metadata("s", {"comment": "text"})


def pipeline(*stages: Callable[[], Any], train: Table = TABLE) -> Callable[[SparkSession], Any]:
    return lambda spark: Pipeline(stages=[stage() for stage in stages]).fit(train.frame(spark))


def select(statement: str) -> Callable[[], Any]:
    return lambda: SQLTransformer(statement=statement)


def cases() -> list[Case]:
    indexed = partial(StringIndexer, inputCol="s", outputCol="j")
    return [
        case(
            "metadata_select_columns",
            "A column, and a column under another name, keep their metadata.",
            pipeline(select("SELECT *, i AS k, u AS w, s AS t FROM __THIS__")),
            TABLE,
        ),
        case(
            "metadata_select_expressions",
            "What is computed has no metadata, whatever it computes.",
            pipeline(select("SELECT i + 0 AS a, -i AS b, coalesce(i, 0D) AS c, (i) AS d, upper(s) AS e FROM __THIS__")),
            TABLE,
        ),
        case(
            "metadata_select_casts",
            "A cast to the column's own type.",
            pipeline(select("SELECT CAST(i AS double) AS a, CAST(i AS int) AS b, CAST(s AS string) AS c FROM __THIS__")),
            TABLE,
        ),
        case("metadata_select_where", "A condition leaves metadata alone.", pipeline(select("SELECT i, u FROM __THIS__ WHERE i > 0")), TABLE),
        case(
            "metadata_select_twice",
            "Names through two statements.",
            pipeline(select("SELECT i AS a, u FROM __THIS__"), select("SELECT a AS b, u AS w FROM __THIS__")),
            TABLE,
        ),
        case("metadata_imputer", "An imputer's output has none.", pipeline(partial(Imputer, inputCols=["i"], outputCols=["m"])), TABLE),
        case(
            "metadata_imputer_in_place",
            "An imputer that replaces its input takes the metadata away.",
            pipeline(partial(Imputer, inputCols=["i"], outputCols=["i"])),
            TABLE,
        ),
        case(
            "metadata_index_encode_assemble",
            "Labels become names of binary features, and those names of the assembled vector.",
            pipeline(
                indexed,
                partial(OneHotEncoder, inputCols=["j"], outputCols=["h"], dropLast=False),
                partial(VectorAssembler, inputCols=["h", "j", "i", "u"], outputCol="v"),
            ),
            TABLE,
        ),
        case(
            "metadata_assemble_twice",
            "An assembled vector in another one.",
            pipeline(partial(VectorAssembler, inputCols=["i", "u"], outputCol="v"), partial(VectorAssembler, inputCols=["v", "i"], outputCol="w")),
            TABLE,
        ),
        case(
            "metadata_assemble_a_copy",
            "The name that counts is that of the column now.",
            pipeline(select("SELECT i AS k, u AS w FROM __THIS__"), partial(VectorAssembler, inputCols=["k", "w"], outputCol="v")),
            TABLE,
        ),
        case(
            "metadata_scale_assemble",
            "A scaler's output tells its size alone.",
            pipeline(partial(StandardScaler, inputCol="u", outputCol="z"), partial(VectorAssembler, inputCols=["z", "i"], outputCol="v")),
            TABLE,
        ),
        case(
            "metadata_bucket_encode",
            "Buckets become names.",
            pipeline(
                partial(Bucketizer, inputCol="i", outputCol="b", splits=[-1, 0.5, 2]), partial(OneHotEncoder, inputCols=["b"], outputCols=["h"], dropLast=False)
            ),
            TABLE,
        ),
        case(
            "metadata_encode_kept_unknown",
            "The label for unknown texts is a category like another.",
            pipeline(
                partial(StringIndexer, inputCol="s", outputCol="j", handleInvalid="keep"),
                partial(OneHotEncoder, inputCols=["j"], outputCols=["h"], handleInvalid="keep", dropLast=False),
            ),
            TABLE,
        ),
        case(
            "metadata_int_column_assembled",
            "The attribute of a column that is not double is not asked.",
            pipeline(partial(VectorAssembler, inputCols=["n"], outputCol="v"), train=one_column("n", "int", [1])),
            one_column("n", "int", [1, 2]).with_metadata("n", nominal(3, "n")),
        ),
        case(
            "metadata_empty_attribute_is_numeric",
            "An attribute that says nothing is a numeric one, and no encoder takes it.",
            pipeline(partial(OneHotEncoder, inputCols=["i"], outputCols=["h"]), train=ROWS),
            ROWS.with_metadata("i", NUMERIC),
            "error",
        ),
        case(
            "metadata_one_value_under_drop_last",
            "A column that declares one value is not encoded.",
            pipeline(partial(OneHotEncoder, inputCols=["i"], outputCols=["h"]), train=one_column("i", "double", [0, 0])),
            one_column("i", "double", [0]).with_metadata("i", nominal(1)),
            "error",
        ),
    ]
