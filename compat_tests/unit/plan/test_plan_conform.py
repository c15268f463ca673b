"""Values of somebody else's JSON against type hints: what fits comes back as the hinted type, anything else is a ValueError."""

from __future__ import annotations

import math
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mabridge.plan.conform import conform

Invalid = Literal["error", "skip", "keep"]


@pytest.mark.parametrize(
    ("value", "hint", "expected"),
    [
        ("keep", Invalid, "keep"),
        (2, Literal[1, 2], 2),
        (3, float, 3.0),
        (2**53 + 1, int, 2**53 + 1),
        (3.0, int, 3),
        (-0.0, int, 0),
        ("NaN", float, math.nan),
        ("Infinity", float, math.inf),
        ("-Infinity", float, -math.inf),
        ("Inf", float, math.inf),
        (None, str | None, None),
        ("", str | None, ""),
        ([], tuple[str, ...], ()),
        (["a", "b"], tuple[str, ...], ("a", "b")),
        ([[1, "Infinity"], []], tuple[tuple[float, ...], ...], ((1.0, math.inf), ())),
        ({"a": 1}, dict[str, float], {"a": 1.0}),
        ({"a": [1]}, dict[str, tuple[int, ...]], {"a": (1,)}),
        (True, bool, True),
        (1, int | str, 1),
        ("1", int | str, "1"),
    ],
)
def test_what_fits_comes_back_as_the_hinted_type(value: Any, hint: Any, expected: Any) -> None:
    found = conform(value, hint)
    assert repr(found) == repr(expected)
    assert type(found) is type(expected)


@pytest.mark.parametrize(
    ("value", "hint", "accepted"),
    [
        ("Keep", Invalid, "'error', 'skip', 'keep'"),
        (None, Invalid, "'error', 'skip', 'keep'"),
        (["keep"], Invalid, "'error', 'skip', 'keep'"),
        ({}, Invalid, "'error', 'skip', 'keep'"),
        (True, Literal[1, 2], "1, 2"),
        (1.0, Literal[1, 2], "1, 2"),
        (True, float, "a number"),
        (True, int, "a whole number"),
        (1, bool, "true or false"),
        ("true", bool, "true or false"),
        (1.5, int, "a whole number"),
        (math.nan, int, "a whole number"),
        (math.inf, int, "a whole number"),
        ("NaN", int, "a whole number"),
        ("nan", float, "a number"),
        ("1.0", float, "a number"),
        (10**400, float, "a number"),
        (None, float, "a number"),
        (1, str, "a string"),
        (None, str, "a string"),
        ("ab", tuple[str, ...], "a list, each entry a string"),
        ({"a": 1}, tuple[str, ...], "a list, each entry a string"),
        ([1], dict[str, int], "an object, each value a whole number"),
        ({1: 1}, dict[str, int], "an object, each value a whole number"),
        (1, str | None, "a string or null"),
        (0, None, "null"),
    ],
)
def test_what_does_not_fit_is_refused_with_what_would(value: Any, hint: Any, accepted: str) -> None:
    with pytest.raises(ValueError, match=r"^accepted: ") as caught:
        conform(value, hint)
    assert str(caught.value) == f"accepted: {accepted}"


def test_an_entry_that_does_not_fit_refuses_the_list() -> None:
    with pytest.raises(ValueError, match="accepted: a number"):
        conform([1.0, None], tuple[float, ...])
    with pytest.raises(ValueError, match="accepted: a list, each entry a number or null"):
        conform([1.0, None], tuple[float, ...] | None)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)
HINTS = [Invalid, str, int, float, bool, str | None, tuple[str, ...], tuple[tuple[float, ...], ...] | None, dict[str, float], int | tuple[int, ...], None]


@given(json_values, st.sampled_from(HINTS))
def test_no_json_gets_anything_but_its_type_or_a_value_error(value: Any, hint: Any) -> None:
    try:
        found = conform(value, hint)
    except ValueError:
        return
    assert repr(conform(found, hint)) == repr(found), "what came back fits again"
