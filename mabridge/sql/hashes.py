"""Murmur3 and xxHash64 of columns, as Spark chains them (Murmur3Hash, XxHash64 and HashExpression in hash.scala, Spark 3.5).

A row's hash so far is the seed of its next value; null leaves it as it is. Arrays chain their elements, structs their fields.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from mabridge.lower.columns import ScalarColumn
from mabridge.plan.types import (
    ArrayType,
    BinaryType,
    ByteType,
    DataType,
    DecimalType,
    DoubleType,
    FloatType,
    IntegerType,
    NullType,
    StringType,
    StructType,
    VectorType,
)
from mabridge.sql.arrays import elements_of
from mabridge.sql.cells import Values, in_arrow
from mabridge.sql.decimals import SHORT, unscaled

State = npt.NDArray[Any]
Places = npt.NDArray[np.int64]

#: VectorUDT is hashed as the struct in which it is stored.
_VECTOR = StructType((("type", ByteType()), ("size", IntegerType()), ("indices", ArrayType(IntegerType())), ("values", ArrayType(DoubleType()))))


@dataclass(frozen=True)
class Bytes:
    """Texts of bytes in one buffer.

    Attributes:
        data: uint8; eight bytes longer than the last text, so that every word can be read whole.
        starts: of each text.
        lengths: of each text.
    """

    data: npt.NDArray[np.uint8]
    starts: Places
    lengths: Places

    def words(self, rows: Any, at: Places, size: int) -> npt.NDArray[np.uint64]:
        """The little-endian word of `size` bytes, `at` bytes into each of these rows."""
        place = self.starts[rows] + at
        word = np.zeros(len(place), dtype=np.uint64)
        for byte in range(size):
            word |= self.data[place + byte].astype(np.uint64) << np.uint64(8 * byte)
        return word

    def while_left(self, at: Places, size: int) -> npt.NDArray[np.int64]:
        """The rows that have `size` more bytes from there on."""
        return np.flatnonzero(self.lengths - at >= size)


@dataclass(frozen=True)
class HashFamily:
    """One of Spark's hash functions.

    Attributes:
        dtype: of the state.
        integer, long: from int32 or int64 values and seeds to hashes.
        text: from texts of bytes and seeds to hashes.
    """

    dtype: type[np.unsignedinteger[Any]]
    integer: Callable[[Values, State], State]
    long: Callable[[Values, State], State]
    text: Callable[[Bytes, State], State]


def chained(family: HashFamily, columns: list[ScalarColumn], rows: int, seed: int) -> State:
    """The hash of each row, its columns one after another.

    Args:
        family: which function.
        columns: each of `rows` rows.
        rows: how many there are.
        seed: of each row's first value.
    """
    state: State = np.full(rows, seed, dtype=family.dtype)
    for column in columns:
        state = _add(family, column, state)
    return state


def _add(family: HashFamily, column: ScalarColumn, state: State) -> State:
    if isinstance(column.kind, NullType):
        return state
    valid = column.valid
    if valid is not None and not valid.all():
        out = state.copy()
        out[valid] = _add(family, column.take(valid), state[valid])
        return out
    match column.kind:
        case StructType(fields):
            return _add_struct(family, fields, column.arrow, state)
        case VectorType():
            return _add_struct(family, _VECTOR.fields, column.arrow, state)
        case ArrayType():
            return _add_array(family, column, state)
        case StringType() | BinaryType():
            return family.text(_bytes_of(column.arrow), state)
        case DecimalType():
            if column.kind.precision <= SHORT:
                return family.long(unscaled(column), state)
            return family.text(_decimal_bytes(column.arrow), state)
    return _add_number(family, column.kind, column.values, state)


def _add_number(family: HashFamily, kind: DataType, values: Values, state: State) -> State:
    if isinstance(kind, (FloatType, DoubleType)):
        # All NaNs are one value, and -0.0 counts as 0.0.
        values = np.where(np.isnan(values), values.dtype.type(np.nan), values + values.dtype.type(0.0))
        return family.long(values.view(np.int64), state) if isinstance(kind, DoubleType) else family.integer(values.view(np.int32), state)
    # What Spark holds in 64 bits (bigint, instants) is hashed as a long, all else as an int.
    return family.long(values, state) if values.dtype == np.int64 else family.integer(values.astype(np.int32), state)


def _add_struct(family: HashFamily, fields: tuple[tuple[str, DataType], ...], array: pa.Array, state: State) -> State:
    parts = array.flatten()
    for (_, kind), part in zip(fields, parts, strict=True):
        state = _add(family, ScalarColumn.of_arrow(kind, part), state)
    return state


def _add_array(family: HashFamily, column: ScalarColumn, state: State) -> State:
    elements = elements_of(column)
    state = state.copy()
    for place in range(int(elements.lengths.max(initial=0))):
        rows = np.flatnonzero(elements.lengths > place)
        wanted = elements.starts[rows] + place
        state[rows] = _add(family, _taken(elements.values, wanted), state[rows])
    return state


def _taken(column: ScalarColumn, places: Places) -> ScalarColumn:
    if in_arrow(column.kind) or isinstance(column.kind, NullType):
        return ScalarColumn.of_arrow(column.kind, column.arrow.take(pa.array(places)))
    valid = column.valid
    return ScalarColumn.of_numpy(column.kind, column.values[places], None if valid is None else valid[places])


def _bytes_of(array: pa.Array) -> Bytes:
    """The bytes of a string or binary array without nulls."""
    if not len(array):
        return Bytes(np.zeros(8, np.uint8), np.zeros(0, np.int64), np.zeros(0, np.int64))
    offsets = np.frombuffer(array.buffers()[1], dtype=np.int32)[array.offset : array.offset + len(array) + 1].astype(np.int64)
    buffer = array.buffers()[2]
    found = np.zeros(0, np.uint8) if buffer is None else np.frombuffer(buffer, dtype=np.uint8)[: offsets[-1]]
    return Bytes(np.concatenate([found, np.zeros(8, np.uint8)]), offsets[:-1], np.diff(offsets))


def _decimal_bytes(array: pa.Array) -> Bytes:
    """Each unscaled value as the shortest big-endian number in two's complement (`BigInteger.toByteArray`)."""
    rows = len(array)
    words = np.frombuffer(array.buffers()[1], dtype=np.uint8)[16 * array.offset :][: 16 * rows] if rows else np.zeros(0, np.uint8)
    digits = words.reshape(rows, 16)[:, ::-1]
    sign = np.where(digits[:, :1] >= 0x80, np.uint8(0xFF), np.uint8(0))
    # A leading byte can go where it is all sign and the next byte has the same sign.
    spare = (digits[:, :-1] == sign) & ((digits[:, 1:] >= 0x80) == (sign == 0xFF))
    skipped = np.cumprod(spare, axis=1).sum(axis=1).astype(np.int64)
    return Bytes(np.concatenate([digits.reshape(-1), np.zeros(8, np.uint8)]), 16 * np.arange(rows, dtype=np.int64) + skipped, 16 - skipped)


# Murmur3 ------------------------------------------------------------------------------------------------------------------------------------------------


def _turn32(x: State, by: int) -> State:
    found: State = (x << np.uint32(by)) | (x >> np.uint32(32 - by))
    return found


def _mix32(state: State, word: State) -> State:
    scrambled = _turn32(word * np.uint32(0xCC9E2D51), 15) * np.uint32(0x1B873593)
    found: State = _turn32(state ^ scrambled, 13) * np.uint32(5) + np.uint32(0xE6546B64)
    return found


def _finish32(state: State, length: State | np.uint32) -> State:
    state = state ^ length
    state = (state ^ (state >> np.uint32(16))) * np.uint32(0x85EBCA6B)
    state = (state ^ (state >> np.uint32(13))) * np.uint32(0xC2B2AE35)
    found: State = state ^ (state >> np.uint32(16))
    return found


def _murmur_integer(values: Values, seed: State) -> State:
    return _finish32(_mix32(seed, np.ascontiguousarray(values).view(np.uint32)), np.uint32(4))


def _murmur_long(values: Values, seed: State) -> State:
    bits = np.ascontiguousarray(values).view(np.uint64)
    low, high = bits.astype(np.uint32), (bits >> np.uint64(32)).astype(np.uint32)
    return _finish32(_mix32(_mix32(seed, low), high), np.uint32(8))


def _murmur_text(texts: Bytes, seed: State) -> State:
    """`hashUnsafeBytes`: whole words, then each byte left by itself, as a signed number."""
    state = seed.copy()
    at = np.zeros(len(state), dtype=np.int64)
    while len(rows := texts.while_left(at, 4)):
        state[rows] = _mix32(state[rows], texts.words(rows, at[rows], 4).astype(np.uint32))
        at[rows] += 4
    while len(rows := texts.while_left(at, 1)):
        byte = texts.data[texts.starts[rows] + at[rows]].view(np.int8).astype(np.int32).view(np.uint32)
        state[rows] = _mix32(state[rows], byte)
        at[rows] += 1
    return _finish32(state, texts.lengths.astype(np.uint32))


# xxHash64 -----------------------------------------------------------------------------------------------------------------------------------------------

_P1, _P2, _P3 = np.uint64(0x9E3779B185EBCA87), np.uint64(0xC2B2AE3D27D4EB4F), np.uint64(0x165667B19E3779F9)
_P4, _P5 = np.uint64(0x85EBCA77C2B2AE63), np.uint64(0x27D4EB2F165667C5)


def _turn64(x: State, by: int) -> State:
    found: State = (x << np.uint64(by)) | (x >> np.uint64(64 - by))
    return found


def _finish64(state: State) -> State:
    state = (state ^ (state >> np.uint64(33))) * _P2
    state = (state ^ (state >> np.uint64(29))) * _P3
    found: State = state ^ (state >> np.uint64(32))
    return found


def _round64(lane: State, word: State) -> State:
    found: State = _turn64(lane + word * _P2, 31) * _P1
    return found


def _eight(state: State, word: State) -> State:
    found: State = _turn64(state ^ (_turn64(word * _P2, 31) * _P1), 27) * _P1 + _P4
    return found


def _four(state: State, word: State) -> State:
    found: State = _turn64(state ^ (word * _P1), 23) * _P2 + _P3
    return found


def _xx_integer(values: Values, seed: State) -> State:
    return _finish64(_four(seed + _P5 + np.uint64(4), np.ascontiguousarray(values).view(np.uint32).astype(np.uint64)))


def _xx_long(values: Values, seed: State) -> State:
    return _finish64(_eight(seed + _P5 + np.uint64(8), np.ascontiguousarray(values).view(np.uint64)))


def _xx_text(texts: Bytes, seed: State) -> State:
    state = seed + _P5
    at = np.zeros(len(state), dtype=np.int64)
    long = np.flatnonzero(texts.lengths >= 32)
    if len(long):
        first = seed[long]
        lanes = np.stack([first + _P1 + _P2, first + _P2, first, first - _P1])
        while len(left := np.flatnonzero(texts.lengths[long] - at[long] >= 32)):
            rows = long[left]
            for lane in range(4):
                lanes[lane, left] = _round64(lanes[lane, left], texts.words(rows, at[rows] + 8 * lane, 8))
            at[rows] += 32
        merged = _turn64(lanes[0], 1) + _turn64(lanes[1], 7) + _turn64(lanes[2], 12) + _turn64(lanes[3], 18)
        for lane in lanes:
            merged = (merged ^ (_turn64(lane * _P2, 31) * _P1)) * _P1 + _P4
        state[long] = merged
    state = state + texts.lengths.astype(np.uint64)
    while len(rows := texts.while_left(at, 8)):
        state[rows] = _eight(state[rows], texts.words(rows, at[rows], 8))
        at[rows] += 8
    rows = texts.while_left(at, 4)
    state[rows] = _four(state[rows], texts.words(rows, at[rows], 4))
    at[rows] += 4
    while len(rows := texts.while_left(at, 1)):
        byte = texts.data[texts.starts[rows] + at[rows]].astype(np.uint64)
        state[rows] = _turn64(state[rows] ^ (byte * _P5), 11) * _P1
        at[rows] += 1
    return _finish64(state)


MURMUR3 = HashFamily(np.uint32, _murmur_integer, _murmur_long, _murmur_text)
XXHASH64 = HashFamily(np.uint64, _xx_integer, _xx_long, _xx_text)
