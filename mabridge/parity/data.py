"""The rows that both sides read: parquet files in path order."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.fs as pafs
import pyarrow.parquet as pq

from mabridge.counted import counted
from mabridge.errors import MalformedDataError, UnsupportedOptionError
from mabridge.frames import is_pandas, pandas_to_table
from mabridge.run.by_name import check_fits, names_there, schema_of, under
from mabridge.run.source import filesystem_of, open_parquet, read_source

#: Rows of a batch on their way to mabridge or into a sample.
BATCH_ROWS = 16_384


@dataclass(frozen=True)
class DataFile:
    """A parquet file.

    Attributes:
        filesystem: where it is.
        path: on its filesystem.
        size: its bytes.
    """

    filesystem: pafs.FileSystem
    path: str
    size: int

    def local(self, folder: Path) -> Path:
        """The file on this machine's disk: itself, or a copy in `folder`, which is made where it does not exist."""
        if isinstance(self.filesystem, pafs.LocalFileSystem):
            return Path(self.path)
        folder.mkdir(exist_ok=True)
        target = folder / f"{len(list(folder.iterdir())):05d}.parquet"
        pafs.copy_files(self.path, str(target), source_filesystem=self.filesystem, destination_filesystem=pafs.LocalFileSystem())
        return target


@dataclass(frozen=True)
class Data:
    """Parquet files, read one after another.

    Attributes:
        files: in order.
        schema: of the first of them, under which the others are read by name.
        rows: how many there are in all.
        description: what the user gave, in words.
    """

    files: tuple[DataFile, ...]
    schema: pa.Schema
    rows: int
    description: str

    def batches(self, columns: Sequence[str] | None = None) -> Iterator[pa.RecordBatch]:
        """The rows in order.

        Args:
            columns: those wanted; None for all. Where none is wanted, some column comes all the same, for the rows to be counted.

        Raises:
            MissingDataError, MalformedDataError: a file is gone or cannot be read.
        """
        wanted = self.schema if columns is None else schema_of(self.schema, list(columns) or self.schema.names[:1])
        for file in self.files:
            with open_parquet(file.filesystem, file.path) as parquet:
                try:
                    for batch in parquet.iter_batches(batch_size=BATCH_ROWS, columns=names_there(wanted, parquet.schema_arrow)):
                        yield under(batch, wanted, file.path)
                except (pa.ArrowException, OSError) as error:
                    raise MalformedDataError(f"{file.path} is damaged: {str(error).splitlines()[0]}") from error


def find_data(source: Any, scratch: Path) -> Data:
    """The rows that a user means.

    Args:
        source: what `mabridge.predict` reads (a parquet file, a folder, a local pattern, a URI) or a list of such, a pyarrow Table or RecordBatch, or a pandas
            DataFrame.
        scratch: a folder for rows that are not in files.

    Raises:
        MissingDataError, MalformedDataError: there is no readable parquet file.
        UnsupportedOptionError: it is none of these.
    """
    if is_pandas(source):
        return _write(pandas_to_table(source), scratch, "a pandas DataFrame")
    if isinstance(source, pa.RecordBatch):
        source = pa.Table.from_batches([source])
    if isinstance(source, pa.Table):
        return _write(source, scratch, "a pyarrow Table")
    paths = [source] if isinstance(source, (str, os.PathLike)) else source
    if not isinstance(paths, (list, tuple)) or not paths or not all(isinstance(path, (str, os.PathLike)) for path in paths):
        raise UnsupportedOptionError(
            f"Parity reads parquet files, a pyarrow Table or a pandas DataFrame, and this is {type(source).__module__}.{type(source).__name__}."
        )
    given = [os.fspath(path) for path in paths]
    return _of_paths(given, ", ".join(given))


def sample(data: Data, rows: int, scratch: Path) -> Data:
    """`rows` rows spread evenly over the data, in its order; the data itself where it has no more.

    Raises:
        UnsupportedOptionError: `rows` is not positive.
    """
    if rows < 1:
        raise UnsupportedOptionError(f"A sample has at least one row; {rows} were asked for.")
    if rows >= data.rows:
        return data
    target = scratch / "sample.parquet"
    chosen = np.arange(rows, dtype=np.int64) * data.rows // rows
    start = 0
    with _writer(target, data.schema) as writer:
        for batch in data.batches():
            here = chosen[(chosen >= start) & (chosen < start + batch.num_rows)] - start
            if len(here):
                writer.write_batch(pa.RecordBatch.from_arrays(batch.take(pa.array(here)).columns, schema=data.schema))
            start += batch.num_rows
    return _of_paths([str(target)], f"{rows:,} of the {counted(data.rows, 'row')} of {data.description}, spread evenly")


def _of_paths(paths: Sequence[str], description: str) -> Data:
    files: list[DataFile] = []
    sources = [read_source(path) for path in paths]
    for path, source in zip(paths, sources, strict=True):
        check_fits(sources[0].files[0].path, sources[0].schema, source.files[0].path, source.schema)
        filesystem, _ = filesystem_of(path)
        files.extend(DataFile(filesystem, file.path, file.size) for file in source.files)
    return Data(tuple(files), sources[0].schema, sum(source.num_rows for source in sources), description)


def _write(table: pa.Table, scratch: Path, description: str) -> Data:
    target = scratch / "table.parquet"
    with _writer(target, table.schema) as writer:
        writer.write_table(table, row_group_size=BATCH_ROWS * 8)
    return _of_paths([str(target)], description)


def _writer(target: Path, schema: pa.Schema) -> pq.ParquetWriter:
    # Spark has microseconds, and so has mabridge, which cuts what is finer.
    return pq.ParquetWriter(target, schema, coerce_timestamps="us", allow_truncated_timestamps=True)
