"""One small model of every class, fitted and saved anew by each line of Spark that has the class: what each version writes, and what it answers.

`python -m compat_tests.record.versions` records them, each line in an environment of its own. This file holds the stages that make features; the models and
what holds other stages are in layouts_of_models.py. Only what every line from 3.3 on has may be imported at the top.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pyspark.ml import feature as ml
from pyspark.sql import SparkSession

from compat_tests.record.core import INF, NAN, Case, Table, dense, nominal, one_column, sparse, vector_attributes
from compat_tests.record.r_formula import pruner, rewriter


@dataclass(frozen=True)
class Layout:
    """A model that every line of Spark fits and saves.

    Attributes:
        folder: `<spark package>/<snake_class>` of the stage.
        model: fits it.
        rows: the table to transform.
        since: the first line of Spark that has the class.
        by: `spark`, or `pyspark` for what Python's own writer saves.
    """

    folder: str
    model: Callable[[SparkSession], Any]
    rows: Table
    since: tuple[int, int] = (3, 3)
    by: str = "spark"

    def name(self, line: str) -> str:
        """The case's folder: `saved_by_spark_4_1`."""
        return f"saved_by_{self.by}_{line.replace('.', '_')}"

    def case(self, line: str) -> Case:
        """The case of one line of Spark.

        Args:
            line: as in 4.1.
        """
        title = f"Fitted, saved and applied by Spark {line}{'' if self.by == 'spark' else ', saved by Python'}."
        # Without settings of its own a session of 4.0 and later has ANSI on.
        ansi = version_of(line) >= (4, 0)
        return Case(self.folder, self.name(line), title, self.model, self.rows, ansi=ansi, spark=line)


def version_of(line: str) -> tuple[int, int]:
    """(4, 1) of "4.1"."""
    major, minor = line.split(".")[:2]
    return int(major), int(minor)


def _features(i: int) -> tuple[float, float, float, float]:
    return (i * 7 % 11) / 2 - 1.5, (i * 5 % 13) / 3, float(i % 3), (i / 6 if i % 4 == 0 else 0.0)


def _train(i: int) -> tuple[Any, ...]:
    a, b, c, d = _features(i)
    words = [("a", "b", "c", "ä", "")[(i + j * j) % 5] for j in range(i % 4 + 1)]
    return (
        *(
            dense(a, b, c, d) if i % 3 else sparse(4, {0: a, 1: b, 3: d}),
            float(a + b - c > 1.2),
            float((i + i // 5) % 3),
            abs(a) * 2 + b - c / 4 + 1,
            1.0 + i % 2,
        ),
        *(float(i % 6 != 0), words, "pqqrr"[i % 5] if i % 11 else None, i % 4, a if i % 7 else NAN, None if i == 5 else b),
    )


#: What every model is fitted on.
TRAIN = Table(
    {
        **{"features": "vector", "label": "double", "kind": "double", "target": "double", "weight": "double"},
        **{"censor": "double", "words": "array<string>", "s": "string", "n": "int", "x": "double", "y": "double"},
    },
    [_train(i) for i in range(24)],
    {"features": vector_attributes(0, 0, 3, 0)},
)

#: Vectors that any model takes.
FINITE = one_column(
    "features",
    "vector",
    [
        dense(0.5, 1, 2, 0),
        sparse(4, {0: -1.5, 2: 1.0}),
        sparse(4),
        dense(-0.0, 3.3, 0, 1.25),
        sparse(4, {1: 0.0, 3: 2.0}),
        dense(2.75, 0.1, 1, 3),
    ],
).with_metadata("features", vector_attributes(0, 0, 3, 0))
#: Vectors that some refuse.
VECTORS = Table(FINITE.columns, [*FINITE.rows, (dense(NAN, 1, 0, 2),), (dense(INF, -1, 1, 0),), (dense(1e300, 1, 2, -3),)], FINITE.metadata)
#: Numbers with and without a value.
NUMBERS = Table({"x": "double", "y": "double", "n": "int"}, [(0.5, -1.5, 3), (NAN, None, None), (INF, -0.0, 0), (-3.0, 1e300, 2), (None, 2.25, 1)])
TEXTS = Table(
    {"words": "array<string>", "text": "string"},
    [(["a", "b", "a"], "The quick  brown fox"), ([], ""), (["ä", "zz", "", "A"], "Ünder, the TABLE-top\tand 42 more"), (["c", None, "the"], "a")],
)
LABELS = Table({"s": "string", "t": "string"}, [("p", "q"), ("q", "zz"), ("r", "p"), (None, "r"), ("new", None)])
#: Vectors with a name of their own column, for the stages that change features.
VECTOR = {"inputCol": "features", "outputCol": "out"}


def fitted(estimator: Callable[[], Any], train: Table = TRAIN) -> Callable[[SparkSession], Any]:
    """Fit an estimator."""
    return lambda spark: estimator().fit(train.frame(spark))


def plain(stage: Callable[..., Any], **params: Any) -> Callable[[SparkSession], Any]:
    """A stage that is not fitted."""
    return lambda _: stage(**params)


def _words_only(table: Table) -> Table:
    """Without null words, on which some stages fail."""
    return Table(table.columns, [row for row in table.rows if None not in row[0]])


def feature_layouts() -> list[Layout]:
    """The stages of org.apache.spark.ml.feature, and OneVsRest's and Python's apart."""
    made = {
        "binarizer": (plain(ml.Binarizer, inputCols=["x", "y"], outputCols=["a", "b"], thresholds=[0.25, -2.0]), NUMBERS),
        "bucketizer": (
            plain(
                ml.Bucketizer,
                inputCols=["x", "y"],
                outputCols=["a", "b"],
                handleInvalid="keep",
                splitsArray=[[-INF, 0.0, 1.5, INF], [-INF, -1.5, 2.25, INF]],
            ),
            NUMBERS,
        ),
        "bucketed_random_projection_lsh_model": (fitted(lambda: ml.BucketedRandomProjectionLSH(**VECTOR, bucketLength=0.7, numHashTables=3, seed=5)), FINITE),
        "chi_sq_selector_model": (fitted(lambda: ml.ChiSqSelector(featuresCol="features", labelCol="kind", outputCol="out", numTopFeatures=2)), VECTORS),
        "column_pruner": (pruner("x", "n"), NUMBERS),
        "count_vectorizer_model": (
            fitted(lambda: ml.CountVectorizer(inputCol="words", outputCol="out", vocabSize=3, minTF=2.0, binary=True)),
            _words_only(TEXTS),
        ),
        "dct": (plain(ml.DCT, **VECTOR, inverse=True), FINITE),
        "elementwise_product": (plain(ml.ElementwiseProduct, **VECTOR, scalingVec=dense(2, -0.5, 0, 1e300)), VECTORS),
        "feature_hasher": (
            plain(ml.FeatureHasher, inputCols=["x", "n", "y"], outputCol="out", numFeatures=16, categoricalCols=["n"]),
            Table(NUMBERS.columns, NUMBERS.rows),
        ),
        "hashing_tf": (plain(ml.HashingTF, inputCol="words", outputCol="out", numFeatures=32, binary=True), _words_only(TEXTS)),
        "idf_model": (fitted(lambda: ml.IDF(**VECTOR, minDocFreq=3)), VECTORS),
        "imputer_model": (fitted(lambda: ml.Imputer(inputCols=["x", "y", "n"], outputCols=["a", "b", "c"], strategy="mode", missingValue=-1.5)), NUMBERS),
        "index_to_string": (
            plain(ml.IndexToString, inputCol="x", outputCol="out", labels=["ä", "", "c d"]),
            one_column("x", "double", [0.0, 2.0, 1.0, 1.5, -0.0]),
        ),
        "interaction": (
            plain(ml.Interaction, inputCols=["n", "v", "x"], outputCol="out"),
            Table({"n": "int", "v": "vector", "x": "double"}, [(0, dense(1, -2), 0.5), (2, sparse(2, {1: 3.0}), -1.5), (1, sparse(2), 2.0)])
            .with_metadata("n", nominal(3, "n"))
            .with_metadata("v", vector_attributes(0, 0)),
        ),
        "max_abs_scaler_model": (fitted(lambda: ml.MaxAbsScaler(**VECTOR)), VECTORS),
        "min_hash_lsh_model": (
            fitted(lambda: ml.MinHashLSH(**VECTOR, numHashTables=3, seed=7), Table(FINITE.columns, [row for row in FINITE.rows if row[0].numNonzeros()])),
            Table(FINITE.columns, [row for row in FINITE.rows if row[0].numNonzeros()]),
        ),
        "min_max_scaler_model": (fitted(lambda: ml.MinMaxScaler(**VECTOR, min=-2.0, max=0.5)), VECTORS),
        "n_gram": (plain(ml.NGram, inputCol="words", outputCol="out", n=3), TEXTS),
        "normalizer": (plain(ml.Normalizer, **VECTOR, p=3.0), VECTORS),
        "one_hot_encoder_model": (
            fitted(lambda: ml.OneHotEncoder(inputCols=["n", "kind"], outputCols=["a", "b"], handleInvalid="keep", dropLast=False)),
            Table({"n": "int", "kind": "double"}, [(0, 2.0), (3, 0.0), (9, 5.0), (2, 1.0)]),
        ),
        "pca_model": (fitted(lambda: ml.PCA(**VECTOR, k=2)), FINITE),
        "polynomial_expansion": (plain(ml.PolynomialExpansion, **VECTOR, degree=3), FINITE),
        "r_formula_model": (
            fitted(lambda: ml.RFormula(formula="target ~ s + x:n + kind", featuresCol="f", handleInvalid="keep", stringIndexerOrderType="alphabetAsc")),
            Table(TRAIN.columns, [*TRAIN.rows[1:5], (*TRAIN.rows[2][:7], "new", *TRAIN.rows[2][8:])]),
        ),
        "regex_tokenizer": (plain(ml.RegexTokenizer, inputCol="text", outputCol="out", pattern=r"\w+", gaps=False, toLowercase=False, minTokenLength=2), TEXTS),
        "robust_scaler_model": (fitted(lambda: ml.RobustScaler(**VECTOR, lower=0.1, upper=0.8, withCentering=True)), VECTORS),
        "sql_transformer": (
            plain(ml.SQLTransformer, statement="SELECT *, x + n AS a, coalesce(y, 0.5) AS b, CASE WHEN n > 1 THEN 'many' ELSE 'few' END AS c FROM __THIS__"),
            NUMBERS,
        ),
        "standard_scaler_model": (fitted(lambda: ml.StandardScaler(**VECTOR, withMean=True)), VECTORS),
        "stop_words_remover": (
            plain(ml.StopWordsRemover, inputCols=["words"], outputCols=["out"], stopWords=["A", "ä", "the"], caseSensitive=True, locale="de_DE"),
            TEXTS,
        ),
        "string_indexer_model": (
            fitted(lambda: ml.StringIndexer(inputCols=["s", "t"], outputCols=["a", "b"], handleInvalid="keep", stringOrderType="alphabetDesc"), LABELS),
            Table(LABELS.columns, [*LABELS.rows, ("other", "other")]),
        ),
        "tokenizer": (plain(ml.Tokenizer, inputCol="text", outputCol="out"), TEXTS),
        "univariate_feature_selector_model": (
            fitted(
                lambda: (
                    ml.UnivariateFeatureSelector(featuresCol="features", labelCol="target", outputCol="out", selectionMode="numTopFeatures")
                    .setFeatureType("continuous")
                    .setLabelType("continuous")
                    .setSelectionThreshold(2)
                )
            ),
            VECTORS,
        ),
        "variance_threshold_selector_model": (
            fitted(lambda: ml.VarianceThresholdSelector(featuresCol="features", outputCol="out", varianceThreshold=1.0)),
            VECTORS,
        ),
        "vector_assembler": (
            plain(ml.VectorAssembler, inputCols=["x", "features", "n"], outputCol="out", handleInvalid="keep"),
            Table(
                {"x": "double", "features": "vector", "n": "int"}, [(0.5, dense(1, 2), 3), (NAN, sparse(2, {1: -0.0}), None), (0.0, sparse(2), 0)]
            ).with_metadata("features", vector_attributes(0, 2)),
        ),
        "vector_attribute_rewriter": (rewriter("features", f0="named", f1="other"), VECTORS),
        "vector_indexer_model": (fitted(lambda: ml.VectorIndexer(**VECTOR, maxCategories=3, handleInvalid="keep"), Table(TRAIN.columns, TRAIN.rows)), FINITE),
        "vector_size_hint": (plain(ml.VectorSizeHint, inputCol="features", size=4, handleInvalid="skip"), Table(VECTORS.columns, [*VECTORS.rows, (dense(1),)])),
        "vector_slicer": (plain(ml.VectorSlicer, **VECTOR, indices=[3, 0], names=["f1"]), VECTORS),
        "word2_vec_model": (
            fitted(lambda: ml.Word2Vec(inputCol="words", outputCol="out", vectorSize=3, minCount=2, seed=3, maxIter=1, numPartitions=1)),
            _words_only(TEXTS),
        ),
    }
    return [Layout(f"feature/{name}", model, rows) for name, (model, rows) in made.items()] + [
        Layout("feature/target_encoder_model", _target_encoder, Table({"n": "int", "kind": "double"}, [(0, 2.0), (3, 0.0), (9, 5.0), (None, 1.0)]), (4, 0))
    ]


def _target_encoder(spark: SparkSession) -> Any:
    kind: Any = ml
    encoder = kind.TargetEncoder(
        inputCols=["n", "kind"], outputCols=["a", "b"], labelCol="target", targetType="continuous", smoothing=1.5, handleInvalid="keep"
    )
    return encoder.fit(TRAIN.frame(spark))
