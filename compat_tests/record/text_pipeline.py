"""Pipelines from a text to a prediction."""

from __future__ import annotations

from functools import partial
from typing import Any

from pyspark.ml import Pipeline
from pyspark.ml.classification import LogisticRegression
from pyspark.ml.feature import IDF, CountVectorizer, HashingTF, NGram, RegexTokenizer, StopWordsRemover, Tokenizer, VectorAssembler, Word2Vec
from pyspark.sql import SparkSession

from compat_tests.record.core import Case, Table

case = partial(Case, "ml/pipeline_model")

TRAIN = Table(
    {"t": "string", "x": "double", "label": "double"},
    [("The good film was very good", 1.0, 1.0), ("A bad film", 0.5, 0.0), ("good actors and a good end", 2.0, 1.0), ("bad bad end", 0.1, 0.0)] * 3,
)
ROWS = Table(
    {"t": "string", "x": "double"}, [("A good end", 1.0), ("", 0.0), ("   ", 0.2), ("BAD Bad bad, the", 3.0), ("never heard of", -1.0), ("ΟΔΟΣ İ 😀", 0.0)]
)


def _fit(spark: SparkSession, *stages: Any) -> Any:
    return Pipeline(stages=[*stages, LogisticRegression(featuresCol="f", maxIter=5, regParam=0.1)]).fit(TRAIN.frame(spark))


def hashed(spark: SparkSession) -> Any:
    return _fit(
        spark,
        Tokenizer(inputCol="t", outputCol="w"),
        StopWordsRemover(inputCol="w", outputCol="s"),
        HashingTF(inputCol="s", outputCol="h", numFeatures=1 << 12),
        IDF(inputCol="h", outputCol="f"),
    )


def assembled(spark: SparkSession) -> Any:
    words = RegexTokenizer(inputCol="t", outputCol="w", pattern=r"\W+")
    pairs = NGram(inputCol="w", outputCol="g")
    return _fit(
        spark,
        words,
        pairs,
        CountVectorizer(inputCol="w", outputCol="c"),
        HashingTF(inputCol="g", outputCol="h", numFeatures=50),
        Word2Vec(inputCol="w", outputCol="m", vectorSize=3, minCount=1, seed=3),
        VectorAssembler(inputCols=["x", "c", "h", "m"], outputCol="f"),
    )


def cases() -> list[Case]:
    return [
        case("text_hashed_and_weighed", "Tokenizer, StopWordsRemover, HashingTF, IDF, LogisticRegression.", hashed, ROWS),
        case(
            "text_counted_and_assembled", "RegexTokenizer, NGram, CountVectorizer, HashingTF, Word2Vec, VectorAssembler, LogisticRegression.", assembled, ROWS
        ),
        case("text_prediction_alone", "Only the prediction is asked for.", hashed, ROWS, columns=("prediction", "t")),
    ]
