"""From scores to rawPrediction, probability and prediction: one definition in the Python array API, for numpy, torch and ONNX alike."""

from __future__ import annotations

from typing import Any

from mabridge.lower.predictors.means import mean_of
from mabridge.plan.predictors import Head


def apply_head(xp: Any, scores: Any, head: Head) -> tuple[Any, Any, Any]:
    """Spark's arithmetic from scores to columns (ProbabilisticClassificationModel and its subclasses, Spark 3.5).

    Args:
        xp: an array API namespace.
        scores: float64, shape (rows, scores).
        head: which rules hold.

    Returns:
        raw prediction, shape (rows, classes); probability, of the same shape, or None; prediction, shape (rows,).
    """
    if head.decision == "score":
        return scores, None, scores[:, 0] if head.mean is None else mean_of(xp, scores[:, 0], head.mean)
    raw = xp.concat([-scores[:, :1], scores[:, :1]], axis=1) if head.raw == "signed" else scores
    probability = _probability(xp, raw, head)
    return raw, probability, _decide(xp, scores, raw, probability, head)


def _probability(xp: Any, raw: Any, head: Head) -> Any:
    match head.probability:
        case "logistic":
            first = 1.0 / (1.0 + xp.exp(-head.slope * raw[:, :1]))
            return xp.concat([first, 1.0 - first], axis=1)
        case "logistic second":
            second = 1.0 / (1.0 + xp.exp(-raw[:, 1:2]))
            return xp.concat([1.0 - second, second], axis=1)
        case "softmax":
            return _softmax(xp, raw)
        case "plain softmax":
            powers = xp.exp(raw - _greatest(xp, raw))
            return powers / _row_sum(xp, powers, raw.shape[1])
        case "normalize" | "shares":
            return raw / _row_sum(xp, raw, raw.shape[1])
    return None


def _row_sum(xp: Any, values: Any, width: int) -> Any:
    """The sum of each row of `width` entries from left to right, shape (rows, 1)."""
    total = values[:, :1]
    for column in range(1, width):
        total = total + values[:, column : column + 1]
    return total


def _softmax(xp: Any, raw: Any) -> Any:
    """Spark's Utils.softmax: the first +Infinity gets 1 and the rest 0 times itself; else exponents relative to the greatest, scaled by 1 over their sum."""
    greatest = _greatest(xp, raw)
    finite = xp.where(greatest == xp.inf, 0.0, greatest)
    powers = xp.exp(xp.where(raw == xp.inf, 0.0, raw) - finite)
    ordinary = powers * (1.0 / _row_sum(xp, powers, raw.shape[1]))
    # Of several infinities the first counts.
    taken = raw[:, :1] == xp.inf
    columns = [xp.where(taken, 1.0, raw[:, :1] * 0.0)]
    for column in range(1, raw.shape[1]):
        value = raw[:, column : column + 1]
        columns.append(xp.where(xp.logical_and(value == xp.inf, xp.logical_not(taken)), 1.0, value * 0.0))
        taken = xp.logical_or(taken, value == xp.inf)
    return xp.where(greatest == xp.inf, xp.concat(columns, axis=1), ordinary)


def _greatest(xp: Any, raw: Any) -> Any:
    """The greatest entry of each row but NaN, shape (rows, 1); Spark starts from the smallest double, so a row of -Infinity alone gives it."""
    greatest = xp.max(xp.where(xp.isnan(raw), -xp.inf, raw), axis=1, keepdims=True)
    return xp.where(greatest < -_LARGEST, -_LARGEST, greatest)


#: Double.MaxValue.
_LARGEST = 1.7976931348623157e308


def _decide(xp: Any, scores: Any, raw: Any, probability: Any, head: Head) -> Any:
    match head.decision:
        case "cutoff raw":
            return xp.astype(raw[:, 1] > head.cutoff, xp.float64)
        case "cutoff probability":
            return xp.astype(probability[:, 1] > head.cutoff, xp.float64)
        case "cutoff score":
            return xp.astype(1.0 / (1.0 + xp.exp(-scores[:, 0])) > head.cutoff, xp.float64)
        case "cutoff margin":
            return xp.astype(scores[:, 0] > head.cutoff, xp.float64)
        case "argmax raw":
            return _first_greatest(xp, raw, start=None)
        case "argmax total":
            return _first_greatest_in_order(xp, raw)
        case "argmax probability":
            return _first_greatest(xp, probability, start=None)
    scaled = probability / xp.asarray(list(head.thresholds), dtype=xp.float64)[None, :]
    return _first_greatest(xp, scaled, start=-xp.inf)


def _first_greatest(xp: Any, values: Any, start: float | None) -> Any:
    """Spark's argmax: walks from left to right and moves on `>`, so NaN never wins and a leading NaN (`start` None) is never left."""
    best = values[:, 0]
    place = xp.zeros_like(best)
    if start is not None:
        best = xp.where(xp.isnan(best), start, best)
    for column in range(1, values.shape[1]):
        better = values[:, column] > best
        best = xp.where(better, values[:, column], best)
        place = xp.where(better, xp.zeros_like(place) + float(column), place)
    return place


def _first_greatest_in_order(xp: Any, values: Any) -> Any:
    """The first greatest in the order of Java's Double.compare: NaN above all, 0.0 above -0.0."""
    best = values[:, 0]
    place = xp.zeros_like(best)
    for column in range(1, values.shape[1]):
        value = values[:, column]
        first_nan = xp.logical_and(xp.isnan(value), xp.logical_not(xp.isnan(best)))
        both_zero = xp.logical_and(value == 0.0, best == 0.0)
        above_zero = xp.logical_and(both_zero, xp.logical_and(1.0 / best < 0.0, 1.0 / value > 0.0))
        better = xp.logical_or(value > best, xp.logical_or(first_nan, above_zero))
        best = xp.where(better, value, best)
        place = xp.where(better, xp.zeros_like(place) + float(column), place)
    return place
