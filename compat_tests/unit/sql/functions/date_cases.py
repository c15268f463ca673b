"""Expressions of dates, timestamps and intervals, a table of hard values, and Spark's answers to them in data/dates.json.

`python compat_tests/unit/sql/functions/record_dates.py` asks Spark 3.5.7 and writes the answers anew. Dates are days, timestamps and intervals of days
microseconds, intervals of months months, decimals text.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

DATA = Path(__file__).with_name("data")
ANSWERS = DATA / "dates.json"
#: (time zone, ANSI) of the sessions in which expressions of constants are asked.
CONSTANTS = (("UTC", False), ("America/New_York", False), ("America/Toronto", True))
#: The same for expressions of columns; nothing in the table is refused there.
COLUMNS = (("America/New_York", False), ("Europe/London", False), ("Asia/Kolkata", False))

_DATES = (
    "1970-01-01|2000-02-29|2020-03-08|2020-11-01|1999-12-31|2021-01-03|1582-10-04|1582-10-15|0001-01-01|1900-02-28|1919-03-31|9999-12-31|1883-11-18|2024-12-30"
)
_TIMES = (
    "1970-01-01 00:00:00|2020-03-08 06:59:59.999999|2020-03-08 07:00:00|2020-11-01 05:30:00|2020-11-01 06:30:00|1969-12-31 23:59:59.5|"
    "1883-11-18 17:00:00|1883-11-18 16:00:00.25|0001-01-01 05:00:00|9999-12-31 23:59:59|2400-07-01 12:00:00|1919-03-31 04:45:00|"
    "2020-03-29 01:30:00|1941-10-01 00:00:00"
)
_WALLS = (
    "2020-03-08 02:30:00|2020-11-01 01:30:00|1970-01-01 00:00:00.000001|2019-02-28 23:59:59.999999|0001-01-01 00:00:00|9999-12-31 00:00:00|"
    "1883-11-18 12:00:00|2020-03-29 01:30:00|2020-10-25 01:30:00|1999-12-31 12:00:00|1850-06-15 08:00:00|2100-01-31 00:00:00|"
    "2021-05-05 05:05:05.5|1582-10-10 00:00:00"
)
_TEXTS = (
    "2020-03-08|2020-03-08 02:30:00|2020-11-01T01:30:00.123456789|2020-1-2 3:4:5.5 PST|foo|2020-02-30|  2020-01-02 10  |2020|2020-13|-0044-03-15|"
    "2020-01-02 25:00:00|2020-01-02 03:04:05Europe/Berlin|12345-01-01|"
)


def _micros(text: str) -> int:
    return (dt.datetime.fromisoformat(text) - dt.datetime(1970, 1, 1)) // dt.timedelta(microseconds=1)


def table() -> pa.Table:
    """The table of hard values; the last row is null."""
    days = [(dt.date.fromisoformat(text) - dt.date(1970, 1, 1)).days for text in _DATES.split("|")]
    levels = ["year", "MM", "week", "day", "HOUR", "foo", "Mon", "SUNDAY", "tu", "quarter", "yy", "second", "MILLISECOND", "dd"]
    zones = [
        "UTC",
        "PST",
        "America/New_York",
        "Europe/London",
        "+05:30",
        "-3:30",
        "Asia/Kolkata",
        "GMT+1",
        "UTC-02:00",
        "Z",
        "Australia/Lord_Howe",
        "EST",
        "CET",
        "JST",
    ]
    numbers = [0, 1, -1, 2, 12, 13, -13, 29, 31, 100, -100, 366, 5, 7]
    doubles = [0.0, 1.5, 2.25, 3.123456, 59.999999, 0.1, 30.0, 1.0, 12.0, 45.000001, 7.7, 8.0, 9.9, 10.0]
    columns = {
        "d": pa.array([*days, None], pa.int32()).view(pa.date32()),
        "t": pa.array([*map(_micros, _TIMES.split("|")), None], pa.int64()).view(pa.timestamp("us", tz="UTC")),
        "n": pa.array([*map(_micros, _WALLS.split("|")), None], pa.int64()).view(pa.timestamp("us")),
        "s": pa.array([*_TEXTS.split("|"), None], pa.string()),
        "w": pa.array([*levels, None], pa.string()),
        "z": pa.array([*zones, None], pa.string()),
        "i": pa.array([*numbers, None], pa.int32()),
        "x": pa.array([*doubles, None], pa.float64()),
    }
    return pa.table(columns)


@dataclass(frozen=True)
class Answer:
    """What Spark says to one expression.

    Attributes:
        expression: as written.
        zone, ansi: of the session.
        of_columns: whether it reads the table.
        name, kind, values: the column's; no values where Spark refuses the expression.
    """

    expression: str
    zone: str
    ansi: bool
    of_columns: bool
    name: str = ""
    kind: str = ""
    values: list[Any] | None = None


def expressions(file: str) -> list[str]:
    """The expressions of a file, one a line."""
    return [line for line in (DATA / file).read_text().splitlines() if line and not line.startswith("#")]


def cells(array: pa.Array) -> list[Any]:
    """Values as JSON has them."""
    if pa.types.is_date32(array.type):
        return array.view(pa.int32()).to_pylist()
    if pa.types.is_temporal(array.type):
        return array.view(pa.int64()).to_pylist()
    return [str(value) if pa.types.is_decimal(array.type) and value is not None else value for value in array.to_pylist()]


def recorded() -> list[Answer]:
    """The recorded answers."""
    return [Answer(*entry) for entry in json.loads(ANSWERS.read_text())]
