"""Kernels from scalar columns to labels and plain doubles."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from mabridge.lower.columns import ScalarColumn
from mabridge.lower.kernels.scalars import as_double
from mabridge.lower.lowering import Lowering
from mabridge.lower.state import Kernel, State
from mabridge.plan.op import StageRef
from mabridge.plan.ops import DoubleColumn, LookupLabel
from mabridge.plan.types import BooleanType, DoubleType, StringType


def lookup_label(op: LookupLabel, stage: StageRef, lowering: Lowering) -> Kernel:
    """Kernel of `LookupLabel`."""
    reference = lowering.reference
    count = len(op.labels)
    reason = f"There are labels for the indices 0 to {count - 1}; Spark refuses this too." if count else "There are no labels; Spark refuses every index too."

    def run(state: State) -> None:
        column = state.scalar(op.input)
        values = as_double(column, reference)
        # Java's cast to int: NaN becomes 0, the rest is cut towards zero.
        cut = np.trunc(np.where(np.isnan(values), 0.0, values))
        outside = (cut < 0) | (cut >= count)
        if column.valid is not None:
            outside &= column.valid
        state.refuse(stage, op.input, outside, reason)
        present = None if column.valid is None else ~column.valid
        index = pa.array(np.where(cut < count, np.maximum(cut, 0), 0).astype(np.int64), mask=present)
        state.columns[op.output] = ScalarColumn.of_arrow(StringType(), op.labels.take(index))

    return run


def double_column(op: DoubleColumn, stage: StageRef, lowering: Lowering) -> Kernel:
    """Kernel of `DoubleColumn`."""
    reference = lowering.reference

    def run(state: State) -> None:
        column = state.scalar(op.input)
        values = column.values.astype(np.float64) if isinstance(column.kind, BooleanType) else as_double(column, reference)
        state.columns[op.output] = ScalarColumn.of_numpy(DoubleType(), values, column.valid)

    return run
