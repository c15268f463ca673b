"""Dates and timestamps as text, both ways, as CAST has them (SparkDateTimeUtils and the fraction formatter, Spark 3.5)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from mabridge.lower.columns import Bools
from mabridge.sql.days import MICROS_PER_DAY, MICROS_PER_SECOND, Longs, civil_of, days_of, exists
from mabridge.sql.functions.cast_text import CONTROLS
from mabridge.sql.zones import UnknownZoneError, Zone, zone_named

_LONG = 2**63
_DATE = re.compile(r"([+-]?)([0-9]{4,7})(?:-([0-9]{1,2})(?:-([0-9]{1,2})(?:[ T].*)?)?)?", re.DOTALL)
_CLOCK = r"([0-9]{1,2})(?::([0-9]{1,2})(?::([0-9]{1,2})(?:\.([0-9]*))?([^0-9].*)?)?)?"
_TIMESTAMP = re.compile(rf"([+-]?)([0-9]{{4,6}})(?:-([0-9]{{1,2}})(?:-([0-9]{{1,2}})(?:[ T]{_CLOCK})?)?)?", re.DOTALL)
_TIME = re.compile(rf"(?:T{_CLOCK}|(?=[0-9]{{1,2}}:){_CLOCK})", re.DOTALL)
#: Words that Spark's analyser replaces in a cast of a constant, before the zone that may follow.
SPECIAL = re.compile(r"(epoch|now|today|tomorrow|yesterday)\s*(.*)", re.IGNORECASE | re.DOTALL)


def parse_date(text: str) -> int | None:
    """Days since 1970-01-01 of a text, None where Spark takes it for no date."""
    match = _DATE.fullmatch(text.strip(CONTROLS))
    if match is None:
        return None
    year, month, day = int(match[1] + match[2]), int(match[3] or 1), int(match[4] or 1)
    return date_number(year, month, day)


def date_number(year: int, month: int, day: int) -> int | None:
    """Days since 1970-01-01, None where there is no such date."""
    parts = [np.array([part], dtype=np.int64) for part in (year, month, day)]
    return int(days_of(*parts)[0]) if exists(*parts)[0] else None


@dataclass(frozen=True)
class WrittenTime:
    """A text that Spark takes for a timestamp.

    Attributes:
        wall: microseconds of its wall clock as if it were UTC; None where it has no date, to which Spark adds today's.
        zone: the zone that it names, if any.
    """

    wall: int | None
    zone: Zone | None


def parse_wall(text: str) -> WrittenTime | None:
    """The wall clock and the zone of a text (`parseTimestampString`), None where Spark takes it for no timestamp."""
    trimmed = text.strip(CONTROLS)
    match = _TIMESTAMP.fullmatch(trimmed)
    days: int | None = None
    if match is not None:
        days = date_number(int(match[1] + match[2]), int(match[3] or 1), int(match[4] or 1))
        if days is None:
            return None
        hour, minute, second, fraction, rest = match.groups()[4:]
    else:
        clock = _TIME.fullmatch(trimmed)
        if clock is None or (trimmed.startswith("T") and not text.startswith("T")):
            return None
        hour, minute, second, fraction, rest = clock.groups()[:5] if trimmed.startswith("T") else clock.groups()[5:]
    parts = int(hour or 0), int(minute or 0), int(second or 0)
    if parts[0] > 23 or parts[1] > 59 or parts[2] > 59:
        return None
    try:
        zone = None if rest is None else zone_named(rest.strip("".join(map(chr, range(0x21)))))
    except UnknownZoneError:
        return None
    if days is None:
        return WrittenTime(None, zone)
    micros = int((fraction or "")[:6].ljust(6, "0"))
    return WrittenTime(days * MICROS_PER_DAY + (parts[0] * 3600 + parts[1] * 60 + parts[2]) * MICROS_PER_SECOND + micros, zone)


def instant_of(written: WrittenTime, zone: Zone) -> int | None:
    """The instant of a text in its own zone or else in this one; None beyond 64 bits."""
    assert written.wall is not None
    if not -_LONG + 2 * MICROS_PER_DAY < written.wall < _LONG - 2 * MICROS_PER_DAY:
        return None
    return int((written.zone or zone).to_instant(np.array([written.wall], dtype=np.int64))[0])


def plain_walls(texts: pa.Array, sizes: Sequence[int] = (10, 19, *range(21, 27)), between: bytes = b" T") -> tuple[Longs, Bools]:
    """The wall clocks of texts of the forms yyyy-MM-dd and yyyy-MM-dd HH:mm:ss with one to six digits of fraction or none, and which texts are of them.

    Args:
        texts: strings.
        sizes: the lengths that are looked at.
        between: the characters that may stand between date and time.
    """
    lengths = pc.binary_length(texts).fill_null(0).to_numpy(zero_copy_only=False)
    walls, known = np.zeros(len(texts), dtype=np.int64), np.zeros(len(texts), dtype=np.bool_)
    offsets = np.frombuffer(texts.buffers()[1], np.int32, len(texts) + 1, texts.offset * 4) if len(texts) else np.zeros(1, np.int32)
    data = np.frombuffer(texts.buffers()[2] or b"", np.uint8)
    for length in sizes:
        rows = np.flatnonzero(lengths == length)
        if not len(rows):
            continue
        characters = data[offsets[rows][:, None] + np.arange(length)]
        digits = characters.astype(np.int64) - ord("0")
        marks = [(4, b"-"), (7, b"-"), (10, between), (13, b":"), (16, b":"), (19, b".")]
        good = np.ones(len(rows), dtype=np.bool_)
        for place, allowed in marks:
            if place < length:
                good &= np.isin(characters[:, place], list(allowed))
        numeric = [place for place in range(length) if place not in dict(marks)]
        good &= ((digits[:, numeric] >= 0) & (digits[:, numeric] <= 9)).all(axis=1)

        def number(start: int, end: int, digits: Longs = digits) -> Longs:
            found = np.zeros(len(digits), dtype=np.int64)
            for place in range(start, end):
                found = found * 10 + digits[:, place]
            return found

        year, month, day = number(0, 4), number(5, 7), number(8, 10)
        good &= exists(year, month, np.where(good, day, 1)) & (month >= 1)
        month = np.where(good, month, 1)
        wall = days_of(year, month, day) * MICROS_PER_DAY
        if length > 10:
            hour, minute, second = number(11, 13), number(14, 16), number(17, 19)
            good &= (hour < 24) & (minute < 60) & (second < 60)
            wall += (hour * 3600 + minute * 60 + second) * MICROS_PER_SECOND
        if length > 20:
            wall += number(20, length) * 10 ** (26 - length)
        walls[rows], known[rows] = wall, good
    return walls, known


def date_texts(days: npt.NDArray[np.integer]) -> pa.Array:
    """yyyy-MM-dd of days since 1970-01-01, each distinct one written once."""
    distinct, places = np.unique(days, return_inverse=True)
    parts = zip(*(part.tolist() for part in civil_of(distinct)), strict=True)
    return pa.array([date_text(*part) for part in parts], pa.string()).take(pa.array(places.reshape(-1)))


def date_text(year: int, month: int, day: int) -> str:
    """A date as java.time writes it: +10000-01-01, -0001-12-31."""
    sign = "-" if year < 0 else "+" if year > 9999 else ""
    return f"{sign}{abs(year):04}-{month:02}-{day:02}"


def wall_texts(walls: npt.NDArray[np.int64]) -> pa.Array:
    """yyyy-MM-dd HH:mm:ss[.ffffff] of wall clocks, without the fraction's last zeros."""
    days = walls // MICROS_PER_DAY
    seconds, micros = np.divmod(walls - days * MICROS_PER_DAY, MICROS_PER_SECOND)
    return pc.binary_join_element_wise(date_texts(days), pc.binary_join_element_wise(_clocks(seconds), _fractions(micros), ""), " ")


def _clocks(seconds: Longs) -> pa.Array:
    distinct, places = np.unique(seconds, return_inverse=True)
    written = [f"{value // 3600:02}:{value // 60 % 60:02}:{value % 60:02}" for value in distinct.tolist()]
    return pa.array(written, pa.string()).take(pa.array(places.reshape(-1)))


def _fractions(micros: Longs) -> pa.Array:
    distinct, places = np.unique(micros, return_inverse=True)
    return pa.array([fraction_text(value) for value in distinct.tolist()], pa.string()).take(pa.array(places.reshape(-1)))


def fraction_text(micros: int) -> str:
    """Microseconds of a second behind a point, without last zeros; empty for none."""
    return f".{micros:06}".rstrip("0") if micros else ""


def wall_text(wall: int) -> str:
    """One wall clock."""
    return str(wall_texts(np.array([wall], dtype=np.int64))[0].as_py())
