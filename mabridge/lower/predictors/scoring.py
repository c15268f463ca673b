"""How a scorer is computed: what its module in this package provides."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from mabridge.lower.columns import Bools, Floats, VectorColumn
from mabridge.plan.predictors import Scorer


class Prepared:
    """A scorer made ready for numpy over block vectors: the product path on a CPU. Safe to use in several threads at once."""

    def scores(self, column: VectorColumn) -> Floats:
        """float64, shape (rows, scores); a row's bits depend on that row alone."""
        raise NotImplementedError(f"{type(self).__name__} has no scores")

    def absolute_terms(self, column: VectorColumn) -> Floats | None:  # noqa: ARG002 - for scorers that have some
        """The sum of absolute terms of each score, the scale of its rounding error, shape (rows, scores); None where scores are Spark's to the bit."""
        return None

    def refused(self, column: VectorColumn) -> tuple[Bools | None, str]:  # noqa: ARG002 - for scorers that refuse some
        """The rows that Spark refuses to score, shape (rows,), and why, as a sentence; None where it refuses none."""
        return None, ""

    def leaves(self, column: VectorColumn) -> Floats:
        """Each decision tree's leaf number, shape (rows, trees)."""
        return np.zeros((column.num_rows, 0))


@dataclass(frozen=True)
class Scoring:
    """One scorer's mathematics: for numpy over blocks, and once in the Python array API for Torch and ONNX.

    Attributes:
        prepare: makes the scorer ready for numpy.
        constants: the numpy arrays that `generic` needs, by name.
        generic: (array API namespace, features float64 (rows, features), scorer, constants as arrays of the namespace) -> scores, float64 (rows, scores).
    """

    prepare: Callable[[Any], Prepared]
    constants: Callable[[Any], dict[str, Any]]
    generic: Callable[[Any, Any, Any, dict[str, Any]], Any]


def scoring_of(scorer: Scorer) -> Scoring:
    """The mathematics of a scorer.

    Raises:
        KeyError: nobody wrote it.
    """
    from mabridge.lower.predictors.table import SCORINGS

    return SCORINGS[type(scorer)]


def model_size(scorer: Scorer) -> int:
    """How many features the scorer's Torch module and ONNX model take; at least one, as a matrix of no columns has no rows to speak of."""
    return max(scorer.needed_features, 1)
