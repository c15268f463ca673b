"""Our reader beside Spark's own parser, live: the same trees, the same refusals, the same names."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sql_trees import Form, our_form, parse, spark_form
from test_parse_literals import CONSTANTS, STRINGS
from test_parse_names import AUTOMATIC, COLUMNS
from test_parse_nested import LAMBDAS, PARTS, STRUCTS, WORDED
from test_parse_precedence import OPERATORS, PREDICATES

from mabridge.errors import UnsupportedExpressionError
from mabridge.sql import parse_statement

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

pytestmark = [pytest.mark.live, pytest.mark.heavy]


@pytest.fixture(scope="module")
def spark_parser(spark_session: SparkSession) -> Any:
    return spark_session._jsparkSession.sessionState().sqlParser()


def asked(parser: Any, text: str) -> Form | None:
    """Spark's tree of an expression, None where its parser refuses the text.

    The expression stands in a statement with a name of its own, because alone Spark would take a last word for its name.
    """
    from pyspark.errors import ParseException

    try:
        plan = parser.parsePlan(f"SELECT {text} AS x FROM __THIS__")
    except ParseException:
        return None
    name, tree = spark_form(plan.projectList().apply(0).toJSON())
    assert name == "Alias"
    return tree  # type: ignore[no-any-return]


def read(text: str) -> Form | None:
    """Our tree, None where it is refused."""
    try:
        return our_form(parse(text))
    except UnsupportedExpressionError:
        return None


def unqualified(form: Any) -> Any:
    """Spark's tree without the table's name in front of columns, which our reader strips."""
    if isinstance(form, tuple):
        return tuple(map(unqualified, form))
    return form.replace("[__THIS__, ", "[") if isinstance(form, str) else form


def test_every_tree_that_the_other_tests_expect_is_spark_s(spark_parser: Any) -> None:
    texts = [row[0] for row in (*OPERATORS, *PREDICATES, *CONSTANTS, *STRINGS, *COLUMNS, *PARTS, *LAMBDAS, *STRUCTS, *WORDED)]
    # Spark's JSON has no escape character.
    texts = [text for text in texts if "ESCAPE" not in text]
    assert len(texts) > 120
    for text in texts:
        assert read(text) == unqualified(asked(spark_parser, text)), text


@pytest.mark.parametrize(("text", "escape"), [("a LIKE b ESCAPE '!'", "!"), ("a NOT LIKE 'x' ESCAPE '/'", "/"), ("a LIKE 'x'", "\\")])
def test_escape_character_is_spark_s(spark_parser: Any, text: str, escape: str) -> None:
    tree = spark_parser.parseExpression(text)
    like = tree if tree.nodeName() == "Like" else tree.child()
    assert like.escapeChar() == escape
    ours = parse(text)
    args = (ours if ours.children()[0].children() == () else ours.children()[0]).children()
    assert (args[2].value if len(args) == 3 else "\\") == escape  # type: ignore[attr-defined]


def test_try_cast_is_spark_s(spark_parser: Any) -> None:
    assert spark_parser.parseExpression("try_cast(a AS int)").toString() == "try_cast('a as int)"
    assert spark_parser.parseExpression("cast(a AS int)").toString() == "cast('a as int)"
    assert (parse("try_cast(a AS int)").attempt, parse("cast(a AS int)").attempt) == (True, False)  # type: ignore[attr-defined]


def test_names_of_items_without_as_are_spark_s(spark_session: SparkSession) -> None:
    spark_session.createDataFrame([], "a int, b int, c int, bool boolean").createOrReplaceTempView("names_of_items")
    flat = [(item.replace("t.a", "a"), name) for item, name in AUTOMATIC if "." not in item.replace("t.a", "a") or item[0].isdigit()]
    assert len(flat) > 15
    for item, name in flat:
        # CASE and NOT want a boolean, IN and BETWEEN numbers.
        item, name = (text.replace("WHEN a THEN", "WHEN bool THEN") for text in (item, name))
        assert spark_session.sql(f"SELECT {item} FROM names_of_items").columns == [name], item


# Random expressions -----------------------------------------------------------------------------------------------------------------------------------

_BINARY = ["+", "-", "*", "/", "%", "DIV", "&", "|", "^", "||", "=", "==", "<=>", "<>", "!=", "<", "<=", ">", ">=", "!<", "!>", "AND", "OR", "and", "or", "div"]
_LEAVES = [
    "a",
    "b",
    "c",
    "a.b",
    "`q w`",
    "0",
    "1",
    "2L",
    "1.5",
    ".5",
    "2e3",
    "1.50BD",
    "1D",
    "1S",
    "2147483648",
    "'x'",
    '"y"',
    "'a' 'b'",
    "r'\\n'",
    "'\\n\\u0041'",
]
_LEAVES += ["NULL", "TRUE", "false", "DATE '2020-01-31'", "-1", "- 2", "1e", "case.x", "a /* b */", "a -- b\n"]
_TYPES = ["int", "BIGINT", "double", "string", "decimal", "decimal(12, 3)", "date", "boolean"]


def _grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    # Nothing is put in parentheses but by chance, so that precedence decides; some of it Spark refuses, as in `a IS NULL = b`.
    negation = st.sampled_from(["", "NOT "])
    several = st.lists(inner, min_size=1, max_size=3).map(", ".join)
    return st.one_of(
        st.builds("{} {} {}".format, inner, st.sampled_from(_BINARY), inner),
        st.builds("{}{}".format, st.sampled_from(["-", "- ", "+", "~", "! ", "NOT "]), inner),
        st.builds("({})".format, inner),
        st.builds("{} {}BETWEEN {} AND {}".format, inner, negation, inner, inner),
        st.builds("{} {}IN ({})".format, inner, negation, several),
        st.builds("{} {}LIKE {}".format, inner, negation, inner),
        st.builds("{} IS {}{}".format, inner, negation, st.sampled_from(["NULL", "TRUE", "FALSE"])),
        st.builds("{} IS {}DISTINCT FROM {}".format, inner, negation, inner),
        st.builds("CASE WHEN {} THEN {} ELSE {} END".format, inner, inner, inner),
        st.builds("CASE {} WHEN {} THEN {} END".format, inner, inner, inner),
        st.builds("CAST({} AS {})".format, inner, st.sampled_from(_TYPES)),
        st.builds("coalesce({})".format, several),
        st.builds("If({}, {}, {})".format, inner, inner, inner),
    )


expressions = st.recursive(st.sampled_from(_LEAVES), _grown, max_leaves=12)


def test_random_expressions_have_spark_s_trees(spark_parser: Any) -> None:
    seen: Counter[str] = Counter()

    @settings(max_examples=3000, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(expressions)
    def compare(text: str) -> None:
        spark, ours = asked(spark_parser, text), read(text)
        seen["both refuse" if spark is None and ours is None else "equal" if spark == ours else "different"] += 1
        assert ours == spark, text

    compare()
    assert seen["equal"] >= 2000
    assert seen["both refuse"] >= 20


_SOUP = (
    *_BINARY,
    *_LEAVES,
    *[
        "(",
        ")",
        ",",
        ".",
        "NOT",
        "!",
        "-",
        "+",
        "~",
        "IN",
        "(",
        "BETWEEN",
        "LIKE",
        "IS",
        "NULL",
        "DISTINCT",
        "FROM",
        "CASE",
        "WHEN",
        "THEN",
        "ELSE",
        "END",
        "abs(",
        "coalesce(",
        "",
    ],
)


def test_what_we_read_of_random_tokens_is_what_spark_reads(spark_parser: Any) -> None:
    """Spark takes more than we do (reserved words as names); what we take, it has to take as well, with the same tree."""
    seen: Counter[str] = Counter()

    @settings(max_examples=2000, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(st.lists(st.sampled_from(_SOUP), min_size=2, max_size=7).map(" ".join))
    def compare(text: str) -> None:
        ours = read(text)
        if ours is None:
            return
        seen["read"] += 1
        assert ours == asked(spark_parser, text), text

    compare()
    assert seen["read"] >= 50


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT a FROM __THIS__ WHERE (a)",
        "SELECT DISTINCT FROM __THIS__",
        "SELECT ALL AS x FROM __THIS__",
        "SELECT a -- b \\\n, c FROM __THIS__",
    ],
)
def test_statement_that_spark_reads_in_an_unexpected_way_is_refused(spark_parser: Any, statement: str) -> None:
    plan = re.sub(r"#\d+", "", spark_parser.parsePlan(statement).toString())
    unexpected = ("UnresolvedSubqueryColumnAliases [a]", "'FROM AS __THIS__", "'AS AS x", "OneRowRelation", "true[x]", "Project ['a]\n+- 'OneRow", "Distinct")
    assert any(part in plan for part in unexpected), plan
    with pytest.raises(UnsupportedExpressionError):
        parse_statement(statement)
