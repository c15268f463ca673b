"""Read a pattern into its parts (DateTimeFormatterBuilder.appendPattern, Java 17; DateTimeFormatterHelper, Spark 3.5)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache


class PatternError(Exception):
    """Not a pattern that Spark takes, or not one that mabridge has; the text is a whole sentence."""


@dataclass(frozen=True)
class Text:
    """Characters that stand for themselves."""

    text: str


@dataclass(frozen=True)
class Field:
    """A letter and how often it stands in a row; `y` is the year of an era, `u` the year."""

    letter: str
    count: int


@dataclass(frozen=True)
class Optional:
    """A part in square brackets, which a text to be parsed need not have."""

    parts: tuple[Part, ...]


Part = Text | Field | Optional

_WEEK_BASED = frozenset("YWwuec")
_UNSUPPORTED = frozenset("ABnNp")
_ONLY_WRITTEN = frozenset("EFqQ")
#: The most letters in a row of each.
_MOST = {
    "G": 4,
    "y": 6,
    "u": 6,
    "M": 4,
    "L": 4,
    "D": 3,
    "d": 2,
    "F": 1,
    "E": 4,
    "a": 1,
    "h": 2,
    "H": 2,
    "k": 2,
    "K": 2,
    "m": 2,
    "s": 2,
    "S": 9,
    "Q": 4,
    "q": 4,
    "X": 5,
    "x": 5,
    "Z": 5,
}
_OTHERS = {"O": (1, 4), "V": (2,)}


@lru_cache(maxsize=256)
def read_pattern(pattern: str, *, parsing: bool) -> tuple[Part, ...]:
    """The parts of a pattern.

    Args:
        pattern: as the statement has it.
        parsing: whether texts are parsed by it, which fewer letters can.

    Raises:
        PatternError: Spark refuses it, or mabridge does.
    """
    parts, place = _parts(pattern, 0, parsing=parsing, nested=False)
    assert place == len(pattern)
    if not _has_era(parts):
        parts = _years(parts)
    return tuple(parts)


def _has_era(parts: list[Part]) -> bool:
    return any((isinstance(part, Field) and part.letter == "G") or (isinstance(part, Optional) and _has_era(list(part.parts))) for part in parts)


def _years(parts: list[Part]) -> list[Part]:
    """Without an era, y is u."""
    found: list[Part] = []
    for part in parts:
        if isinstance(part, Optional):
            found.append(Optional(tuple(_years(list(part.parts)))))
        elif isinstance(part, Field) and part.letter == "y":
            found.append(Field("u", part.count))
        else:
            found.append(part)
    return found


def _parts(pattern: str, place: int, *, parsing: bool, nested: bool) -> tuple[list[Part], int]:
    parts: list[Part] = []
    while place < len(pattern):
        character = pattern[place]
        if character.isascii() and character.isalpha():
            end = place
            while end < len(pattern) and pattern[end] == character:
                end += 1
            parts.append(_field(pattern, character, end - place, parsing=parsing))
            place = end
        elif character == "'":
            text, place = _quoted(pattern, place)
            parts.append(Text(text))
        elif character == "[":
            inner, place = _parts(pattern, place + 1, parsing=parsing, nested=True)
            parts.append(Optional(tuple(inner)))
        elif character == "]":
            if not nested:
                raise PatternError(f"the pattern {pattern!r} has ] without [; Spark refuses this too.")
            return parts, place + 1
        elif character in "{}#":
            raise PatternError(f"the pattern {pattern!r} has the reserved character {character}; Spark refuses this too.")
        else:
            parts.append(Text(character))
            place += 1
    # An open bracket ends with the pattern.
    return parts, place


def _quoted(pattern: str, place: int) -> tuple[str, int]:
    """The text in quotes that begins here, and the place behind it; two quotes are one."""
    end, text = place + 1, ""
    while True:
        close = pattern.find("'", end)
        if close < 0:
            raise PatternError(f"the pattern {pattern!r} has an odd number of quotes; Spark refuses this too.")
        text += pattern[end:close]
        if pattern[close : close + 2] != "''":
            return text or "'", close + 1
        text, end = text + "'", close + 2


def _field(pattern: str, letter: str, count: int, *, parsing: bool) -> Field:
    if letter in _WEEK_BASED:
        raise PatternError(f"the pattern {pattern!r} has the letter {letter}, which Spark 3 refuses: weeks and numbers of weekdays changed their meaning.")
    if letter in _UNSUPPORTED or (parsing and letter in _ONLY_WRITTEN):
        raise PatternError(f"the pattern {pattern!r} has the letter {letter}, which Spark refuses{' when it parses' if letter in _ONLY_WRITTEN else ''}.")
    if letter in "zv":
        raise PatternError(f"the pattern {pattern!r} has the letter {letter}: the names of time zones in English are not supported; write XXX or VV.")
    allowed = _OTHERS.get(letter, range(1, _MOST.get(letter, 0) + 1))
    if count not in allowed:
        raise PatternError(f"the pattern {pattern!r} has {letter * count}, which Spark refuses.")
    return Field(letter, count)
