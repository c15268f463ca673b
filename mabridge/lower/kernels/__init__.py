"""The kernel of every op: one table, so that an op without one cannot go unnoticed."""

from __future__ import annotations

from collections.abc import Callable

from mabridge.lower.kernels.cosine import cosine_transform
from mabridge.lower.kernels.entries import binarize, normalize_rows, select_features
from mabridge.lower.kernels.features import check_vector_size, index_features, keep_indexable, keep_vectors_of_size, slice_features
from mabridge.lower.kernels.hashing import count_hashed, hash_columns
from mabridge.lower.kernels.interact import interact
from mabridge.lower.kernels.labels import double_column, lookup_label
from mabridge.lower.kernels.locality import hash_minimum, project_to_buckets
from mabridge.lower.kernels.numbers import lookup_number
from mabridge.lower.kernels.pairs import rate_pairs, require_integer
from mabridge.lower.kernels.predict import predict
from mabridge.lower.kernels.products import expand_polynomial, multiply_matrix
from mabridge.lower.kernels.rows import drop_missing, evaluate_expression, keep_listed, keep_where
from mabridge.lower.kernels.rules import apply_rules
from mabridge.lower.kernels.scalars import bucketize, fill_missing, lookup_index
from mabridge.lower.kernels.split_text import split_text
from mabridge.lower.kernels.topics import infer_topics
from mabridge.lower.kernels.vectors import assemble_vector, map_range, one_hot, shift_scale, vector_from_number
from mabridge.lower.kernels.words import average_words, count_words, drop_words, join_neighbours
from mabridge.lower.state import Kernel
from mabridge.plan.op import Op
from mabridge.plan.ops import (
    ApplyRules,
    AssembleVector,
    AverageWords,
    Binarize,
    Bucketize,
    CheckVectorSize,
    CosineTransform,
    CountHashed,
    CountWords,
    DoubleColumn,
    DropMissing,
    DropWords,
    Evaluate,
    ExpandPolynomial,
    FillMissing,
    HashColumns,
    HashMinimum,
    IndexFeatures,
    InferTopics,
    Interact,
    JoinNeighbours,
    KeepIndexable,
    KeepListed,
    KeepVectorsOfSize,
    KeepWhere,
    LookupIndex,
    LookupLabel,
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
    SliceFeatures,
    SplitText,
    VectorFromNumber,
)

#: From an op's class to the function that makes its kernel; called with the op, its stage and the lowering context.
KERNELS: dict[type[Op], Callable[..., Kernel]] = {
    ApplyRules: apply_rules,
    AssembleVector: assemble_vector,
    Binarize: binarize,
    Bucketize: bucketize,
    CheckVectorSize: check_vector_size,
    CosineTransform: cosine_transform,
    AverageWords: average_words,
    CountHashed: count_hashed,
    CountWords: count_words,
    DoubleColumn: double_column,
    DropMissing: drop_missing,
    DropWords: drop_words,
    Evaluate: evaluate_expression,
    ExpandPolynomial: expand_polynomial,
    FillMissing: fill_missing,
    HashMinimum: hash_minimum,
    HashColumns: hash_columns,
    JoinNeighbours: join_neighbours,
    IndexFeatures: index_features,
    Interact: interact,
    KeepIndexable: keep_indexable,
    InferTopics: infer_topics,
    KeepListed: keep_listed,
    KeepVectorsOfSize: keep_vectors_of_size,
    KeepWhere: keep_where,
    LookupIndex: lookup_index,
    LookupLabel: lookup_label,
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
    SliceFeatures: slice_features,
    VectorFromNumber: vector_from_number,
    SplitText: split_text,
}

__all__ = ["KERNELS", "Kernel"]
