"""CAST from and to binary (Cast and NumberConverter.toBinary, Spark 3.5)."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from mabridge.lower.columns import ScalarColumn
from mabridge.plan.types import BinaryType, StringType
from mabridge.sql.evaluate import Running

_NO_TEXT = "holds bytes that are not UTF-8: Spark keeps them in the string, which Arrow cannot; decode the column before prediction."


def to_bytes(running: Running) -> ScalarColumn:
    """A string's UTF-8, an integer's big-endian bytes."""
    column = running.column(0)
    if isinstance(column.kind, StringType):
        return ScalarColumn.of_arrow(BinaryType(), column.arrow.cast(pa.binary()))
    values = column.values
    width = values.dtype.itemsize
    data = np.ascontiguousarray(values).astype(values.dtype.newbyteorder(">"))
    offsets = np.arange(len(values) + 1, dtype=np.int32) * width
    bitmap = None if column.valid is None else pa.array(column.valid).buffers()[1]
    return ScalarColumn.of_arrow(BinaryType(), pa.Array.from_buffers(pa.binary(), len(values), [bitmap, pa.py_buffer(offsets), pa.py_buffer(data.tobytes())]))


def bytes_to_text(running: Running) -> ScalarColumn:
    """Bytes read as UTF-8."""
    array = running.column(0).arrow
    try:
        return ScalarColumn.of_arrow(StringType(), array.cast(pa.string()))
    except pa.ArrowInvalid:
        running.refuse(np.array([value is not None and not _is_text(value) for value in array.to_pylist()]), _NO_TEXT)
        raise


def _is_text(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True
