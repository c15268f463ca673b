"""Naive Bayes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from mabridge.plan.predictors.scorer import Floats, Scorer


@dataclass(frozen=True, eq=False)
class CountScorer(Scorer):
    """The log likelihood of counts, class by class (NaiveBayesModel of the types multinomial, complement and bernoulli, Spark 3.5).

    "multinomial": log_priors + features . log_shares^T.
    "complement": s = features . log_shares^T; the scores are s - log(sum(exp(s))), with the greatest taken out first.
    "bernoulli": a feature that is 1 counts log_shares, one that is 0 counts log(1 - exp(log_shares)): (log_priors + the sum of all the latter) +
    features . (the differences)^T.

    Attributes:
        kind: see above.
        log_priors: float64, shape (classes,).
        log_shares: float64, shape (classes, features).
        stored: bool, shape (classes, features), which of `log_shares` Spark's sparse matrix stores: the others are skipped, whatever they would be multiplied
            with; None for a dense matrix, of which nothing is skipped.
    """

    kind: Literal["multinomial", "complement", "bernoulli"]
    log_priors: Floats
    log_shares: Floats
    stored: npt.NDArray[np.bool_] | None = None

    @property
    def num_features(self) -> int:
        return int(self.log_shares.shape[1])

    @property
    def num_scores(self) -> int:
        return int(self.log_shares.shape[0])

    def check(self) -> None:
        if self.log_shares.ndim != 2 or not self.num_scores or self.log_priors.shape != (self.num_scores,):
            raise ValueError(f"log shares of shape {self.log_shares.shape} and log priors of shape {self.log_priors.shape}")
        if self.stored is not None and self.stored.shape != self.log_shares.shape:
            raise ValueError(f"log shares of shape {self.log_shares.shape}, of which {self.stored.shape} are stored")
        if self.kind not in ("multinomial", "complement", "bernoulli"):
            raise ValueError(f"the kind {self.kind!r}")


@dataclass(frozen=True, eq=False)
class BellScorer(Scorer):
    """The log likelihood of normally distributed features, class by class (NaiveBayesModel of the type gaussian, Spark 3.5).

    scores = log_priors - (sum((x - means)^2 / variances) + sum(log(variances))) / 2, each sum from left to right.

    Attributes:
        log_priors: float64, shape (classes,).
        means, variances: float64, shape (classes, features).
    """

    log_priors: Floats
    means: Floats
    variances: Floats

    @property
    def num_features(self) -> int:
        return int(self.means.shape[1])

    @property
    def num_scores(self) -> int:
        return int(self.means.shape[0])

    @property
    def takes_longer_rows(self) -> bool:
        return True

    def check(self) -> None:
        if self.means.ndim != 2 or not self.num_scores or self.variances.shape != self.means.shape or self.log_priors.shape != (self.num_scores,):
            raise ValueError(f"means of shape {self.means.shape}, variances of shape {self.variances.shape} and log priors of shape {self.log_priors.shape}")
