"""Fixed tiles for backends whose matrix products round by shape: each call sees the same shape, the last tile padded with zeros."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from mabridge.lower.columns import Floats, VectorColumn, dense_features
from mabridge.lower.predictors.rows import rows_of

TILE_ROWS = 4_096

Tiled = dict[str, Floats]


def run_in_tiles(column: VectorColumn, size: int, run: Callable[[Floats], Tiled]) -> Tiled:
    """Run a function of dense features (TILE_ROWS, size) over a column, tile by tile.

    Args:
        column: the feature vectors; features beyond `size` are left out.
        size: how many features the function takes.
        run: from features to outputs, each with TILE_ROWS rows.
    """
    pieces: list[Tiled] = []
    for first in range(0, max(column.num_rows, 1), TILE_ROWS):
        count = min(TILE_ROWS, column.num_rows - first)
        tile = np.zeros((TILE_ROWS, size))
        if count:
            tile[:count] = dense_features(rows_of(column, first, count), range(size))
        pieces.append({name: values[:count] for name, values in run(tile).items()})
    return {name: np.concatenate([piece[name] for piece in pieces]) for name in pieces[0]}
