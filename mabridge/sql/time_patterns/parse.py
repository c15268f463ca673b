"""Parse a text by a pattern, as java.time does with a strict resolver, and as Spark fills in what the pattern leaves out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from mabridge.sql.days import MICROS_PER_DAY, MICROS_PER_SECOND, civil_of, days_of, exists
from mabridge.sql.time_patterns.names import ERAS, HALVES, MONTHS, OFFSETS, SHORT_ERAS
from mabridge.sql.time_patterns.pattern import Field, Optional, Part, PatternError, Text
from mabridge.sql.zones import UnknownZoneError, Zone, zone_named


@dataclass
class _Number:
    """A number in a text.

    Attributes:
        field: the letter.
        fewest, most: digits.
        signs: "none", "minus", or "plus" where more digits than the fewest need a plus sign.
        base: what is added to two digits of a year.
        reserved: digits that the fixed numbers right behind it take.
        fixed: whether it is of a fixed width.
    """

    field: str
    fewest: int
    most: int
    signs: str = "none"
    base: int = 0
    reserved: int = 0

    @property
    def fixed(self) -> bool:
        return self.fewest == self.most and self.signs == "none"


_Step = _Number | Text | Field | list["_Step"]


class TimeParser:
    """Parses texts by one pattern."""

    def __init__(self, parts: tuple[Part, ...]) -> None:
        """Args:
        parts: of `read_pattern` for parsing.

        Raises:
            PatternError: mabridge does not parse by such a pattern.
        """
        self._steps = _steps(parts)

    def parse(self, text: str) -> tuple[int, Zone | None] | None:
        """The wall clock in microseconds and the zone that the text names, None where java.time or Spark's filling in fails."""
        fields = _Fields()
        end = _run(self._steps, text, 0, fields)
        if end != len(text):
            return None
        wall = fields.wall()
        return None if wall is None else (wall, fields.zone)


def _steps(parts: tuple[Part, ...]) -> list[_Step]:
    steps: list[_Step] = []
    active: _Number | None = None
    for part in parts:
        number = _number(part) if isinstance(part, Field) else None
        if isinstance(part, Optional):
            steps.append(_steps(part.parts))
        elif number is not None:
            if active is not None and number.fixed:
                active.reserved += number.most
            else:
                active = number
            steps.append(number)
            continue
        else:
            assert isinstance(part, (Text, Field))
            if (isinstance(part, Field) and part.letter in ("O", "V")) or (isinstance(part, Field) and (part.letter, part.count) == ("Z", 4)):
                raise PatternError(f"parsing by the letters {part.letter * part.count} of a pattern is not supported; write XXX for an offset.")
            steps.append(part)
        active = None
    return steps


def _number(part: Field) -> _Number | None:
    letter, count = part.letter, part.count
    if letter in "uy":
        if count == 2:
            return _Number(letter, 2, 2, base=2000)
        return _Number(letter, count, 19, "minus" if count < 4 else "plus")
    if letter == "D" and count == 2:
        return _Number(letter, 2, 3)
    if letter == "S":
        return _Number(letter, 1, 1) if count == 1 else None
    if (letter in "MLDdHhkKms" and count < 3) or (letter, count) == ("D", 3):
        return _Number(letter, 1, 19, "minus") if count == 1 else _Number(letter, count, count)
    return None


class _Fields:
    """What was found in a text so far."""

    def __init__(self) -> None:
        self.values: dict[str, int] = {}
        self.zone: Zone | None = None

    def put(self, letter: str, value: int) -> bool:
        """Note a field's value; false where it was noted with another."""
        name = {"L": "M"}.get(letter, letter)
        return self.values.setdefault(name, value) == value

    def wall(self) -> int | None:
        """The wall clock, None where the fields make none."""
        days = self._days()
        seconds = self._clock()
        if days is None or seconds is None:
            return None
        return days * MICROS_PER_DAY + seconds * MICROS_PER_SECOND + self.values.get("S", 0)

    def _days(self) -> int | None:
        get = self.values.get
        year = get("u", 1970)
        if "y" in self.values:
            if "G" not in self.values or get("y", 0) < 1:
                # java.time leaves a year of no known era alone.
                return None
            year = get("y", 0) if get("G") else 1 - get("y", 0)
        named = all(letter in self.values for letter in "Md") and ("u" in self.values or "y" in self.values)
        if "D" in self.values and not named:
            return self._by_day_of_year(year)
        parts = [np.array([part], dtype=np.int64) for part in (year, get("M", 1), get("d", 1))]
        if not exists(*parts)[0]:
            return None
        days = int(days_of(*parts)[0])
        return days if "D" not in self.values or get("D") == days - _new_year(year) + 1 else None

    def _by_day_of_year(self, year: int) -> int | None:
        number = self.values["D"]
        if abs(year) > 999_999_999 or not 1 <= number <= _new_year(year + 1) - _new_year(year):
            return None
        days = _new_year(year) + number - 1
        _, month, day = (int(part[0]) for part in civil_of(np.array([days])))
        return days if self.values.get("M", month) == month and self.values.get("d", day) == day else None

    def _clock(self) -> int | None:
        """Seconds of the day."""
        get = self.values.get
        limits = {"H": (0, 23), "k": (1, 24), "K": (0, 11), "h": (1, 12), "m": (0, 59), "s": (0, 59)}
        if any(letter in self.values and not low <= self.values[letter] <= high for letter, (low, high) in limits.items()):
            return None
        half = get("a")
        hours: set[int] = set()
        if "H" in self.values:
            hours.add(get("H", 0))
        if "k" in self.values:
            hours.add(get("k", 0) % 24)
        of_half = {get("K", 0)} if "K" in self.values else set()
        if "h" in self.values:
            of_half.add(get("h", 0) % 12)
        if len(of_half) > 1 or len(hours) > 1:
            return None
        if hours:
            hour = hours.pop()
            fits = (half is None or half == hour // 12) and (not of_half or of_half == {hour % 12})
            if not fits:
                return None
        else:
            hour = (of_half.pop() if of_half else 0) + (12 if half == 1 else 0)
        return hour * 3600 + get("m", 0) * 60 + get("s", 0)


def _new_year(year: int) -> int:
    one = np.ones(1, np.int64)
    return int(days_of(np.array([year]), one, one)[0])


def _run(steps: list[_Step], text: str, place: int, fields: _Fields) -> int:
    """The place behind what the steps take, -1 where one fails."""
    for step in steps:
        if isinstance(step, list):
            kept, zone = dict(fields.values), fields.zone
            end = _run(step, text, place, fields)
            if end < 0:
                fields.values, fields.zone = kept, zone
            else:
                place = end
            continue
        if isinstance(step, Text):
            end = place + len(step.text)
            if text[place:end].upper() != step.text.upper() and text[place:end].lower() != step.text.lower():
                return -1
            place = end
            continue
        place = _digits(step, text, place, fields) if isinstance(step, _Number) else _word(step, text, place, fields)
        if place < 0:
            return -1
    return place


def _digits(step: _Number, text: str, place: int, fields: _Fields) -> int:
    sign = text[place : place + 1]
    if sign == "+" and step.signs != "plus":
        return -1
    if sign == "-" and step.signs == "none":
        return -1
    start = place + (sign in ("+", "-") and sign != "")
    end = start
    most = step.most + step.reserved
    while end < len(text) and end - start < most and text[end].isdecimal():
        end += 1
    if end - start < step.fewest:
        return -1
    if step.reserved:
        end = start + max(step.fewest, end - start - step.reserved)
    width = end - start
    value = int(text[start:end])
    if sign == "-":
        if not value:
            return -1
        value = -value
    elif step.signs == "plus" and ((width <= step.fewest) if sign == "+" else (width > step.fewest)):
        return -1
    if not -(2**63) <= value < 2**63:
        return -1
    if step.field == "S":
        value *= 100_000
    return end if fields.put(step.field, value + step.base) else -1


_FRACTION = re.compile(r"\d{1,9}")


def _word(step: Field, text: str, place: int, fields: _Fields) -> int:
    """What is no plain number: a fraction, a name or an offset."""
    letter, count = step.letter, step.count
    if letter == "S":
        found = _FRACTION.match(text, place, min(place + count, len(text)))
        if found is None:
            return -1
        return found.end() if fields.put("S", int(found[0].ljust(6, "0")[:6])) else -1
    if letter in "XxZ":
        return _offset(letter, count, text, place, fields)
    for number, name in _names(letter, count):
        if text[place : place + len(name)].lower() == name.lower():
            return place + len(name) if fields.put(letter, number) else -1
    return -1


def _names(letter: str, count: int) -> Iterator[tuple[int, str]]:
    if letter in "ML":
        return enumerate((name[: 3 if count == 3 else None] for name in MONTHS), 1)
    if letter == "G":
        return iter(enumerate(ERAS if count == 4 else SHORT_ERAS))
    assert letter == "a"
    return iter(enumerate(HALVES))


def _offset(letter: str, count: int, text: str, place: int, fields: _Fields) -> int:
    minutes, seconds, colon, none = OFFSETS[letter, count]
    minute = rf"{colon}([0-5][0-9])"
    pattern = rf"([+-])([01][0-9])(?:{minute})" + ("?" if minutes == "optional" else "")
    if seconds:
        pattern += rf"(?:{colon}([0-5][0-9]))?"
    found = re.compile(pattern, re.ASCII).match(text, place)
    if found is None or int(found[2]) > 18:
        if text[place : place + len(none)].upper() != none:
            return -1
        return place + len(none) if _put_zone(fields, "Z") else -1
    name = f"{found[1]}{found[2]}:{found[3] or '00'}" + (f":{found[4]}" if seconds and found[4] else "")
    return found.end() if _put_zone(fields, name) else -1


def _put_zone(fields: _Fields, name: str) -> bool:
    try:
        zone = zone_named(name)
    except UnknownZoneError:
        return False
    if fields.zone is not None and fields.zone.id != zone.id:
        return False
    fields.zone = zone
    return True
