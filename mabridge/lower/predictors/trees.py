"""Sums over trees: a compiled loop where numba is installed, else a walk of all rows level by level; both give the same bits."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from mabridge.lower.columns import Floats, VectorColumn, dense_features
from mabridge.plan.predictors import TreeScorer

log = logging.getLogger("mabridge")

#: Rows whose features are gathered at a time.
TILE_ROWS = 16_384


class PreparedTrees:
    """A TreeScorer whose nodes look only at the features that some node splits on."""

    def __init__(self, scorer: TreeScorer) -> None:
        inner = scorer.feature >= 0
        self.features = np.unique(scorer.feature[inner]).astype(np.int64)
        self.scorer = scorer
        # Leaves look at feature 0 of the gathered ones; their children are themselves.
        self.feature = np.where(inner, np.searchsorted(self.features, scorer.feature), -1).astype(np.int32)
        self.depth = _depth(scorer)
        s = scorer
        nodes = (s.roots, self.feature, s.threshold, s.left, s.right, s.category_start, s.category_count, s.categories, s.members_go_left, s.values)
        # Arrays of a loaded model are read-only views, which the compiled loop's signature does not take.
        self._arrays = tuple(np.array(array, order="C") for array in nodes)

    def gathered(self, column: VectorColumn, first: int, count: int) -> Floats:
        """The features that the trees look at, for some rows; float64, shape (count, features), C order."""
        return dense_features(rows_of(column, first, count), self.features)

    def scores_and_leaves(self, column: VectorColumn, leaves: bool) -> tuple[Floats, Floats | None]:
        """Scores, shape (rows, scores), and each tree's leaf number, shape (rows, trees), where wanted."""
        scorer = self.scorer
        scores = np.zeros((column.num_rows, scorer.num_scores))
        numbers = np.zeros((column.num_rows, scorer.num_trees)) if leaves else None
        add = compiled_add()
        for first in range(0, column.num_rows, TILE_ROWS):
            count = min(TILE_ROWS, column.num_rows - first)
            tile = self.gathered(column, first, count)
            if add is not None and numbers is None:
                add(tile, *self.arrays, scores[first : first + count])
            else:
                self._walk(tile, scores[first : first + count], None if numbers is None else numbers[first : first + count])
        if scorer.divisor != 1.0:
            scores /= scorer.divisor
        return scores, numbers

    @property
    def arrays(self) -> tuple[npt.NDArray[Any], ...]:
        """What the compiled loop reads."""
        return self._arrays

    def _walk(self, tile: Floats, scores: Floats, numbers: Floats | None) -> None:
        s = self.scorer
        rows = np.arange(len(tile))
        for tree, root in enumerate(s.roots):
            node = np.full(len(tile), root, dtype=np.int32)
            while True:
                feature = self.feature[node]
                active = feature >= 0
                if not active.any():
                    break
                at, which = node[active], feature[active]
                value = tile[rows[active], which]
                goes_left = value <= s.threshold[at]
                categorical = np.flatnonzero(s.category_count[at] >= 0)
                for place in categorical.tolist():
                    index = int(at[place])
                    start = int(s.category_start[index])
                    members = s.categories[start : start + int(s.category_count[index])]
                    goes_left[place] = bool((members == value[place]).any()) == bool(s.members_go_left[index])
                node[active] = np.where(goes_left, s.left[at], s.right[at])
            scores += s.values[node]
            if numbers is not None:
                numbers[:, tree] = s.leaf_number[node]


def rows_of(column: VectorColumn, first: int, count: int) -> VectorColumn:
    """Consecutive rows of a vector column, without copying dense blocks; the layout is not kept right."""
    from mabridge.lower.columns import Block, DenseBlock, OneHotBlock, SparseBlock

    if first == 0 and count == column.num_rows:
        return column
    blocks: list[Block] = []
    for block in column.blocks:
        match block:
            case DenseBlock(values):
                blocks.append(DenseBlock(values[first : first + count]))
            case OneHotBlock(index, size, entries):
                blocks.append(OneHotBlock(index[first : first + count], size, None if entries is None else entries[first : first + count]))
            case SparseBlock():
                low, high = block.indptr[first], block.indptr[first + count]
                blocks.append(SparseBlock(block.indptr[first : first + count + 1] - low, block.indices[low:high], block.entries[low:high], block.size))
    return VectorColumn(count, tuple(blocks), column.layout)


def _depth(scorer: TreeScorer) -> int:
    """The longest way from a root to a leaf, in edges."""
    depth, nodes = 0, np.unique(scorer.roots)
    while True:
        inner = nodes[scorer.feature[nodes] >= 0]
        if not len(inner):
            return depth
        nodes = np.unique(np.concatenate([scorer.left[inner], scorer.right[inner]]))
        depth += 1


@cache
def compiled_add() -> Callable[..., None] | None:
    """The compiled loop, or None where numba is not installed or cannot compile here; a log line then says so."""
    try:
        from mabridge.lower.predictors.compiled_trees import add_trees
    except Exception as error:
        log.info("trees run without a compiled loop, about five times slower: %s", error)
        return None
    found: Callable[..., None] = add_trees
    return found


def tree_kernel() -> str:
    """Which loop is in use: "compiled" or "numpy"."""
    return "numpy" if compiled_add() is None else "compiled"
