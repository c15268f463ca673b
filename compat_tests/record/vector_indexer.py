"""VectorIndexerModel: each handleInvalid with dense and sparse rows, maps with and without zero, attributes of the input."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from pyspark.ml.feature import VectorIndexer, VectorIndexerModel
from pyspark.sql import SparkSession

from compat_tests.record.core import INF, NAN, Case, Table, dense, one_column, sparse, vector_attributes, vector_size
from compat_tests.record.session import with_params

FOLDER = "feature/vector_indexer_model"
case = partial(Case, FOLDER)

TRAIN = one_column(
    "u", "vector", [dense(-1, 0, 5, 0.5), dense(2, 7, 5, 1.5), sparse(4, {2: 6.0, 3: 2.5}), sparse(4, {0: -1.0, 1: 7.0, 3: 3.5}), dense(0, 0, -2, 4.5)]
)
SEEN = one_column(
    "u", "vector", [dense(-1, -0.0, 6, NAN), sparse(4, {0: 2.0, 1: 0.0, 3: -9.0}), sparse(4), dense(0, 7, -2, -0.0), sparse(4, {1: -0.0, 2: 5.0})]
)
UNSEEN = [dense(3, 0, 5, 1), sparse(4, {1: 8.0}), dense(-1, NAN, 5, 1), dense(INF, 8, 9, 1), sparse(4, {0: NAN, 1: 7.0})]
ALL = one_column("u", "vector", [*(row[0] for row in SEEN.rows), *UNSEEN])


def fitted(train: Table = TRAIN, **params: Any) -> Callable[[SparkSession], Any]:
    return lambda spark: VectorIndexer(inputCol="u", **({"outputCol": "v", "maxCategories": 4} | params)).fit(train.frame(spark))


def given(size: int, maps: Mapping[int, Mapping[float, int]], **params: Any) -> Callable[[SparkSession], Any]:
    """A model of given category maps."""

    def model(spark: SparkSession) -> Any:
        jvm: Any = spark._jvm

        def scala_map(entries: Mapping[Any, Any]) -> Any:
            java = jvm.java.util.LinkedHashMap()
            for key, value in entries.items():
                java.put(key, value)
            return jvm.PythonUtils.toScalaMap(java)

        made = VectorIndexerModel(jvm.org.apache.spark.ml.feature.VectorIndexerModel("given_1", size, scala_map({k: scala_map(v) for k, v in maps.items()})))
        return made.setInputCol("u").setOutputCol("v")

    return with_params(model, **params) if params else model


#: Zero is no key of the first feature, and has the index 1 in the second.
NO_ZERO = {0: {1.0: 0, 2.0: 1}, 2: {-1.0: 0, 0.0: 1, 4.0: 2}}


def cases() -> list[Case]:
    modes = ("error", "skip", "keep")
    return [
        case("defaults", "Values that were seen; -0.0 is 0.0; NaN in a continuous feature passes.", fitted(), SEEN),
        case(
            "default_output_column",
            "Without outputCol the output is named after the uid.",
            lambda spark: VectorIndexer(inputCol="u", maxCategories=4).fit(TRAIN.frame(spark)),
            SEEN,
        ),
        *(case(f"{mode}_seen", f"Values that were seen, under {mode}.", fitted(handleInvalid=mode), SEEN) for mode in modes),
        case(
            "keep_unseen",
            "An unseen value gets the number of the feature's values; of sparse rows stored entries alone are looked up.",
            fitted(handleInvalid="keep"),
            ALL,
        ),
        case("skip_unseen", "A row with an unseen value is dropped.", fitted(handleInvalid="skip"), ALL),
        *(
            case(f"error_unseen_{i}", "A row with an unseen value is refused.", fitted(), one_column("u", "vector", [row]), "error")
            for i, row in enumerate(UNSEEN)
        ),
        case(
            "all_continuous",
            "No feature is categorical.",
            fitted(maxCategories=2, train=one_column("u", "vector", [dense(1, 2), dense(2, 3), dense(3, 4)])),
            one_column("u", "vector", [dense(9, NAN), sparse(2, {0: 0.0})]),
        ),
        case("all_categorical", "Every feature is categorical.", fitted(maxCategories=20), TRAIN),
        case(
            "two_values_are_binary",
            "A feature of two values becomes binary.",
            fitted(train=one_column("u", "vector", [dense(1, 0), dense(2, 0)])),
            one_column("u", "vector", [dense(2, 0), sparse(2, {0: 1.0})]),
        ),
        case("input_with_attributes", "Names stay; a categorical feature gets its values.", fitted(), SEEN.with_metadata("u", vector_attributes(0, 3, 0, 2))),
        case("input_with_attributes_keep", "Attributes under keep.", fitted(handleInvalid="keep"), ALL.with_metadata("u", vector_attributes(0, 0, 0, 2))),
        case("input_of_known_size", "The input tells its size alone.", fitted(), SEEN.with_metadata("u", vector_size(4))),
        case("input_declares_another_size", "The metadata contradicts the model.", fitted(), SEEN.with_metadata("u", vector_size(5)), "error"),
        case("another_size", "A vector of another size.", fitted(), one_column("u", "vector", [dense(-1, 0, 5)]), "error"),
        case(
            "another_size_skip",
            "A vector of another size is refused under skip too.",
            fitted(handleInvalid="skip"),
            one_column("u", "vector", [dense(-1, 0, 5)]),
            "error",
        ),
        *(
            case(
                f"{mode}_null",
                f"A null vector is refused under {mode}.",
                fitted(handleInvalid=mode),
                one_column("u", "vector", [dense(-1, 0, 5, 0), None]),
                "error",
            )
            for mode in modes
        ),
        *(case(f"{mode}_empty_input", f"No rows under {mode}.", fitted(handleInvalid=mode), SEEN.empty()) for mode in modes),
        case("not_a_vector", "The input is a number.", fitted(), one_column("u", "double", [1]), "error"),
        case("missing_column", "The input is not there.", fitted(), one_column("x", "int", [1]), "error"),
        case("output_is_input", "The output may replace the input.", with_params(fitted(), outputCol="u"), SEEN),
        case(
            "output_column_exists",
            "An output column that exists is replaced.",
            with_params(fitted(), outputCol="x"),
            Table({"u": "vector", "x": "int"}, [(dense(-1, 0, 5, 0), 1)]),
        ),
        case("output_differs_by_case", "An output name that differs by case alone replaces the column.", with_params(fitted(), outputCol="U"), SEEN),
        case("unseen_not_asked_for", "Nobody asks for the indices.", fitted(), Table({"u": "vector", "x": "int"}, [(dense(9, 9, 9, 9), 1)]), columns=("x",)),
        case(
            "skip_not_asked_for",
            "Rows are dropped even where nobody asks for the column.",
            fitted(handleInvalid="skip"),
            Table({"u": "vector", "x": "int"}, [(dense(9, 9, 9, 9), 1), (dense(-1, 0, 5, 0), 2)]),
            columns=("x",),
        ),
        *(
            case(
                f"{mode}_zero_is_no_key",
                f"A map without 0.0, and one in which 0.0 is not the first, under {mode}: what a sparse row does not store stays 0.0.",
                given(3, NO_ZERO, handleInvalid=mode),
                one_column(
                    "u",
                    "vector",
                    [
                        dense(1, 0, 0),
                        sparse(3, {0: 2.0}),
                        sparse(3),
                        sparse(3, {0: 1.0, 2: 0.0}),
                        dense(2, 5, 4),
                        *([dense(0, 1, -1), sparse(3, {0: 0.0})] if mode != "error" else []),
                    ],
                ),
            )
            for mode in modes
        ),
        case("dense_zero_is_no_key", "A dense zero that is no key is refused.", given(3, NO_ZERO), one_column("u", "vector", [dense(0, 1, 4)]), "error"),
        case("stored_zero_is_no_key", "A stored zero that is no key is refused.", given(3, NO_ZERO), one_column("u", "vector", [sparse(3, {0: 0.0})]), "error"),
        case(
            "empty_map_keep",
            "A feature without values, under keep.",
            given(2, {1: {}}, handleInvalid="keep"),
            one_column("u", "vector", [dense(1, 2), sparse(2)]),
        ),
        case(
            "nan_is_a_key",
            "NaN as a key is never found.",
            given(2, {0: {1.0: 0, NAN: 1}}, handleInvalid="keep"),
            one_column("u", "vector", [dense(1, 2), dense(NAN, 2)]),
        ),
        case(
            "five_keys",
            "More keys than Scala's small maps hold.",
            given(1, {0: {0.0: 0, -3.0: 1, 1e300: 2, 5e-324: 3, 7.5: 4, 1e9: 5}}),
            one_column("u", "vector", [dense(x) for x in (0, -0.0, -3, 1e300, 5e-324, 7.5, 1e9)]),
        ),
        case(
            "space_in_column_name",
            "Column names with spaces.",
            with_params(fitted(), inputCol="my u", outputCol="my v"),
            one_column("my u", "vector", [row[0] for row in SEEN.rows]),
        ),
    ]
