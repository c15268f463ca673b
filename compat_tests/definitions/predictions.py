"""From scores to rawPrediction, probability and prediction, as Spark's classifiers decide."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from compat_tests.definitions.core import Definition, Fitted, Near, Row, dense, divide, exp
from compat_tests.definitions.vectors import Vector

#: From a feature vector to raw predictions, one a class.
Raw = Callable[[Vector], list[Near]]


def value_of(entry: Any) -> float:
    """The double alone."""
    return float(entry.value if isinstance(entry, Near) else entry)


def argmax(values: Sequence[float]) -> float:
    """The first greatest; NaN is never greater, and a NaN in front is never passed."""
    best = 0
    for place, value in enumerate(values):
        if value > values[best]:
            best = place
    return float(best)


def by_thresholds(probability: Sequence[float], thresholds: Sequence[float]) -> float:
    """The first greatest share of its threshold, walking up from -Infinity."""
    best, place = -math.inf, 0
    for number, (share, threshold) in enumerate(zip(probability, thresholds, strict=True)):
        scaled = divide(share, threshold)
        if scaled > best:
            best, place = scaled, number
    return float(place)


def sigmoid(value: float) -> float:
    """1 / (1 + exp(-x))."""
    return 1.0 / (1.0 + exp(-value))


def softmax(raw: Sequence[float]) -> list[float]:
    """The first +Infinity takes all; else exponents relative to the greatest, over their sum. NaN is no greatest; without any it is the least double."""
    if math.inf in raw:
        taker = raw.index(math.inf)
        return [1.0 if place == taker else value * 0.0 for place, value in enumerate(raw)]
    greatest = max([value for value in raw if not math.isnan(value)], default=-math.inf)
    greatest = max(greatest, -1.7976931348623157e308)
    powers = [exp(value - greatest) for value in raw]
    total = sum(powers, 0.0)
    return [value * divide(1.0, total) for value in powers]


def shares(raw: Sequence[float]) -> list[float]:
    """Each over the sum of all."""
    total = sum(raw, 0.0)
    return [divide(value, total) for value in raw]


def opened(row: Row, column: str) -> Vector:
    """The feature vector; null is refused."""
    return row.vector(column)


def classifier(
    stage: Fitted,
    raw: Raw,
    to_probability: Callable[[list[float]], list[float]],
    decide: Callable[[list[float], list[float]], float] | None = None,
    features: Callable[[Row, str], Vector] = opened,
) -> Definition:
    """A ProbabilisticClassificationModel: an empty column name switches a column off.

    Args:
        stage: its params.
        raw: features to raw predictions.
        to_probability: raw predictions to probabilities.
        decide: from both to the class, where no thresholds are set; by default the greatest raw prediction, or probability where only that column is on.
        features: how the vector is read.
    """
    params = stage.params

    names = [params.get(name, "") for name in ("rawPredictionCol", "probabilityCol", "predictionCol")]

    def define(row: Row) -> dict[str, Any]:
        if not any(names):
            return {}
        scores = raw(features(row, params["featuresCol"]))
        plain = [value_of(score) for score in scores]
        needed = names[1] or params.get("thresholds") is not None or decide is not None
        probability = to_probability(plain) if needed else []
        # An exponential turns an error in its exponent into a relative one.
        scale = max([1.0, *(score.scale for score in scores)])
        found: dict[str, Any] = {names[0]: dense(scores), names[1]: dense([Near(share, scale) for share in probability])}
        if params.get("thresholds") is not None:
            prediction = by_thresholds(probability, params["thresholds"])
        else:
            prediction = decide(plain, probability) if decide is not None else argmax(probability if names[1] and not names[0] else plain)
        found[names[2]] = Near(prediction, scale if scale == math.inf else 0.0)
        found.pop("", None)
        return found

    return define


def regression(stage: Fitted, score: Callable[[Vector], Any]) -> Definition:
    """A RegressionModel."""

    def define(row: Row) -> dict[str, Any]:
        name = stage.params["predictionCol"]
        return {name: score(row.vector(stage.params["featuresCol"]))} if name else {}

    return define
