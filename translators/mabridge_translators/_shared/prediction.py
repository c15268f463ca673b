"""What all classifiers and regressors share: their columns and the rules of the decision."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from mabridge.sdk import Head, Op, Scorer, Stage, counted, ops

#: Params that matter in `fit` alone, of what is fitted by steps from a weighted table with labels.
FIT_ONLY = frozenset({"labelCol", "weightCol", "maxIter", "tol", "regParam", "fitIntercept"})


@dataclass(frozen=True)
class ClassifierParams:
    """Params of every ProbabilisticClassificationModel (Spark 3.5); an empty column name switches the column off."""

    features_col: str = "features"
    prediction_col: str = "prediction"
    raw_prediction_col: str = "rawPrediction"
    probability_col: str = "probability"
    thresholds: tuple[float, ...] | None = None


@dataclass(frozen=True)
class RegressorParams:
    """Params of every RegressionModel (Spark 3.5)."""

    features_col: str = "features"
    prediction_col: str = "prediction"


def check_thresholds(stage: Stage[ClassifierParams], num_classes: int) -> None:
    """Spark's own check of `thresholds`.

    Raises:
        MalformedModelError: there are not as many as classes.
    """
    thresholds = stage.params.thresholds
    if thresholds is not None and len(thresholds) != num_classes:
        raise stage.malformed(
            f"the param thresholds has {counted(len(thresholds), 'entry', 'entries')} and the model {counted(num_classes, 'class', 'classes')}."
        )


def argmax_decision(params: ClassifierParams) -> tuple[Literal["argmax raw", "argmax probability", "scaled probability"], tuple[float, ...]]:
    """How ProbabilisticClassificationModel decides: from the raw prediction where that column is on, else from the probability."""
    if params.thresholds is not None:
        return "scaled probability", params.thresholds
    return ("argmax probability" if not params.raw_prediction_col and params.probability_col else "argmax raw"), ()


def classify(params: ClassifierParams, scorer: Scorer, head: Head, *, leaf_col: str = "", single_tree: bool = False, declared_classes: int | None = None) -> Op:
    """The Predict op of a classifier; `declared_classes` is what the model's own numClasses says, where it has one."""
    return ops.Predict(
        input=params.features_col,
        raw_prediction=params.raw_prediction_col or None,
        probability=params.probability_col or None,
        prediction=params.prediction_col or None,
        leaf=leaf_col or None,
        scorer=scorer,
        head=head,
        single_tree=single_tree,
        declared_classes=declared_classes,
    )


def regress(params: RegressorParams, scorer: Scorer, *, leaf_col: str = "", variance_col: str = "", single_tree: bool = False) -> Op:
    """The Predict op of a regressor."""
    return ops.Predict(
        input=params.features_col,
        prediction=params.prediction_col or None,
        variance=variance_col or None,
        leaf=leaf_col or None,
        scorer=scorer,
        head=Head(),
        single_tree=single_tree,
    )
