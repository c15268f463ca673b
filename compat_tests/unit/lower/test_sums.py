"""Fused sums: the compiled loops, numpy and a plain reading of the definition give the same bits."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compat_tests.unit.lower.rows import numbers, same_bits
from mabridge.lower.predictors import sums
from mabridge.lower.predictors.fused import fused


@pytest.fixture(params=["compiled", "numpy"])
def loops(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "numpy":
        monkeypatch.setattr(sums, "compiled_loops", lambda: None)
    elif sums.compiled_loops() is None:
        pytest.skip("numba is not installed, so there is no compiled loop")


def sum_by_hand(row: list[float], weights: list[float]) -> float:
    total = 0.0
    for value, weight in zip(row, weights, strict=True):
        total = fused(value, weight, total)
    return total


def dot_by_hand(row: list[float], weights: list[float]) -> float:
    lanes, whole = [0.0] * 4, len(row) - len(row) % 4
    for place in range(whole):
        lanes[place % 4] = fused(row[place], weights[place], lanes[place % 4])
    total = 0.0 + (((lanes[0] + lanes[1]) + lanes[2]) + lanes[3])
    for place in range(whole, len(row)):
        total = fused(row[place], weights[place], total)
    return total


@st.composite
def problems(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray]:
    features, scores, count = draw(st.integers(1, 11)), draw(st.integers(1, 4)), draw(st.integers(1, 5))
    value = numbers(draw(st.booleans()))
    made = (
        draw(st.lists(value, min_size=count * features, max_size=count * features)),
        draw(st.lists(value, min_size=features * scores, max_size=features * scores)),
    )
    return np.array(made[0]).reshape(count, features), np.array(made[1]).reshape(features, scores)


@pytest.mark.usefixtures("loops")
@settings(max_examples=60, deadline=None)
@given(problem=problems())
def test_sums_and_dots_are_those_of_the_definition_bit_for_bit(problem: tuple[np.ndarray, np.ndarray]) -> None:
    rows, weights = problem
    columns = weights.T.tolist()
    with np.errstate(all="ignore"):
        found, dots = sums.fused_sums(rows, weights), sums.fused_dots(rows, np.ascontiguousarray(weights[:, 0]))
    assert same_bits(found, [[sum_by_hand(row, column) for column in columns] for row in rows.tolist()])
    assert same_bits(dots[:, None], [[dot_by_hand(row, columns[0])] for row in rows.tolist()])


@pytest.mark.usefixtures("loops")
def test_a_product_is_not_rounded_before_it_is_added() -> None:
    row, weights = np.array([[1.0, 1.0 + 2.0**-30]]), np.array([[-1.0 - 2.0**-29], [1.0 + 2.0**-30]])
    assert sums.fused_sums(row, weights)[0, 0] == 2.0**-60
    assert sums.fused_sums(np.array([[1e308, 1.0]]), np.array([[10.0], [1.0]]))[0, 0] == np.inf
