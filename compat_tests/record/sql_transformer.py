"""SQLTransformer: how statements select, name, filter and compute. Expressions in depth are recorded elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Any

from pyspark.ml.feature import SQLTransformer
from pyspark.sql import SparkSession

from compat_tests.record.core import HARD_DOUBLES, INF, NAN, Case, Table, dense, one_column, sparse

FOLDER = "feature/sql_transformer"
case = partial(Case, FOLDER)

ROWS = Table(
    {"a": "double", "b": "double", "i": "int", "s": "string", "t": "boolean"},
    [
        (1, 2, 3, "x", True),
        (None, 2, 0, "y", False),
        (NAN, 0, -1, None, None),
        (INF, -INF, 2**31 - 1, "", True),
        (-0.0, 0.0, -(2**31), "X", None),
        (0.1, 0.2, None, "é", True),
    ],
)
HARD = Table({"a": "double", "b": "double"}, [(left, right) for left in HARD_DOUBLES for right in (None, NAN, 0.0, -1.5)])


def statement(text: str) -> Callable[[SparkSession], Any]:
    def model(spark: SparkSession) -> Any:
        return SQLTransformer(statement=text)

    return model


def cases() -> list[Case]:
    def sql(name: str, title: str, text: str, rows: Any = ROWS, *rest: Any, **more: Any) -> Case:
        return case(name, title, statement(text), rows, *rest, **more)

    comparisons = ", ".join(f"a {operator} b AS c{k}" for k, operator in enumerate(("=", "<", "<=", ">", ">=", "<>", "<=>")))
    return [
        sql("star_and_sum", "All columns and a sum.", "SELECT *, (a + b) AS c, (a * b) AS d FROM __THIS__"),
        sql("columns_reordered", "Columns dropped, reordered and renamed.", "SELECT s, b AS beta, a FROM __THIS__"),
        sql("star_twice", "The same column twice cannot be written.", "SELECT *, a FROM __THIS__", ROWS, "error"),
        sql("star_twice_other_columns", "The columns that are not ambiguous can be read.", "SELECT *, a FROM __THIS__", columns=("b", "s")),
        sql("names_that_differ_by_case", "Names that differ by case alone cannot be written either.", "SELECT a, b AS A FROM __THIS__", ROWS, "error"),
        sql("names_that_differ_by_case_sensitive", "With caseSensitive they can.", "SELECT a, b AS A FROM __THIS__", case_sensitive=True),
        sql("spelling_of_the_statement", "A column selected in another case has the statement's spelling.", "SELECT A, S AS t FROM __THIS__"),
        sql("missing_column", "A column that is not there.", "SELECT nope FROM __THIS__", ROWS, "error"),
        sql(
            "missing_column_case_sensitive",
            "With caseSensitive a column of another case is not there.",
            "SELECT A FROM __THIS__",
            ROWS,
            "error",
            case_sensitive=True,
        ),
        sql("unnamed_expression", "An expression without a name is named by its text.", "SELECT a + b, abs(b), CASE WHEN t THEN 1 ELSE 0 END FROM __THIS__"),
        sql(
            "constants", "Constants.", "SELECT 1 AS one, 1.5 AS decimal, 1.5D AS double, 'x' AS text, NULL AS nothing, true AS yes FROM __THIS__", ROWS, "error"
        ),
        sql(
            "constants_without_null",
            "Constants of several types.",
            "SELECT 1 AS one, 1.5 AS decimal, 1.5D AS double, 'x' AS text, true AS yes, 3000000000 AS big FROM __THIS__",
        ),
        sql("where", "WHERE keeps rows for which the condition is true: null is not.", "SELECT * FROM __THIS__ WHERE a > 0 OR t"),
        sql("where_nan", "NaN is greater than any number.", "SELECT * FROM __THIS__ WHERE a > 1e308", HARD),
        sql("where_nothing_left", "No row is left.", "SELECT a FROM __THIS__ WHERE i > 5 AND i < 3"),
        sql("where_on_dropped_column", "WHERE on a column that is not selected.", "SELECT a FROM __THIS__ WHERE s <> 'x'"),
        sql("comparisons", "Comparisons of doubles: NaN equals NaN, -0.0 equals 0.0.", f"SELECT a, b, {comparisons} FROM __THIS__", HARD),
        sql(
            "arithmetic",
            "Arithmetic on doubles; division by zero is null.",
            "SELECT a + b AS p, a - b AS m, a * b AS t, a / b AS d, a % b AS r, -a AS n FROM __THIS__",
            HARD,
        ),
        sql(
            "division_by_zero_ansi",
            "In ANSI mode division by zero raises.",
            "SELECT a / b AS d FROM __THIS__",
            Table(HARD.columns, [(1, 0)]),
            "error",
            ansi=True,
        ),
        sql(
            "division_by_zero_ansi_not_asked_for",
            "It does not where nobody asks for the quotient.",
            "SELECT a, a / b AS d FROM __THIS__",
            Table(HARD.columns, [(1, 0)]),
            columns=("a",),
            ansi=True,
        ),
        sql("int_overflow", "Integers wrap.", "SELECT i + 1 AS p, i * 2 AS t, -i AS n, abs(i) AS b, i / 2 AS d FROM __THIS__"),
        sql("int_overflow_ansi", "In ANSI mode integers raise.", "SELECT i + 1 AS p FROM __THIS__", ROWS, "error", ansi=True),
        sql(
            "case_and_coalesce",
            "CASE, coalesce, if, nullif.",
            "SELECT CASE WHEN a > 1 THEN 'big' WHEN a <= 1 THEN 'small' END AS c, coalesce(a, b, 0) AS d, if(t, i, -1) AS e, nullif(b, 0) AS f, nvl(s, '?') AS g FROM __THIS__",
        ),
        sql(
            "functions",
            "abs, log, exp, sqrt, pow, floor, ceil, round.",
            "SELECT abs(a) AS a1, log(a) AS a2, exp(a) AS a3, sqrt(a) AS a4, pow(a, b) AS a5, floor(a) AS a6, ceil(b) AS a7, round(a, 2) AS a8, log1p(a) AS a9, greatest(a, b) AS a10, least(a, b) AS a11, isnan(a) AS a12 FROM __THIS__",
            HARD,
        ),
        sql(
            "text_functions",
            "lower, upper, trim, concat, length, substring, LIKE.",
            "SELECT lower(s) AS l, upper(s) AS u, concat(s, '-', s) AS c, length(s) AS n, substring(s, 1, 1) AS f, s LIKE '%x%' AS k, trim(concat(' ', s, ' ')) AS t FROM __THIS__",
        ),
        sql(
            "casts",
            "CAST between numbers, text and booleans.",
            "SELECT CAST(a AS int) AS ai, CAST(i AS double) AS d, CAST(s AS int) AS si, CAST(a AS string) AS at, CAST(t AS int) AS ti, CAST(i AS boolean) AS ib, CAST(b AS decimal(5,2)) AS bd FROM __THIS__",
        ),
        sql(
            "in_between_is_null",
            "IN, BETWEEN, IS NULL, NOT.",
            "SELECT s IN ('x', 'y') AS m, a BETWEEN 0 AND 1 AS w, a IS NULL AS n, s IS NOT NULL AS p, NOT t AS q, i IN (3, NULL) AS r FROM __THIS__",
        ),
        sql(
            "decimals",
            "Decimal arithmetic.",
            "SELECT d + 1 AS p, d * d AS t, d / 3 AS q, d * 1.5D AS f FROM __THIS__",
            one_column("d", "decimal(10,2)", [Decimal("1.10"), Decimal("-99999999.99"), None, Decimal(0)]),
        ),
        sql(
            "vectors_pass_through",
            "Vectors pass through, renamed and filtered, with their metadata.",
            "SELECT v AS features, x FROM __THIS__ WHERE v IS NOT NULL",
            Table({"x": "int", "v": "vector"}, [(1, dense(1, 2)), (2, None), (3, sparse(2, {1: 0.0}))]),
        ),
        sql(
            "backquoted_names",
            "Names in backquotes.",
            "SELECT `my col` + 1 AS `new col`, `a.b` FROM __THIS__",
            Table({"my col": "double", "a.b": "int"}, [(1, 2), (None, None)]),
        ),
        sql("this_qualified", "Columns qualified by the table.", "SELECT __THIS__.a, __THIS__.b AS c FROM __THIS__ WHERE __THIS__.i = 3", ROWS, "rows"),
        sql(
            "lower_case_keywords",
            "Keywords in lower case, comments and line breaks.",
            "select a, -- a comment\n /* another */ b as c\nfrom __THIS__\nwhere i >= 0",
        ),
        sql("empty_input", "No rows.", "SELECT *, a + b AS c FROM __THIS__", ROWS.empty()),
        sql("not_asked_for", "Only one column is read.", "SELECT *, a + b AS c FROM __THIS__", columns=("c",)),
        sql("star_except", "SELECT * EXCEPT is not in Spark 3.5.", "SELECT * EXCEPT (a) FROM __THIS__", ROWS, "error"),
    ]
