"""Hashes that bring near vectors together, held to Spark's definitions read row by row."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compat_tests.unit.lower.test_products import product_by_hand
from compat_tests.unit.lower.vector_rows import rows_of, run, vector_columns
from mabridge.errors import InvalidInputError, InvalidRowError
from mabridge.lower.columns import AllDense, DenseBlock, ScalarColumn, VectorColumn
from mabridge.plan.bind import Binder
from mabridge.plan.op import Op
from mabridge.plan.ops import HashMinimum, ProjectToBuckets
from mabridge.plan.reference import Reference
from mabridge.plan.spark_schema import InputColumn
from mabridge.plan.types import VectorType


def hashes_of(op: Op, column: VectorColumn) -> list[list[float]]:
    found = run(op, {"u": column})["v"]
    assert isinstance(found, ScalarColumn)
    rows = found.arrow.to_pylist()
    assert all(vector["type"] == 1 and len(vector["values"]) == 1 for row in rows for vector in row)
    return [[vector["values"][0] + 0.0 for vector in row] for row in rows]


@settings(deadline=None)
@given(column=vector_columns(), seed=st.integers(0, 1000), by_rows=st.booleans(), length=st.sampled_from([0.1, 1.0, 1 / 7, math.inf, 5e-324]))
def test_buckets_are_those_of_spark_s_blas_even_at_their_edges(column: VectorColumn, seed: int, by_rows: bool, length: float) -> None:
    directions = np.random.default_rng(seed).choice([0.1, 0.2, 0.3, 1.0, -1.0, 1 / 3], size=(2, column.size))
    with np.errstate(all="ignore"):
        alpha = float(1.0 / np.float64(length))
        wanted = [
            [float(np.floor(product_by_hand(row, weights, by_rows=by_rows, alpha=alpha))) + 0.0 for weights in directions.tolist()] for row in rows_of(column)
        ]
    assert repr(hashes_of(ProjectToBuckets("u", "v", directions, by_rows, length), column)) == repr(wanted)


@settings(deadline=None)
@given(column=vector_columns(), seed=st.integers(0, 1000))
def test_the_least_hash_of_what_is_not_zero_is_kept(column: VectorColumn, seed: int) -> None:
    rng = np.random.default_rng(seed)
    factors, offsets = rng.integers(1, 2038074743, 3), rng.integers(0, 2038074742, 3)
    op = HashMinimum("u", "v", factors, offsets)
    rows = rows_of(column)
    if any(all(value == 0 for value in row.values) for row in rows):
        with pytest.raises(InvalidRowError, match="no feature that is not zero"):
            hashes_of(op, column)
        return
    pairs = list(zip(factors.tolist(), offsets.tolist(), strict=True))
    assert hashes_of(op, column) == [
        [float(min(((1 + place) * a + b) % 2038074743 for place, value in row.stored() if value != 0)) for a, b in pairs] for row in rows
    ]


def test_a_negative_hash_keeps_its_sign_as_java_s_remainder_does() -> None:
    column = VectorColumn(1, (DenseBlock(np.array([[1.0]])),), AllDense())
    assert hashes_of(HashMinimum("u", "v", np.array([-7]), np.array([2])), column) == [[-5.0]]


@pytest.mark.parametrize(
    "op",
    [
        HashMinimum("u", "v", np.array([1, 2]), np.array([1])),
        HashMinimum("u", "v", np.array([2**40]), np.array([1])),
        ProjectToBuckets("u", "v", np.ones((2, 2)), True, 0.0),
        ProjectToBuckets("u", "v", np.ones((2, 2)), True, math.nan),
        ProjectToBuckets("u", "v", np.ones(2), True, 1.0),
    ],
)
def test_a_stored_plan_with_numbers_that_make_no_hash_is_refused(op: Op) -> None:
    with pytest.raises(InvalidInputError):
        op.bind(Binder([InputColumn("u", VectorType(2))], Reference("3.5.7")))
