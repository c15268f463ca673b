"""Whether Java's old SimpleDateFormat, not lenient, takes a text that the new formatter does not.

Spark 3 refuses such a row by default (`spark.sql.legacy.timeParserPolicy` is EXCEPTION), where it otherwise gives null.
"""

from __future__ import annotations

import re
from functools import lru_cache

from mabridge.sql.time_patterns.names import ERAS, HALVES, MONTHS, SHORT_ERAS

_LETTERS = frozenset("GyMdkHmsSEDFwWahKzZYuXL")
_LIMITS = {"M": (1, 12), "d": (1, 31), "D": (1, 366), "H": (0, 23), "k": (1, 24), "K": (0, 11), "h": (1, 12), "m": (0, 59), "s": (0, 59), "S": (0, 999)}
_HOURS = r"(?:[01]\d|2[0-3])"
_ISO_ZONES = {1: re.compile(rf"Z|[+-]{_HOURS}"), 2: re.compile(rf"Z|[+-]{_HOURS}[0-5]\d"), 3: re.compile(rf"Z|[+-]{_HOURS}:[0-5]\d")}
_ZONE = re.compile(r"(?:GMT)?[+-](?:[01]?\d|2[0-3]):?[0-5]\d")
_NAME, _NEVER = re.compile(r"[A-Za-z]{3}"), re.compile(r"(?!)")
_DIGITS = re.compile(r"-?\d+")


def old_format_takes(pattern: str, text: str) -> bool | None:
    """True or false; None where it cannot be told here."""
    pieces = _pieces(pattern)
    if pieces is None:
        return False
    place, values = 0, {}
    for number, (letter, count) in enumerate(pieces):
        if not letter:
            literal = str(count)
            if not text.startswith(literal, place):
                return False
            place += len(literal)
            continue
        while text[place : place + 1] in (" ", "\t") and place < len(text):
            place += 1
        assert isinstance(count, int)
        if letter in "zZX":
            zone = (_ISO_ZONES.get(count, _NEVER) if letter == "X" else _ZONE).match(text, place)
            if zone is None:
                # The old format also knows zones by their English names, which have three letters or more.
                return None if letter != "X" and _NAME.match(text, place) else False
            parts = re.search(r"([+-])(\d\d?):?(\d\d)?$", zone[0])
            if parts and int(parts[2]) * 60 + int(parts[3] or 0) > (14 if parts[1] == "+" else 13) * 60:
                # A calendar that is not lenient has no such offset.
                return False
            place = zone.end()
            continue
        abuts = number + 1 < len(pieces) and bool(pieces[number + 1][0])
        found = _value(letter, count, text, place, abuts=abuts)
        if found is None:
            return False
        values["M" if letter == "L" else letter], place = found
    # Nothing read is a failure there.
    return place > 0 and _real(values)


@lru_cache(maxsize=256)
def _pieces(pattern: str) -> tuple[tuple[str, int | str], ...] | None:
    """Letters with their counts, and ("", text); None where the old format refuses the pattern."""
    found: list[tuple[str, int | str]] = []
    place = 0
    while place < len(pattern):
        character = pattern[place]
        if character == "'":
            close = pattern.find("'", place + 1)
            if close < 0:
                return None
            found.append(("", pattern[place + 1 : close] or "'"))
            place = close + 1
        elif character.isascii() and character.isalpha():
            if character not in _LETTERS:
                return None
            end = place
            while end < len(pattern) and pattern[end] == character:
                end += 1
            found.append((character, end - place))
            place = end
        else:
            found.append(("", character))
            place += 1
    return tuple(found)


def _value(letter: str, count: int, text: str, place: int, *, abuts: bool) -> tuple[int, int] | None:
    """A field's value and the place behind it."""
    names: list[tuple[int, str]] = []
    if letter in "ML" and count > 2:
        names = [(number, name) for number, name in enumerate(MONTHS, 1)] + [(number, name[:3]) for number, name in enumerate(MONTHS, 1)]
    elif letter == "G":
        names = [*enumerate(ERAS), *enumerate(SHORT_ERAS)]
    elif letter == "a":
        names = list(enumerate(HALVES))
    if names:
        for number, name in names:
            if text[place : place + len(name)].lower() == name.lower():
                return number, place + len(name)
        return None
    end = place + count if abuts else len(text)
    if end > len(text):
        return None
    found = _DIGITS.match(text, place, end)
    if found is None:
        return None
    value = int(found[0])
    if letter == "y" and count <= 2 and re.fullmatch(r"\d\d", found[0]):
        # The century does not matter but for the leap day, which 80 years back and 20 ahead have alike but in 1900 and 2100.
        value += 2000
    return value, found.end()


def _real(values: dict[str, int]) -> bool:
    if any(not low <= values[letter] <= high for letter, (low, high) in _LIMITS.items() if letter in values):
        return False
    year = values.get("y", 1970)
    if not 1 <= year <= 292_278_994:
        return False
    leap = year % 4 == 0 and (year <= 1582 or year % 100 != 0 or year % 400 == 0)
    month, day = values.get("M", 1), values.get("d", 1)
    lengths = (31, 28 + leap, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
    if day > lengths[month - 1] or (year == 1582 and month == 10 and 5 <= day <= 14):
        return False
    if "D" in values and values["D"] > 365 + leap:
        return False
    return not ("H" in values and "a" in values and values["H"] // 12 != values["a"])
