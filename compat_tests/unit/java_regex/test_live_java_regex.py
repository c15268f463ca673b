"""Generated patterns against `java.util.regex` itself: mabridge answers as Java does, or refuses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from py4j.protocol import Py4JJavaError

from mabridge.java_regex import RefusedPatternError, UnitsError, compile_java
from mabridge.java_regex.classes import CLASS_ESCAPES, named_class
from mabridge.java_regex.code_points import CodePoints

#: Private characters that mark the ends of matches.
BEGIN, END = "\ue000", "\ue001"

TEXT = "ab cAB_1-.\n\r\x85\u2028\té\u0301\u0300ßΣ٣中\U0001f600\U00010428\U0001e8d0😎&^]["
CLASSES = [r"\d", r"\w", r"\s", r"\D", r"\W", r"\S", r"\h", r"\v", r"\H", r"\V", r"\p{L}", r"\PL", r"\p{Punct}", r"\p{IsGreek}", r"\P{Mn}", r"\p{Alnum}"]
LITERALS = [
    "a",
    "b",
    "c",
    "A",
    " ",
    "é",
    "\\.",
    "\\-",
    "\\n",
    "\\r",
    "\\x61",
    "\\u0062",
    "\\0101",
    "\\t",
    "😀",
    "Σ",
    "1",
    "_",
    "\\x{1F60E}",
    "\\cJ",
    "&",
    "-",
    "]",
]
ANCHORS = ["^", "$", r"\b", r"\B", r"\A", r"\z", r"\Z"]

literals, classes = st.sampled_from(LITERALS), st.sampled_from(CLASSES)
members = st.one_of(
    literals.filter(lambda text: text != "]"), classes, st.sampled_from(["a-c", "\\x61-\\x63", " -b", "A-Z", "&&", "^", "-", "[b-d]", "[^a]", "\\W"])
)
sets = st.builds(lambda negative, parts: f"[{negative}{''.join(parts)}]", st.sampled_from(["", "^"]), st.lists(members, min_size=1, max_size=4))
atoms = st.one_of(literals, classes, sets, st.just("."), st.sampled_from(ANCHORS), st.just(r"\R"), st.just(r"\Qa.\E"))
quantifiers = st.builds(lambda count, mode: count + mode, st.sampled_from(["*", "+", "?", "{2}", "{1,2}", "{0,1}", "{2,}"]), st.sampled_from(["", "?", "+"]))
openings = st.sampled_from(["(", "(?:", "(?>", "(?=", "(?!", "(?<=", "(?<!", "(?i:", "(?s:", "(?m:", "(?i-s:", "(?<n>"])


def _larger(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.builds(lambda item, quantifier: item + quantifier, inner, quantifiers),
        st.builds(lambda opening, item: f"{opening}{item})", openings, inner),
        st.builds(lambda left, right: left + right, inner, inner),
        st.builds(lambda left, right: f"{left}|{right}", inner, inner),
        st.builds(lambda flags, item: f"(?{flags}){item}", st.sampled_from(["i", "m", "s", "-i", "im"]), inner),
    )


patterns = st.one_of(st.recursive(atoms, _larger, max_leaves=8), st.text("ab([)]{}*+?|\\^$.-&1,:=!<>QEpdsLi ", max_size=8))
texts = st.lists(st.text(TEXT, max_size=10), min_size=4, max_size=4)


@pytest.fixture(scope="module")
def jvm(spark_session: Any) -> Any:
    return spark_session._jvm


def _java(jvm: Any, pattern: str) -> tuple[Callable[[str], str], Callable[[str], str]] | None:
    """Java's split as commons-lang shows it, and the text with the matches marked; None where Java refuses the pattern."""
    try:
        compiled = jvm.java.util.regex.Pattern.compile(pattern)
    except Py4JJavaError:
        return None
    shown = jvm.org.apache.commons.lang3.ArrayUtils.toString
    return (lambda text: str(shown(compiled.split(text))), lambda text: str(compiled.matcher(text).replaceAll(f"{BEGIN}$0{END}")))


def _marked(pattern: str, text: str) -> str:
    out, place = "", 0
    for start, end in compile_java(pattern).spans(text):
        out += f"{text[place:start]}{BEGIN}{text[start:end]}{END}"
        place = end
    return out + text[place:]


def check_against_java(jvm: Any, pattern: str, samples: list[str]) -> bool:
    """Whether mabridge takes the pattern; where it does, its answers are Java's."""
    try:
        ours = compile_java(pattern)
    except RefusedPatternError:
        return False
    java = _java(jvm, pattern)
    assert java is not None, f"Java refuses {pattern!r}, and mabridge takes it"
    split, mark = java
    for text in samples:
        try:
            pieces, marked = f"{{{','.join(ours.split(text))}}}", _marked(pattern, text)
        except UnitsError:
            continue
        assert (pieces, marked) == (split(text), mark(text)), f"{pattern!r} on {text!r}"
    return True


@pytest.mark.live
@settings(max_examples=4000, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(patterns, texts)
def test_generated_patterns_match_as_java_does_or_are_refused(jvm: Any, pattern: str, samples: list[str]) -> None:
    check_against_java(jvm, pattern, samples)


@pytest.mark.live
def test_every_named_class_holds_exactly_javas_code_points(jvm: Any) -> None:
    names = ["Lower", "Upper", "ASCII", "Alpha", "Digit", "Alnum", "Punct", "Graph", "Print", "Blank", "Cntrl", "XDigit", "Space"]
    names += ["L", "M", "N", "Z", "C", "P", "S", "Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Me", "Mc", "Nd", "Nl", "No", "Zs", "Zl", "Zp", "Cc", "Cf", "Co", "Cn"]
    names += ["Pd", "Ps", "Pe", "Pc", "Po", "Sm", "Sc", "Sk", "So", "Pi", "Pf", "LC", "LD", "IsLu", "gc=Nd", "IsLatin", "script=Greek", "IsHan", "sc=Common"]
    names += ["IsAlphabetic", "IsLetter", "IsDigit", "IsPunctuation", "IsL", "IsHiragana", "IsUnknown"]
    every = "".join(map(chr, (*range(0xD800), *range(0xE000, 0x110000))))

    def held(found: CodePoints | None) -> str:
        assert found is not None
        return "".join(every[first - 0x800 * (first >= 0xE000) : last + 1 - 0x800 * (last >= 0xE000)] for first, last in _without_surrogates(found))

    for pattern, found in [
        *((rf"\P{{{name}}}", named_class(name, any_case=False)) for name in names),
        *((rf"\{letter}", ~found) for letter, found in CLASS_ESCAPES.items()),
    ]:
        assert str(jvm.java.util.regex.Pattern.compile(pattern).matcher(every).replaceAll("")) == held(found), pattern


def _without_surrogates(found: CodePoints) -> tuple[tuple[int, int], ...]:
    return (found & ~CodePoints(((0xD800, 0xDFFF),))).ranges


@pytest.mark.live
def test_the_marks_of_a_wrong_answer_are_seen(jvm: Any) -> None:
    """The check can fail: a pattern that Python's `re` reads otherwise is told apart by the texts used here."""
    java = _java(jvm, r"\s")
    assert java is not None
    assert java[1]("a\x85b") == "a\x85b"
    assert _marked(r"[\s\x85]", "a\x85b") != java[1]("a\x85b")
