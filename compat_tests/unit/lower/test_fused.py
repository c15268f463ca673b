"""Multiply-and-add with one rounding, against exact fractions."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from mabridge.lower.predictors.fused import add_exact, exact_products, fused

moderate = st.floats(min_value=-1e100, max_value=1e100, allow_nan=False).filter(lambda value: value == 0 or abs(value) > 1e-100)
#: Few bits, so that ties and cancellations are common.
coarse = st.integers(-(2**12), 2**12).flatmap(lambda whole: st.integers(-60, 60).map(lambda power: float(whole) * 2.0**power))


def one_rounding(value: float, weight: float, total: float) -> float:
    return float(Fraction(value) * Fraction(weight) + Fraction(total))


@given(value=moderate | coarse, weight=moderate | coarse, total=moderate | coarse)
def test_numpy_s_sum_is_rounded_once(value: float, weight: float, total: float) -> None:
    products = exact_products(np.array([value]), np.array([weight]))
    assert products is not None
    product, error = products
    assert Fraction(float(product[0])) + Fraction(float(error[0])) == Fraction(value) * Fraction(weight)
    assert add_exact(product, error, np.array([total]))[0] == one_rounding(value, weight, total)


@given(value=moderate | coarse, weight=moderate | coarse, extra=st.integers(-3, 3))
def test_a_sum_that_nearly_cancels_keeps_the_product_s_last_bits(value: float, weight: float, extra: int) -> None:
    total = -(value * weight)
    for _ in range(abs(extra)):
        total = math.nextafter(total, math.inf if extra > 0 else -math.inf)
    products = exact_products(np.array([value]), np.array([weight]))
    assert products is not None
    assert add_exact(*products, np.array([total]))[0] == one_rounding(value, weight, total)


@given(value=st.floats(), weight=st.floats(), total=st.floats())
def test_the_scalar_form_is_the_exact_sum_rounded(value: float, weight: float, total: float) -> None:
    assume(all(map(math.isfinite, (value, weight, total))))
    exact = Fraction(value) * Fraction(weight) + Fraction(total)
    found = fused(value, weight, total)
    if abs(exact) < Fraction(1.7976931348623157e308):
        assert found == float(exact)
    else:
        assert abs(found) >= 1.7976931348623157e308


@pytest.mark.parametrize(("value", "weight"), [(1e200, 1e200), (1e-200, 1e-200), (math.inf, 1.0), (math.nan, 1.0)])
def test_products_beyond_exact_pairs_are_told(value: float, weight: float) -> None:
    assert exact_products(np.array([1.0, value]), np.array([1.0, weight])) is None
