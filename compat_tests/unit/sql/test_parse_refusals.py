"""What is refused: by name, with its place, and with what to do instead."""

from __future__ import annotations

import pytest
from sql_trees import parse

from mabridge.errors import UnsupportedExpressionError
from mabridge.sql import parse_statement


def refused(text: str) -> str:
    """The refusal's text without its opening words."""
    with pytest.raises(UnsupportedExpressionError) as caught:
        parse_statement(text)
    message = str(caught.value)
    assert message.startswith("SQL statement, line ")
    assert message.endswith(".")
    return message.removeprefix("SQL statement, ")


@pytest.mark.parametrize(
    ("text", "column", "message"),
    [
        ("SELECT a FROM __THIS__ GROUP BY a", 24, "GROUP BY is not row-level and is refused"),
        ("SELECT a FROM __THIS__ HAVING a", 24, "HAVING is not row-level"),
        ("SELECT a FROM __THIS__ ORDER BY a", 24, "ORDER BY is not row-level"),
        ("SELECT a FROM __THIS__ WHERE a SORT BY a", 32, "SORT BY is not row-level"),
        ("SELECT a FROM __THIS__ CLUSTER BY a", 24, "CLUSTER BY is not row-level"),
        ("SELECT a FROM __THIS__ DISTRIBUTE BY a", 24, "DISTRIBUTE BY is not row-level"),
        ("SELECT a FROM __THIS__ LIMIT 1", 24, "LIMIT is not row-level"),
        ("SELECT a FROM __THIS__ OFFSET 1", 24, "OFFSET is not row-level"),
        ("SELECT a FROM __THIS__ UNION SELECT a FROM __THIS__", 24, "UNION is not row-level"),
        ("SELECT a FROM __THIS__ INTERSECT SELECT a FROM __THIS__", 24, "INTERSECT is not row-level"),
        ("SELECT a FROM __THIS__ EXCEPT SELECT a FROM __THIS__", 24, "EXCEPT is not row-level"),
        ("SELECT a FROM __THIS__ MINUS SELECT a FROM __THIS__", 24, "MINUS is not row-level"),
        ("SELECT a FROM __THIS__ WINDOW w AS (ORDER BY a)", 24, "WINDOW is not row-level"),
        ("SELECT a FROM __THIS__ LATERAL VIEW explode(a) t", 24, "LATERAL VIEW is not row-level"),
        ("SELECT a FROM __THIS__ JOIN b", 24, "JOIN is not row-level"),
        ("SELECT a FROM __THIS__ t LEFT OUTER JOIN b", 26, "JOIN is not row-level"),
        ("SELECT a FROM __THIS__ CROSS JOIN b", 24, "JOIN is not row-level"),
        ("SELECT a FROM __THIS__ PIVOT (a)", 24, "PIVOT is not row-level"),
        ("SELECT a FROM __THIS__ TABLESAMPLE (1 ROWS)", 24, "TABLESAMPLE is not row-level"),
        ("SELECT a FROM __THIS__ VERSION AS OF 1", 24, "Time travel is not row-level"),
        ("SELECT a FROM __THIS__, b", 23, "A second table is not row-level"),
        ("SELECT DISTINCT a FROM __THIS__", 8, "SELECT DISTINCT is not row-level and is refused; remove duplicates before prediction."),
        ("SELECT DISTINCT (a) FROM __THIS__", 8, "SELECT DISTINCT is not row-level"),
        ("SELECT DISTINCT FROM __THIS__", 8, "SELECT DISTINCT is not row-level"),
        ("WITH b AS (SELECT 1) SELECT a FROM __THIS__", 1, "WITH (common table expressions) is not row-level"),
        ("FROM __THIS__ SELECT a", 1, "`FROM ... SELECT` is not supported"),
        ("(SELECT a FROM __THIS__)", 1, "A statement in parentheses is not supported"),
        ("VALUES (1)", 1, "A SQLTransformer's statement begins with SELECT."),
        ("ELSE SELECT a FROM __THIS__", 1, "A SQLTransformer's statement begins with SELECT."),
        ("", 1, "A SQLTransformer's statement begins with SELECT."),
        ("SELECT TRANSFORM(a) USING 'cat' FROM __THIS__", 8, "SELECT TRANSFORM runs a program and is refused."),
        ("SELECT /*+ BROADCAST(a) */ a FROM __THIS__", 8, "Hints are not row-level and are refused"),
        ("SELECT a FROM (SELECT 1)", 15, "Subqueries are not row-level and are refused"),
        ("SELECT a FROM b", 15, "The table is __THIS__, in capitals"),
        ("SELECT a FROM __this__", 15, "The table is __THIS__, in capitals"),
        ("SELECT a FROM __THIS__.b", 23, "__THIS__ stands alone."),
        ("SELECT a FROM __THIS__ __THIS__", 24, "__THIS__ is no name for an alias"),
        ("SELECT a FROM __THIS__ AS", 26, "A name is expected after AS."),
        ("SELECT a FROM __THIS__ t (x)", 26, "Names for the table's columns are not supported"),
        ("SELECT a FROM __THIS__ WHERE (a)", 24, "Spark takes WHERE for a name of the table"),
        ("SELECT a FROM __THIS__ WHERE (NULL);", 24, "Spark takes WHERE for a name of the table"),
        ("SELECT a", 9, "`,` or `FROM __THIS__` is expected here."),
        ("SELECT a, FROM __THIS__", 11, "An expression is expected here; if this word is a column, write it in backticks."),
        ("SELECT FROM __THIS__", 8, "An expression is expected here"),
        ("SELECT AS x FROM __THIS__", 8, "An expression is expected here"),
        ("SELECT ALL AS x FROM __THIS__", 12, "An expression is expected here"),
        ("SELECT a FROM __THIS__ WHERE", 29, "The statement ends where an expression is expected."),
        ("SELECT a FROM __THIS__ WHERE a b", 32, "Spark expects the statement's end here."),
        ("SELECT a FROM __THIS__; SELECT b FROM __THIS__", 25, "Spark expects the statement's end here."),
        ("SELECT * AS x FROM __THIS__", 10, "`*` takes no name."),
        ("SELECT t.* x FROM __THIS__ t", 12, "`*` takes no name."),
        ("SELECT * EXCEPT (a) FROM __THIS__", 10, "`* EXCEPT (...)` is not supported; name the columns."),
        ("SELECT b.* FROM __THIS__ t", 8, "`b.*` is not supported; the table is called t"),
        ("SELECT a AS (b, c) FROM __THIS__", 13, "Several names for one item"),
        ("SELECT a AS 'x' FROM __THIS__", 13, "A name is expected after AS."),
        ("SELECT a AS , b FROM __THIS__", 13, "A name is expected after AS."),
    ],
)
def test_clause_that_is_not_row_level_or_not_spark_s_is_refused_where_it_stands(text: str, column: int, message: str) -> None:
    found = refused(text)
    assert found.startswith(f"line 1, column {column} (at `")
    assert message in found


@pytest.mark.parametrize(
    ("text", "column", "message"),
    [
        ("sum(a)", 1, "SUM is an aggregate, which is not row-level"),
        ("1 + count(*)", 5, "COUNT is an aggregate, which is not row-level"),
        ("count(DISTINCT a)", 1, "COUNT(DISTINCT ...) is an aggregate"),
        ("row_number() OVER (ORDER BY a)", 1, "Window functions (OVER) are not row-level"),
        ("abs(a) OVER w", 1, "Window functions (OVER) are not row-level"),
        ("abs(a) FILTER (WHERE a)", 1, "FILTER is for aggregates"),
        ("abs(a) WITHIN GROUP (ORDER BY a)", 1, "WITHIN is for aggregates"),
        ("first(a) IGNORE NULLS", 1, "FIRST ... NULLS is a window function"),
        ("rand()", 1, "RAND gives another value in each run"),
        ("explode(a)", 1, "EXPLODE makes several rows of one"),
        ("current_date", 1, "CURRENT_DATE depends on when the job runs"),
        ("current_timestamp()", 1, "CURRENT_TIMESTAMP depends on when the job runs"),
        ("EXISTS (SELECT 1)", 1, "The subquery EXISTS is not row-level"),
        ("a IN (SELECT 1)", 7, "Subqueries are not row-level"),
        ("(SELECT 1)", 2, "Subqueries are not row-level"),
        ("(WITH b AS (SELECT 1) SELECT 1)", 2, "Subqueries are not row-level"),
        ("INTERVAL 1 MONTH 2 DAYS", 1, "An interval of months and days together is refused"),
        ("INTERVAL '1.5' DAY", 1, "1.5 is no whole number"),
        ("INTERVAL '1-13' YEAR TO MONTH", 1, "The text '1-13' is no interval of the form years-months"),
        ("INTERVAL '1' DAY TO MONTH", 1, "INTERVAL DAY TO MONTH is none of Spark's"),
        ("a::int", 2, "Spark 3.5 has no `::`"),
        ("a => 1", 3, "The operator `=>` is not supported."),
        ("a << 1", 3, "Spark 3.5 has no `<<`, Spark 4.0 does; write shiftleft(...)."),
        ("a >>> 1", 3, "Spark 3.5 has no `>>>`"),
        ("a ? 1", 3, "The operator `?` is not supported."),
        ("()", 2, "An expression is expected here."),
        ("(a", 1, "A name stands only behind an item"),
        ("abs(a]", 6, "`)` is expected here."),
        ("a +", 5, "An expression is expected here"),
        ("a + / b", 5, "An expression is expected here."),
        ("* + 1", 3, "`,` or `FROM __THIS__` is expected here."),
        ("1 + *", 5, "`*` stands for all columns only as an item of its own."),
        ("a.b.||c", 5, "A name is expected after the point."),
        ("order", 1, "An expression is expected here; if this word is a column, write it in backticks."),
        ("a IS NULL IS NULL", 11, "`,` or `FROM __THIS__` is expected here."),
        ("a IS NULL = b", 11, "`,` or `FROM __THIS__` is expected here."),
        ("a LIKE b LIKE c", 10, "`,` or `FROM __THIS__` is expected here."),
        ("a IS b", 6, "After IS, Spark takes NULL, TRUE, FALSE or DISTINCT FROM."),
        ("a IS UNKNOWN", 6, "IS UNKNOWN is not supported; write IS NULL."),
        ("a NOT b", 3, "`,` or `FROM __THIS__` is expected here."),
        ("a BETWEEN 1 OR 2", 13, "`AND` is expected here."),
        ("a IN 1", 6, "`(` is expected here."),
        ("a IN ()", 7, "An expression is expected here."),
        ("a LIKE ANY ()", 13, "An expression is expected here."),
        ("a LIKE 'x' ESCAPE '!!'", 19, "ESCAPE takes one character in quotes."),
        ("CASE WHEN a THEN b", 20, "`END` is expected here."),
        ("CASE WHEN a b END", 13, "`THEN` is expected here."),
        ("CASE (a) END", 10, "`WHEN` is expected here; if `case` is a column, write it in backticks."),
        ("CAST(a AS uuid)", 11, "CAST to uuid is not supported; the types are boolean, tinyint,"),
        ("CAST(a AS int(3))", 11, "The type int takes no size."),
        ("CAST(a AS decimal(39))", 11, "decimal takes a precision from 1 to 38"),
        ("CAST(a AS decimal(5, 6))", 11, "decimal takes a precision from 1 to 38"),
        ("CAST(a AS decimal(x))", 19, "A type's size is a whole number."),
        ("CAST(a AS int unsigned)", 15, "`)` is expected here."),
        ("CAST(a, int)", 7, "`AS` is expected here."),
        ("abs(a FROM 1)", 7, "This form of ABS is not supported; write its arguments with commas."),
        ("db.f(a)", 1, "The function db.f is a user's"),
        ("`abs`(a)", 1, "The function `abs` is a user's"),
        ("nosuch(a)", 1, "The function nosuch is not known to mabridge."),
        ("absx(a)", 1, "Is abs meant?"),
        ("1 + abs(a, b)", 5, "abs takes 1 argument, not 2; Spark refuses this too."),
    ],
)
def test_expression_that_is_not_supported_is_refused_where_it_stands(text: str, column: int, message: str) -> None:
    # The item's name stands for nothing where the expression is cut short.
    with pytest.raises(UnsupportedExpressionError) as caught:
        parse(text)
    assert f"SQL statement, line 1, column {column + 7} (at `" in str(caught.value)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("text", "column", "message"),
    [
        ("SELECT 'a FROM __THIS__", 8, "This quote is not closed."),
        ('SELECT "a FROM __THIS__', 8, "This quote is not closed."),
        ("SELECT `a FROM __THIS__", 8, "This quote is not closed."),
        ("SELECT r'a FROM __THIS__", 8, "This quote is not closed."),
        ("SELECT 'a\\' FROM __THIS__", 8, "This quote is not closed."),
        ("SELECT a /* FROM __THIS__", 10, "This comment is not closed."),
        ("SELECT a FROM __THIS__ /* /* */", 24, "This comment is not closed."),
        ("SELECT a FROM __THIS__ /*", 24, "This comment is not closed."),
        ("SELECT a /* /*+ b */ */ FROM __THIS__", 13, "Hints are not row-level and are refused"),
        ("SELECT é FROM __THIS__", 8, "Spark's lexer does not know this character; write names that hold it in backticks."),
        ("SELECT a\xa0FROM __THIS__", 9, "Spark's lexer does not know this character"),
        ("SELECT a\x0bFROM __THIS__", 9, "Spark's lexer does not know this character"),
        ("SELECT a # b FROM __THIS__", 10, "Spark's lexer does not know this character"),
        ("SELECT a {# b #} FROM __THIS__", 10, "Spark's lexer does not know this character"),
        ("SELECT a \\ b FROM __THIS__", 10, "Spark's lexer does not know this character"),
        ("SELECT a \u0131s NULL FROM __THIS__", 10, "Spark's lexer does not know this character"),
    ],
)
def test_text_that_spark_s_lexer_does_not_take_is_refused_where_it_stands(text: str, column: int, message: str) -> None:
    found = refused(text)
    assert found.startswith(f"line 1, column {column} (at `")
    assert message in found


def test_comment_that_spark_continues_after_a_backslash_is_refused() -> None:
    assert "leave the backslash out" in refused("SELECT a -- b \\\n, c FROM __THIS__")
    assert parse_statement("SELECT a -- b \\ c\n, c FROM __THIS__") == parse_statement("SELECT a, c FROM __THIS__")
    assert parse_statement("SELECT a /* b \\\n */ FROM __THIS__") == parse_statement("SELECT a FROM __THIS__")


def test_place_counts_lines_and_shows_what_stands_there() -> None:
    assert refused("SELECT a,\n  /* x\n */ b +\n\t) FROM __THIS__") == "line 4, column 2 (at `) FROM __THIS__`): An expression is expected here."
    long = "SELECT sum(a) + 1234567890 + 1234567890 + 1234567890 FROM __THIS__"
    assert refused(long).startswith("line 1, column 8 (at `sum(a) + 1234567890 + 1234567890 + 12345...`): SUM is an aggregate")
