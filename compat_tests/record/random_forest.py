"""RandomForestClassificationModel and RandomForestRegressionModel."""

from __future__ import annotations

from functools import partial

from pyspark.ml.classification import RandomForestClassificationModel, RandomForestClassifier
from pyspark.ml.regression import RandomForestRegressionModel, RandomForestRegressor

from compat_tests.record.core import HUGE, INF, NAN, Case
from compat_tests.record.decision_tree import count_cases
from compat_tests.record.trees import FINE, HARD, NUMERIC, OTHER, STUMP, TRAINED, Family, Leaf, Split, classifier_cases, common_cases, leaf, three, training

CLASSIFIER = Family(
    "classification/random_forest_classification_model",
    RandomForestClassifier,
    RandomForestClassificationModel,
    "classification.RandomForestClassificationModel",
    classifier=True,
)
REGRESSOR = Family("regression/random_forest_regression_model", RandomForestRegressor, RandomForestRegressionModel, "regression.RandomForestRegressionModel")


def cases() -> list[Case]:
    classify, regress = partial(Case, CLASSIFIER.folder), partial(Case, REGRESSOR.folder)
    empty = Split(0, 0.5, Leaf((0.0, 0.0), 0.0), leaf(1))
    even = (Leaf((1.0, 3.0), 0.0), Leaf((3.0, 1.0), 1.0))
    return [
        *common_cases(CLASSIFIER),
        *classifier_cases(CLASSIFIER),
        *count_cases(CLASSIFIER),
        classify("tree_without_counts", "A leaf without counts votes for nothing; another tree decides.", CLASSIFIER.given(empty, NUMERIC), HARD),
        classify("votes_tie", "Trees whose votes tie: the first class wins.", CLASSIFIER.given(*even), FINE),
        classify("votes_tie_almost", "Sums of shares that tie but for rounding.", CLASSIFIER.given(*(Leaf((k, 11 - k), 0.0) for k in range(12))), FINE),
        classify("three_classes_forest", "Three trees of three classes.", CLASSIFIER.given(*map(three, (NUMERIC, OTHER, STUMP)), classes=3), HARD),
        classify("seven_classes_forest", "Seven classes.", CLASSIFIER.given(*(three(tree, 7) for tree in (NUMERIC, OTHER, STUMP)), classes=7), HARD),
        classify(
            "three_classes_forest_thresholds",
            "Three classes with thresholds.",
            CLASSIFIER.given(*map(three, (NUMERIC, OTHER, STUMP)), classes=3, thresholds=[0.2, 0.5, 0.1]),
            HARD,
        ),
        classify(
            "fitted_subsets",
            "Fitted on subsets of features and rows.",
            CLASSIFIER.fitted(training(3), featureSubsetStrategy="onethird", subsamplingRate=0.7),
            TRAINED,
        ),
        *common_cases(REGRESSOR),
        regress(
            "mean_rounds",
            "Values whose sum rounds: the trees are added in order, then divided.",
            REGRESSOR.given(*(Leaf((1.0, 1.0), v) for v in (1e16, 1.0, 1.0, -1e16, 0.1, 0.2, 0.3))),
            FINE,
        ),
        regress("mean_overflows", "A sum that overflows.", REGRESSOR.given(Leaf((1.0, 1.0), HUGE), Leaf((1.0, 1.0), HUGE), NUMERIC), FINE),
        regress(
            "mean_of_infinities",
            "Infinities that cancel, and NaN.",
            REGRESSOR.given(Leaf((1.0, 1.0), INF), Split(0, 0.5, Leaf((1.0, 1.0), -INF), Leaf((1.0, 1.0), NAN))),
            FINE,
        ),
        regress("mean_of_negative_zeros", "The mean of -0.0.", REGRESSOR.given(Leaf((1.0, 1.0), -0.0), Leaf((1.0, 1.0), -0.0)), FINE),
        regress(
            "fitted_subsets",
            "Fitted on subsets of features and rows.",
            REGRESSOR.fitted(training(3), featureSubsetStrategy="sqrt", subsamplingRate=0.6),
            TRAINED,
        ),
    ]
