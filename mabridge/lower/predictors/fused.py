"""Multiply-and-add with one rounding (`Math.fma`), which the BLAS of Spark 3.5 uses on Java 11 and later."""

from __future__ import annotations

from fractions import Fraction
from math import inf, isfinite

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

#: Products between these magnitudes, and sums of a million of them, neither overflow nor lose their rounding error to underflow.
SMALLEST, LARGEST = 1e-260, 1e260


def fused(value: float, weight: float, total: float) -> float:
    """value * weight + total with one rounding."""
    if not isfinite(value) or not isfinite(weight):
        return value * weight + total
    if not isfinite(total):
        # The product itself never overflows in a fused step.
        return total
    exact = Fraction(value) * Fraction(weight) + Fraction(total)
    if exact == 0:
        return value * weight + total
    try:
        return float(exact)
    except OverflowError:
        return inf if exact > 0 else -inf


def exact_products(values: Floats, weights: Floats) -> tuple[Floats, Floats] | None:
    """The products as unevaluated sums of two doubles: rounded, and the rounding error.

    Args:
        values, weights: float64, of one shape.

    Returns:
        Two arrays of that shape whose sum is the exact product; None where some product is not 0 and outside SMALLEST to LARGEST.
    """
    with np.errstate(all="ignore"):
        rounded = values * weights
    size = np.abs(rounded)
    factors = np.maximum(np.abs(values), np.abs(weights))
    if not (((size >= SMALLEST) & (factors <= LARGEST) & (size <= LARGEST)) | (values == 0) | (weights == 0)).all():
        return None
    (v, v_rest), (w, w_rest) = _halves(values), _halves(weights)
    return rounded, ((v * w - rounded) + v * w_rest + v_rest * w) + v_rest * w_rest


def _halves(values: Floats) -> tuple[Floats, Floats]:
    """Each value as a sum of two doubles of 26 bits (Veltkamp)."""
    spread = values * 134217729.0
    high = spread - (spread - values)
    return high, values - high


def add_exact(product: Floats, error: Floats, total: Floats) -> Floats:
    """product + error + total with one rounding, where product + error is an exact product (Boldo and Melquiond, 2008).

    Args:
        product, error: as `exact_products` gives them.
        total: float64, of the same shape, finite.
    """
    above, below = _two_sum(total, error)
    high, low = _two_sum(product, above)
    rest, lost = _two_sum(below, low)
    # Rounded to odd, the small part cannot make the last sum round twice.
    even = (rest.view(np.int64) & 1) == 0
    nudged = np.nextafter(rest, np.where(lost > 0, np.inf, -np.inf))
    odd = np.where((lost != 0) & even, nudged, rest)
    # Adding 0.0 would turn the sum of -0.0 and -0.0 into 0.0.
    found: Floats = np.where(odd == 0, high, high + odd)
    return found


def _two_sum(left: Floats, right: Floats) -> tuple[Floats, Floats]:
    """The rounded sum and its rounding error (Knuth)."""
    total = left + right
    part = total - left
    return total, (left - (total - part)) + (right - part)
