"""Replay Spark's recorded answers through mabridge's SQL, without a JVM.

`compat_tests/sql/<Spark version>/functions/<name>.json` holds the cases of a function, written by `python -m compat_tests.record.sql_functions`:

    id              of the case
    statement       an example over a table of one row, or
    expression      one item over the columns of `inputs`, or over the table of hard_values.json where there are none
    names, types    of an example's columns
    type            of an expression
    values          one for each column of an example; one for each row of an expression's table
    refused         error condition -> the rows that Spark refuses
    error           what Spark raises, where it refuses an example
    left_out        rows whose value was too long to be recorded
    ansi            true where the case was recorded under ANSI although the version's default is not
    not_recorded    Spark takes no column there, or refuses every row; nothing is replayed

Values are as `compat_tests.sql.cells` has them.
"""

from __future__ import annotations

import json
import math
import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Literal

import pyarrow as pa

from compat_tests.sql.cells import any_part, from_cells, plain, to_cells
from mabridge.errors import InvalidInputError, MabridgeError, MissingColumnError, UnsupportedExpressionError
from mabridge.lower.columns import ScalarColumn
from mabridge.lower.lowering import Lowering
from mabridge.lower.program import Program, make_program
from mabridge.plan import ops
from mabridge.plan.op import StageRef, Step
from mabridge.plan.reference import Reference, major_minor
from mabridge.plan.spark_schema import row_metadata
from mabridge.plan.types import DataType, StringType
from mabridge.sql import Item, Statement, cast_column, parse_statement
from mabridge.sql.expression import Call, walk
from mabridge.sql.functions.table import FUNCTIONS

SQL = Path(__file__).parent
VERSIONS = tuple(sorted(path.name for path in SQL.iterdir() if (path / "functions.json").is_file()))
_STAGE = StageRef("stages[0]", "org.apache.spark.ml.feature.SQLTransformer", "sql")
#: Rows that mabridge refuses where Spark answers: words of the message -> the reason for the ledger. "" stands for every other message that does not say
#: that Spark refuses the row too, which would be a wrong answer.
_REFUSED_ROWS = {
    "names no time zone": "A row is refused by name: a time zone that Java does not know, which Spark refuses in some calls and makes null in others.",
    "so no conversion can keep it": "A row is refused by name: a time without a date, to which Spark adds the day on which the job runs.",
    "has the pattern": "A row is refused by name: its pattern is none that mabridge can match as Java does.",
    "not UTF-8": "A row is refused by name: bytes that are not UTF-8, which a string of Spark can hold and one of Arrow cannot.",
    "": "A row is refused by name, with a reason of its own.",
}
Outcome = Literal["equal", "refused", "wrong"]


@dataclass(frozen=True)
class Result:
    """What became of a case.

    Attributes:
        outcome: equal; refused by name; wrong.
        text: why it is refused, without the place in the statement; or what is wrong.
        ulp: the largest distance of a double from Spark's, in units in the last place.
    """

    outcome: Outcome
    text: str = ""
    ulp: int = 0


def functions(version: str) -> dict[str, dict[str, Any]]:
    """functions.json of a version."""
    found: dict[str, dict[str, Any]] = json.loads((SQL / version / "functions.json").read_text(encoding="utf-8"))
    return found


def file_name(function: str) -> str:
    """A function's name as a file's; operators by their characters' codes."""
    return function if function.replace("_", "a").isalnum() else "operator_" + "_".join(f"{ord(char):x}" for char in function)


def cases(version: str, function: str) -> list[dict[str, Any]]:
    """The cases of a function that can be replayed."""
    file = SQL / version / "functions" / f"{file_name(function)}.json"
    found: list[dict[str, Any]] = json.loads(file.read_text(encoding="utf-8")) if file.exists() else []
    return [case for case in found if "not_recorded" not in case]


@cache
def hard_columns(version: str) -> dict[str, pa.Array]:
    """The columns of the version's table of hard values."""
    listed = json.loads((SQL / version / "hard_values.json").read_text(encoding="utf-8"))
    return {name: from_cells(values, kind) for entry in listed for name, (kind, values) in entry.items()}


@cache
def _parsed(text: str, spark_version: str) -> Statement:
    return parse_statement(text, major_minor(spark_version))


def run_case(version: str, case: dict[str, Any]) -> Result:
    """Run one case and hold the answer to Spark's."""
    reference = Reference.of_version(version)
    if case.get("ansi"):
        reference = replace(reference, ansi=True)
    text = case["statement"] if "statement" in case else f"SELECT {case['expression']} AS x FROM __THIS__"
    batch = _input(version, case)
    try:
        statement = _parsed(text, version)
        program = _program(statement, batch.schema, reference)
        if "error" in case:
            return _must_refuse(program, batch, f"Spark raises {case['error']}")
        refused = sorted(row for rows in case.get("refused", {}).values() for row in rows)
        good = batch.take(pa.array([row for row in range(batch.num_rows) if row not in set(refused)], pa.int64())) if refused else batch
        answer = program.run(good)
        result = _compared(case, answer, program, _tolerance(statement), refused)
        if result.outcome == "equal":
            for row in refused:
                found = _must_refuse(program, batch.slice(row, 1), f"Spark refuses row {row}")
                if found.outcome != "equal":
                    return found
        return result
    except UnsupportedExpressionError as error:
        return Result("refused", without_place(str(error)))
    except InvalidInputError as error:
        if "error" in case:
            return Result("equal")
        named = next(reason for words, reason in _REFUSED_ROWS.items() if words in str(error))
        named = None if named == _REFUSED_ROWS[""] and "Spark refuses" in str(error) else named
        return Result("wrong", f"Spark answers, and mabridge says: {error}") if named is None else Result("refused", named)
    except (MissingColumnError, MabridgeError) as error:
        return Result("wrong", f"{type(error).__name__}: {error}")
    except Exception as error:
        # A crash is a wrong answer, and the report goes on.
        return Result("wrong", f"crashed: {type(error).__name__}: {str(error)[:300]}")


def _input(version: str, case: dict[str, Any]) -> pa.RecordBatch:
    if "inputs" in case:
        return pa.RecordBatch.from_pydict({name: from_cells(values, kind) for name, (kind, values) in case["inputs"].items()})
    if "statement" in case:
        return pa.RecordBatch.from_pydict({"_": pa.array([0], pa.int32())})
    columns = hard_columns(version)
    read = {name for name in re.findall(r"\b[a-z]+_[1-9]\b", case["expression"]) if name in columns}
    return pa.RecordBatch.from_pydict({name: columns[name] for name in columns if name in (read or {"int_1"})})


def _program(statement: Statement, schema: pa.Schema, reference: Reference) -> Program:
    step = Step(ops.Project(statement), _STAGE)
    return make_program((step,), schema, Lowering(reference))


def _must_refuse(program: Program, batch: pa.RecordBatch, what: str) -> Result:
    try:
        answer = program.run(batch)
    except InvalidInputError:
        return Result("equal")
    return Result("wrong", f"{what}, and mabridge gives {answer.column(0).to_pylist()[:1]}")


def without_place(message: str) -> str:
    """A refusal without the place in the statement, so that many cases share it."""
    return re.sub(r"SQL statement, line \d+, column \d+ \(at `.*?`\): (?=[A-Z`])", "", message, flags=re.DOTALL)


# Comparison -----------------------------------------------------------------------------------------------------------------------------------------------


def _tolerance(statement: Statement) -> int:
    """How many units in the last place a double may differ: the largest that a function of the statement declares, at most 4."""
    allowed = 0
    for item in statement.items:
        assert isinstance(item, Item)
        for node in walk(item.expression):
            if isinstance(node, Call) and node.name in FUNCTIONS:
                allowed = max(allowed, FUNCTIONS[node.name].ulp)
    assert allowed <= 4
    return allowed


def _compared(case: dict[str, Any], answer: pa.RecordBatch, program: Program, allowed: int, refused: list[int]) -> Result:
    kinds = case["types"] if "types" in case else [case["type"]]
    if answer.num_columns != len(kinds):
        return Result("wrong", f"{answer.num_columns} columns, Spark has {len(kinds)}")
    largest = 0
    for place, kind in enumerate(kinds):
        column = program.outputs[place]
        if "names" in case and column.name != case["names"][place]:
            return Result("wrong", f"the column is named {column.name!r}, in Spark {case['names'][place]!r}")
        ours = plain(_schema_json(column.kind))
        if ours != kind:
            return Result("wrong", f"the type is {json.dumps(ours)}, in Spark {json.dumps(kind)}")
        if "statement" in case:
            expected, rows = [case["values"][place]], [0]
        else:
            skipped = {*refused, *case.get("left_out", [])}
            rows = [row for row in range(len(case["values"])) if row not in set(refused)]
            expected = [case["values"][row] for row in rows]
            keep = [at for at, row in enumerate(rows) if row not in skipped]
        found = _as_text(answer.column(place), column.kind, program) if _is_interval(kind) else to_cells(answer.column(place), kind)
        if len(found) != len(expected):
            return Result("wrong", f"{len(found)} rows, Spark has {len(expected)}")
        if "statement" in case:
            keep = [0]
        floating = any_part(kind, lambda part: part in ("double", "float"))
        for at in keep:
            distance = _distance(expected[at], found[at], kind) if floating else int(not same(expected[at], found[at]))
            if distance > (allowed if floating else 0):
                shown = f" for {_inputs_of(case, rows[at])}" if "inputs" in case else ""
                far = f" ({distance} ulp)" if floating and distance < 2**40 else ""
                return Result("wrong", f"row {rows[at]}: {found[at]!r}, in Spark {expected[at]!r}{far}{shown}")
            largest = max(largest, distance)
    return Result("equal", ulp=largest)


def _is_interval(kind: Any) -> bool:
    """Whether a type is one that Arrow has no place for, so that Spark's cast to string was recorded."""
    return isinstance(kind, str) and kind.startswith("interval")


def _as_text(column: pa.Array, kind: DataType, program: Program) -> list[Any]:
    return to_cells(cast_column(ScalarColumn.of_arrow(kind, column), StringType(), program.reference).arrow, "string")


def _schema_json(kind: DataType) -> Any:
    return json.loads(row_metadata([("x", kind)]))["fields"][0]["type"]


def _inputs_of(case: dict[str, Any], row: int) -> str:
    return ", ".join(f"{name}={values[row]!r}" for name, (_, values) in case["inputs"].items())


def same(expected: Any, found: Any) -> bool:
    """Whether two cells are the same, to the bit and to the type."""
    return type(expected) is type(found) and (repr(expected) == repr(found) if isinstance(expected, list) else bool(expected == found))


def _distance(expected: Any, found: Any, kind: Any) -> int:
    """The largest distance of a double in a cell from Spark's, in units in the last place; beyond any tolerance where anything else differs."""
    far = 2**64
    if isinstance(expected, list) and isinstance(found, list):
        if len(expected) != len(found):
            return far
        return max((_distance(left, right, part) for left, right, part in zip(expected, found, _parts(kind, len(found)), strict=True)), default=0)
    if isinstance(expected, float) and isinstance(found, float):
        return ulps(expected, found, single=kind == "float")
    return 0 if same(expected, found) else far


def _parts(kind: Any, count: int) -> Iterator[Any]:
    if isinstance(kind, tuple):
        yield from kind
    elif kind["type"] == "struct":
        yield from (field["type"] for field in kind["fields"])
    elif kind["type"] == "map":
        yield from [(kind["keyType"], kind["valueType"])] * count
    else:
        yield from [kind["elementType"]] * count


def ulps(left: float, right: float, *, single: bool = False) -> int:
    """How many doubles (or floats) lie between two, plus one; 0 where they are the same to the bit, or both NaN. Zeros of two signs are far apart."""
    if math.isnan(left) or math.isnan(right):
        return 0 if math.isnan(left) and math.isnan(right) else 2**64

    def order(value: float) -> int:
        found = int(struct.unpack("i" if single else "q", struct.pack("f" if single else "d", value))[0])
        return found if found >= 0 else -(found & (2**31 - 1 if single else 2**63 - 1)) - 1

    if math.isinf(left) != math.isinf(right) or (left == right == 0.0 and math.copysign(1, left) != math.copysign(1, right)):
        return 2**64
    return abs(order(left) - order(right))
