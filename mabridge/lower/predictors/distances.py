"""Distances of rows to centres, with the arithmetic of Spark's clusterings (DistanceMeasure and MLUtils.fastSquaredDistance, Spark 3.5)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from mabridge.lower.arrow_vectors import stored_entries
from mabridge.lower.columns import AllDense, DenseBlock, Floats, OneHotBlock, PerRow, SparseBlock, VectorColumn
from mabridge.lower.predictors.sums import fused_dots
from mabridge.plan.predictors import Centers

_EPSILON = 2.0**-52
#: The relative error up to which Spark takes a distance from norms and a dot product.
_PRECISION = 1e-6


class Points:
    """The rows of a column as distances need them: dense rows feature by feature, sparse rows entry by entry.

    Attributes:
        num_rows: how many there are.
        sparse: bool, shape (rows,), which rows Spark holds sparse.
        norms: float64, shape (rows,), Euclidean.
    """

    def __init__(self, column: VectorColumn) -> None:
        self.num_rows = column.num_rows
        self._column = column
        self.sparse, owner, self._places, self._entries = stored_entries(column)
        self._dense_rows = np.flatnonzero(~self.sparse)
        self._columns = np.ascontiguousarray(column.take(~self.sparse).dense().T) if len(self._dense_rows) else np.zeros((column.size, 0))
        if self.sparse.any():
            kept = self.sparse[owner]
            self._owner, self._places, self._entries = owner[kept], self._places[kept], self._entries[kept]
        else:
            self._owner = owner
        squares = self._sums(self._entries * self._entries)
        squares[self._dense_rows] = _added(values * values for values in self._columns)
        self.norms = np.sqrt(squares)

    def _sums(self, products: Floats) -> Floats:
        """The sum of each sparse row's products, from left to right; 0.0 in dense rows."""
        return np.bincount(self._owner, weights=products, minlength=self.num_rows).astype(np.float64)

    def distances(self, centers: Centers, place: int) -> Floats:
        """The distance of every row to one centre: squared Euclidean, or one minus the cosine; shape (rows,)."""
        return self._cosine(centers, place) if centers.measure == "cosine" else self._squared(centers, place)

    def _cosine(self, centers: Centers, place: int) -> Floats:
        center, norm = centers.points[place], float(centers.norms[place])
        dots = self._sparse_dots(center)
        if len(self._dense_rows):
            if centers.sparse[place]:
                dots[self._dense_rows] = _plain_dots(self._columns, center)
            else:
                dots[self._dense_rows] = fused_dots(np.ascontiguousarray(self._columns.T), center)
        return 1.0 - dots / norm / self.norms

    def _squared(self, centers: Centers, place: int) -> Floats:
        center, norm = centers.points[place], float(centers.norms[place])
        found = np.empty(self.num_rows)
        by_norms = self.sparse if not centers.sparse[place] else np.ones(self.num_rows, dtype=np.bool_)
        if not by_norms.all():
            found[self._dense_rows] = _squared_distances(self._columns, center)
        if by_norms.any():
            dots = self._sparse_dots(center)
            if centers.sparse[place]:
                dots[self._dense_rows] = _plain_dots(self._columns, center)
            rows = np.flatnonzero(by_norms)
            found[rows] = self._from_norms(rows, dots[rows], norm, center)
        return found

    def _from_norms(self, rows: npt.NDArray[np.int64], dots: Floats, norm: float, center: Floats) -> Floats:
        """The squared distance from norms and dot product where that is precise enough, else entry by entry."""
        norms = self.norms[rows]
        squares = norm * norm + norms * norms
        gap = norm - norms
        bound = 2.0 * _EPSILON * squares / (gap * gap + _EPSILON)
        found = squares - 2.0 * dots
        # Scala's math.max gives NaN where one side is NaN, as np.maximum does.
        second = np.maximum(found, 0.0)
        second_bound = _EPSILON * (squares + 2.0 * np.abs(dots)) / (second + _EPSILON)
        near = ~(bound < _PRECISION)
        found = np.where(near, second, found)
        again = np.flatnonzero(near & (second_bound > _PRECISION))
        if len(again):
            wanted = np.zeros(self.num_rows, dtype=np.bool_)
            wanted[rows[again]] = True
            found[again] = _squared_distances(np.ascontiguousarray(self._column.take(wanted).dense().T), center)
        return found

    def _sparse_dots(self, center: Floats) -> Floats:
        weights = center[self._places]
        return self._sums(np.where(weights == 0.0, 0.0, self._entries * weights) if not np.isfinite(self._entries).all() else self._entries * weights)


def _added(parts: object) -> Floats | float:
    total: Floats | float = 0.0
    for part in parts:  # type: ignore[attr-defined]
        total = total + part
    return total


def _squared_distances(columns: Floats, center: Floats) -> Floats:
    """The sum of squared differences, from left to right."""
    total = np.zeros(columns.shape[1])
    for values, at in zip(columns, center.tolist(), strict=True):
        difference = values - at
        difference *= difference
        total += difference
    return total


def _plain_dots(columns: Floats, center: Floats) -> Floats:
    """The dot product with a sparse centre: over its entries, from left to right."""
    total = np.zeros(columns.shape[1])
    for place in np.flatnonzero(center).tolist():
        total += columns[place] * center[place]
    return total


def center_statistics(centers: Centers) -> Floats | None:
    """Spark's bounds for skipping centres, shape (centres, centres): off the diagonal half the way between two, on it the least of its row.

    Returns:
        None where Spark computes none: a thousand centres or more, or a million or more products to compute.
    """
    count, features = centers.points.shape
    if count >= 1000 or count * count * features >= 1_000_000:
        return None
    if count == 1:
        return np.array([[np.nan]])
    layout = PerRow(centers.sparse) if centers.sparse.any() else AllDense()
    points = Points(VectorColumn(count, (DenseBlock(centers.points),), layout))
    points.norms = centers.norms
    found = np.full((count, count), np.inf)
    for place in range(count):
        distance = points.distances(centers, place)
        if centers.measure == "euclidean":
            distance = np.sqrt(distance)
            bound = 0.25 * distance * distance
        else:
            bound = 1.0 - np.sqrt(1.0 - distance / 2.0)
        found[place, :place] = found[:place, place] = bound[:place]
    for place in range(count):
        others = np.delete(found[place], place)
        # NaN is never less than the least so far.
        found[place, place] = np.min(np.where(np.isnan(others), np.inf, others))
    return found


def lengths(column: VectorColumn) -> Floats:
    """The Euclidean length of every row, shape (rows,)."""
    total = np.zeros(column.num_rows)
    for block in column.blocks:
        match block:
            case DenseBlock(values):
                for place in range(block.size):
                    total += values[:, place] * values[:, place]
            case OneHotBlock(index, _, entries):
                total += (index >= 0) if entries is None else np.where(index >= 0, entries * entries, 0.0)
            case SparseBlock():
                total += np.bincount(block.rows, weights=block.entries * block.entries, minlength=column.num_rows)
    return np.sqrt(total)
