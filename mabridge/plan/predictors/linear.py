"""Weighted sums."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from mabridge.plan.predictors.scorer import Floats, Scorer


@dataclass(frozen=True, eq=False)
class LinearScorer(Scorer):
    """scores = features . coefficients^T + intercepts.

    Attributes:
        coefficients: float64, shape (scores, features).
        intercepts: float64, shape (scores,).
        stored: bool, shape (scores, features), which coefficients are stored where they were saved sparse: the others are not multiplied, not even with
            infinity; None where all are.
    """

    coefficients: Floats
    intercepts: Floats
    stored: npt.NDArray[np.bool_] | None = None

    @property
    def num_features(self) -> int:
        return int(self.coefficients.shape[1])

    @property
    def num_scores(self) -> int:
        return int(self.coefficients.shape[0])

    def check(self) -> None:
        if self.coefficients.ndim != 2 or self.intercepts.shape != (self.num_scores,):
            raise ValueError(f"coefficients of shape {self.coefficients.shape} and intercepts of shape {self.intercepts.shape}")
        if self.stored is not None and self.stored.shape != self.coefficients.shape:
            raise ValueError(f"coefficients of shape {self.coefficients.shape}, and {self.stored.shape} say whether they are stored")
