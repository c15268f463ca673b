"""Every recorded answer of Spark's SQL functions is given, or refused by name as not_supported.json says."""

from __future__ import annotations

import json
from typing import Any

import pytest

from compat_tests.sql.ledger import function_names, listed, read_ledger, replayed
from compat_tests.sql.replay import SQL, VERSIONS, cases, file_name, functions, run_case, ulps

LEDGER = read_ledger()


@pytest.mark.parametrize("function", function_names())
def test_answers_are_spark_s_or_refused_as_the_ledger_says(function: str) -> None:
    tally = replayed(function)
    assert tally.faults == []
    known = listed(LEDGER, function)
    refused = {case: why for case, why in tally.refusals.items() if case not in known}
    assert refused == {}, "refused, and not in not_supported.json"
    works = sorted(known - set(tally.refusals))
    assert works == [], "these work now, or are recorded no more; run `python -m compat_tests.sql.ledger --shrink` and commit not_supported.json"


def test_ledger_names_recorded_functions_only_and_refuses_in_sentences() -> None:
    assert set(LEDGER) <= set(function_names())
    assert [why for reasons in LEDGER.values() for why in reasons if not why.rstrip().endswith(".")] == []


@pytest.mark.parametrize("version", VERSIONS)
def test_every_row_level_function_has_cases(version: str) -> None:
    listed_here = functions(version)
    assert len(listed_here) > 400
    files = {path.stem for path in (SQL / version / "functions").iterdir()}
    assert files == {
        file_name(name) for name, entry in listed_here.items() if entry["cases"] or (SQL / version / "functions" / f"{file_name(name)}.json").exists()
    }
    assert {name: len(cases(version, name)) for name in listed_here} == {name: entry["cases"] for name, entry in listed_here.items()}


def recorded(**changes: Any) -> dict[str, Any]:
    """A case of `c0 + c1` that is right unless something is changed."""
    case = {
        "id": "made",
        "expression": "c0 + c1",
        "inputs": {"c0": ["double", [1.0, -0.0, None, float("nan")]], "c1": ["double", [2.0, -0.0, 1.0, 1.0]]},
        "type": "double",
        "values": [3.0, -0.0, None, float("nan")],
    }
    return json.loads(json.dumps(case | changes))  # type: ignore[no-any-return]


def test_a_right_answer_is_equal() -> None:
    assert run_case("3.5.7", recorded()).outcome == "equal"


@pytest.mark.parametrize(
    "changes",
    [
        {"values": [3.0000000000000004, -0.0, None, float("nan")]},
        {"values": [3.0, 0.0, None, float("nan")]},
        {"values": [3.0, -0.0, 0.0, float("nan")]},
        {"values": [3.0, -0.0, None, None]},
        {"values": [3.0, -0.0, None]},
        {"type": "float"},
        {"values": [None, -0.0, None, float("nan")], "refused": {"ARITHMETIC_OVERFLOW": [0]}},
        {"statement": "SELECT 1 + 2 FROM __THIS__", "names": ["x"], "types": ["integer"], "values": [3]},
        {"statement": "SELECT 1 + 2 FROM __THIS__", "names": ["(1 + 2)"], "types": ["integer"], "values": [4]},
        {"statement": "SELECT 1 + 2 FROM __THIS__", "names": ["(1 + 2)"], "types": ["integer"], "error": {"class": "x", "condition": None}},
    ],
)
def test_a_wrong_answer_is_wrong(changes: dict[str, Any]) -> None:
    assert run_case("3.5.7", recorded(**changes)).outcome == "wrong"


def test_a_function_that_mabridge_lacks_is_refused_and_not_wrong() -> None:
    result = run_case("3.5.7", recorded(expression="nosuchfunction(c0)"))
    assert result.outcome == "refused"
    assert "line 1" not in result.text


def test_units_in_the_last_place_count_across_zero_and_keep_zero_s_sign() -> None:
    assert ulps(1.0, 1.0000000000000002) == 1
    assert ulps(5e-324, 0.0) == 1
    assert ulps(0.0, -0.0) > 4
    assert ulps(float("inf"), 1.7976931348623157e308) > 4
    assert ulps(1.0, 1.0000001192092896, single=True) == 1
