"""Parquet files of one column, written field by field, so that footer, page headers and content can contradict each other."""

from __future__ import annotations

import struct

I32, I64, BINARY, LIST, STRUCT = 5, 6, 8, 9, 12

PLAIN, RLE_DICTIONARY, DELTA_BYTE_ARRAY = 0, 8, 7
PHYSICAL = {"int32": 1, "double": 5, "text": 6}


def varint(value: int) -> bytes:
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])


def zigzag(value: int) -> bytes:
    return varint((value << 1) ^ (value >> 63) if value < 0 else value << 1)


def thrift(*fields: tuple[int, int, bytes]) -> bytes:
    """A Thrift compact struct of (number, type, encoded value)."""
    out = bytearray()
    last = 0
    for number, kind, value in fields:
        out += bytes([(number - last) << 4 | kind]) + value
        last = number
    return bytes(out) + b"\0"


def binary(text: bytes) -> bytes:
    return varint(len(text)) + text


def listed(kind: int, items: list[bytes]) -> bytes:
    assert len(items) < 15
    return bytes([len(items) << 4 | kind]) + b"".join(items)


def page(content: bytes, values: int, encoding: int, *, dictionary: bool = False, unpacked: int | None = None) -> bytes:
    """A page and its header."""
    inner = thrift((1, I32, zigzag(values)), (2, I32, zigzag(encoding)), *([] if dictionary else [(3, I32, zigzag(3)), (4, I32, zigzag(3))]))
    header = thrift(
        (1, I32, zigzag(2 if dictionary else 0)),
        (2, I32, zigzag(len(content) if unpacked is None else unpacked)),
        (3, I32, zigzag(len(content))),
        (7 if dictionary else 5, STRUCT, inner),
    )
    return header + content


def parquet(physical: str, pages: bytes, *, dictionary: bytes = b"", rows: int, values: int | None = None, codec: int = 0, length: int | None = None) -> bytes:
    """A file of one required column `x`.

    Args:
        physical: a key of PHYSICAL.
        pages: the data pages.
        dictionary: the dictionary page.
        rows: what the footer claims, rows of file and row group.
        values: what the footer claims for the column; `rows` by default.
        codec: 0 for none, 1 for snappy.
        length: what the footer claims as the column's bytes.
    """
    start = 4
    total = len(dictionary) + len(pages) if length is None else length
    column = thrift(
        (1, I32, zigzag(PHYSICAL[physical])),
        (2, LIST, listed(I32, [zigzag(0), zigzag(3), zigzag(8)])),
        (3, LIST, listed(BINARY, [binary(b"x")])),
        (4, I32, zigzag(codec)),
        (5, I64, zigzag(rows if values is None else values)),
        (6, I64, zigzag(total)),
        (7, I64, zigzag(total)),
        (9, I64, zigzag(start + len(dictionary))),
        *([(11, I64, zigzag(start))] if dictionary else []),
    )
    group = thrift((1, LIST, listed(STRUCT, [thrift((2, I64, zigzag(0)), (3, STRUCT, column))])), (2, I64, zigzag(total)), (3, I64, zigzag(rows)))
    text = [(6, I32, zigzag(0))] if physical == "text" else []
    schema = [
        thrift((4, BINARY, binary(b"root")), (5, I32, zigzag(1))),
        thrift((1, I32, zigzag(PHYSICAL[physical])), (3, I32, zigzag(0)), (4, BINARY, binary(b"x")), *text),
    ]
    footer = thrift((1, I32, zigzag(1)), (2, LIST, listed(STRUCT, schema)), (3, I64, zigzag(rows)), (4, LIST, listed(STRUCT, [group])))
    return b"PAR1" + dictionary + pages + footer + struct.pack("<I", len(footer)) + b"PAR1"


def repeated(count: int) -> bytes:
    """The content of a dictionary-encoded page in which one run says: `count` times the entry 0."""
    return b"\x01" + varint(count << 1) + b"\0"


def text_entry(text: bytes) -> bytes:
    """A dictionary page of one text."""
    return page(struct.pack("<I", len(text)) + text, 1, PLAIN, dictionary=True)


def int_entry(value: int) -> bytes:
    """A dictionary page of one int32."""
    return page(struct.pack("<i", value), 1, PLAIN, dictionary=True)
