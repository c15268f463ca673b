"""Functions of strings give Spark's recorded answers over hard values, and refuse the rows that Spark refuses."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from compat_tests.unit.sql.functions.record_strings import cases, python_value
from mabridge.errors import InvalidInputError
from mabridge.lower.lowering import Lowering
from mabridge.lower.program import Program, make_program
from mabridge.plan import ops
from mabridge.plan.op import StageRef, Step
from mabridge.plan.reference import Reference
from mabridge.sql import parse_statement

CASES: list[dict[str, Any]] = json.loads(Path(__file__).with_name("strings.json").read_text(encoding="utf-8"))
_STAGE = StageRef("stages[0]", "org.apache.spark.ml.feature.SQLTransformer", "sql")
_KINDS = {"string": pa.string(), "int": pa.int32(), "bigint": pa.int64(), "double": pa.float64(), "binary": pa.binary(), "decimal(10,3)": pa.decimal128(10, 3)}
#: Rows that Spark answers by halves of characters beyond U+FFFF, which mabridge refuses: an empty match steps by halves, and a position counts them.
IN_HALVES: dict[str, list[int]] = {
    "split(a, b)": [175, 193],
    "regexp_count(a, b)": [162, 175, 180, 193],
    "split(a, 'a*', -1)": [9, 10],
    "split(a, 'a*', 0)": [9, 10],
    "split(a, 'a*', 1)": [9, 10],
    "split(a, 'a*', 2)": [9, 10],
    "split(a, 'a*', 100)": [9, 10],
    "regexp_extract_all(a, b, 0)": [162, 175, 180, 193],
    "regexp_replace(a, 'a*', b)": [18, 19, 20, 21],
    "regexp_replace(a, '[a-c]', '<$0>', 2)": [10],
    "regexp_replace(a, '^a', 'X', 3)": [9],
}


def program_of(expression: str, schema: pa.Schema, version: str = "3.5.7") -> Program:
    step = Step(ops.Project(parse_statement(f"SELECT {expression} FROM __THIS__")), _STAGE)
    return make_program((step,), schema, Lowering(Reference.of_version(version)))


def batch_of(case: dict[str, Any]) -> pa.RecordBatch:
    return pa.RecordBatch.from_pydict(
        {name: pa.array([python_value(value, kind) for value in values], _KINDS[kind]) for name, (kind, values) in case["inputs"].items()}
    )


def answers(array: pa.Array) -> list[Any]:
    found = array.to_pylist()
    if pa.types.is_binary(array.type):
        return [None if value is None else value.hex() for value in found]
    return [None if value is None else format(value, "f") for value in found] if pa.types.is_decimal(array.type) else found


def spark_type(kind: pa.DataType) -> str:
    if pa.types.is_list(kind):
        return f"array<{spark_type(kind.value_type)}>"
    if pa.types.is_decimal(kind):
        return f"decimal({kind.precision},{kind.scale})"
    return {pa.string(): "string", pa.binary(): "binary", pa.bool_(): "boolean", pa.int32(): "int", pa.int64(): "bigint"}[kind]


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["expression"]))
def test_answers_and_refused_rows_are_spark_s(case: dict[str, Any]) -> None:
    batch = batch_of(case)
    program = program_of(f"{case['expression']} AS x" if " any (" in case["expression"] or " all (" in case["expression"] else case["expression"], batch.schema)
    refused, here = case.get("refused", []), IN_HALVES.get(case["expression"], [])
    kept = [row for row in range(batch.num_rows) if row not in refused and row not in here]
    found = program.run(batch.take(pa.array(kept, pa.int64()))).column(0)
    assert answers(found) == [case["values"][row] for row in kept]
    # Where every row is refused, Spark gives no type.
    assert spark_type(found.type) == case.get("type", spark_type(found.type))
    assert kept or "type" not in case
    for row in refused:
        with pytest.raises(InvalidInputError):
            program.run(batch.slice(row, 1))
    for row in here:
        assert "😀" in case["inputs"]["a"][1][row]
        with pytest.raises(InvalidInputError, match=r"beyond U\+FFFF"):
            program.run(batch.slice(row, 1))


def test_all_cases_are_recorded() -> None:
    assert [case["expression"] for case in CASES] == [expression for expression, _ in cases()]


def test_search_that_backtracks_too_long_is_refused_with_the_row(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mabridge.sql.functions.regular.SECONDS", 0.05)
    batch = pa.RecordBatch.from_pydict({"a": ["b", "ab" * 40]})
    program = program_of("regexp_extract(a, '(?:[ab]|a[ab])+[cd]', 0) AS x", batch.schema)
    with pytest.raises(InvalidInputError, match=r"row 1.*in one text, which is refused"):
        program.run(batch)


def test_hostile_pattern_of_rlike_and_like_is_matched_in_linear_time() -> None:
    batch = pa.RecordBatch.from_pydict({"a": ["a" * 20_000], "p": ["%a%a%a%a%a%a%b"]})
    assert program_of("a RLIKE '(a+)+b' AS x", batch.schema).run(batch).column(0).to_pylist() == [False]
    assert program_of("a LIKE p AS x", batch.schema).run(batch).column(0).to_pylist() == [False]


def test_string_that_is_no_utf8_is_refused_with_its_row_and_counted_in_bytes() -> None:
    raw = pa.array([b"ok", b"\xff", b"\xff"], pa.binary())
    text = pa.StringArray.from_buffers(3, raw.buffers()[1], raw.buffers()[2])
    batch = pa.RecordBatch.from_pydict({"a": text})
    with pytest.raises(InvalidInputError, match=r"row 1.*no UTF-8"):
        program_of("soundex(a) AS x", batch.schema).run(batch)
    assert program_of("octet_length(a) AS x", batch.schema).run(batch).column(0).to_pylist() == [2, 1, 1]
    assert program_of("is_valid_utf8(a) AS x", batch.schema, "4.0.0").run(batch).column(0).to_pylist() == [True, False, False]


def test_argument_that_may_refuse_is_not_looked_at_behind_a_null() -> None:
    batch = pa.RecordBatch.from_pydict({"a": pa.array([None, "x"], pa.string()), "b": ["zz", "6162"]})
    assert program_of("contains(a, decode(to_binary(b), 'UTF-8')) AS x", batch.schema).run(batch).column(0).to_pylist() == [None, False]
    with pytest.raises(InvalidInputError, match="hexadecimal"):
        program_of("contains(b, decode(to_binary(b), 'UTF-8')) AS x", batch.schema).run(batch)


def test_text_that_would_fill_the_memory_is_refused() -> None:
    batch = pa.RecordBatch.from_pydict({"a": ["x"], "n": pa.array([2**31 - 1], pa.int32())})
    for expression in ("repeat(a, n)", "space(n)", "lpad(a, n, ' ')", "format_string('%999999999d', n)"):
        with pytest.raises(InvalidInputError, match="at most 268435456 are made"):
            program_of(f"{expression} AS x", batch.schema).run(batch)


def test_rows_of_several_columns_are_computed_once_each_and_keep_their_order() -> None:
    batch = pa.RecordBatch.from_pydict({"a": ["b", "a", "b", None, "a"], "b": ["x", "x", "y", "x", "x"]})
    assert program_of("concat_ws('-', a, b, a) AS x", batch.schema).run(batch).column(0).to_pylist() == ["b-x-b", "a-x-a", "b-y-b", "x", "a-x-a"]
    empty = batch.slice(0, 0)
    assert program_of("concat_ws('-', a, b, a) AS x", batch.schema).run(empty).num_rows == 0


@pytest.mark.parametrize("function", ["contains", "startswith", "endswith", "replace", "left"])
def test_constant_arguments_give_what_the_same_values_in_columns_give(function: str) -> None:
    texts = ["", "a", "abcab", "aaaa", "é😀z", "日本語", None]
    other: list[Any] = [-1, 0, 2, 100] if function == "left" else ["", "a", "ab", "aa", "😀", "語"]
    for value in other:
        batch = pa.RecordBatch.from_pydict({"a": texts, "b": pa.array([value] * len(texts), pa.int32() if function == "left" else pa.string())})
        written = str(value) if function == "left" else f"'{value}'"
        columns = program_of(f"{function}(a, b) AS x, {function}(a, {written}) AS y", batch.schema).run(batch)
        assert columns.column(0).to_pylist() == columns.column(1).to_pylist(), value
