"""The compiled tree loop; importing this module needs numba."""

from __future__ import annotations

from numba import njit  # noqa: TID253


@njit("void(f8[:,::1],i4[::1],i4[::1],f8[::1],i4[::1],i4[::1],i4[::1],i4[::1],f8[::1],b1[::1],f8[:,::1],f8[:,::1])", nogil=True, cache=True)
def add_trees(rows, roots, feature, threshold, left, right, category_start, category_count, categories, members_go_left, values, scores):  # type: ignore[no-untyped-def]  # pragma: no cover
    """Add every tree's leaf values to `scores`, tree by tree in order; shapes and meaning as in `TreeScorer`."""
    tile = 64
    for first in range(0, rows.shape[0], tile):
        last = min(first + tile, rows.shape[0])
        for root in roots:
            for row in range(first, last):
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
                for score in range(values.shape[1]):
                    scores[row, score] += values[node, score]
