"""How operators group. Each expected tree is Spark 3.5.7's; test_parse_live.py asks Spark again, and for many more."""

from __future__ import annotations

import pytest
from sql_trees import parse, shown

OPERATORS = [
    ("a + b * c", "(+ a (* b c))"),
    ("a * b + c", "(+ (* a b) c)"),
    ("a - b - c", "(- (- a b) c)"),
    ("a / b DIV c % d", "(% (div (/ a b) c) d)"),
    ("a + b || c - d", "(- (|| (+ a b) c) d)"),
    ("a || b * c", "(|| a (* b c))"),
    ("a & b + c", "(& a (+ b c))"),
    ("a ^ b & c", "(^ a (& b c))"),
    ("a | b ^ c", "(| a (^ b c))"),
    ("a = b | c", "(= a (| b c))"),
    ("a = b < c", "(< (= a b) c)"),
    ("a < b = c <=> d", "(<=> (= (< a b) c) d)"),
    ("a == b", "(= a b)"),
    ("a <> b", "(not (= a b))"),
    ("a != b = c", "(= (not (= a b)) c)"),
    ("a !< b", "(>= a b)"),
    ("a !> b", "(<= a b)"),
    ("a = b LIKE c", "(like (= a b) c)"),
    ("a LIKE b = c", "(like a (= b c))"),
    ("a LIKE b || c", "(like a (|| b c))"),
    ("a = b IN (c, d)", "(in (= a b) c d)"),
    ("a + b IS NULL", "(isnull (+ a b))"),
    ("a = b IS NOT NULL", "(isnotnull (= a b))"),
    ("a = b BETWEEN c AND d = e", "(and (>= (= a b) c) (<= (= a b) (= d e)))"),
    ("a BETWEEN b AND c AND d", "(and (and (>= a b) (<= a c)) d)"),
    ("NOT a = b", "(not (= a b))"),
    ("NOT a IS NULL", "(not (isnull a))"),
    ("NOT a AND b", "(and (not a) b)"),
    ("! a OR b", "(or (not a) b)"),
    ("NOT NOT a", "(not (not a))"),
    ("a AND b OR c AND d", "(or (and a b) (and c d))"),
    ("a OR b AND c", "(or a (and b c))"),
    ("(a OR b) AND c", "(and (or a b) c)"),
    ("((a))", "a"),
    ("- a * b", "(* (unary - a) b)"),
    ("- - a", "(unary - (unary - a))"),
    ("~ a + b", "(+ (~ a) b)"),
    ("+ a", "(positive a)"),
    ("a - + b", "(- a (positive b))"),
    ("- + ~ a", "(unary - (positive (~ a)))"),
]


PREDICATES = [
    ("a IS TRUE", "(<=> a True)"),
    ("a IS NOT FALSE", "(not (<=> a False))"),
    ("a IS DISTINCT FROM b", "(not (<=> a b))"),
    ("a IS NOT DISTINCT FROM b + c", "(<=> a (+ b c))"),
    ("a NOT IN (b)", "(not (in a b))"),
    ("a NOT LIKE b", "(not (like a b))"),
    ("a LIKE b ESCAPE '!'", "(like a b '!')"),
    ("a NOT LIKE b ESCAPE '!'", "(not (like a b '!'))"),
    ("a NOT BETWEEN b AND c", "(not (and (>= a b) (<= a c)))"),
    ("CASE WHEN a THEN b END", "(case a b)"),
    ("CASE a WHEN b THEN c WHEN d THEN e ELSE f END", "(case (= a b) c (= a d) e f)"),
    ("CASE 1 WHEN 2 THEN 3 END", "(case (= 1 2) 3)"),
    ("CASE 'a' WHEN 'b' THEN 'c' END", "(case (= 'a' 'b') 'c')"),
    ("CASE (a) WHEN b THEN c END", "(case (= a b) c)"),
    ("CAST(a + b AS int)", "(cast (+ a b) int)"),
    ("try_cast(a AS DEC)", "(try_cast a decimal(10,0))"),
    ("cast(a AS numeric(12, 3))", "(cast a decimal(12,3))"),
    ("CAST(a AS Long)", "(cast a bigint)"),
    ("ABS(a - 1)", "(abs (- a 1))"),
    ("left(a, 2)", "(left a 2)"),
    ("like(a, b)", "(like a b)"),
    ("NOT like(a, b)", "(not (like a b))"),
    ("isnull(a)", "(isnull a)"),
    ("if(a, b, c) + 1", "(+ (if a b c) 1)"),
]


@pytest.mark.parametrize(("text", "tree"), OPERATORS)
def test_operators_group_as_in_spark(text: str, tree: str) -> None:
    assert shown(parse(text)) == tree


@pytest.mark.parametrize(("text", "tree"), PREDICATES)
def test_predicates_and_calls_become_what_spark_makes_of_them(text: str, tree: str) -> None:
    assert shown(parse(text)) == tree


@pytest.mark.parametrize("word", ["and", "or"])
def test_chain_of_and_or_or_is_a_balanced_tree(word: str) -> None:
    assert shown(parse(f" {word} ".join("abcde"))) == f"({word} ({word} ({word} a b) c) ({word} d e))"


def test_parentheses_are_no_part_of_a_chain() -> None:
    assert shown(parse("a OR (b OR c)")) == "(or a (or b c))"
    assert shown(parse("(a AND b) AND c")) == "(and (and a b) c)"


def test_long_chain_stays_shallow() -> None:
    assert shown(parse(" OR ".join(["a"] * 5000))).count("or") == 4999
