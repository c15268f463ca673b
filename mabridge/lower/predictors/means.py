"""Inverse links and the bounds of families, in the Python array API."""

from __future__ import annotations

import math
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from mabridge.plan.predictors import MeanFunction

Floats = npt.NDArray[np.float64]

#: GeneralizedLinearRegression's epsilon.
_EPSILON = 1e-16
#: Double.MaxValue.
_LARGEST = 1.7976931348623157e308
#: Beyond this erf is 1 to the last bit.
_EDGE = 6.0


def mean_of(xp: Any, eta: Any, mean: MeanFunction) -> Any:
    """The mean of a linear predictor (FamilyAndLink.fitted, Spark 3.5).

    Args:
        xp: an array API namespace.
        eta: float64, shape (rows,).
        mean: which function.
    """
    return _bounded(xp, _unlinked(xp, eta, mean), mean)


def _unlinked(xp: Any, eta: Any, mean: MeanFunction) -> Any:
    match mean.link:
        case "identity":
            return eta
        case "log":
            return xp.exp(eta)
        case "logit":
            return 1.0 / (1.0 + xp.exp(-1.0 * eta))
        case "inverse":
            return 1.0 / eta
        case "probit":
            return 0.5 * (1.0 + erf(xp, eta / math.sqrt(2.0)))
        case "cloglog":
            return 1.0 - xp.exp(-1.0 * xp.exp(eta))
        case "sqrt":
            return eta * eta
        case "power":
            return xp.pow(eta, xp.ones_like(eta) * (1.0 / mean.power))


def _bounded(xp: Any, mu: Any, mean: MeanFunction) -> Any:
    # NaN passes: every comparison with it is false.
    match mean.bounds:
        case "finite":
            return xp.where(mu == -xp.inf, -_LARGEST, xp.where(mu == xp.inf, _LARGEST, mu))
        case "share":
            return xp.where(mu < _EPSILON, _EPSILON, xp.where(mu > 1.0 - _EPSILON, 1.0 - _EPSILON, mu))
        case "positive":
            return xp.where(mu < _EPSILON, _EPSILON, xp.where(mu == xp.inf, _LARGEST, mu))
    return mu


def erf(xp: Any, x: Any) -> Any:
    """The error function, within 2e-14: no runtime of ONNX has it in double precision.

    Args:
        xp: an array API namespace.
        x: float64.
    """
    odd = _erf_coefficients()
    inside = xp.where(x > _EDGE, _EDGE, xp.where(x < -_EDGE, -_EDGE, x)) / _EDGE
    # Clenshaw's sum of the odd Chebyshev polynomials: T(2k+1, t) = t * (V of 2t^2 - 1).
    double = 4.0 * inside * inside - 2.0
    later, last = inside * 0.0, inside * 0.0
    for coefficient in odd[:0:-1]:
        later, last = double * later - last + coefficient, later
    found = inside * ((double - 1.0) * later - last + odd[0])
    return xp.where(x >= _EDGE, 1.0, xp.where(x <= -_EDGE, -1.0, found))


@cache
def _erf_coefficients() -> list[float]:
    """Of the odd Chebyshev polynomials on [-6, 6]."""
    count = 160
    angles = (np.arange(count) + 0.5) * np.pi / count
    values = np.array([math.erf(_EDGE * math.cos(angle)) for angle in angles])
    found = [2.0 / count * math.fsum((values * np.cos(order * angles)).tolist()) for order in range(1, 122, 2)]
    return [float(value) for value in found]


def mean_terms(eta: Floats, terms: Floats, mu: Floats, mean: MeanFunction) -> Floats:
    """The sum of absolute terms of a mean: what an error in the predictor moves it by, and the size of what is added up on the way.

    Args:
        eta: float64, shape (rows,).
        terms: of the predictor, shape (rows,).
        mu: the mean, shape (rows,).
        mean: which function.
    """
    with np.errstate(all="ignore"):
        match mean.link:
            case "identity":
                found = terms
            case "log":
                found = mu * (1.0 + terms)
            case "logit":
                found = mu * (1.0 - mu) * terms + mu
            case "inverse":
                found = np.abs(mu) * (1.0 + terms * np.abs(mu))
            case "probit":
                found = 1.0 + np.exp(-0.5 * eta * eta) * terms
            case "cloglog":
                found = 1.0 + np.exp(eta - np.exp(eta)) * terms
            case "sqrt":
                found = mu + 2.0 * np.abs(eta) * terms
            case "power":
                found = np.abs(mu) * (1.0 + terms / np.abs(mean.power * eta))
    return np.where(np.isfinite(found), found, 0.0)
