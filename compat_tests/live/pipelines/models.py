"""How each model is drawn: classifiers, regressions, clusterings, and the models that hold other models."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pyspark.ml import Pipeline, classification, clustering, fpm, recommendation, regression, tuning
from pyspark.ml.evaluation import MulticlassClassificationEvaluator, RegressionEvaluator
from pyspark.ml.feature import VectorAssembler

from compat_tests.live.pipelines.columns import Choice
from compat_tests.live.pipelines.params import draw_params

Draw = Callable[[Choice], Any]


def _columns(choice: Choice, stage: Any, *, bare: tuple[str, ...] = ("rawPredictionCol", "probabilityCol")) -> Any:
    """New output names now and then; Spark's defaults can be there once only, so they are taken while they are free."""
    rng = choice.rng
    there = {column.name for column in choice.columns}
    for name in ("predictionCol", "rawPredictionCol", "probabilityCol", "topicDistributionCol"):
        if stage.hasParam(name):
            if stage.getOrDefault(name) in there or rng.random() < 0.3:
                stage.set(stage.getParam(name), choice.name(f"_{name[0]}"))
            if name in bare and rng.random() < 0.12:
                stage.set(stage.getParam(name), "")
    for name in ("leafCol", "varianceCol", "linkPredictionCol", "quantilesCol"):
        if stage.hasParam(name) and rng.random() < 0.35:
            stage.set(stage.getParam(name), choice.name(f"_{name[0]}"))
    if stage.hasParam("weightCol") and rng.random() < 0.25:
        stage.set(stage.getParam("weightCol"), "weight")
    return stage


def _model(
    make: Callable[[], Any], package: str, model: str, *labels: str, positive: bool = False, widest: int = 80, then: Callable[[Choice, Any], Any] | None = None
) -> Draw:
    """A model on one vector column; `labels` are the label columns that it may learn from."""

    def draw(choice: Choice) -> Any:
        stage = make()
        stage.set(stage.getParam("featuresCol"), choice.vector(widest, positive=positive).name)
        if labels:
            stage.set(stage.getParam("labelCol"), choice.rng.choice(labels))
        draw_params(stage, f"org.apache.spark.ml.{package}.{model}", choice.rng)
        _columns(choice, stage)
        return stage if then is None else then(choice, stage)

    return draw


def _thresholds(choice: Choice, stage: Any) -> Any:
    if choice.rng.random() < 0.25:
        count = 2 if stage.getOrDefault("labelCol") == "label" else 3
        if stage.hasParam("threshold"):
            stage.clear(stage.getParam("threshold"))
        stage.set(stage.getParam("thresholds"), [choice.rng.choice((0.0, 0.2, 0.5, 1.0)) if place == 0 else 0.5 for place in range(count)])
    return stage


def _logistic(choice: Choice, stage: Any) -> Any:
    if choice.rng.random() < 0.3:
        return stage.setThreshold(choice.rng.choice((0.0, 0.3, 0.7, 1.0)))
    return _thresholds(choice, stage)


def _naive_bayes(choice: Choice) -> Any:
    rng = choice.rng
    kind = rng.choice(("multinomial", "complement", "gaussian", "bernoulli"))
    ones = choice.some(lambda c: c.kind == "vector" and c.finite and c.positive and c.size > 0 and (c.whole or kind != "bernoulli"))
    stage = classification.NaiveBayes(modelType=kind, featuresCol=ones.name, labelCol=rng.choice(("label", "classes")), smoothing=rng.choice((0.0, 0.5, 1.0)))
    return _thresholds(choice, _columns(choice, stage))


def _perceptron(choice: Choice) -> Any:
    rng = choice.rng
    column = choice.vector(20)
    label = rng.choice(("label", "classes"))
    middle = [rng.randrange(1, 4) for _ in range(rng.randrange(0, 3))]
    stage = classification.MultilayerPerceptronClassifier(
        featuresCol=column.name, labelCol=label, layers=[column.size, *middle, 2 if label == "label" else 3], maxIter=3, seed=rng.randrange(100)
    )
    return _thresholds(choice, _columns(choice, stage))


def _glm(choice: Choice, stage: Any) -> Any:
    rng = choice.rng
    family = rng.choice(("gaussian", "binomial", "poisson", "gamma", "tweedie"))
    stage.setFamily(family)
    if family == "binomial":
        stage.setLabelCol("label").setLink(rng.choice(("logit", "probit", "cloglog")))
    elif family == "tweedie":
        stage.setVariancePower(rng.choice((0.0, 1.0, 1.5, 2.0))).setLinkPower(rng.choice((0.0, 1.0, 0.5)))
    elif rng.random() < 0.6:
        stage.setLink(rng.choice(("identity", "log", *(("inverse",) if family != "poisson" else ("sqrt",)))))
    return stage.setOffsetCol("weight") if rng.random() < 0.3 else stage


def _aft(choice: Choice, stage: Any) -> Any:
    if choice.rng.random() < 0.5:
        stage.setQuantileProbabilities(choice.rng.sample([0.1, 0.5, 0.9, 0.99], 2))
    return stage


def _isotonic(choice: Choice) -> Any:
    rng = choice.rng
    stage = regression.IsotonicRegression(labelCol="target", isotonic=rng.random() < 0.6)
    if rng.random() < 0.4:
        stage.setFeaturesCol(choice.some(lambda c: c.kind == "number" and c.finite).name)
    else:
        column = choice.vector()
        stage.setFeaturesCol(column.name).setFeatureIndex(rng.randrange(column.size))
    return _columns(choice, stage)


def _lda(choice: Choice, stage: Any) -> Any:
    if choice.rng.random() < 0.3:
        stage.setDocConcentration([choice.rng.choice((0.1, 1.0))])
    return stage.setOptimizer("online").setSubsamplingRate(0.9)


def _als(choice: Choice) -> Any:
    stage = recommendation.ALS(userCol="user", itemCol="item", ratingCol="target", maxIter=2, rank=choice.rng.randrange(1, 4), seed=choice.rng.randrange(99))
    draw_params(stage, "org.apache.spark.ml.recommendation.ALSModel", choice.rng)
    return _columns(choice, stage)


def _fp_growth(choice: Choice) -> Any:
    stage = fpm.FPGrowth(itemsCol="items", minSupport=choice.rng.choice((0.05, 0.2)), minConfidence=choice.rng.choice((0.1, 0.4, 0.8)))
    return _columns(choice, stage)


def _inner(choice: Choice, label: str) -> Any:
    """A small classifier or regression for the models that hold others; binary unless the label has three classes."""
    rng = choice.rng
    if label == "target":
        return rng.choice((lambda: regression.LinearRegression(maxIter=2), lambda: regression.DecisionTreeRegressor(maxDepth=2)))()
    return rng.choice((lambda: classification.LogisticRegression(maxIter=2), lambda: classification.DecisionTreeClassifier(maxDepth=2)))()


def _one_vs_rest(choice: Choice) -> Any:
    rng = choice.rng
    makers = (
        lambda: classification.LogisticRegression(maxIter=2),
        lambda: classification.LinearSVC(maxIter=2),
        lambda: classification.DecisionTreeClassifier(maxDepth=2),
        lambda: classification.GBTClassifier(maxIter=1, maxDepth=2),
    )
    stage = classification.OneVsRest(classifier=rng.choice(makers)(), featuresCol=choice.vector().name, labelCol=rng.choice(("label", "classes")))
    return _columns(choice, stage)


def _tuning(make: Callable[..., Any], model: str) -> Draw:
    def draw(choice: Choice) -> Any:
        rng = choice.rng
        label = rng.choice(("label", "classes", "target"))
        inner = _inner(choice, label).setLabelCol(label)
        column = choice.vector()
        name = "maxDepth" if inner.hasParam("maxDepth") else "regParam"
        grid = tuning.ParamGridBuilder().addGrid(inner.getParam(name), [1, 2] if name == "maxDepth" else [0.0, 0.1]).build()
        _columns(choice, inner, bare=())
        estimator = inner.setFeaturesCol(column.name)
        if rng.random() < 0.4:
            joined = choice.name()
            estimator = Pipeline(stages=[VectorAssembler(inputCols=[column.name], outputCol=joined), inner.setFeaturesCol(joined)])
        judge = RegressionEvaluator if label == "target" else MulticlassClassificationEvaluator
        evaluator = judge(labelCol=label, predictionCol=inner.getPredictionCol())
        stage = make(estimator=estimator, estimatorParamMaps=grid, evaluator=evaluator)
        draw_params(stage, f"org.apache.spark.ml.tuning.{model}", rng, often=1.0)
        return stage

    return draw


_TREES = ("label", "classes")

#: Fitted class -> how the stage is drawn.
MODELS: dict[str, Draw] = {
    "DecisionTreeClassificationModel": _model(
        classification.DecisionTreeClassifier, "classification", "DecisionTreeClassificationModel", *_TREES, then=_thresholds
    ),
    "FMClassificationModel": _model(classification.FMClassifier, "classification", "FMClassificationModel", "label", then=_thresholds),
    "GBTClassificationModel": _model(classification.GBTClassifier, "classification", "GBTClassificationModel", "label", then=_thresholds),
    "LinearSVCModel": _model(classification.LinearSVC, "classification", "LinearSVCModel", "label"),
    "LogisticRegressionModel": _model(classification.LogisticRegression, "classification", "LogisticRegressionModel", *_TREES, then=_logistic),
    "MultilayerPerceptronClassificationModel": _perceptron,
    "NaiveBayesModel": _naive_bayes,
    "OneVsRestModel": _one_vs_rest,
    "RandomForestClassificationModel": _model(
        classification.RandomForestClassifier, "classification", "RandomForestClassificationModel", *_TREES, then=_thresholds
    ),
    "BisectingKMeansModel": _model(clustering.BisectingKMeans, "clustering", "BisectingKMeansModel"),
    "GaussianMixtureModel": _model(clustering.GaussianMixture, "clustering", "GaussianMixtureModel", widest=6),
    "KMeansModel": _model(clustering.KMeans, "clustering", "KMeansModel"),
    "LocalLDAModel": _model(clustering.LDA, "clustering", "LocalLDAModel", positive=True, then=_lda),
    "FPGrowthModel": _fp_growth,
    "ALSModel": _als,
    "AFTSurvivalRegressionModel": _model(regression.AFTSurvivalRegression, "regression", "AFTSurvivalRegressionModel", "target", then=_aft),
    "DecisionTreeRegressionModel": _model(regression.DecisionTreeRegressor, "regression", "DecisionTreeRegressionModel", "target"),
    "FMRegressionModel": _model(regression.FMRegressor, "regression", "FMRegressionModel", "target"),
    "GBTRegressionModel": _model(regression.GBTRegressor, "regression", "GBTRegressionModel", "target"),
    "GeneralizedLinearRegressionModel": _model(regression.GeneralizedLinearRegression, "regression", "GeneralizedLinearRegressionModel", "target", then=_glm),
    "IsotonicRegressionModel": _isotonic,
    "LinearRegressionModel": _model(regression.LinearRegression, "regression", "LinearRegressionModel", "target"),
    "RandomForestRegressionModel": _model(regression.RandomForestRegressor, "regression", "RandomForestRegressionModel", "target"),
    "CrossValidatorModel": _tuning(tuning.CrossValidator, "CrossValidatorModel"),
    "TrainValidationSplitModel": _tuning(tuning.TrainValidationSplit, "TrainValidationSplitModel"),
}
