"""Predictors as ONNX models in float64, traced from the same definitions that numpy and Torch run."""

from __future__ import annotations

import warnings

from mabridge.errors import MissingDependencyError
from mabridge.lower.columns import Floats, VectorColumn
from mabridge.lower.predictors import NumpyPredictor, Outputs, finished
from mabridge.lower.predictors.head import apply_head
from mabridge.lower.predictors.scoring import model_size, scoring_of
from mabridge.lower.predictors.tiles import Tiled, run_in_tiles
from mabridge.plan.predictors import Head, Scorer


def trace(scorer: Scorer, head: Head) -> bytes:
    """The ONNX model of a predictor.

    Input `features`, float64 (rows, size); outputs `scores`, `prediction` and, where the head has them, `rawPrediction` and `probability`. No external data.

    Raises:
        MissingDependencyError: onnx or ndonnx is not installed.
    """
    try:
        import ndonnx as ndx
    except ImportError as error:
        raise MissingDependencyError(f"Writing ONNX needs the extra mabridge[onnx]: {error}.") from error
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        features = ndx.argument(shape=("rows", model_size(scorer)), dtype=ndx.float64)
        arrays = {name: ndx.asarray(value) for name, value in scoring_of(scorer).constants(scorer).items()}
        found = scoring_of(scorer).generic(ndx, features, scorer, arrays)
        # The head walks over the scores, so their number must be known.
        found = ndx.reshape(found, (-1, scorer.num_scores))
        raw, probability, prediction = apply_head(ndx, found, head)
        outputs = {"scores": found, "prediction": prediction}
        if head.decision != "score":
            outputs["rawPrediction"] = raw
        if probability is not None:
            outputs["probability"] = probability
        content: bytes = ndx.build({"features": features}, outputs).SerializeToString(deterministic=True)
    return content


class OnnxPredictor:
    """The ONNX model in onnxruntime on the CPU, over tiles of one shape, so that the batch size changes no bit."""

    def __init__(self, scorer: Scorer, head: Head, on_numpy: NumpyPredictor) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.log_severity_level = 3
        self.session = onnxruntime.InferenceSession(trace(scorer, head), options, providers=["CPUExecutionProvider"])
        self.names = [output.name for output in self.session.get_outputs()]
        self.head = head
        self.size = model_size(scorer)
        self.on_numpy = on_numpy

    def __call__(self, column: VectorColumn) -> Outputs:
        def run(tile: Floats) -> Tiled:
            return dict(zip(self.names, self.session.run(self.names, {"features": tile}), strict=True))

        found = run_in_tiles(column, self.size, run)
        return finished(found, self.on_numpy, column)

    def absolute_terms(self, column: VectorColumn, outputs: Outputs) -> dict[str, Floats]:
        return self.on_numpy.absolute_terms(column, outputs)
