"""Naive Bayes over block vectors: sparse rows stay sparse, and rows that are counts keep Spark's bits."""

from __future__ import annotations

from typing import Any

import numpy as np

from mabridge.lower import numpy_standard
from mabridge.lower.columns import Bools, Floats, VectorColumn
from mabridge.lower.predictors.accepted import refused_features
from mabridge.lower.predictors.linear import absolute_terms
from mabridge.lower.predictors.scoring import Prepared, Scoring
from mabridge.lower.predictors.sums import Rows, finite_terms, fused_sums
from mabridge.plan.predictors import BellScorer, CountScorer, LinearScorer


class PreparedCounts(Prepared):
    """A CountScorer as one matrix and one vector."""

    def __init__(self, scorer: CountScorer) -> None:
        self.scorer = scorer
        with np.errstate(all="ignore"):
            self.weights, self.start = matrix_and_start(scorer)
        self.by_feature = np.array(self.weights.T, order="C")

    def scores(self, column: VectorColumn) -> Floats:
        """The log likelihoods."""
        rows = Rows.of(column)
        sums = np.zeros((column.num_rows, self.scorer.num_scores))
        # Spark's BLAS rounds products with a dense matrix and a dense vector together with their sums; with anything sparse one by one.
        dense = fused_sums if self.scorer.stored is None else self._plain
        sums[rows.is_dense] = dense(rows.dense, self.by_feature)
        for score in range(self.scorer.num_scores if len(rows.entries) else 0):
            products = rows.entries * self.weights[score, rows.places]
            if self.scorer.stored is not None:
                products = np.where(self.scorer.stored[score, rows.places], products, 0.0)
            sums[~rows.is_dense, score] = rows.add_up(products)[~rows.is_dense]
        return self._finished(sums)

    def _plain(self, rows: Floats, weights: Floats) -> Floats:
        """The sums over what the sparse matrix stores."""
        assert self.scorer.stored is not None
        sums = np.zeros((len(rows), weights.shape[1]))
        for feature in range(len(weights)):
            sums += np.where(self.scorer.stored[:, feature], rows[:, feature : feature + 1] * weights[feature], 0.0)
        return sums

    def _finished(self, sums: Floats) -> Floats:
        sums += self.start
        if self.scorer.kind != "complement":
            return sums
        greatest = sums.max(axis=1, keepdims=True)
        total = np.zeros((len(sums), 1))
        for score in range(sums.shape[1]):
            total += numpy_standard.exp(sums[:, score : score + 1] - greatest)
        sums -= numpy_standard.log(total) + greatest
        return sums

    def refused(self, column: VectorColumn) -> tuple[Bools | None, str]:
        """The rows that are no counts, or of bernoulli not 0 and 1."""
        return refused_features(column, "zero or one" if self.scorer.kind == "bernoulli" else "not negative")

    def absolute_terms(self, column: VectorColumn) -> Floats:
        """The sum of the terms' sizes; what complement subtracts is as uncertain as its most uncertain class."""
        # A score with an infinite term is infinite or NaN, whatever else is added.
        finite = LinearScorer(finite_terms(self.weights), finite_terms(self.start))
        terms = absolute_terms(finite, column)
        if self.scorer.kind == "bernoulli":
            with np.errstate(all="ignore"):
                terms = terms + finite_terms(np.abs(_log_rest(self.scorer))).sum(axis=1)
        return terms + terms.max(axis=1, keepdims=True) if self.scorer.kind == "complement" else terms


def matrix_and_start(scorer: CountScorer) -> tuple[Floats, Floats]:
    """What features are multiplied with, shape (classes, features), and what is added to the sums, shape (classes,)."""
    if scorer.kind == "multinomial":
        return scorer.log_shares, scorer.log_priors
    if scorer.kind == "complement":
        return scorer.log_shares, np.zeros(scorer.num_scores)
    rest = _log_rest(scorer)
    sums = np.zeros(scorer.num_scores)
    for feature in range(rest.shape[1]):
        sums += rest[:, feature]
    weights = scorer.log_shares - rest
    return weights if scorer.stored is None else np.where(scorer.stored, weights, 0.0), sums + scorer.log_priors


def _log_rest(scorer: CountScorer) -> Floats:
    """log(1 - exp(log_shares)); a sparse matrix maps only what it stores."""
    rest = np.log1p(-np.exp(scorer.log_shares))
    return rest if scorer.stored is None else np.where(scorer.stored, rest, 0.0)


def count_constants(scorer: CountScorer) -> dict[str, Any]:
    """The matrix as a matrix product wants it."""
    with np.errstate(all="ignore"):
        weights, start = matrix_and_start(scorer)
    return {"weights": np.ascontiguousarray(weights.T), "start": start}


def count_scores(xp: Any, features: Any, scorer: CountScorer, arrays: dict[str, Any]) -> Any:
    """The log likelihoods of dense features."""
    sums = xp.matmul(features, arrays["weights"]) + arrays["start"]
    if scorer.kind != "complement":
        return sums
    greatest = xp.max(sums, axis=1, keepdims=True)
    return sums - (xp.log(xp.sum(xp.exp(sums - greatest), axis=1, keepdims=True)) + greatest)


class PreparedBells(Prepared):
    """A BellScorer with its sums of logarithms."""

    def __init__(self, scorer: BellScorer) -> None:
        self.scorer = scorer
        with np.errstate(all="ignore"):
            self.log_sums = log_sums(scorer)

    def scores(self, column: VectorColumn) -> Floats:
        """The log likelihoods."""
        s = self.scorer
        features = column.dense()
        sums = np.zeros((column.num_rows, s.num_scores))
        for feature in range(s.num_features):
            distance = features[:, feature : feature + 1] - s.means[:, feature]
            sums += distance * distance / s.variances[:, feature]
        found: Floats = s.log_priors - (sums + self.log_sums) / 2.0
        return found

    def absolute_terms(self, column: VectorColumn) -> Floats:
        """The sizes of what is added up: the distances, the logarithms and the priors."""
        s = self.scorer
        with np.errstate(all="ignore"):
            logs = np.abs(np.log(s.variances)).sum(axis=1)
        return finite_terms(np.abs(s.log_priors - self.log_sums / 2.0 - self.scores(column)) + np.abs(s.log_priors) + logs)


def log_sums(scorer: BellScorer) -> Floats:
    """The sum of log(variances) of each class, left to right, shape (classes,)."""
    sums = np.zeros(scorer.num_scores)
    for feature in range(scorer.num_features):
        sums += np.log(scorer.variances[:, feature])
    return sums


def bell_constants(scorer: BellScorer) -> dict[str, Any]:
    """Means and variances, feature by feature."""
    with np.errstate(all="ignore"):
        return {"priors": scorer.log_priors, "means": scorer.means, "variances": scorer.variances, "log_sums": log_sums(scorer)}


def bell_scores(xp: Any, features: Any, scorer: BellScorer, arrays: dict[str, Any]) -> Any:
    """The log likelihoods of dense features, class by class."""
    columns = []
    for score in range(scorer.num_scores):
        distance = features - arrays["means"][score : score + 1, :]
        columns.append(xp.sum(distance * distance / arrays["variances"][score : score + 1, :], axis=1, keepdims=True))
    return arrays["priors"] - (xp.concat(columns, axis=1) + arrays["log_sums"]) / 2.0


COUNT_SCORING = Scoring(prepare=PreparedCounts, constants=count_constants, generic=count_scores)
BELL_SCORING = Scoring(prepare=PreparedBells, constants=bell_constants, generic=bell_scores)
