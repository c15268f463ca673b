"""The kernel of `CosineTransform`."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from mabridge.lower.columns import AllDense, DenseBlock, Floats, VectorColumn
from mabridge.lower.kernels.vectors import refuse_nulls
from mabridge.lower.lowering import Lowering
from mabridge.lower.predictors.sums import fused_sums
from mabridge.lower.state import Kernel, State
from mabridge.plan.op import StageRef
from mabridge.plan.ops import CosineTransform

#: Where a row's magnitudes add up to more, a fast transform can pass the largest double on its way.
LARGEST_SUM = 1e290


def cosine_transform(op: CosineTransform, stage: StageRef, lowering: Lowering) -> Kernel:
    """Kernel of `CosineTransform`."""

    def run(state: State) -> None:
        column = state.vector(op.input)
        refuse_nulls(state, stage, op.input, column)
        values = column.dense()
        if column.size == 0:
            state.refuse(stage, op.input, np.ones(column.num_rows, dtype=np.bool_), "A vector of no features has no cosine transform; Spark refuses this too.")
        if column.size > 1:
            magnitudes = np.abs(values).sum(axis=1)
            state.refuse(
                stage,
                op.input,
                magnitudes > LARGEST_SUM,
                "It holds infinity, or numbers whose sum passes 1e290. What Spark makes of those depends on the steps of its fast transform, which mabridge "
                "does not take. Drop the row or bound its features first.",
            )
            values = fused_sums(values, cosines(column.size, inverse=op.inverse))
            if state.scales is not None:
                state.scales[op.output] = np.repeat(np.sqrt(2.0 / column.size) * magnitudes[:, None], column.size, axis=1)
        state.columns[op.output] = VectorColumn(column.num_rows, (DenseBlock(values),), AllDense(), column.valid)

    return run


@lru_cache(maxsize=8)
def cosines(size: int, *, inverse: bool) -> Floats:
    """The weights of each feature in each output, float64, shape (features, outputs): the orthonormal DCT-II, or its inverse."""
    turns = (2 * np.arange(size)[:, None] + 1) * np.arange(size) % (4 * size)
    weights = np.sqrt(2.0 / size) * np.cos(np.pi * turns / (2 * size))
    weights[:, 0] = np.sqrt(1.0 / size)
    return np.ascontiguousarray(weights.T if inverse else weights)
