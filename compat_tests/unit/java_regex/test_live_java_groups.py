"""Generated patterns with groups against `java.util.regex` itself: the text of each group, and whether a pattern is found."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from compat_tests.unit.java_regex.test_live_java_regex import atoms, patterns, quantifiers, texts
from mabridge.java_regex import RefusedPatternError, UnitsError, compile_java


def _larger(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.builds(lambda item, quantifier: f"({item}){quantifier}", inner, quantifiers),
        st.builds(lambda opening, item: f"{opening}{item})", st.sampled_from(["(", "(", "(?:", "(?=", "(?!", "(?>", "(?<n>"]), inner),
        st.builds(lambda left, right: left + right, inner, inner),
        st.builds(lambda left, right: f"({left}|{right})", inner, inner),
        st.builds(lambda left, right: f"(?:{left}|{right})*", inner, inner),
    )


few = st.one_of(st.sampled_from(["a", "b", "c", "[ab]", "[^a]", "ab", "\\d", "."]), atoms)
grouped = st.recursive(few, _larger, max_leaves=6)
short = st.lists(st.one_of(st.text("abc1", max_size=8), st.text("ab😀\n1", max_size=6)), min_size=3, max_size=3)


@pytest.fixture(scope="module")
def jvm(spark_session: Any) -> Any:
    return spark_session._jvm


@pytest.mark.live
@settings(max_examples=1500, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(grouped, short)
def test_texts_of_groups_are_java_s_or_refused(jvm: Any, pattern: str, samples: list[str]) -> None:
    try:
        ours = compile_java(pattern)
        groups = ours.groups
    except RefusedPatternError:
        return
    java = jvm.java.util.regex.Pattern.compile(pattern)
    assert ours.group_count == groups.count == java.matcher("").groupCount()
    for text in samples:
        try:
            found = [[match[number] or "" for number in range(groups.count + 1)] for match in ours.matches(text, groups=True)]
        except UnitsError:
            continue
        assert found == _java_groups(java, text, groups.count), f"{pattern!r} on {text!r}"


def _java_groups(java: Any, text: str, count: int) -> list[list[str]]:
    matcher, found = java.matcher(text), []
    while matcher.find():
        found.append([matcher.group(number) or "" for number in range(count + 1)])
    return found


@pytest.mark.live
@settings(max_examples=1500, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(patterns, texts)
def test_first_match_and_what_re2_finds_are_java_s_or_refused(jvm: Any, pattern: str, samples: list[str]) -> None:
    try:
        ours = compile_java(pattern)
    except RefusedPatternError:
        return
    java = jvm.java.util.regex.Pattern.compile(pattern)
    for text in samples:
        matcher = java.matcher(text)
        expected = str(matcher.group()) if matcher.find() else None
        try:
            found = ours.first(text)
        except UnitsError:
            pass
        else:
            assert (None if found is None else found[0]) == expected, f"{pattern!r} on {text!r}"
        linear = ours.linear
        if linear is None or (linear.unless is not None and pc.match_substring_regex(pa.array([text]), pattern=linear.unless)[0].as_py()):
            continue
        assert pc.match_substring_regex(pa.array([text]), pattern=linear.pattern)[0].as_py() == (expected is not None), f"{pattern!r} on {text!r}"


@pytest.mark.parametrize("pattern", ["(?=(a))b", "(?!(a))b", "(?>(a)|ab)c", "(a)++b", "(?<=(a))b"])
def test_group_whose_text_a_failed_try_may_have_left_is_refused(pattern: str) -> None:
    java = compile_java(pattern)
    assert java.group_count == 1
    with pytest.raises(RefusedPatternError, match="a group inside a lookaround, an atomic group or a possessive loop"):
        _ = java.groups
