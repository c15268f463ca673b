"""Generated texts in lower case against Java itself: sigmas at the ends of Java's words, and the locales with rules of their own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mabridge.sql.functions.case_mapping import lower_text
from mabridge.sql.functions.lower_in_locale import lower_lithuanian, lower_turkish

#: Every kind of character that Java's word rules tell apart, cased and not, marks, format characters and pairs of UTF-16 units.
SIGMAS = "ΣΣΣΑβAß.:'-1 ’·^_\xad\u0301\u200d\ufeff\u0345ʰªİ中カひ゛अः।\"$%,#\t\r\n\u2028\x01☃𝒜😀１Ⅷⓐ"
LOCALES = [("tr", lower_turkish), ("az", lower_turkish), ("lt", lower_lithuanian), ("tr_TR", lower_text), ("el", lower_text)]
DOTS = "IiİıJjĮįÌíĨAb \u0307\u0300\u0301\u0323\u0345\u0303Σ𝒜"


def in_java(jvm: Any, text: str, locale: str | None = None) -> str:
    lower = jvm.org.apache.commons.lang3.StringUtils.lowerCase
    return str(lower(text) if locale is None else lower(text, jvm.java.util.Locale(locale)))


@pytest.fixture(scope="module")
def jvm(spark_session: Any) -> Any:
    return spark_session._jvm


@pytest.mark.live
@settings(max_examples=3000, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(st.text(SIGMAS, max_size=12))
def test_a_sigma_is_final_where_java_says_so(jvm: Any, text: str) -> None:
    assert lower_text(pa.array([text])).to_pylist() == [in_java(jvm, text)]


@pytest.mark.live
@settings(max_examples=1000, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@pytest.mark.parametrize(
    ("locale", "lower"), [("tr", lower_turkish), ("az", lower_turkish), ("lt", lower_lithuanian), ("tr_TR", lower_text), ("el", lower_text)]
)
@given(text=st.text(DOTS, max_size=8))
def test_dots_and_accents_follow_the_locale(jvm: Any, locale: str, lower: Callable[[pa.Array], pa.Array], text: str) -> None:
    assert lower(pa.array([text])).to_pylist() == [in_java(jvm, text, locale)]


@pytest.mark.live
def test_every_single_character_has_javas_lower_case(jvm: Any) -> None:
    every = [chr(code) for code in (*range(0xD800), *range(0xE000, 0x110000)) if code not in (0x0A, 0x0D)]
    joined = "\n".join(every)
    assert lower_text(pa.array(every)).to_pylist() == in_java(jvm, joined).split("\n")
