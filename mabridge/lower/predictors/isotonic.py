"""Interpolation between boundaries."""

from __future__ import annotations

from typing import Any

import numpy as np

from mabridge.lower.columns import Bools, Floats, VectorColumn, dense_features
from mabridge.lower.java_order import total_order
from mabridge.lower.predictors.scoring import Prepared, Scoring
from mabridge.plan.predictors import PiecewiseLinearScorer


class PreparedPiecewiseLinear(Prepared):
    """A PiecewiseLinearScorer."""

    def __init__(self, scorer: PiecewiseLinearScorer) -> None:
        self.scorer = scorer

    def scores(self, column: VectorColumn) -> Floats:
        """The interpolated value, shape (rows, 1)."""
        s = self.scorer
        values = dense_features(column, np.array([s.feature]))[:, 0]
        found, place = _binary_search(s.boundaries, values)
        last = len(s.boundaries) - 1
        before, behind = np.clip(place - 1, 0, last), np.clip(place, 0, last)
        x1, y1, x2, y2 = s.boundaries[before], s.predictions[before], s.boundaries[behind], s.predictions[behind]
        with np.errstate(all="ignore"):
            between = y1 + (y2 - y1) * (values - x1) / (x2 - x1)
        result = np.where(found, s.predictions[behind], between)
        result = np.where(~found & (place == 0), s.predictions[0], result)
        scores: Floats = np.where(~found & (place == last + 1), s.predictions[last], result)[:, None]
        return scores


def _binary_search(boundaries: Floats, values: Floats) -> tuple[Bools, np.ndarray[Any, np.dtype[np.int64]]]:
    """`java.util.Arrays.binarySearch`: which of several equal boundaries is found depends on its steps, -0.0 comes before 0.0 and NaN last.

    Returns:
        Whether each value is a boundary, and its place, or where it would stand.
    """
    keys, wanted = total_order(boundaries), total_order(values)
    low, high = np.zeros(len(values), dtype=np.int64), np.full(len(values), len(boundaries) - 1, dtype=np.int64)
    found = np.zeros(len(values), dtype=np.bool_)
    place = np.zeros(len(values), dtype=np.int64)
    while True:
        active = ~found & (low <= high)
        if not active.any():
            return found, np.where(found, place, low)
        middle = np.where(active, (low + high) // 2, 0)
        at = keys[middle]
        hit = active & (at == wanted)
        place = np.where(hit, middle, place)
        found |= hit
        low = np.where(active & (at < wanted), middle + 1, low)
        high = np.where(active & (at > wanted), middle - 1, high)


def constants(scorer: PiecewiseLinearScorer) -> dict[str, Any]:
    """Boundaries and predictions."""
    return {"boundaries": scorer.boundaries, "predictions": scorer.predictions}


def generic(xp: Any, features: Any, scorer: PiecewiseLinearScorer, arrays: dict[str, Any]) -> Any:
    """The same search in a fixed number of steps; -0.0 counts as 0.0 here."""
    values = features[:, scorer.feature]
    count = len(scorer.boundaries)
    zero = xp.astype(values * 0.0 == 1.0, xp.int64)
    low, high, place = zero, zero + (count - 1), zero
    found = zero == 1
    for _ in range(max(count, 1).bit_length()):
        active = xp.logical_and(xp.logical_not(found), low <= high)
        middle = xp.where(active, (low + high) // 2, zero)
        at = xp.take(arrays["boundaries"], middle, axis=0)
        hit = xp.logical_and(active, at == values)
        place = xp.where(hit, middle, place)
        found = xp.logical_or(found, hit)
        below = xp.logical_and(active, xp.logical_or(at < values, xp.isnan(values)))
        above = xp.logical_and(active, at > values)
        low, high = xp.where(below, middle + 1, low), xp.where(above, middle - 1, high)
    place = xp.where(found, place, low)
    last = count - 1
    before = xp.where(place > 0, place - 1, zero)
    before = xp.where(before > last, zero + last, before)
    behind = xp.where(place > last, zero + last, place)
    x1, y1 = xp.take(arrays["boundaries"], before, axis=0), xp.take(arrays["predictions"], before, axis=0)
    x2, y2 = xp.take(arrays["boundaries"], behind, axis=0), xp.take(arrays["predictions"], behind, axis=0)
    between = y1 + (y2 - y1) * (values - x1) / (x2 - x1)
    outside = xp.logical_or(place == 0, place > last)
    return xp.where(xp.logical_or(found, outside), y2, between)[:, None]


SCORING = Scoring(prepare=PreparedPiecewiseLinear, constants=constants, generic=generic)
