"""The kernel of every op: one table, so that an op without one cannot go unnoticed."""

from __future__ import annotations

from collections.abc import Callable

from mabridge.lower.kernels.cosine import cosine_transform
from mabridge.lower.kernels.entries import binarize, normalize_rows, select_features
from mabridge.lower.kernels.locality import hash_minimum, project_to_buckets
from mabridge.lower.kernels.numbers import lookup_number
from mabridge.lower.kernels.pairs import rate_pairs, require_integer
from mabridge.lower.kernels.predict import predict
from mabridge.lower.kernels.products import expand_polynomial, multiply_matrix
from mabridge.lower.kernels.rows import drop_missing, evaluate_expression, keep_listed, keep_where
from mabridge.lower.kernels.rules import apply_rules
from mabridge.lower.kernels.scalars import bucketize, fill_missing, lookup_index
from mabridge.lower.kernels.topics import infer_topics
from mabridge.lower.kernels.vectors import assemble_vector, map_range, one_hot, shift_scale, vector_from_number
from mabridge.lower.state import Kernel
from mabridge.plan.op import Op
from mabridge.plan.ops import (
    ApplyRules,
    AssembleVector,
    Binarize,
    Bucketize,
    CosineTransform,
    DropMissing,
    Evaluate,
    ExpandPolynomial,
    FillMissing,
    HashMinimum,
    InferTopics,
    KeepListed,
    KeepWhere,
    LookupIndex,
    LookupNumber,
    MapRange,
    MultiplyMatrix,
    NormalizeRows,
    OneHot,
    Predict,
    ProjectToBuckets,
    RatePairs,
    RequireInteger,
    SelectFeatures,
    ShiftScale,
    VectorFromNumber,
)

#: From an op's class to the function that makes its kernel; called with the op, its stage and the lowering context.
KERNELS: dict[type[Op], Callable[..., Kernel]] = {
    ApplyRules: apply_rules,
    AssembleVector: assemble_vector,
    Binarize: binarize,
    Bucketize: bucketize,
    CosineTransform: cosine_transform,
    DropMissing: drop_missing,
    Evaluate: evaluate_expression,
    ExpandPolynomial: expand_polynomial,
    FillMissing: fill_missing,
    HashMinimum: hash_minimum,
    InferTopics: infer_topics,
    KeepListed: keep_listed,
    KeepWhere: keep_where,
    LookupIndex: lookup_index,
    LookupNumber: lookup_number,
    MapRange: map_range,
    MultiplyMatrix: multiply_matrix,
    NormalizeRows: normalize_rows,
    OneHot: one_hot,
    Predict: predict,
    ProjectToBuckets: project_to_buckets,
    RatePairs: rate_pairs,
    RequireInteger: require_integer,
    SelectFeatures: select_features,
    ShiftScale: shift_scale,
    VectorFromNumber: vector_from_number,
}

__all__ = ["KERNELS", "Kernel"]
