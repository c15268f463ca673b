"""OneVsRestModel: nested classifiers of every kind, columns set or unset, ties, hard features."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from pyspark.ml.classification import (
    DecisionTreeClassifier,
    FMClassifier,
    GBTClassifier,
    LinearSVC,
    LogisticRegression,
    MultilayerPerceptronClassifier,
    NaiveBayes,
    OneVsRest,
    OneVsRestModel,
    RandomForestClassifier,
)
from pyspark.sql import SparkSession

from compat_tests.record.core import HUGE, INF, NAN, Case, Table, dense, nominal, one_column, sparse
from compat_tests.record.linear_svc import given as given_svc
from compat_tests.record.logistic_regression import FINE, HARD, THREE
from compat_tests.record.naive_bayes import BITS, COUNTS, ROWS
from compat_tests.record.session import with_params

FOLDER = "classification/one_vs_rest_model"
case = partial(Case, FOLDER)


def fitted(classifier: Callable[[], Any], train: Table = THREE, **params: Any) -> Callable[[SparkSession], Any]:
    def model(spark: SparkSession) -> Any:
        return OneVsRest(classifier=classifier(), **params).fit(train.frame(spark))

    return model


def java_fitted(train: Table = THREE) -> Callable[[SparkSession], Any]:
    """Fitted in the JVM, where the label's metadata is kept."""

    def model(spark: SparkSession) -> Any:
        java: Any = spark._jvm.org.apache.spark.ml.classification  # type: ignore[union-attr]
        rest = java.OneVsRest("oneVsRest_java").setClassifier(java.LogisticRegression("logreg_java").setMaxIter(4))
        return JavaSaved(rest.fit(train.frame(spark)._jdf))

    return model


class JavaSaved:
    """A model that is written from the JVM: pyspark's wrapper of OneVsRestModel loses the label's metadata and rawPredictionCol."""

    def __init__(self, java: Any) -> None:
        self.java = java

    def write(self) -> JavaSaved:
        """What `record` calls first."""
        return self

    def overwrite(self) -> JavaSaved:
        """What `record` calls next."""
        return self

    def save(self, path: str) -> None:
        """Write it."""
        self.java.write().overwrite().save(path)


def with_java_params(model: Callable[[SparkSession], Any], **params: Any) -> Callable[[SparkSession], Any]:
    """The same model with other params, set in the JVM."""

    def changed(spark: SparkSession) -> Any:
        java = model(spark)
        java = java.java if isinstance(java, JavaSaved) else java._to_java()
        for name, value in params.items():
            java.set(java.getParam(name), value)
        return JavaSaved(java)

    return changed


def given(*coefficients: list[float]) -> Callable[[SparkSession], Any]:
    """Support vector machines of exactly these coefficients."""

    def model(spark: SparkSession) -> Any:
        found = OneVsRestModel([given_svc(row, 0.0)(spark) for row in coefficients])
        return found._set(classifier=LinearSVC(), featuresCol="features", predictionCol="prediction", labelCol="label")

    return model


def cases() -> list[Case]:
    pairs = one_column(
        "features",
        "vector",
        [dense(*row) for row in ((0, 0), (-0.0, 0.0), (1, 1), (2, 1), (1, 2), (-1, -1), (NAN, 1), (INF, 1), (-INF, -1), (INF, INF), (HUGE, -HUGE))]
        + [sparse(2), sparse(2, {1: 2.0})],
    )
    logistic = partial(LogisticRegression, maxIter=4)
    labelled = Table(THREE.columns, THREE.rows, {"label": nominal(3, "label")})
    four = Table(THREE.columns, THREE.rows, {"label": nominal(4, "label")})
    return [
        case("logistic_regression", "Logistic regression in each.", fitted(logistic), HARD),
        case("logistic_regression_multinomial", "Multinomial logistic regression in each.", fitted(partial(logistic, family="multinomial")), HARD),
        case("linear_svc", "Support vector machines.", fitted(partial(LinearSVC, maxIter=4)), HARD),
        case("naive_bayes", "Naive Bayes on counts.", fitted(NaiveBayes, COUNTS), ROWS["multinomial"]),
        case(
            "naive_bayes_refuses",
            "Naive Bayes refuses a negative count here, too.",
            fitted(NaiveBayes, COUNTS),
            one_column("features", "vector", [dense(1, 0, -1, 0)]),
            "error",
        ),
        case(
            "naive_bayes_bernoulli_refuses",
            "Bernoulli naive Bayes refuses a two here, too.",
            fitted(partial(NaiveBayes, modelType="bernoulli"), BITS),
            one_column("features", "vector", [dense(1, 0, 2, 0)]),
            "error",
        ),
        case("naive_bayes_gaussian", "Gaussian naive Bayes.", fitted(partial(NaiveBayes, modelType="gaussian")), HARD),
        case("perceptron", "Perceptrons.", fitted(partial(MultilayerPerceptronClassifier, layers=[3, 3, 2], maxIter=4, seed=3)), HARD),
        case("factorization_machine", "Factorization machines.", fitted(partial(FMClassifier, factorSize=2, maxIter=4, seed=3)), HARD),
        case("decision_tree", "Decision trees.", fitted(partial(DecisionTreeClassifier, maxDepth=2)), HARD),
        case("random_forest", "Random forests.", fitted(partial(RandomForestClassifier, numTrees=3, maxDepth=2, seed=3)), HARD),
        case("gbt", "Boosted trees.", fitted(partial(GBTClassifier, maxIter=2, maxDepth=2, seed=3)), HARD),
        case("thresholds_do_not_count", "The nested models' thresholds do not count.", fitted(partial(logistic, thresholds=[0.1, 0.9])), HARD),
        case(
            "nested_columns_do_not_count",
            "The nested models' columns do not count.",
            fitted(partial(logistic, rawPredictionCol="r", probabilityCol="p", predictionCol="q")),
            HARD,
        ),
        case("ties", "Of classes that tie the first wins; NaN never does, unless it is first.", given([1.0, 0.0], [1.0, 0.0], [0.0, 1.0]), pairs),
        case("ties_of_six", "Six classes.", given(*([[1.0, 0.0], [0.0, 1.0]] * 3)), pairs),
        case("one_class", "One class.", given([1.0, -1.0]), pairs),
        case("from_the_jvm", "Fitted and saved in the JVM.", java_fitted(), HARD),
        case("label_metadata", "The label's metadata tell its classes.", java_fitted(labelled), HARD),
        case("label_of_four_values", "The label's metadata tell of a class that no row has.", java_fitted(four), FINE),
        case("no_raw_prediction", "rawPrediction switched off.", with_java_params(java_fitted(), rawPredictionCol=""), HARD),
        case("no_prediction", "prediction switched off.", with_java_params(java_fitted(), predictionCol=""), HARD),
        case(
            "no_columns",
            "Both switched off: the rows pass.",
            with_java_params(java_fitted(), predictionCol="", rawPredictionCol=""),
            one_column("features", "vector", [None, dense(1)]),
        ),
        case(
            "column_names",
            "Other names for the columns.",
            with_java_params(java_fitted(), predictionCol="y", rawPredictionCol="raw", featuresCol="f"),
            Table({"f": "vector"}, HARD.rows),
        ),
        case(
            "columns_of_the_data",
            "The data has columns of the names that nested models write.",
            fitted(logistic),
            Table({"features": "vector", "probability": "int"}, [(dense(1, 2, 3), 1)]),
        ),
        case(
            "prediction_exists",
            "A column prediction that exists is refused.",
            fitted(logistic),
            Table({"features": "vector", "prediction": "int"}, [(dense(1, 2, 3), 1)]),
            "error",
        ),
        case("null_features", "A null vector raises.", fitted(logistic), one_column("features", "vector", [dense(1, 2, 3), None]), "error"),
        case("shorter_features", "A shorter vector raises.", fitted(logistic), one_column("features", "vector", [dense(1, 2)]), "error"),
        case("empty_input", "No rows.", fitted(logistic), FINE.empty()),
        case("prediction_asked_for_alone", "Only prediction is read.", with_params(fitted(logistic)), HARD, columns=("prediction",)),
    ]
