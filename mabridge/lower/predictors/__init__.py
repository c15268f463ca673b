"""Predictors: scorers and heads made ready to run, in numpy, in ONNX or in Torch.

The product path on a CPU is numpy over blocks, with a compiled loop for trees. Every scorer also becomes ONNX and Torch from one definition in the
Python array API.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from mabridge.errors import UnsupportedOptionError
from mabridge.lower import numpy_standard
from mabridge.lower.columns import Bools, Floats, VectorColumn
from mabridge.lower.predictors.head import apply_head
from mabridge.lower.predictors.linear import absolute_terms, linear_scores
from mabridge.lower.predictors.trees import PreparedTrees
from mabridge.plan.predictors import Head, LinearScorer, Scorer

__all__ = ["Outputs", "Predictor", "make_predictor", "to_onnx", "to_torch"]


@dataclass(frozen=True, eq=False)
class Outputs:
    """What a predictor computes for a batch.

    Attributes:
        scores: shape (rows, scores).
        raw_prediction: shape (rows, classes).
        probability: shape (rows, classes), or None where the model has none.
        prediction: shape (rows,).
        leaves: shape (rows, trees), or None where nobody asked.
        refused: which rows Spark refuses, or None where it refuses none.
        reason: why, as a sentence.
    """

    scores: Floats
    raw_prediction: Floats
    probability: Floats | None
    prediction: Floats
    leaves: Floats | None = None
    refused: Bools | None = None
    reason: str = ""


class Predictor(Protocol):
    """A scorer and a head, ready."""

    def __call__(self, column: VectorColumn) -> Outputs: ...

    def absolute_terms(self, column: VectorColumn, outputs: Outputs) -> dict[str, Floats]:
        """The declared sums of absolute terms by output: raw_prediction, probability, prediction."""


def make_predictor(scorer: Scorer, head: Head, *, backend: str = "auto", device: str = "cpu", leaves: bool = False) -> Predictor:
    """A predictor on one backend.

    Args:
        scorer: features to scores.
        head: scores to columns.
        backend: "numpy", "onnx", "torch", or "auto": torch on a GPU, else numpy.
        device: "cpu", or a torch device.
        leaves: whether leaf numbers are wanted.

    Raises:
        UnsupportedOptionError: the backend cannot serve the device.
    """
    on_gpu = device not in ("cpu", "auto")
    if backend == "auto":
        backend = "torch" if on_gpu else "numpy"
    if on_gpu and backend != "torch":
        raise UnsupportedOptionError(f"The backend {backend} runs on the CPU only; use --backend torch, or --device cpu.")
    if backend == "numpy":
        return NumpyPredictor(scorer, head, leaves)
    if backend == "torch":
        from mabridge.lower.predictors.torch_module import TorchPredictor

        return TorchPredictor(scorer, head, device, NumpyPredictor(scorer, head, leaves))
    from mabridge.lower.predictors.onnx_model import OnnxPredictor

    return OnnxPredictor(scorer, head, NumpyPredictor(scorer, head, leaves))


class NumpyPredictor:
    """The product path on a CPU."""

    def __init__(self, scorer: Scorer, head: Head, leaves: bool) -> None:
        self.scorer = scorer
        self.head = head
        self.leaves = leaves
        self.trees = None if isinstance(scorer, LinearScorer) else PreparedTrees(scorer)

    def __call__(self, column: VectorColumn) -> Outputs:
        numbers = None
        if self.trees is None:
            assert isinstance(self.scorer, LinearScorer)
            with np.errstate(invalid="ignore", over="ignore"):
                scores = linear_scores(self.scorer, column)
        else:
            scores, numbers = self.trees.scores_and_leaves(column, self.leaves)
        return outputs_of(scores, self.head, numbers)

    def absolute_terms(self, column: VectorColumn, outputs: Outputs) -> dict[str, Floats]:
        if not isinstance(self.scorer, LinearScorer):
            return {}
        with np.errstate(invalid="ignore", over="ignore"):
            return head_terms(absolute_terms(self.scorer, column), outputs, self.head)


def outputs_of(scores: Floats, head: Head, leaves: Floats | None = None) -> Outputs:
    """The head's columns in numpy, and the rows that Spark refuses to normalise."""
    with np.errstate(all="ignore"):
        raw, probability, prediction = apply_head(numpy_standard, scores, head)
    refused, reason = None, ""
    if head.probability == "normalize":
        with np.errstate(invalid="ignore"):
            bad = ~(raw >= 0).all(axis=1) | ~(raw.sum(axis=1) > 0)
        if bad.any():
            refused, reason = bad, "The trees give it no votes, so there is nothing to normalise; Spark refuses this too."
    return Outputs(scores, raw, probability, prediction, leaves, refused, reason)


def finished(found: dict[str, Floats], on_numpy: NumpyPredictor, column: VectorColumn) -> Outputs:
    """What a backend computed, with the leaves and the refusals that numpy adds.

    A row whose scores are not finite is numpy's, which follows Spark where products overflow.
    """
    numbers = on_numpy(column).leaves if on_numpy.leaves else None
    scores = found["scores"]
    if np.isfinite(scores).all():
        checked = outputs_of(scores, on_numpy.head, numbers)
        return Outputs(scores, found.get("rawPrediction", scores), found.get("probability"), found["prediction"], numbers, checked.refused, checked.reason)
    wild: Bools = np.logical_not(np.isfinite(scores).all(axis=1))
    ours = on_numpy(column)

    def merged(theirs: Floats | None, own: Floats | None) -> Floats | None:
        return None if theirs is None or own is None else np.where(wild if theirs.ndim == 1 else wild[:, None], own, theirs)

    raw, prediction = merged(found.get("rawPrediction", scores), ours.raw_prediction), merged(found["prediction"], ours.prediction)
    assert raw is not None
    assert prediction is not None
    return Outputs(ours.scores, raw, merged(found.get("probability"), ours.probability), prediction, numbers, ours.refused, ours.reason)


def head_terms(terms: Floats, outputs: Outputs, head: Head) -> dict[str, Floats]:
    """Carry the scores' sums of absolute terms to the columns: what an error in the scores can move a probability by."""
    if head.decision == "score":
        return {"prediction": terms[:, 0]}
    raw = np.repeat(terms, 2, axis=1) if head.raw == "signed" else terms
    found = {"raw_prediction": raw}
    p = outputs.probability
    if p is not None and head.probability == "logistic":
        # A difference of d in the margin moves p by slope * p * (1 - p) * d; 1 - p itself is rounded at the size of 1.
        found["probability"] = np.column_stack([p[:, 0], np.maximum(p[:, 1], 1.0)]) + head.slope * raw * p[:, :1] * p[:, 1:]
    elif p is not None and head.probability == "softmax":
        found["probability"] = 2.0 * p * raw.max(axis=1, keepdims=True)
    return found


def to_onnx(scorer: Scorer, head: Head) -> bytes:
    """A predictor as an ONNX model: input `features` (rows, size) float64; outputs rawPrediction, probability, prediction, as the head has them."""
    from mabridge.lower.predictors.onnx_model import trace

    return trace(scorer, head)


def to_torch(scorer: Scorer, head: Head) -> Any:
    """A predictor as a `torch.nn.Module` in float64: `forward(features)` gives a dict of the same outputs."""
    from mabridge.lower.predictors.torch_module import make_module

    return make_module(scorer, head)
