"""Feed-forward networks, layer by layer, with the bits of Spark's matrix products."""

from __future__ import annotations

from typing import Any

import numpy as np

from mabridge.lower.columns import Floats, VectorColumn
from mabridge.lower.predictors.rows import rows_of
from mabridge.lower.predictors.scoring import Prepared, Scoring
from mabridge.lower.predictors.sums import finite_terms, fused_sums
from mabridge.plan.predictors import PerceptronScorer

#: Rows that go through all layers at a time.
TILE_ROWS = 1_024

#: From this many weights a layer's sums are taken in pieces of PIECE inputs, which are then added to the biases one after the other.
LARGE, PIECE = 100 * 100 * 100, 500


class PreparedPerceptron(Prepared):
    """A PerceptronScorer with its layers cut out."""

    def __init__(self, scorer: PerceptronScorer) -> None:
        self.scorer = scorer
        self.layers = tuple((np.array(weights, order="C"), np.array(biases)) for weights, biases in scorer.layers)

    def scores(self, column: VectorColumn) -> Floats:
        """What the last layer gives before the softmax."""
        scores = np.empty((column.num_rows, self.scorer.num_scores))
        for first in range(0, column.num_rows, TILE_ROWS):
            values = rows_of(column, first, min(TILE_ROWS, column.num_rows - first)).dense()
            for place, (weights, biases) in enumerate(self.layers):
                values = affine(sigmoid(values) if place else values, weights, biases)
            scores[first : first + len(values)] = values
        return scores

    def absolute_terms(self, column: VectorColumn) -> Floats:
        """The sizes of a layer's terms, and what the terms of the layer before can move them by: the sigmoid's slope times the weight."""
        values = column.dense()
        terms: Floats | None = None
        for weights, biases in self.layers:
            if terms is not None:
                values = sigmoid(values)
                terms = np.abs(values) + values * (1.0 - values) * terms
            terms = _plain(np.abs(values) if terms is None else terms, np.abs(weights)) + np.abs(biases)
            values = affine(values, weights, biases)
        assert terms is not None
        return finite_terms(terms)


def affine(values: Floats, weights: Floats, biases: Floats) -> Floats:
    """values . weights + biases, as `dgemm` takes it for one row; shapes (rows, inputs), (inputs, outputs), (outputs,)."""
    if weights.size < LARGE:
        return fused_sums(values, weights) + biases
    sums = np.broadcast_to(biases, (len(values), len(biases)))
    for first in range(0, len(weights), PIECE):
        sums = fused_sums(np.ascontiguousarray(values[:, first : first + PIECE]), weights[first : first + PIECE]) + sums
    return sums


def sigmoid(values: Floats) -> Floats:
    """1 / (1 + exp(-x))."""
    found: Floats = 1.0 / (1.0 + np.exp(-values))
    return found


def _plain(values: Floats, weights: Floats) -> Floats:
    sums = np.zeros((len(values), weights.shape[1]))
    for place in range(len(weights)):
        sums += values[:, place : place + 1] * weights[place]
    return sums


def constants(scorer: PerceptronScorer) -> dict[str, Any]:
    """Each layer's matrix and biases."""
    arrays: dict[str, Any] = {}
    for place, (weights, biases) in enumerate(scorer.layers):
        arrays[f"weights{place}"], arrays[f"biases{place}"] = weights, biases
    return arrays


def generic(xp: Any, features: Any, scorer: PerceptronScorer, arrays: dict[str, Any]) -> Any:
    """All layers over dense features."""
    values = features
    for place in range(len(scorer.sizes) - 1):
        if place:
            values = 1.0 / (1.0 + xp.exp(-values))
        values = xp.matmul(values, arrays[f"weights{place}"]) + arrays[f"biases{place}"]
    return values


SCORING = Scoring(prepare=PreparedPerceptron, constants=constants, generic=generic)
