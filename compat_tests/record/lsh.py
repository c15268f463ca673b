"""The two LSH models: projections at the edge of a bucket, given directions, hashes of sets, vectors without a set."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from pyspark.ml.feature import BucketedRandomProjectionLSH, BucketedRandomProjectionLSHModel, MinHashLSH
from pyspark.sql import SparkSession

from compat_tests.record.core import DENORMAL, HUGE, INF, Case, Table, dense, one_column, sparse
from compat_tests.record.session import java_matrix, java_model, with_params
from compat_tests.record.vector_rows import MIXED, WIDE, vector_cases

BUCKETS = "feature/bucketed_random_projection_lsh_model"
MIN_HASH = "feature/min_hash_lsh_model"

#: The output is no vector column, so the input's attributes do not matter.
ONCE = {"metadata_size", "metadata_attributes", "metadata_of_another_size", "mixed_rows", "array_input_is_refused"}

SETS = one_column(
    "u",
    "vector",
    [
        sparse(6, {0: 1.0, 2: 1.0, 3: 5.0}),
        dense(1, 0, 2, 0, 0, -3),
        sparse(6, {5: 1.0, 1: 0.0}),
        sparse(6, {1: float("nan"), 4: INF}),
        dense(0, 0, 0, 0, -0.0, DENORMAL),
    ],
)


def buckets(length: float = 2.0, tables: int = 3, train: Table = MIXED, **params: Any) -> Callable[[SparkSession], Any]:
    return lambda spark: BucketedRandomProjectionLSH(inputCol="u", outputCol="v", seed=12345, bucketLength=length, numHashTables=tables, **params).fit(
        train.frame(spark)
    )


def given(rows: list[list[float]], length: float, *, row_major: bool = True) -> Callable[[SparkSession], Any]:
    def model(spark: SparkSession) -> Any:
        model = java_model(
            spark, BucketedRandomProjectionLSHModel, "feature.BucketedRandomProjectionLSHModel", "brp-lsh_given", java_matrix(spark, rows, row_major=row_major)
        )
        model._java_obj.set(model._java_obj.getParam("bucketLength"), length)
        return model.setInputCol("u").setOutputCol("v")

    return model


def min_hash(tables: int = 4, train: Table = SETS) -> Callable[[SparkSession], Any]:
    return lambda spark: MinHashLSH(inputCol="u", outputCol="v", seed=54321, numHashTables=tables).fit(train.frame(spark))


def cases() -> list[Case]:
    bucket, hashed = partial(Case, BUCKETS), partial(Case, MIN_HASH)
    tenths = [[0.1, 0.2, 0.3, 0.4, 0.5], [1 / 3, 1 / 7, 1 / 9, 1 / 11, 1 / 13], [1.0, -1.0, 1.0, -1.0, 1.0]]
    edge = one_column(
        "u",
        "vector",
        [
            row
            for k in range(1, 9)
            for row in (dense(*(k * v / 10 for v in (1, 2, 3, 4, 5))), sparse(5, {0: k * 0.1, 2: k * 0.3, 4: k * 0.7}), dense(k, k, k, k, k))
        ],
    )
    return [
        *(made for made in vector_cases(bucket, buckets()) if made.name not in ONCE),
        bucket("defaults", "One table.", lambda spark: BucketedRandomProjectionLSH(inputCol="u", outputCol="v", bucketLength=0.5).fit(WIDE.frame(spark)), WIDE),
        *(
            bucket(f"edge_{name}", f"Projections at the edges of buckets, length {length}.", given(tenths, length), edge)
            for name, length in (("tenth", 0.1), ("one", 1.0), ("seventh", 1 / 7))
        ),
        bucket("edge_by_columns", "The same directions stored column by column: the sums run in another order.", given(tenths, 0.1, row_major=False), edge),
        bucket("length_denormal", "1 / length overflows.", given(tenths, DENORMAL), edge),
        bucket("length_infinity", "1 / length is 0.0, so every hash is 0.0.", given([[1.0, INF, 0.0]], INF), MIXED),
        bucket("huge_directions", "Sums that overflow.", given([[HUGE, HUGE, -HUGE], [0.0, -0.0, 0.0]], 1.0), MIXED),
        bucket("shorter", "Shorter vectors are refused.", buckets(), one_column("u", "vector", [dense(1, 2)]), "error"),
        bucket("longer_sparse", "Longer sparse vectors are refused.", buckets(), one_column("u", "vector", [sparse(4, {1: 2.0})]), "error"),
        bucket("input_differs_by_case", "The input's name need not agree in case.", with_params(buckets(), inputCol="U"), MIXED),
        bucket(
            "input_differs_by_case_sensitive", "In a case sensitive session it must.", with_params(buckets(), inputCol="U"), MIXED, "error", case_sensitive=True
        ),
        bucket(
            "dot_in_column_name", "A column named a.b is not resolved.", with_params(buckets(), inputCol="a.b"), Table({"a.b": "vector"}, MIXED.rows), "error"
        ),
        *(made for made in vector_cases(hashed, min_hash(), SETS, size=6) if made.name not in ONCE),
        hashed("defaults", "One table.", lambda spark: MinHashLSH(inputCol="u", outputCol="v").fit(SETS.frame(spark)), SETS),
        hashed("one_table", "One table with a seed.", min_hash(1), SETS),
        hashed("empty_set", "A sparse vector without an entry is refused.", min_hash(), one_column("u", "vector", [sparse(6, {1: 1.0}), sparse(6)]), "error"),
        hashed("stored_zeros_alone", "Stored zeros are no entries.", min_hash(), one_column("u", "vector", [sparse(6, {1: 0.0, 2: -0.0})]), "error"),
        hashed("dense_zeros", "A dense vector of zeros is refused.", min_hash(), one_column("u", "vector", [dense(0, 0, 0, 0, 0, 0)]), "error"),
        hashed(
            "other_sizes",
            "The size does not matter.",
            min_hash(),
            one_column("u", "vector", [sparse(1000000, {1: 1.0, 999999: 1.0}), sparse(1000000, {999998: 2.0})]),
        ),
        hashed("input_differs_by_case", "The input's name need not agree in case.", with_params(min_hash(), inputCol="U"), SETS),
    ]
