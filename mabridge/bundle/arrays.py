"""One array as one Arrow IPC file: a single column, a single batch, uncompressed."""

from __future__ import annotations

import struct

import numpy as np
import pyarrow as pa
import pyarrow.ipc

from mabridge.counted import counted

_MAGIC = b"ARROW1\0\0"
_COLUMN = "values"


class ArrayError(ValueError):
    """The bytes are not such a file; the message is a clause that goes after "the array file ..."."""


def array_bytes(array: pa.Array) -> bytes:
    """The file of an array; equal arrays give equal bytes.

    Raises:
        TypeError: the array has a type that a bundle does not hold.
    """
    if isinstance(array, pa.ChunkedArray):
        array = array.combine_chunks()
    if not _is_held(array.type):
        raise TypeError(f"a bundle does not hold arrays of the type {array.type}")
    # Without what a slice of a larger array would bring along.
    array = array.take(pa.array(np.arange(len(array)), type=pa.int64()))
    sink = pa.BufferOutputStream()
    batch = pa.RecordBatch.from_arrays([array], schema=pa.schema([pa.field(_COLUMN, array.type)]))
    with pa.ipc.new_file(sink, batch.schema) as writer:
        writer.write_batch(batch)
    return bytes(sink.getvalue())


def read_array(data: bytes) -> pa.Array:
    """The array in a file, fully validated; it shares the bytes.

    Raises:
        ArrayError: the file is damaged, compressed, of a type that a bundle does not hold, or claims more values than it has bytes for.
    """
    try:
        # The stream inside the file is read message by message, so that what is checked is what is decoded.
        if not data.startswith(_MAGIC) or not data.endswith(b"ARROW1"):
            raise ArrayError("is not an Arrow file")
        reader = pa.ipc.MessageReader.open_stream(pa.py_buffer(data).slice(len(_MAGIC)))
        head = reader.read_next_message()
        # Old versions of pyarrow build an extension type from pickled bytes, if the application allowed them to.
        if b"ARROW:extension" in bytes(head.metadata):
            raise ArrayError("holds an extension type, which a bundle does not hold")
        schema = pa.ipc.read_schema(head)
        if schema.names != [_COLUMN] or not _is_held(schema.field(0).type):
            raise ArrayError(f"holds {', '.join(str(field) for field in schema)[:200]}, which is not what a bundle holds")
        message = reader.read_next_message()
        if message.type != "record batch" or _is_compressed(bytes(message.metadata)):
            raise ArrayError("is compressed or has no batch")
        batch = pa.ipc.read_record_batch(message, schema)
        batch.validate(full=True)
    except (pa.ArrowException, OSError, StopIteration, struct.error, IndexError, ValueError, MemoryError) as error:
        if isinstance(error, ArrayError):
            raise
        raise ArrayError(f"is damaged ({(str(error).splitlines() or [type(error).__name__])[0][:200]})") from None
    # Every value takes a bit at least; a list of nothing takes an offset.
    if batch.num_rows > 8 * len(data):
        raise ArrayError(f"claims {counted(batch.num_rows, 'value')} in {counted(len(data), 'byte')}")
    return batch.column(0)


def _is_held(kind: pa.DataType) -> bool:
    t = pa.types
    if t.is_list(kind) or t.is_large_list(kind):
        return _is_held(kind.value_type)
    tests = (t.is_boolean, t.is_integer, t.is_floating, t.is_string, t.is_large_string, t.is_binary, t.is_large_binary, t.is_decimal, t.is_date, t.is_timestamp)
    return any(test(kind) for test in tests)


def _is_compressed(metadata: bytes) -> bool:
    """Whether a record batch's Flatbuffers message names a body compression (field 3 of Arrow's `RecordBatch`)."""
    message = struct.unpack_from("<I", metadata, 0)[0]
    header = _field(metadata, message, 2)  # Message.header, an offset to the RecordBatch table
    if header is None:
        raise ArrayError("is damaged (no header)")
    return _field(metadata, header + struct.unpack_from("<I", metadata, header)[0], 3) is not None


def _field(data: bytes, table: int, number: int) -> int | None:
    """Where a Flatbuffers table keeps a field; None where it has none."""
    vtable = table - struct.unpack_from("<i", data, table)[0]
    length = struct.unpack_from("<H", data, vtable)[0]
    slot = 4 + 2 * number
    offset = struct.unpack_from("<H", data, vtable + slot)[0] if slot + 2 <= length else 0
    return table + int(offset) if offset else None
