"""Whether the parts of an op fit each other. Stored plans and saved models are untrusted: a kernel may index by what is checked here, and by nothing else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from mabridge.counted import counted
from mabridge.plan.op import Op
from mabridge.plan.ops import Bucketize, FillMissing, MapRange, OneHot, Predict, ShiftScale
from mabridge.plan.predictors import LinearScorer, TreeScorer

#: Java's largest array index, and so the largest size that Spark can write.
_MOST = 2**31 - 1
#: Levels of a tree: a kernel walks one at a time.
_MOST_LEVELS = 64


def check_op(op: Op) -> None:
    """Check one op over column names.

    Raises:
        ValueError: its parts contradict each other; the text is a clause.
    """
    check = _CHECKS.get(type(op))
    if check is not None:
        check(op)


def _one_hot(op: OneHot) -> None:
    if not 0 <= op.categories < _MOST or op.size < 0:
        raise ValueError(f"an encoder claims {op.categories} categories")


def _bucketize(op: Bucketize) -> None:
    if len(op.splits) < 3 or not (np.diff(op.splits) > 0).all():
        raise ValueError("splits are not at least three ascending numbers")


def _fill_missing(op: FillMissing) -> None:
    if not len(op.inputs) == len(op.outputs) == len(op.surrogates):
        raise ValueError(f"{len(op.inputs)} inputs, {len(op.outputs)} outputs and {len(op.surrogates)} surrogates do not go together")


def _shift_scale(op: ShiftScale) -> None:
    for values in (op.shift, op.scale):
        if values is not None and values.shape != (op.size,):
            raise ValueError(f"a scaler of {counted(op.size, 'feature')} has values for {values.shape}")


def _map_range(op: MapRange) -> None:
    if op.minimum.ndim != 1 or op.minimum.shape != op.factor.shape:
        raise ValueError(f"a scaler has {op.minimum.shape} minima and {op.factor.shape} factors")


def _predict(op: Predict) -> None:
    if isinstance(op.scorer, LinearScorer):
        _linear(op.scorer)
    elif isinstance(op.scorer, TreeScorer):
        _trees(op.scorer)
    if op.declared_classes is not None and not 0 <= op.declared_classes <= _MOST:
        raise ValueError(f"a model claims {counted(op.declared_classes, 'class', 'classes')}")
    head = op.head
    if head.raw == "signed" and op.scorer.num_scores != 1:
        raise ValueError(f"one score is signed, and there are {op.scorer.num_scores}")
    if head.decision in ("cutoff raw", "cutoff probability") and op.num_classes != 2:
        raise ValueError(f"a cutoff decides between two classes, and there are {op.num_classes}")
    if head.decision == "scaled probability" and len(head.thresholds) != op.num_classes:
        raise ValueError(f"there are {counted(len(head.thresholds), 'threshold')} for {counted(op.num_classes, 'class', 'classes')}")


def _linear(scorer: LinearScorer) -> None:
    if scorer.coefficients.ndim != 2 or scorer.intercepts.shape != scorer.coefficients.shape[:1]:
        raise ValueError(f"coefficients of the shape {scorer.coefficients.shape} do not go with {scorer.intercepts.shape} intercepts")


def _trees(s: TreeScorer) -> None:
    nodes = len(s.feature)
    per_node = (s.threshold, s.left, s.right, s.category_start, s.category_count, s.members_go_left, s.leaf_number)
    if s.feature.ndim != 1 or s.values.ndim != 2 or any(array.shape != (nodes,) for array in per_node) or len(s.values) != nodes:
        raise ValueError("the arrays of the trees' nodes have different lengths")
    if s.size is not None and not 0 <= s.size <= _MOST:
        raise ValueError(f"trees claim {counted(s.size, 'feature')}")
    if s.roots.ndim != 1 or not len(s.roots) or not _all_within(s.roots, 0, nodes):
        raise ValueError("a tree starts at no node")
    index, leaf = np.arange(nodes), s.feature == -1
    if (s.feature < -1).any() or (s.size is not None and (s.feature >= s.size).any()):
        raise ValueError("a node splits on a feature that is not there")
    # A child stands behind its parent, so that every way ends.
    for child in (s.left, s.right):
        if (child[leaf] != index[leaf]).any() or not _all_within(child, 0, nodes) or (child <= index)[~leaf].any():
            raise ValueError("a node's children are not nodes behind it")
    level = np.unique(s.roots)
    for _ in range(_MOST_LEVELS + 1):
        level = level[~leaf[level]]
        level = np.unique(np.concatenate([s.left[level], s.right[level]]))
    if len(level):
        raise ValueError(f"a tree is more than {_MOST_LEVELS} levels deep; Spark's have at most 30")
    if (s.leaf_number[leaf] < 0).any() or not _all_within(s.leaf_number, -1, nodes):
        raise ValueError("the leaves are not numbered")
    start, count = s.category_start.astype(np.int64), s.category_count.astype(np.int64)
    if s.categories.ndim != 1 or (count < -1).any() or (start < 0).any() or (start + np.maximum(count, 0) > len(s.categories)).any():
        raise ValueError("a node's categories are not there")


def _all_within(values: np.ndarray[Any, Any], first: int, end: int) -> bool:
    return bool(((values >= first) & (values < end)).all())


_CHECKS: dict[type[Op], Callable[[Any], None]] = {
    OneHot: _one_hot,
    Bucketize: _bucketize,
    FillMissing: _fill_missing,
    ShiftScale: _shift_scale,
    MapRange: _map_range,
    Predict: _predict,
}
