"""Dot products as the BLAS of Spark 3.5 takes them on Java 11 and later (Java11BLAS.ddot)."""

from __future__ import annotations

import numpy as np

from mabridge.lower.predictors.fused import Floats, add_exact, exact_products, fused


def fused_dot(columns: Floats, weights: Floats) -> Floats:
    """Each row's dot product with the weights: four sums, each over every fourth feature, with one rounding for each product and its sum.

    Args:
        columns: float64, shape (features, rows), one feature after the other.
        weights: float64, shape (features,).

    Returns:
        float64, shape (rows,).
    """
    features, rows = columns.shape
    whole = features - features % 4
    lanes = [np.zeros(rows) for _ in range(4)]
    for feature in range(whole):
        lanes[feature % 4] = _fused(columns[feature], float(weights[feature]), lanes[feature % 4])
    total: Floats = 0.0 + (lanes[0] + lanes[1] + lanes[2] + lanes[3])
    for feature in range(whole, features):
        total = _fused(columns[feature], float(weights[feature]), total)
    return total


def _fused(values: Floats, weight: float, total: Floats) -> Floats:
    products = exact_products(values, np.full(len(values), weight))
    if products is not None and np.isfinite(total).all():
        return add_exact(*products, total)
    return np.array([fused(value, weight, sum_) for value, sum_ in zip(values.tolist(), total.tolist(), strict=True)], dtype=np.float64)
