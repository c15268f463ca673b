"""Sums over decision trees."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from mabridge.plan.predictors.scorer import Floats, Ints, Scorer


@dataclass(frozen=True, eq=False)
class TreeScorer(Scorer):
    """scores = (leaf values of each tree, added up tree by tree in order, starting at 0.0) / divisor.

    With `weights` there is one score, the dot product of the trees' leaf values and their weights as the BLAS of Spark 3.5 takes it on Java 11 and later:
    four sums, each over every fourth tree, with one rounding for each product and its sum; the four added up; then the last (trees mod 4) trees one by one.

    The nodes of all trees stand in one set of arrays. An inner node whose `category_count` is -1 sends a row left where
    `row[feature] <= threshold` (NaN goes right). Else it sends a row left where (`row[feature]` is one of the node's categories) equals `members_go_left`
    (NaN is no category; -0.0 is the category 0).

    Attributes:
        size: number of features that the model was fitted on, or None where the saved model does not say.
        roots: int32, shape (trees,), the node at which each tree starts.
        feature: int32, shape (nodes,), the feature that the node looks at; -1 at a leaf.
        threshold: float64, shape (nodes,).
        left, right: int32, shape (nodes,), the children; at a leaf the node itself.
        category_start: int32, shape (nodes,), where the node's categories begin in `categories`.
        category_count: int32, shape (nodes,), how many they are; -1 at a node that is not a categorical split.
        categories: float64, shape (all categories,), ascending within a node.
        members_go_left: bool, shape (nodes,).
        values: float64, shape (nodes, scores); unspecified at inner nodes.
        leaf_number: int32, shape (nodes,), the leaf's place in its own tree from left to right, from 0; -1 at an inner node.
        divisor: what the sums are divided by (the number of trees where they are averaged, else 1.0).
        weights: float64, shape (trees,), or None.
    """

    size: int | None
    roots: Ints
    feature: Ints
    threshold: Floats
    left: Ints
    right: Ints
    category_start: Ints
    category_count: Ints
    categories: Floats
    members_go_left: npt.NDArray[np.bool_]
    values: Floats
    leaf_number: Ints
    divisor: float = 1.0
    weights: Floats | None = None

    @property
    def num_features(self) -> int | None:
        return self.size

    @property
    def num_scores(self) -> int:
        return int(self.values.shape[1])

    @property
    def num_trees(self) -> int:
        """How many trees there are."""
        return len(self.roots)

    @property
    def num_leaves(self) -> tuple[int, ...]:
        """How many leaves each tree has."""
        return tuple(int(leaves) for leaves in np.add.reduceat(self.feature < 0, self.roots, dtype=np.int64))

    @property
    def needed_features(self) -> int:
        """A tree reads the features that it splits on and never asks how many there are."""
        return int(self.feature.max(initial=-1)) + 1

    @property
    def takes_longer_rows(self) -> bool:
        return True

    @property
    def reads_features(self) -> bool:
        # Trees of one leaf each never come to a split.
        return self.needed_features > 0

    def check(self) -> None:
        nodes = len(self.feature)
        arrays = (self.threshold, self.left, self.right, self.category_start, self.category_count, self.members_go_left, self.leaf_number)
        if self.feature.ndim != 1 or any(array.shape != (nodes,) for array in arrays) or self.values.ndim != 2 or len(self.values) != nodes:
            raise ValueError("the arrays of the trees' nodes are not of one length")
        if self.roots.ndim != 1 or not len(self.roots) or self.categories.ndim != 1 or (self.weights is not None and self.weights.shape != self.roots.shape):
            raise ValueError("the trees' roots, weights or categories have another shape")
        if self.weights is not None and (self.num_scores != 1 or self.divisor != 1.0):
            raise ValueError("weighted trees give one score, and are not divided")
        starts = np.append(self.roots.astype(np.int64), nodes)
        if starts[0] != 0 or (np.diff(starts) <= 0).any():
            raise ValueError("the trees do not stand one behind the other")
        inner = np.flatnonzero(self.feature >= 0)
        end = starts[np.searchsorted(starts, inner, side="right")]
        for child in (self.left[inner], self.right[inner]):
            # Children behind their parent make no circle.
            if (child <= inner).any() or (child >= end).any():
                raise ValueError("a node's children are not nodes behind it in the same tree")
        first, count = self.category_start.astype(np.int64), self.category_count.astype(np.int64)
        if (count < -1).any() or ((count >= 0) & ((first < 0) | (first + count > len(self.categories)))).any():
            raise ValueError("a node's categories are not there")
