"""The pipelines that are measured, fitted with Spark."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from benchmarks.data import CATEGORIES, NUMBERS

if TYPE_CHECKING:
    from pyspark.sql import DataFrame


@dataclass(frozen=True)
class Pipeline:
    """One pipeline.

    Attributes:
        what: in a few words.
        fit: from the training rows to a fitted PipelineModel.
        columns: the output columns that are written.
        reads: the input columns that it needs, for the floor.
    """

    what: str
    fit: Callable[[DataFrame], Any]
    columns: tuple[str, ...]
    reads: tuple[str, ...]


def _front(*, one_hot: bool) -> list[Any]:
    from pyspark.ml.feature import Imputer, OneHotEncoder, SQLTransformer, StandardScaler, StringIndexer, VectorAssembler

    sql = SQLTransformer(
        statement="SELECT *, log(abs(n0) + 1) AS log_n0, n1 / (abs(n2) + 1) AS ratio, CASE WHEN n3 > 1.0 THEN 1.0 ELSE 0.0 END AS large FROM __THIS__"
    )
    numbers = [*NUMBERS, "log_n0", "ratio"]
    filled = [f"{name}_filled" for name in numbers]
    indexed = [f"{name}_index" for name in CATEGORIES]
    stages: list[Any] = [
        sql,
        Imputer(inputCols=numbers, outputCols=filled),
        StringIndexer(inputCols=list(CATEGORIES), outputCols=indexed, handleInvalid="keep"),
    ]
    if not one_hot:
        return [*stages, VectorAssembler(inputCols=[*filled, "large", *indexed], outputCol="features")]
    encoded = [f"{name}_vector" for name in list(CATEGORIES)[:3]]
    return [
        *stages,
        OneHotEncoder(inputCols=indexed[:3], outputCols=encoded),
        VectorAssembler(inputCols=[*filled, "large", indexed[3]], outputCol="numbers"),
        StandardScaler(inputCol="numbers", outputCol="scaled", withMean=True),
        VectorAssembler(inputCols=["scaled", *encoded], outputCol="features"),
    ]


def _fit(stages: list[Any]) -> Callable[[DataFrame], Any]:
    from pyspark.ml import Pipeline as SparkPipeline

    return lambda rows: SparkPipeline(stages=stages).fit(rows)


def _lr(rows: DataFrame) -> Any:
    from pyspark.ml.classification import LogisticRegression

    return _fit([*_front(one_hot=True), LogisticRegression(maxIter=10)])(rows)


def _gbt(rows: DataFrame) -> Any:
    from pyspark.ml.classification import GBTClassifier

    return _fit([*_front(one_hot=False), GBTClassifier(maxIter=50, maxDepth=5, maxBins=256, seed=1)])(rows)


def _rf(rows: DataFrame) -> Any:
    from pyspark.ml.classification import RandomForestClassifier

    return _fit([*_front(one_hot=False), RandomForestClassifier(numTrees=100, maxDepth=8, maxBins=256, seed=1)])(rows)


def _text(rows: DataFrame) -> Any:
    from pyspark.ml.classification import LogisticRegression
    from pyspark.ml.feature import IDF, HashingTF, StopWordsRemover, Tokenizer

    return _fit(
        [
            Tokenizer(inputCol="text", outputCol="words"),
            StopWordsRemover(inputCol="words", outputCol="kept"),
            HashingTF(inputCol="kept", outputCol="counts", numFeatures=2**18),
            IDF(inputCol="counts", outputCol="features"),
            LogisticRegression(maxIter=5),
        ]
    )(rows)


def _kmeans(rows: DataFrame) -> Any:
    from pyspark.ml.clustering import KMeans
    from pyspark.ml.feature import Imputer, VectorAssembler

    filled = [f"{name}_filled" for name in NUMBERS]
    assemble = VectorAssembler(inputCols=filled, outputCol="features")
    return _fit([Imputer(inputCols=list(NUMBERS), outputCols=filled), assemble, KMeans(k=20, seed=1, maxIter=5)])(rows)


_TABLE = (*NUMBERS, *CATEGORIES)
PIPELINES: dict[str, Pipeline] = {
    "lr": Pipeline("SQLTransformer, Imputer, StringIndexer x4, OneHotEncoder x3, scaler, LogisticRegression", _lr, ("probability", "prediction"), _TABLE),
    "gbt": Pipeline("the same front without one-hot, GBTClassifier 50 x depth 5", _gbt, ("probability", "prediction"), _TABLE),
    "rf": Pipeline("the same front, RandomForestClassifier 100 x depth 8", _rf, ("probability", "prediction"), _TABLE),
    "text": Pipeline("Tokenizer, StopWordsRemover, HashingTF 2^18, IDF, LogisticRegression", _text, ("probability", "prediction"), ("text",)),
    "kmeans": Pipeline("Imputer, VectorAssembler, KMeans k=20", _kmeans, ("prediction",), NUMBERS),
}
