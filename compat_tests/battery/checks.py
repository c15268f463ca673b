"""The checks of the battery: what holds for every translator, whatever it does.

Each takes a subject and raises AssertionError where the property does not hold. Answers are compared by their bits: NaN equals NaN, 0.0 is not -0.0.
"""

from __future__ import annotations

import math
import struct
import tempfile
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

import mabridge
from compat_tests.battery.subjects import Subject
from mabridge.bundle import plan_digest
from mabridge.errors import InvalidInputError, InvalidRowError
from mabridge.lower.lowering import Lowering
from mabridge.lower.program import Program, Vectors, make_program
from mabridge.model import Model
from mabridge.plan.store import plan_to_json
from mabridge.plan.types import VectorType, is_vector_struct

Check = Callable[[Subject], None]

VECTORS: tuple[Vectors, ...] = ("spark", "dense")


def bits(value: Any) -> Any:
    """A Python value with each double as its eight bytes; of NaN, whose sign bit no one can ask for in Spark, only that it is NaN."""
    if isinstance(value, float):
        return b"NaN" if math.isnan(value) else struct.pack("<d", value)
    if isinstance(value, (list, tuple)):
        return [bits(item) for item in value]
    if isinstance(value, dict):
        return [(key, bits(item)) for key, item in value.items()]
    return value


def answer(table: pa.Table) -> list[tuple[str, str, Any]]:
    """Each column's name, type and bits, in order."""
    return [(field.name, str(field.type), bits(table.column(place).to_pylist())) for place, field in enumerate(table.schema)]


def batch_of(table: pa.Table) -> pa.RecordBatch:
    """The table as one batch, an empty one too."""
    arrays = [column.chunk(0) if column.num_chunks == 1 else pa.concat_arrays(column.chunks or [pa.array([], column.type)]) for column in table.columns]
    return pa.RecordBatch.from_arrays(arrays, schema=table.schema)


def run(program: Program, table: pa.Table, rows: int | None = None) -> pa.Table:
    """The program's answer, `rows` rows at a time."""
    step = rows or max(table.num_rows, 1)
    batches = [program.run(batch_of(table.slice(start, step)), start) for start in range(0, max(table.num_rows, 1), step)]
    return pa.Table.from_batches(batches, schema=program.output_schema)


def fresh(subject: Subject) -> Program:
    """A program that has run nothing yet."""
    return Model(subject.model.steps, subject.model.reference).program(subject.table.schema, columns=subject.columns)


@cache
def whole(subject: Subject) -> pa.Table:
    """The answer to the whole input at once."""
    return run(fresh(subject), subject.table)


def is_deterministic(subject: Subject) -> None:
    """The same program and a new one answer the same again, after another input too."""
    program = fresh(subject)
    first = answer(run(program, subject.table))
    run(program, subject.table.slice(0, 0))
    run(program, subject.table.slice(1))
    assert answer(run(program, subject.table)) == first
    assert answer(whole(subject)) == first
    assert plan_digest(*plan_to_json(subject.model.steps, subject.model.reference)) == subject.model.digest, "running changed the plan"


def takes_an_empty_batch(subject: Subject) -> None:
    """No rows in, no rows out, of the declared schema."""
    empty = batch_of(subject.table.slice(0, 0))
    for vectors in VECTORS:
        program = subject.model.program(subject.table.schema, columns=subject.columns, vectors=vectors)
        out = program.run(empty)
        assert out.num_rows == 0
        # Spark's row metadata belong to the whole answer, not to each batch.
        assert out.schema == program.output_schema
        assert out.schema.metadata is None


def gives_the_same_in_any_batches(subject: Subject) -> None:
    """Batches of 1, 2 and 3 rows give what the whole gives."""
    expected = answer(whole(subject))
    for rows in (1, 2, 3):
        assert answer(run(fresh(subject), subject.table, rows)) == expected, f"in batches of {rows}"


def leaves_its_input_alone(subject: Subject) -> None:
    """No byte of the input's buffers changes, and its values read as before."""
    # A copy of its own: nobody else may hold these buffers.
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, subject.table.schema) as writer:
        writer.write_table(subject.table)
    memory = bytearray(sink.getvalue().to_pybytes())
    table = pa.ipc.open_stream(pa.py_buffer(memory)).read_all()
    before, values = bytes(memory), answer(table)
    out = run(fresh(subject), table)
    assert bytes(memory) == before
    assert answer(table) == values
    assert answer(out) == answer(whole(subject))


def declares_its_real_schema(subject: Subject) -> None:
    """What comes out is of the declared names, types and vector sizes, and is well-formed Arrow; what is read is declared."""
    for vectors in VECTORS:
        program = subject.model.program(subject.table.schema, columns=subject.columns, vectors=vectors)
        if vectors == "dense" and wrong_sizes(whole(subject), fresh(subject)):
            # Spark lets a column declare another size than its vectors have; a list of a fixed size cannot.
            with pytest.raises(InvalidInputError, match="which no list of a fixed size can hold"):
                program.run(batch_of(subject.table))
            continue
        if vectors == "dense" and mixed_sizes(whole(subject)):
            # Spark lets the vectors of a column that nobody reads be of several sizes; a list of a fixed size cannot.
            with pytest.raises(InvalidInputError, match="vectors of different sizes"):
                program.run(batch_of(subject.table))
            continue
        out = program.run(batch_of(subject.table))
        out.validate(full=True)
        # Spark's row metadata belong to the whole answer, not to each batch.
        assert out.schema == program.output_schema
        assert out.schema.metadata is None
        assert [array.type for array in out.columns] == [field.type for field in program.output_schema]
    there = {name.lower() for name in subject.table.column_names}
    # StringIndexerModel passes over a column that is not there, as in Spark.
    absent = [requirement.name for requirement in subject.model.input_schema if requirement.name.lower() not in there]
    assert not set(absent) & set(fresh(subject).input_columns)


def mixed_sizes(out: pa.Table) -> list[str]:
    """The vector columns whose vectors are of several sizes."""
    found = []
    for name, column in zip(out.column_names, out.columns, strict=True):
        if is_vector_struct(column.type):
            sizes = {len(value["values"]) if value["type"] == 1 else value["size"] for value in column.to_pylist() if value is not None}
            found += [name] if len(sizes) > 1 else []
    return found


def wrong_sizes(out: pa.Table, program: Program) -> list[str]:
    """The vector columns that hold vectors of another size than they declare."""
    found = []
    for column in program.outputs:
        if isinstance(column.kind, VectorType) and column.kind.size is not None:
            vectors = [vector for vector in out[column.name].to_pylist() if vector is not None]
            if {len(vector["values"]) if vector["type"] == 1 else vector["size"] for vector in vectors} - {column.kind.size}:
                found.append(column.name)
    return found


def survives_saving(subject: Subject) -> None:
    """A saved bundle, loaded, gives the same answer and saves to the same bytes."""
    with tempfile.TemporaryDirectory() as folder:
        subject.model.save(Path(folder, "first"))
        loaded = mabridge.load(Path(folder, "first"))
        loaded.save(Path(folder, "second"))
        first, second = files_of(Path(folder, "first")), files_of(Path(folder, "second"))
    assert first
    assert first == second
    assert loaded.digest == subject.model.digest
    program = loaded.program(subject.table.schema, columns=subject.columns)
    assert answer(run(program, subject.table)) == answer(whole(subject))


def files_of(folder: Path) -> dict[str, bytes]:
    """Every file below a folder by its path."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def gives_each_column_alone(subject: Subject) -> None:
    """Each output column asked for alone, and all of them backwards, is the column of the whole."""
    expected = {entry[0]: entry for entry in answer(whole(subject))}
    names = list(expected)
    assert names
    wanted: list[Sequence[str]] = [[name] for name in names] + [names[::-1]]
    for columns in wanted:
        program = Model(subject.model.steps, subject.model.reference).program(subject.table.schema, columns=columns)
        assert answer(run(program, subject.table)) == [expected[name] for name in columns], columns


def gives_the_same_without_rewrites(subject: Subject) -> None:
    """The plan as it was bound answers what the rewritten one does; for all columns, as with fewer the rewrites also refuse fewer rows."""
    assert subject.columns is None
    rewritten = fresh(subject)
    lowering = Lowering(subject.model.reference)
    plain = make_program(subject.model.steps, subject.table.schema, lowering, columns=subject.columns, passes=())
    assert len(plain.operations) >= len(rewritten.operations)
    refused = refusal(plain, subject.table)
    if refused is None:
        assert answer(run(plain, subject.table)) == answer(run(rewritten, subject.table))
    else:
        # Spark does not compute what nobody asks for, and so refuses nothing there: the rewrites must have left that stage out.
        assert refused.stage not in {str(operation.step.stage) for operation in rewritten.operations}
        assert whole(subject).num_rows


def refusal(program: Program, table: pa.Table) -> InvalidRowError | None:
    """The row that the program refuses, if it does."""
    try:
        run(program, table)
    except InvalidRowError as error:
        return error
    return None


#: Checks that take only subjects whose columns are all asked for.
OF_ALL_COLUMNS: frozenset[Check] = frozenset({gives_the_same_without_rewrites})

CHECKS: tuple[Check, ...] = (
    is_deterministic,
    takes_an_empty_batch,
    gives_the_same_in_any_batches,
    leaves_its_input_alone,
    declares_its_real_schema,
    survives_saving,
    gives_each_column_alone,
    gives_the_same_without_rewrites,
)
