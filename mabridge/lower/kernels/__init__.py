"""The kernel of every op: one table, so that an op without one cannot go unnoticed."""

from __future__ import annotations

from collections.abc import Callable

from mabridge.lower.kernels.features import check_vector_size, index_features, keep_indexable, keep_vectors_of_size, select_features
from mabridge.lower.kernels.interact import interact
from mabridge.lower.kernels.labels import double_column, lookup_label
from mabridge.lower.kernels.predict import predict
from mabridge.lower.kernels.rows import drop_missing, evaluate_expression, keep_listed, keep_where
from mabridge.lower.kernels.scalars import bucketize, fill_missing, lookup_index
from mabridge.lower.kernels.vectors import assemble_vector, map_range, one_hot, shift_scale
from mabridge.lower.state import Kernel
from mabridge.plan.op import Op
from mabridge.plan.ops import (
    AssembleVector,
    Bucketize,
    CheckVectorSize,
    DoubleColumn,
    DropMissing,
    Evaluate,
    FillMissing,
    IndexFeatures,
    Interact,
    KeepIndexable,
    KeepListed,
    KeepVectorsOfSize,
    KeepWhere,
    LookupIndex,
    LookupLabel,
    MapRange,
    OneHot,
    Predict,
    SelectFeatures,
    ShiftScale,
)

#: From an op's class to the function that makes its kernel; called with the op, its stage and the lowering context.
KERNELS: dict[type[Op], Callable[..., Kernel]] = {
    AssembleVector: assemble_vector,
    Bucketize: bucketize,
    CheckVectorSize: check_vector_size,
    DoubleColumn: double_column,
    DropMissing: drop_missing,
    Evaluate: evaluate_expression,
    FillMissing: fill_missing,
    IndexFeatures: index_features,
    Interact: interact,
    KeepIndexable: keep_indexable,
    KeepListed: keep_listed,
    KeepVectorsOfSize: keep_vectors_of_size,
    KeepWhere: keep_where,
    LookupIndex: lookup_index,
    LookupLabel: lookup_label,
    MapRange: map_range,
    OneHot: one_hot,
    Predict: predict,
    SelectFeatures: select_features,
    ShiftScale: shift_scale,
}

__all__ = ["KERNELS", "Kernel"]
