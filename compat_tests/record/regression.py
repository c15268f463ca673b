"""GeneralizedLinearRegressionModel, AFTSurvivalRegressionModel and IsotonicRegressionModel: links, quantiles, boundaries."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from pyspark.ml.regression import (
    AFTSurvivalRegression,
    AFTSurvivalRegressionModel,
    GeneralizedLinearRegression,
    GeneralizedLinearRegressionModel,
    IsotonicRegression,
)
from pyspark.sql import SparkSession

from compat_tests.record.core import DENORMAL, HARD_DOUBLES, HUGE, INF, NAN, Case, Table, above, below, dense, one_column, sparse, vector_size
from compat_tests.record.session import java_model, java_vector, with_params

GLM, AFT, ISOTONIC = (f"regression/{name}_model" for name in ("generalized_linear_regression", "aft_survival_regression", "isotonic_regression"))

_TRAIN = [(1.0 + i % 4, dense(i % 5 / 2.0, (i * 3 % 7) / 3.0 - 1.0)) for i in range(30)]
TRAIN = Table({"label": "double", "features": "vector"}, _TRAIN)
SHARES = Table({"label": "double", "features": "vector"}, [(float(i * 7 % 3 > 0), features) for i, (_, features) in enumerate(_TRAIN)])
#: One feature, so that the predictor can be chosen: 0, small and large, where exp overflows, and beyond.
ETA = one_column(
    "features",
    "vector",
    [
        dense(eta)
        for eta in (
            0.0,
            -0.0,
            1.0,
            -1.0,
            0.5,
            3.0,
            -3.0,
            8.0,
            -8.0,
            8.5,
            -8.5,
            36.0,
            -36.0,
            40.0,
            -40.0,
            700.0,
            -700.0,
            710.0,
            -746.0,
            1e-20,
            -1e-20,
            DENORMAL,
            HUGE,
            -HUGE,
            INF,
            -INF,
            NAN,
            2.0**-30,
        )
    ]
    + [sparse(1), sparse(1, {0: 2.5}), sparse(1, {0: INF})],
)
HARD = one_column(
    "features",
    "vector",
    [
        dense(0, 0),
        dense(1, -1),
        dense(2, 0.5),
        dense(-3, 4),
        dense(INF, 1),
        dense(1, -INF),
        dense(NAN, 1),
        dense(HUGE, HUGE),
        dense(DENORMAL, -0.0),
        sparse(2),
        sparse(2, {1: 0.25}),
    ],
)


def glm(train: Table = TRAIN, **params: Any) -> Callable[[SparkSession], Any]:
    def model(spark: SparkSession) -> Any:
        return GeneralizedLinearRegression(**{"maxIter": 4, "regParam": 0.1, **params}).fit(train.frame(spark))

    return model


def given_glm(*coefficients: float, intercept: float = 0.0, **params: Any) -> Callable[[SparkSession], Any]:
    def model(spark: SparkSession) -> Any:
        return java_model(
            spark, GeneralizedLinearRegressionModel, "regression.GeneralizedLinearRegressionModel", "glm_given", java_vector(spark, *coefficients), intercept
        )

    return with_params(model, **params)


def aft(**params: Any) -> Callable[[SparkSession], Any]:
    train = Table(
        {"label": "double", "censor": "double", "features": "vector"}, [(label, float(i % 3 > 0), features) for i, (label, features) in enumerate(_TRAIN)]
    )

    def model(spark: SparkSession) -> Any:
        return AFTSurvivalRegression(**{"maxIter": 5, **params}).fit(train.frame(spark))

    return model


def given_aft(*coefficients: float, intercept: float, scale: float, **params: Any) -> Callable[[SparkSession], Any]:
    def model(spark: SparkSession) -> Any:
        return java_model(
            spark, AFTSurvivalRegressionModel, "regression.AFTSurvivalRegressionModel", "aft_given", java_vector(spark, *coefficients), intercept, scale
        )

    return with_params(model, **params)


def isotonic(rows: list[tuple[float, Any]], kind: str = "double", **params: Any) -> Callable[[SparkSession], Any]:
    train = Table({"label": "double", "features": kind}, rows)

    def model(spark: SparkSession) -> Any:
        return IsotonicRegression(**params).fit(train.frame(spark))

    return model


def cases() -> list[Case]:
    return [*_glm_cases(), *_aft_cases(), *_isotonic_cases()]


def _glm_cases() -> list[Case]:
    case = partial(Case, GLM)
    pairs = {
        "gaussian": ("identity", "log", "inverse"),
        "binomial": ("logit", "probit", "cloglog"),
        "poisson": ("log", "identity", "sqrt"),
        "gamma": ("inverse", "identity", "log"),
    }
    both = {"linkPredictionCol": "eta"}
    found = [
        case(f"{family}_{link}", f"The {family} family with the {link} link, over chosen predictors.", given_glm(1.0, family=family, link=link, **both), ETA)
        for family, links in pairs.items()
        for link in links
    ]
    found += [case(f"{family}_default_link", f"The {family} family with its own link.", given_glm(1.0, family=family), ETA) for family in pairs]
    found += [
        case(
            f"tweedie_{str(variance).replace('.', '_')}_{'default' if link is None else str(link).replace('.', '_').replace('-', 'minus_')}",
            f"Tweedie, variance power {variance}, link power {link}.",
            given_glm(1.0, family="tweedie", variancePower=variance, **({} if link is None else {"linkPower": link}), **both),
            ETA,
        )
        for variance in (0.0, 1.0, 1.5, 2.0, 3.0)
        for link in (None, 0.0, 1.0, -1.0, 0.5, 2.0, -0.4)
    ]
    offset = Table({"features": "vector", "w": "double"}, [(dense(1, 2), 0.5), (dense(1, 2), None), (dense(0, 0), -3.0), (sparse(2), NAN), (dense(1, 1), INF)])
    whole = Table({"features": "vector", "w": "int"}, [(dense(1, 2), 2), (dense(1, 2), None)])
    text = Table({"features": "vector", "w": "string"}, [(dense(1, 2), "2")])
    found += [
        case("fitted_gaussian", "Fitted, gaussian.", glm(), HARD),
        case("fitted_binomial", "Fitted, binomial.", glm(SHARES, family="binomial", **both), HARD),
        case("fitted_poisson_sqrt", "Fitted, poisson with the square root.", glm(family="poisson", link="sqrt", **both), HARD),
        case("fitted_gamma", "Fitted, gamma.", glm(family="gamma", link="log"), HARD),
        case("fitted_no_intercept", "Without an intercept.", glm(fitIntercept=False), HARD),
        case("names_in_capitals", "Names of family and link in another case.", given_glm(1.0, family="Binomial", link="CLogLog", **both), ETA),
        case("offset", "An offset column; null makes the outputs null.", given_glm(1.0, -0.5, intercept=0.25, family="poisson", offsetCol="w", **both), offset),
        case("offset_without_link_column", "An offset without the link's column.", given_glm(1.0, -0.5, family="poisson", offsetCol="w"), offset),
        case("offset_int", "An offset of ints.", given_glm(1.0, -0.5, offsetCol="w", **both), whole),
        case("offset_string", "An offset that is no number is refused.", given_glm(1.0, -0.5, offsetCol="w"), text, "error"),
        case("offset_empty", "An empty name is no offset.", given_glm(1.0, -0.5, offsetCol=""), HARD),
        case("no_prediction", "Without the prediction.", given_glm(1.0, -0.5, predictionCol="", **both), HARD),
        case("no_columns", "Without any column.", given_glm(1.0, -0.5, predictionCol=""), HARD),
        case("link_column_empty", "An empty name of the link's column.", given_glm(1.0, -0.5, linkPredictionCol=""), HARD),
        case(
            "link_column_exists",
            "A link column that exists is refused.",
            given_glm(1.0, -0.5, **both),
            Table({"features": "vector", "eta": "double"}, [(dense(1, 2), 1)]),
            "error",
        ),
        case(
            "column_names",
            "Other names.",
            given_glm(1.0, -0.5, featuresCol="my features", predictionCol="my mean", linkPredictionCol="my eta"),
            Table({"my features": "vector"}, HARD.rows),
        ),
        case("null_vector", "A null vector raises.", given_glm(1.0, -0.5), one_column("features", "vector", [None]), "error"),
        case("shorter_vector", "A shorter vector raises.", given_glm(1.0, -0.5), one_column("features", "vector", [dense(1)]), "error"),
        case("empty_input", "No rows.", given_glm(1.0, -0.5, **both), HARD.empty()),
    ]
    return found


def _aft_cases() -> list[Case]:
    case = partial(Case, AFT)
    quantiles = {"quantilesCol": "quantiles"}
    return [
        case("defaults", "Fitted with defaults.", aft(), HARD),
        case("quantiles", "With quantiles.", aft(**quantiles), HARD),
        case("chosen_quantiles", "Quantiles of chosen shares.", aft(**quantiles, quantileProbabilities=[0.5, 1e-9, 0.999999]), HARD),
        case("no_intercept", "Without an intercept.", aft(fitIntercept=False, **quantiles), HARD),
        case("chosen_predictors", "Chosen predictors and a large scale.", given_aft(1.0, intercept=0.0, scale=2.5, **quantiles), ETA),
        case("no_prediction", "Quantiles alone.", given_aft(1.0, intercept=0.5, scale=0.5, predictionCol="", **quantiles), ETA),
        case("no_columns", "No column at all.", given_aft(1.0, intercept=0.5, scale=0.5, predictionCol=""), ETA),
        case("quantiles_empty", "An empty name of the quantiles.", given_aft(1.0, intercept=0.5, scale=0.5, quantilesCol=""), ETA),
        case(
            "column_names",
            "Other names.",
            given_aft(1.0, intercept=0.5, scale=0.5, featuresCol="f", predictionCol="p", quantilesCol="q"),
            Table({"f": "vector"}, ETA.rows),
        ),
        case("null_vector", "A null vector raises.", given_aft(1.0, intercept=0.5, scale=0.5), one_column("features", "vector", [None]), "error"),
        case("longer_vector", "A longer vector raises.", given_aft(1.0, intercept=0.5, scale=0.5), one_column("features", "vector", [dense(1, 2)]), "error"),
        case(
            "metadata_of_another_size",
            "The size in the ML attributes is not checked.",
            given_aft(1.0, intercept=0.5, scale=0.5),
            ETA.with_metadata("features", vector_size(4)),
        ),
        case("empty_input", "No rows.", given_aft(1.0, intercept=0.5, scale=0.5, **quantiles), ETA.empty()),
    ]


def _isotonic_cases() -> list[Case]:
    case = partial(Case, ISOTONIC)
    stairs = [(1.0, 0.0), (2.0, 1.0), (6.0, 1.0), (3.0, 2.0), (7.5, 3.0), (7.5, 4.0), (9.0, 8.0)]
    edges = [value for x in (0.0, 1.0, 2.0, 3.0, 4.0, 8.0) for value in (below(x), x, above(x))]
    numbers = one_column("features", "double", [*edges, 0.5, 1.7, 6.25, -5.0, 100.0, *HARD_DOUBLES])
    vectors = [(label, dense(9.0 - x, x)) for label, x in stairs]
    rows = one_column(
        "features", "vector", [dense(3.0, 1.5), dense(-1.0, 4.5), dense(8.5, NAN), dense(9.0, -0.0), sparse(2), sparse(2, {1: 2.5}), dense(1, INF)]
    )
    return [
        case("numbers", "A double column, at the boundaries and beside them.", isotonic(stairs), numbers),
        case("falling", "A falling function.", isotonic([(-label, x) for label, x in stairs], isotonic=False), numbers),
        case("one_point", "One boundary.", isotonic([(2.0, 1.0)]), numbers),
        case("signed_zeros", "Boundaries at -0.0 and 0.0.", isotonic([(1.0, -1.0), (2.0, -0.0), (3.0, 0.0), (4.0, 1.0)]), numbers),
        case("vectors", "The first feature of a vector.", isotonic(vectors, "vector"), rows),
        case("second_feature", "Another feature of a vector.", isotonic(vectors, "vector", featureIndex=1), rows),
        case("null_vector", "A null vector raises.", isotonic(vectors, "vector"), one_column("features", "vector", [None]), "error"),
        case(
            "shorter_vector",
            "A vector without the feature raises.",
            isotonic(vectors, "vector", featureIndex=1),
            one_column("features", "vector", [dense(1)]),
            "error",
        ),
        case("int_column", "A column of ints is refused.", isotonic(stairs), one_column("features", "int", [1]), "error"),
        case("column_names", "Other names.", with_params(isotonic(stairs), featuresCol="x", predictionCol="y"), Table({"x": "double"}, numbers.rows)),
        case("prediction_column_empty", "An empty predictionCol raises.", with_params(isotonic(stairs), predictionCol=""), numbers, "error"),
        case("empty_input", "No rows.", isotonic(stairs), numbers.empty()),
    ]
