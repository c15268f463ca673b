"""Functions of dates, timestamps and intervals beside the recorded answers of Spark 3.5.7: names, types and values, and what Spark refuses."""

from __future__ import annotations

import json
import re
import time
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any, NoReturn

import numpy as np
import pyarrow as pa
import pytest
from date_cases import COLUMNS, CONSTANTS, Answer, cells, expressions, recorded, table

import mabridge
from mabridge.errors import InvalidInputError, MabridgeError, UnsupportedExpressionError
from mabridge.lower.columns import Column, ScalarColumn
from mabridge.plan.op import StageRef
from mabridge.plan.reference import Reference
from mabridge.plan.types import DataType, from_arrow
from mabridge.sql import Item, TypedExpression, evaluate, expression_from_json, expression_to_json, parse_statement, resolve
from mabridge.sql.names import Place, has_doubtful_name, show

ANSWERS = recorded()
STAGE = StageRef("stages[0]", "sql", "SQLTransformer")
#: Spark answers by the day on which it runs, or by rules that mabridge refuses by name.
REFUSED_HERE = re.compile(r"cast\(interval 1.5 second as decimal.*|to_timestamp\('2020-01-05 10:11:12 foo'.*|from_unixtime\(1.9\)")


@dataclass(frozen=True)
class Known:
    """A column of the table."""

    name: str
    id: str
    kind: DataType


@dataclass
class Rows:
    """A table as scope and as batch."""

    data: pa.Table
    columns_by_id: dict[str, Column] = field(init=False)

    def __post_init__(self) -> None:
        self.columns_by_id = {}
        for column in self.columns():
            self.columns_by_id[column.id] = ScalarColumn.of_arrow(column.kind, pa.concat_arrays(self.data.column(column.name).chunks))

    def columns(self) -> tuple[Known, ...]:
        return tuple(Known(column.name, column.name, from_arrow(column.name, column.type)) for column in self.data.schema)

    def lookup(self, name: str) -> Known | None:
        return next((column for column in self.columns() if column.name == name.lower()), None)


@dataclass
class Batch:
    """The rows of a table."""

    rows: Rows

    @property
    def columns(self) -> dict[str, Column]:
        return self.rows.columns_by_id

    @property
    def num_rows(self) -> int:
        return int(self.rows.data.num_rows)

    def refuse_row(self, stage: StageRef, column_id: str, row: int, reason: str) -> NoReturn:
        raise InvalidInputError(f"{stage}: row {row} of {column_id}: {reason}")


def item_of(text: str) -> Item:
    (item,) = parse_statement(f"SELECT {text} FROM __THIS__", (3, 5)).items
    assert isinstance(item, Item)
    return item


def values_of(typed: TypedExpression, rows: Rows) -> list[Any]:
    column = evaluate(typed, Batch(rows), STAGE)
    assert isinstance(column, ScalarColumn)
    return cells(column.arrow)


def run(text: str, rows: Rows, zone: str, *, ansi: bool, version: str = "3.5.7") -> tuple[str, str, list[Any]]:
    reference = Reference(version, ansi=ansi, time_zone=zone)
    item = item_of(text)
    typed = resolve(item.expression, rows, reference)
    place = Place(lambda part: resolve(part, rows, reference).kind, zone)
    name = show(item.expression, place) if has_doubtful_name(item.expression) else item.name
    return name, str(typed.kind), values_of(typed, rows)


TABLE = Rows(table())
ONE = Rows(pa.table({"one": [1]}))


def check(answer: Answer) -> str | None:
    """What differs, None where nothing does."""
    try:
        found = run(answer.expression, TABLE if answer.of_columns else ONE, answer.zone, ansi=answer.ansi)
    except (InvalidInputError, UnsupportedExpressionError) as error:
        return None if answer.values is None or REFUSED_HERE.fullmatch(answer.expression) else f"{answer.expression}: refused: {error}"
    if answer.values is None:
        return f"{answer.expression}: Spark refuses it, we give {found}"
    wanted = answer.name, answer.kind, answer.values
    if found[:2] != wanted[:2]:
        return f"{answer.expression}: {found[:2]} where Spark says {wanted[:2]}"
    rows = [
        f"{place}: {ours!r}, Spark {theirs!r}" for place, (ours, theirs) in enumerate(zip(found[2], answer.values, strict=True)) if repr(ours) != repr(theirs)
    ]
    return f"{answer.expression}: {'; '.join(rows)}" if rows else None


@pytest.mark.parametrize(("zone", "ansi"), CONSTANTS)
def test_expressions_of_constants_are_sparks_in_each_session(zone: str, ansi: bool) -> None:
    answers = [answer for answer in ANSWERS if (answer.zone, answer.ansi, answer.of_columns) == (zone, ansi, False)]
    assert [answer.expression for answer in answers] == expressions("date_expressions.txt")
    wrong = [text for answer in answers if (text := check(answer)) is not None]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(("zone", "ansi"), COLUMNS)
def test_expressions_of_columns_are_sparks_in_each_zone(zone: str, ansi: bool) -> None:
    answers = [answer for answer in ANSWERS if (answer.zone, answer.ansi, answer.of_columns) == (zone, ansi, True)]
    assert [answer.expression for answer in answers] == expressions("date_columns.txt")
    assert all(answer.values is not None for answer in answers)
    wrong = [text for answer in answers if (text := check(answer)) is not None]
    assert not wrong, "\n".join(wrong)


BY_PATTERN: dict[str, list[Answer]] = defaultdict(list)
for _answer in ANSWERS:
    _match = re.fullmatch(r"to_timestamp\('([^']*)', '(.*)'\)", _answer.expression)
    if _match and _answer.zone == "America/New_York" and not REFUSED_HERE.fullmatch(_answer.expression):
        BY_PATTERN[_match[2]].append(_answer)


@pytest.mark.parametrize("pattern", BY_PATTERN)
def test_a_column_of_texts_is_parsed_as_each_of_them_and_the_rows_that_spark_refuses_are(pattern: str) -> None:
    texts = [re.findall(r"to_timestamp\('([^']*)'", answer.expression)[0] for answer in BY_PATTERN[pattern]]
    kept = [text for text, answer in zip(texts, BY_PATTERN[pattern], strict=True) if answer.values is not None]
    wanted = [answer.values[0] for answer in BY_PATTERN[pattern] if answer.values is not None]
    expression = f"to_timestamp(s, '{pattern}')"
    if kept:
        _, _, found = run(expression, Rows(pa.table({"s": [*kept, None, *kept]})), "America/New_York", ansi=False)
        assert found == [*wanted, None, *wanted]
    for text in set(texts) - set(kept):
        with pytest.raises(MabridgeError):
            run(expression, Rows(pa.table({"s": [*kept, text]})), "America/New_York", ansi=False)


def test_spark_4_gives_null_where_spark_3_refuses_what_the_old_parser_would_have_read() -> None:
    rows = Rows(pa.table({"s": ["2020-1-5", "2020-01-05"]}))
    with pytest.raises(InvalidInputError, match="Spark 2's parser"):
        run("to_date(s, 'yyyy-MM-dd')", rows, "UTC", ansi=False)
    assert run("to_date(s, 'yyyy-MM-dd')", rows, "UTC", ansi=False, version="4.0.0")[2] == [None, 18266]


def test_each_row_may_have_a_pattern_of_its_own() -> None:
    rows = Rows(pa.table({"s": ["2020-01-05", "05.01.2020", "05.01.2020", None], "p": ["yyyy-MM-dd", "dd.MM.yyyy", None, "yyyy"]}))
    assert run("to_date(s, p)", rows, "UTC", ansi=False)[2] == [18266, 18266, None, None]
    assert run("date_format(DATE '2020-01-05', p)", rows, "UTC", ansi=False)[2] == ["2020-01-05", "05.01.2020", None, "2020"]
    assert run("to_date(s, '')", Rows(pa.table({"s": ["2020", "foo"]})), "UTC", ansi=False)[2] == [None, None]
    bad = Rows(pa.table({"s": ["2020-01-05", "2020-01-05"], "p": ["yyyy-MM-dd", "YYYY"]}))
    with pytest.raises(InvalidInputError, match=r"row 1 .*the letter Y"):
        run("to_date(s, p)", bad, "UTC", ansi=False)


@pytest.mark.parametrize("text", ["now", " Today ", "tomorrow UTC", "yesterday"])
def test_words_for_the_time_of_the_run_are_refused_by_name(text: str) -> None:
    for expression in (f"CAST('{text}' AS TIMESTAMP)", f"TIMESTAMP '{text}'", f"year('{text}')"):
        with pytest.raises(UnsupportedExpressionError, match="the time at which the job runs"):
            run(expression, ONE, "UTC", ansi=False)


def test_a_time_without_a_date_is_refused_where_spark_adds_the_day_of_the_run() -> None:
    rows = Rows(pa.table({"s": ["2020-01-01", "10:30"]}))
    for expression in ("CAST(s AS TIMESTAMP)", "TRY_CAST(s AS TIMESTAMP)", "try_to_timestamp(s)", "hour(s)"):
        with pytest.raises(InvalidInputError, match=r"row 1 .*a time without a date"):
            run(expression, rows, "UTC", ansi=False)
    # Only a row in which the cast is evaluated is refused.
    assert run("CASE WHEN length(s) > 5 THEN CAST(s AS TIMESTAMP) END", rows, "UTC", ansi=False)[2] == [1577836800000000, None]


@pytest.mark.parametrize("expression", ["unix_timestamp()", "to_date(s, 'yyyy-MM-dd z')", "CAST(s AS INTERVAL)", "make_interval(1)"])
def test_what_is_not_exact_is_refused_by_name(expression: str) -> None:
    with pytest.raises(UnsupportedExpressionError):
        run(expression, TABLE, "UTC", ansi=False)


def test_many_timestamps_are_written_and_read_back_without_a_loop_over_rows() -> None:
    micros = np.arange(200_000, dtype=np.int64) * 1_037_000_017
    data = Rows(pa.table({"t": pa.array(micros).view(pa.timestamp("us", tz="UTC"))}))
    start = time.perf_counter()
    texts = run("CAST(t AS STRING)", data, "UTC", ansi=False)[2]
    back = run("CAST(s AS TIMESTAMP)", Rows(pa.table({"s": texts})), "UTC", ansi=False)[2]
    assert time.perf_counter() - start < 10
    assert back == micros.tolist()


@pytest.mark.parametrize(
    "text", ["TIMESTAMP_NTZ '2020-01-01 00:00:00.5'", "INTERVAL '-1-2' YEAR TO MONTH", "INTERVAL 36 HOURS", "TIMESTAMP '2020-01-01 00:00:00'"]
)
def test_literals_of_times_are_stored_and_read_back(text: str) -> None:
    expression = item_of(text).expression
    assert expression_from_json(json.loads(json.dumps(expression_to_json(expression)))) == expression


def test_an_interval_is_divided_by_whole_numbers_half_away_from_zero_and_refused_where_a_product_is_too_long() -> None:
    rows = Rows(pa.table({"i": pa.array([2, -2, 3, 5, None], pa.int32())}))
    assert run("INTERVAL 5 MONTH / i", rows, "UTC", ansi=False)[2] == [3, -3, 2, 1, None]
    assert run("INTERVAL -5 MONTH * i", rows, "UTC", ansi=False)[2] == [-10, 10, -15, -25, None]
    for expression in ("INTERVAL 2000000000 MONTH * i", "INTERVAL 100000000 DAY * i", "INTERVAL 1 DAY / (i - 2)"):
        with pytest.raises(InvalidInputError, match="row 0 of"):
            run(expression, rows, "UTC", ansi=False)


def test_timestamps_reach_from_the_first_to_the_last_microsecond() -> None:
    table = pa.table({"n": [2**63 - 1, -(2**63)]})
    model = mabridge.sql("SELECT unix_micros(timestamp_micros(n)) AS x FROM __THIS__")
    assert model.transform(table)["x"].to_pylist() == [2**63 - 1, -(2**63)]


def test_days_that_are_no_whole_number_are_refused_as_in_spark() -> None:
    table = pa.table({"d": pa.array([0], pa.date32())})
    assert mabridge.sql("SELECT date_add(d, '5') AS x FROM __THIS__").transform(table)["x"].cast(pa.int32()).to_pylist() == [5]
    for text in ("x", "5.7", ""):
        with pytest.raises(InvalidInputError, match="no whole number; Spark refuses this too"):
            mabridge.sql(f"SELECT date_add(d, '{text}') AS x FROM __THIS__").transform(table)
