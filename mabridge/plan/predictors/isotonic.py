"""Piecewise linear functions of one feature."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mabridge.plan.predictors.scorer import Floats, Scorer


@dataclass(frozen=True, eq=False)
class PiecewiseLinearScorer(Scorer):
    """The score is interpolated between boundaries, and constant outside them (IsotonicRegressionModel, Spark 3.5).

    Attributes:
        feature: which feature; a row may have more behind it.
        boundaries: float64, shape (points,), ascending.
        predictions: float64, shape (points,).
    """

    feature: int
    boundaries: Floats
    predictions: Floats

    @property
    def num_features(self) -> None:
        return None

    @property
    def num_scores(self) -> int:
        return 1

    @property
    def needed_features(self) -> int:
        return self.feature + 1

    @property
    def takes_longer_rows(self) -> bool:
        return True

    def check(self) -> None:
        if self.feature < 0 or self.boundaries.ndim != 1 or not len(self.boundaries) or self.boundaries.shape != self.predictions.shape:
            raise ValueError(f"{self.boundaries.shape} boundaries, {self.predictions.shape} predictions and feature {self.feature}")
        if (np.diff(self.boundaries) < 0).any():
            raise ValueError("the boundaries do not ascend")
