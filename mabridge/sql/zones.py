"""Time zones as java.time has them: ids, offsets of instants, instants of wall clocks in gaps and overlaps.

Times are microseconds: an instant since 1970-01-01 UTC, a wall clock as if it were UTC. The rules are the machine's IANA data, or those of the package tzdata.
"""

from __future__ import annotations

import re
import zoneinfo
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from pathlib import Path

import numpy as np
import numpy.typing as npt

from mabridge.sql.days import DAYS_PER_CYCLE, MICROS_PER_DAY, MICROS_PER_SECOND, Longs
from mabridge.sql.zone_file import Changes, read_zone_file

_CYCLE = DAYS_PER_CYCLE * 86_400


class UnknownZoneError(Exception):
    """Not a time zone of java.time; the text is a whole sentence."""


@dataclass(frozen=True)
class Zone:
    """A time zone.

    Attributes:
        id: as java.time writes it.
        instants: of each change of the offset, seconds since 1970-01-01 UTC.
        offsets: seconds east of UTC, one more than there are changes.
        repeats: whether the last 400 years of changes repeat for ever.
    """

    id: str
    instants: Longs
    offsets: Longs
    repeats: bool

    @property
    def is_fixed(self) -> bool:
        """Whether the offset never changes."""
        return not len(self.instants)

    def to_wall(self, instants: npt.NDArray[np.int64]) -> Longs:
        """The wall clocks of instants."""
        return instants + self.offset_at(instants) * MICROS_PER_SECOND

    def offset_at(self, instants: npt.NDArray[np.int64]) -> Longs:
        """Seconds east of UTC at instants."""
        if self.is_fixed:
            return np.broadcast_to(self.offsets, instants.shape)
        seconds = self._within(instants // MICROS_PER_SECOND)
        found: Longs = self.offsets[np.searchsorted(self.instants, seconds, side="right")]
        return found

    def to_instant(self, walls: npt.NDArray[np.int64], *, start_of_day: bool = False, prefer: Longs | None = None) -> Longs:
        """The instants of wall clocks: the earlier one of two; in a gap, later by its length (ZonedDateTime.of).

        Args:
            walls: microseconds.
            start_of_day: in a gap, the instant of the change instead (LocalDate.atStartOfDay).
            prefer: offsets that are taken where the wall clock has two and this is one of them (ZonedDateTime.plusDays and its like).
        """
        if self.is_fixed:
            return walls - self.offsets * MICROS_PER_SECOND
        seconds = self._within(walls // MICROS_PER_SECOND)
        before, after = self.offsets[:-1], self.offsets[1:]
        place = np.searchsorted(self.instants + np.maximum(before, after), seconds, side="right")
        found: Longs = walls - self.offsets[place] * MICROS_PER_SECOND
        if start_of_day:
            change = np.minimum(place, len(self.instants) - 1)
            gap = (place < len(self.instants)) & (seconds >= self.instants[change] + before[change])
            late = (seconds - self.offsets[place] - self.instants[change]) * MICROS_PER_SECOND
            found = np.where(gap, found - late, found)
        if prefer is not None:
            wanted = walls - prefer * MICROS_PER_SECOND
            found = np.where(self.offset_at(wanted) == prefer, wanted, found)
        return found

    def _within(self, seconds: Longs) -> Longs:
        """Times beyond the last change, moved back by whole cycles of 400 years where changes repeat."""
        if not self.repeats:
            return seconds
        beyond = seconds - (self.instants[-1] - 86_400 * 400)
        found: Longs = np.where(beyond > 0, seconds - -(-beyond // _CYCLE) * _CYCLE, seconds)
        return found


UTC = Zone("UTC", np.empty(0, np.int64), np.zeros(1, np.int64), repeats=False)

#: java.time.ZoneId.SHORT_IDS.
_SHORT = {
    "ACT": "Australia/Darwin", "AET": "Australia/Sydney", "AGT": "America/Argentina/Buenos_Aires", "ART": "Africa/Cairo", "AST": "America/Anchorage",
    "BET": "America/Sao_Paulo", "BST": "Asia/Dhaka", "CAT": "Africa/Harare", "CNT": "America/St_Johns", "CST": "America/Chicago", "CTT": "Asia/Shanghai",
    "EAT": "Africa/Addis_Ababa", "ECT": "Europe/Paris", "IET": "America/Indiana/Indianapolis", "IST": "Asia/Kolkata", "JST": "Asia/Tokyo",
    "MIT": "Pacific/Apia", "NET": "Asia/Yerevan", "NST": "Pacific/Auckland", "PLT": "Asia/Karachi", "PNT": "America/Phoenix", "PRT": "America/Puerto_Rico",
    "PST": "America/Los_Angeles", "SST": "Pacific/Guadalcanal", "VST": "Asia/Ho_Chi_Minh", "EST": "-05:00", "MST": "-07:00", "HST": "-10:00",
}  # fmt: skip
#: Files of the IANA data that java.time does not know as zones.
_NOT_JAVA = frozenset(("EST", "MST", "HST", "ROC", "Factory", "localtime", "posixrules"))
_REGION = re.compile(r"[A-Za-z][A-Za-z0-9~/._+-]+", re.ASCII)
_OFFSET = re.compile(r"([+-])(?:(\d)|(\d\d)(?::?(\d\d)(?::?(\d\d))?)?)", re.ASCII)
_ONE_HOUR, _ONE_MINUTE = re.compile(r"([+-])(\d):", re.ASCII), re.compile(r"([+-])(\d\d):(\d)$", re.ASCII)


@lru_cache(maxsize=1024)
def zone_named(name: str) -> Zone:
    """The zone of an id, as Spark reads ids (`DateTimeUtils.getZoneId`).

    Raises:
        UnknownZoneError: Spark has no such zone either.
    """
    widened = _ONE_HOUR.sub(r"\g<1>0\2:", name, count=1)
    widened = _ONE_MINUTE.sub(r"\1\2:0\3", widened, count=1)
    widened = _SHORT.get(widened, widened)
    if widened in ("Z", "UTC", "GMT", "UT"):
        return Zone("Z" if widened == "Z" else widened, UTC.instants, UTC.offsets, repeats=False)
    if widened[:1] in ("+", "-"):
        return _fixed("", widened, name)
    for prefix in ("UTC", "GMT", "UT"):
        if widened.startswith((prefix + "+", prefix + "-")):
            return _fixed(prefix, widened[len(prefix) :], name)
    return _region(widened, name)


def _fixed(prefix: str, text: str, name: str) -> Zone:
    match = _OFFSET.fullmatch(text)
    # +h:mm:ss without or with both colons, not with one.
    if match is None or (match[5] is not None and text.count(":") == 1):
        raise UnknownZoneError(f"{name!r} is not a time zone that Spark knows.")
    hours, minutes, seconds = int(match[2] or match[3]), int(match[4] or 0), int(match[5] or 0)
    size = hours * 3600 + minutes * 60 + seconds
    if minutes > 59 or seconds > 59 or size > 18 * 3600:
        raise UnknownZoneError(f"{name!r} is not a time zone that Spark knows: offsets end at 18 hours.")
    offset = -size if match[1] == "-" else size
    if not offset:
        return Zone(prefix or "Z", UTC.instants, UTC.offsets, repeats=False)
    return Zone(prefix + offset_text(offset), UTC.instants, np.array([offset], dtype=np.int64), repeats=False)


def offset_text(offset: int) -> str:
    """An offset in seconds as java.time's id: +01:00, -05:17:32, Z."""
    if not offset:
        return "Z"
    hours, rest = divmod(abs(offset), 3600)
    minutes, seconds = divmod(rest, 60)
    return f"{'-' if offset < 0 else '+'}{hours:02}:{minutes:02}" + (f":{seconds:02}" if seconds else "")


def _region(key: str, name: str) -> Zone:
    parts = key.split("/")
    if not _REGION.fullmatch(key) or key in _NOT_JAVA or any(part.startswith(".") or not part for part in parts) or parts[0] in ("posix", "right"):
        raise UnknownZoneError(f"{name!r} is not a time zone that Spark knows.")
    raw = _zone_bytes(key)
    if raw is None:
        raise UnknownZoneError(f"{name!r} is not a time zone that Spark knows, or this machine's time zone data is too old; the package tzdata has it.")
    changes: Changes = read_zone_file(raw)
    return Zone(key, changes.instants, changes.offsets, changes.repeats)


def _zone_bytes(key: str) -> bytes | None:
    for folder in zoneinfo.TZPATH:
        file = Path(folder, key)
        if file.is_file() and file.stat().st_size < 2**20:
            raw = file.read_bytes()
            if raw[:4] == b"TZif":
                return raw
    try:
        file_in = resources.files("tzdata").joinpath("zoneinfo", *key.split("/"))
        raw = file_in.read_bytes() if file_in.is_file() else b""
    except ModuleNotFoundError:
        return None
    return raw if raw[:4] == b"TZif" else None


def start_of_days(days: npt.NDArray[np.integer], zone: Zone) -> Longs:
    """The instants at which days begin in a zone."""
    return zone.to_instant(days.astype(np.int64) * MICROS_PER_DAY, start_of_day=True)


def days_at(instants: npt.NDArray[np.int64], zone: Zone) -> Longs:
    """The days on which instants fall in a zone."""
    found: Longs = zone.to_wall(instants) // MICROS_PER_DAY
    return found
