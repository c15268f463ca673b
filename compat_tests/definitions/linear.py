"""Models on sums of products: logistic and linear regression, GLM, SVC, AFT, factorization machines, perceptrons, and ALS."""

from __future__ import annotations

import itertools
import math
from typing import Any

from compat_tests.definitions.core import (
    Definition,
    DroppedError,
    Fitted,
    Near,
    RefusedError,
    Row,
    Vector,
    dense,
    divide,
    exp,
    float32,
    log,
    matrix_rows,
    power,
    to_matrix,
    to_vector,
)
from compat_tests.definitions.predictions import classifier, regression, sigmoid, softmax
from compat_tests.definitions.vectors import dot, total


def margin(vector: Vector, coefficients: Vector, intercept: float) -> Near:
    """The weighted sum and the intercept; of sparse vectors and sparse coefficients what they store counts."""
    if vector.size != coefficients.size:
        raise RefusedError("another size")
    pairs = [(coefficients.entries[place], value) for place, value in vector.active() if place in coefficients.entries]
    return dot([pair[0] for pair in pairs], [pair[1] for pair in pairs], intercept)


def _coefficients(stage: Fitted, name: str = "coefficients") -> Vector:
    found = to_vector(stage.data[name])
    assert found is not None
    return found


def logistic_regression(stage: Fitted) -> Definition:
    """Two classes: margin m, (-m, m), the sigmoid of each, 1 where its probability is above the threshold. More: one margin a class and the softmax."""
    matrix, intercepts = matrix_rows(stage.data["coefficientMatrix"]), _coefficients(stage, "interceptVector").values
    if stage.data["isMultinomial"]:
        return classifier(stage, lambda vector: [margin(vector, row, intercept) for row, intercept in zip(matrix, intercepts, strict=True)], softmax)
    threshold = stage.params["threshold"]
    thresholds = stage.params.get("thresholds")
    if thresholds is not None and len(thresholds) == 2:
        # Two thresholds p and q stand for one: 1 / (1 + p / q).
        threshold = 1.0 / (1.0 + divide(thresholds[0], thresholds[1]))

    def raw(vector: Vector) -> list[Near]:
        found = margin(vector, matrix[0], intercepts[0])
        return [Near(-found.value, found.scale), found]

    def share(scores: list[float]) -> list[float]:
        return [sigmoid(scores[0]), 1.0 - sigmoid(scores[0])]

    plain = stage.with_params(thresholds=None)

    def decide(scores: list[float], probability: list[float]) -> float:
        if stage.params["rawPredictionCol"]:
            # The margin is held to the threshold's own: log(t / (1 - t)).
            return 1.0 if scores[1] > log(divide(threshold, 1.0 - threshold)) else 0.0
        return 1.0 if (probability[1] if stage.params["probabilityCol"] else sigmoid(scores[1])) > threshold else 0.0

    return classifier(plain, raw, share, decide)


def linear_svc(stage: Fitted) -> Definition:
    """(-m, m), and 1 where the margin is above the threshold."""
    params = stage.params

    def define(row: Row) -> dict[str, Any]:
        if not params["rawPredictionCol"] and not params["predictionCol"]:
            return {}
        found = margin(row.vector(params["featuresCol"]), _coefficients(stage), stage.data["intercept"])
        outputs: dict[str, Any] = {params["rawPredictionCol"]: dense([Near(-found.value, found.scale), found])}
        outputs[params["predictionCol"]] = Near(1.0 if found.value > params["threshold"] else 0.0, math.inf if found.scale == math.inf else 0.0)
        outputs.pop("", None)
        return outputs

    return define


def linear_regression(stage: Fitted) -> Definition:
    """The weighted sum."""
    return regression(stage, lambda vector: margin(vector, _coefficients(stage), stage.data["intercept"]))


def aft_survival(stage: Fitted) -> Definition:
    """exp of the weighted sum, and its quantiles: times exp(scale * log(-log(1 - q))) for each probability q."""
    params = stage.params

    def define(row: Row) -> dict[str, Any]:
        found = margin(row.vector(params["featuresCol"]), _coefficients(stage), stage.data["intercept"])
        # An error of the exponent is a relative one of the power.
        mean = Near(exp(found.value), exp(found.value) * max(1.0, found.scale))
        factors = [exp(log(-math.log1p(-share)) * stage.data["scale"]) for share in params["quantileProbabilities"]]
        outputs: dict[str, Any] = {params.get("quantilesCol", ""): dense([Near(mean.value * factor, mean.scale * factor) for factor in factors])}
        outputs[params["predictionCol"]] = mean
        outputs.pop("", None)
        return outputs

    return define


def _normal_share(value: float) -> float:
    """The distribution function of the normal distribution, as 0.5 (1 + erf(x / sqrt 2)): far below 0 little is left of it."""
    return 0.5 * (1.0 + math.erf(value / math.sqrt(2)))


def _unlink(stage: Fitted, eta: float) -> float:
    """The mean of a linear predictor, by the link, and kept within what the family knows."""
    params = stage.params
    family = params["family"].lower()
    default = {"gaussian": "identity", "binomial": "logit", "poisson": "log", "gamma": "inverse"}
    if family == "tweedie":
        given = params.get("linkPower", 1 - params["variancePower"])
        link = {0.0: "log", 1.0: "identity", -1.0: "inverse", 0.5: "sqrt"}.get(given, "power")
    else:
        given, link = 0.0, (params.get("link") or default[family]).lower()
    mean = {
        "identity": lambda: eta,
        "log": lambda: exp(eta),
        "logit": lambda: 1.0 / (1.0 + exp(-eta)),
        "inverse": lambda: divide(1.0, eta),
        "probit": lambda: _normal_share(eta),
        "cloglog": lambda: 1.0 - exp(-exp(eta)),
        "sqrt": lambda: eta * eta,
        "power": lambda: power(eta, 1.0 / given),
    }[link]()
    return _projected(mean, family, params["variancePower"])


def _projected(mean: float, family: str, variance_power: float) -> float:
    tiny = 1e-16
    if family == "binomial":
        return tiny if mean < tiny else 1.0 - tiny if mean > 1.0 - tiny else mean
    if family in ("poisson", "gamma") or (family == "tweedie" and variance_power != 0):
        return tiny if mean < tiny else 1.7976931348623157e308 if mean == math.inf else mean
    return mean if not math.isinf(mean) else math.copysign(1.7976931348623157e308, mean)


def generalized_linear(stage: Fitted) -> Definition:
    """The linear predictor with its offset, and the mean that the link makes of it; null where the offset is null."""
    params = stage.params

    def define(row: Row) -> dict[str, Any]:
        vector = row.vector(params["featuresCol"])
        offset = row.number(params["offsetCol"]) if params.get("offsetCol") else 0.0
        names = (params.get("linkPredictionCol", ""), params["predictionCol"])
        if offset is None:
            return {name: None for name in names if name}
        found = margin(vector, _coefficients(stage), stage.data["intercept"])
        eta = Near(found.value + offset, found.scale + abs(offset))
        mean = _unlink(stage, eta.value)
        # What an error of the predictor does to the mean: seen on two predictors that lie one part in a million apart.
        step = max(abs(eta.value), eta.scale) * 1e-6
        slope = abs(_unlink(stage, eta.value + step) - _unlink(stage, eta.value - step)) / 2e-6 if math.isfinite(step) else 0.0
        # A share is 1 less something, or the other way round.
        least = 1.0 if params["family"].lower() == "binomial" else abs(mean)
        outputs = {names[0]: eta, names[1]: Near(mean, max(least, slope if math.isfinite(slope) else 0.0))}
        outputs.pop("", None)
        return outputs

    return define


def _factorization(stage: Fitted, vector: Vector) -> Near:
    """intercept + sum w_i x_i + 1/2 sum over the factors of ((sum v_if x_i)^2 - sum v_if^2 x_i^2)."""
    factors = to_matrix(stage.data["factors"])
    found = margin(vector, _coefficients(stage, "linear"), stage.data["intercept"])
    value, scale = found.value, found.scale
    for factor in range(len(factors[0])):
        terms = [factors[place][factor] * entry for place, entry in vector.active() if entry != 0]
        whole, squares = total(terms), sum((term * term for term in terms), 0.0)
        value += 0.5 * (whole.value * whole.value - squares)
        scale += 0.5 * (whole.scale * whole.scale + squares) if all(map(math.isfinite, terms)) else 0.0
    return Near(value, scale)


def factorization_classifier(stage: Fitted) -> Definition:
    """(-s, s) of the score s, the sigmoid, and the greater of both."""

    def raw(vector: Vector) -> list[Near]:
        found = _factorization(stage, vector)
        return [Near(-found.value, found.scale), found]

    return classifier(stage, raw, lambda scores: [1.0 - sigmoid(scores[1]), sigmoid(scores[1])])


def factorization_regression(stage: Fitted) -> Definition:
    """The score."""
    return regression(stage, lambda vector: _factorization(stage, vector))


def perceptron(stage: Fitted) -> Definition:
    """Layer by layer: weights (column by column) and a bias, then the sigmoid; the last layer's sums are the raw prediction, their softmax the probability."""
    layers, weights = stage.params["layers"], _coefficients(stage, "weights").values

    def raw(vector: Vector) -> list[Near]:
        if vector.size != layers[0]:
            raise RefusedError("another size")
        inputs, start, scale = list(vector.values), 0, [1.0] * layers[0]
        for place, (before, after) in enumerate(itertools.pairwise(layers)):
            bias = weights[start + before * after : start + before * after + after]
            columns = [[weights[start + column * after + unit] for column in range(before)] for unit in range(after)]
            sums = [dot(inputs, column) for column in columns]
            totals = [found.value + bias[unit] for unit, found in enumerate(sums)]
            # Once a sum has overflowed nothing is known any more.
            lost = math.inf in scale
            scale = [math.inf if lost else found.scale + abs(bias[unit]) for unit, found in enumerate(sums)]
            start += before * after + after
            inputs = totals if place == len(layers) - 2 else [sigmoid(value) for value in totals]
        return [Near(value, size) for value, size in zip(inputs, scale, strict=True)]

    def share(scores: list[float]) -> list[float]:
        greatest = max(scores)
        powers = [exp(value - greatest) for value in scores]
        whole = sum(powers, 0.0)
        return [divide(value, whole) for value in powers]

    if not stage.params["rawPredictionCol"] and not stage.params["probabilityCol"]:
        # Where only the prediction is on, Spark does not look at the thresholds.
        stage = stage.with_params(thresholds=None)
    return classifier(stage, raw, share)


def als(stage: Fitted) -> Definition:
    """The product of the user's and the item's factors, in 32-bit floats; NaN, or no row, where one is not known."""
    users, items = ({entry["id"]: entry["features"] for entry in stage.tables[name]} for name in ("userFactors", "itemFactors"))
    params, rank = stage.params, stage.metadata["rank"]

    def define(row: Row) -> dict[str, Any]:
        user, item = (_id(row[params[name]], row.type(params[name])) for name in ("userCol", "itemCol"))
        found = Near(math.nan)
        if users.get(user) is not None and items.get(item) is not None:
            found = dot(users[user][:rank], items[item][:rank])
        if math.isnan(found.value) and params.get("coldStartStrategy", "nan").lower() == "drop":
            raise DroppedError
        # A 32-bit sum: each addition rounds to 24 bits, and overflows beyond 3.4e38.
        return {params["predictionCol"]: Near(float32(found.value), math.inf if found.scale > 3.4e38 else found.scale * 2e5)}

    return define


def _id(value: Any, kind: str) -> int:
    if value is None:
        raise RefusedError("null is no id")
    if kind == "float" and value == 2**31:
        # Java's int of this float is the greatest int, whose float it is.
        return 2**31 - 1
    if not math.isfinite(value) or value != int(value) or not -(2**31) <= value < 2**31:
        raise RefusedError("not an id")
    return int(value)
