"""Sets of code points, and the sets that Java 17 names."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

LAST = 0x10FFFF


@dataclass(frozen=True)
class CodePoints:
    """A set of code points.

    Attributes:
        ranges: (first, last) of each run, ascending, with gaps between.
    """

    ranges: tuple[tuple[int, int], ...]

    def __contains__(self, code_point: object) -> bool:
        assert isinstance(code_point, int)
        place = bisect_right(self.ranges, (code_point, LAST + 1)) - 1
        return place >= 0 and code_point <= self.ranges[place][1]

    def __or__(self, other: CodePoints) -> CodePoints:
        return code_points(*self.ranges, *other.ranges)

    def __invert__(self) -> CodePoints:
        edges = [-1, *(edge for pair in self.ranges for edge in pair), LAST + 1]
        return CodePoints(tuple((low + 1, high - 1) for low, high in zip(edges[::2], edges[1::2], strict=True) if low + 1 < high))

    def __and__(self, other: CodePoints) -> CodePoints:
        return ~(~self | ~other)


def code_points(*ranges: tuple[int, int]) -> CodePoints:
    """The set of all code points in the ranges (first, last)."""
    merged: list[tuple[int, int]] = []
    for first, last in sorted(ranges):
        if merged and first <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(merged[-1][1], last))
        else:
            merged.append((first, last))
    return CodePoints(tuple(merged))


def characters(text: str) -> CodePoints:
    """The set of a text's characters."""
    return code_points(*((ord(character), ord(character)) for character in text))


EVERY = code_points((0, LAST))
SUPPLEMENTARY = code_points((0x10000, LAST))
LINE_ENDS = characters("\n\r\x85\u2028\u2029")
DIGIT = code_points((0x30, 0x39))
LETTER = code_points((0x41, 0x5A), (0x61, 0x7A))
WORD = DIGIT | LETTER | characters("_")
SPACE = characters(" \t\n\x0b\f\r")
HORIZONTAL = characters(" \t\xa0\u1680\u180e\u202f\u205f\u3000") | code_points((0x2000, 0x200A))
VERTICAL = characters("\n\x0b\f\r\x85\u2028\u2029")
_PUNCTUATION = characters("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")

#: POSIX classes: ASCII only.
_POSIX = {
    "Lower": code_points((0x61, 0x7A)),
    "Upper": code_points((0x41, 0x5A)),
    "ASCII": code_points((0, 0x7F)),
    "Alpha": LETTER,
    "Digit": DIGIT,
    "Alnum": LETTER | DIGIT,
    "Punct": _PUNCTUATION,
    "Graph": LETTER | DIGIT | _PUNCTUATION,
    "Print": LETTER | DIGIT | _PUNCTUATION | characters(" "),
    "Blank": characters(" \t"),
    "Cntrl": code_points((0, 0x1F), (0x7F, 0x7F)),
    "XDigit": DIGIT | code_points((0x41, 0x46), (0x61, 0x66)),
    "Space": SPACE,
}

#: What Java calls the union of several general categories.
_UNIONS = {"LC": ("Lu", "Ll", "Lt"), "LD": ("Lu", "Ll", "Lt", "Lm", "Lo", "Nd")}


@cache
def _table(name: str) -> dict[Any, CodePoints]:
    """One property of Java 17's `Character`: value -> code points."""
    runs = json.loads((files("mabridge.java_regex") / "unicode.json").read_text(encoding="ascii"))[name]
    ranges: dict[Any, list[tuple[int, int]]] = {}
    for (first, value), (after, _) in zip(runs, [*runs[1:], [LAST + 1, None]], strict=True):
        ranges.setdefault(value, []).append((first, after - 1))
    return {value: CodePoints(tuple(pairs)) for value, pairs in ranges.items()}


@cache
def category(name: str) -> CodePoints | None:
    """The code points of a general category, `Lu` or `L`; None where there is none of that name."""
    table = _table("category")
    chosen = _UNIONS.get(name) or tuple(value for value in table if value == name or value[0] == name)
    return _union(table[value] for value in chosen) if chosen else None


@cache
def script(name: str) -> CodePoints | None:
    """The code points of a script, by its full name in any case; None where there is none of that name."""
    return _table("script").get(name.upper())


def alphabetic() -> CodePoints:
    """`Character.isAlphabetic`."""
    return _table("alphabetic")[True]


def posix(name: str) -> CodePoints | None:
    """A POSIX class, `Punct`; None where there is none of that name."""
    return _POSIX.get(name)


def _union(sets: Iterable[CodePoints]) -> CodePoints:
    return code_points(*(pair for found in sets for pair in found.ranges))


def both_cases(found: CodePoints) -> CodePoints:
    """With each ASCII letter its other case, as CASE_INSENSITIVE alone has it."""
    lower, upper = found & _POSIX["Lower"], found & _POSIX["Upper"]
    return _union((found, _moved(lower, -32), _moved(upper, 32)))


def _moved(found: CodePoints, by: int) -> CodePoints:
    return CodePoints(tuple((first + by, last + by) for first, last in found.ranges))
