"""Saved trees, of one model or an ensemble, as a TreeScorer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from mabridge.sdk import Stage, TreeScorer, counted
from mabridge_translators._shared.prediction import ClassifierParams, RegressorParams

#: Params of tree models that matter in `fit` alone: of all of them, of forests, of boosted trees.
TREE_FIT_ONLY = frozenset(
    {
        *("labelCol", "weightCol", "seed", "impurity", "maxDepth", "maxBins", "minInstancesPerNode", "minWeightFractionPerNode", "minInfoGain"),
        *("maxMemoryInMB", "cacheNodeIds", "checkpointInterval"),
    }
)
FOREST_FIT_ONLY = TREE_FIT_ONLY | {"bootstrap", "featureSubsetStrategy", "numTrees", "subsamplingRate"}
BOOSTED_FIT_ONLY = TREE_FIT_ONLY | {
    *("featureSubsetStrategy", "lossType", "maxIter", "stepSize", "subsamplingRate", "validationIndicatorCol", "validationTol"),
}


@dataclass(frozen=True)
class TreeClassifierParams(ClassifierParams):
    """Params of every tree classifier (Spark 3.5)."""

    leaf_col: str = ""


@dataclass(frozen=True)
class TreeRegressorParams(RegressorParams):
    """Params of every tree regressor (Spark 3.5)."""

    leaf_col: str = ""


@dataclass(frozen=True, eq=False)
class SavedTrees:
    """The nodes of all trees of a stage, sorted by tree and id.

    Attributes:
        num_features: as the metadata says; None where it does not.
        num_classes: as the metadata says; None for regression.
        tree: int64, shape (nodes,), the tree's number from 0.
        nodes: the columns of the saved nodes.
        weights: float64, shape (trees,).
    """

    num_features: int | None
    num_classes: int | None
    tree: npt.NDArray[np.int64]
    nodes: pa.StructArray
    weights: npt.NDArray[np.float64]

    def column(self, name: str) -> pa.Array:
        """One field of the nodes."""
        return self.nodes.field(name)


def read_tree(stage: Stage[Any]) -> SavedTrees:
    """The one tree of a decision tree model.

    Raises:
        MalformedModelError: the nodes do not make a tree.
    """
    table = stage.saved.table("data").combine_chunks()
    nodes = pa.StructArray.from_arrays([_flat(table.column(name)) for name in table.column_names], names=table.column_names)
    return _sorted(stage, np.zeros(len(nodes), dtype=np.int64), nodes, np.ones(1))


def read_ensemble(stage: Stage[Any]) -> SavedTrees:
    """The trees of a forest or of boosted trees, with their weights.

    Raises:
        MalformedModelError: the nodes do not make trees, or trees and weights do not match.
    """
    table = stage.saved.table("data").combine_chunks()
    metadata = stage.saved.table("treesMetadata").combine_chunks()
    # Spark 4.1 saves the columns of treesMetadata without their names.
    names = ("treeID", "weights") if "treeID" in metadata.column_names else ("_1", "_3")
    if any(name not in metadata.column_names for name in names) or not {"treeID", "nodeData"} <= set(table.column_names):
        raise stage.malformed(f"data has the columns {table.column_names} and treesMetadata {metadata.column_names}.")
    order = np.argsort(metadata.column(names[0]).to_numpy(), kind="stable")
    weights = metadata.column(names[1]).to_numpy()[order].astype(np.float64)
    if not np.array_equal(metadata.column(names[0]).to_numpy()[order], np.arange(len(order))):
        raise stage.malformed("treesMetadata does not number the trees from 0.")
    return _sorted(stage, table.column("treeID").to_numpy().astype(np.int64), _flat(table.column("nodeData")), weights)


def _flat(column: pa.ChunkedArray) -> pa.Array:
    return column.combine_chunks() if column.num_chunks != 1 else column.chunk(0)


def _sorted(stage: Stage[Any], tree: npt.NDArray[np.int64], nodes: pa.StructArray, weights: npt.NDArray[np.float64]) -> SavedTrees:
    order = np.lexsort((nodes.field("id").to_numpy(), tree))
    metadata = stage.saved.metadata
    features, classes = metadata.get("numFeatures"), metadata.get("numClasses")
    found = np.unique(tree)
    if len(nodes) == 0 or not np.array_equal(found, np.arange(len(weights))):
        raise stage.malformed(f"there are {counted(len(weights), 'tree')} by their weights and {len(found)} by their nodes; a part file may be missing.")
    return SavedTrees(
        features if isinstance(features, int) else None,
        classes if isinstance(classes, int) else None,
        tree[order],
        nodes.take(pa.array(order)),
        weights,
    )


def scorer_of(
    stage: Stage[Any], trees: SavedTrees, leaf_values: Callable[[SavedTrees], npt.NDArray[np.float64]], *, divisor: float = 1.0, weighted: bool = False
) -> TreeScorer:
    """The scorer of saved trees.

    Args:
        stage: for messages.
        trees: the nodes.
        leaf_values: from the trees to float64 values, shape (nodes, scores).
        divisor: what the sums are divided by.
        weighted: whether the trees' saved weights count.

    Raises:
        MalformedModelError: the nodes do not make trees.
    """
    starts = np.searchsorted(trees.tree, np.arange(len(trees.weights)))
    base = starts[trees.tree]
    count = len(trees.tree)
    own = trees.column("id").to_numpy().astype(np.int64)
    if not np.array_equal(own, np.arange(count) - base):
        raise stage.malformed("the node ids of a tree are not 0, 1, 2, ...; a part file may be missing.")
    left, right = trees.column("leftChild").to_numpy().astype(np.int64), trees.column("rightChild").to_numpy().astype(np.int64)
    leaf = left < 0
    sizes = np.diff(np.append(starts, count))[trees.tree]
    if (leaf != (right < 0)).any() or ((left >= sizes) | (right >= sizes))[~leaf].any() or ((left <= own) | (right <= own))[~leaf].any():
        raise stage.malformed("a node's children are not nodes behind it in the same tree.")
    split = trees.column("split")
    feature = split.field("featureIndex").to_numpy(zero_copy_only=False).astype(np.int64)
    categories = split.field("numCategories").to_numpy(zero_copy_only=False).astype(np.int64)
    bounds = split.field("leftCategoriesOrThreshold")
    offsets, flat = bounds.offsets.to_numpy().astype(np.int64), bounds.values.to_numpy(zero_copy_only=False).astype(np.float64)
    lengths = np.diff(offsets)
    inner = np.flatnonzero(~leaf)
    continuous = inner[categories[inner] < 0]
    if (lengths[continuous] != 1).any() or (feature[inner] < 0).any() or (trees.num_features is not None and (feature[inner] >= trees.num_features).any()):
        raise stage.malformed("a split has no threshold, or a feature that the model does not have.")
    threshold = np.zeros(count)
    threshold[continuous] = flat[offsets[continuous]]
    start, number, members, member_left = _categories(inner[categories[inner] >= 0], categories, offsets, flat, count)
    index = np.arange(count)
    return TreeScorer(
        size=trees.num_features,
        roots=starts.astype(np.int32),
        feature=np.where(leaf, -1, feature).astype(np.int32),
        threshold=threshold,
        left=np.where(leaf, index, left + base).astype(np.int32),
        right=np.where(leaf, index, right + base).astype(np.int32),
        category_start=start,
        category_count=number,
        categories=members,
        members_go_left=member_left,
        values=leaf_values(trees),
        leaf_number=_leaf_numbers(leaf, left, right, own, trees.tree, starts),
        divisor=divisor,
        weights=trees.weights if weighted else None,
    )


def _categories(
    nodes: npt.NDArray[np.int64], categories: npt.NDArray[np.int64], offsets: npt.NDArray[np.int64], flat: npt.NDArray[np.float64], count: int
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32], npt.NDArray[np.float64], npt.NDArray[np.bool_]]:
    """Spark keeps the smaller side of a categorical split: the left categories while they are at most half, else their complement."""
    start, number, member_left = np.zeros(count, dtype=np.int32), np.full(count, -1, dtype=np.int32), np.ones(count, dtype=np.bool_)
    members: list[npt.NDArray[np.float64]] = []
    total = 0
    for node in nodes.tolist():
        left = np.unique(flat[offsets[node] : offsets[node + 1]])
        stored = int(offsets[node + 1] - offsets[node])
        of = int(categories[node])
        if stored > of // 2:
            left = np.setdiff1d(np.arange(of, dtype=np.float64), left)
            member_left[node] = False
        start[node], number[node] = total, len(left)
        total += len(left)
        members.append(left)
    return start, number, np.concatenate(members) if members else np.zeros(0), member_left


def _leaf_numbers(
    leaf: npt.NDArray[np.bool_],
    left: npt.NDArray[np.int64],
    right: npt.NDArray[np.int64],
    own: npt.NDArray[np.int64],
    tree: npt.NDArray[np.int64],
    starts: npt.NDArray[np.int64],
) -> npt.NDArray[np.int32]:
    """The place of each leaf in its tree, left to right; ids are in pre-order, so it is the rank among the tree's leaves."""
    before = np.concatenate([[0], np.cumsum(leaf)])
    numbers = before[:-1] - before[starts][tree]
    return np.where(leaf, numbers, -1).astype(np.int32)


def predictions(trees: SavedTrees) -> npt.NDArray[np.float64]:
    """Each node's prediction, shape (nodes, 1)."""
    values: npt.NDArray[np.float64] = trees.column("prediction").to_numpy(zero_copy_only=False).astype(np.float64)
    return values[:, None]


def class_counts(trees: SavedTrees) -> npt.NDArray[np.float64]:
    """Each node's impurityStats, shape (nodes, classes)."""
    stats = trees.column("impurityStats")
    offsets, flat = stats.offsets.to_numpy().astype(np.int64), stats.values.to_numpy(zero_copy_only=False).astype(np.float64)
    lengths = np.unique(np.diff(offsets))
    if len(lengths) != 1:
        raise ValueError(f"the nodes have {lengths.tolist()} class counts")
    return np.ascontiguousarray(flat[offsets[0] : offsets[-1]].reshape(-1, int(lengths[0])))
