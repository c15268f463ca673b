"""Functions of JSON beside Spark's recorded answers: name, type and values, and what Spark refuses is refused."""

from __future__ import annotations

from typing import Any

import pytest
from json_cases import EXPRESSIONS, FILE
from recorded_tables import Table, answer, assert_rows_one_by_one_give_the_same, differs
from recording import recorded

RECORDED = recorded(FILE)
TABLES = {name: Table.of(columns) for name, columns in RECORDED["tables"].items()}
CASES = [(table, text) for table, texts in EXPRESSIONS.items() for text in texts]
#: What Spark answers and mabridge refuses, by name, with the reason.
REFUSED = {
    ("texts", "from_json(j, 'a DATE')"): "does not read date here",
    ("malformed", "from_json(j, 'a INT, b STRING')"): "is no JSON inside of the value of `a`",
    ("malformed", "from_json(j, 'MAP<STRING,STRING>')"): "is no JSON inside of the value of `a`",
    ("malformed", "from_json(j, 'a ARRAY<STRUCT<b: INT>>, b STRING')"): "is no JSON inside of the value of `a`",
}


def test_every_expression_is_recorded_and_nothing_else() -> None:
    assert [(table, text) for table, texts in RECORDED["answers"].items() for text in texts] == CASES


@pytest.mark.parametrize("ansi", [False, True], ids=["lenient", "ansi"])
@pytest.mark.parametrize(("table", "text"), CASES, ids=[text for _, text in CASES])
def test_the_answer_is_sparks(table: str, text: str, ansi: bool) -> None:
    spark: Any = RECORDED["answers"][table][text]
    if ansi:
        spark = RECORDED["ansi"][table].get(text, spark)
    ours = answer(TABLES[table], text, ansi=ansi)
    if (table, text) in REFUSED:
        assert spark is not None
        assert isinstance(ours, str)
        assert REFUSED[table, text] in ours
    else:
        assert not differs(ours, spark)


@pytest.mark.parametrize(("table", "text"), CASES, ids=[text for _, text in CASES])
def test_rows_one_by_one_give_what_they_give_together(table: str, text: str) -> None:
    assert_rows_one_by_one_give_the_same(TABLES[table], text)
