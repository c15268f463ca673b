"""The kernel of `Predict`: features to scores to columns."""

from __future__ import annotations

import numpy as np

from mabridge.counted import counted
from mabridge.lower.columns import AllDense, Bools, Column, DenseBlock, Floats, ScalarColumn, VectorColumn, both
from mabridge.lower.kernels.scalars import as_double
from mabridge.lower.kernels.vectors import check_size, refuse_nulls
from mabridge.lower.lowering import Lowering
from mabridge.lower.state import Kernel, State
from mabridge.plan.op import StageRef
from mabridge.plan.ops import Predict
from mabridge.plan.ops.predict import OUTPUTS
from mabridge.plan.types import DoubleType, IntegerType


def predict(op: Predict, stage: StageRef, lowering: Lowering) -> Kernel:
    """Kernel of `Predict`."""
    from mabridge.lower.predictors import make_predictor, with_offset

    # rawPrediction alone needs no probability, and neither does a decision by it.
    normalizes = op.probability is not None or (op.prediction is not None and op.head.decision.endswith("probability"))
    predictor = make_predictor(op.scorer, op.head, backend=lowering.backend, device=lowering.device, leaves=op.leaf is not None)
    multiples = np.array(op.head.multiples)

    def run(state: State) -> None:
        column = state.vector(op.input)
        valid = column.valid if op.scorer.reads_features else None
        if valid is not None and not op.numbers:
            refuse_nulls(state, stage, op.input, column)
        _check_features(state, stage, op, column)
        outputs = predictor(column)
        if outputs.refused is not None:
            state.refuse(stage, op.input, outputs.refused if valid is None else outputs.refused & valid, outputs.reason)
        if normalizes and outputs.without_votes is not None:
            state.refuse(stage, op.input, outputs.without_votes if valid is None else outputs.without_votes & valid, _NO_VOTES)
        if op.offset is not None:
            offset = state.scalar(op.offset)
            outputs = with_offset(outputs, op.head, as_double(offset, lowering.reference))
            valid = both(valid, offset.valid)
        scores = {
            "raw_prediction": outputs.raw_prediction,
            "probability": outputs.probability,
            "score": outputs.scores[:, 0],
            "prediction": outputs.prediction,
            "variance": outputs.scores[:, 1] if op.variance is not None else None,
            "leaf": outputs.leaves[:, 0] if op.single_tree and outputs.leaves is not None else outputs.leaves,
            "multiples": outputs.prediction[:, None] * multiples if op.multiples is not None else None,
        }
        for name in OUTPUTS:
            column_id = getattr(op, name)
            if column_id is not None:
                state.columns[column_id] = _column(scores[name], valid, labels=name == "prediction" and op.head.labels > 0)
        if state.scales is not None:
            for name, terms in predictor.absolute_terms(column, outputs).items():
                column_id = getattr(op, name)
                if column_id is not None:
                    state.scales[column_id] = terms

    return run


def _check_features(state: State, stage: StageRef, op: Predict, column: VectorColumn) -> None:
    scorer = op.scorer
    needed = scorer.needed_features
    if not scorer.takes_longer_rows:
        check_size(state, stage, op.input, column, needed)
    elif column.size < needed:
        rows = np.ones(column.num_rows, dtype=np.bool_) if column.valid is None else column.valid
        state.refuse(stage, op.input, rows, f"The model looks at feature {needed - 1}, so vectors must have at least {counted(needed, 'feature')}.")


_NO_VOTES = "The trees give it no votes, so there is nothing to normalise; Spark refuses this too."


def _column(values: Floats | None, valid: Bools | None, *, labels: bool) -> Column:
    assert values is not None
    if values.ndim == 2:
        return VectorColumn(len(values), (DenseBlock(values),), AllDense(), valid)
    return ScalarColumn.of_numpy(IntegerType(), values.astype(np.int32), valid) if labels else ScalarColumn.of_numpy(DoubleType(), values, valid)
