"""The kernel of every op: one table, so that an op without one cannot go unnoticed."""

from __future__ import annotations

from collections.abc import Callable

from mabridge.lower.kernels.hashing import count_hashed, hash_columns
from mabridge.lower.kernels.predict import predict
from mabridge.lower.kernels.rows import drop_missing, evaluate_expression, keep_listed, keep_where
from mabridge.lower.kernels.scalars import bucketize, fill_missing, lookup_index
from mabridge.lower.kernels.split_text import split_text
from mabridge.lower.kernels.vectors import assemble_vector, map_range, one_hot, shift_scale
from mabridge.lower.kernels.words import average_words, count_words, drop_words, join_neighbours
from mabridge.lower.state import Kernel
from mabridge.plan.op import Op
from mabridge.plan.ops import (
    AssembleVector,
    AverageWords,
    Bucketize,
    CountHashed,
    CountWords,
    DropMissing,
    DropWords,
    Evaluate,
    FillMissing,
    HashColumns,
    JoinNeighbours,
    KeepListed,
    KeepWhere,
    LookupIndex,
    MapRange,
    OneHot,
    Predict,
    ShiftScale,
    SplitText,
)

#: From an op's class to the function that makes its kernel; called with the op, its stage and the lowering context.
KERNELS: dict[type[Op], Callable[..., Kernel]] = {
    AssembleVector: assemble_vector,
    AverageWords: average_words,
    Bucketize: bucketize,
    CountHashed: count_hashed,
    CountWords: count_words,
    DropMissing: drop_missing,
    DropWords: drop_words,
    Evaluate: evaluate_expression,
    FillMissing: fill_missing,
    HashColumns: hash_columns,
    JoinNeighbours: join_neighbours,
    KeepListed: keep_listed,
    KeepWhere: keep_where,
    LookupIndex: lookup_index,
    MapRange: map_range,
    OneHot: one_hot,
    Predict: predict,
    ShiftScale: shift_scale,
    SplitText: split_text,
}

__all__ = ["KERNELS", "Kernel"]
