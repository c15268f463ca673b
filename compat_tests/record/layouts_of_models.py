"""The models of layouts.py, and the stages that hold other stages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pyspark.ml import Pipeline, classification, clustering, feature, regression
from pyspark.ml.evaluation import BinaryClassificationEvaluator, RegressionEvaluator
from pyspark.ml.fpm import FPGrowth
from pyspark.ml.recommendation import ALS
from pyspark.ml.tuning import CrossValidator, ParamGridBuilder, TrainValidationSplit
from pyspark.sql import SparkSession

from compat_tests.record.als import PAIRS
from compat_tests.record.als import TRAIN as RATINGS
from compat_tests.record.core import NAN, Table, dense, one_column, sparse
from compat_tests.record.layouts import FINITE, TRAIN, VECTORS, Layout, feature_layouts, fitted
from compat_tests.record.session import with_params

#: Counts of six terms.
DOCUMENTS = one_column("features", "vector", [dense(*((i * (j + 3)) % 5 for j in range(6))) for i in range(12)])
COUNTS = one_column("features", "vector", [dense(1, 0, 2, 0, 0, 3), sparse(6), sparse(6, {0: 1.0, 4: 2.5}), dense(0.5, 0.25, 1e-3, 0, 0, 7.75)])
BASKETS = Table({"items": "array<string>"}, [(text.split(),) for text in ("a b c", "a b", "a b d", "b c", "a c", "a b c d", "e", "a b e", "c d")])


def _rows_for_pipelines() -> Table:
    """The columns of TRAIN without the vector, and a row with an unseen label."""
    columns = ("s", "n", "x", "y", "words")
    places = [list(TRAIN.columns).index(name) for name in columns]
    rows: list[tuple[Any, ...]] = [tuple(row[place] for place in places) for row in TRAIN.rows[3:13]]
    return Table({name: TRAIN.columns[name] for name in columns}, [*rows, ("unseen", None, None, NAN, [])])


def _trees(**params: Any) -> dict[str, Any]:
    return {"featuresCol": "features", "maxDepth": 3, "leafCol": "leaf", "seed": 3, **params}


def _as_numbers(table: Table) -> Table:
    """Without the ML attributes, which clustering does not look at."""
    return Table(table.columns, table.rows)


def _dense(table: Table) -> Table:
    """With dense vectors alone: Spark's factorization machines fail in fit on sparse ones beside them."""
    return Table(table.columns, [(dense(*row[0].toArray()), *row[1:]) for row in table.rows])


def classification_layouts() -> list[Layout]:
    """org.apache.spark.ml.classification."""
    names = {"probabilityCol": "p", "predictionCol": "class"}
    made: dict[str, tuple[Callable[[], Any], Table]] = {
        "decision_tree_classification": (
            lambda: classification.DecisionTreeClassifier(labelCol="kind", **_trees(), **names).setThresholds([0.5, 0.2, 0.9]),
            VECTORS,
        ),
        "fm_classification": (lambda: classification.FMClassifier(factorSize=2, maxIter=3, seed=3, **names), VECTORS),
        "gbt_classification": (
            lambda: classification.GBTClassifier(maxIter=3, stepSize=0.3, predictionCol="class", **_trees()).setProbabilityCol("p"),
            VECTORS,
        ),
        "logistic_regression": (lambda: classification.LogisticRegression(labelCol="kind", maxIter=4, regParam=0.01, elasticNetParam=0.5, **names), VECTORS),
        "multilayer_perceptron_classification": (
            lambda: classification.MultilayerPerceptronClassifier(labelCol="kind", layers=[4, 3, 3], maxIter=3, seed=3, **names),
            FINITE,
        ),
        "naive_bayes": (lambda: classification.NaiveBayes(labelCol="kind", modelType="gaussian", smoothing=0.5, **names), FINITE),
        "random_forest_classification": (lambda: classification.RandomForestClassifier(labelCol="kind", numTrees=3, **_trees(), **names), VECTORS),
    }
    found = [
        Layout(f"classification/{name}_model", fitted(estimator, _dense(TRAIN) if name.startswith("fm") else TRAIN), rows)
        for name, (estimator, rows) in made.items()
    ]
    machine = fitted(lambda: classification.LinearSVC(maxIter=4, regParam=0.1, threshold=0.25, rawPredictionCol="raw"))
    rest = fitted(lambda: classification.OneVsRest(classifier=classification.LogisticRegression(maxIter=3), labelCol="kind", predictionCol="class"))
    return [*found, Layout("classification/linear_svc_model", machine, VECTORS), Layout("classification/one_vs_rest_model", rest, FINITE)]


def regression_layouts() -> list[Layout]:
    """org.apache.spark.ml.regression."""
    named = {"labelCol": "target", "predictionCol": "value"}
    made: dict[str, tuple[Callable[[], Any], Table]] = {
        "aft_survival_regression": (
            lambda: regression.AFTSurvivalRegression(censorCol="censor", quantileProbabilities=[0.1, 0.7], quantilesCol="q", maxIter=4, **named),
            FINITE,
        ),
        "decision_tree_regression": (lambda: regression.DecisionTreeRegressor(varianceCol="v", **_trees(), **named), VECTORS),
        "fm_regression": (lambda: regression.FMRegressor(factorSize=2, maxIter=3, seed=3, **named), VECTORS),
        "gbt_regression": (lambda: regression.GBTRegressor(maxIter=3, stepSize=0.3, **_trees(), **named), VECTORS),
        "generalized_linear_regression": (
            lambda: regression.GeneralizedLinearRegression(family="tweedie", variancePower=1.5, linkPower=0.0, linkPredictionCol="link", maxIter=4, **named),
            FINITE,
        ),
        "isotonic_regression": (lambda: regression.IsotonicRegression(isotonic=False, featureIndex=1, **named), FINITE),
        "linear_regression": (lambda: regression.LinearRegression(loss="huber", epsilon=1.5, maxIter=4, regParam=0.1, **named), VECTORS),
        "random_forest_regression": (lambda: regression.RandomForestRegressor(numTrees=3, **_trees(), **named), VECTORS),
    }
    return [
        Layout(f"regression/{name}_model", fitted(estimator, _dense(TRAIN) if name.startswith("fm") else TRAIN), rows)
        for name, (estimator, rows) in made.items()
    ]


def other_layouts() -> list[Layout]:
    """Clustering, recommendation and frequent patterns."""
    points = _as_numbers(TRAIN)
    found = [
        Layout("clustering/bisecting_k_means_model", fitted(lambda: clustering.BisectingKMeans(k=3, seed=3, predictionCol="cluster"), points), FINITE),
        Layout("clustering/gaussian_mixture_model", fitted(lambda: clustering.GaussianMixture(k=2, seed=3, maxIter=3, probabilityCol="p"), points), FINITE),
        Layout("clustering/k_means_model", fitted(lambda: clustering.KMeans(k=3, seed=3, distanceMeasure="cosine", predictionCol="cluster"), points), FINITE),
        Layout("clustering/local_lda_model", fitted(lambda: clustering.LDA(k=3, maxIter=2, seed=5, topicDistributionCol="topics"), DOCUMENTS), COUNTS),
        Layout(
            "recommendation/als_model",
            with_params(
                fitted(lambda: ALS(rank=3, maxIter=2, seed=11, numUserBlocks=1, numItemBlocks=1).setPredictionCol("score"), RATINGS), coldStartStrategy="drop"
            ),
            PAIRS,
        ),
    ]
    rules = fitted(lambda: FPGrowth(minSupport=0.2, minConfidence=0.6, predictionCol="more"), BASKETS)
    return [*found, Layout("fpm/fp_growth_model", rules, BASKETS)]


def _stages() -> list[Any]:
    """Twelve stages, so that the folders of the first are padded with zeros."""
    return [
        feature.SQLTransformer(statement="SELECT *, coalesce(x, 0.0) * 2 AS twice FROM __THIS__"),
        feature.Imputer(inputCols=["x", "y"], outputCols=["x2", "y2"]),
        feature.StringIndexer(inputCol="s", outputCol="i", handleInvalid="keep"),
        feature.OneHotEncoder(inputCol="i", outputCol="onehot"),
        feature.Bucketizer(inputCol="x2", outputCol="bucket", splits=[-float("inf"), 0.0, 2.0, float("inf")]),
        feature.HashingTF(inputCol="words", outputCol="tf", numFeatures=16),
        feature.IDF(inputCol="tf", outputCol="idf"),
        feature.VectorAssembler(inputCols=["x2", "y2", "bucket"], outputCol="numbers"),
        feature.MinMaxScaler(inputCol="numbers", outputCol="scaled"),
        feature.StandardScaler(inputCol="numbers", outputCol="standard", withMean=True),
        feature.VectorAssembler(inputCols=["scaled", "standard", "onehot", "idf"], outputCol="all"),
        classification.LogisticRegression(featuresCol="all", maxIter=4),
    ]


def _tuned(kind: Any, **params: Any) -> Callable[[SparkSession], Any]:
    def model(spark: SparkSession) -> Any:
        last = regression.LinearRegression(labelCol="target", maxIter=3)
        grid = ParamGridBuilder().addGrid(last.regParam, [0.0, 0.5]).addGrid(last.fitIntercept, [True, False]).build()
        evaluator = RegressionEvaluator(labelCol="target")
        return kind(estimator=last, estimatorParamMaps=grid, evaluator=evaluator, seed=3, **params).fit(TRAIN.frame(spark))

    return model


def _saved_by_python(spark: SparkSession) -> Any:
    """A pipeline that Python's own writer saves, as it does where a stage may hold others."""
    last = classification.LogisticRegression(maxIter=3, featuresCol="numbers")
    grid = ParamGridBuilder().addGrid(last.regParam, [0.0, 0.5]).build()
    tuned = CrossValidator(estimator=last, estimatorParamMaps=grid, evaluator=BinaryClassificationEvaluator(), seed=3, numFolds=2)
    stages = [feature.VectorAssembler(inputCols=["x", "y"], outputCol="numbers", handleInvalid="skip"), tuned]
    return Pipeline(stages=stages).fit(TRAIN.frame(spark))


def container_layouts() -> list[Layout]:
    """The stages that hold other stages."""
    rows = _rows_for_pipelines()
    return [
        Layout("ml/pipeline_model", fitted(lambda: Pipeline(stages=_stages())), rows),
        Layout("ml/pipeline_model", _saved_by_python, rows, by="pyspark"),
        Layout("tuning/cross_validator_model", _tuned(CrossValidator, numFolds=2), VECTORS),
        Layout("tuning/train_validation_split_model", _tuned(TrainValidationSplit, trainRatio=0.6), VECTORS),
    ]


def layouts(line: tuple[int, int]) -> list[Layout]:
    """The layouts of all classes that a line of Spark has.

    Args:
        line: as (4, 1).
    """
    every = [*feature_layouts(), *classification_layouts(), *regression_layouts(), *other_layouts(), *container_layouts()]
    return [layout for layout in every if line >= layout.since]
