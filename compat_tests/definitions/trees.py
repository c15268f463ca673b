"""Decision trees, forests and boosted trees: go down each tree, then add up."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from compat_tests.definitions.core import Definition, Fitted, Near, RefusedError, Row, Vector, dense, divide, exp
from compat_tests.definitions.predictions import classifier, shares

#: The nodes of one tree by id.
Tree = Mapping[int, Mapping[str, Any]]


def trees_of(stage: Fitted) -> list[Tree]:
    """The trees, in their order."""
    rows = stage.tables["data"]
    if "nodeData" not in rows[0]:
        return [{row["id"]: row for row in rows}]
    trees: dict[int, dict[int, Mapping[str, Any]]] = {}
    for row in rows:
        trees.setdefault(row["treeID"], {})[row["nodeData"]["id"]] = row["nodeData"]
    return [trees[number] for number in sorted(trees)]


def leaf_of(tree: Tree, vector: Vector) -> Mapping[str, Any]:
    """Go left where the feature is at most the threshold, or among the categories of the left side. NaN goes right.

    Spark keeps the smaller side of the categories: where more than half stand on the left it keeps the right ones, and everything else goes left.
    """
    node = tree[0]
    while node["leftChild"] >= 0:
        split = node["split"]
        if split["featureIndex"] >= vector.size:
            raise RefusedError("no such feature")
        value, left = vector.values[split["featureIndex"]], split["leftCategoriesOrThreshold"]
        count = split["numCategories"]
        if count < 0:
            goes_left = value <= left[0]
        elif len(left) <= count // 2:
            goes_left = value in left
        else:
            goes_left = value not in [float(category) for category in range(count) if category not in left]
        node = tree[node["leftChild"] if goes_left else node["rightChild"]]
    return node


def unopened(row: Row, column: str) -> Vector:
    """The feature vector; null has no features, and only a split that asks for one refuses it."""
    return Vector(0, {}, True) if row[column] is None else row.vector(column)


def _leaf_number(tree: Tree, leaf: Mapping[str, Any]) -> float:
    """The leaf's place from left to right; ids count in pre-order."""
    leaves = sorted(number for number, node in tree.items() if node["leftChild"] < 0)
    return float(leaves.index(leaf["id"]))


def _weights(stage: Fitted) -> list[float]:
    return [row["weights"] for row in sorted(stage.tables["treesMetadata"], key=lambda row: row["treeID"])]


def _with_leaves(stage: Fitted, define: Definition) -> Definition:
    """The same, with the numbers of the leaves where leafCol is set."""
    name, trees = stage.params.get("leafCol", ""), trees_of(stage)
    if not name:
        return define

    def both(row: Row) -> dict[str, Any]:
        vector = unopened(row, stage.params["featuresCol"])
        numbers = [_leaf_number(tree, leaf_of(tree, vector)) for tree in trees]
        return {**define(row), name: dense(numbers) if "treesMetadata" in stage.tables else numbers[0]}

    return both


def tree_classifier(stage: Fitted) -> Definition:
    """The leaf's class counts, and their shares; where rawPrediction and probability are both off, the prediction that is saved with the leaf."""
    (tree,) = trees_of(stage)
    define = classifier(stage, lambda vector: [Near(count) for count in leaf_of(tree, vector)["impurityStats"]], _tree_shares, features=unopened)
    if not stage.params["rawPredictionCol"] and not stage.params["probabilityCol"]:
        name = stage.params["predictionCol"]
        define = lambda row: {name: leaf_of(tree, unopened(row, stage.params["featuresCol"]))["prediction"]} if name else {}  # noqa: E731
    return _with_leaves(stage, define)


def _tree_shares(raw: list[float]) -> list[float]:
    if sum(raw, 0.0) == 0:
        raise RefusedError("no votes")
    return shares(raw)


def forest_classifier(stage: Fitted) -> Definition:
    """Each tree adds the shares of its leaf's counts; a leaf without counts adds nothing."""
    trees = trees_of(stage)

    def raw(vector: Vector) -> list[Near]:
        votes = [0.0] * stage.metadata["numClasses"]
        for tree in trees:
            counts = leaf_of(tree, vector)["impurityStats"]
            total = sum(counts, 0.0)
            votes = [vote + divide(count, total) for vote, count in zip(votes, counts, strict=True)] if total != 0 else votes
        return [Near(vote, abs(vote)) for vote in votes]

    return _with_leaves(stage, classifier(stage, raw, _tree_shares, features=unopened))


def tree_regression(stage: Fitted) -> Definition:
    """The leaf's prediction, and the variance of its impurity statistics (weight, sum, sum of squares)."""
    (tree,) = trees_of(stage)
    params = stage.params

    def define(row: Row) -> dict[str, Any]:
        leaf = leaf_of(tree, unopened(row, params["featuresCol"]))
        found = {params["predictionCol"]: leaf["prediction"]}
        if params.get("varianceCol"):
            weight, total, squares = leaf["impurityStats"]
            found[params["varianceCol"]] = (squares - total * total / weight) / weight if weight != 0 else 0.0
        found.pop("", None)
        return found

    return _with_leaves(stage, define)


def forest_regression(stage: Fitted) -> Definition:
    """The mean of the trees."""
    trees = trees_of(stage)
    return _with_leaves(stage, _regression(stage, lambda vector: Near(_total([leaf_of(tree, vector)["prediction"] for tree in trees]).value / len(trees))))


def _total(values: list[float]) -> Near:
    return Near(sum(values, 0.0), sum(map(abs, values)))


def _regression(stage: Fitted, score: Callable[[Vector], Near]) -> Definition:
    name = stage.params["predictionCol"]
    return lambda row: {name: score(unopened(row, stage.params["featuresCol"]))} if name else {}


def _boosted(stage: Fitted) -> Callable[[Vector], Near]:
    trees, weights = trees_of(stage), _weights(stage)
    return lambda vector: _total([leaf_of(tree, vector)["prediction"] * weight for tree, weight in zip(trees, weights, strict=True)])


def boosted_regression(stage: Fitted) -> Definition:
    """The weighted sum of the trees."""
    return _with_leaves(stage, _regression(stage, _boosted(stage)))


def boosted_classifier(stage: Fitted) -> Definition:
    """The weighted sum m of the trees: (-m, m), the probability 1 / (1 + exp(-2 m)) of the logistic loss, and the greater of both."""
    score = _boosted(stage)

    def raw(vector: Vector) -> list[Near]:
        found = score(vector)
        return [Near(-found.value, found.scale), found]

    def share(scores: list[float]) -> list[float]:
        first = 1.0 / (1.0 + exp(-2.0 * scores[0]))
        return [first, 1.0 - first]

    def decide(scores: list[float], probability: list[float]) -> float:
        if stage.params["rawPredictionCol"]:
            return 1.0 if scores[1] > scores[0] else 0.0
        if stage.params["probabilityCol"]:
            return 1.0 if probability[1] > probability[0] else 0.0
        return 1.0 if scores[1] > 0 and not math.isnan(scores[1]) else 0.0

    return _with_leaves(stage, classifier(stage, raw, share, decide, unopened))
