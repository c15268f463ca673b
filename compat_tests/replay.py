"""Replay a recorded case: what Spark once answered, against mabridge, without a JVM.

A case is a folder: `case.json`, `model/` (the saved Spark model), `input.parquet`, and `expected.parquet` where Spark returned rows. case.json holds

    title, spark_version, stage_class, ansi, time_zone, case_sensitive
    expect      "rows" or "error"
    error       what Spark said, where it refused
    columns     the output columns that were materialised; null for all
    unordered   array columns whose elements are compared in sorted order, because Spark leaves their order open; absent for none
    tolerance   null, or {"why", "relative", "absolute", "columns"}: instead of 1e-12 of max(|spark|, s), for these columns (null: for all computed ones)
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

import mabridge
from mabridge.errors import InvalidInputError, MalformedModelError, MissingColumnError, UnsupportedPipelineError
from mabridge.lower.program import Program
from mabridge.parity import Answer, Answers, ParityReport, Rules, Tolerance, compare_tables
from mabridge.parity.row_metadata import nominal_columns, schema_json, spark_types
from mabridge.plan.types import TimestampType, arrow_type

CASES = Path(__file__).parent / "cases"


def case_folders(root: Path = CASES) -> list[Path]:
    """All recorded cases, in path order."""
    return sorted(path.parent for path in root.rglob("case.json"))


def replay(folder: Path, *, batch_rows: int | None = None, backend: Literal["auto", "numpy", "onnx", "torch"] = "auto") -> ParityReport | None:
    """Convert the case's model, transform its input, and hold the answer to Spark's.

    Args:
        folder: the case.
        batch_rows: how many rows go through the program at once; None for all.
        backend: what runs predictors.

    Returns:
        The report on equal rows; None where both sides refuse.

    Raises:
        AssertionError: the answers differ; the text is the report.
        mabridge.errors.MabridgeError: mabridge refuses the model, or rows that Spark takes.
    """
    case = json.loads((folder / "case.json").read_text(encoding="utf-8"))
    settings = {name: case[name] for name in ("ansi", "time_zone", "case_sensitive") if name in case}
    try:
        model = mabridge.convert(folder / "model", as_spark=case["spark_version"], **settings)
    except (MalformedModelError, UnsupportedPipelineError) as error:
        # A model that Spark loads and then refuses to transform with may be refused at once; as unsupported only where Spark cannot parse its statement either.
        parsed = str(case.get("error_class")).endswith(".ParseException")
        if case["expect"] == "error" and (parsed or isinstance(error, MalformedModelError)):
            return None
        raise
    table = spark_table(folder / "input.parquet")
    if case["expect"] == "error":
        _expect_refusal(model, table, case, batch_rows, backend)
        return None
    expected = spark_table(folder / "expected.parquet")
    program = model.program(table.schema, columns=case["columns"], backend=backend)
    unordered = case.get("unordered", [])
    answers = (Answer(sorted_lists(answer.batch, unordered), answer.scales) for answer in _run(program, table, batch_rows))
    rules = _rules(case, table, expected, program)
    report = compare_tables(_answers(sorted_lists(expected, unordered)), Answers(program.output_schema, answers), rules)
    assert report.ok, f"{case['title']}\n{report}"
    return report


def _expect_refusal(model: mabridge.Model, table: pa.Table, case: dict[str, Any], batch_rows: int | None, backend: Any) -> None:
    try:
        program = model.program(table.schema, columns=case["columns"], backend=backend)
        rows = sum(answer.batch.num_rows for answer in _run(program, table, batch_rows))
    except (InvalidInputError, MissingColumnError):
        return
    raise AssertionError(f"{case['title']}\nSpark refuses this input ({case['error']}), and mabridge returns {rows} rows.")


def _run(program: Program, table: pa.Table, batch_rows: int | None) -> Iterator[Answer]:
    step = batch_rows or max(table.num_rows, 1)
    for start in range(0, max(table.num_rows, 1), step):
        piece = table.slice(start, step).combine_chunks()
        arrays = [column.chunk(0) if column.num_chunks else pa.array([], column.type) for column in piece.columns]
        scales: dict[str, npt.NDArray[np.float64]] = {}
        batch = pa.RecordBatch.from_arrays(arrays, schema=piece.schema).select(list(program.input_columns))
        yield Answer(program.run(batch, start, scales), scales)


def sorted_lists(rows: Any, columns: list[str]) -> Any:
    """A table or batch with the elements of these array columns sorted within each row; nulls come first."""
    for name in columns:
        place = rows.schema.names.index(name)
        lists = [None if cell is None else sorted(cell, key=lambda item: (item is not None, item)) for cell in rows.column(place).to_pylist()]
        arrays = pa.array(lists, rows.schema.field(place).type)
        rows = rows.set_column(place, rows.schema.field(place), arrays)
    return rows


def _answers(table: pa.Table) -> Answers:
    answers = Answers.of_table(table)
    schema = schema_json(table.schema.metadata)
    return answers if schema is None else Answers(answers.schema, answers.batches, spark_types(schema))


def _rules(case: dict[str, Any], table: pa.Table, expected: pa.Table, program: Program) -> Rules:
    schema = schema_json(expected.schema.metadata)
    assert schema is not None, "expected.parquet was not written by Spark"
    exact = nominal_columns(schema) | frozenset(program.exact)
    passed_through = frozenset(name for name in expected.column_names if name in table.column_names and _is_part(expected[name], table[name]))
    stated = case["tolerance"]
    if stated is None:
        return Rules(passed_through, exact)
    tolerance = Tolerance(relative=stated.get("relative", 1e-12), absolute=stated.get("absolute", 0.0), why=stated["why"])
    assert tolerance.why, "a tolerance needs a reason"
    if stated.get("columns") is None:
        return Rules(passed_through, exact, tolerance)
    return Rules(passed_through, exact, tolerances=dict.fromkeys(stated["columns"], tolerance))


def _is_part(expected: pa.ChunkedArray, given: pa.ChunkedArray) -> bool:
    """Whether Spark's column is the input's with some rows dropped, to the bit: then it was passed through."""
    if expected.type != given.type:
        return False
    rest = iter([repr(value) for value in given.to_pylist()])
    return all(repr(value) in rest for value in expected.to_pylist())


def spark_table(path: Path) -> pa.Table:
    """A parquet file that Spark wrote. Spark's older timestamp format has no zone in Arrow; the file's own metadata says that it is an instant."""
    table = pq.read_table(path)
    schema = schema_json(table.schema.metadata)
    kinds = {} if schema is None else spark_types(schema)
    for place, name in enumerate(table.column_names):
        column = table.column(place)
        if kinds.get(name) == TimestampType() and pa.types.is_timestamp(column.type) and column.type.tz is None:
            table = table.set_column(place, name, column.cast(pa.timestamp("us")).cast(arrow_type(TimestampType())))
    return table
