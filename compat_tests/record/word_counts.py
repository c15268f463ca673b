"""HashingTF, CountVectorizerModel and IDFModel: counts of words, and their weights."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Any

from pyspark.ml.feature import IDF, CountVectorizer, CountVectorizerModel, HashingTF, IDFModel
from pyspark.sql import SparkSession

from compat_tests.record.core import DENORMAL, HUGE, INF, NAN, Case, Table, dense, one_column, sparse, vector_size
from compat_tests.record.session import java_vector, with_params

hashing = partial(Case, "feature/hashing_tf")
counting = partial(Case, "feature/count_vectorizer_model")
weighing = partial(Case, "feature/idf_model")

WORDS: list[Any] = [
    ["a", "b", "a"],
    [],
    ["", "b", "c", "c", "c"],
    ["é", "日本語", "😀", "naïve", "abcd", "abcde", "abcdef", "abcdefg", "abcdefgh"],
    [None],
    [None, "a", None],
    ["unseen"],
    ["x"] * 40 + ["a"],
]
ROWS = one_column("w", "array<string>", WORDS)
TRAIN = one_column("w", "array<string>", [["a", "b", "a", "c"], ["b", "c", "c"], ["a", "é", "日本語"], ["x", "a", ""]])
ENTRIES: dict[str, tuple[str, list[Any]]] = {
    "boolean": ("boolean", [[True, False, True], [], [None]]),
    "byte": ("tinyint", [[1, -1, 127, -128], [None, 0]]),
    "short": ("smallint", [[1, -1, 32767, -32768], [None, 0]]),
    "int": ("int", [[1, -1, 2**31 - 1, -(2**31)], [None, 0]]),
    "long": ("bigint", [[1, -1, 2**63 - 1, -(2**63), 2**32], [None, 0]]),
    "float": ("float", [[1.5, -0.0, 0.0, NAN, INF, -INF], [None, 1e-45]]),
    "double": ("double", [[1.5, -0.0, 0.0, NAN, INF, -INF, DENORMAL, HUGE], [None]]),
}
VECTORS = [
    dense(1, 2, 3),
    dense(0, -0.0, 0),
    sparse(3, {1: 2.0}),
    sparse(3),
    sparse(3, {0: 0.0, 2: -1.5}),
    dense(NAN, INF, -INF),
    sparse(3, {0: NAN, 1: HUGE, 2: DENORMAL}),
]
SCALED = one_column("u", "vector", VECTORS)
COUNTS = one_column("u", "vector", [sparse(3, {0: 1.0, 2: 3.0}), sparse(3, {2: 1.0}), dense(1, 0, 4), sparse(3, {2: 2.0})])


def hashed(**params: Any) -> Callable[[SparkSession], Any]:
    return lambda spark: HashingTF(inputCol="w", outputCol="v", **params)


def counted(train: Table = TRAIN, **params: Any) -> Callable[[SparkSession], Any]:
    return lambda spark: CountVectorizer(inputCol="w", outputCol="v", **params).fit(train.frame(spark))


def vocabulary(*words: Any, **params: Any) -> Callable[[SparkSession], Any]:
    """A model of exactly these words."""

    def model(spark: SparkSession) -> Any:
        made = CountVectorizerModel.from_vocabulary(list(words), "w", "v")
        for name, value in params.items():
            made.set(made.getParam(name), value)
        return made

    return model


def weighed(train: Table = COUNTS, **params: Any) -> Callable[[SparkSession], Any]:
    return lambda spark: IDF(inputCol="u", outputCol="v", **params).fit(train.frame(spark))


def weights(*values: float) -> Callable[[SparkSession], Any]:
    """A model of exactly these weights."""

    def model(spark: SparkSession) -> Any:
        jvm: Any = spark._jvm
        old = jvm.org.apache.spark.mllib.linalg.Vectors.fromML(java_vector(spark, *values))
        counts = spark._sc._gateway.new_array(jvm.long, len(values))  # type: ignore[union-attr]
        java = jvm.org.apache.spark.mllib.feature.IDFModel(old, counts, 0)
        return IDFModel(jvm.org.apache.spark.ml.feature.IDFModel("idf_given", java)).setInputCol("u").setOutputCol("v")

    return model


def cases() -> list[Case]:
    null = one_column("w", "array<string>", [["a"], None])
    exists = Table({"w": "array<string>", "v": "int", "u": "vector"}, [(["a"], 1, dense(1, 2, 3))])
    return [
        hashing("defaults", "Counts of 2^18 hashes.", hashed(), ROWS),
        hashing("default_output_column", "Without outputCol the output is named after the uid.", lambda spark: HashingTF(inputCol="w"), ROWS),
        hashing("binary", "1.0 for each hash that is there.", hashed(binary=True), ROWS),
        hashing("seven_features", "Words that share a feature.", hashed(numFeatures=7), ROWS),
        hashing("seven_features_binary", "Words that share a feature, once.", hashed(numFeatures=7, binary=True), ROWS),
        hashing("one_feature", "One feature.", hashed(numFeatures=1), ROWS),
        hashing("many_features", "2^31 - 1 features.", hashed(numFeatures=2**31 - 1), ROWS),
        *(
            hashing(f"entries_{name}", f"Arrays of {kind}.", hashed(numFeatures=1000), one_column("w", f"array<{kind}>", rows))
            for name, (kind, rows) in ENTRIES.items()
        ),
        hashing("entries_void", "Arrays of nothing but null.", hashed(), lambda spark: spark.sql("SELECT array(CAST(NULL AS STRING)) AS w")),
        hashing("entries_date", "Dates have no hash.", hashed(), one_column("w", "array<date>", [[datetime.date(2020, 1, 1)]]), "error"),
        hashing("entries_date_empty", "Empty lists of dates.", hashed(), one_column("w", "array<date>", [[], [None]])),
        hashing("entries_decimal", "Decimals have no hash.", hashed(), one_column("w", "array<decimal(5,2)>", [[Decimal("1.00")]]), "error"),
        hashing("entries_array", "Lists of lists have no hash.", hashed(), one_column("w", "array<array<string>>", [[["a"]]]), "error"),
        hashing("null_list", "A null list raises.", hashed(), null, "error"),
        hashing("empty_input", "No rows.", hashed(), ROWS.empty()),
        hashing("text_column", "A text is no list.", hashed(), one_column("w", "string", ["a"]), "error"),
        hashing("output_column_exists", "An output column that exists is refused.", hashed(), exists, "error"),
        hashing("output_differs_by_case", "An output that differs by case alone replaces the column.", with_params(hashed(), outputCol="W"), ROWS),
        counting("defaults", "Counts of the vocabulary's words.", counted(), ROWS),
        counting(
            "default_output_column",
            "Without outputCol the output is named after the uid.",
            lambda spark: CountVectorizer(inputCol="w").fit(TRAIN.frame(spark)),
            ROWS,
        ),
        counting("binary", "1.0 for each word that is there.", counted(binary=True), ROWS),
        counting("min_tf_two", "Words that stand there twice.", counted(minTF=2.0), ROWS),
        counting("min_tf_two_binary", "Words that stand there twice, as 1.0.", counted(minTF=2.0, binary=True), ROWS),
        counting("min_tf_fractional_count", "At least 2.5 times.", counted(minTF=2.5), ROWS),
        counting("min_tf_share", "Words that make up a third of the list.", counted(minTF=1 / 3), ROWS),
        counting("min_tf_share_tenth", "A tenth of the list, of unknown words too.", counted(minTF=0.1), ROWS),
        counting("min_tf_zero", "No least count.", counted(minTF=0.0), ROWS),
        counting("min_df_and_vocabulary_size", "Params of fit alone.", counted(minDF=2.0, maxDF=4.0, vocabSize=2), ROWS),
        counting("given_vocabulary", "A vocabulary that was given.", vocabulary("b", "", "é", "a"), ROWS),
        counting(
            "null_in_vocabulary",
            "A null that fit has counted as a word.",
            counted(one_column("w", "array<string>", [[None, "a", None, None, "b"], ["a", "b", "b"]])),
            ROWS,
        ),
        counting("empty_vocabulary", "A vocabulary without words.", counted(minDF=50.0), ROWS),
        counting("null_list", "A null list raises.", counted(), null, "error"),
        counting("empty_input", "No rows.", counted(), ROWS.empty()),
        counting("array_of_numbers", "Numbers are no words.", counted(), one_column("w", "array<int>", [[1]]), "error"),
        counting("text_column", "A text is no list.", counted(), one_column("w", "string", ["a"]), "error"),
        counting("output_column_exists", "An output column that exists is refused.", counted(), exists, "error"),
        weighing("defaults", "Times the inverse document frequency; sparse rows stay sparse.", weighed(), SCALED),
        weighing(
            "default_output_column", "Without outputCol the output is named after the uid.", lambda spark: IDF(inputCol="u").fit(COUNTS.frame(spark)), SCALED
        ),
        weighing("min_doc_freq", "Rare features weigh 0.", weighed(minDocFreq=3), SCALED),
        weighing("given_weights", "Hard weights; dense zeros are multiplied too.", weights(INF, NAN, -0.0), SCALED),
        weighing(
            "given_weights_dense_rows",
            "Hard weights on dense rows alone: zeros are multiplied.",
            weights(INF, NAN, -0.0),
            one_column("u", "vector", [dense(0, 0, 0), dense(1, -0.0, 2), dense(NAN, INF, 0)]),
        ),
        weighing("huge_weights", "Weights that overflow and underflow.", weights(HUGE, DENORMAL, -2.0), SCALED),
        weighing("null_vector", "A null vector raises.", weighed(), one_column("u", "vector", [dense(1, 2, 3), None]), "error"),
        weighing("shorter_vector", "Shorter vectors are not refused.", weighed(), one_column("u", "vector", [dense(1, 2), sparse(2, {1: 2.0}), sparse(2)])),
        weighing("longer_dense", "A longer dense vector raises.", weighed(), one_column("u", "vector", [dense(1, 2, 3, 4)]), "error"),
        weighing(
            "longer_sparse", "Longer sparse vectors with nothing stored beyond the end.", weighed(), one_column("u", "vector", [sparse(4, {1: 2.0}), sparse(4)])
        ),
        weighing(
            "longer_sparse_beyond", "A longer sparse vector with an entry beyond the end.", weighed(), one_column("u", "vector", [sparse(4, {3: 2.0})]), "error"
        ),
        weighing("metadata_of_another_size", "The size that the input's attributes tell is not checked.", weighed(), SCALED.with_metadata("u", vector_size(5))),
        weighing("empty_input", "No rows.", weighed(), SCALED.empty()),
        weighing("double_column", "A number is no vector.", weighed(), one_column("u", "double", [1.0]), "error"),
        weighing("output_column_exists", "An output column that exists is refused.", weighed(), exists, "error"),
    ]
