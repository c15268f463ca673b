"""Kernels that hash values to features, with Spark's murmur3 (x86, 32 bits, seed 42)."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from mabridge.lower.columns import AllSparse, Bools, ScalarColumn, SparseBlock, VectorColumn
from mabridge.lower.kernels.scalars import as_double
from mabridge.lower.kernels.text import as_text, text_bytes
from mabridge.lower.kernels.word_lists import Lists, count_places, lists_of
from mabridge.lower.lowering import Lowering
from mabridge.lower.state import Kernel, State
from mabridge.plan.op import StageRef
from mabridge.plan.ops import CountHashed, HashColumns
from mabridge.plan.reference import Reference
from mabridge.plan.types import ArrayType, BooleanType, ByteType, DataType, DecimalType, DoubleType, FloatType, IntegerType, LongType, ShortType, StringType

Hashes = npt.NDArray[np.uint32]
Tail = Literal["words", "bytes"]

_SEED = 42
_HASHED = (StringType, BooleanType, ByteType, ShortType, IntegerType, LongType, FloatType, DoubleType)


def count_hashed(op: CountHashed, stage: StageRef, lowering: Lowering) -> Kernel:
    """Kernel of `CountHashed`."""

    def run(state: State) -> None:
        column = state.scalar(op.input)
        assert isinstance(column.kind, ArrayType)
        lists = lists_of(state, stage, op.input)
        if not isinstance(column.kind.element, _HASHED) and lists.entries.null_count < len(lists.entries):
            row = int(lists.owners[np.argmax(_valid(lists))])
            state.refuse_row(stage, op.input, row, f"Entries of type {column.kind.element} cannot be hashed; Spark refuses this too.")
        places = non_negative_mod(_hashes(column.kind.element, lists.entries, op.tail), op.size)
        block, _ = count_places(lists.owners, places, state.num_rows, op.size)
        if op.binary:
            block = SparseBlock(block.indptr, block.indices, np.ones(len(block.entries)), op.size)
        state.columns[op.output] = VectorColumn(state.num_rows, (block,), AllSparse())

    return run


def _valid(lists: Lists) -> Bools:
    valid: Bools = lists.entries.is_valid().to_numpy(zero_copy_only=False)
    return valid


def _hashes(kind: DataType, entries: pa.Array, tail: Tail) -> Hashes:
    """The hash of each entry; null hashes to the seed."""
    if not isinstance(kind, _HASHED):
        return np.full(len(entries), _SEED, dtype=np.uint32)
    if isinstance(kind, StringType):
        encoded = entries.dictionary_encode()
        of_distinct = np.append(hash_texts(encoded.dictionary, tail), np.uint32(_SEED))
        indices = encoded.indices
        hashed: Hashes = of_distinct[(indices.fill_null(len(of_distinct) - 1) if indices.null_count else indices).to_numpy(zero_copy_only=False)]
        return hashed
    column = ScalarColumn.of_arrow(kind, entries)
    hashed = hash_numbers(kind, column.values)
    if column.valid is not None:
        hashed = np.where(column.valid, hashed, np.uint32(_SEED))
    return hashed


def hash_columns(op: HashColumns, stage: StageRef, lowering: Lowering) -> Kernel:
    """Kernel of `HashColumns`."""
    reference = lowering.reference
    assert op.categorical is not None
    inputs = list(zip(op.inputs, op.names, op.categorical, strict=True))
    fixed = non_negative_mod(hash_texts(pa.array(op.names, type=pa.string())), op.size)

    def run(state: State) -> None:
        rows = state.num_rows
        places = np.empty((rows, len(inputs)), dtype=np.int64)
        values = np.ones((rows, len(inputs)))
        present = np.ones((rows, len(inputs)), dtype=np.bool_)
        for number, (column_id, name, categorical) in enumerate(inputs):
            column = state.scalar(column_id)
            if column.valid is not None:
                present[:, number] = column.valid
            if categorical:
                places[:, number] = _category_places(column, name, op.size, reference)
            else:
                places[:, number] = fixed[number]
                values[:, number] = as_double(column, reference)
        state.columns[op.output] = VectorColumn(rows, (sum_places(places, values, present, op.size),), AllSparse())

    return run


def _category_places(column: ScalarColumn, name: str, size: int, reference: Reference) -> npt.NDArray[np.int64]:
    """Where `name=value` falls for each row; 0 for nulls."""
    texts = _java_text(column, reference).dictionary_encode()
    named = pa.array([f"{name}={text}" for text in texts.dictionary.to_pylist()], type=pa.string())
    of_distinct = np.append(non_negative_mod(hash_texts(named), size), 0)
    indices = texts.indices
    found: npt.NDArray[np.int64] = of_distinct[(indices.fill_null(len(of_distinct) - 1) if indices.null_count else indices).to_numpy(zero_copy_only=False)]
    return found


def _java_text(column: ScalarColumn, reference: Reference) -> pa.Array:
    """Each value as Java's `toString` writes it, which for decimals is Spark's cast without ANSI."""
    if isinstance(column.kind, DecimalType):
        reference = Reference(reference.spark_version, ansi=False, time_zone=reference.time_zone)
    return as_text(column, reference)


def sum_places(places: npt.NDArray[np.int64], values: npt.NDArray[np.float64], present: Bools, size: int) -> SparseBlock:
    """Each row's values added up where they share a place, from left to right.

    Args:
        places: int64, shape (rows, columns), 0 <= place < size.
        values: float64, shape (rows, columns).
        present: which values count.
        size: number of features.

    Returns:
        A sparse block with an entry at each place that some present value has; zeros are stored.
    """
    rows = len(places)
    keys = (np.arange(rows)[:, None] * size + places)[present]
    distinct, first, which = np.unique(keys, return_index=True, return_inverse=True)
    given = values[present]
    # The first value is taken as it is: -0.0 stays -0.0.
    sums = given[first]
    later = np.ones(len(keys), dtype=np.bool_)
    later[first] = False
    np.add.at(sums, which[later], given[later])
    owners = distinct // size
    starts = np.concatenate([[0], np.cumsum(np.bincount(owners, minlength=rows))]).astype(np.int64)
    return SparseBlock(starts, (distinct - owners * size).astype(np.int32), sums, size)


def non_negative_mod(hashes: Hashes, size: int) -> npt.NDArray[np.int64]:
    """`Utils.nonNegativeMod` of hashes read as signed 32-bit numbers."""
    return np.mod(hashes.view(np.int32).astype(np.int64), size)


def hash_numbers(kind: DataType, values: npt.NDArray[Any]) -> Hashes:
    """The hash of each boolean or number; NaNs are one value, zeros of both signs are two."""
    match kind:
        case FloatType():
            values = np.where(np.isnan(values), np.float32(np.nan), values).astype(np.float32).view(np.int32)
        case DoubleType():
            values = np.where(np.isnan(values), np.nan, values).view(np.int64)
        case LongType():
            pass
        case _:
            values = values.astype(np.int32)
    seed = np.full(len(values), _SEED, dtype=np.uint32)
    if values.dtype == np.int64:
        bits = values.view(np.uint64)
        mixed = _mix(_mix(seed, (bits & np.uint64(0xFFFFFFFF)).astype(np.uint32)), (bits >> np.uint64(32)).astype(np.uint32))
        return _finish(mixed, np.uint32(8))
    return _finish(_mix(seed, np.ascontiguousarray(values).view(np.uint32)), np.uint32(4))


def hash_texts(texts: pa.Array, tail: Tail = "words") -> Hashes:
    """The hash of each text's UTF-8 bytes.

    Args:
        texts: string array without nulls.
        tail: what becomes of the last one to three bytes: "words" packs them into a word (`hashUnsafeBytes2`), "bytes" mixes each in by itself, as a
            signed number (`hashUnsafeBytes`).
    """
    offsets, found = text_bytes(texts)
    # Four bytes more than there are, so that every word can be read whole.
    data = np.concatenate([found, np.zeros(4, dtype=np.uint8)])
    lengths = np.diff(offsets)
    order = np.argsort(-lengths, kind="stable")
    start, length = offsets[:-1][order], lengths[order]
    state = np.full(len(length), _SEED, dtype=np.uint32)
    for step, count in enumerate(_still(length // 4)):
        state[:count] = _mix(state[:count], _word(data, start[:count] + 4 * step))
    rest = length % 4
    place = start + length - rest
    if tail == "words":
        last = _word(data, place) & _MASKS[rest]
        state ^= _scramble(last)
    else:
        for step in range(3):
            left = rest > step
            state[left] = _mix(state[left], data[place[left] + step].view(np.int8).astype(np.int32).view(np.uint32))
    out = np.empty_like(state)
    out[order] = _finish(state, length.astype(np.uint32))
    return out


_MASKS = np.array([0, 0xFF, 0xFFFF, 0xFFFFFF], dtype=np.uint32)


def _still(words: npt.NDArray[np.int64]) -> list[int]:
    """At each step, how many texts have a word left; `words` descends."""
    most = int(words.max(initial=0))
    counts: list[int] = np.searchsorted(-words, -np.arange(most), side="left").tolist()
    return counts


def _word(data: npt.NDArray[np.uint8], place: npt.NDArray[np.int64]) -> Hashes:
    """The little-endian 32-bit word at each place."""
    word = data[place].astype(np.uint32)
    for byte in range(1, 4):
        word |= data[place + byte].astype(np.uint32) << np.uint32(8 * byte)
    return word


def _rotated(values: Hashes, bits: int) -> Hashes:
    return (values << np.uint32(bits)) | (values >> np.uint32(32 - bits))


def _scramble(word: Hashes) -> Hashes:
    return _rotated(word * np.uint32(0xCC9E2D51), 15) * np.uint32(0x1B873593)


def _mix(state: Hashes, word: Hashes) -> Hashes:
    return _rotated(state ^ _scramble(word), 13) * np.uint32(5) + np.uint32(0xE6546B64)


def _finish(state: Hashes, length: Any) -> Hashes:
    state = state ^ length
    state = (state ^ (state >> np.uint32(16))) * np.uint32(0x85EBCA6B)
    state = (state ^ (state >> np.uint32(13))) * np.uint32(0xC2B2AE35)
    return state ^ (state >> np.uint32(16))
