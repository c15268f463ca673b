"""The page headers of a parquet column chunk, read before the chunk is decoded.

A parquet footer can lie about what follows. Page headers are what a decoder obeys: how many values a page holds and how many bytes it unpacks to.
They are Thrift compact structs (parquet-format's `PageHeader`); only the fields that bound a decoder are kept.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pyarrow as pa

_FIRST_BYTES = 1 << 10
_MOST_BYTES = 16 << 20
_DEPTH = 16

DATA, DICTIONARY, DATA_V2 = 0, 2, 3
# Where in a page header each kind's own header stands.
_INNER = {DATA: 5, DICTIONARY: 7, DATA_V2: 8}

# LZ4 has two framings in parquet files, and old writers used either.
_CODECS = {"UNCOMPRESSED": None, "SNAPPY": "snappy", "GZIP": "gzip", "ZSTD": "zstd", "BROTLI": "brotli"}

PLAIN, PLAIN_DICTIONARY, DELTA_BYTE_ARRAY, RLE_DICTIONARY = 0, 2, 7, 8


class PageError(ValueError):
    """The page headers are damaged; the message is a sentence without its stop."""


@dataclass(frozen=True)
class Page:
    """What a page claims.

    Attributes:
        kind: DATA, DICTIONARY or DATA_V2; others are skipped by readers.
        values: how many values it holds, nulls included; 0 for other kinds.
        packed: bytes in the file behind the header.
        unpacked: bytes after decompression.
        encoding: how its values are encoded; -1 for other kinds.
        start: where its packed bytes begin in the file.
    """

    kind: int
    values: int
    packed: int
    unpacked: int
    encoding: int
    start: int = 0


def read_pages(file: pa.NativeFile, start: int, length: int) -> Iterator[Page]:
    """The pages of a column chunk, without their content.

    Args:
        file: the parquet file.
        start: where the chunk begins.
        length: its bytes.

    Raises:
        PageError: a header is damaged, or a page goes beyond the chunk.
    """
    end = start + length
    while start < end:
        page, header_bytes = _header(file, start, end)
        page = replace(page, start=start + header_bytes)
        start = page.start + page.packed
        if start > end:
            raise PageError("a page goes beyond its column chunk")
        yield page


def longest_text(file: pa.NativeFile, page: Page, codec: str) -> int:
    """The bytes of the longest text on a dictionary page; where the page is large or its compression is not known here, the bytes of all.

    Args:
        file: the parquet file.
        page: a page of the kind DICTIONARY.
        codec: the chunk's compression, as pyarrow names it.

    Raises:
        PageError: the page is damaged.
    """
    if page.unpacked > _MOST_BYTES or codec not in _CODECS:
        return page.unpacked
    file.seek(page.start)
    data = file.read(page.packed)
    try:
        name = _CODECS[codec]
        text = data if name is None else pa.decompress(data, decompressed_size=page.unpacked, codec=name, asbytes=True)
        at = longest = 0
        while at < len(text):
            length = struct.unpack_from("<I", text, at)[0]
            at += 4 + length
            longest = max(longest, length)
    except (pa.ArrowException, OSError, struct.error) as error:
        raise PageError("a dictionary page is damaged") from error
    if at != len(text):
        raise PageError("a text goes beyond its dictionary page")
    return longest


def _header(file: pa.NativeFile, start: int, end: int) -> tuple[Page, int]:
    size = _FIRST_BYTES
    while True:
        file.seek(start)
        data = file.read(min(size, end - start))
        compact = _Compact(data)
        try:
            fields = compact.struct(0)
        except (IndexError, struct.error):
            if len(data) < size or size >= _MOST_BYTES:
                raise PageError("a page header is cut off") from None
            size *= 16
            continue
        return _page(fields), compact.at


def _page(fields: dict[int, Any]) -> Page:
    kind: Any = fields.get(1)
    unpacked: Any = fields.get(2)
    packed: Any = fields.get(3)
    inner: Any = fields.get(_INNER.get(kind, 0)) if isinstance(kind, int) else None
    if not isinstance(inner, dict):
        inner = {}
    values, encoding = (inner.get(1, -1), inner.get(4 if kind == DATA_V2 else 2, -1)) if kind in (DATA, DICTIONARY, DATA_V2) else (0, -1)
    page = Page(kind, values, packed, unpacked, encoding) if all(isinstance(n, int) for n in (kind, values, packed, unpacked, encoding)) else None
    if page is None or min(page.values, page.packed, page.unpacked) < 0:
        raise PageError("a page header is damaged")
    return page


class _Compact:
    """A reader of Thrift's compact protocol; running out of bytes is an IndexError or a struct.error."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    def varint(self) -> int:
        value = shift = 0
        while True:
            byte = self.data[self.at]
            self.at += 1
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                return value
            shift += 7
            if shift > 63:
                raise PageError("a page header holds a number without end")

    def integer(self) -> int:
        value = self.varint()
        return (value >> 1) ^ -(value & 1)

    def skip(self, count: int) -> None:
        self.at += count
        if self.at > len(self.data):
            raise IndexError

    def struct(self, depth: int) -> dict[int, Any]:
        """The integers and structs among a struct's fields, by field number."""
        if depth > _DEPTH:
            raise PageError("a page header nests too deeply")
        fields: dict[int, Any] = {}
        number = 0
        while True:
            byte = self.data[self.at]
            self.at += 1
            if byte == 0:
                return fields
            number = number + (byte >> 4) if byte >> 4 else self.integer()
            fields[number] = self.value(byte & 0x0F, depth)

    def value(self, kind: int, depth: int) -> Any:
        match kind:
            case 1 | 2:  # a bool is in the field's own header
                return None
            case 3:
                self.skip(1)
            case 4 | 5 | 6:
                return self.integer()
            case 7:
                self.skip(8)
            case 8:
                self.skip(self.varint())
            case 12:
                return self.struct(depth + 1)
            case _:  # a page header has no lists, sets or maps
                raise PageError("a page header is damaged")
        return None
