"""The input: parquet files on any filesystem, in a fixed order."""

from __future__ import annotations

import glob
import os
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.fs as pafs
import pyarrow.parquet as pq

from mabridge.errors import MalformedDataError, MissingDataError, UnsupportedOptionError
from mabridge.run.by_name import check_fits
from mabridge.run.guard import check_rows


@dataclass(frozen=True)
class FileRows:
    """One input file.

    Attributes:
        path: on its filesystem.
        row_groups: (rows, bytes) of each row group.
        size: the file's bytes.
    """

    path: str
    row_groups: tuple[tuple[int, int], ...]
    size: int


@dataclass(frozen=True)
class Source:
    """The files of one input, in order of their paths.

    Attributes:
        uri: as the user gave it.
        files: what is in them.
        schema: of the first of them, under which the others are read by name.
    """

    uri: str
    files: tuple[FileRows, ...]
    schema: pa.Schema

    @property
    def num_rows(self) -> int:
        """Rows of all files."""
        return sum(rows for file in self.files for rows, _ in file.row_groups)


def local_path(uri: str) -> str | None:
    """The local path that a path or a `file:` URI names; None for another URI.

    Raises:
        UnsupportedOptionError: it names nothing.
    """
    if not uri or "\0" in uri:
        raise UnsupportedOptionError(f"{uri!r} is not a path.")
    if uri.startswith("file:"):
        from urllib.parse import unquote, urlsplit

        return unquote(urlsplit(uri).path) or "/"
    return None if "://" in uri else uri


def filesystem_of(uri: str) -> tuple[pafs.FileSystem, str]:
    """The filesystem of a path or URI, and the path on it.

    Raises:
        UnsupportedOptionError: nothing installed serves the URI.
    """
    local = local_path(uri)
    if local is not None:
        return pafs.LocalFileSystem(), os.path.abspath(local)
    try:
        filesystem, path = pafs.FileSystem.from_uri(uri)
        return filesystem, path
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        pass
    except OSError as error:
        raise UnsupportedOptionError(f"{uri} cannot be reached: {(str(error).splitlines() or [''])[0]}") from error
    import fsspec

    try:
        handler, path = fsspec.core.url_to_fs(uri)
    except (ImportError, ValueError) as error:
        raise UnsupportedOptionError(f"{uri}: nothing installed reads this kind of URI ({error}).") from error
    return pafs.PyFileSystem(pafs.FSSpecHandler(handler)), path


def read_source(uri: str) -> Source:
    """Find the files and read their footers.

    Args:
        uri: a parquet file, a folder (its files at any depth, but for names that begin with `_` or `.`), a local glob, or a URI of a file or folder.

    Raises:
        MissingDataError: there is nothing there.
        MalformedDataError: a file is no parquet, is damaged, or cannot be read under the first one's schema.
    """
    filesystem, path = filesystem_of(uri)
    try:
        paths = _paths(uri, filesystem, path)
    except (OSError, pa.ArrowException) as error:
        raise MissingDataError(f"{uri} cannot be read: {(str(error).splitlines() or [type(error).__name__])[0]}") from error
    files: list[FileRows] = []
    schema: pa.Schema | None = None
    for one in paths:
        with open_parquet(filesystem, one) as parquet:
            metadata, found = parquet.metadata, parquet.schema_arrow
            groups = tuple((metadata.row_group(i).num_rows, metadata.row_group(i).total_byte_size) for i in range(metadata.num_row_groups))
        if any(rows < 0 or size < 0 for rows, size in groups):
            raise MalformedDataError(f"{one} is damaged: its footer counts rows below zero.")
        size = filesystem.get_file_info(one).size
        check_rows(one, sum(rows for rows, _ in groups), size)
        if schema is None:
            # Spark takes every column of a file for one that may hold null.
            schema = pa.schema([field.with_nullable(True) for field in found], found.metadata)
        else:
            check_fits(paths[0], schema, one, found)
        files.append(FileRows(one, groups, size))
    assert schema is not None
    return Source(uri, tuple(files), schema)


def open_parquet(filesystem: pafs.FileSystem, path: str) -> pq.ParquetFile:
    """Open one file; dictionary pages stay bounded by Arrow's own limits.

    Raises:
        MissingDataError, MalformedDataError: it is gone, or no parquet.
    """
    try:
        return pq.ParquetFile(path, filesystem=filesystem, memory_map=False, pre_buffer=False)
    except FileNotFoundError as error:
        raise MissingDataError(f"{path} is not there.") from error
    except (pa.ArrowException, OSError) as error:
        raise MalformedDataError(f"{path} is not a readable parquet file: {str(error).splitlines()[0]}") from error


def read_schema(uri: str) -> pa.Schema:
    """The schema of an input."""
    return read_source(uri).schema


def _paths(uri: str, filesystem: pafs.FileSystem, path: str) -> list[str]:
    local = local_path(uri)
    if local is not None and glob.has_magic(local) and not os.path.exists(local):
        paths = sorted(os.path.abspath(found) for found in glob.glob(local, recursive=True) if os.path.isfile(found) and _is_data(os.path.basename(found)))
        if not paths:
            raise MissingDataError(f"No file matches {uri}.")
        return paths
    info = filesystem.get_file_info(path)
    if info.type == pafs.FileType.NotFound:
        raise MissingDataError(f"There is no file or folder {uri}.")
    if info.type == pafs.FileType.File:
        return [path]
    found = filesystem.get_file_info(pafs.FileSelector(path, recursive=True))
    paths = []
    for entry in found:
        parts = os.path.relpath(entry.path, path).split("/")
        if entry.type == pafs.FileType.File and all(_is_data(part) for part in parts):
            if any("=" in part for part in parts[:-1]):
                raise UnsupportedOptionError(
                    f"{uri} is partitioned by folder names ({parts[0]}); mabridge does not read columns from folder names. Name the files with a glob."
                )
            paths.append(entry.path)
    if not paths:
        raise MissingDataError(f"The folder {uri} holds no data files.")
    return sorted(paths)


def _is_data(name: str) -> bool:
    return not name.startswith(("_", "."))
