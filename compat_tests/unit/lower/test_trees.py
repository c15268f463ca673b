"""Sums over trees: the compiled loops, the numpy walk and a plain reading of the definition give the same bits."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mabridge.lower.columns import AllDense, DenseBlock, VectorColumn
from mabridge.lower.predictors import trees
from mabridge.lower.predictors.fused import fused
from mabridge.lower.predictors.trees import PreparedTrees, compiled_loops
from mabridge.plan.predictors import TreeScorer

FEATURES = 4
HARD = [0.0, -0.0, 1.0, 2.0, 0.5, math.nan, math.inf, -math.inf, 3.0, 7.0]


def random_scorer(seed: int, num_trees: int, *, scores: int, weighted: bool, wild: bool = False) -> TreeScorer:
    """Trees of random shape; a quarter of the splits are categorical."""
    rng = np.random.default_rng(seed)
    nodes: list[tuple[int, float, int, int, int, int, bool, int]] = []
    categories: list[float] = []

    def grow(depth: int, leaves: list[int]) -> int:
        at = len(nodes)
        nodes.append((-1, 0.0, at, at, 0, -1, True, len(leaves)))
        if depth == 0 or rng.random() < 0.2:
            leaves.append(at)
            return at
        if rng.random() < 0.25:
            members = sorted(rng.choice(8, size=int(rng.integers(0, 5)), replace=False).tolist())
            start, count = len(categories), len(members)
            categories.extend(float(member) for member in members)
        else:
            start, count = 0, -1
        split = (int(rng.integers(0, FEATURES)), float(rng.choice([0.0, 0.5, 1.0, 2.0, -1.5])), start, count, bool(rng.integers(0, 2)))
        left = grow(depth - 1, leaves)
        right = grow(depth - 1, leaves)
        nodes[at] = (split[0], split[1], left, right, split[2], split[3], split[4], -1)
        return at

    roots = [grow(4, []) for _ in range(num_trees)]
    columns = list(zip(*nodes, strict=True))
    values = rng.normal(size=(len(nodes), scores)) * (10.0 ** rng.integers(-300, 300, size=(len(nodes), scores)) if wild else 1.0)
    i4 = np.int32
    return TreeScorer(
        size=FEATURES,
        roots=np.array(roots, dtype=i4),
        feature=np.array(columns[0], dtype=i4),
        threshold=np.array(columns[1], dtype=np.float64),
        left=np.array(columns[2], dtype=i4),
        right=np.array(columns[3], dtype=i4),
        category_start=np.array(columns[4], dtype=i4),
        category_count=np.array(columns[5], dtype=i4),
        categories=np.array(categories, dtype=np.float64),
        members_go_left=np.array(columns[6], dtype=np.bool_),
        values=values,
        leaf_number=np.array(columns[7], dtype=i4),
        weights=np.concatenate([[1.0], np.full(num_trees - 1, 0.1)]) if weighted else None,
    )


def leaf_by_hand(scorer: TreeScorer, root: int, row: list[float]) -> int:
    node = root
    while scorer.feature[node] >= 0:
        value = row[scorer.feature[node]]
        if scorer.category_count[node] < 0:
            left = value <= scorer.threshold[node]
        else:
            start = scorer.category_start[node]
            members = scorer.categories[start : start + scorer.category_count[node]].tolist()
            left = (value in members) == bool(scorer.members_go_left[node])
        node = int(scorer.left[node] if left else scorer.right[node])
    return node


def scores_by_hand(scorer: TreeScorer, row: list[float]) -> list[float]:
    leaves = [leaf_by_hand(scorer, int(root), row) for root in scorer.roots]
    if scorer.weights is None:
        totals = [0.0] * scorer.num_scores
        for leaf in leaves:
            totals = [total + float(value) for total, value in zip(totals, scorer.values[leaf], strict=True)]
        return totals
    products = [(float(scorer.values[leaf, 0]), float(weight)) for leaf, weight in zip(leaves, scorer.weights, strict=True)]
    whole = len(products) - len(products) % 4
    lanes = [0.0] * 4
    for place, (value, weight) in enumerate(products[:whole]):
        lanes[place % 4] = fused(value, weight, lanes[place % 4])
    total = 0.0 + (((lanes[0] + lanes[1]) + lanes[2]) + lanes[3])
    for value, weight in products[whole:]:
        total = fused(value, weight, total)
    return [total]


def column_of(rows: np.ndarray) -> VectorColumn:
    return VectorColumn(len(rows), (DenseBlock(rows),), AllDense())


@pytest.fixture(params=["compiled", "numpy"])
def loop(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    if request.param == "numpy":
        monkeypatch.setattr(trees, "compiled_loops", lambda: None)
    elif compiled_loops() is None:
        pytest.skip("numba is not installed, so there is no compiled loop")
    return str(request.param)


@pytest.mark.parametrize("num_trees", [1, 3, 4, 5, 11])
@pytest.mark.parametrize("kind", ["plain", "several scores", "weighted", "weighted and wild"])
def test_scores_are_those_of_the_definition_bit_for_bit(loop: str, num_trees: int, kind: str) -> None:
    scorer = random_scorer(num_trees, num_trees, scores=3 if kind == "several scores" else 1, weighted=kind.startswith("weighted"), wild="wild" in kind)
    rng = np.random.default_rng(7)
    rows = rng.choice(HARD, size=(300, FEATURES))
    found = PreparedTrees(scorer).scores(column_of(rows))
    wanted = np.array([scores_by_hand(scorer, row) for row in rows.tolist()])
    assert found.tobytes() == wanted.tobytes()


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10_000), num_trees=st.integers(1, 9))
def test_leaves_and_terms_follow_the_definition(seed: int, num_trees: int) -> None:
    scorer = random_scorer(seed, num_trees, scores=1, weighted=True)
    rows = np.random.default_rng(seed).choice(HARD, size=(20, FEATURES))
    prepared = PreparedTrees(scorer)
    leaves = np.array([[leaf_by_hand(scorer, int(root), row) for root in scorer.roots] for row in rows.tolist()])
    assert (prepared.leaves(column_of(rows)) == scorer.leaf_number[leaves]).all()
    assert scorer.weights is not None
    terms = prepared.absolute_terms(column_of(rows))
    assert terms is not None
    np.testing.assert_allclose(terms[:, 0], np.abs(scorer.values[leaves, 0] * scorer.weights).sum(axis=1), rtol=1e-14)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("left", lambda s: s.left + 1_000_000),
        ("right", lambda s: np.zeros_like(s.right)),
        ("roots", lambda s: s.roots[::-1].copy()),
        ("roots", lambda s: s.roots[:0]),
        ("category_start", lambda s: s.category_start - 5),
        ("category_count", lambda s: s.category_count + 1_000),
        ("values", lambda s: s.values[:-1]),
        ("threshold", lambda s: s.threshold[:-1]),
        ("weights", lambda s: np.ones(1)),
    ],
)
def test_arrays_that_do_not_make_trees_are_refused(field: str, value: object) -> None:
    from dataclasses import replace

    scorer = random_scorer(3, 4, scores=1, weighted=True)
    scorer.check()
    with pytest.raises(ValueError, match=r"tree|node|weights|categories"):
        replace(scorer, **{field: value(scorer)}).check()  # type: ignore[operator]
