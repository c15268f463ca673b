"""Values of any type that has an order, as integers in Spark's order (TypeUtils.getInterpretedOrdering, Spark 3.5).

Null comes first, NaN after all other doubles, -0.0 with 0.0; strings and binary go by unsigned bytes; arrays by their first elements that differ, a beginning
before the whole; structs by their first fields that differ. Equal values, and only they, have equal ranks.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from mabridge.lower.columns import ScalarColumn
from mabridge.plan.types import ArrayType, BinaryType, DataType, DecimalType, DoubleType, FloatType, NullType, StringType, StructType
from mabridge.sql.arrays import Places, elements_of
from mabridge.sql.cells import in_arrow
from mabridge.sql.coercion import ATOMIC
from mabridge.sql.decimals import unscaled


def orderable(kind: DataType) -> bool:
    """Whether Spark orders values of the type; maps have no order."""
    match kind:
        case ArrayType(element):
            return orderable(element)
        case StructType(fields):
            return all(orderable(inner) for _, inner in fields)
    return isinstance(kind, (*ATOMIC, NullType))


def stack(columns: Sequence[ScalarColumn]) -> ScalarColumn:
    """Columns of one type as one, row after row."""
    kind = columns[0].kind
    if len(columns) == 1:
        return columns[0]
    if in_arrow(kind) or isinstance(kind, NullType):
        return ScalarColumn.of_arrow(kind, pa.concat_arrays([column.arrow for column in columns]))
    values = np.concatenate([column.values for column in columns])
    if all(column.valid is None for column in columns):
        return ScalarColumn.of_numpy(kind, values)
    parts = [np.ones(len(column), np.bool_) if column.valid is None else column.valid for column in columns]
    return ScalarColumn.of_numpy(kind, values, np.concatenate(parts))


def ranks(*columns: ScalarColumn) -> list[Places]:
    """The place of each value in the order of all columns' values, from 0; null is -1.

    Args:
        columns: of one type that has an order.

    Returns:
        int64, one array for each column.
    """
    found = _ranks(stack(columns))
    ends = np.cumsum([len(column) for column in columns])
    return list(np.split(found, ends[:-1]))


def hash_ranks(*columns: ScalarColumn) -> list[Places]:
    """Ranks that tell -0.0 from 0.0, as Spark 3.5's sets and map keys do, which compare doubles by their bits; inside of structs and arrays they are equal."""
    whole = stack(columns)
    if not isinstance(whole.kind, (DoubleType, FloatType)):
        return ranks(*columns)
    values = whole.values
    bits = np.where(np.isnan(values), values.dtype.type(np.nan), values).view(np.int64 if isinstance(whole.kind, DoubleType) else np.int32)
    found = _nulled(np.unique(bits, return_inverse=True)[1].reshape(-1).astype(np.int64), whole)
    ends = np.cumsum([len(column) for column in columns])
    return list(np.split(found, ends[:-1]))


def _ranks(column: ScalarColumn) -> Places:
    kind = column.kind
    if isinstance(kind, NullType):
        return np.full(len(column), -1, dtype=np.int64)
    if isinstance(kind, (StringType, BinaryType)):
        return _of_bytes(column.arrow.cast(pa.binary()) if isinstance(kind, StringType) else column.arrow)
    if isinstance(kind, ArrayType):
        found = elements_of(column)
        return _nulled(_of_bytes(_binary(_ranks(found.values), found.lengths)), column)
    if isinstance(kind, StructType):
        parts = [_ranks(ScalarColumn.of_arrow(inner, column.arrow.field(place))) for place, (_, inner) in enumerate(kind.fields)]
        if not parts:
            return _nulled(np.zeros(len(column), dtype=np.int64), column)
        lengths = np.full(len(column), len(parts), dtype=np.int64)
        return _nulled(_of_bytes(_binary(np.column_stack(parts).reshape(-1), lengths)), column)
    values = unscaled(column) if isinstance(kind, DecimalType) else column.values
    if isinstance(kind, (DoubleType, FloatType)):
        values = values + values.dtype.type(0)
    places: npt.NDArray[np.int64] = np.unique(values, return_inverse=True)[1].reshape(-1).astype(np.int64)
    return _nulled(places, column)


def _nulled(places: Places, column: ScalarColumn) -> Places:
    return places if column.valid is None else np.where(column.valid, places, -1)


def _binary(ranked: Places, lengths: Places) -> pa.Array:
    """Ranks of the parts of each row as big-endian bytes, whose order is the order of the rows."""
    offsets = np.zeros(len(lengths) + 1, dtype=np.int64)
    np.cumsum(lengths * 4, out=offsets[1:])
    parts = (ranked + 1).astype(">u4").tobytes()
    return pa.Array.from_buffers(pa.large_binary(), len(lengths), [None, pa.py_buffer(offsets.tobytes()), pa.py_buffer(parts)])


def _of_bytes(array: pa.Array) -> Places:
    encoded = array.dictionary_encode()
    order = pc.sort_indices(encoded.dictionary).to_numpy().astype(np.int64)
    place = np.empty(len(order) + 1, dtype=np.int64)
    place[order] = np.arange(len(order))
    place[-1] = -1
    indices = encoded.indices.fill_null(len(order)) if encoded.indices.null_count else encoded.indices
    found: Places = place[indices.to_numpy(zero_copy_only=False)]
    return found


def is_ranked(kind: DataType) -> bool:
    """Whether values of the type are compared by their ranks, because they have parts."""
    return isinstance(kind, (ArrayType, StructType))
