"""Feed-forward networks."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from mabridge.plan.predictors.scorer import Floats, Ints, Scorer


@dataclass(frozen=True, eq=False)
class PerceptronScorer(Scorer):
    """Affine layers with the sigmoid 1 / (1 + exp(-x)) between them (MultilayerPerceptronClassificationModel, Spark 3.5).

    Attributes:
        sizes: int32, shape (layers + 1,), the number of features, of each hidden layer's nodes, and of classes.
        weights: float64, one dimension; for each layer its matrix of shape (outputs, inputs) column by column, then its biases, as Spark saves them.
    """

    sizes: Ints
    weights: Floats

    @property
    def num_features(self) -> int:
        return int(self.sizes[0])

    @property
    def num_scores(self) -> int:
        return int(self.sizes[-1])

    @property
    def layers(self) -> tuple[tuple[Floats, Floats], ...]:
        """Each layer's matrix, shape (inputs, outputs), and biases, shape (outputs,)."""
        found, start = [], 0
        for inputs, outputs in pairwise(self.sizes.tolist()):
            end = start + inputs * outputs
            found.append((self.weights[start:end].reshape(inputs, outputs), self.weights[end : end + outputs]))
            start = end + outputs
        return tuple(found)

    def check(self) -> None:
        sizes = self.sizes.tolist()
        if self.sizes.ndim != 1 or len(sizes) < 2 or min(sizes) < 1 or self.weights.ndim != 1:
            raise ValueError(f"layers of the sizes {sizes[:20]}")
        wanted = sum(inputs * outputs + outputs for inputs, outputs in pairwise(sizes))
        if len(self.weights) != wanted:
            raise ValueError(f"layers of the sizes {sizes[:20]} have {wanted} weights, and {len(self.weights)} are there")
