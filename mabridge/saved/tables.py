"""The parquet tables of a saved stage, read whole and within bounds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from mabridge.counted import counted
from mabridge.saved import pages
from mabridge.saved.limits import MIB
from mabridge.saved.recognise import describe_file
from mabridge.saved.source import Source, join

_WIDTHS = {"BOOLEAN": 1, "INT32": 4, "INT64": 8, "INT96": 12, "FLOAT": 4, "DOUBLE": 8}
# What a table may take in memory however few bytes it takes on disk; up to here text is decoded without a look at its dictionary first.
_FREE_BYTES = 256 * MIB
_MOST_PAGES = 1_000_000
_MOST_CHUNKS = 1_000_000


@dataclass(frozen=True)
class TableSummary:
    """What the footers of a table's files say.

    Attributes:
        files: how many part files there are.
        size: their bytes.
        rows: their rows.
        columns: name and Arrow type of each column.
    """

    files: int
    size: int
    rows: int
    columns: tuple[tuple[str, str], ...]


def read_table(source: Source, folder: str, columns: Sequence[str] | None = None) -> pa.Table:
    """The table in a folder of parquet files, in the order of the files' names.

    Spark does not read names that begin with `_` or `.`, and neither does this.

    Args:
        source: where the folder is.
        folder: its path.
        columns: the columns to read; all by default.

    Raises:
        the source's `malformed`: a file is missing, damaged or larger than is read, or the files do not fit each other.
    """
    budget = _Budget(source, folder)
    parts = [_Part(source, path).read(columns, budget) for path in part_files(source, folder)]
    first = parts[0].schema
    for path, part in zip(part_files(source, folder), parts, strict=True):
        if [(field.name, field.type) for field in part.schema] != [(field.name, field.type) for field in first]:
            source.refuse(path, "its columns differ from those of the folder's first part file.")
    return pa.concat_tables([part.cast(first) for part in parts]) if len(parts) > 1 else parts[0]


def summarise_table(source: Source, folder: str) -> TableSummary:
    """What a folder of parquet files holds, from the footers alone.

    Raises:
        the source's `malformed`: a file is damaged.
    """
    paths = part_files(source, folder)
    parts = [_Part(source, path) for path in paths]
    return TableSummary(
        files=len(paths),
        size=sum(source.size(path) for path in paths),
        rows=sum(part.rows for part in parts),
        columns=tuple((field.name, str(field.type)) for field in parts[0].schema),
    )


def part_files(source: Source, folder: str) -> list[str]:
    """The paths of a table's part files, by name.

    Raises:
        the source's `malformed`: there are none, or the folder holds other files.
    """
    kind = source.kind(folder)
    if kind is None:
        source.refuse(folder, "the folder is missing; the save is incomplete.")
    if kind == "file":
        head = source.open(folder).read(256)
        if not head.startswith((b"PAR1", b"version https://git-lfs")) and source.kind(join(folder.rpartition("/")[0], "metadata")) == "file":
            source.refuse(
                folder,
                "it is a file of Spark's local saving mode (Spark Connect's model cache, 4.1 and later) and not parquet; "
                "save the model with `model.write().save(path)` and convert that.",
            )
        source.refuse(folder, f"a folder of parquet files is expected, and this is {describe_file(head)}.")
    visible = [entry for entry in source.entries(folder) if not entry.name.startswith(("_", "."))]
    others = [entry.name for entry in visible if entry.is_folder or not entry.name.endswith(".parquet")]
    if others:
        source.refuse(folder, f"a folder of parquet files is expected; this one also holds {', '.join(others[:5])}{' and more' if len(others) > 5 else ''}.")
    if not visible:
        source.refuse(folder, "the folder holds no parquet file; the save is incomplete.")
    return [join(folder, entry.name) for entry in visible]


class _Budget:
    """How much of one table may still be decoded, all part files together."""

    def __init__(self, source: Source, folder: str) -> None:
        self.source = source
        self.folder = folder
        self.rows = self.values = self.size = self.memory = self.pages = 0

    def take(self, *, rows: int = 0, values: int = 0, size: int = 0, memory: int = 0, pages: int = 0) -> None:
        limits = self.source.limits
        self.rows += rows
        self.values += values
        self.size += size
        self.memory += memory
        self.pages += pages
        if self.rows > limits.rows:
            self._refuse(f"claims more than {limits.rows} rows")
        if self.values > limits.values:
            self._refuse(f"claims more than {limits.values} values")
        if self.memory > limits.table_bytes:
            self._refuse(f"would take more than {limits.table_bytes} bytes of memory")
        if self.pages > _MOST_PAGES:
            self._refuse(f"holds more than {_MOST_PAGES} pages")

    def check_density(self) -> None:
        """Refuse a few bytes that stand for very many values."""
        limits = self.source.limits
        if self.values > limits.free_values + self.size * limits.values_per_byte:
            self._refuse(f"claims {counted(self.values, 'value')} in {counted(self.size, 'byte')}")
        self._check_memory()

    def take_text(self, size: int) -> None:
        """Take the true length of dictionary-encoded text."""
        self.take(memory=size)
        self._check_memory()

    def _check_memory(self) -> None:
        if self.memory > _FREE_BYTES + self.size * self.source.limits.values_per_byte:
            self._refuse(f"would take {counted(self.memory, 'byte')} of memory from {counted(self.size, 'byte')} of file")

    def _refuse(self, what: str) -> None:
        self.source.refuse(self.folder, f"the table {what}, which no model needs; it is not read.")


class _Part:
    """One parquet file."""

    def __init__(self, source: Source, path: str) -> None:
        self.source = source
        self.path = path
        self.size = source.size(path)
        self.file = source.open(path)
        self._check_ends()
        self.parquet = self._open(None)
        self.metadata = self.parquet.metadata
        self.schema = self._checked_schema()
        self.rows = self.metadata.num_rows
        groups = self.metadata.num_row_groups
        if groups * self.metadata.num_columns > _MOST_CHUNKS:
            source.refuse(path, f"it claims {groups} row groups of {counted(self.metadata.num_columns, 'column')}, which no model needs; it is not read.")
        if self.rows < 0 or self.rows != sum(self.metadata.row_group(group).num_rows for group in range(groups)):
            source.refuse(path, "the parquet footer is damaged: its row groups do not add up to its rows.")

    def read(self, columns: Sequence[str] | None, budget: _Budget) -> pa.Table:
        names = self._selected(columns)
        budget.take(rows=self.rows, size=self.size)
        text = [leaf for leaf in self._leaves(names) if self._check_leaf(leaf, budget)]
        budget.check_density()
        if text:
            self._check_text(text, budget)
        # A dot in a name would be taken for a path into a struct; then all columns are read.
        table = self._decode(self.parquet, None if columns is None or any("." in name for name in names) else names)
        return table.select(names).replace_schema_metadata(None)

    def _check_ends(self) -> None:
        head = self.file.read(256)
        if not head.startswith(b"PAR1") or self.size < 12:
            self.source.refuse(self.path, f"a parquet file is expected, and this is {describe_file(head)}.")
        self.file.seek(self.size - 8)
        tail = self.file.read(8)
        length = int.from_bytes(tail[:4], "little")
        if tail[4:] != b"PAR1" or length + 12 > self.size:
            self.source.refuse(self.path, "the parquet file is truncated or damaged: it does not end in a footer.")
        if length > self.source.limits.footer_bytes:
            self.source.refuse(self.path, f"the parquet footer claims {counted(length, 'byte')}, and at most {self.source.limits.footer_bytes} are read.")

    def _open(self, dictionaries: list[str] | None) -> pq.ParquetFile:
        try:
            return pq.ParquetFile(self.file, read_dictionary=dictionaries, pre_buffer=False, page_checksum_verification=True)
        except (pa.ArrowException, OSError, ValueError, MemoryError) as error:
            self.source.refuse(self.path, f"the parquet file is damaged ({_line(error)}).")

    def _checked_schema(self) -> pa.Schema:
        try:
            schema = self.parquet.schema_arrow
        except (pa.ArrowException, ValueError) as error:
            self.source.refuse(self.path, f"the parquet file's schema cannot be read ({_line(error)}).")
        if len(set(schema.names)) != len(schema.names):
            self.source.refuse(self.path, "the parquet file has a column name twice.")
        for field in schema:
            if not _is_plain(field.type):
                self.source.refuse(self.path, f"the column `{field.name}` has the type {field.type}, which Spark does not write.")
        return schema

    def _selected(self, columns: Sequence[str] | None) -> list[str]:
        names = self.schema.names
        for name in columns or ():
            if name not in names:
                self.source.refuse(self.path, f"the column `{name}` is missing; it has {', '.join(names) or 'none'}.")
        return list(names if columns is None else columns)

    def _leaves(self, names: list[str]) -> Iterator[int]:
        """The parquet columns that make up the selected columns."""
        position = 0
        wanted = set(names)
        for field in self.schema:
            for _ in range(_leaf_count(field.type)):
                if field.name in wanted:
                    yield position
                position += 1
        if position != self.metadata.num_columns:
            self.source.refuse(self.path, "the parquet file's schema contradicts its columns.")

    def _check_leaf(self, leaf: int, budget: _Budget) -> bool:
        """Whether the column holds text that may decode to far more than it takes; its page headers are checked against the footer and the limits."""
        memory = text = unpacked = packed = 0
        for group in range(self.metadata.num_row_groups):
            chunk = self.metadata.row_group(group).column(leaf)
            values = chunk.num_values
            if values == 0:  # readers look at no page then, and some writers place none
                continue
            dictionary = found = 0
            for page in self._pages(chunk):
                budget.take(pages=1)
                unpacked, packed = unpacked + page.unpacked, packed + page.packed
                if page.kind == pages.DICTIONARY:
                    dictionary = self._longest_text(chunk, page)
                    continue
                found += page.values
                if chunk.physical_type != "BYTE_ARRAY":
                    memory += page.values * self._width(leaf, chunk.physical_type)
                elif page.encoding in (pages.PLAIN_DICTIONARY, pages.RLE_DICTIONARY):
                    memory += page.values * 8
                    text += page.values * dictionary
                elif page.encoding == pages.DELTA_BYTE_ARRAY and page.values * page.unpacked > 4 * _FREE_BYTES:
                    self.source.refuse(
                        self.path,
                        f"the column `{chunk.path_in_schema}` is delta-encoded text of unbounded length; "
                        "save the model again with Spark's default parquet settings (`parquet.writer.version=v1`).",
                    )
                else:
                    memory += page.values * 8 + page.unpacked
            if found != values:
                self.source.refuse(self.path, f"the parquet footer claims {counted(values, 'value')} of `{chunk.path_in_schema}`, and the pages hold {found}.")
            budget.take(values=values)
        limits = self.source.limits
        if unpacked > limits.zip_free_bytes and unpacked > packed * limits.values_per_byte:
            self.source.refuse(self.path, f"{packed} packed bytes claim to unpack to {unpacked}; it is not read.")
        deferred = text > _FREE_BYTES
        budget.take(memory=memory if deferred else memory + text)
        return deferred

    def _pages(self, chunk: pq.ColumnChunkMetaData) -> Iterator[pages.Page]:
        start, length = chunk.data_page_offset, chunk.total_compressed_size
        if chunk.has_dictionary_page and 0 < chunk.dictionary_page_offset < start:
            start = chunk.dictionary_page_offset
        if chunk.file_path or start < 0 or length < 0 or start + length > self.size or chunk.num_values < 0:
            self.source.refuse(self.path, f"the parquet footer places `{chunk.path_in_schema}` outside the file.")
        try:
            yield from pages.read_pages(self.file, start, length)
        except pages.PageError as error:
            self.source.refuse(self.path, f"the parquet file is damaged at `{chunk.path_in_schema}`: {error}.")

    def _longest_text(self, chunk: pq.ColumnChunkMetaData, page: pages.Page) -> int:
        try:
            return pages.longest_text(self.file, page, chunk.compression) if chunk.physical_type == "BYTE_ARRAY" else page.unpacked
        except pages.PageError as error:
            self.source.refuse(self.path, f"the parquet file is damaged at `{chunk.path_in_schema}`: {error}.")

    def _width(self, leaf: int, physical_type: str) -> int:
        if physical_type == "FIXED_LEN_BYTE_ARRAY":
            return int(self.metadata.schema.column(leaf).length)
        # Two level numbers of two bytes stand beside each value while it is decoded.
        return _WIDTHS.get(physical_type, 16) + 4

    def _check_text(self, leaves: list[int], budget: _Budget) -> None:
        """Add up the true length of dictionary-encoded text without building it: each value stays a number into its dictionary."""
        paths = [self.metadata.schema.column(leaf).path for leaf in leaves]
        roots = sorted({path.split(".")[0] for path in paths})
        reader = self._open(paths)
        for name in roots:
            if name not in self.schema.names:  # a dotted name; its text cannot be told apart from a path
                self.source.refuse(self.path, f"the column `{name}` has a dot in its name and text of unbounded length; it is not read.")
        for batch in self._batches(reader, roots):
            for column in batch.columns:
                for lengths in _text_lengths(column):
                    budget.take_text(lengths)

    def _decode(self, reader: pq.ParquetFile, names: list[str] | None) -> pa.Table:
        batches: list[pa.RecordBatch] = []
        rows = size = 0
        for batch in self._batches(reader, names):
            rows += batch.num_rows
            size += batch.nbytes
            if rows > self.rows or size > self.source.limits.table_bytes:
                self.source.refuse(self.path, "the parquet file holds more than its footer claims.")
            batches.append(batch)
        if rows != self.rows:
            self.source.refuse(self.path, f"the parquet file claims {counted(self.rows, 'row')} and holds {rows}.")
        if not batches:
            return self.schema.empty_table()
        table = pa.Table.from_batches(batches)
        try:
            table.validate(full=True)
        except pa.ArrowException as error:
            self.source.refuse(self.path, f"the parquet file's content is damaged ({_line(error)}).")
        return table

    def _batches(self, reader: pq.ParquetFile, names: list[str] | None) -> Iterator[pa.RecordBatch]:
        try:
            yield from reader.iter_batches(batch_size=1 << 16, columns=names, use_threads=False)
        except (pa.ArrowException, OSError, ValueError, MemoryError) as error:
            self.source.refuse(self.path, f"the parquet file is damaged ({_line(error)}).")


def _text_lengths(column: pa.Array) -> Iterator[int]:
    """The bytes of text below an array, dictionary by dictionary."""
    kind = column.type
    if isinstance(column, pa.DictionaryArray):
        lengths = pc.cast(pc.binary_length(column.dictionary), pa.int64())
        yield pc.sum(lengths.take(column.indices)).as_py() or 0
    elif isinstance(column, pa.StructArray):
        for child in column.flatten():
            yield from _text_lengths(child)
    elif isinstance(column, pa.MapArray):
        yield from _text_lengths(column.keys)
        yield from _text_lengths(column.items)
    elif pa.types.is_list(kind) or pa.types.is_large_list(kind):
        yield from _text_lengths(column.flatten())


def _is_plain(kind: pa.DataType) -> bool:
    """Whether a type is one of those that Spark's parquet files give."""
    t = pa.types
    if t.is_nested(kind):
        return (t.is_list(kind) or t.is_struct(kind) or t.is_map(kind)) and all(_is_plain(kind.field(i).type) for i in range(kind.num_fields))
    tests = (t.is_boolean, t.is_integer, t.is_floating, t.is_string, t.is_binary, t.is_decimal, t.is_date, t.is_timestamp)
    return any(test(kind) for test in tests)


def _leaf_count(kind: pa.DataType) -> int:
    return sum(_leaf_count(kind.field(i).type) for i in range(kind.num_fields)) if pa.types.is_nested(kind) else 1


def _line(error: BaseException) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:300].rstrip(".")
