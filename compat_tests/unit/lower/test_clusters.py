"""Nearest centres against a plain, row by row reading of Spark's definitions."""

from __future__ import annotations

import math

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from mabridge.lower.columns import DenseBlock, PerRow, VectorColumn
from mabridge.lower.predictors.clusters import PreparedCenterTree, PreparedNearest
from mabridge.lower.predictors.fused import fused
from mabridge.plan.predictors import Centers, CenterTreeScorer, Measure, NearestCenterScorer

EPSILON = 2.0**-52
#: Few values, so that points lie on centres, between them, and in line with them.
coordinates = st.sampled_from([0.0, -0.0, 1.0, -1.0, 2.0, 0.5, 1e8, 1.0 + 2.0**-30, 3.5, -7.25, 1e-9])


def dot(left: list[float], right: list[float], *, sparse: bool) -> float:
    if sparse:
        total = 0.0
        for a, b in zip(left, right, strict=True):
            if a != 0.0 and b != 0.0:
                total += a * b
        return total
    whole = len(left) - len(left) % 4
    lanes = [0.0] * 4
    for place in range(whole):
        lanes[place % 4] = fused(left[place], right[place], lanes[place % 4])
    total = 0.0 + (((lanes[0] + lanes[1]) + lanes[2]) + lanes[3])
    for place in range(whole, len(left)):
        total = fused(left[place], right[place], total)
    return total


def norm(point: list[float]) -> float:
    return math.sqrt(sum_of(value * value for value in point))


def sum_of(parts: object) -> float:
    total = 0.0
    for part in parts:  # type: ignore[attr-defined]
        total += part
    return total


def distance(center: list[float], center_norm: float, point: list[float], measure: str, *, sparse: bool) -> float:
    if measure == "cosine":
        return 1.0 - dot(center, point, sparse=sparse) / center_norm / norm(point)
    exact = sum_of((a - b) * (a - b) for a, b in zip(center, point, strict=True))
    if not sparse:
        return exact
    squares = center_norm * center_norm + norm(point) * norm(point)
    gap = center_norm - norm(point)
    if 2.0 * EPSILON * squares / (gap * gap + EPSILON) < 1e-6:
        return squares - 2.0 * dot(center, point, sparse=True)
    product = dot(center, point, sparse=True)
    found = max(squares - 2.0 * product, 0.0)
    return exact if EPSILON * (squares + 2.0 * abs(product)) / (found + EPSILON) > 1e-6 else found


def nearest(centers: Centers, point: list[float], *, sparse: bool) -> int:
    points, norms, kinds = centers.points.tolist(), centers.norms.tolist(), centers.sparse.tolist()
    count = len(points)

    def to(place: int) -> float:
        return distance(points[place], norms[place], point, centers.measure, sparse=sparse or kinds[place])

    bounds = [[math.inf] * count for _ in range(count)]
    for i in range(count):
        for j in range(i + 1, count):
            d = distance(points[i], norms[i], points[j], centers.measure, sparse=kinds[i] or kinds[j])
            if centers.measure == "euclidean":
                root = math.sqrt(d)
                bound = 0.25 * root * root
            else:
                bound = 1.0 - math.sqrt(1.0 - d / 2.0)
            bounds[i][j] = bounds[j][i] = bound
            bounds[i][i], bounds[j][j] = min(bounds[i][i], bound), min(bounds[j][j], bound)
    if count == 1:
        return 0
    best, label = to(0), 0
    if best < bounds[0][0]:
        return 0
    for place in range(1, count):
        if centers.measure == "euclidean" and not (norms[place] - norm(point)) ** 2 < best:
            continue
        if bounds[place][label] < best:
            d = to(place)
            if d < bounds[place][place]:
                return place
            if d < best:
                best, label = d, place
    return label


@st.composite
def problems(draw: st.DrawFn, measure: Measure) -> tuple[Centers, np.ndarray, np.ndarray]:
    features, count, rows = draw(st.integers(1, 6)), draw(st.integers(1, 5)), draw(st.integers(1, 8))

    def point() -> list[float]:
        found = draw(st.lists(coordinates, min_size=features, max_size=features))
        if measure == "cosine" and not any(found):
            found[0] = 1.0
        return found

    centers = np.array([point() for _ in range(count)])
    norms = np.array([norm(center) for center in centers.tolist()])
    kinds = np.array(draw(st.lists(st.booleans(), min_size=count, max_size=count))) & draw(st.booleans())
    sparse = np.array(draw(st.lists(st.booleans(), min_size=rows, max_size=rows)))
    return Centers(centers, norms, kinds, measure), np.array([point() for _ in range(rows)]), sparse


def column_of(rows: np.ndarray, sparse: np.ndarray) -> VectorColumn:
    return VectorColumn(len(rows), (DenseBlock(rows),), PerRow(sparse))


@settings(max_examples=200, deadline=None)
@given(problem=st.one_of(problems("euclidean"), problems("cosine")))
def test_the_nearest_centre_is_spark_s(problem: tuple[Centers, np.ndarray, np.ndarray]) -> None:
    centers, rows, sparse = problem
    found = PreparedNearest(NearestCenterScorer(centers)).scores(column_of(rows, sparse))[:, 0]
    wanted = [nearest(centers, row, sparse=kind) for row, kind in zip(rows.tolist(), sparse.tolist(), strict=True)]
    assert found.tolist() == wanted


@settings(max_examples=100, deadline=None)
@given(problem=st.one_of(problems("euclidean"), problems("cosine")), seed=st.integers(0, 1_000))
def test_a_tree_of_centres_is_walked_as_spark_walks_it(problem: tuple[Centers, np.ndarray, np.ndarray], seed: int) -> None:
    centers, rows, sparse = problem
    rng, count = np.random.default_rng(seed), len(centers.points)
    children: list[list[int]] = [[] for _ in range(count)]
    for node in range(1, count):
        children[int(rng.integers(0, node))].append(node)
    flat = [child for own in children for child in own]
    counts = [len(own) for own in children]
    scorer = CenterTreeScorer(
        centers,
        np.cumsum([0, *counts[:-1]]).astype(np.int32),
        np.array(counts, dtype=np.int32),
        np.array(flat, dtype=np.int32),
        np.arange(count, dtype=np.int32) + 10,
    )
    scorer.check()
    found = PreparedCenterTree(scorer).scores(column_of(rows, sparse))[:, 0]
    wanted = []
    for row, kind in zip(rows.tolist(), sparse.tolist(), strict=True):
        node = 0
        while children[node]:
            own = children[node]
            distances = [
                distance(centers.points[child].tolist(), float(centers.norms[child]), row, centers.measure, sparse=kind or bool(centers.sparse[child]))
                for child in own
            ]
            best = 0
            for place, value in enumerate(distances):
                if value < distances[best]:
                    best = place
            node = own[best]
        wanted.append(node + 10)
    assert found.tolist() == wanted
