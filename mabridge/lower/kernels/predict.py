"""The kernel of `Predict`: features to scores to columns."""

from __future__ import annotations

import numpy as np

from mabridge.lower.columns import AllDense, Bools, DenseBlock, Floats, OneHotBlock, ScalarColumn, SparseBlock, VectorColumn
from mabridge.lower.kernels.vectors import check_size, refuse_nulls
from mabridge.lower.lowering import Lowering
from mabridge.lower.state import Kernel, State
from mabridge.plan.op import StageRef
from mabridge.plan.ops import Predict
from mabridge.plan.predictors.scorer import Accepted
from mabridge.plan.types import DoubleType


def predict(op: Predict, stage: StageRef, lowering: Lowering) -> Kernel:
    """Kernel of `Predict`."""
    from mabridge.lower.predictors import make_predictor

    predictor = make_predictor(op.scorer, op.head, backend=lowering.backend, device=lowering.device, leaves=op.leaf is not None)

    def run(state: State) -> None:
        column = state.vector(op.input)
        refuse_nulls(state, stage, op.input, column)
        _check_features(state, stage, op, column)
        valid = column.valid
        if op.scorer.accepted != "any":
            unfit = features_outside(column, op.scorer.accepted)
            state.refuse(stage, op.input, unfit if valid is None else unfit & valid, _REFUSED_FEATURES[op.scorer.accepted])
        outputs = predictor(column)
        if outputs.refused is not None:
            state.refuse(stage, op.input, outputs.refused if valid is None else outputs.refused & valid, outputs.reason)
        if op.raw_prediction is not None:
            state.columns[op.raw_prediction] = _vectors(outputs.raw_prediction, valid)
        if op.probability is not None:
            state.columns[op.probability] = _vectors(outputs.probability, valid)
        if op.prediction is not None:
            state.columns[op.prediction] = _doubles(outputs.prediction, valid)
        if op.variance is not None:
            state.columns[op.variance] = _doubles(outputs.scores[:, 1], valid)
        if op.leaf is not None:
            assert outputs.leaves is not None
            state.columns[op.leaf] = _doubles(outputs.leaves[:, 0], valid) if op.single_tree else _vectors(outputs.leaves, valid)
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
        state.refuse(stage, op.input, rows, f"The model looks at feature {needed - 1}, so vectors must have at least {needed} features.")


_REFUSED_FEATURES = {
    "not negative": "The model takes counts, and a feature is negative or NaN; Spark refuses this too.",
    "zero or one": "The model takes features that are 0 or 1, and one is not; Spark refuses this too.",
}


def features_outside(column: VectorColumn, accepted: Accepted) -> Bools:
    """Which rows have a feature that a scorer does not accept, shape (rows,)."""
    found = np.zeros(column.num_rows, dtype=np.bool_)

    def outside(values: Floats) -> Bools:
        return ~(values >= 0) if accepted == "not negative" else ~((values == 0) | (values == 1))

    for block in column.blocks:
        match block:
            case DenseBlock(values):
                found |= outside(values).any(axis=1)
            case OneHotBlock(index, _, entries):
                if entries is not None:
                    found |= (index >= 0) & outside(entries)
            case SparseBlock():
                found[block.rows[outside(block.entries)]] = True
    return found


def _vectors(values: Floats | None, valid: Bools | None) -> VectorColumn:
    assert values is not None
    return VectorColumn(len(values), (DenseBlock(values),), AllDense(), valid)


def _doubles(values: Floats | None, valid: Bools | None) -> ScalarColumn:
    assert values is not None
    return ScalarColumn.of_numpy(DoubleType(), values, valid)
