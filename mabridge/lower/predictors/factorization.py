"""Factorization machines, bit for bit as Spark computes them, over the features that are not zero."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from mabridge.lower.columns import Floats, VectorColumn
from mabridge.lower.predictors.scoring import Prepared, Scoring
from mabridge.lower.predictors.sums import Rows, add_by_row, finite_terms, fused_dots
from mabridge.plan.predictors import FactorScorer


class PreparedFactors(Prepared):
    """A FactorScorer over blocks."""

    def __init__(self, scorer: FactorScorer) -> None:
        self.scorer = scorer

    def scores(self, column: VectorColumn) -> Floats:
        """The scores, shape (rows, 1)."""
        s, rows = self.scorer, Rows.of(column)
        owner, places, entries = _nonzero(rows)
        total = s.intercept + self._linear(rows)
        for factor in range(s.factors.shape[1]):
            terms = s.factors[places, factor] * entries
            sums, squares = add_by_row(owner, terms, rows.num_rows), add_by_row(owner, terms * terms, rows.num_rows)
            total += 0.5 * (sums * sums - squares)
        return total[:, None]

    def _linear(self, rows: Rows) -> Floats:
        """The dot products with `linear`: where neither side is sparse as Spark's BLAS takes them, else over what is stored, left to right."""
        s = self.scorer
        products = rows.entries * s.linear[rows.places]
        dots = rows.add_up(products if s.stored is None else np.where(s.stored[rows.places], products, 0.0))
        if s.stored is None:
            dots[rows.is_dense] = fused_dots(rows.dense, s.linear)
            return dots
        sums = np.zeros(len(rows.dense))
        for place in np.flatnonzero(s.stored).tolist():
            sums += rows.dense[:, place] * s.linear[place]
        dots[rows.is_dense] = sums
        return dots

    def absolute_terms(self, column: VectorColumn) -> Floats:
        """The sizes of all that is added and taken away, shape (rows, 1)."""
        s = self.scorer
        owner, places, entries = _nonzero(Rows.of(column))
        sizes = np.abs(entries)
        total = abs(s.intercept) + add_by_row(owner, sizes * np.abs(s.linear[places]), column.num_rows)
        for factor in range(s.factors.shape[1]):
            terms = np.abs(s.factors[places, factor]) * sizes
            total += 0.5 * (add_by_row(owner, terms, column.num_rows) ** 2 + add_by_row(owner, terms * terms, column.num_rows))
        return finite_terms(total)[:, None]


def _nonzero(rows: Rows) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], Floats]:
    """Row, feature and value of all that is not zero, by row and feature."""
    kept = rows.entries != 0
    dense_rows, places = np.nonzero(rows.dense)
    owner = np.concatenate([rows.owner[kept], np.flatnonzero(rows.is_dense)[dense_rows]])
    entries = np.concatenate([rows.entries[kept], rows.dense[dense_rows, places]])
    return owner, np.concatenate([rows.places[kept], places]), entries


def constants(scorer: FactorScorer) -> dict[str, Any]:
    """The weights as matrix products want them."""
    with np.errstate(all="ignore"):
        return {"linear": scorer.linear[:, None], "factors": scorer.factors, "squares": scorer.factors * scorer.factors}


def generic(xp: Any, features: Any, scorer: FactorScorer, arrays: dict[str, Any]) -> Any:
    """The scores of dense features."""
    score = scorer.intercept + xp.matmul(features, arrays["linear"])
    if not scorer.factors.shape[1]:
        return score
    sums = xp.matmul(features, arrays["factors"])
    squares = xp.matmul(features * features, arrays["squares"])
    return score + 0.5 * xp.sum(sums * sums - squares, axis=1, keepdims=True)


SCORING = Scoring(prepare=PreparedFactors, constants=constants, generic=generic)
