"""The kernels on words against plain, slow readings of what Spark's classes say, row by row."""

from __future__ import annotations

import math
import struct
from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from mabridge.java_regex import compile_java
from mabridge.lower.columns import SparseBlock
from mabridge.lower.kernels.hashing import hash_numbers, hash_texts, sum_places
from mabridge.lower.kernels.split_text import byte_table, split_bytes
from mabridge.lower.lowering import Lowering
from mabridge.lower.program import make_program
from mabridge.plan.op import Op, StageRef, Step
from mabridge.plan.ops import AverageWords, CountHashed, CountWords, DropWords, JoinNeighbours, SplitText
from mabridge.plan.ops.hashing import java_set_order
from mabridge.plan.reference import Reference
from mabridge.plan.types import DoubleType, FloatType, IntegerType, LongType

WORD = st.one_of(st.none(), st.sampled_from(["a", "b", "A", "", "é", "É", "日本", "😀", "I", "x y", "abcd", "abcdefghi"]))
LISTS = st.lists(st.lists(WORD, max_size=7), max_size=6)
TEXTS = st.lists(st.text("ab AB1_\t\n.é日😀\x85", max_size=12), max_size=6)


def run(op: Op, column: pa.Array, name: str) -> list[Any]:
    """The op's output on the rows, sliced so that offsets do not begin at 0."""
    padded = pa.concat_arrays([column.slice(0, 1), column]).slice(min(len(column), 1))
    batch = pa.record_batch([padded], names=[name])
    program = make_program([Step(op, StageRef("", "org.example.Stage", "uid"))], batch.schema, Lowering(Reference("3.5.7")), columns=["out"])
    out: list[Any] = program.run(batch).column(0).to_pylist()
    return out


def words_array(lists: Sequence[Sequence[str | None]]) -> pa.Array:
    return pa.array(lists, type=pa.list_(pa.string()))


def sparse(size: int, entries: dict[int, float]) -> dict[str, Any]:
    return {"type": 0, "size": size, "indices": sorted(entries), "values": [entries[place] for place in sorted(entries)]}


@settings(max_examples=300, deadline=None)
@given(TEXTS, st.sampled_from([r"\s", r"\s+", r"\W", r"\W+", r"[^a-c]+", "[a-c]", r"\w+", r"\w++", r"\S"]), st.booleans(), st.integers(0, 3))
def test_splitting_byte_by_byte_is_splitting_by_the_pattern(texts: list[str], pattern: str, gaps: bool, min_length: int) -> None:
    java = compile_java(pattern)
    table = byte_table(java)
    assert table is not None
    assert java.run_of is not None
    lists = split_bytes(pa.array(["", *texts], type=pa.string()).slice(1), table, whole_runs=java.run_of[1], gaps=gaps, min_length=min_length)
    pieces = [java.split(text) if gaps else java.find_all(text) for text in texts]
    assert lists.column().arrow.to_pylist() == [[word for word in row if len(word.encode("utf-16-le")) // 2 >= min_length] for row in pieces]


@settings(max_examples=200, deadline=None)
@given(TEXTS, st.sampled_from([r"\s", "[a-c]+", "(?:ab)+", r"é|\s", "b*a"]), st.booleans(), st.booleans(), st.integers(0, 2))
def test_texts_are_lowered_then_split_then_cut(texts: list[str], pattern: str, gaps: bool, lowercase: bool, min_length: int) -> None:
    java = compile_java(pattern)
    expected = []
    for text in texts:
        changed = text.lower() if lowercase else text
        expected.append([word for word in (java.split(changed) if gaps else java.find_all(changed)) if len(word.encode("utf-16-le")) // 2 >= min_length])
    assert run(SplitText("in", "out", pattern, gaps, lowercase, min_length), pa.array(texts, type=pa.string()), "in") == expected


@settings(max_examples=200, deadline=None)
@given(LISTS, st.lists(WORD, max_size=4), st.booleans())
def test_dropped_words_are_those_of_the_set(lists: list[list[str | None]], dropped: list[str | None], as_written: bool) -> None:
    def key(word: str | None) -> str | None:
        return word if word is None or as_written else word.lower()

    words = pa.array([word for word in dropped if word is not None], type=pa.string())
    op = DropWords(("in",), ("out",), words, None in dropped, "no" if as_written else "root")
    gone = {key(word) for word in dropped}
    assert run(op, words_array(lists), "in") == [[word for word in row if key(word) not in gone] for row in lists]


@settings(max_examples=200, deadline=None)
@given(LISTS, st.integers(1, 8))
def test_neighbours_are_joined_by_a_space(lists: list[list[str | None]], count: int) -> None:
    shown = [["null" if word is None else word for word in row] for row in lists]
    expected = [[" ".join(row[place : place + count]) for place in range(len(row) - count + 1)] for row in shown]
    assert run(JoinNeighbours("in", "out", count), words_array(lists), "in") == expected


@settings(max_examples=300, deadline=None)
@given(LISTS, st.lists(WORD, max_size=6, unique=True), st.one_of(st.sampled_from([0.0, 0.5, 1 / 3, 1.0, 2.0, 2.5]), st.floats(0, 3)), st.booleans())
def test_known_words_are_counted(lists: list[list[str | None]], vocabulary: list[str | None], minimum: float, binary: bool) -> None:
    words = pa.array([word for word in vocabulary if word is not None], type=pa.string())
    place = vocabulary.index(None) if None in vocabulary else None
    expected = []
    for row in lists:
        counts: dict[int, float] = {}
        for word in row:
            if word in vocabulary:
                counts[vocabulary.index(word)] = counts.get(vocabulary.index(word), 0.0) + 1.0
        least = minimum if minimum >= 1.0 else len(row) * minimum
        expected.append(sparse(len(vocabulary), {index: 1.0 if binary else count for index, count in counts.items() if count >= least}))
    assert run(CountWords("in", "out", words, place, minimum, binary), words_array(lists), "in") == expected


def murmur3(data: bytes, *, signed_tail: bool = False) -> int:
    """Spark's Murmur3_x86_32 of bytes, seed 42: hashUnsafeBytes2, or hashUnsafeBytes with a signed tail."""

    def rotated(value: int, bits: int) -> int:
        return (value << bits | value >> (32 - bits)) & 0xFFFFFFFF

    def scrambled(word: int) -> int:
        return rotated(word * 0xCC9E2D51 & 0xFFFFFFFF, 15) * 0x1B873593 & 0xFFFFFFFF

    def mixed(state: int, word: int) -> int:
        return (rotated(state ^ scrambled(word), 13) * 5 + 0xE6546B64) & 0xFFFFFFFF

    state, whole = 42, len(data) // 4 * 4
    for place in range(0, whole, 4):
        state = mixed(state, int.from_bytes(data[place : place + 4], "little"))
    if signed_tail:
        for byte in data[whole:]:
            state = mixed(state, (byte - 256 if byte > 127 else byte) & 0xFFFFFFFF)
    else:
        state ^= scrambled(int.from_bytes(data[whole:], "little"))
    state ^= len(data)
    state = (state ^ state >> 16) * 0x85EBCA6B & 0xFFFFFFFF
    state = (state ^ state >> 13) * 0xC2B2AE35 & 0xFFFFFFFF
    state ^= state >> 16
    return state


@settings(max_examples=300, deadline=None)
@given(st.lists(st.text(max_size=13), max_size=8))
def test_texts_are_hashed_by_murmur3_with_either_tail(texts: list[str]) -> None:
    array = pa.array(["pad", *texts], type=pa.string()).slice(1)
    assert hash_texts(array).tolist() == [murmur3(text.encode()) for text in texts]
    assert hash_texts(array, "bytes").tolist() == [murmur3(text.encode(), signed_tail=True) for text in texts]


@settings(max_examples=200, deadline=None)
@given(st.lists(st.floats(), max_size=8), st.lists(st.integers(-(2**63), 2**63 - 1), max_size=8))
def test_numbers_are_hashed_by_their_bits(doubles: list[float], longs: list[int]) -> None:
    # Whole words have no tail, and an int hashes as its four bytes do without the tail's step.
    def of_words(data: bytes) -> int:
        return murmur3(data, signed_tail=True)

    canonical = [math.nan if math.isnan(value) else value for value in doubles]
    assert hash_numbers(DoubleType(), np.array(doubles, dtype=np.float64)).tolist() == [of_words(struct.pack("<d", value)) for value in canonical]
    assert hash_numbers(LongType(), np.array(longs, dtype=np.int64)).tolist() == [of_words(struct.pack("<q", value)) for value in longs]
    ints = [value >> 32 for value in longs]
    assert hash_numbers(IntegerType(), np.array(ints, dtype=np.int32)).tolist() == [of_words(struct.pack("<i", value)) for value in ints]
    with np.errstate(over="ignore"):
        floats = np.array(canonical, dtype=np.float64).astype(np.float32)
    assert hash_numbers(FloatType(), floats).tolist() == [of_words(struct.pack("<f", value)) for value in floats.tolist()]


@settings(max_examples=200, deadline=None)
@given(LISTS, st.sampled_from([1, 2, 7, 1000, 2**18, 2**31 - 1]), st.booleans(), st.sampled_from(["words", "bytes"]))
def test_hashes_are_counted(lists: list[list[str | None]], size: int, binary: bool, tail: Any) -> None:
    expected = []
    for row in lists:
        counts: dict[int, float] = {}
        for word in row:
            hashed = 42 if word is None else murmur3(word.encode(), signed_tail=tail == "bytes")
            place = (hashed - 2**32 if hashed >= 2**31 else hashed) % size
            counts[place] = 1.0 if binary else counts.get(place, 0.0) + 1.0
        expected.append(sparse(size, counts))
    assert run(CountHashed("in", "out", size, binary, tail), words_array(lists), "in") == expected


HARD = st.one_of(st.sampled_from([0.0, -0.0, math.inf, -math.inf, math.nan, 1e308, 5e-324, 1e16, 1.0, 0.1]), st.floats())


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_values_that_share_a_place_are_added_from_left_to_right(data: st.DataObject) -> None:
    rows, columns, size = data.draw(st.integers(0, 4)), data.draw(st.integers(1, 6)), data.draw(st.sampled_from([1, 2, 5]))
    places = np.array([[data.draw(st.integers(0, size - 1)) for _ in range(columns)] for _ in range(rows)], dtype=np.int64).reshape(rows, columns)
    values = np.array([[data.draw(HARD) for _ in range(columns)] for _ in range(rows)], dtype=np.float64).reshape(rows, columns)
    present = np.array([[data.draw(st.booleans()) for _ in range(columns)] for _ in range(rows)], dtype=np.bool_).reshape(rows, columns)
    with np.errstate(all="ignore"):
        block = sum_places(places, values, present, size)
    for row in range(rows):
        sums: dict[int, float] = {}
        for place, value, counts in zip(places[row].tolist(), values[row].tolist(), present[row].tolist(), strict=True):
            if counts:
                sums[place] = sums[place] + value if place in sums else value
        assert _row(block, row) == [(place, repr(sums[place])) for place in sorted(sums)]


def _row(block: SparseBlock, row: int) -> list[tuple[int, str]]:
    part = slice(int(block.indptr[row]), int(block.indptr[row + 1]))
    return list(zip(block.indices[part].tolist(), map(repr, block.entries[part].tolist()), strict=True))


@settings(max_examples=200, deadline=None)
@given(LISTS, st.lists(WORD, min_size=1, max_size=6, unique=True), st.integers(1, 3), st.data())
def test_word_vectors_are_added_in_order_and_scaled_once(lists: list[list[str | None]], known: list[str | None], size: int, data: st.DataObject) -> None:
    known = sorted(known, key=lambda word: (word is None, word or ""))
    vectors = np.array([[data.draw(st.floats(width=32)) for _ in range(size)] for _ in known], dtype=np.float32)
    words = pa.array([word for word in known if word is not None], type=pa.string())
    out = run(AverageWords("in", "out", words, vectors), words_array(lists), "in")
    for row, got in zip(lists, out, strict=True):
        if not row:
            assert got == sparse(size, {})
            continue
        sums = [0.0] * size
        for word in row:
            if word in known:
                sums = [total + float(number) for total, number in zip(sums, vectors[known.index(word)].tolist(), strict=True)]
        assert (got["type"], list(map(repr, got["values"]))) == (1, [repr(total * (1.0 / len(row))) for total in sums])


def test_names_stand_in_the_order_of_scalas_set() -> None:
    # Set("n0", ..., "n6").toArray in Scala 2.12.18, and as given up to four.
    assert java_set_order(("z", "y", "x", "w")) == ("z", "y", "x", "w")
    assert sorted(java_set_order(tuple(f"n{place}" for place in range(7)))) == [f"n{place}" for place in range(7)]
    assert java_set_order(tuple(f"n{place}" for place in range(7))) == java_set_order(tuple(f"n{place}" for place in reversed(range(7))))
