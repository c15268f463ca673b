"""Parts: the input cut once into row-group ranges; a part is read, predicted, written and named by one task."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from threading import Event

import pyarrow as pa
import pyarrow.parquet as pq

from mabridge.counted import counted
from mabridge.errors import MalformedDataError, MissingDataError
from mabridge.lower.program import Program
from mabridge.run.by_name import names_there, under
from mabridge.run.guard import PartGuard
from mabridge.run.source import Source, filesystem_of, open_parquet

#: Uncompressed bytes that a part aims at; a single larger row group is a part of its own.
PART_BYTES = 64 * 2**20

#: Rows of a row group that we write, and of the pieces that the writer is handed. Both are fixed, so that the bytes do not depend on how the rows arrived;
#: a row group is held in memory until it is whole, so this bounds what a part takes.
ROW_GROUP_ROWS = 16_384
PIECE_ROWS = 8_192


@dataclass(frozen=True)
class Part:
    """A range of row groups of one file.

    Attributes:
        index: its place in the whole input.
        path: the input file, on its filesystem.
        row_groups: the first row group, and the one behind the last.
        first_row: the position in the whole input of its first row.
        num_rows: how many rows it reads.
    """

    index: int
    path: str
    row_groups: tuple[int, int]
    first_row: int
    num_rows: int


def plan_parts(source: Source, part_bytes: int = PART_BYTES) -> tuple[Part, ...]:
    """Cut an input into parts; the same input gives the same parts.

    Args:
        source: the files.
        part_bytes: what a part aims at. An input of few bytes is cut finer, to give each core a part, but never below one row group.
    """
    total = sum(size for file in source.files for _, size in file.row_groups)
    aim = max(min(part_bytes, total // 8), 1)
    parts: list[Part] = []
    row = 0
    for file in source.files:
        start, held, rows = 0, 0, 0
        for place, (group_rows, group_bytes) in enumerate(file.row_groups):
            if place > start and held + group_bytes > aim:
                parts.append(Part(len(parts), file.path, (start, place), row, rows))
                row += rows
                start, held, rows = place, 0, 0
            held += group_bytes
            rows += group_rows
        if rows or start < len(file.row_groups) or not file.row_groups:
            parts.append(Part(len(parts), file.path, (start, len(file.row_groups)), row, rows))
            row += rows
    return tuple(parts)


def job_key(source: Source, digest: str, options: dict[str, object]) -> str:
    """Eight hex digits that name a job: the same plan, options and input give the same output names."""
    files = [(file.path.rsplit("/", 1)[-1], file.size, file.row_groups) for file in source.files]
    return hashlib.sha256(json.dumps([digest, options, files], sort_keys=True, default=str).encode()).hexdigest()[:8]


def part_name(part: Part, key: str) -> str:
    """The final name of a part's file."""
    return f"part-{part.index:05d}-{key}.parquet"


@dataclass(frozen=True)
class PartReport:
    """What became of a part.

    Attributes:
        index: which part.
        rows_in, rows_out: rows read and written.
        bytes_out: the size of its file.
    """

    index: int
    rows_in: int
    rows_out: int
    bytes_out: int


class StoppedError(Exception):
    """The job was stopped while a part ran."""


def run_part(program: Program, uri: str, part: Part, target_uri: str, name: str, batch_rows: int, stop: Event | None = None) -> PartReport:
    """Read, predict and write one part under a temporary name, then rename it; run twice it gives the same file.

    Args:
        program: bound to the input's schema.
        uri: the input, for its filesystem.
        part: which rows.
        target_uri: the folder to write in.
        name: the final file name.
        batch_rows: rows held at a time; changes no bit of the file.
        stop: set where the part is no longer wanted.

    Raises:
        MabridgeError: a row is refused, or the file is damaged.
        StoppedError: `stop` was set.
    """
    filesystem, folder = filesystem_of(target_uri)
    temporary, final = f"{folder}/.{name}.tmp", f"{folder}/{name}"
    rows_out = 0
    # Spark reads these with the schema that stands in the metadata.
    with (
        filesystem.open_output_stream(temporary) as sink,
        pq.ParquetWriter(sink, program.output_schema, compression="snappy") as writer,
    ):
        for table in _regrouped(_outputs(program, uri, part, batch_rows), program.output_schema):
            writer.write_table(table, row_group_size=ROW_GROUP_ROWS)
            rows_out += table.num_rows
            if stop is not None and stop.is_set():
                raise StoppedError
            # What Arrow keeps for later creeps up over the hundreds of row groups of a long job.
            pa.default_memory_pool().release_unused()
    filesystem.move(temporary, final)
    return PartReport(part.index, part.num_rows, rows_out, filesystem.get_file_info(final).size)


def _outputs(program: Program, uri: str, part: Part, batch_rows: int) -> Iterator[pa.RecordBatch]:
    row = part.first_row
    if part.num_rows == 0:
        return
    for batch in _batches(program, uri, part, batch_rows):
        if row + batch.num_rows > part.first_row + part.num_rows:
            raise MalformedDataError(f"{part.path} is damaged: its footer says {counted(part.num_rows, 'row')} and more were there.")
        yield program.run(batch, row)
        row += batch.num_rows
    if row != part.first_row + part.num_rows:
        raise MalformedDataError(f"{part.path} is damaged: its footer says {counted(part.num_rows, 'row')} and {row - part.first_row} were there.")


def _batches(program: Program, uri: str, part: Part, batch_rows: int) -> Iterator[pa.RecordBatch]:
    filesystem, _ = filesystem_of(uri)
    with open_parquet(filesystem, part.path) as parquet:
        columns = names_there(program.input_schema, parquet.schema_arrow)
        groups = list(range(*part.row_groups))
        try:
            guard = PartGuard(filesystem, part.path, parquet, groups, columns, batch_rows)
            for batch in parquet.iter_batches(guard.batch_rows, row_groups=groups, columns=columns, use_threads=False):
                guard.count(batch)
                yield under(batch, program.input_schema, part.path)
        except FileNotFoundError as error:
            raise MissingDataError(f"{part.path} disappeared while it was read.") from error
        except (pa.ArrowException, OSError, MemoryError) as error:
            raise MalformedDataError(f"{part.path} is damaged: {(str(error).splitlines() or ['it is too large'])[0]}") from error


def _regrouped(batches: Iterator[pa.RecordBatch], schema: pa.Schema) -> Iterator[pa.Table]:
    """The same rows in tables of ROW_GROUP_ROWS, each in chunks of PIECE_ROWS; the last of each may be shorter."""
    pieces: list[pa.RecordBatch] = []
    for piece in _pieces(batches, schema):
        pieces.append(piece)
        if len(pieces) * PIECE_ROWS == ROW_GROUP_ROWS:
            yield pa.Table.from_batches(pieces, schema)
            pieces = []
    if pieces:
        yield pa.Table.from_batches(pieces, schema)


def _pieces(batches: Iterator[pa.RecordBatch], schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    held: list[pa.RecordBatch] = []
    count = 0
    for batch in batches:
        start = 0
        while start < batch.num_rows:
            part = batch.slice(start, PIECE_ROWS - count)
            held.append(part)
            start, count = start + part.num_rows, count + part.num_rows
            if count == PIECE_ROWS:
                yield _joined(held, schema)
                held, count = [], 0
    if held:
        yield _joined(held, schema)


def _joined(batches: list[pa.RecordBatch], schema: pa.Schema) -> pa.RecordBatch:
    if len(batches) == 1:
        return batches[0]
    arrays = [pa.concat_arrays([batch.column(place) for batch in batches]) for place in range(len(schema))]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)
