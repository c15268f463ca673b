"""Days of the calendar and time zones beside Python's own, and the ids that java.time knows."""

from __future__ import annotations

import datetime as dt
import zoneinfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mabridge.sql.days import add_months, civil_of, day_of_year, days_of, iso_week
from mabridge.sql.zones import UnknownZoneError, start_of_days, zone_named

EPOCH = dt.date(1970, 1, 1)
NAMES = ["America/New_York", "Europe/London", "Asia/Kolkata", "Australia/Lord_Howe", "America/Sao_Paulo", "Africa/Casablanca", "Europe/Dublin", "Asia/Tehran"]


@given(st.dates())
def test_a_day_is_taken_apart_and_put_together_as_python_does(day: dt.date) -> None:
    days = np.array([(day - EPOCH).days])
    year, month, of_month = civil_of(days)
    assert (year[0], month[0], of_month[0]) == (day.year, day.month, day.day)
    assert days_of(year, month, of_month)[0] == days[0]
    assert day_of_year(days)[0] == day.timetuple().tm_yday
    assert tuple(int(part[0]) for part in iso_week(days)) == day.isocalendar()[:2]


@pytest.mark.parametrize("name", NAMES)
def test_offsets_are_those_of_pythons_zoneinfo_through_all_its_years(name: str) -> None:
    seconds = np.random.default_rng(0).integers(-62_000_000_000, 253_000_000_000, 2000)
    python = zoneinfo.ZoneInfo(name)
    start = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
    wanted = [(start + dt.timedelta(seconds=second)).astimezone(python).utcoffset() for second in seconds.tolist()]
    assert zone_named(name).offset_at(seconds * 1_000_000).tolist() == [offset.total_seconds() for offset in wanted if offset is not None]


def test_changes_repeat_beyond_the_years_that_are_written_out() -> None:
    zone = zone_named("America/New_York")
    cycle = 146_097 * 86_400_000_000
    summer = 1_593_600_000_000_000
    assert zone.offset_at(np.array([summer + 100 * cycle, summer + 100 * cycle + 184 * 86_400_000_000])).tolist() == [-14_400, -18_000]


def test_a_day_that_begins_in_a_gap_begins_with_the_change() -> None:
    # Toronto's clocks went from 23:30 on 30 March 1919 to 00:30.
    day = (dt.date(1919, 3, 31) - EPOCH).days
    assert start_of_days(np.array([day]), zone_named("America/Toronto")).tolist() == [-1_601_753_400_000_000]


@pytest.mark.parametrize(
    ("name", "zone", "offset"),
    [
        ("Z", "Z", 0),
        ("+5:30", "+05:30", 19_800),
        ("-08:3", "-08:03", -28_980),
        ("UTC+01", "UTC+01:00", 3600),
        ("GMT-1", "GMT-01:00", -3600),
        ("EST", "-05:00", -18_000),
    ],
)
def test_offsets_have_java_s_ids(name: str, zone: str, offset: int) -> None:
    found = zone_named(name)
    assert (found.id, found.offsets.tolist(), found.is_fixed) == (zone, [offset], True)


@pytest.mark.parametrize("name", ["", "foo", "+19:00", "+1:2:3", "../UTC", "/etc/localtime", "America", "posix/UTC", "Europe/../UTC", "utc", "+05:60", "UTC+"])
def test_what_is_no_zone_of_java_s_is_refused(name: str) -> None:
    with pytest.raises(UnknownZoneError):
        zone_named(name)


def test_a_day_that_the_month_has_not_becomes_its_last() -> None:
    days = np.array([(dt.date(2020, 1, 31) - EPOCH).days])
    assert [int(add_months(days, np.array([by]))[0]) for by in (1, 13, -2)] == [
        (dt.date(*end) - EPOCH).days for end in ((2020, 2, 29), (2021, 2, 28), (2019, 11, 30))
    ]
