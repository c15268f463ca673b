"""Refuse parquet data whose few bytes stand for more than a machine holds, before it is decoded.

Rows may be as many as the file has bytes for. What is refused is a page, a text or a list that takes gigabytes at once and next to nothing in the file.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NoReturn

import pyarrow as pa
import pyarrow.fs as pafs
import pyarrow.parquet as pq

from mabridge.counted import counted
from mabridge.errors import MalformedDataError
from mabridge.saved import pages

#: Bytes that may come out of any file at once, and how many more each packed byte may stand for.
_FREE_BYTES = 256 * 2**20
_BYTES_PER_BYTE = 200
#: Text of one column that is decoded at a time, where its length is not known before.
_BATCH_BYTES = 64 * 2**20
#: A file of constants takes next to nothing; so many rows are taken for one all the same.
_FREE_ROWS = 2**24
#: Rows over which decoded bytes are counted: what a writer is handed at a time.
_WINDOW_ROWS = 8_192


def check_rows(path: str, rows: int, size: int) -> None:
    """Refuse a file whose footer claims more rows than its bytes can hold.

    Raises:
        MalformedDataError: it does.
    """
    if rows > _FREE_ROWS + _BYTES_PER_BYTE * size:
        raise MalformedDataError(f"{path} claims {counted(rows, 'row')} in {counted(size, 'byte')}, which no table holds; it is not read.")


class PartGuard:
    """Watches over the row groups of one part.

    Attributes:
        batch_rows: the most rows to decode at a time.
    """

    def __init__(self, filesystem: pafs.FileSystem, path: str, parquet: pq.ParquetFile, groups: Sequence[int], columns: Sequence[str], batch_rows: int) -> None:
        """Look at the page headers of what will be read. On another filesystem than a local one, where each look would be a request, they are taken on trust.

        Raises:
            MalformedDataError: the file is damaged, or decodes to far more than it takes.
        """
        self.path, self.parquet, self.batch_rows = path, parquet, batch_rows
        schema = parquet.schema
        wanted = [
            place
            for place in range(len(schema))
            if any(schema.column(place).path == name or schema.column(place).path.startswith(f"{name}.") for name in columns)
        ]
        self.packed = sum(parquet.metadata.row_group(group).column(place).total_compressed_size for group in groups for place in wanted)
        self._rows = self._bytes = 0
        if isinstance(filesystem, pafs.LocalFileSystem):
            with filesystem.open_input_file(path) as file:
                for group in groups:
                    for place in wanted:
                        self._check_chunk(file, group, place)

    def count(self, batch: pa.RecordBatch) -> None:
        """Count a decoded batch.

        Raises:
            MalformedDataError: the last rows took far more than the whole part does in the file.
        """
        self._rows += batch.num_rows
        self._bytes += batch.nbytes
        if self._bytes > _FREE_BYTES and self._bytes > _BYTES_PER_BYTE * self.packed:
            self._refuse(f"unpacks to more than {counted(self._bytes, 'byte')} for {counted(self._rows, 'row')} from {counted(self.packed, 'byte')}")
        if self._rows >= _WINDOW_ROWS:
            self._rows = self._bytes = 0

    def _check_chunk(self, file: Any, group: int, place: int) -> None:
        chunk, column = self.parquet.metadata.row_group(group).column(place), self.parquet.schema.column(place)
        rows = self.parquet.metadata.row_group(group).num_rows
        start, length = chunk.data_page_offset, chunk.total_compressed_size
        if chunk.has_dictionary_page and 0 < chunk.dictionary_page_offset < start:
            start = chunk.dictionary_page_offset
        if chunk.file_path or start < 0 or length < 0 or start + length > file.size():
            self._refuse(f"places the column `{column.path}` outside itself")
        dictionary = longest = values = 0
        is_text = chunk.physical_type == "BYTE_ARRAY"
        try:
            for page in pages.read_pages(file, start, length) if rows else ():
                if page.unpacked > _FREE_BYTES // 4 and page.unpacked > _BYTES_PER_BYTE * page.packed:
                    self._refuse(f"claims to unpack {counted(page.packed, 'byte')} of `{column.path}` to {page.unpacked}")
                if page.kind == pages.DICTIONARY:
                    dictionary = pages.longest_text(file, page, chunk.compression) if is_text else 0
                    continue
                values += page.values
                if page.encoding == pages.DELTA_BYTE_ARRAY:
                    longest = max(longest, page.unpacked)
        except pages.PageError as error:
            raise MalformedDataError(f"{self.path} is damaged at `{column.path}`: {error}.") from None
        longest = max(longest, dictionary) if is_text else 8
        if column.max_repetition_level == 0:
            if values != rows:
                self._refuse(f"claims {counted(rows, 'value')} of `{column.path}` and holds {values}")
            self.batch_rows = max(1, min(self.batch_rows, _BATCH_BYTES // max(longest, 1)))
        elif values * longest > _FREE_BYTES and values * longest > _BYTES_PER_BYTE * self.packed:
            self._refuse(f"claims {counted(values, 'value')} of `{column.path}` in {counted(rows, 'row')} and {counted(length, 'byte')}")

    def _refuse(self, what: str) -> NoReturn:
        raise MalformedDataError(f"{self.path} {what}, which no table does; it is not read.")
