"""Weighted sums over block vectors, feature by feature, so that a row's bits depend on that row alone."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from mabridge.lower.columns import DenseBlock, Floats, OneHotBlock, SparseBlock, VectorColumn
from mabridge.lower.predictors.fused import fused
from mabridge.lower.predictors.scoring import Prepared, Scoring, model_size
from mabridge.plan.predictors import LinearScorer

#: Rows added up at a time: one column of a tile stays in the first cache.
TILE_ROWS = 8_192


def linear_scores(scorer: LinearScorer, column: VectorColumn) -> Floats:
    """features . coefficients^T + intercepts.

    Args:
        scorer: the coefficients, shape (scores, features).
        column: the feature vectors.

    Returns:
        float64, shape (rows, scores).
    """
    scores = weighted_sums(column, scorer.coefficients, scorer.intercepts)
    finite = np.isfinite(scores)
    if not finite.all():
        repeat(scorer, column, scores, np.flatnonzero(~finite.all(axis=1)))
    return scores


def repeat(scorer: LinearScorer, column: VectorColumn, scores: Floats, rows: npt.NDArray[np.int64]) -> None:
    """Score some rows as Spark's BLAS does on Java 11 and later.

    Dense coefficients round each product together with its sum: only there can a product of finite numbers pass the largest double and come back. Sparse
    ones are multiplied one by one, and what they do not store is passed over: only there does infinity times zero not matter.

    Args:
        scorer: the coefficients.
        column: the feature vectors.
        scores: float64, shape (rows, scores), changed in place.
        rows: which rows.
    """
    wanted = np.zeros(column.num_rows, dtype=np.bool_)
    wanted[rows] = True
    features = column.take(wanted).dense()
    for row, values in zip(rows.tolist(), features, strict=True):
        if scorer.stored is not None:
            for score, (weights, stored) in enumerate(zip(scorer.coefficients, scorer.stored, strict=True)):
                products = (values[stored] * weights[stored]).tolist()
                scores[row, score] = _added(products) + scorer.intercepts[score]
        elif np.isfinite(values).all():
            for score, weights in enumerate(scorer.coefficients.tolist()):
                total = 0.0
                for value, weight in zip(values.tolist(), weights, strict=True):
                    total = fused(value, weight, total)
                scores[row, score] = total + scorer.intercepts[score]


def _added(products: list[float]) -> float:
    """Their sum from left to right; Python's own sum is rounded otherwise from 3.12 on."""
    total = 0.0
    for product in products:
        total += product
    return total


def absolute_terms(scorer: LinearScorer, column: VectorColumn) -> Floats:
    """The sum of |w_i x_i| + |b| of each score, the scale of its rounding error; float64, shape (rows, scores)."""
    magnitudes = VectorColumn(column.num_rows, tuple(_absolute(block) for block in column.blocks), column.layout, column.valid)
    return weighted_sums(magnitudes, np.abs(scorer.coefficients), np.abs(scorer.intercepts))


def _absolute(block: DenseBlock | OneHotBlock | SparseBlock) -> DenseBlock | OneHotBlock | SparseBlock:
    match block:
        case DenseBlock(values):
            return DenseBlock(np.abs(values))
        case OneHotBlock(index, size, entries):
            return OneHotBlock(index, size, None if entries is None else np.abs(entries))
        case SparseBlock():
            return SparseBlock(block.indptr, block.indices, np.abs(block.entries), block.size)


def weighted_sums(column: VectorColumn, coefficients: Floats, intercepts: Floats) -> Floats:
    """The sums of `linear_scores`, each added up from left to right and the intercept last."""
    scores = len(intercepts)
    # One score a row of memory: the inner loops run over rows.
    sums = np.zeros((scores, column.num_rows))
    start = 0
    for block in column.blocks:
        weights = coefficients[:, start : start + block.size]
        start += block.size
        for score in range(scores):
            _add(sums[score], block, weights[score])
    sums += intercepts[:, None]
    return np.ascontiguousarray(sums.T)


def _add(target: Floats, block: DenseBlock | OneHotBlock | SparseBlock, weights: Floats) -> None:
    match block:
        case DenseBlock(values):
            product = np.empty(min(len(target), TILE_ROWS))
            for first in range(0, len(target), TILE_ROWS):
                tile, rows = target[first : first + TILE_ROWS], values[first : first + TILE_ROWS]
                for feature in range(block.size):
                    part = product[: len(tile)]
                    np.multiply(rows[:, feature], weights[feature], out=part)
                    np.add(tile, part, out=tile)
        case OneHotBlock(index, _, entries):
            gathered = np.append(weights, 0.0)[index]
            target += gathered if entries is None else np.where(index >= 0, gathered * entries, 0.0)
        case SparseBlock():
            # On from what is there, so that the bits do not depend on how the features are cut into blocks.
            owner = np.concatenate([np.arange(len(target)), block.rows])
            target[:] = np.bincount(owner, weights=np.concatenate([target, block.entries * weights[block.indices]]), minlength=len(target))


class PreparedLinear(Prepared):
    """A LinearScorer over blocks."""

    def __init__(self, scorer: LinearScorer) -> None:
        self.scorer = scorer

    def scores(self, column: VectorColumn) -> Floats:
        """The weighted sums."""
        return linear_scores(self.scorer, column)

    def absolute_terms(self, column: VectorColumn) -> Floats:
        """What the sums' rounding errors are measured by."""
        return absolute_terms(self.scorer, column)


def constants(scorer: LinearScorer) -> dict[str, Any]:
    """The coefficients as a matrix product wants them; a model of no features gets one that does not count."""
    matrix = np.zeros((model_size(scorer), scorer.num_scores))
    matrix[: scorer.num_features] = scorer.coefficients.T
    return {"coefficients": matrix, "intercepts": scorer.intercepts}


def generic(xp: Any, features: Any, scorer: LinearScorer, arrays: dict[str, Any]) -> Any:
    """The weighted sums of dense features."""
    return xp.matmul(features, arrays["coefficients"]) + arrays["intercepts"]


SCORING = Scoring(prepare=PreparedLinear, constants=constants, generic=generic)
