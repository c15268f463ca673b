"""Factorization machines."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from mabridge.plan.predictors.scorer import Floats, Scorer


@dataclass(frozen=True, eq=False)
class FactorScorer(Scorer):
    """score = intercept + features . linear + sum over the factors of 0.5 * (s^2 - q), where s adds up factor * x and q adds up (factor * x)^2.

    FMClassificationModel, FMRegressionModel, Spark 3.5.

    Attributes:
        intercept: added first.
        linear: float64, shape (features,).
        factors: float64, shape (features, factors).
        stored: bool, shape (features,), which of `linear` Spark's sparse vector stores: the others are skipped; None for a dense one.
    """

    intercept: float
    linear: Floats
    factors: Floats
    stored: npt.NDArray[np.bool_] | None = None

    @property
    def num_features(self) -> int:
        return len(self.linear)

    @property
    def num_scores(self) -> int:
        return 1

    def check(self) -> None:
        if self.linear.ndim != 1 or self.factors.ndim != 2 or len(self.factors) != len(self.linear):
            raise ValueError(f"{self.linear.shape} linear weights and factors of shape {self.factors.shape}")
        if self.stored is not None and self.stored.shape != self.linear.shape:
            raise ValueError(f"{self.linear.shape} linear weights, of which {self.stored.shape} are stored")
