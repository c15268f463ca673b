"""What a fitted model computes from a feature vector, as data: a scorer (features to scores) and a head (scores to columns).

One scorer and one head serve many Spark classes. The arithmetic that belongs to them lives in `mabridge.lower.predictors`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class LinearScorer:
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


@dataclass(frozen=True, eq=False)
class TreeScorer:
    """scores = (leaf values of each tree, added up tree by tree in order, starting at 0.0) / divisor.

    The nodes of all trees stand in one set of arrays. An inner node whose `category_count` is -1 sends a row left where
    `row[feature] <= threshold` (NaN goes right). Else it sends a row left where (`row[feature]` is one of the node's categories) equals `members_go_left`
    (NaN is no category; -0.0 is the category 0).

    Attributes:
        size: number of features that a row must have, or None where the saved model does not say.
        roots: int32, shape (trees,), the node at which each tree starts.
        feature: int32, shape (nodes,), the feature that the node looks at; -1 at a leaf.
        threshold: float64, shape (nodes,).
        left, right: int32, shape (nodes,), the children; at a leaf the node itself.
        category_start: int32, shape (nodes,), where the node's categories begin in `categories`.
        category_count: int32, shape (nodes,), how many they are; -1 at a node that is not a categorical split.
        categories: float64, shape (all categories,), ascending within a node.
        members_go_left: bool, shape (nodes,).
        values: float64, shape (nodes, scores); tree weights are already in; unspecified at inner nodes.
        leaf_number: int32, shape (nodes,), the leaf's place in its own tree from left to right, from 0; -1 at an inner node.
        divisor: what the sums are divided by (the number of trees where they are averaged, else 1.0).
    """

    size: int | None
    roots: Ints
    feature: Ints
    threshold: Floats
    left: Ints
    right: Ints
    category_start: Ints
    category_count: Ints
    categories: Floats
    members_go_left: npt.NDArray[np.bool_]
    values: Floats
    leaf_number: Ints
    divisor: float = 1.0

    @property
    def num_features(self) -> int | None:
        return self.size

    @property
    def num_scores(self) -> int:
        return int(self.values.shape[1])

    @property
    def num_trees(self) -> int:
        return len(self.roots)


Scorer = LinearScorer | TreeScorer


@dataclass(frozen=True)
class Head:
    """How scores become the columns rawPrediction, probability and prediction (Spark 3.5's ProbabilisticClassificationModel and its subclasses).

    Attributes:
        raw: "scores" takes the scores as they are; "signed" turns one score m into (-m, m).
        probability: "logistic" is p0 = 1 / (1 + exp(-slope * raw0)), p1 = 1 - p0; "softmax" is Spark's
            `Utils.softmax`; "normalize" divides by the sum; "none" for models that have no probability.
        slope: see "logistic".
        decision: how `prediction` comes about. "score" is the score itself (regression). "argmax raw" and "argmax probability" take the first greatest entry.
            "cutoff raw" is raw1 > cutoff, "cutoff probability" is probability1 > cutoff, "cutoff score" is 1 / (1 + exp(-score)) > cutoff and
            "cutoff margin" is score > cutoff, each as 1.0 or 0.0. "scaled probability" takes the first greatest probability_i / thresholds_i.
        cutoff: see `decision`.
        thresholds: see `decision`; one a class.
    """

    raw: Literal["scores", "signed"] = "scores"
    probability: Literal["logistic", "softmax", "normalize", "none"] = "none"
    slope: float = 1.0
    decision: Literal[
        "score", "argmax raw", "argmax probability", "cutoff raw", "cutoff probability", "cutoff score", "cutoff margin", "scaled probability"
    ] = "score"
    cutoff: float = 0.0
    thresholds: tuple[float, ...] = ()


def arrays_of(scorer: Scorer) -> dict[str, npt.NDArray[Any]]:
    """The scorer's arrays by field name."""
    return {name: value for name, value in vars(scorer).items() if isinstance(value, np.ndarray)}
