"""numpy under the standard's names: the same with every version that mabridge runs on."""

from __future__ import annotations

from fractions import Fraction
from math import inf

import numpy as np
import pytest

from mabridge.lower import numpy_standard as xp


def exact_exp(value: float) -> float:
    """The double nearest to e to the power of a value, by its series in whole numbers."""
    x, term, total, place = Fraction(value), Fraction(1), Fraction(1), 0
    while abs(term) > Fraction(1, 2**120) or place < 4 * abs(value):
        place += 1
        term = term * x / place
        total += term
    return float(total)


@pytest.mark.skipif(np.finfo(np.longdouble).nmant == 52, reason="this system's long double has no more digits than a double")
def test_exp_gives_the_nearest_double() -> None:
    values = np.concatenate([np.random.default_rng(0).normal(size=300) * 4, [0.0, -0.0, 1.0, -1.0, 5e-324, 0.5, 30.0, -30.0]])
    assert xp.exp(values).tolist() == [exact_exp(value) for value in values.tolist()]


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
