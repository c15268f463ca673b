"""Sums over trees: a compiled loop where numba is installed, else a walk of all rows level by level; both give the same bits."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from mabridge.lower.columns import Floats, VectorColumn, dense_features
from mabridge.lower.predictors.fused import add_exact, exact_products, fused
from mabridge.lower.predictors.rows import rows_of
from mabridge.lower.predictors.scoring import Prepared, Scoring
from mabridge.plan.predictors import TreeScorer

log = logging.getLogger("mabridge")

#: Rows whose features are gathered at a time.
TILE_ROWS = 16_384


class PreparedTrees(Prepared):
    """A TreeScorer whose nodes look only at the features that some node splits on."""

    def __init__(self, scorer: TreeScorer) -> None:
        inner = scorer.feature >= 0
        self.features = np.unique(scorer.feature[inner]).astype(np.int64)
        self.scorer = scorer
        # Leaves look at feature 0 of the gathered ones; their children are themselves.
        self.feature = np.where(inner, np.searchsorted(self.features, scorer.feature), -1).astype(np.int32)
        s = scorer
        nodes = (s.roots, self.feature, s.threshold, s.left, s.right, s.category_start, s.category_count, s.categories, s.members_go_left, s.values)
        # Arrays of a loaded model are read-only views, which the compiled loop's signature does not take.
        self._arrays = tuple(np.array(array, order="C") for array in nodes)
        self._weights = None if s.weights is None else np.array(s.weights)
        self._products = None if s.weights is None else exact_products(s.values[:, 0], s.weights[trees_of_nodes(s)])

    def scores(self, column: VectorColumn) -> Floats:
        """What the trees add up to."""
        scores = np.zeros((column.num_rows, self.scorer.num_scores))
        loops = compiled_loops()
        for first, tile in self._tiles(column):
            out = scores[first : first + len(tile)]
            if loops is not None:
                if self._weights is None:
                    loops.add(tile, *self._arrays, out)
                else:
                    loops.dot(tile, *self._arrays, self._weights, out)
            elif self._weights is None:
                for _, node in self._walks(tile):
                    out += self.scorer.values[node]
            else:
                out[:, 0] = self._dot(tile)
        if self.scorer.divisor != 1.0:
            scores /= self.scorer.divisor
        return scores

    def absolute_terms(self, column: VectorColumn) -> Floats | None:
        """The sum of |weight * leaf value| over the trees; plain sums are Spark's to the bit."""
        if self._weights is None:
            return None
        terms = np.zeros((column.num_rows, 1))
        for first, tile in self._tiles(column):
            for tree, node in self._walks(tile):
                terms[first : first + len(tile), 0] += np.abs(self.scorer.values[node, 0] * self._weights[tree])
        return terms

    def leaves(self, column: VectorColumn) -> Floats:
        """The number of the leaf that each tree sends each row to, shape (rows, trees)."""
        numbers = np.zeros((column.num_rows, self.scorer.num_trees))
        for first, tile in self._tiles(column):
            for tree, node in self._walks(tile):
                numbers[first : first + len(tile), tree] = self.scorer.leaf_number[node]
        return numbers

    def _tiles(self, column: VectorColumn) -> Iterator[tuple[int, Floats]]:
        """The features that the trees look at, TILE_ROWS rows at a time: the first row, and float64, shape (rows, features), C order."""
        for first in range(0, column.num_rows, TILE_ROWS):
            yield first, dense_features(rows_of(column, first, min(TILE_ROWS, column.num_rows - first)), self.features)

    def _walks(self, tile: Floats) -> Iterator[tuple[int, npt.NDArray[np.int32]]]:
        """Each tree's number, and the leaf of each row, shape (rows,)."""
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
            yield tree, node

    def _dot(self, tile: Floats) -> Floats:
        """The dot product with the weights, shape (rows,), as the compiled loop gives it."""
        assert self._weights is not None
        whole = len(self._weights) - len(self._weights) % 4
        lanes = np.zeros((4, len(tile)))
        total: Floats | None = None
        for tree, node in self._walks(tile):
            if tree < whole:
                lanes[tree % 4] = self._fused(tree, node, lanes[tree % 4])
                continue
            total = self._fused(tree, node, 0.0 + (lanes[0] + lanes[1] + lanes[2] + lanes[3]) if total is None else total)
        return 0.0 + (lanes[0] + lanes[1] + lanes[2] + lanes[3]) if total is None else total

    def _fused(self, tree: int, node: npt.NDArray[np.int32], total: Floats) -> Floats:
        if self._products is not None:
            product, error = self._products
            return add_exact(product[node], error[node], total)
        assert self._weights is not None
        pairs = zip(self.scorer.values[node, 0].tolist(), total.tolist(), strict=True)
        return np.array([fused(value, float(self._weights[tree]), sum_) for value, sum_ in pairs], dtype=np.float64)


def trees_of_nodes(scorer: TreeScorer) -> npt.NDArray[np.int64]:
    """The tree that each node belongs to, shape (nodes,); the nodes of a tree stand together, its root first."""
    order = np.argsort(scorer.roots, kind="stable")
    return order[np.searchsorted(scorer.roots[order], np.arange(len(scorer.feature)), side="right") - 1]


def depth(scorer: TreeScorer) -> int:
    """The longest way from a root to a leaf, in edges."""
    steps, nodes = 0, np.unique(scorer.roots)
    while True:
        inner = nodes[scorer.feature[nodes] >= 0]
        if not len(inner):
            return steps
        nodes = np.unique(np.concatenate([scorer.left[inner], scorer.right[inner]]))
        steps += 1


@dataclass(frozen=True)
class CompiledLoops:
    """The two loops of `compiled_trees`."""

    add: Callable[..., None]
    dot: Callable[..., None]


@cache
def compiled_loops() -> CompiledLoops | None:
    """The compiled loops, or None where numba is not installed or cannot compile here; a log line then says so."""
    try:
        from mabridge.lower.predictors.compiled_trees import add_trees, dot_trees
    except Exception as error:
        log.info("trees run without a compiled loop, about five times slower: %s", error)
        return None
    return CompiledLoops(add_trees, dot_trees)


def tree_kernel() -> str:
    """Which loop is in use: "compiled" or "numpy"."""
    return "numpy" if compiled_loops() is None else "compiled"


def constants(scorer: TreeScorer) -> dict[str, Any]:
    """The nodes as gathers want them: a leaf's children are itself, so every way can be walked to the same depth."""
    inner = scorer.feature >= 0
    widest = int(scorer.category_count.max(initial=0))
    members = np.full((len(scorer.feature), widest), np.nan)
    for node in np.flatnonzero(scorer.category_count > 0).tolist():
        count, start = int(scorer.category_count[node]), int(scorer.category_start[node])
        members[node, :count] = scorer.categories[start : start + count]
    with np.errstate(invalid="ignore", over="ignore"):
        values = scorer.values if scorer.weights is None else scorer.values * scorer.weights[trees_of_nodes(scorer)][:, None]
    return {
        "roots": scorer.roots.astype(np.int64),
        "feature": np.where(inner, scorer.feature, 0).astype(np.int64),
        "threshold": scorer.threshold,
        "left": scorer.left.astype(np.int64),
        "right": scorer.right.astype(np.int64),
        "categorical": scorer.category_count >= 0,
        "members": members,
        "members_go_left": scorer.members_go_left,
        "values": values,
    }


def generic(xp: Any, features: Any, scorer: TreeScorer, arrays: dict[str, Any]) -> Any:
    """All trees at once, one step down a time; a node is a place in arrays of shape (rows * trees,).

    A weighted sum is rounded after each product here, so it can differ from Spark's in the last bits of the sum of absolute terms.
    """
    trees = scorer.num_trees
    zero = xp.astype(features[:, :1] * 0.0 == 1.0, xp.int64)

    def look_up(name: str, nodes: Any) -> Any:
        return xp.take(arrays[name], xp.reshape(nodes, (-1,)), axis=0)

    def shaped(values: Any) -> Any:
        return xp.reshape(values, (-1, trees))

    node = zero + arrays["roots"][None, :]
    for _ in range(depth(scorer)):
        value = xp.take_along_axis(features, shaped(look_up("feature", node)), axis=1)
        goes_left = value <= shaped(look_up("threshold", node))
        if arrays["members"].shape[1]:
            member = shaped(xp.any(look_up("members", node) == xp.reshape(value, (-1, 1)), axis=1))
            goes_left = xp.where(shaped(look_up("categorical", node)), member == shaped(look_up("members_go_left", node)), goes_left)
        node = xp.where(goes_left, shaped(look_up("left", node)), shaped(look_up("right", node)))
    total = xp.take(arrays["values"], node[:, 0], axis=0)
    for tree in range(1, trees):
        total = total + xp.take(arrays["values"], node[:, tree], axis=0)
    return total if scorer.divisor == 1.0 else total / scorer.divisor


SCORING = Scoring(prepare=PreparedTrees, constants=constants, generic=generic)
