"""Columns, aliases, lateral names, and the names that Spark gives items without AS."""

from __future__ import annotations

import pytest
from sql_trees import parse, shown

from mabridge.errors import UnsupportedExpressionError
from mabridge.sql import ColumnRef, Item, Star, item_names, parse_statement, statement_from_json, statement_to_json

COLUMNS = [
    ("a", ("a",)),
    ("`a b`", ("a b",)),
    ("`a``b`", ("a`b",)),
    ("`select`", ("select",)),
    ("__THIS__.a", ("a",)),
    ("`__THIS__`.a", ("a",)),
    ("a.b.c.d.e.f", ("a", "b", "c", "d", "e", "f")),
    ("a . b", ("a", "b")),
    ("a.end", ("a", "end")),
    ("a.select.`x y`", ("a", "select", "x y")),
    ("case", ("case",)),
    ("case.x", ("case", "x")),
    ("interval", ("interval",)),
    ("date", ("date",)),
    ("timestamp", ("timestamp",)),
    ("values", ("values",)),
    ("a/* b */", ("a",)),
    ("a -- b\n", ("a",)),
    ("a /* x /* y */ z */", ("a",)),
    ("/**/a", ("a",)),
]


AUTOMATIC = [
    ("A", "A"),
    ("t.a", "a"),
    ("a.b.c", "c"),
    ("a+b*2", "(a + (b * 2))"),
    ("a || b", "concat(a, b)"),
    ("+a", "(+ a)"),
    ("-a", "(- a)"),
    ("-1", "-1"),
    ("1.50", "1.50"),
    ("2e3", "2000.0"),
    ("NOT a > 5", "(NOT (a > 5))"),
    ("a <> b", "(NOT (a = b))"),
    ("a IS NOT NULL", "(a IS NOT NULL)"),
    ("a BETWEEN 2 AND 3", "((a >= 2) AND (a <= 3))"),
    ("a IN (2, 3)", "(a IN (2, 3))"),
    ("CASE WHEN a THEN b ELSE c END", "CASE WHEN a THEN b ELSE c END"),
    ("CAST(a AS int)", "a"),
    ("TRY_CAST((A) AS decimal(5,2))", "A"),
    ("CAST(a + 1 AS int)", "CAST((a + 1) AS INT)"),
    ("CAST(CAST(a AS int) AS decimal(5,2))", "CAST(CAST(a AS INT) AS DECIMAL(5,2))"),
    ("CAST(a AS int) + 1", "(CAST(a AS INT) + 1)"),
    ("CAST(1 AS string)", "CAST(1 AS STRING)"),
    ("ABS(a)", "abs(a)"),
    ("'x'", "x"),
    ("DATE '2020-01-31'", "DATE '2020-01-31'"),
]


def names(items: str, rest: str = "") -> tuple[str, ...]:
    return item_names(parse_statement(f"SELECT {items} FROM __THIS__ {rest}"))


@pytest.mark.parametrize(("text", "parts"), COLUMNS)
def test_column_name_is_read_part_by_part(text: str, parts: tuple[str, ...]) -> None:
    assert parse(text) == ColumnRef(parts)


def test_table_alias_qualifies_columns_in_any_case_and_then_the_table_s_own_name_does_not() -> None:
    statement = parse_statement("SELECT T.a, u.b FROM __THIS__ AS t WHERE `t`.c > 0")
    assert [item.expression for item in statement.items if isinstance(item, Item)] == [ColumnRef(("a",)), ColumnRef(("u", "b"))]
    assert shown(statement.where) == "(> c 0)"  # type: ignore[arg-type]
    with pytest.raises(UnsupportedExpressionError, match=r"line 1, column 8 .*__THIS__ is no column"):
        parse_statement("SELECT __THIS__.a FROM __THIS__ t")


def test_alias_of_the_table_is_found_behind_is_distinct_from() -> None:
    statement = parse_statement("SELECT t.a IS DISTINCT FROM t.b AS x FROM __THIS__ t")
    (item,) = statement.items
    assert isinstance(item, Item)
    assert shown(item.expression) == "(not (<=> a b))"


def test_stars_stand_for_all_columns() -> None:
    assert parse_statement("SELECT * FROM __THIS__").items == (Star(),)
    assert parse_statement("select t.*, __this__ as x from __THIS__ T").items[0] == Star()
    assert parse_statement("SELECT __THIS__.* FROM __THIS__;").items == (Star(),)
    assert parse_statement("SELECT `t` . * FROM __THIS__ t;;").items == (Star(),)


@pytest.mark.parametrize(
    ("item", "name"),
    [
        ("a AS b", "b"),
        ("a b", "b"),
        ("a AS `b c`", "b c"),
        ("a `b c`", "b c"),
        ("a AS select", "select"),
        ("a AS 1b", "1b"),
        ("a 1b", "1b"),
        ("a AS Case", "Case"),
        ("1 all", "all"),
    ],
)
def test_item_takes_the_name_after_it(item: str, name: str) -> None:
    assert names(item) == (name,)


@pytest.mark.parametrize(("item", "name"), AUTOMATIC)
def test_item_without_a_name_is_named_as_spark_names_it(item: str, name: str) -> None:
    assert names(item) == (name,)


@pytest.mark.parametrize(
    ("item", "generated"),
    [
        ("a + 1", True),
        ("CAST(CAST(a AS int) AS string)", True),
        ("CAST('1' AS int)", True),
        ("a + 1 AS x", False),
        ("a", False),
        ("__THIS__.a", False),
        ("CAST(a AS int)", False),
        ("TRY_CAST(a AS int)", False),
        ("1", False),
        ("- 5", False),
        ("NULL", False),
    ],
)
def test_the_name_of_an_expression_alone_is_generated_and_stays_so_in_json(item: str, generated: bool) -> None:
    statement = parse_statement(f"SELECT {item} FROM __THIS__")
    (first,) = statement.items
    assert isinstance(first, Item)
    assert first.generated is generated
    assert statement_from_json(statement_to_json(statement)) == statement


def test_later_item_reads_an_earlier_one_by_its_name_in_any_case_and_where_does_not() -> None:
    statement = parse_statement("SELECT a + 1 AS Z, z * 2 AS y FROM __THIS__ WHERE z > 0")
    first, second = statement.items
    assert isinstance(first, Item)
    assert isinstance(second, Item)
    assert second.expression.children()[0] == ColumnRef(("z",), first.expression)
    assert statement.where is not None
    assert statement.where.children()[0] == ColumnRef(("z",))


@pytest.mark.parametrize(
    ("items", "message"),
    [
        ("a AS z, b AS Z, z + 1 AS y", "line 1, column 24 .*`z` is the name of 2 earlier items"),
        ("a AS z, z + 1", "line 1, column 16 .*This item reads another item's name"),
        ("b AS y, a = 1", "line 1, column 16 .*Spark names this item by the types of its columns"),
        ("a AS __THIS__", "__THIS__ is no name for a column"),
        ("a AS `x__THIS__`", "__THIS__ is no name for a column"),
        ("__THIS__", "line 1, column 8 .*__THIS__ is no column"),
        ("x__THIS__", "line 1, column 8 .*__THIS__ is no column"),
        ("a.__THIS__", "__THIS__ is no column"),
    ],
)
def test_name_that_is_not_certain_is_refused_where_it_stands(items: str, message: str) -> None:
    with pytest.raises(UnsupportedExpressionError, match=message):
        parse_statement(f"SELECT {items} FROM __THIS__")
