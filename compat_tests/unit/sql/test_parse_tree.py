"""The reader of sqlglot's trees refuses every node and argument that it does not know, so that nothing parsed is dropped."""

from __future__ import annotations

import subprocess
import sys

import pytest
from sqlglot import exp

from mabridge.errors import UnsupportedExpressionError
from mabridge.sql.read import StatementReader
from mabridge.sql.source import Source


def reader() -> StatementReader:
    return StatementReader(Source("SELECT a FROM __THIS__"))


def select(**more: object) -> exp.Select:
    return exp.Select(expressions=[exp.column("a")], from_=exp.From(this=exp.Table(this=exp.to_identifier("__THIS__"))), **more)


@pytest.mark.parametrize(
    "node",
    [
        exp.Abs(this=exp.column("a")),
        exp.Sum(this=exp.column("a")),
        exp.Window(this=exp.column("a")),
        exp.Subquery(this=exp.select("a")),
        exp.Star(),
        exp.Add(this=exp.column("a"), expression=exp.Glob(this=exp.column("a"), expression=exp.column("b"))),
    ],
)
def test_node_that_is_not_known_is_refused_by_its_name(node: exp.Expr) -> None:
    with pytest.raises(UnsupportedExpressionError, match=r"(Abs|Sum|Window|Subquery|Star|Glob) is not supported here\."):
        reader().expression(node)


@pytest.mark.parametrize(
    ("node", "argument"),
    [
        (exp.Div(this=exp.column("a"), expression=exp.column("b"), safe=True), "safe"),
        (exp.Cast(this=exp.column("a"), to=exp.DataType(this=exp.DType.USERDEFINED, kind="INT"), format=exp.Literal.string("x")), "format"),
        (exp.Cast(this=exp.column("a"), to=exp.DataType(this=exp.DType.USERDEFINED, kind="INT", nested=True)), "nested"),
        (exp.Between(this=exp.column("a"), low=exp.column("b"), high=exp.column("c"), symmetric=True), "symmetric"),
        (exp.In(this=exp.column("a"), query=exp.select("a")), "query"),
        (exp.Like(this=exp.column("a"), expression=exp.column("b"), negate=True), "negate"),
        (exp.Column(this=exp.to_identifier("a"), join_mark=True), "join_mark"),
        (exp.Concat(expressions=[exp.Literal.string("a")], coalesce=True), "coalesce"),
    ],
)
def test_argument_that_is_not_read_is_refused_by_its_name(node: exp.Expr, argument: str) -> None:
    with pytest.raises(UnsupportedExpressionError, match=f"`{argument}` of {type(node).__name__}|`nested` of DataType"):
        reader().expression(node)


@pytest.mark.parametrize(
    ("tree", "argument"),
    [
        (select(limit=exp.Limit(expression=exp.Literal.number(1))), "limit"),
        (select(distinct=exp.Distinct()), "distinct"),
        (select(group=exp.Group(expressions=[exp.column("a")])), "group"),
        (select(joins=[exp.Join(this=exp.to_table("b"))]), "joins"),
        (select(hint=exp.Hint(expressions=[])), "hint"),
        (select(kind="STRUCT"), "kind"),
    ],
)
def test_clause_that_is_not_read_is_refused_by_its_name(tree: exp.Select, argument: str) -> None:
    with pytest.raises(UnsupportedExpressionError, match=f"`{argument}` of Select is not supported"):
        reader().statement(tree)


def test_other_statements_than_select_are_refused() -> None:
    with pytest.raises(UnsupportedExpressionError, match="A delete statement is not supported"):
        reader().statement(exp.Delete(this=exp.to_table("a")))


def test_concat_of_more_than_strings_is_refused() -> None:
    with pytest.raises(UnsupportedExpressionError, match="Concat is not supported here"):
        reader().expression(exp.Concat(expressions=[exp.column("a")]))


def test_parser_is_imported_only_where_a_statement_is_parsed() -> None:
    program = """
import sys
import mabridge
from mabridge.sql import parse_statement, statement_from_json, statement_to_json
read = statement_from_json({"items": ["*", ["x", ["call", "+", [["column", ["a"]], ["column", ["b"]]]]]], "where": None})
assert not any(name.split(".")[0] == "sqlglot" for name in sys.modules), "a saved statement needs no parser"
assert parse_statement("SELECT *, a + b AS x FROM __THIS__") == read
assert "sqlglot" in sys.modules
"""
    subprocess.run([sys.executable, "-c", program], check=True)
