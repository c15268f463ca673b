"""DecisionTreeClassificationModel and DecisionTreeRegressionModel."""

from __future__ import annotations

from functools import partial

from pyspark.ml.classification import DecisionTreeClassificationModel, DecisionTreeClassifier
from pyspark.ml.regression import DecisionTreeRegressionModel, DecisionTreeRegressor

from compat_tests.record.core import HUGE, NAN, Case, Table, dense
from compat_tests.record.session import with_params
from compat_tests.record.trees import FINE, HARD, NUMERIC, TRAINED, Family, Leaf, Split, classifier_cases, common_cases, leaf, three, training

CLASSIFIER = Family(
    "classification/decision_tree_classification_model",
    DecisionTreeClassifier,
    DecisionTreeClassificationModel,
    "classification.DecisionTreeClassificationModel",
    single=True,
    classifier=True,
)
REGRESSOR = Family(
    "regression/decision_tree_regression_model",
    DecisionTreeRegressor,
    DecisionTreeRegressionModel,
    "regression.DecisionTreeRegressionModel",
    single=True,
)


def count_cases(family: Family) -> list[Case]:
    """Class counts that are zero, huge, tied or fractions, and more or fewer classes than two; for classifiers whose leaves hold counts."""
    case = partial(Case, family.folder)
    empty = Split(0, 0.5, Leaf((0.0, 0.0), 0.0), leaf(1))
    tied = Split(0, 0.5, Leaf((2.0, 2.0, 2.0), 0.0), Split(1, 0.0, Leaf((0.0, 3.0, 3.0), 1.0), Leaf((1.0, 0.0, 1.0), 2.0)))
    odd = Split(0, 0.5, Leaf((0.1, 0.2, 0.3), 0.0), Split(1, 0.0, Leaf((1e-300, 1e-310, 0.0), 1.0), Leaf((1 / 3, 2 / 3, 1e17), 2.0)))
    huge = Split(0, 0.5, Leaf((HUGE, HUGE), 0.0), Split(1, 0.0, Leaf((HUGE, 1.0), 1.0), Leaf((0.0, HUGE), 2.0)))
    chosen = Split(0, 0.5, Leaf((5.0, 2.0), 0.0, 1), Split(1, 0.0, Leaf((2.0, 2.0), 1.0, 1), Leaf((1.0, 4.0), 2.0, 0)))
    right = Table(FINE.columns, [(dense(1, 0, 0),), (dense(2, 2, 2),)])
    return [
        case("three_classes", "Three classes.", family.given(three(NUMERIC), classes=3), HARD),
        case("three_classes_fitted", "Three classes, fitted by Spark.", family.fitted(training(3), maxDepth=4), TRAINED),
        case("seven_classes", "Seven classes.", family.given(three(NUMERIC, 7), classes=7), HARD),
        case("one_class", "One class.", family.given(Split(0, 0.5, Leaf((3.0,), 0.0), Leaf((5.0,), 0.0)), classes=1), FINE),
        case(
            "fitted_entropy",
            "Fitted with entropy and at least three rows a leaf.",
            family.fitted(training(3), impurity="entropy", minInstancesPerNode=3),
            TRAINED,
        ),
        case("tied_counts", "Of classes that tie the first wins.", family.given(tied, classes=3), HARD),
        *(
            case(f"tied_counts_thresholds_{name}", f"Ties under thresholds {values}.", family.given(tied, classes=3, thresholds=values), HARD)
            for name, values in (("fair", [0.5, 0.5, 0.5]), ("first_zero", [0.0, 0.5, 0.5]), ("last_zero", [0.5, 0.5, 0.0]), ("uneven", [0.9, 0.3, 0.3]))
        ),
        case("fractional_counts", "Counts of weighted rows are fractions.", family.given(odd, classes=3), HARD),
        case(
            "huge_counts",
            "Counts whose sum is Infinity: a tree's probabilities are zero, and a forest has no votes.",
            family.given(huge),
            HARD,
            "rows" if family.single else "error",
        ),
        case("huge_counts_probability_off", "The same without probability.", with_params(family.given(huge), probabilityCol=""), HARD),
        *(
            case(f"chosen_class_differs{said}", f"Leaves whose saved prediction is not the class of most counts; {title}.", family.given(chosen, **off), FINE)
            for said, title, off in (
                ("", "all columns", {}),
                ("_raw_off", "without rawPrediction", {"rawPredictionCol": ""}),
                ("_prediction_alone", "prediction alone", {"rawPredictionCol": "", "probabilityCol": ""}),
                ("_prediction_and_leaf", "prediction and leaf", {"rawPredictionCol": "", "probabilityCol": "", "leafCol": "leaf"}),
                ("_prediction_alone_thresholds", "prediction alone, with thresholds", {"rawPredictionCol": "", "probabilityCol": "", "thresholds": [0.9, 0.1]}),
            )
        ),
        case("no_counts", "A leaf without counts gives nothing to normalise: it raises.", family.given(empty), FINE, "error"),
        case("no_counts_elsewhere", "It does not where no row reaches that leaf.", family.given(empty), right),
        case("no_counts_raw_alone", "rawPrediction alone is read.", family.given(empty), FINE, columns=("rawPrediction",)),
        case("no_counts_prediction_alone", "prediction alone is read: it comes from rawPrediction.", family.given(empty), FINE, columns=("prediction",)),
        case("no_counts_probability_off", "Without probability nothing raises.", with_params(family.given(empty), probabilityCol=""), FINE),
        case(
            "no_counts_raw_off",
            "Without rawPrediction the decision needs the probability.",
            with_params(family.given(empty), rawPredictionCol=""),
            FINE,
            "error",
        ),
        case(
            "no_counts_thresholds",
            "Under thresholds the decision needs the probability.",
            with_params(family.given(empty, thresholds=[0.5, 0.5]), probabilityCol=""),
            FINE,
            "error",
        ),
        case(
            "no_counts_prediction_off",
            "Without probability and prediction.",
            with_params(family.given(empty), probabilityCol="", predictionCol=""),
            FINE,
        ),
        case(
            "no_counts_prediction_from_features",
            "With prediction alone.",
            with_params(family.given(empty), rawPredictionCol="", probabilityCol=""),
            FINE,
        ),
    ]


def cases() -> list[Case]:
    case = partial(Case, REGRESSOR.folder)
    variances = Split(
        0,
        0.5,
        Split(1, -1.25, Leaf((0.0, 0.0), 3.0), Leaf((1.0, 0.0), 1e8)),
        Split(1, 0.0, Leaf((7.0, 0.0), 0.1), Split(2, 1.0, Leaf((3.0, 0.0), -0.0), Leaf((2.0, 0.0), NAN))),
    )
    return [
        *common_cases(CLASSIFIER),
        *classifier_cases(CLASSIFIER),
        *count_cases(CLASSIFIER),
        *common_cases(REGRESSOR),
        case(
            "variance_column", "varianceCol adds the leaf's variance, from its count, sum and sum of squares.", REGRESSOR.given(NUMERIC, varianceCol="v"), HARD
        ),
        case("variance_column_hard", "Variances of no rows, of large values that cancel, of NaN.", REGRESSOR.given(variances, varianceCol="v"), HARD),
        case("variance_column_fitted", "Variances of a fitted tree.", REGRESSOR.fitted(training(3), maxDepth=3, varianceCol="v"), TRAINED),
        case("variance_column_alone", "No other column.", REGRESSOR.given(variances, varianceCol="v", predictionCol=""), HARD),
        case("variance_and_leaf_columns", "varianceCol and leafCol.", REGRESSOR.given(variances, varianceCol="v", leafCol="leaf"), HARD),
        case(
            "variance_column_exists",
            "A column of varianceCol's name that exists.",
            REGRESSOR.given(NUMERIC, varianceCol="v"),
            Table({"features": "vector", "v": "double"}, [(dense(1, 2, 3), 1)]),
            "error",
        ),
        case("variance_column_alone_asked_for", "Only the variance is read.", REGRESSOR.given(variances, varianceCol="v"), HARD, columns=("v",)),
        case("values_at_the_limits", "Values NaN, both zeros and at the limits of doubles.", REGRESSOR.given(_limits()), HARD),
    ]


def _limits() -> Split:
    values = [Leaf((1.0, 1.0), value) for value in (NAN, -0.0, HUGE, -HUGE)]
    return Split(0, 0.5, Split(1, -1.25, values[0], values[1]), Split(0, 7.1, values[2], values[3]))
