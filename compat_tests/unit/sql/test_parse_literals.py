"""Numbers, strings and typed literals as Spark's parser types them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from sql_trees import parse

from mabridge.errors import UnsupportedExpressionError
from mabridge.sql import Call, ColumnRef, Literal

CONSTANTS = [
    ("0", 0, "int"),
    ("2147483647", 2**31 - 1, "int"),
    ("2147483648", 2**31, "bigint"),
    ("-2147483648", -(2**31), "int"),
    ("- 2147483648", -(2**31), "int"),
    ("-2147483649", -(2**31) - 1, "bigint"),
    ("9223372036854775808", Decimal(2**63), "decimal(19,0)"),
    ("-9223372036854775808", -(2**63), "bigint"),
    ("1L", 1, "bigint"),
    ("1l", 1, "bigint"),
    ("127Y", 127, "tinyint"),
    ("-128Y", -128, "tinyint"),
    ("1S", 1, "smallint"),
    ("1.50", Decimal("1.50"), "decimal(3,2)"),
    (".5", Decimal("0.5"), "decimal(1,1)"),
    ("1.", Decimal("1"), "decimal(1,0)"),
    ("1.5BD", Decimal("1.5"), "decimal(2,1)"),
    ("1bd", Decimal("1"), "decimal(1,0)"),
    ("1E2BD", Decimal("100"), "decimal(3,0)"),
    ("2e3", 2000.0, "double"),
    ("2E-3", 0.002, "double"),
    ("1D", 1.0, "double"),
    ("1.5d", 1.5, "double"),
    (".5D", 0.5, "double"),
    ("0.1F", 0.10000000149011612, "float"),
    ("NULL", None, "void"),
    ("true", True, "boolean"),
    ("FALSE", False, "boolean"),
    ("DATE '2020-01-31'", 18292, "date"),
    ("date'1969-12-31'", -1, "date"),
]


STRINGS = [
    ("'a'", "a"),
    ('"a"', "a"),
    ("''", ""),
    ("'a' 'b'", "ab"),
    ("'a''b'", "ab"),
    ("'a' \"b\" r'\\c'", "ab\\c"),
    ("'it\\'s'", "it's"),
    ('"it\'s"', "it's"),
    ("'\\\\'", "\\"),
    ("r'\\n'", "\\n"),
    ('R"a\\"', "a\\"),
    ("'\\n\\t\\r\\b\\0\\Z'", "\n\t\r\b\0\x1a"),
    ("'\\%\\_'", "\\%\\_"),
    ("'\\z\\1\\12\\123\\400\\u12'", "z112S400u12"),
    ("'\\u0041\\U00000042'", "AB"),
    ("'\\uD83D\\uDE00'", "😀"),
    ("'a\nb'", "a\nb"),
    ("'-- no comment /* nor this */'", "-- no comment /* nor this */"),
    ("'é'", "é"),
]


@pytest.mark.parametrize(("text", "value", "kind"), CONSTANTS)
def test_constant_has_sparks_type(text: str, value: Any, kind: str) -> None:
    found = parse(text)
    assert isinstance(found, Literal)
    assert (found.value, str(found.kind)) == (value, kind)


def test_minus_belongs_to_a_number_and_not_to_parentheses() -> None:
    assert parse("-5") == Literal(-5, parse("5").kind)  # type: ignore[attr-defined]
    assert parse("-(5)") == Call("unary -", (parse("5"),))
    assert parse("- -5") == Call("unary -", (parse("-5"),))
    assert parse("1-5") == Call("-", (parse("1"), parse("5")))


@pytest.mark.parametrize(("text", "value"), STRINGS)
def test_string_has_sparks_value(text: str, value: str) -> None:
    found = parse(text)
    assert isinstance(found, Literal)
    assert (found.value, str(found.kind)) == (value, "string")


@pytest.mark.parametrize("text", ["1e", "1a", "1_000", "0x1F", "0b1", "2L3", "1e5e5"])
def test_word_that_begins_with_a_digit_is_a_name(text: str) -> None:
    assert parse(text) == ColumnRef((text,))


def test_point_and_digits_after_a_name_are_a_part_of_the_name_only_where_they_are_no_number() -> None:
    assert parse("t.1a") == ColumnRef(("t", "1a"))
    assert parse("t.1e") == ColumnRef(("t", "1e"))
    with pytest.raises(UnsupportedExpressionError, match="`,` or `FROM __THIS__` is expected here"):
        parse("t.1e5")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("128Y", "128Y is outside the range of tinyint"),
        ("1e400", "1e400 is outside the range of double"),
        ("1e39F", "1e39 is outside the range of float"),
        ("1" * 39, "needs 39 digits; a decimal has at most 38"),
        ("1.5a", "Spark reads no number here"),
        ("1.a", "Spark reads no number here"),
        ("1e5.2", "Spark reads no number here"),
        ("X'1g'", "something else than hexadecimal digits"),
        ("N'a'", "The literal N '...' is not supported"),
        ("TIMESTAMP '2020-13-01'", "The text after TIMESTAMP is not a timestamp"),
        ("TIMESTAMP '10:30'", "it is a time without a date"),
        ("TIMESTAMP_NTZ '2020-01-01 00:00:00Z'", "The text after TIMESTAMP_NTZ is not a timestamp without a zone"),
        ("INTERVAL '3 foo'", "The unit FOO is not one of an interval"),
        ("DATE '2020-13-01'", "The text after DATE is not a date"),
        ("DATE '2020' '-01-01'", "`,` or `FROM __THIS__` is expected here"),
        ("a 'x'", "The literal A '...' is not supported"),
        ("'a__THIS__'", "replaces `__THIS__` inside strings too"),
        ("'__TH' 'IS__'", "replaces `__THIS__` inside strings too"),
    ],
)
def test_what_is_no_constant_of_spark_or_cannot_be_kept_is_refused(text: str, message: str) -> None:
    with pytest.raises(UnsupportedExpressionError, match="SQL statement, line 1, column") as caught:
        parse(text)
    assert message in str(caught.value)
