"""Matrix products and polynomial terms, held to Spark's definitions read row by row."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compat_tests.unit.lower.vector_rows import Row, rows_of, run, run_vectors, same, vector_columns
from mabridge.errors import InvalidRowError
from mabridge.lower.columns import AllDense, AllSparse, DenseBlock, SparseBlock, VectorColumn
from mabridge.lower.kernels.products import terms
from mabridge.lower.predictors import sums
from mabridge.lower.predictors.fused import fused
from mabridge.plan.ops import ExpandPolynomial, MultiplyMatrix
from mabridge.plan.ops.products import polynomial_size


def product_by_hand(row: Row, weights: list[float], *, by_rows: bool, alpha: float = 1.0) -> float:
    """One output of Spark's `BLAS.gemv` on Java 17."""
    if alpha == 0.0:
        return 0.0
    total = 0.0
    if row.places is not None:
        for place, value in row.stored():
            total += float(np.float64(value) * weights[place])
        return float(np.float64(total) * alpha) + 0.0
    if by_rows:
        for value, weight in zip(row.values, weights, strict=True):
            total = fused(value, weight, total)
        return float(np.float64(alpha) * total)
    scaled = [float(np.float64(alpha) * value) for value in row.values]
    whole = len(scaled) - len(scaled) % 4
    for start in range(0, whole, 4):
        for place in (start + 3, start + 2, start + 1, start):
            total = fused(scaled[place], weights[place], total)
    for place in range(whole, len(scaled)):
        total = fused(scaled[place], weights[place], total)
    return total


@pytest.fixture(params=["compiled", "numpy"])
def loop(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    if request.param == "numpy":
        monkeypatch.setattr(sums, "compiled_loops", lambda: None)
    return str(request.param)


@pytest.mark.parametrize("by_rows", [True, False])
def test_a_matrix_product_has_the_bits_of_spark_s_blas(loop: str, by_rows: bool) -> None:
    @settings(deadline=None, max_examples=60)
    @given(column=vector_columns(), seed=st.integers(0, 1000))
    def check(column: VectorColumn, seed: int) -> None:
        rng = np.random.default_rng(seed)
        matrix = rng.normal(size=(3, column.size)) * 10.0 ** rng.integers(-200, 200, size=(3, column.size)) if seed % 2 else rng.normal(size=(3, column.size))
        with np.errstate(all="ignore"):
            wanted = [Row(3, None, [product_by_hand(row, weights, by_rows=by_rows) for weights in matrix.tolist()]) for row in rows_of(column)]
        assert same(rows_of(run_vectors(MultiplyMatrix("u", "v", matrix, by_rows), column)), wanted)

    check()


@settings(deadline=None)
@given(column=vector_columns(values=[1.0, -2.5, 0.1, 1e10]), seed=st.integers(0, 1000))
def test_the_declared_terms_are_the_sum_of_the_products_magnitudes(column: VectorColumn, seed: int) -> None:
    matrix = np.random.default_rng(seed).normal(size=(2, column.size))
    scales: dict[str, np.ndarray] = {}
    run(MultiplyMatrix("u", "v", matrix, True), {"u": column}, scales)
    wanted = [[sum(abs(value * weights[place]) for place, value in row.stored()) for weights in matrix] for row in rows_of(column)]
    np.testing.assert_allclose(scales["v"], np.array(wanted).reshape(column.num_rows, 2), rtol=1e-13)


def expand_by_hand(row: Row, degree: int) -> Row:
    """Spark's recursion: from the last feature down, powers first, nothing below a product that is 0.0."""
    found: dict[int, float] = {}
    stored = row.stored()

    def expand(last: int, last_feature: int, left: int, multiplier: float, at: int) -> int:
        if multiplier != 0.0:
            if left == 0 or last < 0:
                if at >= 0:
                    found[at] = multiplier
            else:
                feature, value = stored[last]
                alpha, start = multiplier, at
                for power in range(left + 1):
                    if alpha == 0.0:
                        break
                    start = expand(last - 1, feature - 1, left - power, alpha, start)
                    alpha = float(np.float64(alpha) * value)
        return at + math.comb(last_feature + 1 + left, left)

    expand(len(stored) - 1, row.size - 1, degree, 1.0, -1)
    size = math.comb(row.size + degree, degree) - 1
    if row.places is None:
        return Row(size, None, [found.get(place, 0.0) for place in range(size)])
    return Row(size, sorted(found), [found[place] for place in sorted(found)])


@settings(deadline=None)
@given(column=vector_columns(max_blocks=2, max_width=3), degree=st.integers(1, 5))
def test_polynomial_terms_stand_where_spark_s_recursion_puts_them(column: VectorColumn, degree: int) -> None:
    with np.errstate(all="ignore"):
        wanted = [expand_by_hand(row, degree) for row in rows_of(column)]
    found = run_vectors(ExpandPolynomial("u", "v", degree), column)
    assert found.size == math.comb(column.size + degree, degree) - 1
    assert same(rows_of(found), wanted)
    assert repr((found.dense() + 0.0).tolist()) == repr([[value + 0.0 for value in row.full()] for row in wanted])


def test_every_product_is_there_once() -> None:
    for features, degree in itertools.product(range(5), range(1, 5)):
        parents, factors = terms(features, degree)
        made: list[tuple[int, ...]] = []
        for parent, factor in zip(parents, factors, strict=True):
            made.append((factor, *(made[parent] if parent >= 0 else ())))
        assert sorted(made) == sorted(t for d in range(1, degree + 1) for t in itertools.combinations_with_replacement(range(features), d))


@pytest.mark.parametrize(("features", "degree"), [(100_000, 2), (2, 100_000), (40, 40), (10**6, 10**6), (2**31 - 1, 1)])
def test_an_expansion_that_no_vector_can_hold_is_refused_where_there_is_a_row(features: int, degree: int) -> None:
    nothing = VectorColumn(1, (SparseBlock(np.zeros(2, dtype=np.int64), np.zeros(0, dtype=np.int32), np.zeros(0), features),), AllSparse())
    with pytest.raises(InvalidRowError, match="more than a vector can hold"):
        run_vectors(ExpandPolynomial("u", "v", degree), nothing)
    assert rows_of(run_vectors(ExpandPolynomial("u", "v", degree), nothing.take(np.zeros(1, dtype=bool)))) == []


def test_the_number_of_terms_is_exact_up_to_the_largest_vector() -> None:
    assert polynomial_size(65534, 2) == math.comb(65536, 2) == 2147450880
    assert polynomial_size(0, 7) == 1


def test_a_product_with_a_matrix_of_another_width_is_refused() -> None:
    with pytest.raises(InvalidRowError, match="3 features"):
        run_vectors(MultiplyMatrix("u", "v", np.ones((2, 3)), True), VectorColumn(1, (DenseBlock(np.ones((1, 2))),), AllDense()))
