"""JSON as Jackson reads it: the quick reader beside the careful one, hostile texts, and schemas."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from mabridge.errors import InvalidInputError
from mabridge.plan.types import ArrayType, DecimalType, IntegerType, MapType, StringType, StructType
from mabridge.sql import json_text
from mabridge.sql.ddl import DdlError, read_schema
from mabridge.sql.json_text import MalformedJsonError, Members, Number, get_json_object, read_json, read_path

PIECES = st.sampled_from(
    [
        *'{}[]:,"',
        '"a"',
        "'b'",
        '"a":',
        "1",
        "-0",
        "01",
        "1.5",
        "1e5",
        ".5",
        "-",
        "true",
        "null",
        "NaN",
        "Infinity",
        " ",
        "\n",
        "\\u00e9",
        "\\ud83d",
        "\\ude00",
        "\\x",
        "\x01",
        "é",
        "😀",
    ]
)


@settings(max_examples=3000, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@example(pieces=["[", "1", ",", "01", "]"], controls=True)
@example(pieces=["{", '"a":', '"', "\\ud83d", "\\ude00", '"', "}"], controls=True)
@given(pieces=st.lists(PIECES, max_size=12), controls=st.booleans())
def test_the_quick_reader_reads_what_the_careful_one_reads(pieces: list[str], controls: bool) -> None:
    for text in ("".join(pieces), "[" + ",".join(pieces) + "]", '{"k":' + "".join(pieces) + "}"):
        try:
            careful: object = json_text._Reader(text, controls=controls, words={}).root()
        except MalformedJsonError:
            careful = MalformedJsonError
        try:
            found: object = read_json(text, controls=controls)
        except MalformedJsonError:
            found = MalformedJsonError
        assert found == careful, text


def test_numbers_keep_their_text_and_names_may_come_twice() -> None:
    assert read_json('{"a":1.50,"a":[-0]} rest') == Members([("a", Number("1.50", whole=False)), ("a", [Number("-0", whole=True)])])


@pytest.mark.parametrize("text", ["[" * 5000, "[" * 201 + "]" * 201, '{"a":' * 5000])
def test_a_text_that_nests_too_deep_is_refused(text: str) -> None:
    with pytest.raises(InvalidInputError, match="nests deeper than 200"):
        get_json_object(text, read_path("$") or ())


def test_a_number_of_more_than_a_thousand_digits_is_no_json() -> None:
    assert get_json_object("[" + "1" * 1000 + "]", read_path("$[0]") or ()) == "1" * 1000
    assert get_json_object("[" + "1" * 1001 + "]", read_path("$[0]") or ()) is None


def test_a_schema_is_a_type_or_fields() -> None:
    assert read_schema("a INT, `b c` array<string>") == StructType((("a", IntegerType()), ("b c", ArrayType(StringType()))))
    assert read_schema(" MAP<string, decimal(5, 2)> ") == MapType(StringType(), DecimalType(5, 2))
    assert read_schema("struct<x:int,y struct<>>") == StructType((("x", IntegerType()), ("y", StructType(()))))


@pytest.mark.parametrize(
    "text", ["", "nonsense", "a", "a INT NOT NULL", "a INT,", "a decimal(39,0)", "ARRAY<INT", "a: INT", "a INT b INT", "a INT; b", "ARRAY<" * 500]
)
def test_what_is_no_schema_is_refused(text: str) -> None:
    with pytest.raises(DdlError):
        read_schema(text)
