"""From scores to columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class MeanFunction:
    """From a linear predictor to a mean: the inverse of a link, and the bounds of a family (GeneralizedLinearRegressionModel, Spark 3.5).

    Attributes:
        link: "identity", "log" (exp), "logit", "inverse", "probit", "cloglog", "sqrt" (the square) or "power".
        power: "power" is predictor ** (1 / power).
        bounds: "finite" cuts infinities to the greatest double, "share" cuts to [1e-16, 1 - 1e-16], "positive" cuts to 1e-16 and the greatest double.
    """

    link: Literal["identity", "log", "logit", "inverse", "probit", "cloglog", "sqrt", "power"]
    power: float = 1.0
    bounds: Literal["none", "finite", "share", "positive"] = "none"


@dataclass(frozen=True)
class Head:
    """How scores become the columns rawPrediction, probability and prediction (Spark 3.5's ProbabilisticClassificationModel and its subclasses).

    Attributes:
        raw: "scores" takes the scores as they are; "signed" turns one score m into (-m, m).
        probability: "logistic" is p0 = 1 / (1 + exp(-slope * raw0)), p1 = 1 - p0; "logistic second" is p1 = 1 / (1 + exp(-raw1)), p0 = 1 - p1; "softmax" is
            Spark's `Utils.softmax`; "plain softmax" is exp(raw - the greatest raw) over its sum, which is NaN where a raw is Infinity; "normalize" divides by
            the sum and refuses a row that has none, "shares" divides by the sum; "none" for models that have no probability.
        slope: see "logistic".
        decision: how `prediction` comes about. "score" is the score itself (regression), or its mean where `mean` is set. "argmax raw" and
            "argmax probability" take the first greatest entry. "argmax total" likewise of raw, with NaN above all and 0.0 above -0.0, as Java orders doubles.
            "cutoff raw" is raw1 > cutoff, "cutoff probability" is probability1 > cutoff, "cutoff score" is 1 / (1 + exp(-score)) > cutoff and
            "cutoff margin" is score > cutoff, each as 1.0 or 0.0. "scaled probability" takes the first greatest probability_i / thresholds_i.
        cutoff: see `decision`.
        thresholds: see `decision`; one a class.
        mean: see `decision`.
        labels: how many clusters there are where the prediction is the int label of one; 0 where it is a double.
        multiples: the factors that make the vector `multiples` of the prediction.
    """

    raw: Literal["scores", "signed"] = "scores"
    probability: Literal["logistic", "logistic second", "softmax", "plain softmax", "normalize", "shares", "none"] = "none"
    slope: float = 1.0
    decision: Literal[
        "score",
        "argmax raw",
        "argmax probability",
        "argmax total",
        "cutoff raw",
        "cutoff probability",
        "cutoff score",
        "cutoff margin",
        "scaled probability",
    ] = "score"
    cutoff: float = 0.0
    thresholds: tuple[float, ...] = ()
    mean: MeanFunction | None = None
    labels: int = 0
    multiples: tuple[float, ...] = ()
