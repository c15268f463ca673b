"""Mixtures of Gaussians."""

from __future__ import annotations

from dataclasses import dataclass

from mabridge.plan.predictors.scorer import Floats, Scorer


@dataclass(frozen=True, eq=False)
class GaussianMixtureScorer(Scorer):
    """Score i is 2^-52 + weight i times the density of Gaussian i (GaussianMixtureModel, Spark 3.5).

    Attributes:
        weights: float64, shape (gaussians,).
        means: float64, shape (gaussians, features).
        covariances: float64, shape (gaussians, features, features), symmetric.
    """

    weights: Floats
    means: Floats
    covariances: Floats

    @property
    def num_features(self) -> int:
        return int(self.means.shape[1])

    @property
    def num_scores(self) -> int:
        return len(self.weights)

    def check(self) -> None:
        count = len(self.weights)
        if self.weights.ndim != 1 or not count or self.means.ndim != 2 or len(self.means) != count:
            raise ValueError(f"{self.weights.shape} weights and means of shape {self.means.shape}")
        if self.covariances.shape != (count, self.num_features, self.num_features):
            raise ValueError(f"covariances of shape {self.covariances.shape} for means of shape {self.means.shape}")
