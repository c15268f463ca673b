"""The kernels answer what the slow definitions do, for fitted numbers and rows that Hypothesis draws."""

from __future__ import annotations

import json
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

import mabridge
from compat_tests.catalogue.read import catalogue
from compat_tests.definitions.core import Definition, DroppedError, Fitted, RefusedError, Row, difference, read_fitted, rows_of
from compat_tests.definitions.drawn import CHANGES, drawn_rows
from compat_tests.definitions.table import DEFINITIONS, WITHOUT
from compat_tests.definitions.test_recorded import BEYOND, cases, name_of
from compat_tests.replay import spark_table
from mabridge.errors import InvalidInputError, MalformedModelError, MissingColumnError
from mabridge.model import Model

#: Recorded stages that each class's draws start from, spread over its cases, and draws of each class.
TEMPLATES = 10
EXAMPLES = 12
#: Larger stages and rows would take long and show no more.
LARGEST = 400
_DRAWN = ("vector", "double", "float", "int", "bigint", "smallint", "tinyint", "string", "boolean", "array<string>")


@cache
def templates(spark_class: str) -> list[Path]:
    """Recorded cases of a class that draws can start from: all columns asked for, no ANSI, column types that are drawn, few numbers."""
    found = [folder for folder in cases(spark_class) if name_of(folder) not in BEYOND and _fits(folder)]
    return [found[place * len(found) // TEMPLATES] for place in range(TEMPLATES)] if len(found) > TEMPLATES else found


def _fits(folder: Path) -> bool:
    case = json.loads((folder / "case.json").read_text(encoding="utf-8"))
    if case["columns"] is not None or case["ansi"] or case["case_sensitive"]:
        return False
    _, table, stage = recorded(folder)
    rows = rows_of(table)
    small = _numbers(list(stage.tables.values())) <= LARGEST and all(size <= 12 for row in rows[:1] for size in row.sizes.values())
    return bool(rows) and small and all(kind in _DRAWN for kind in rows[0].types.values())


def _numbers(value: Any) -> int:
    """How many numbers there are."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return sum(map(_numbers, inner)) if inner else 1


@cache
def recorded(folder: Path) -> tuple[dict[str, Any], pa.Table, Fitted]:
    """A case, its input and its stage."""
    return json.loads((folder / "case.json").read_text(encoding="utf-8")), spark_table(folder / "input.parquet"), read_fitted(folder / "model")


def _known(stage: Fitted) -> list[Any]:
    """The texts in the stage's tables and params: its labels and words."""

    def texts(value: Any) -> list[str]:
        if isinstance(value, dict):
            return [text for item in value.values() for text in texts(item)]
        return [text for item in value for text in texts(item)] if isinstance(value, list) else [value] if isinstance(value, str) else []

    return texts([row for table in stage.tables.values() for row in table]) + texts(stage.params.get("stopWords", []))[:20]


@pytest.mark.parametrize("spark_class", DEFINITIONS, ids=lambda name: name.rpartition(".")[2])
@settings(max_examples=EXAMPLES, derandomize=True)
@given(data=st.data())
def test_the_kernel_answers_what_the_definition_does(spark_class: str, data: st.DataObject) -> None:
    folder = data.draw(st.sampled_from(templates(spark_class)))
    case, table, stage = recorded(folder)
    change = CHANGES.get(spark_class.rpartition(".")[2])
    if change is not None:
        stage = change(data.draw, stage)
    given_rows = drawn_rows(data.draw, table, rows_of(table)[0].sizes, _known(stage))
    if spark_class.endswith("OneHotEncoderModel"):
        # What the recorded data declares of its columns holds for the recorded numbers.
        given_rows = given_rows.replace_schema_metadata(None)
    with tempfile.TemporaryDirectory() as scratch:
        stage.write(Path(scratch) / "model")
        try:
            model = mabridge.convert(Path(scratch) / "model", as_spark=case["spark_version"], time_zone=case["time_zone"])
        except MalformedModelError as error:
            # The numbers drawn are beside params of the recorded stage that Spark does not take with them.
            if "Spark refuses this too" not in str(error):
                raise
            reject()
    check(model, DEFINITIONS[spark_class](stage), given_rows)


def check(model: Model, define: Definition, table: pa.Table) -> None:
    """Rows that the definition takes: the kernel gives the same. Rows that it drops are gone. Each row that it refuses is refused, on its own too."""
    taken: list[int] = []
    expected: list[dict[str, Any]] = []
    for place, row in enumerate(rows_of(table)):
        try:
            expected.append(define(row))
            taken.append(place)
        except DroppedError:
            taken.append(place)
        except RefusedError:
            with pytest.raises((InvalidInputError, MissingColumnError)):
                transform(model, table.slice(place, 1))
    if not taken and table.num_rows:
        return
    out = transform(model, table.take(pa.array(taken, pa.int64())))
    found = rows_of(out)
    assert len(found) == len(expected)
    for place, (answer, row) in enumerate(zip(expected, found, strict=True)):
        for name, value in answer.items():
            assert difference(value, Row(row.values, row.types, row.sizes)[name]) is None, f"row {place}, {name}: {difference(value, row[name])}"


def transform(model: Model, table: pa.Table) -> pa.Table:
    found = model.transform(table)
    assert isinstance(found, pa.Table)
    return found


def test_every_class_of_the_catalogue_has_a_definition_or_a_reason() -> None:
    assert not set(DEFINITIONS) & set(WITHOUT)
    assert set(DEFINITIONS) | set(WITHOUT) == set(catalogue())
    assert all(WITHOUT.values())


def test_every_definition_is_held_to_recorded_cases_and_drawn_from_some() -> None:
    without = [name for name in DEFINITIONS if not templates(name)]
    assert without == []
