"""The nearest of some centres."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from mabridge.plan.predictors.scorer import Floats, Ints, Scorer

Measure = Literal["euclidean", "cosine"]


@dataclass(frozen=True, eq=False)
class Centers:
    """Some centres and the distance to them.

    Attributes:
        points: float64, shape (centres, features).
        norms: float64, shape (centres,), Euclidean.
        sparse: bool, shape (centres,), which centres are saved as sparse vectors: Spark takes the distance to these by another formula.
        measure: squared Euclidean distance, or one minus the cosine.
    """

    points: Floats
    norms: Floats
    sparse: npt.NDArray[np.bool_]
    measure: Measure

    def check(self) -> None:
        """Check the shapes.

        Raises:
            ValueError: they do not fit together, or a norm is negative.
        """
        count = len(self.points)
        if self.points.ndim != 2 or not count or self.norms.shape != (count,) or self.sparse.shape != (count,) or not (self.norms >= 0).all():
            raise ValueError(f"{self.points.shape} centres, {self.norms.shape} norms and {self.sparse.shape} kinds")


@dataclass(frozen=True, eq=False)
class NearestCenterScorer(Scorer):
    """The score is the index of the nearest centre (KMeansModel, Spark 3.5).

    The first of equally near centres counts, but for Spark's shortcut: a centre nearer than half the way to its own nearest neighbour is taken at once.

    Attributes:
        centers: one a cluster.
    """

    centers: Centers

    @property
    def num_features(self) -> int:
        return int(self.centers.points.shape[1])

    @property
    def num_scores(self) -> int:
        return 1

    def check(self) -> None:
        self.centers.check()


@dataclass(frozen=True, eq=False)
class CenterTreeScorer(Scorer):
    """The score is the label of the leaf reached by going to the nearest child, again and again (BisectingKMeansModel, Spark 3.5).

    Attributes:
        centers: one a node; node 0 is the root.
        child_start: int32, shape (nodes,), where a node's children begin in `children`.
        child_count: int32, shape (nodes,); 0 at a leaf.
        children: int32, shape (all children,), nodes behind their parent.
        labels: int32, shape (nodes,), the leaf's label; unspecified at inner nodes.
    """

    centers: Centers
    child_start: Ints
    child_count: Ints
    children: Ints
    labels: Ints

    @property
    def num_features(self) -> int:
        return int(self.centers.points.shape[1])

    @property
    def num_scores(self) -> int:
        return 1

    @property
    def num_leaves(self) -> int:
        """How many clusters there are."""
        return int(np.count_nonzero(self.child_count == 0))

    def check(self) -> None:
        self.centers.check()
        nodes = len(self.centers.points)
        if any(array.shape != (nodes,) for array in (self.child_start, self.child_count, self.labels)) or self.children.ndim != 1:
            raise ValueError("the arrays of the tree's nodes are not of one length")
        start, count = self.child_start.astype(np.int64), self.child_count.astype(np.int64)
        if (start < 0).any() or (count < 0).any() or (start + count > len(self.children)).any():
            raise ValueError("a node's children are not there")
        for node in np.flatnonzero(count).tolist():
            own = self.children[start[node] : start[node] + count[node]]
            if (own <= node).any() or (own >= nodes).any():
                raise ValueError("a node's children are not nodes behind it")
