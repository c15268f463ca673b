"""Densities of mixtures of Gaussians."""

from __future__ import annotations

from typing import Any

import numpy as np

from mabridge.lower import numpy_standard
from mabridge.lower.columns import Floats, VectorColumn
from mabridge.lower.predictors.fused import fused
from mabridge.lower.predictors.rows import rows_of
from mabridge.lower.predictors.scoring import Prepared, Scoring
from mabridge.lower.predictors.sums import fused_dots
from mabridge.plan.predictors import GaussianMixtureScorer

_EPSILON = 2.0**-52
TILE_ROWS = 8_192


def constants(scorer: GaussianMixtureScorer) -> dict[str, Any]:
    """The root of each pseudo-inverse covariance, its product with the mean, and the logarithm of the density's factor (MultivariateGaussian, Spark 3.5).

    Raises:
        ValueError: a covariance is zero.
    """
    features = scorer.means.shape[1]
    roots, shifts, factors = [], [], []
    for mean, covariance in zip(scorer.means, scorer.covariances, strict=True):
        values, vectors = np.linalg.eigh(covariance)
        kept = values > _EPSILON * values.max(initial=0.0) * features
        if not kept.any():
            raise ValueError("a covariance has no eigenvalue that is not zero")
        scale = np.zeros(features)
        scale[kept] = np.sqrt(1.0 / values[kept])
        root = scale[:, None] * vectors.T
        roots.append(root)
        shifts.append(root @ mean)
        factors.append(-0.5 * (features * np.log(2.0 * np.pi) + np.log(values[kept]).sum()))
    return {"roots": np.array(roots), "shifts": np.array(shifts), "factors": np.array(factors), "weights": scorer.weights}


class PreparedMixture(Prepared):
    """A GaussianMixtureScorer over tiles."""

    def __init__(self, scorer: GaussianMixtureScorer) -> None:
        self.scorer = scorer
        self.arrays = constants(scorer)

    def scores(self, column: VectorColumn) -> Floats:
        """Each Gaussian's share before it is divided, shape (rows, gaussians)."""
        return self._tiled(column, self._shares)

    def _shares(self, rows: Floats) -> Floats:
        scores: Floats = generic(numpy_standard, rows, self.scorer, self.arrays)
        for row in np.flatnonzero(~np.isfinite(scores).all(axis=1)).tolist():
            scores[row] = self._fused(rows[row].tolist())
        return scores

    def _fused(self, row: list[float]) -> list[float]:
        """A row whose products overflow, as Spark's BLAS computes it: with one rounding for each product and its sum, which never overflows in between."""
        found = []
        for place, weight in enumerate(self.scorer.weights.tolist()):
            offset = self.arrays["shifts"][place].tolist()
            for features in _blocks(len(row)):
                for feature in features:
                    for line, root in enumerate(self.arrays["roots"][place][:, feature].tolist()):
                        offset[line] = fused(-row[feature], root, offset[line])
            squares = float(fused_dots(np.array([offset]), np.array(offset))[0])
            found.append(_EPSILON + weight * float(np.exp(self.arrays["factors"][place] - 0.5 * squares)))
        return found

    def absolute_terms(self, column: VectorColumn) -> Floats:
        """What the shares' rounding errors are measured by: an error in the exponent multiplies the density."""
        arrays = {name: np.abs(values) for name, values in self.arrays.items()}

        def terms(rows: Floats) -> Floats:
            found = np.empty((len(rows), self.scorer.num_scores))
            density = generic(numpy_standard, rows, self.scorer, self.arrays)
            for place in range(self.scorer.num_scores):
                spread = _offsets(np.abs(rows), arrays["roots"][place], arrays["shifts"][place], 1.0)
                found[:, place] = density[:, place] * (1.0 + arrays["factors"][place] + 0.5 * (spread * spread).sum(axis=1))
            return found

        return self._tiled(column, terms)

    def _tiled(self, column: VectorColumn, compute: Any) -> Floats:
        found = np.empty((column.num_rows, self.scorer.num_scores))
        for first in range(0, column.num_rows, TILE_ROWS):
            count = min(TILE_ROWS, column.num_rows - first)
            found[first : first + count] = compute(rows_of(column, first, count).dense())
        return found


def _blocks(features: int) -> list[list[int]]:
    """The order in which Java11BLAS.dgemv adds up a row's features: four at a time, the last of them first; then the rest."""
    whole = features - features % 4
    return [[first + 3, first + 2, first + 1, first] for first in range(0, whole, 4)] + [[feature] for feature in range(whole, features)]


def _offsets(features: Any, matrix: Any, start: Any, sign: float) -> Any:
    """start + sign * features . matrix^T, feature by feature in BLAS's order, so that a row's bits depend on that row alone."""
    total = start[None, :]
    for block in _blocks(matrix.shape[1]):
        for feature in block:
            total = total + (sign * features[:, feature : feature + 1]) * matrix[:, feature][None, :]
    return total


def generic(xp: Any, features: Any, scorer: GaussianMixtureScorer, arrays: dict[str, Any]) -> Any:
    """The shares of dense features."""
    columns = []
    for place in range(scorer.num_scores):
        offset = _offsets(features, arrays["roots"][place, :, :], arrays["shifts"][place, :], -1.0)
        squares = offset[:, :1] * offset[:, :1]
        for feature in range(1, scorer.num_features):
            squares = squares + offset[:, feature : feature + 1] * offset[:, feature : feature + 1]
        columns.append(_EPSILON + arrays["weights"][place] * xp.exp(arrays["factors"][place] - 0.5 * squares))
    return xp.concat(columns, axis=1)


SCORING = Scoring(prepare=PreparedMixture, constants=constants, generic=generic)
