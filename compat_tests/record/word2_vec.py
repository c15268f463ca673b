"""Word2VecModel: means of float vectors."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from pyspark.ml.feature import Word2Vec, Word2VecModel
from pyspark.sql import SparkSession

from compat_tests.record.core import INF, NAN, Case, Table, one_column

case = partial(Case, "feature/word2_vec_model")

ROWS = one_column(
    "w",
    "array<string>",
    [
        ["a", "b", "a"],
        [],
        ["a"],
        ["unseen"],
        ["a", "unseen", "b", "c", "c", "b", "a"],
        [None],
        ["a", None, "b"],
        ["", "é"],
        ["b"] * 50 + ["a"] * 7,
        ["nan", "a"],
        ["inf", "-inf"],
        ["c"] * 3,
    ],
)
TRAIN = one_column("w", "array<string>", [["a", "b", "c", "a", "b", "é", ""]] * 8)
VECTORS: dict[str, tuple[float, ...]] = {
    "a": (0.1, -0.0, 1e-45, 3.4e38),
    "b": (1e10, 0.7, -1e-45, 3.4e38),
    "c": (-1e10, 1 / 3, 0.0, -3.4e38),
    "nan": (NAN, 1.0, 2.0, 3.0),
    "inf": (INF, -INF, INF, 1.0),
    "-inf": (-INF, -INF, 1.0, 1.0),
    "": (1e-3, 2e-3, 3e-3, 4e-3),
}


def fitted(**params: Any) -> Callable[[SparkSession], Any]:
    return lambda spark: Word2Vec(**{"inputCol": "w", "outputCol": "v", "vectorSize": 3, "minCount": 1, "seed": 7, **params}).fit(TRAIN.frame(spark))


def given(vectors: Mapping[str, tuple[float, ...]], **params: Any) -> Callable[[SparkSession], Any]:
    """A model of exactly these vectors, by way of a saved one: Python has no floats of 32 bits to call a constructor with."""

    def model(spark: SparkSession) -> Any:
        size = len(next(iter(vectors.values())))
        with tempfile.TemporaryDirectory(prefix="record-") as folder:
            fitted(vectorSize=size)(spark).write().overwrite().save(folder)
            frame = spark.createDataFrame(list(vectors.items()), "word string, vector array<float>")
            frame.coalesce(1).write.mode("overwrite").parquet(f"{folder}/data")
            made = Word2VecModel.load(folder)
            made.getVectors().count()
        for name, value in params.items():
            made.set(made.getParam(name), value)
        return made

    return model


def cases() -> list[Case]:
    return [
        case("defaults", "The mean of the words' vectors; unknown words count, an empty list is sparse.", fitted(), ROWS),
        case(
            "default_output_column",
            "Without outputCol the output is named after the uid.",
            lambda spark: Word2Vec(inputCol="w", vectorSize=2, minCount=1, seed=1).fit(TRAIN.frame(spark)),
            ROWS,
        ),
        case("default_size", "Vectors of 100.", lambda spark: Word2Vec(inputCol="w", outputCol="v", minCount=1, seed=1).fit(TRAIN.frame(spark)), ROWS),
        case("one_number", "Vectors of one number.", fitted(vectorSize=1), ROWS),
        case("min_count_leaves_words_out", "Rare words have no vector.", fitted(minCount=9), ROWS),
        case("given_vectors", "Hard numbers, added up in the order of the words.", given(VECTORS), ROWS),
        case("all_known", "No empty list, so all rows are dense.", given({"a": (0.1, 0.2)}), one_column("w", "array<string>", [["a", "a"], ["b"]])),
        case("empty_lists", "Empty lists alone.", given({"a": (0.1, 0.2)}), one_column("w", "array<string>", [[], []])),
        case("null_list", "A null list raises.", fitted(), one_column("w", "array<string>", [["a"], None]), "error"),
        case("empty_input", "No rows.", fitted(), ROWS.empty()),
        case("array_of_numbers", "Numbers are no words.", fitted(), one_column("w", "array<int>", [[1]]), "error"),
        case("text_column", "A text is no list.", fitted(), one_column("w", "string", ["a"]), "error"),
        case("output_column_exists", "An output column that exists is refused.", fitted(), Table({"w": "array<string>", "v": "int"}, [(["a"], 1)]), "error"),
    ]
