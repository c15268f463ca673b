"""Values go to JSON and back without loss, and example statements are taken apart where their commas and literals are."""

from __future__ import annotations

import json
from typing import Any

import pytest

from compat_tests.record.sql_functions import vary
from compat_tests.record.sql_functions.hard_values import KINDS, ROWS, hard_table
from compat_tests.record.sql_functions.text import call, examples, has_from, joined, literals, select_list, split, tokens
from compat_tests.sql.cells import arrow_of, from_cells, plain, to_cells

INTS = {"type": "array", "elementType": "integer"}
MAP = {"type": "map", "keyType": "string", "valueType": INTS}
STRUCT = {"type": "struct", "fields": [{"name": "a", "type": "double"}, {"name": "b", "type": MAP}]}


@pytest.mark.parametrize("name", sorted(hard_table()))
def test_hard_values_survive_json_and_arrow(name: str) -> None:
    kind, values = hard_table()[name]
    assert len(values) == ROWS
    array = from_cells(json.loads(json.dumps(values)), kind)
    assert array.type == arrow_of(kind)
    array.validate(full=True)
    assert repr(to_cells(array, kind)) == repr(values)


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("string", ["a", None, "\udcff", "", "é😀"]),
        ("void", [None, None]),
        ("double", [float("nan"), -0.0, None, 5e-324, float("-inf")]),
        ("decimal(38,18)", ["-0.000000000000000001", None]),
        ("date", [-719162, 2932897, None]),
        ("timestamp", [-62135596800000001, None, 0]),
        (INTS, [[], None, [None], [1, 2]]),
        (MAP, [[["a", [1]], ["b", None]], None, [], [["c", []]]]),
        (STRUCT, [[1.5, [["a", [None]]]], None, [None, None]]),
    ],
)
def test_every_kind_of_value_survives(kind: Any, values: list[Any]) -> None:
    array = from_cells(values, kind)
    assert repr(to_cells(array, kind)) == repr(values)
    assert repr(to_cells(array.slice(1), kind)) == repr(values[1:])


def test_a_type_is_compared_without_nullability_and_metadata() -> None:
    spark = {
        "type": "struct",
        "fields": [{"name": "a", "type": {"type": "array", "elementType": "long", "containsNull": True}, "nullable": False, "metadata": {}}],
    }
    assert plain(spark) == {"type": "struct", "fields": [{"name": "a", "type": {"type": "array", "elementType": "long"}}]}


def test_variations_begin_with_the_example_and_are_the_same_each_time() -> None:
    for kind in KINDS.values():
        value = from_cells([vary.hard(kind)[-1]], kind)
        first = to_cells(value, kind)[0]
        drawn = vary.column(kind, first, "seed", tame=False)
        assert len(drawn) == vary.ROWS
        assert repr(drawn) == repr(vary.column(kind, first, "seed", tame=False))
        assert repr(drawn[0]) == repr(first)
        assert len(from_cells(drawn, kind)) == vary.ROWS
        assert None in drawn


def test_examples_are_the_statements_after_the_mark() -> None:
    described = "\n    Examples:\n      > SELECT f('a;b');\n       1\n      > SELECT f(1),\n         f(2);\n       2\n"
    assert examples(described) == ["SELECT f('a;b')", "SELECT f(1),\n         f(2)"]


def test_arguments_are_split_at_the_commas_of_the_call_itself() -> None:
    items = select_list("SELECT f(array(1, 2), 'a,b', g(x -> x + 1, \"c)\"))")
    assert items is not None
    found = call(items)
    assert found is not None
    assert (found[0], [joined(argument) for argument in found[1]]) == ("f", ["array(1, 2)", "'a,b'", 'g(x -> x + 1, "c)")'])
    assert len(split(tokens("f(1, 2), g(3)"))) == 2


@pytest.mark.parametrize("text", ["a + b", "f(1) + g(2)", "CAST('1' AS INT)", "extract(YEAR FROM DATE'2020-01-01')", "trim(BOTH 'a' FROM 'b')"])
def test_what_is_no_plain_call_is_none(text: str) -> None:
    assert call(tokens(text)) is None


def test_literals_are_found_with_their_type_in_front_and_intervals_are_left() -> None:
    item = tokens("DATE '2020-01-01' + 2 > X'1F' OR INTERVAL '1' DAY = 'a' AND true")
    assert [joined(item[first:after]) for first, after in literals(item)] == ["DATE '2020-01-01'", "2", "X'1F'", "'a'", "true"]


def test_a_from_inside_brackets_is_no_from() -> None:
    assert not has_from("SELECT extract(YEAR FROM x)")
    assert has_from("SELECT a FROM VALUES (1) AS t(a)")
