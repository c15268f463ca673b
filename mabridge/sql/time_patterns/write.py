"""Write times by a pattern."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from mabridge.sql.days import MICROS_PER_DAY, MICROS_PER_HOUR, MICROS_PER_MINUTE, MICROS_PER_SECOND, Longs, civil_of, day_of_year, weekday
from mabridge.sql.time_patterns.names import DAYS, ERAS, HALVES, MONTHS, QUARTERS, SHORT_ERAS, offset_text
from mabridge.sql.time_patterns.pattern import Field, Optional, Part, Text
from mabridge.sql.zones import Zone


def write_times(parts: tuple[Part, ...], instants: Longs, zone: Zone) -> pa.Array:
    """The texts of instants in a zone.

    Args:
        parts: of `read_pattern`.
        instants: microseconds since 1970-01-01 UTC, shape (rows,).
        zone: whose wall clocks are written.
    """
    times = _Times(instants, zone)
    pieces: list[pa.Array | pa.Scalar] = [pa.scalar("")] if len(instants) else []
    _append(parts, times, pieces)
    if not len(instants):
        return pa.array([], pa.string())
    blank = pa.array([""] * len(instants), pa.string())
    return pc.binary_join_element_wise(blank, *pieces, "")


def _append(parts: tuple[Part, ...], times: _Times, pieces: list[pa.Array | pa.Scalar]) -> None:
    for part in parts:
        match part:
            case Text(text):
                pieces.append(pa.scalar(text))
            case Optional(inner):
                _append(inner, times, pieces)
            case Field(letter, count):
                values, write = times.field(letter, count)
                distinct, places = np.unique(values, return_inverse=True)
                pieces.append(pa.array([write(value) for value in distinct.tolist()], pa.string()).take(pa.array(places.reshape(-1))))


class _Times:
    """Wall clocks taken apart."""

    def __init__(self, instants: Longs, zone: Zone) -> None:
        self._instants, self._zone = instants, zone
        walls = zone.to_wall(instants)
        self._days = walls // MICROS_PER_DAY
        self._clock = walls - self._days * MICROS_PER_DAY
        self._year, self._month, self._day = civil_of(self._days)

    def field(self, letter: str, count: int) -> tuple[Longs, Callable[[int], str]]:
        """A field's values, and how one is written."""
        match letter:
            case "u":
                return self._year, _year(count)
            case "y":
                return np.where(self._year > 0, self._year, 1 - self._year), _year(count)
            case "G":
                names = ERAS if count == 4 else SHORT_ERAS
                return (self._year > 0).astype(np.int64), lambda value: names[value]
            case "M" | "L":
                return self._month, _number(count) if count < 3 else lambda value: MONTHS[value - 1][: 3 if count == 3 else None]
            case "D":
                return day_of_year(self._days), _number(count)
            case "d":
                return self._day, _number(count)
            case "F":
                return (self._day - 1) % 7 + 1, _number(count)
            case "E":
                return weekday(self._days), lambda value: DAYS[value][: 3 if count < 4 else None]
            case "a":
                return self._clock // (12 * MICROS_PER_HOUR), lambda value: HALVES[value]
            case "Q" | "q":
                quarter = (self._month + 2) // 3
                return quarter, _number(count) if count < 3 else (lambda value: f"Q{value}") if count == 3 else lambda value: QUARTERS[value - 1]
            case "S":
                return self._clock % MICROS_PER_SECOND, lambda value: f"{value:06}000"[:count]
            case "V":
                # An id needs no instant.
                return np.zeros_like(self._days), lambda _: self._zone.id
            case "X" | "x" | "Z" | "O":
                return self._zone.offset_at(self._instants), lambda value: offset_text(letter, count, value)
        return self._hours(letter), _number(count)

    def _hours(self, letter: str) -> Longs:
        hour = self._clock // MICROS_PER_HOUR
        match letter:
            case "H":
                return hour
            case "h":
                return (hour - 1) % 12 + 1
            case "k":
                return (hour - 1) % 24 + 1
            case "K":
                return hour % 12
            case "m":
                return self._clock // MICROS_PER_MINUTE % 60
        assert letter == "s"
        return self._clock // MICROS_PER_SECOND % 60


def _number(count: int) -> Callable[[int], str]:
    return lambda value: f"{value:0{count}}"


def _year(count: int) -> Callable[[int], str]:
    def write(value: int) -> str:
        if count == 2:
            return f"{abs(value) % 100:02}"
        sign = "-" if value < 0 else "+" if count > 3 and value >= 10**count else ""
        return f"{sign}{abs(value):0{count}}"

    return write
