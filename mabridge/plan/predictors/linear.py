"""Weighted sums."""

from __future__ import annotations

from dataclasses import dataclass

from mabridge.plan.predictors.scorer import Floats, Scorer


@dataclass(frozen=True, eq=False)
class LinearScorer(Scorer):
    """scores = features . coefficients^T + intercepts.

    Attributes:
        coefficients: float64, shape (scores, features).
        intercepts: float64, shape (scores,).
    """

    coefficients: Floats
    intercepts: Floats

    @property
    def num_features(self) -> int:
        return int(self.coefficients.shape[1])

    @property
    def num_scores(self) -> int:
        return int(self.coefficients.shape[0])

    def check(self) -> None:
        if self.coefficients.ndim != 2 or self.intercepts.shape != (self.num_scores,):
            raise ValueError(f"coefficients of shape {self.coefficients.shape} and intercepts of shape {self.intercepts.shape}")
