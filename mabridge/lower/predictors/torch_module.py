"""Predictors as Torch modules, in float64, on any device."""

from __future__ import annotations

from typing import Any

import numpy as np

from mabridge.errors import MissingDependencyError
from mabridge.lower.columns import Floats, VectorColumn
from mabridge.lower.predictors import NumpyPredictor, Outputs, finished
from mabridge.lower.predictors.head import apply_head
from mabridge.lower.predictors.scoring import model_size, scoring_of
from mabridge.lower.predictors.tiles import Tiled, run_in_tiles
from mabridge.plan.predictors import Head, Scorer


def make_module(scorer: Scorer, head: Head) -> Any:
    """A `torch.nn.Module`: `forward(features)` takes float64 (rows, size) and gives a dict of scores, rawPrediction, probability and prediction.

    Raises:
        MissingDependencyError: torch is not installed.
    """
    try:
        import array_api_compat.torch as xp
        import torch
    except ImportError as error:
        raise MissingDependencyError(f"The Torch backend needs the extra mabridge[torch]: {error}.") from error

    class PredictorModule(torch.nn.Module):
        """One scorer and one head."""

        def __init__(self) -> None:
            super().__init__()
            for name, value in scoring_of(scorer).constants(scorer).items():
                self.register_buffer(name, torch.from_numpy(np.array(value)))

        def forward(self, features: Any) -> dict[str, Any]:
            """From float64 features (rows, size) to the outputs."""
            found = scoring_of(scorer).generic(_Namespace(xp), features, scorer, dict(self.named_buffers()))
            raw, probability, prediction = apply_head(xp, found, head)
            outputs = {"scores": found, "prediction": prediction}
            if head.decision != "score":
                outputs["rawPrediction"] = raw
            if probability is not None:
                outputs["probability"] = probability
            return outputs

    return PredictorModule().eval()


class _Namespace:
    """The array API namespace, with one function that array-api-compat leaves to torch."""

    def __init__(self, xp: Any) -> None:
        self._xp = xp

    def __getattr__(self, name: str) -> Any:
        return getattr(self._xp, name)

    def take_along_axis(self, values: Any, indices: Any, axis: int) -> Any:
        return values.gather(axis, indices)

    def take(self, values: Any, indices: Any, axis: int) -> Any:
        return values[indices] if axis == 0 else self._xp.take(values, indices, axis=axis)


class TorchPredictor:
    """A module over tiles of one shape, so that the batch size changes no bit."""

    def __init__(self, scorer: Scorer, head: Head, device: str, on_numpy: NumpyPredictor) -> None:
        self.device = device
        self.module = make_module(scorer, head).to(device)
        self.head = head
        self.size = model_size(scorer)
        self.on_numpy = on_numpy

    def __call__(self, column: VectorColumn) -> Outputs:
        import torch

        def run(tile: Floats) -> Tiled:
            with torch.inference_mode():
                return {name: value.cpu().numpy() for name, value in self.module(torch.from_numpy(tile).to(self.device)).items()}

        found = run_in_tiles(column, self.size, run)
        return finished(found, self.on_numpy, column)

    def absolute_terms(self, column: VectorColumn, outputs: Outputs) -> dict[str, Floats]:
        return self.on_numpy.absolute_terms(column, outputs)
