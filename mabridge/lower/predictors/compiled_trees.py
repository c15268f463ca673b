"""The compiled tree loops; importing this module needs numba."""

from __future__ import annotations

import numpy as np
from numba import njit  # noqa: TID253

from mabridge.lower.predictors.compiled_fma import fma

_NODES = "f8[:,::1],i4[::1],i4[::1],f8[::1],i4[::1],i4[::1],i4[::1],i4[::1],f8[::1],b1[::1],f8[:,::1]"


@njit(nogil=True, inline="always")
def _leaf(rows, row, root, feature, threshold, left, right, category_start, category_count, categories, members_go_left):  # type: ignore[no-untyped-def]  # pragma: no cover
    node = root
    while feature[node] >= 0:
        value = rows[row, feature[node]]
        if category_count[node] < 0:
            node = left[node] if value <= threshold[node] else right[node]
        else:
            member = False
            for place in range(category_start[node], category_start[node] + category_count[node]):
                if categories[place] == value:
                    member = True
            node = left[node] if member == members_go_left[node] else right[node]
    return node


@njit(f"void({_NODES},f8[:,::1])", nogil=True, cache=True)
def add_trees(rows, roots, feature, threshold, left, right, category_start, category_count, categories, members_go_left, values, scores):  # type: ignore[no-untyped-def]  # pragma: no cover
    """Add every tree's leaf values to `scores`, tree by tree in order; shapes and meaning as in `TreeScorer`."""
    tile = 64
    for first in range(0, rows.shape[0], tile):
        last = min(first + tile, rows.shape[0])
        for root in roots:
            for row in range(first, last):
                node = _leaf(rows, row, root, feature, threshold, left, right, category_start, category_count, categories, members_go_left)
                for score in range(values.shape[1]):
                    scores[row, score] += values[node, score]


@njit(f"void({_NODES},f8[::1],f8[:,::1])", nogil=True, cache=True)
def dot_trees(rows, roots, feature, threshold, left, right, category_start, category_count, categories, members_go_left, values, weights, scores):  # type: ignore[no-untyped-def]  # pragma: no cover
    """Write the dot product of leaf values and weights to `scores`, in the order that `TreeScorer` gives."""
    tile = 64
    whole = len(roots) - len(roots) % 4
    totals = np.empty(tile)
    for first in range(0, rows.shape[0], tile):
        last = min(first + tile, rows.shape[0])
        for lane in range(4):
            totals[:] = 0.0
            for tree in range(lane, whole, 4):
                for row in range(first, last):
                    node = _leaf(rows, row, roots[tree], feature, threshold, left, right, category_start, category_count, categories, members_go_left)
                    totals[row - first] = fma(values[node, 0], weights[tree], totals[row - first])
            for row in range(first, last):
                scores[row, 0] = totals[row - first] if lane == 0 else scores[row, 0] + totals[row - first]
        for row in range(first, last):
            scores[row, 0] += 0.0
            for tree in range(whole, len(roots)):
                node = _leaf(rows, row, roots[tree], feature, threshold, left, right, category_start, category_count, categories, members_go_left)
                scores[row, 0] = fma(values[node, 0], weights[tree], scores[row, 0])
