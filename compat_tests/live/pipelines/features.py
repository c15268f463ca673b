"""How each feature stage is drawn: columns that it can read, and params that Spark's catalogue does not enumerate."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pyspark.ml import feature as spark
from pyspark.ml.linalg import Vectors

from compat_tests.live.pipelines.columns import Choice, Known
from compat_tests.live.pipelines.params import draw_params

Draw = Callable[[Choice], Any]

SPLITS = ((-1.0, 0.5, 2.0), (float("-inf"), 0.0, float("inf")), (-100.0, -1.0, -0.0, 1.0, 100.0), (float("-inf"), -1.5, 0.25, 3.0, float("inf")))
STATEMENTS = (
    "SELECT *, {x} * 2 + 1 AS {o} FROM __THIS__",
    "SELECT *, CASE WHEN {x} > 0 THEN {x} ELSE -{x} END AS {o} FROM __THIS__",
    "SELECT *, coalesce({x}, 0.0) AS {o} FROM __THIS__",
    "SELECT *, upper(trim({s})) AS {o} FROM __THIS__",
    "SELECT *, concat({s}, '-', CAST({x} AS STRING)) AS {o} FROM __THIS__",
    "SELECT *, length({s}) AS {o} FROM __THIS__",
    "SELECT * FROM __THIS__ WHERE {x} IS NOT NULL",
    "SELECT * FROM __THIS__ WHERE {x} > -1.5 OR {x} IS NULL",
    "SELECT * FROM __THIS__ WHERE {s} <> 'c' AND {x} < 100",
    "SELECT *, {x} / {y} AS {o}, {x} IS NULL AS {p} FROM __THIS__",
    "SELECT *, CAST({x} AS INT) AS {o} FROM __THIS__",
    "SELECT *, log(abs({x}) + 1) AS {o}, round({y}, 1) AS {p} FROM __THIS__",
)


def _io(choice: Choice, make: Callable[[], Any], column: str, model: str) -> Any:
    """A stage of one input and one output column; the output keeps its default name now and then."""
    stage = make()
    stage.set(stage.getParam("inputCol"), column)
    return _named(choice, stage, model)


def _named(choice: Choice, stage: Any, model: str) -> Any:
    draw_params(stage, f"org.apache.spark.ml.feature.{model}", choice.rng)
    if choice.rng.random() < 0.75:
        stage.set(stage.getParam("outputCol"), choice.name())
    return stage


def _one_or_many(choice: Choice, make: Callable[[], Any], model: str, draw: Callable[[], Known]) -> Any:
    """A stage that takes one column or several."""
    if choice.rng.random() < 0.5:
        return _io(choice, make, draw().name, model)
    stage = make()
    names = choice.distinct(choice.rng.randrange(1, 4), draw)
    stage.setInputCols(names)
    stage.setOutputCols([choice.name() for _ in names])
    draw_params(stage, f"org.apache.spark.ml.feature.{model}", choice.rng)
    return stage


def _vector_stage(make: Callable[[], Any], model: str, **which: Any) -> Draw:
    return lambda choice: _io(choice, make, choice.vector(**which).name, model)


def _binarizer(choice: Choice) -> Any:
    rng = choice.rng
    if rng.random() < 0.3:
        stage = _io(choice, spark.Binarizer, choice.vector(finite=False).name, "Binarizer")
    else:
        stage = _one_or_many(choice, spark.Binarizer, "Binarizer", choice.number)
    if stage.isSet("inputCols"):
        if rng.random() < 0.6:
            stage.setThresholds([rng.choice((0.0, -0.0, 0.5, -1.0)) for _ in stage.getInputCols()])
    else:
        stage.setThreshold(rng.choice((0.0, -0.0, 0.5, -1.0, 1e308)))
    return stage


def _bucketizer(choice: Choice) -> Any:
    stage = _one_or_many(choice, spark.Bucketizer, "Bucketizer", choice.number)
    if stage.isSet("inputCols"):
        return stage.setSplitsArray([list(choice.rng.choice(SPLITS)) for _ in stage.getInputCols()])
    return stage.setSplits(list(choice.rng.choice(SPLITS)))


def _imputer(choice: Choice) -> Any:
    stage = _one_or_many(choice, spark.Imputer, "ImputerModel", choice.number)
    return stage.setMissingValue(choice.rng.choice((0.0, 1.0, float("nan")))) if choice.rng.random() < 0.4 else stage


def _one_hot(choice: Choice) -> Any:
    return _one_or_many(choice, spark.OneHotEncoder, "OneHotEncoderModel", lambda: choice.some(lambda c: c.kind == "number" and c.positive and c.whole))


def _indexer(choice: Choice) -> Any:
    return _one_or_many(choice, spark.StringIndexer, "StringIndexerModel", lambda: choice.some(lambda c: c.kind in ("string", "number", "boolean")))


def _index_to_string(choice: Choice) -> Any:
    stage = _io(choice, spark.IndexToString, choice.some(lambda c: c.kind == "number" and c.positive and c.whole).name, "IndexToString")
    return stage.setLabels([f"label {place}" for place in range(9)]) if choice.rng.random() < 0.5 else stage


def _stop_words(choice: Choice) -> Any:
    stage = _one_or_many(choice, lambda: spark.StopWordsRemover(locale="en_US"), "StopWordsRemover", choice.words)
    return stage.setStopWords(choice.rng.sample(["the", "É", "spark", "İ", "ÜBER", "I", "ray"], 3)) if choice.rng.random() < 0.5 else stage


def _regex_tokenizer(choice: Choice) -> Any:
    stage = _io(choice, spark.RegexTokenizer, choice.string().name, "RegexTokenizer")
    return stage.setPattern(choice.rng.choice((r"\W+", r"\s+", "[a-e]", ",|;", r"\w+", r"\p{L}+", "-+")))


def _assembler(choice: Choice) -> Any:
    rng = choice.rng
    stage = spark.VectorAssembler()
    fits = ("number", "boolean", "vector")
    names = choice.distinct(rng.randrange(1, 5), lambda: choice.some(lambda column: column.kind in fits and column.size <= 40))
    stage.setInputCols(names)
    return _named(choice, stage, "VectorAssembler")


def _slicer(choice: Choice) -> Any:
    rng = choice.rng
    named = rng.random() < 0.3
    column = choice.vector(named=named, finite=False)
    stage = _io(choice, spark.VectorSlicer, column.name, "VectorSlicer")
    if named:
        return stage.setNames(rng.sample(column.names, rng.randrange(1, min(3, column.size) + 1)))
    return stage.setIndices(rng.sample(range(column.size), rng.randrange(1, min(4, column.size) + 1)))


def _size_hint(choice: Choice) -> Any:
    column = choice.vector(finite=False)
    stage = spark.VectorSizeHint(inputCol=column.name, size=column.size if choice.rng.random() < 0.9 else column.size + 1)
    draw_params(stage, "org.apache.spark.ml.feature.VectorSizeHint", choice.rng)
    return stage


def _elementwise(choice: Choice) -> Any:
    column = choice.vector(finite=False)
    stage = _io(choice, spark.ElementwiseProduct, column.name, "ElementwiseProduct")
    return stage.setScalingVec(Vectors.dense([choice.rng.choice((0.0, 1.0, -2.5, 0.1)) for _ in range(column.size)]))


def _interaction(choice: Choice) -> Any:
    stage = spark.Interaction()
    fits = lambda column: column.kind == "number" or (column.kind == "vector" and bool(column.names) and column.size <= 6)  # noqa: E731
    stage.setInputCols([choice.some(fits).name for _ in range(choice.rng.randrange(2, 4))])
    return _named(choice, stage, "Interaction")


def _hasher(choice: Choice) -> Any:
    stage = spark.FeatureHasher()
    names = choice.distinct(choice.rng.randrange(1, 4), lambda: choice.some(lambda c: c.kind in ("number", "string", "boolean")))
    stage.setInputCols(names)
    if choice.rng.random() < 0.4:
        stage.setCategoricalCols([choice.rng.choice(names)])
    return _named(choice, stage, "FeatureHasher")


def _hashing_tf(choice: Choice) -> Any:
    return _io(choice, spark.HashingTF, choice.some(lambda c: c.kind in ("words", "numbers")).name, "HashingTF")


def _pca(choice: Choice) -> Any:
    column = choice.vector(30)
    stage = _io(choice, spark.PCA, column.name, "PCAModel")
    return stage.setK(choice.rng.randrange(1, min(4, column.size) + 1))


def _vector_indexer(choice: Choice) -> Any:
    return _io(choice, spark.VectorIndexer, choice.vector(30).name, "VectorIndexerModel")


def _robust(choice: Choice) -> Any:
    stage = _io(choice, spark.RobustScaler, choice.vector().name, "RobustScalerModel")
    return stage.setLower(0.1).setUpper(0.8) if choice.rng.random() < 0.4 else stage


def _min_max(choice: Choice) -> Any:
    stage = _io(choice, spark.MinMaxScaler, choice.vector().name, "MinMaxScalerModel")
    return stage.setMin(-1.0).setMax(choice.rng.choice((0.0, 2.5))) if choice.rng.random() < 0.5 else stage


def _selector(make: Callable[[], Any], model: str) -> Draw:
    def draw(choice: Choice) -> Any:
        counts = model == "ChiSqSelectorModel"
        stage = make()
        stage.set(stage.getParam("featuresCol"), choice.some(lambda c: c.kind == "vector" and c.finite and c.size > 1 and (c.whole or not counts)).name)
        if stage.hasParam("labelCol"):
            stage.set(stage.getParam("labelCol"), choice.rng.choice(("label", "classes")))
        return _named(choice, stage, model)

    return draw


def _univariate(choice: Choice) -> Any:
    rng = choice.rng
    stage = _selector(spark.UnivariateFeatureSelector, "UnivariateFeatureSelectorModel")(choice)
    stage.setFeatureType(rng.choice(("categorical", "continuous"))).setLabelType(rng.choice(("categorical", "continuous")))
    mode = stage.getOrDefault("selectionMode")
    return stage.setSelectionThreshold(rng.randrange(1, 3) if mode == "numTopFeatures" else rng.choice((0.5, 1.0)))


def _r_formula(choice: Choice) -> Any:
    rng = choice.rng
    plain = choice.distinct(
        rng.randrange(1, 4), lambda: choice.some(lambda c: c.kind in ("string", "number", "vector") and c.name.isascii() and c.name.isalnum())
    )
    terms = list(plain)
    if len(terms) > 1 and rng.random() < 0.4:
        terms.append(f"{terms[0]}:{terms[1]}")
    stage = spark.RFormula(formula=f"{rng.choice(('label', 'target'))} ~ {' + '.join(terms)}{rng.choice(('', '', ' - 1'))}")
    draw_params(stage, "org.apache.spark.ml.feature.RFormulaModel", rng)
    return stage.setFeaturesCol(choice.name()).setLabelCol(choice.name())


def _sql(choice: Choice) -> Any:
    quoted = {key: f"`{draw().name}`" for key, draw in (("x", choice.number), ("y", choice.number), ("s", choice.string))}
    statement = choice.rng.choice(STATEMENTS).format(**quoted, o=f"`{choice.name()}`", p=f"`{choice.name()}`")
    return spark.SQLTransformer(statement=statement)


def _n_gram(choice: Choice) -> Any:
    return _io(choice, spark.NGram, choice.words().name, "NGram")


#: Fitted class -> how the stage is drawn.
FEATURES: dict[str, Draw] = {
    "Binarizer": _binarizer,
    "BucketedRandomProjectionLSHModel": _vector_stage(spark.BucketedRandomProjectionLSH, "BucketedRandomProjectionLSHModel"),
    "Bucketizer": _bucketizer,
    "ChiSqSelectorModel": _selector(spark.ChiSqSelector, "ChiSqSelectorModel"),
    "CountVectorizerModel": lambda choice: _io(choice, spark.CountVectorizer, choice.words().name, "CountVectorizerModel"),
    "DCT": _vector_stage(spark.DCT, "DCT", finite=False, widest=20),
    "ElementwiseProduct": _elementwise,
    "FeatureHasher": _hasher,
    "HashingTF": _hashing_tf,
    "IDFModel": _vector_stage(spark.IDF, "IDFModel"),
    "ImputerModel": _imputer,
    "IndexToString": _index_to_string,
    "Interaction": _interaction,
    "MaxAbsScalerModel": _vector_stage(spark.MaxAbsScaler, "MaxAbsScalerModel"),
    "MinHashLSHModel": _vector_stage(spark.MinHashLSH, "MinHashLSHModel"),
    "MinMaxScalerModel": _min_max,
    "NGram": _n_gram,
    "Normalizer": _vector_stage(spark.Normalizer, "Normalizer", finite=False),
    "OneHotEncoderModel": _one_hot,
    "PCAModel": _pca,
    "PolynomialExpansion": _vector_stage(spark.PolynomialExpansion, "PolynomialExpansion", finite=False, widest=4),
    "RFormulaModel": _r_formula,
    "RegexTokenizer": _regex_tokenizer,
    "RobustScalerModel": _robust,
    "SQLTransformer": _sql,
    "StandardScalerModel": _vector_stage(spark.StandardScaler, "StandardScalerModel"),
    "StopWordsRemover": _stop_words,
    "StringIndexerModel": _indexer,
    "Tokenizer": lambda choice: _io(choice, spark.Tokenizer, choice.string().name, "Tokenizer"),
    "UnivariateFeatureSelectorModel": _univariate,
    "VarianceThresholdSelectorModel": _selector(spark.VarianceThresholdSelector, "VarianceThresholdSelectorModel"),
    "VectorAssembler": _assembler,
    "VectorIndexerModel": _vector_indexer,
    "VectorSizeHint": _size_hint,
    "VectorSlicer": _slicer,
    "Word2VecModel": lambda choice: _io(choice, spark.Word2Vec, choice.words().name, "Word2VecModel"),
}
