"""The kernel of every op: one table, so that an op without one cannot go unnoticed."""

from __future__ import annotations

from collections.abc import Callable

from mabridge.lower.kernels.predict import predict
from mabridge.lower.kernels.rows import drop_missing, evaluate_expression, keep_listed, keep_where
from mabridge.lower.kernels.scalars import bucketize, fill_missing, lookup_index
from mabridge.lower.kernels.vectors import assemble_vector, map_range, one_hot, shift_scale, vector_from_number
from mabridge.lower.state import Kernel
from mabridge.plan.op import Op
from mabridge.plan.ops import (
    AssembleVector,
    Bucketize,
    DropMissing,
    Evaluate,
    FillMissing,
    KeepListed,
    KeepWhere,
    LookupIndex,
    MapRange,
    OneHot,
    Predict,
    ShiftScale,
    VectorFromNumber,
)

#: From an op's class to the function that makes its kernel; called with the op, its stage and the lowering context.
KERNELS: dict[type[Op], Callable[..., Kernel]] = {
    AssembleVector: assemble_vector,
    Bucketize: bucketize,
    DropMissing: drop_missing,
    Evaluate: evaluate_expression,
    FillMissing: fill_missing,
    KeepListed: keep_listed,
    KeepWhere: keep_where,
    LookupIndex: lookup_index,
    MapRange: map_range,
    OneHot: one_hot,
    Predict: predict,
    ShiftScale: shift_scale,
    VectorFromNumber: vector_from_number,
}

__all__ = ["KERNELS", "Kernel"]
