"""Read a compiled IANA zone (TZif, RFC 8536): its changes, and those that its rule for the future makes."""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass

import numpy as np

from mabridge.sql.days import Longs, days_of

#: How many years of future changes are written out: two cycles, so that one whole cycle lies behind the last change of the file.
_YEARS = 801


@dataclass(frozen=True)
class Changes:
    """When a zone's offset changes.

    Attributes:
        instants: seconds since 1970-01-01 UTC, ascending.
        offsets: seconds east of UTC, one more than there are changes: the first holds before the first change.
        repeats: whether the changes of the last 400 years repeat for ever.
    """

    instants: Longs
    offsets: Longs
    repeats: bool


def read_zone_file(raw: bytes) -> Changes:
    """Read the 64-bit part of a TZif file.

    Raises:
        ValueError: the file is damaged.
    """
    try:
        return _read(raw)
    except (struct.error, IndexError) as error:
        raise ValueError("the time zone file is damaged") from error


def _counts(raw: bytes, start: int) -> tuple[int, ...]:
    return struct.unpack(">6l", raw[start + 20 : start + 44])


def _read(raw: bytes) -> Changes:
    utc, standard, leaps, times, types, letters = _counts(raw, 0)
    start = 44 + times * 5 + types * 6 + letters + leaps * 8 + standard + utc
    utc, standard, leaps, times, types, letters = _counts(raw, start)
    place = start + 44
    instants = np.frombuffer(raw, ">i8", times, place).astype(np.int64)
    kinds = np.frombuffer(raw, np.uint8, times, place + 8 * times)
    table = [struct.unpack_from(">l", raw, place + 9 * times + 6 * kind)[0] for kind in range(types)]
    footer = raw[place + 9 * times + 6 * types + letters + 12 * leaps + standard + utc :].strip(b"\n").decode("ascii")
    offsets = np.array([table[0], *(table[kind] for kind in kinds)], dtype=np.int64)
    later = _future(footer, int(instants[-1]) if times else -(2**40))
    if later is not None:
        instants, offsets = np.concatenate([instants, later[0]]), np.concatenate([offsets, later[1]])
    # A change of the name alone is none.
    real = np.flatnonzero(offsets[1:] != offsets[:-1])
    return Changes(instants[real], np.concatenate([offsets[:1], offsets[1:][real]]), repeats=later is not None)


_NAME = r"(?:[A-Za-z]+|<[A-Za-z0-9+-]+>)"
_TIME = r"[+-]?\d+(?::\d+(?::\d+)?)?"
_RULE = re.compile(rf"{_NAME}({_TIME})(?:{_NAME}({_TIME})?,(M[\d.]+|J?\d+)(?:/({_TIME}))?,(M[\d.]+|J?\d+)(?:/({_TIME}))?)?", re.ASCII)


def _seconds(text: str) -> int:
    sign = -1 if text.startswith("-") else 1
    parts = [*map(int, text.lstrip("+-").split(":")), 0, 0]
    return sign * (parts[0] * 3600 + parts[1] * 60 + parts[2])


def _future(footer: str, last: int) -> tuple[Longs, Longs] | None:
    """Changes after the last one of the file; None where the offset stays."""
    match = _RULE.fullmatch(footer)
    if match is None or match[3] is None:
        return None
    standard = -_seconds(match[1])
    summer = -_seconds(match[2]) if match[2] else standard + 3600
    begin = max(last // 31_556_952 + 1970, 1900) - 1
    years = np.arange(begin, begin + _YEARS, dtype=np.int64)
    starts = _days(match[3], years) * 86_400 + _seconds(match[4] or "2") - standard
    ends = _days(match[5], years) * 86_400 + _seconds(match[6] or "2") - summer
    instants = np.concatenate([starts, ends])
    offsets = np.concatenate([np.full(_YEARS, summer), np.full(_YEARS, standard)])
    order = np.argsort(instants, kind="stable")
    order = order[instants[order] > last]
    return instants[order], offsets[order]


def _days(rule: str, years: Longs) -> Longs:
    """The day of a rule in each year, since 1970-01-01: Mm.w.d, Jn or n."""
    one = np.ones_like(years)
    if not rule.startswith("M"):
        number = int(rule.lstrip("J"))
        if rule.startswith("J"):
            # Day 60 is the first of March in every year.
            return days_of(years, one * 3, one * (number - 59)) if number >= 60 else days_of(years, one, one * number)
        return days_of(years, one, one) + number
    month, week, weekday = map(int, rule[1:].split("."))
    first = days_of(years, one * month, one)
    # Sunday is 0 here.
    found = first + (weekday - (first + 4) % 7) % 7 + 7 * (week - 1)
    following = days_of(years + (month == 12), one * (month % 12 + 1), one)
    return np.where(found >= following, found - 7, found)
