"""Lower case as Java 17's `String.toLowerCase(locale)` has it in the three locales with rules of their own (`ConditionalSpecialCasing`)."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from functools import cache

import pyarrow as pa

from mabridge.java_regex.code_points import category
from mabridge.sql.functions.case_mapping import lower_text

_ABOVE = 230
_DOT = "\u0307"


def lower_turkish(texts: pa.Array) -> pa.Array:
    """Each text in lower case as in Turkish and Azerbaijani: I becomes ı, İ becomes i."""
    return _before(texts, _turkish)


def lower_lithuanian(texts: pa.Array) -> pa.Array:
    """Each text in lower case as in Lithuanian: i and j keep their dot under an accent."""
    return _before(texts, _lithuanian)


def _before(texts: pa.Array, change: Callable[[str], str]) -> pa.Array:
    """Lower case after `change` has written what the locale wants otherwise; nothing it writes has another lower case."""
    return lower_text(pa.array([None if text is None else change(text) for text in texts.to_pylist()], type=pa.string()))


def _turkish(text: str) -> str:
    if "I" not in text and "İ" not in text:
        return text
    out = []
    for place, letter in enumerate(text):
        if letter == "İ":
            out.append("i")
        elif letter == "I":
            out.append("i" if _next_above(text, place) == _DOT else "ı")
        elif letter != _DOT or not _after_capital_i(text, place):
            out.append(letter)
    return "".join(out)


#: Capitals that carry an accent of their own.
_ACCENTED = {"Ì": "i\u0307\u0300", "Í": "i\u0307\u0301", "Ĩ": "i\u0307\u0303"}
_DOTTED = {"I": "i\u0307", "J": "j\u0307", "Į": "į\u0307"}


def _lithuanian(text: str) -> str:
    out = []
    for place, letter in enumerate(text):
        if letter in _DOTTED and _next_above(text, place):
            out.append(_DOTTED[letter])
        else:
            out.append(_ACCENTED.get(letter, letter))
    return "".join(out)


def _next_above(text: str, place: int) -> str:
    """The first mark above the letter among those that follow it, empty where there is none."""
    for mark in text[place + 1 :]:
        kind = _combining(mark)
        if kind == _ABOVE:
            return mark
        if kind == 0:
            return ""
    return ""


@cache
def _combining(mark: str) -> int:
    """Its combining class; 0 where Java 17, which knows Unicode 13, does not know the mark."""
    unknown = category("Cn")
    return 0 if unknown is not None and ord(mark) in unknown else unicodedata.combining(mark)


def _after_capital_i(text: str, place: int) -> bool:
    for letter in reversed(text[:place]):
        if letter == "I":
            return True
        if _combining(letter) in (0, _ABOVE):
            return False
    return False
