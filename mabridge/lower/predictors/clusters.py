"""The nearest centre, flat and in a tree."""

from __future__ import annotations

from typing import Any

import numpy as np

from mabridge.lower.columns import Bools, Floats, VectorColumn
from mabridge.lower.predictors.distances import Points, center_statistics, lengths
from mabridge.lower.predictors.rows import rows_of
from mabridge.lower.predictors.scoring import Prepared, Scoring
from mabridge.plan.predictors import Centers, CenterTreeScorer, NearestCenterScorer

#: Rows whose distances are worked out at a time.
TILE_ROWS = 4_096
_NO_LENGTH = "Its vector holds NaN, so it has no distance; Spark refuses this too."
_ZERO_LENGTH = "Its vector has length zero or holds NaN, so it has no cosine distance; Spark refuses this too."


class _PreparedClusters(Prepared):
    """What both clusterings share: tiles, and the rows that have no distance."""

    def __init__(self, centers: Centers) -> None:
        self.centers = centers

    def scores(self, column: VectorColumn) -> Floats:
        """The label of each row, shape (rows, 1)."""
        labels = np.zeros((column.num_rows, 1))
        for first in range(0, column.num_rows, TILE_ROWS):
            count = min(TILE_ROWS, column.num_rows - first)
            labels[first : first + count, 0] = self._labels(Points(rows_of(column, first, count)))
        return labels

    def _labels(self, points: Points) -> Floats:
        raise NotImplementedError(f"{type(self).__name__} has no labels")

    def refused(self, column: VectorColumn) -> tuple[Bools | None, str]:
        """The rows that have no distance."""
        cosine = self.centers.measure == "cosine"
        bad = np.zeros(column.num_rows, dtype=np.bool_)
        for first in range(0, column.num_rows, TILE_ROWS):
            norms = lengths(rows_of(column, first, min(TILE_ROWS, column.num_rows - first)))
            bad[first : first + len(norms)] = ~(norms > 0) if cosine else ~(norms >= 0)
        if cosine and not (self.centers.norms > 0).all():
            bad[:] = True
        return (bad if bad.any() else None), _ZERO_LENGTH if cosine else _NO_LENGTH


class PreparedNearest(_PreparedClusters):
    """A NearestCenterScorer, with the bounds by which Spark skips centres."""

    def __init__(self, scorer: NearestCenterScorer) -> None:
        super().__init__(scorer.centers)
        with np.errstate(all="ignore"):
            self.statistics = center_statistics(scorer.centers)

    def _labels(self, points: Points) -> Floats:
        return self._first_least(points) if self.statistics is None else self._with_bounds(points, self.statistics)

    def _first_least(self, points: Points) -> Floats:
        best, label = np.full(points.num_rows, np.inf), np.zeros(points.num_rows)
        for place in range(len(self.centers.points)):
            distance = points.distances(self.centers, place)
            better = distance < best
            if self.centers.measure == "euclidean":
                gap = self.centers.norms[place] - points.norms
                better &= gap * gap < best
            best, label = np.where(better, distance, best), np.where(better, float(place), label)
        return label

    def _with_bounds(self, points: Points, statistics: Floats) -> Floats:
        best = points.distances(self.centers, 0)
        label = np.zeros(points.num_rows, dtype=np.int64)
        settled = best < statistics[0, 0]
        for place in range(1, len(self.centers.points)):
            if settled.all():
                break
            looked = ~settled & (statistics[place, label] < best)
            if self.centers.measure == "euclidean":
                gap = self.centers.norms[place] - points.norms
                looked &= gap * gap < best
            distance = points.distances(self.centers, place)
            at_once = looked & (distance < statistics[place, place])
            better = at_once | (looked & (distance < best))
            best, label = np.where(better, distance, best), np.where(better, place, label)
            settled |= at_once
        return label.astype(np.float64)


class PreparedCenterTree(_PreparedClusters):
    """A CenterTreeScorer."""

    def __init__(self, scorer: CenterTreeScorer) -> None:
        super().__init__(scorer.centers)
        self.scorer = scorer

    def _labels(self, points: Points) -> Floats:
        s = self.scorer
        node = np.zeros(points.num_rows, dtype=np.int64)
        # Children stand behind their parents, so one pass in order settles every row.
        for parent in np.flatnonzero(s.child_count).tolist():
            rows = np.flatnonzero(node == parent)
            if not len(rows):
                continue
            own = s.children[s.child_start[parent] : s.child_start[parent] + s.child_count[parent]].tolist()
            best, chosen = points.distances(self.centers, own[0]), np.full(points.num_rows, own[0])
            for child in own[1:]:
                distance = points.distances(self.centers, child)
                better = distance < best
                best, chosen = np.where(better, distance, best), np.where(better, child, chosen)
            node[rows] = chosen[rows]
        return s.labels[node].astype(np.float64)


def _arrays(centers: Centers) -> dict[str, Any]:
    return {"points": np.ascontiguousarray(centers.points), "norms": centers.norms}


def _distances(xp: Any, features: Any, centers: Centers, arrays: dict[str, Any]) -> Any:
    """float64, shape (rows, centres)."""
    if centers.measure == "cosine":
        lengths = xp.sqrt(xp.sum(features * features, axis=1, keepdims=True))
        return 1.0 - xp.matmul(features, arrays["points"].T) / arrays["norms"][None, :] / lengths
    total = None
    for feature in range(centers.points.shape[1]):
        difference = features[:, feature : feature + 1] - arrays["points"][:, feature][None, :]
        total = difference * difference if total is None else total + difference * difference
    assert total is not None
    return total


def _first_least(xp: Any, distances: Any, places: list[int]) -> Any:
    best = distances[:, places[0]]
    chosen = xp.zeros_like(best) + float(places[0])
    for place in places[1:]:
        better = distances[:, place] < best
        best, chosen = xp.where(better, distances[:, place], best), xp.where(better, xp.zeros_like(best) + float(place), chosen)
    return chosen


def _nearest(xp: Any, features: Any, scorer: NearestCenterScorer, arrays: dict[str, Any]) -> Any:
    distances = _distances(xp, features, scorer.centers, arrays)
    return _first_least(xp, distances, list(range(len(scorer.centers.points))))[:, None]


def _tree(xp: Any, features: Any, scorer: CenterTreeScorer, arrays: dict[str, Any]) -> Any:
    distances = _distances(xp, features, scorer.centers, arrays)
    node = xp.zeros_like(distances[:, 0])
    label = node + float(scorer.labels[0])
    for parent in np.flatnonzero(scorer.child_count).tolist():
        own = scorer.children[scorer.child_start[parent] : scorer.child_start[parent] + scorer.child_count[parent]].tolist()
        node = xp.where(node == float(parent), _first_least(xp, distances, own), node)
    for leaf in np.flatnonzero(scorer.child_count == 0).tolist():
        label = xp.where(node == float(leaf), xp.zeros_like(label) + float(scorer.labels[leaf]), label)
    return label[:, None]


NEAREST = Scoring(prepare=PreparedNearest, constants=lambda scorer: _arrays(scorer.centers), generic=_nearest)
TREE = Scoring(prepare=PreparedCenterTree, constants=lambda scorer: _arrays(scorer.centers), generic=_tree)
