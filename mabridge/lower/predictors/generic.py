"""The scorers in the Python array API: what Torch runs and what ONNX is traced from."""

from __future__ import annotations

from typing import Any

import numpy as np

from mabridge.lower.predictors.trees import PreparedTrees
from mabridge.plan.predictors import LinearScorer, Scorer, TreeScorer


def constants(scorer: Scorer) -> dict[str, Any]:
    """The numpy arrays that `scores` needs, by name."""
    if isinstance(scorer, LinearScorer):
        return {"coefficients": np.ascontiguousarray(scorer.coefficients.T), "intercepts": scorer.intercepts}
    inner = scorer.feature >= 0
    widest = int(scorer.category_count.max(initial=0))
    members = np.full((len(scorer.feature), widest), np.nan)
    for node in np.flatnonzero(scorer.category_count > 0).tolist():
        count, start = int(scorer.category_count[node]), int(scorer.category_start[node])
        members[node, :count] = scorer.categories[start : start + count]
    return {
        "roots": scorer.roots.astype(np.int64),
        "feature": np.where(inner, scorer.feature, 0).astype(np.int64),
        # A leaf's children are itself, so every way can be walked to the same depth.
        "threshold": scorer.threshold,
        "left": scorer.left.astype(np.int64),
        "right": scorer.right.astype(np.int64),
        "categorical": scorer.category_count >= 0,
        "members": members,
        "members_go_left": scorer.members_go_left,
        "values": scorer.values,
    }


def scores(xp: Any, features: Any, scorer: Scorer, arrays: dict[str, Any]) -> Any:
    """Scores of dense features.

    Args:
        xp: an array API namespace.
        features: float64, shape (rows, features).
        scorer: what to compute; only its sizes are read.
        arrays: what `constants` gave, as arrays of the namespace.

    Returns:
        float64, shape (rows, scores).
    """
    if isinstance(scorer, LinearScorer):
        return xp.matmul(features, arrays["coefficients"]) + arrays["intercepts"]
    return _tree_scores(xp, features, scorer, arrays)


def _tree_scores(xp: Any, features: Any, scorer: TreeScorer, arrays: dict[str, Any]) -> Any:
    """All trees at once, one step down a time; a node is a place in arrays of shape (rows * trees,)."""
    trees = scorer.num_trees
    zero = xp.astype(features[:, :1] * 0.0 == 1.0, xp.int64)

    def look_up(name: str, nodes: Any) -> Any:
        return xp.take(arrays[name], xp.reshape(nodes, (-1,)), axis=0)

    def shaped(values: Any) -> Any:
        return xp.reshape(values, (-1, trees))

    node = zero + arrays["roots"][None, :]
    for _ in range(PreparedTrees(scorer).depth):
        value = xp.take_along_axis(features, shaped(look_up("feature", node)), axis=1)
        goes_left = value <= shaped(look_up("threshold", node))
        if arrays["members"].shape[1]:
            member = shaped(xp.any(look_up("members", node) == xp.reshape(value, (-1, 1)), axis=1))
            goes_left = xp.where(shaped(look_up("categorical", node)), member == shaped(look_up("members_go_left", node)), goes_left)
        node = xp.where(goes_left, shaped(look_up("left", node)), shaped(look_up("right", node)))
    total = xp.take(arrays["values"], node[:, 0], axis=0)
    for tree in range(1, trees):
        total = total + xp.take(arrays["values"], node[:, tree], axis=0)
    return total if scorer.divisor == 1.0 else total / scorer.divisor
