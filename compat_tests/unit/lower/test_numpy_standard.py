"""numpy under the standard's names: the same with every version that mabridge runs on."""

from __future__ import annotations

from fractions import Fraction
from math import inf

import numpy as np
import pytest

from mabridge.lower import numpy_standard as xp


def exact_exp(x: Fraction) -> Fraction:
    """e to the power of a value, by its series in whole numbers, to 35 digits."""
    term, total, place = Fraction(1), Fraction(1), 0
    while abs(term) > Fraction(1, 2**120) or place < 4 * abs(x):
        place += 1
        term = term * x / place
        total += term
    return total


only_long = pytest.mark.skipif(np.finfo(np.longdouble).nmant == 52, reason="this system's long double has no more digits than a double")


@only_long
def test_exp_gives_the_nearest_double() -> None:
    values = np.concatenate([np.random.default_rng(0).normal(size=300) * 4, [0.0, -0.0, 1.0, -1.0, 5e-324, 0.5, 30.0, -30.0]])
    assert xp.exp(values).tolist() == [float(exact_exp(Fraction(value))) for value in values.tolist()]


@only_long
def test_log_gives_the_nearest_double() -> None:
    values = np.concatenate([np.exp(np.random.default_rng(1).normal(size=200) * 4), [0.5, 1 - 2**-53, 1 + 2**-52, 2.0, 49.0, 1e-3]])
    for value, found in zip(values.tolist(), xp.log(values).tolist(), strict=True):
        below, above = ((Fraction(found) + Fraction(np.nextafter(found, end))) / 2 for end in (-inf, inf))
        assert exact_exp(below) <= Fraction(value) <= exact_exp(above), value
    assert xp.log(np.array([1.0])).tolist() == [0.0]


def test_log_of_zero_and_below_it() -> None:
    with np.errstate(all="ignore"):
        np.testing.assert_array_equal(xp.log(np.array([[0.0, -0.0, -1.0], [inf, np.nan, 1.0]])), [[-inf, -inf, np.nan], [inf, np.nan, 0.0]])


def test_exp_of_what_is_not_finite_or_too_large() -> None:
    with np.errstate(all="ignore"):
        found = xp.exp(np.array([[inf, -inf, np.nan], [710.0, -746.0, 0.0]]))
    np.testing.assert_array_equal(found, [[inf, 0.0, np.nan], [inf, 0.0, 1.0]])


def test_the_standard_s_other_names_are_numpy_s() -> None:
    left, right = np.arange(4.0).reshape(2, 2), np.ones((2, 2))
    np.testing.assert_array_equal(xp.concat([left, right], axis=1), np.concatenate([left, right], axis=1))
    np.testing.assert_array_equal(xp.astype(left > 1, np.float64), [[0.0, 0.0], [1.0, 1.0]])
    np.testing.assert_array_equal(xp.pow(left, 2.0), left * left)
    assert xp.where is np.where
    with pytest.raises(AttributeError):
        xp.no_such_name  # noqa: B018 (the look-up is the test)
