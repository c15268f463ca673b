"""Predictors: scorers and heads made ready to run, in numpy, in ONNX or in Torch.

The product path on a CPU is numpy over blocks, with a compiled loop for trees. Every scorer also becomes ONNX and Torch from one definition in the
Python array API.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np

from mabridge.errors import UnsupportedOptionError
from mabridge.lower import numpy_standard
from mabridge.lower.columns import Bools, Floats, VectorColumn
from mabridge.lower.predictors.head import apply_head
from mabridge.lower.predictors.means import mean_terms
from mabridge.lower.predictors.scoring import scoring_of
from mabridge.plan.predictors import Head, Scorer

__all__ = ["Outputs", "Predictor", "make_predictor", "to_onnx", "to_torch", "with_offset"]


@dataclass(frozen=True, eq=False)
class Outputs:
    """What a predictor computes for a batch.

    Attributes:
        scores: shape (rows, scores).
        raw_prediction: shape (rows, classes).
        probability: shape (rows, classes), or None where the model has none.
        prediction: shape (rows,).
        leaves: shape (rows, trees), or None where nobody asked.
        refused: which rows Spark refuses to score, or None where it refuses none.
        reason: why, as a sentence.
        without_votes: which rows Spark refuses to make a probability of, or None.
    """

    scores: Floats
    raw_prediction: Floats
    probability: Floats | None
    prediction: Floats
    leaves: Floats | None = None
    refused: Bools | None = None
    reason: str = ""
    without_votes: Bools | None = None


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
        device: "cpu", or a torch device that is there.
        leaves: whether leaf numbers are wanted.

    Raises:
        UnsupportedOptionError: the backend cannot serve the device.
    """
    on_gpu = device != "cpu"
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
        self.head = head
        self.leaves = leaves
        self.num_scores = scorer.num_scores
        self.prepared = scoring_of(scorer).prepare(scorer)

    def __call__(self, column: VectorColumn) -> Outputs:
        with np.errstate(invalid="ignore", over="ignore"):
            # A column without rows may not know its size.
            scores = self.prepared.scores(column) if column.num_rows else np.zeros((0, self.num_scores))
            refused, reason = self.prepared.refused(column)
        return outputs_of(scores, self.head, self.prepared.leaves(column) if self.leaves else None, refused, reason)

    def absolute_terms(self, column: VectorColumn, outputs: Outputs) -> dict[str, Floats]:
        with np.errstate(invalid="ignore", over="ignore"):
            terms = self.prepared.absolute_terms(column) if column.num_rows else None
            return {} if terms is None else head_terms(terms, outputs, self.head)


def outputs_of(scores: Floats, head: Head, leaves: Floats | None = None, refused: Bools | None = None, reason: str = "") -> Outputs:
    """The head's columns in numpy, and the rows that Spark refuses to score or to normalise."""
    with np.errstate(all="ignore"):
        raw, probability, prediction = apply_head(numpy_standard, scores, head)
    without_votes: Bools | None = None
    if head.probability == "normalize":
        with np.errstate(invalid="ignore"):
            bad = ~(raw >= 0).all(axis=1) | ~(raw.sum(axis=1) > 0)
        if bad.any():
            without_votes = bad
    return Outputs(scores, raw, probability, prediction, leaves, refused, reason, without_votes)


#: Nearer to 0 than this a margin is decided by its last bits, which only numpy has as Spark has them.
NEAR = 1e-9


def finished(found: dict[str, Floats], on_numpy: NumpyPredictor, column: VectorColumn) -> Outputs:
    """What a backend computed, with the leaves and the refusals that numpy adds.

    A row whose scores are not finite, or whose margin is next to 0, is numpy's, which follows Spark where products overflow and where the last bits decide.
    """
    prepared, head, scores = on_numpy.prepared, on_numpy.head, found["scores"]
    own: Bools = np.logical_not(np.isfinite(scores).all(axis=1))
    if head.raw == "signed":
        own |= np.abs(scores[:, 0]) < NEAR
    with np.errstate(invalid="ignore", over="ignore"):
        if own.any():
            scores = scores.copy()
            scores[own] = prepared.scores(column.take(own))
        checked = outputs_of(scores, head, prepared.leaves(column) if on_numpy.leaves else None, *prepared.refused(column))

    def merged(theirs: Floats | None, ours: Floats | None) -> Floats | None:
        return None if theirs is None or ours is None else np.where(own if theirs.ndim == 1 else own[:, None], ours, theirs)

    raw, prediction = merged(found.get("rawPrediction", found["scores"]), checked.raw_prediction), merged(found["prediction"], checked.prediction)
    assert raw is not None
    assert prediction is not None
    return replace(checked, raw_prediction=raw, probability=merged(found.get("probability"), checked.probability), prediction=prediction)


def with_offset(outputs: Outputs, head: Head, offset: Floats) -> Outputs:
    """The outputs with a number added to each row's first score.

    Args:
        outputs: without it.
        head: what follows from the scores.
        offset: float64, shape (rows,).
    """
    return outputs_of(outputs.scores + offset[:, None], head, outputs.leaves, outputs.refused, outputs.reason)


def head_terms(terms: Floats, outputs: Outputs, head: Head) -> dict[str, Floats]:
    """Carry the scores' sums of absolute terms to the columns: what an error in the scores can move a probability by."""
    if head.decision == "score":
        if head.mean is None:
            return {"prediction": terms[:, 0]}
        moved = mean_terms(outputs.scores[:, 0], terms[:, 0], outputs.prediction, head.mean)
        return {"score": terms[:, 0], "prediction": moved, "multiples": moved[:, None] * np.abs(np.array(head.multiples))[None, :]}
    raw = np.repeat(terms, 2, axis=1) if head.raw == "signed" else terms
    found = {"raw_prediction": raw}
    p = outputs.probability
    if p is not None and head.probability == "logistic":
        # A difference of d in the margin moves p by slope * p * (1 - p) * d; 1 - p itself is rounded at the size of 1.
        found["probability"] = np.column_stack([p[:, 0], np.maximum(p[:, 1], 1.0)]) + head.slope * raw * p[:, :1] * p[:, 1:]
    elif p is not None and head.probability == "logistic second":
        found["probability"] = np.column_stack([np.maximum(p[:, 0], 1.0), p[:, 1]]) + raw * p[:, :1] * p[:, 1:]
    elif p is not None and head.probability in ("softmax", "plain softmax"):
        found["probability"] = 2.0 * p * raw.max(axis=1, keepdims=True)
    elif p is not None and head.probability == "shares":
        found["probability"] = (raw + p * raw.sum(axis=1, keepdims=True)) / outputs.scores.sum(axis=1, keepdims=True)
    return found


def to_onnx(scorer: Scorer, head: Head) -> bytes:
    """A predictor as an ONNX model: input `features` (rows, size) float64; outputs rawPrediction, probability, prediction, as the head has them."""
    from mabridge.lower.predictors.onnx_model import trace

    return trace(scorer, head)


def to_torch(scorer: Scorer, head: Head) -> Any:
    """A predictor as a `torch.nn.Module` in float64: `forward(features)` gives a dict of the same outputs."""
    from mabridge.lower.predictors.torch_module import make_module

    return make_module(scorer, head)
