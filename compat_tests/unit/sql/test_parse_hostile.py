"""Statements are untrusted: any text gives a statement or a refusal, in bounded time and depth."""

from __future__ import annotations

import sys

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sql_trees import parse, shown

from mabridge.errors import UnsupportedExpressionError
from mabridge.sql import Item, Star, Statement, parse_statement
from mabridge.sql.source import MAX_LENGTH

_WORDS = """
    SELECT FROM WHERE __THIS__ AS a b c t 1 1.5 2e3 .5 1L 'x' "y" `z` r'q' n'q' X'1' ( ( ) ) , , . * + - / % = == <=> <> != < > !< ! ~ & | ^ || -> => :: [
    ] { } ; : ? @ $ # \\ ' " ` /* */ /*+ -- \n \r \t AND OR NOT IN BETWEEN LIKE ILIKE RLIKE REGEXP IS NULL TRUE FALSE DISTINCT ALL ANY ESCAPE CASE WHEN
    THEN ELSE END CAST TRY_CAST int decimal(3,1) DIV INTERVAL EXISTS OVER FILTER WITH VALUES GROUP BY ORDER LIMIT UNION JOIN LATERAL abs lower coalesce if
    sum count 0x1F é \xa0 \x00 😀 \ud800 {# {{ {%
"""
words = st.sampled_from([*_WORDS.split(" "), "\n", "--\\\n"])
soup = st.lists(words, max_size=25).map(" ".join) | st.lists(words, max_size=25).map("".join)
texts = soup | st.text(max_size=40) | soup.map(lambda text: f"SELECT {text} FROM __THIS__") | soup.map(lambda text: f"SELECT a FROM __THIS__ {text}")


@settings(max_examples=1500, deadline=None)
@given(texts)
@example("SELECT " + "\\" * 5)
@example("SELECT 'a\\")
@example("/*")
@example("SELECT a.")
@example("SELECT .")
@example("SELECT cast(")
@example("SELECT abs(")
@example("SELECT `cast`(a AS int) FROM __THIS__")
def test_any_text_gives_a_statement_or_a_refusal(text: str) -> None:
    try:
        found = parse_statement(text).items
    except UnsupportedExpressionError as error:
        found = (error,)
    assert found
    assert isinstance(found[0], (Item, Star)) or str(found[0]).startswith("SQL statement, line ")


NESTS = {
    "parentheses": ("(", "a", ")"),
    "calls": ("if(a = 1, 1, ", "0", ")"),
    "cases": ("CASE WHEN a THEN b ELSE ", "0", " END"),
    "differences": ("a - (", "a", ")"),
    "options": ("a IN (", "a", ")"),
    "casts": ("CAST(", "a", " AS int)"),
}


@pytest.mark.parametrize("nest", NESTS)
def test_ninety_nested_parts_are_read_and_two_thousand_refused(nest: str) -> None:
    opening, inside, closing = NESTS[nest]
    assert inside in shown(parse(opening * 90 + inside + closing * 90))
    with pytest.raises(UnsupportedExpressionError, match="nests deeper than 100 parentheses, calls and CASEs; split it over several SQLTransformers"):
        parse(opening * 2_000 + inside + closing * 2_000)


@pytest.mark.parametrize(
    ("sign", "message"), [("- ", "More than 200 signs"), ("NOT ", "More than 200 NOTs"), ("! ", "More than 200 NOTs"), ("+", "More than 200 signs")]
)
def test_too_many_signs_are_refused(sign: str, message: str) -> None:
    assert parse(sign * 150 + "a")
    with pytest.raises(UnsupportedExpressionError, match=message):
        parse(sign * 20_000 + "a")


@pytest.mark.parametrize("operator", [" + ", " = ", " || ", "*"])
def test_chain_that_makes_too_deep_a_tree_is_refused(operator: str) -> None:
    assert parse(operator.join(["a"] * 199))
    with pytest.raises(UnsupportedExpressionError, match="The expression is deeper than 200, or the statement has more than 100000 parts"):
        parse(operator.join(["a"] * 20_000))


def test_name_of_many_parts_and_string_of_many_pieces_are_read() -> None:
    assert len(parse(".".join(["a"] * 20_000)).parts) == 20_000  # type: ignore[attr-defined]
    assert parse(" 'x'" * 20_000).value == "x" * 20_000  # type: ignore[attr-defined]


def test_depth_that_later_items_add_by_names_of_earlier_ones_counts() -> None:
    items = ["a AS z0", *(f"z{k} + 1 AS z{k + 1}" for k in range(250))]
    assert parse_statement(f"SELECT {', '.join(items[:90])} FROM __THIS__")
    with pytest.raises(UnsupportedExpressionError, match="The expression is deeper than 200"):
        parse_statement(f"SELECT {', '.join(items)} FROM __THIS__")


def test_size_that_later_items_double_by_names_of_earlier_ones_counts() -> None:
    items = ["a AS z0", *(f"z{k} + z{k} AS z{k + 1}" for k in range(40))]
    assert parse_statement(f"SELECT {', '.join(items[:10])} FROM __THIS__")
    with pytest.raises(UnsupportedExpressionError, match="or the statement has more than 100000 parts"):
        parse_statement(f"SELECT {', '.join(items)} FROM __THIS__")


def test_statement_that_is_too_long_is_refused() -> None:
    with pytest.raises(UnsupportedExpressionError, match=f"The SQL statement has {MAX_LENGTH + 1} characters; at most {MAX_LENGTH} are read"):
        parse_statement("SELECT a FROM __THIS__".ljust(MAX_LENGTH + 1))


def test_stack_that_is_nearly_full_gives_a_refusal() -> None:
    def deeper(frames: int) -> Statement:
        return deeper(frames - 1) if frames else parse_statement("SELECT " + "(" * 90 + "a" + ")" * 90 + " AS x FROM __THIS__")

    used = 0
    frame = sys._getframe()
    while frame.f_back is not None:
        frame, used = frame.f_back, used + 1
    with pytest.raises(UnsupportedExpressionError, match="The statement nests too deep to be read; split it over several SQLTransformers"):
        deeper(sys.getrecursionlimit() - used - 300)


@pytest.mark.parametrize("text", ["'" + "\\x" * 90_000 + "'", "/* " * 60_000, "1" * 200_000, "a " * 60_000, "-- \\\n" * 40_000, "`" * 200_000, "." * 60_000])
def test_long_hostile_text_is_refused_in_time(text: str) -> None:
    with pytest.raises(UnsupportedExpressionError):
        parse_statement(f"SELECT {text}")
