"""INTERVAL: constants and types as Spark's parser reads them (AstBuilder.visitInterval, Spark 3.5), and intervals as text.

An interval of years and months is a number of months, one of days and times a number of microseconds.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from mabridge.plan.types import DAY_TIME_UNITS, YEAR_MONTH_UNITS, DataType, DayTimeIntervalType, YearMonthIntervalType
from mabridge.sql.days import MICROS_PER_DAY, MICROS_PER_HOUR, MICROS_PER_MINUTE, MICROS_PER_SECOND
from mabridge.sql.expression import Expression, Literal
from mabridge.sql.literals import LiteralError

_MONTHS = {"YEAR": 12, "MONTH": 1}
_MICROS = {
    "WEEK": 7 * MICROS_PER_DAY,
    "DAY": MICROS_PER_DAY,
    "HOUR": MICROS_PER_HOUR,
    "MINUTE": MICROS_PER_MINUTE,
    "MILLISECOND": 1000,
    "MICROSECOND": 1,
}
#: The field of an interval's type that a unit stands in.
_FIELD = {"WEEK": "day", "MILLISECOND": "second", "MICROSECOND": "second"}
_MIXED = "An interval of months and days together is refused, as Spark refuses it; add the one after the other."


def interval_literal(words: Sequence[str]) -> Expression:
    """`INTERVAL amount unit ...`, or `INTERVAL amount unit TO unit`.

    Args:
        words: amounts and units in turn, as written and in upper case; an odd last word is the unit behind TO.

    Raises:
        LiteralError: it is none of Spark's, or not supported.
    """
    units = [_singular(word) for word in words[1::2]]
    if len(words) % 2:
        if len(words) != 3:
            raise LiteralError(f"INTERVAL {' '.join(words)} has TO behind more than one unit; Spark refuses this too.")
        return _unit_to_unit(words[0].strip(), units[0], _singular(words[2]))
    return _of_units(list(zip(words[::2], units, strict=True)))


def _singular(unit: str) -> str:
    return unit.removesuffix("S")


def _of_units(pairs: list[tuple[str, str]]) -> Literal:
    fields = [_FIELD.get(unit, unit.lower()) for _, unit in pairs]
    if all(field in YEAR_MONTH_UNITS for field in fields):
        months = sum(_whole(amount) * _MONTHS[unit] for amount, unit in pairs)
        places = [YEAR_MONTH_UNITS.index(field) for field in fields]
        return Literal(_within(months, 32), YearMonthIntervalType(min(places), max(places)))
    if any(field in YEAR_MONTH_UNITS for field in fields):
        raise LiteralError(_MIXED)
    if any(field not in DAY_TIME_UNITS for field in fields):
        unknown = next(unit for field, (_, unit) in zip(fields, pairs, strict=True) if field not in DAY_TIME_UNITS)
        raise LiteralError(f"The unit {unknown} is not one of an interval; Spark refuses this too.")
    micros = sum(_seconds(amount) if unit == "SECOND" else _whole(amount) * _MICROS[unit] for amount, unit in pairs)
    places = [DAY_TIME_UNITS.index(field) for field in fields]
    return Literal(_within(micros, 64), DayTimeIntervalType(min(places), max(places)))


def _within(value: int, bits: int) -> int:
    if not -(1 << bits - 1) <= value < 1 << bits - 1:
        raise LiteralError("The interval is longer than Spark's intervals can be; Spark refuses this too.")
    return value


def _whole(amount: str) -> int:
    text = re.sub(r"^-\s*-|^\+", "", amount.strip())
    if not re.fullmatch(r"[+-]?[0-9]{1,19}", text, re.ASCII):
        raise LiteralError(f"{amount} is no whole number, which this unit of an interval needs; Spark refuses this too.")
    return int(text)


def _seconds(amount: str) -> int:
    match = re.fullmatch(r"([+-]?)([0-9]{0,13})(?:\.([0-9]{1,9}))?", re.sub(r"^-\s*-", "", amount.strip()), re.ASCII)
    if match is None or not (match[2] or match[3]):
        raise LiteralError(f"{amount} is no number of seconds with at most nine digits of fraction; Spark refuses this too.")
    if not match[2] and match[1] == "-":
        raise LiteralError(f"Write a zero before the point of {amount}.")
    micros = int(match[2] or 0) * MICROS_PER_SECOND + int((match[3] or "").ljust(9, "0")[:6])
    # Spark looks for the sign in the whole seconds, which -0 does not have.
    negative = match[1] == "-" and int(match[2] or 0) != 0
    return -micros if negative else micros


_YEAR_MONTH = re.compile(r"([+-]?)([0-9]+)-([0-9]+)", re.ASCII)
_CLOCK = {"hour": r"(?P<hour>[0-9]+)", "minute": r"(?P<minute>[0-9]+)", "second": r"(?P<second>[0-9]+)(?:\.(?P<fraction>[0-9]{1,9}))?"}


def _unit_to_unit(text: str, first: str, last: str) -> Literal:
    if (first, last) == ("YEAR", "MONTH"):
        return Literal(_year_month(text), YearMonthIntervalType())
    low, high = first.lower(), last.lower()
    if low not in DAY_TIME_UNITS or high not in DAY_TIME_UNITS or DAY_TIME_UNITS.index(low) >= DAY_TIME_UNITS.index(high):
        raise LiteralError(f"INTERVAL {first} TO {last} is none of Spark's.")
    begin, end = DAY_TIME_UNITS.index(low), DAY_TIME_UNITS.index(high)
    names = list(DAY_TIME_UNITS[max(begin, 1) : end + 1])
    pattern = ("(?P<day>[0-9]{1,9}) " if begin == 0 else "") + ":".join(_CLOCK[name] for name in names)
    match = re.fullmatch(rf"([+-]?){pattern}", text, re.ASCII)
    if match is None:
        raise LiteralError(f"The text {text!r} is no interval of the form that {first} TO {last} has.")
    found = match.groupdict()
    limits = {"hour": 23, "minute": 59, "second": 59}
    for place, name in enumerate(names):
        # Only behind another part does a part have a limit.
        if int(found[name]) > limits[name] and (begin == 0 or place > 0):
            raise LiteralError(f"The text {text!r} has {found[name]} {name}s, more than {limits[name]}; Spark refuses this too.")
    micros = sum(int(found.get(unit.lower()) or 0) * size for unit, size in _MICROS.items() if unit in ("DAY", "HOUR", "MINUTE"))
    micros += int(found.get("second") or 0) * MICROS_PER_SECOND + int((found.get("fraction") or "").ljust(9, "0")[:6])
    return Literal(_within(-micros if match[1] == "-" else micros, 64), DayTimeIntervalType(begin, end))


def _year_month(text: str) -> int:
    match = _YEAR_MONTH.fullmatch(text)
    if match is None or int(match[3]) > 11:
        raise LiteralError(f"The text {text!r} is no interval of the form years-months.")
    months = int(match[2]) * 12 + int(match[3])
    return _within(-months if match[1] == "-" else months, 32)


_WORDED = re.compile(r"([+-]?\s*[0-9]*\.?[0-9]+)\s+([A-Za-z]+)\s*", re.ASCII)


def worded_interval(text: str) -> Literal:
    """`INTERVAL '3 days 2 hours'`.

    Raises:
        LiteralError: it is none of Spark's, or not supported.
    """
    rest = re.sub(r"^interval\s+", "", text.strip(), flags=re.IGNORECASE)
    pairs: list[tuple[str, str]] = []
    place = 0
    while place < len(rest):
        match = _WORDED.match(rest, place)
        if match is None:
            raise LiteralError(f"The text {text!r} is no interval.")
        pairs.append((re.sub(r"\s", "", match[1]), _singular(match[2].upper())))
        place = match.end()
    if not pairs:
        raise LiteralError(f"The text {text!r} is no interval.")
    return _of_units(pairs)


def interval_type(units: Sequence[str]) -> DataType:
    """The type `INTERVAL unit` or `INTERVAL unit TO unit`; no unit is CalendarIntervalType.

    Raises:
        LiteralError: it is none of Spark's, or not supported.
    """
    names = [unit.lower() for unit in units]
    if names and all(name in YEAR_MONTH_UNITS for name in names):
        first, last = YEAR_MONTH_UNITS.index(names[0]), YEAR_MONTH_UNITS.index(names[-1])
        if first <= last and len(set(names)) == len(names):
            return YearMonthIntervalType(first, last)
    if names and all(name in DAY_TIME_UNITS for name in names):
        first, last = DAY_TIME_UNITS.index(names[0]), DAY_TIME_UNITS.index(names[-1])
        if first <= last and len(set(names)) == len(names):
            return DayTimeIntervalType(first, last)
    if not names:
        raise LiteralError("The type INTERVAL, of months, days and times together, is not supported; write INTERVAL YEAR TO MONTH or INTERVAL DAY TO SECOND.")
    raise LiteralError(f"The type INTERVAL {' TO '.join(units)} is none of Spark's.")


def interval_text(value: int, kind: DataType) -> str:
    """An interval as Spark writes it: INTERVAL '1-2' YEAR TO MONTH."""
    name = str(kind).upper().removeprefix("INTERVAL ")
    sign, size = ("-" if value < 0 else ""), abs(value)
    if isinstance(kind, YearMonthIntervalType):
        whole = f"{size // 12}-{size % 12}" if kind.first != kind.last else str(size // 12 if kind.first == 0 else size)
        return f"INTERVAL '{sign}{whole}' {name}"
    assert isinstance(kind, DayTimeIntervalType)
    sizes = (MICROS_PER_DAY, MICROS_PER_HOUR, MICROS_PER_MINUTE, MICROS_PER_SECOND)
    parts = []
    for place in range(kind.first, kind.last + 1):
        amount, size = divmod(size, sizes[place])
        parts.append(f"{amount}" if place == 0 else f"{amount:02}")
    if kind.last == 3 and size:
        parts[-1] += f".{size:06}".rstrip("0")
    text = parts[0] + " " + ":".join(parts[1:]) if kind.first == 0 and len(parts) > 1 else ":".join(parts)
    return f"INTERVAL '{sign}{text}' {name}"
