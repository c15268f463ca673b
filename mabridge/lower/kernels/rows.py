"""Kernels that drop rows, and evaluated expressions."""

from __future__ import annotations

import numpy as np

from mabridge.lower.arrow_vectors import vectors_of_arrow
from mabridge.lower.columns import Bools, ScalarColumn
from mabridge.lower.kernels.label_finder import label_finder
from mabridge.lower.kernels.text import as_text
from mabridge.lower.lowering import Lowering
from mabridge.lower.state import Kernel, State
from mabridge.plan.op import StageRef
from mabridge.plan.ops import DropMissing, Evaluate, KeepListed, KeepWhere
from mabridge.plan.types import VectorType


def drop_missing(op: DropMissing, stage: StageRef, lowering: Lowering) -> Kernel:
    """Kernel of `DropMissing`."""

    def run(state: State) -> None:
        wanted: Bools | None = None
        for column_id in op.inputs:
            column = state.columns[column_id]
            present = column.valid
            if isinstance(column, ScalarColumn) and column.values_are_floating:
                numbers = ~np.isnan(column.values)
                present = numbers if present is None else present & numbers
            if present is not None:
                wanted = present if wanted is None else wanted & present
        if wanted is not None:
            state.keep(wanted)

    return run


def keep_listed(op: KeepListed, stage: StageRef, lowering: Lowering) -> Kernel:
    """Kernel of `KeepListed`."""
    reference = lowering.reference
    count, find = len(op.labels), label_finder(op.labels)

    def run(state: State) -> None:
        state.keep(find(as_text(state.scalar(op.input), reference)) < count)

    return run


def keep_where(op: KeepWhere, stage: StageRef, lowering: Lowering) -> Kernel:
    """Kernel of `KeepWhere`."""
    from mabridge.sql import evaluate

    def run(state: State) -> None:
        condition = evaluate(op.condition, state, stage)
        assert isinstance(condition, ScalarColumn)
        state.keep(condition.values if condition.valid is None else condition.values & condition.valid)

    return run


def evaluate_expression(op: Evaluate, stage: StageRef, lowering: Lowering) -> Kernel:
    """Kernel of `Evaluate`."""
    from mabridge.sql import evaluate

    def run(state: State) -> None:
        column = evaluate(op.expression, state, stage)
        if isinstance(column, ScalarColumn) and isinstance(column.kind, VectorType):
            column = vectors_of_arrow(state.names.get(op.output, op.output), column.arrow)
        state.columns[op.output] = column

    return run
