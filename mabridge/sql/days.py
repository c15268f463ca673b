"""Days, months and years of the proleptic Gregorian calendar on numpy arrays, as java.time has them; no year is out of range."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Longs = npt.NDArray[np.int64]

MICROS_PER_SECOND = 1_000_000
MICROS_PER_MINUTE = 60 * MICROS_PER_SECOND
MICROS_PER_HOUR = 60 * MICROS_PER_MINUTE
MICROS_PER_DAY = 24 * MICROS_PER_HOUR
#: Days of 400 years, after which the calendar repeats.
DAYS_PER_CYCLE = 146_097
#: The largest year of java.time; dates beyond it do not exist there.
MAX_YEAR = 999_999_999

_MONTH_DAYS = np.array([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31], dtype=np.int64)
_BEFORE_MONTH = np.array([0, 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334], dtype=np.int64)


def civil_of(days: npt.NDArray[Any]) -> tuple[Longs, Longs, Longs]:
    """Year, month (1 to 12) and day of the month of days since 1970-01-01; any shape."""
    # Years begin in March, so that the leap day is a year's last.
    shifted = days.astype(np.int64) + 719_468
    cycle = shifted // DAYS_PER_CYCLE
    in_cycle = shifted - cycle * DAYS_PER_CYCLE
    year_of_cycle = (in_cycle - in_cycle // 1460 + in_cycle // 36_524 - in_cycle // 146_096) // 365
    in_year = in_cycle - (365 * year_of_cycle + year_of_cycle // 4 - year_of_cycle // 100)
    from_march = (5 * in_year + 2) // 153
    day = in_year - (153 * from_march + 2) // 5 + 1
    month = np.where(from_march < 10, from_march + 3, from_march - 9)
    return year_of_cycle + cycle * 400 + (month <= 2), month, day


def days_of(year: npt.NDArray[Any], month: npt.NDArray[Any], day: npt.NDArray[Any]) -> Longs:
    """Days since 1970-01-01 of a date; the month lies within 1 to 12, the day is added as it is."""
    years = year.astype(np.int64) - (month <= 2)
    cycle = years // 400
    year_of_cycle = years - cycle * 400
    from_march = np.where(month > 2, month - 3, month + 9)
    in_year = (153 * from_march + 2) // 5 + day - 1
    found: Longs = cycle * DAYS_PER_CYCLE + year_of_cycle * 365 + year_of_cycle // 4 - year_of_cycle // 100 + in_year - 719_468
    return found


def is_leap(year: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
    """Whether a year has 366 days."""
    found: npt.NDArray[np.bool_] = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    return found


def month_length(year: npt.NDArray[Any], month: npt.NDArray[Any]) -> Longs:
    """How many days a month has."""
    found: Longs = _MONTH_DAYS[month] + ((month == 2) & is_leap(year))
    return found


def exists(year: npt.NDArray[Any], month: npt.NDArray[Any], day: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
    """Whether there is such a date in java.time."""
    in_year = (np.abs(year) <= MAX_YEAR) & (month >= 1) & (month <= 12)
    found: npt.NDArray[np.bool_] = in_year & (day >= 1) & (day <= month_length(year, np.where(in_year, month, 1)))
    return found


def add_months(days: npt.NDArray[Any], months: npt.NDArray[Any]) -> Longs:
    """Days moved by months; a day that the month does not have becomes the month's last (LocalDate.plusMonths)."""
    year, month, day = civil_of(days)
    total = year * 12 + (month - 1) + months.astype(np.int64)
    year, month = total // 12, total % 12 + 1
    return days_of(year, month, np.minimum(day, month_length(year, month)))


def day_of_year(days: npt.NDArray[Any]) -> Longs:
    """From 1."""
    year, month, day = civil_of(days)
    found: Longs = _BEFORE_MONTH[month] + day + ((month > 2) & is_leap(year))
    return found


def weekday(days: npt.NDArray[Any]) -> Longs:
    """Monday is 0."""
    return (days.astype(np.int64) + 3) % 7


def iso_week(days: npt.NDArray[Any]) -> tuple[Longs, Longs]:
    """Year and week by ISO 8601: the week of its Thursday."""
    thursday = days.astype(np.int64) - weekday(days) + 3
    year, _, _ = civil_of(thursday)
    one = np.ones_like(year)
    return year, (thursday - days_of(year, one, one)) // 7 + 1
