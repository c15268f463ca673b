"""Parts of values, lambda functions, structs and calls with words in them. Each expected tree is Spark 3.5.7's; test_parse_live.py asks Spark again."""

from __future__ import annotations

import pytest
from sql_trees import parse, shown

from mabridge.errors import UnsupportedExpressionError
from mabridge.plan.types import ArrayType, DecimalType, IntegerType, MapType, StringType, StructType
from mabridge.sql import Cast, Item, expression_from_json, expression_to_json, parse_statement

PARTS = [
    ("a[0]", "([] a 0)"),
    ("-a[0]", "(unary - ([] a 0))"),
    ("a.b[c].d", "(. ([] a.b c) 'd')"),
    ("(a).b", "a.b"),
    ("abs(a).b", "(. (abs a) 'b')"),
    ("a[0] + b.c[1][2]", "(+ ([] a 0) ([] ([] b.c 1) 2))"),
    ("true.x", "(. True 'x')"),
    ("- 1 .x", "(. -1 'x')"),
    ("- a.x", "(unary - a.x)"),
]
LAMBDAS = [
    ("transform(a, x -> x + 1)", "(transform a ((x) -> (+ $x 1)))"),
    ("transform(a, (X, y) -> x.z + y)", "(transform a ((X y) -> (+ (. $X 'z') $y)))"),
    ("transform(a, x -> transform(x, x -> x))", "(transform a ((x) -> (transform $x ((x) -> $x))))"),
    ("transform(a, x -> x = 1 AND x < 2)", "(transform a ((x) -> (and (= $x 1) (< $x 2))))"),
    ("filter(a, `q w` -> `q w` > 0)", "(filter a ((q w) -> (> $q w 0)))"),
]
STRUCTS = [
    ("(a, b + 1)", "(struct 'a' a 'col2' (+ b 1))"),
    ("STRUCT(a AS q, b, c.d)", "(struct 'q' a 'b' b 'd' c.d)"),
    ("(a AS q, 3)", "(struct 'q' a 'col2' 3)"),
]
WORDED = [
    ("substring(a FROM 1)", "(substring a 1 2147483647)"),
    ("SUBSTR(a FROM b FOR 2)", "(substring a b 2)"),
]


@pytest.mark.parametrize(("text", "tree"), [*PARTS, *LAMBDAS, *STRUCTS, *WORDED])
def test_expression_has_spark_s_tree_and_keeps_it_as_json(text: str, tree: str) -> None:
    found = parse(text)
    assert shown(found) == tree
    assert expression_from_json(expression_to_json(found)) == found


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("array<int>", ArrayType(IntegerType())),
        ("map<string, array<decimal(5, 2)>>", MapType(StringType(), ArrayType(DecimalType(5, 2)))),
        ("struct<x: int, `y z` array<string>>", StructType((("x", IntegerType()), ("y z", ArrayType(StringType()))))),
        ("struct<>", StructType()),
        ("varchar(3)", StringType()),
        ("char(3)", StringType()),
    ],
)
def test_type_of_a_cast_is_spark_s(text: str, kind: object) -> None:
    found = parse(f"CAST(a AS {text})")
    assert isinstance(found, Cast)
    assert found.kind == kind


def test_operators_of_later_sparks_are_read_for_their_models_alone() -> None:
    text = "SELECT a::int + b << 1 AS x FROM __THIS__"
    with pytest.raises(UnsupportedExpressionError, match=r"Spark 3\.5 has no `::`, Spark 4\.0 does; write CAST"):
        parse_statement(text)
    (item,) = parse_statement(text, (4, 0)).items
    assert isinstance(item, Item)
    assert shown(item.expression) == "(<< (+ (cast a int) b) 1)"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("(x, x) -> x", "different names"),
        ("1 -> x", "A lambda function's parameters are names"),
        ("a[0", "`]` is expected here"),
        ("a[0].+ 1", "A name is expected after the point"),
        ("(a AS b)", "A name stands only behind an item"),
        ("CAST(a AS array<int)", "`>` is expected here"),
        ("CAST(a AS map<int>)", "`,` is expected here"),
        ("CAST(a AS struct<>>)", "`)` is expected here"),
        ("CAST(a AS array<nonsense>)", "CAST to nonsense is not supported"),
        ("abs(x => 1)", "abs takes no arguments by name"),
    ],
)
def test_what_is_no_expression_is_refused_where_it_stands(text: str, message: str) -> None:
    with pytest.raises(UnsupportedExpressionError) as caught:
        parse(text)
    assert message in str(caught.value)
