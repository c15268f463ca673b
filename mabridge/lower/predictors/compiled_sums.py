"""The compiled loops of `sums`; importing this module needs numba."""

from __future__ import annotations

from numba import njit  # noqa: TID253

from mabridge.lower.predictors.compiled_fma import fma


@njit("void(f8[:,::1],f8[:,::1],f8[:,::1])", nogil=True, cache=True)
def add_products(rows, weights, sums):  # type: ignore[no-untyped-def]  # pragma: no cover
    """Add rows . weights to `sums`, each sum from left to right; shapes (rows, features), (features, scores), (rows, scores)."""
    for row in range(rows.shape[0]):
        for feature in range(rows.shape[1]):
            value = rows[row, feature]
            for score in range(weights.shape[1]):
                sums[row, score] = fma(value, weights[feature, score], sums[row, score])


@njit("void(f8[:,::1],f8[::1],f8[::1])", nogil=True, cache=True)
def dot_rows(rows, weights, dots):  # type: ignore[no-untyped-def]  # pragma: no cover
    """Write each row's dot product with the weights to `dots`, in four sums as `sums.fused_dots` says."""
    whole = len(weights) - len(weights) % 4
    for row in range(rows.shape[0]):
        first, second, third, fourth = 0.0, 0.0, 0.0, 0.0
        for feature in range(0, whole, 4):
            first = fma(rows[row, feature], weights[feature], first)
            second = fma(rows[row, feature + 1], weights[feature + 1], second)
            third = fma(rows[row, feature + 2], weights[feature + 2], third)
            fourth = fma(rows[row, feature + 3], weights[feature + 3], fourth)
        total = 0.0 + (first + second + third + fourth)
        for feature in range(whole, len(weights)):
            total = fma(rows[row, feature], weights[feature], total)
        dots[row] = total
