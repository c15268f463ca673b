"""The kernel of `LookupNumber`."""

from __future__ import annotations

import numpy as np

from mabridge.lower.columns import ScalarColumn
from mabridge.lower.kernels.scalars import as_double
from mabridge.lower.lowering import Lowering
from mabridge.lower.state import Kernel, State
from mabridge.plan.op import StageRef
from mabridge.plan.ops import LookupNumber
from mabridge.plan.types import DoubleType


def lookup_number(op: LookupNumber, stage: StageRef, lowering: Lowering) -> Kernel:
    """Kernel of `LookupNumber`."""
    reference = lowering.reference
    (source,), (target,), count = op.inputs, op.outputs, len(op.keys)
    padded = np.append(op.values, op.unseen_values[0])
    reason = (
        "The category was not there when the model was fitted. The stage has handleInvalid = `error`, as in Spark: set it to `keep` in Spark and convert again."
    )

    def run(state: State) -> None:
        column = state.scalar(source)
        values = as_double(column, reference)
        places = np.searchsorted(op.keys, values)
        places[places < count] = np.where(op.keys[places[places < count]] == values[places < count], places[places < count], count)
        null = np.zeros(len(values), dtype=np.bool_) if column.valid is None else ~column.valid
        unseen = (places == count) & ~null
        if not op.null_known[0]:
            unseen |= null
            places[null] = count
        if op.unseen == "error":
            state.refuse(stage, source, unseen, reason)
        found = padded[places]
        if op.null_known[0]:
            found[null] = op.null_values[0]
        state.columns[target] = ScalarColumn.of_numpy(DoubleType(), found)

    return run
