"""The text of a column, as Spark's cast to string gives it."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from mabridge.lower.columns import ScalarColumn
from mabridge.plan.reference import Reference
from mabridge.plan.types import StringType


def as_text(column: ScalarColumn, reference: Reference) -> pa.Array:
    """The column cast to string (Spark's CAST; 1.0E10 for doubles, as Java 17 prints them)."""
    if isinstance(column.kind, StringType):
        return column.arrow
    from mabridge.sql import cast_column

    return cast_column(column, StringType(), reference).arrow


def text_bytes(texts: pa.Array) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.uint8]]:
    """The texts' UTF-8, end to end, and where each begins: int64, shape (texts + 1,), from 0.

    Args:
        texts: string array without nulls.
    """
    if not len(texts):
        return np.zeros(1, dtype=np.int64), np.zeros(0, dtype=np.uint8)
    _, places, data = texts.buffers()
    offsets = np.frombuffer(places, dtype=np.int32)[texts.offset : texts.offset + len(texts) + 1].astype(np.int64)
    every = np.zeros(0, dtype=np.uint8) if data is None else np.frombuffer(data, dtype=np.uint8)
    return offsets - offsets[0], every[offsets[0] : offsets[-1]]
