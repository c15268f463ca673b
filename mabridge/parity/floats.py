"""Doubles and floats compared entry by entry, with their distances."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from mabridge.parity.rules import Rule
from mabridge.parity.tally import Bools, Floats, Gaps, Ints

_BITS: dict[Any, type[np.signedinteger[Any]]] = {np.dtype(np.float64): np.int64, np.dtype(np.float32): np.int32}


def unlike(expected: npt.NDArray[Any], actual: npt.NDArray[Any]) -> Ints:
    """The places where two arrays of float64, or of float32, are not the same to the bit."""
    bits = _BITS[expected.dtype]
    return np.flatnonzero(np.ascontiguousarray(expected).view(bits) != np.ascontiguousarray(actual).view(bits))


def measure(expected: npt.NDArray[Any], actual: npt.NDArray[Any], scales: Floats | None, rule: Rule) -> tuple[Bools, Gaps]:
    """Which pairs differ by the rule, and how far all of them are apart.

    Args:
        expected, actual: float64 or float32 (both the same), shape (pairs,).
        scales: float64, shape (pairs,), s of each pair; a negative, infinite or NaN one gives no slack.
        rule: float32 is exact unless its column has a tolerance of its own.

    Returns:
        Shape (pairs,): true where the pair differs; and the distances.
    """
    single = expected.dtype == np.float32
    a, b = expected.astype(np.float64), actual.astype(np.float64)
    with np.errstate(invalid="ignore", over="ignore", divide="ignore"):
        both_nan = np.isnan(a) & np.isnan(b)
        same = (a == b) | both_nan
        absolute = np.where(same, 0.0, np.abs(a - b))
        size = np.abs(a)
        bound = size if scales is None else np.maximum(size, np.where(np.isfinite(scales), scales, 0.0))
        # A side that is infinite or NaN where the other is not has no finite distance, whatever the bound.
        finite = np.isfinite(a) & np.isfinite(b)
        absolute = np.where(same | finite, absolute, np.inf)
        relative = np.where(same, 0.0, np.where(finite, absolute / size, np.inf))
        scaled = np.where(same, 0.0, np.where(finite, absolute / bound, np.inf))
        if rule.role == "passed through":
            differs = ~same | ((a == 0.0) & (b == 0.0) & (np.signbit(a) != np.signbit(b)))
        elif rule.role == "exact" or (single and not rule.stated):
            differs = ~same
        else:
            allowed = np.maximum(rule.tolerance.relative * bound, rule.tolerance.absolute)
            differs = ~same & ~(finite & (absolute <= allowed))
    return differs, Gaps(a, b, absolute, relative, scaled, _ulps(expected, actual, same, both_nan))


def _ulps(expected: npt.NDArray[Any], actual: npt.NDArray[Any], same: Bools, both_nan: Bools) -> Floats:
    """How many representable numbers apart each pair is; infinite where one side alone is NaN, 0 where 0.0 meets -0.0."""
    one_nan = (np.isnan(expected) | np.isnan(actual)) & ~both_nan
    # Across zero the distance of two doubles can pass 2^63: as float64 it is near enough for a report, and small distances are exact.
    steps_a, steps_b = _steps(expected), _steps(actual)
    near = np.abs(steps_a.astype(np.float64) - steps_b.astype(np.float64))
    with np.errstate(over="ignore"):
        exact = np.abs(steps_a - steps_b).astype(np.float64)
    ulps = np.where(near < 2.0**62, exact, near)
    return np.where(same, 0.0, np.where(one_nan, np.inf, ulps))


def _steps(values: npt.NDArray[Any]) -> Ints:
    """Numbers as integers in the same order, neighbours one apart."""
    bits = _BITS[values.dtype]
    signed = np.ascontiguousarray(values).view(bits).astype(np.int64)
    steps: Ints = np.where(signed < 0, np.int64(np.iinfo(bits).min) - signed, signed)
    return steps
