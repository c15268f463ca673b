"""GBTClassificationModel and GBTRegressionModel."""

from __future__ import annotations

from functools import partial
from typing import Any

from pyspark.ml.classification import GBTClassificationModel, GBTClassifier
from pyspark.ml.regression import GBTRegressionModel, GBTRegressor

from compat_tests.record.core import DENORMAL, HUGE, INF, NAN, Case, above, below, dense
from compat_tests.record.session import with_params
from compat_tests.record.trees import FINE, HARD, NUMERIC, OTHER, STUMP, TRAINED, Family, Leaf, Split, Tree, classifier_cases, common_cases, features, training

CLASSIFIER = Family(
    "classification/gbt_classification_model", GBTClassifier, GBTClassificationModel, "classification.GBTClassificationModel", boosted=True, classifier=True
)
REGRESSOR = Family("regression/gbt_regression_model", GBTRegressor, GBTRegressionModel, "regression.GBTRegressionModel", boosted=True)


def constant(value: float) -> Leaf:
    return Leaf((1.0, 1.0), value)


def ladder(values: tuple[float, ...]) -> Tree:
    """A tree that gives the k-th value at feature 0 = k."""
    tree: Tree = constant(values[-1])
    for place in reversed(range(len(values) - 1)):
        tree = Split(0, place + 0.5, constant(values[place]), tree)
    return tree


MARGINS = (
    *(0.0, -0.0, DENORMAL, -DENORMAL, 1e-17, -1e-17, 1e-16, -1e-16, 18.5, -18.5, 354.5, -354.5, 355.5, -355.5, 373.0, -373.0),
    *(HUGE, -HUGE, INF, -INF, NAN, 0.5493061443340549, above(0.5493061443340549), below(0.5493061443340549)),
)
STEPS = features(*(dense(k, 0, 0) for k in range(len(MARGINS))))


def weight_cases(family: Family) -> list[Case]:
    """Weights, and sums that cancel."""
    case = partial(Case, family.folder)
    trees = (NUMERIC, OTHER, STUMP)
    near = features(*(dense(x, y, z) for x in (0, 1, 8) for y in (-2, 0) for z in (-1, 1)))

    def of(values: list[float], weights: list[float], **params: Any) -> Any:
        return family.given(*map(constant, values), weights=weights, **params)

    return [
        case("weights_of_one", "Weights of one.", family.given(*trees, weights=[1.0, 1.0, 1.0]), HARD),
        case("weights_uneven", "Weights that round.", family.given(*trees, weights=[0.1, 0.7, 1 / 3]), HARD),
        case("weights_negative", "A negative weight.", family.given(*trees, weights=[1.0, -0.5, 0.25]), HARD),
        case("weights_zero", "Weights of zero.", family.given(*trees, weights=[0.0, 0.0, 0.0]), HARD),
        case("weights_infinite", "An infinite weight.", family.given(*trees, weights=[1.0, INF, 1.0]), HARD),
        case("sum_near_zero", "Terms that cancel to almost nothing.", of([0.1, 0.2, -0.3], [1.0, 1.0, 1.0]), FINE),
        case("sum_near_zero_weighted", "Weighted terms that cancel to almost nothing.", of([1 / 3, 1 / 7, -10 / 21], [0.1, 0.1, 0.1]), FINE),
        case("sum_just_above_zero", "The same with signs turned: the sign of the rest decides.", of([-1 / 3, -1 / 7, 10 / 21], [0.1, 0.1, 0.1]), FINE),
        case("sum_of_five", "Five terms: more than one lane of four.", of([1 / 3, 1 / 7, -10 / 21, 1e-17, 0.3], [0.1, 0.1, 0.1, 0.1, 0.1]), FINE),
        case("sum_of_nine_near_zero", "Nine terms that cancel.", of([0.1, 0.2, 0.3, -0.6, 0.7, -0.7, 1e-9, -1e-9, 1e-17], [1.0, *[0.1] * 8]), FINE),
        case("sum_rounds", "Large terms that cancel around small ones.", of([1e16, 1.0, -1e16, 1.0, 1e-3], [1.0] * 5), FINE),
        case("sum_overflows", "A sum that overflows.", of([HUGE, HUGE, -HUGE], [1.0, 1.0, 1.0]), FINE),
        case("margins_at_the_limits", "Margins from -Infinity to Infinity.", family.given(ladder(MARGINS)), STEPS),
        case("many_boosted_trees", "Sixty trees with step size 0.1.", family.given(*(trees[k % 3] for k in range(60))), near),
    ]


def cases() -> list[Case]:
    classify, regress = partial(Case, CLASSIFIER.folder), partial(Case, REGRESSOR.folder)
    margins = CLASSIFIER.given(ladder(MARGINS))
    return [
        *common_cases(CLASSIFIER),
        *classifier_cases(CLASSIFIER),
        *weight_cases(CLASSIFIER),
        classify(
            "margins_from_probability", "Without rawPrediction the probability decides, which differs near 0.", with_params(margins, rawPredictionCol=""), STEPS
        ),
        classify(
            "margins_from_features",
            "With prediction alone the margin decides.",
            with_params(margins, rawPredictionCol="", probabilityCol=""),
            STEPS,
        ),
        *(
            classify(f"margins_thresholds_{name}{said}", f"thresholds {values}.", CLASSIFIER.given(ladder(MARGINS), thresholds=values, **off), STEPS)
            for name, values in (("fair", [0.5, 0.5]), ("first_zero", [0.0, 0.5]), ("second_zero", [0.5, 0.0]), ("uneven", [0.25, 0.75]))
            for said, off in (("", {}), ("_from_features", {"rawPredictionCol": "", "probabilityCol": ""}))
        ),
        classify(
            "fitted_step_size",
            "Fitted with a step size of 0.3 on subsets of rows.",
            CLASSIFIER.fitted(training(), stepSize=0.3, subsamplingRate=0.8, maxIter=6),
            TRAINED,
        ),
        *common_cases(REGRESSOR),
        *weight_cases(REGRESSOR),
        regress("fitted_absolute_loss", "Fitted with absolute loss.", REGRESSOR.fitted(training(3), lossType="absolute", maxIter=5), TRAINED),
    ]
