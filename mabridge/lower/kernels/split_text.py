"""The kernel of `SplitText`: texts to lists of words."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from mabridge.java_regex import JavaPattern, UnitsError, compile_java
from mabridge.java_regex.code_points import SPACE, code_points
from mabridge.lower.columns import Bools
from mabridge.lower.kernels.text import text_bytes
from mabridge.lower.kernels.word_lists import Lists, Places
from mabridge.lower.lowering import Lowering
from mabridge.lower.state import Kernel, State
from mabridge.plan.op import StageRef
from mabridge.plan.ops import SplitText
from mabridge.sql.functions.case_mapping import lower_text

_ASCII = code_points((0, 0x7F))
Bytes = npt.NDArray[np.uint8]


def split_text(op: SplitText, stage: StageRef, lowering: Lowering) -> Kernel:
    """Kernel of `SplitText`."""
    pattern = compile_java(op.pattern)
    table = byte_table(pattern)
    # White space is in no word and has no case, so each distinct word can be put in lower case by itself; only a sigma looks at the whole text.
    by_words = op.lowercase and op.gaps and pattern.run_of is not None and not (pattern.run_of[0] & ~SPACE).ranges

    def run(state: State) -> None:
        column = state.scalar(op.input)
        if column.valid is not None:
            state.refuse(stage, op.input, ~column.valid, "A null text cannot be split; Spark refuses this too. Fill it or drop the row first.")
        words_first = by_words and not pc.any(pc.match_substring(column.arrow, "Σ")).as_py()
        texts = lower_text(column.arrow) if op.lowercase and not words_first else column.arrow
        if table is not None:
            assert pattern.run_of is not None
            lists = split_bytes(texts, table, whole_runs=pattern.run_of[1], gaps=op.gaps, min_length=0 if words_first else op.min_length)
        else:
            lists = _split_each(texts, pattern, op, lambda row, why: state.refuse_row(stage, op.input, row, why))
        if words_first:
            lists = long_enough(Lists(lists.starts, lower_text(lists.entries)), op.min_length)
        state.columns[op.output] = lists.column()

    return run


def byte_table(pattern: JavaPattern) -> Bools | None:
    """Which bytes of UTF-8 belong to the pattern's set, shape (256,), where whole characters can be told by their bytes alone; else None."""
    if pattern.run_of is None:
        return None
    chars = pattern.run_of[0]
    beyond = chars & ~_ASCII
    if beyond.ranges and beyond != ~_ASCII:
        return None
    return np.array([code in chars for code in range(128)] + [bool(beyond.ranges)] * 128)


def split_bytes(texts: pa.Array, table: Bools, *, whole_runs: bool, gaps: bool, min_length: int) -> Lists:
    """Split all texts at once, byte by byte.

    Args:
        texts: string array without nulls.
        table: which bytes are hit; the bytes of one character are all hit or all not.
        whole_runs: whether neighbouring hits make one match.
        gaps: whether hits stand between words, or are the words.
        min_length: shorter words are left out, in UTF-16 units.
    """
    if not len(texts):
        return Lists(np.zeros(1, dtype=np.int64), pa.array([], type=pa.string()))
    offsets, data = text_bytes(texts)
    hit = table[data]
    begins = hit & ((data & 0xC0) != 0x80)
    if whole_runs:
        first = np.zeros(len(data) + 1, dtype=np.bool_)
        first[offsets] = True
        before = np.zeros(len(data), dtype=np.bool_)
        before[1:] = hit[:-1]
        begins &= ~before | first[:-1]
    # Words lie end to end in the bytes that stay, so their ends are all there is to know.
    kept = ~hit if gaps else hit
    until = np.concatenate([[0], np.cumsum(kept)])
    matches = np.flatnonzero(begins)
    per_row = np.diff(np.searchsorted(matches, offsets))
    words = data[kept]
    if gaps:
        starts = np.concatenate([[0], np.cumsum(per_row + 1)])
        edges = np.empty(int(starts[-1]) + 1, dtype=np.int64)
        edges[0] = 0
        edges[1 + np.arange(len(matches)) + np.repeat(np.arange(len(texts)), per_row)] = until[matches]
        edges[starts[1:]] = until[offsets[1:]]
        wanted = None if min_length > 0 else _before_trailing(edges, starts, per_row)
    else:
        starts = np.concatenate([[0], np.cumsum(per_row)])
        edges = np.append(until[matches], len(words))
        wanted = None
    entries = pa.StringArray.from_buffers(len(edges) - 1, pa.py_buffer(edges.astype(np.int32)), pa.py_buffer(words))
    lists = Lists(starts, entries)
    return long_enough(lists if wanted is None else lists.keep(wanted), min_length)


def _before_trailing(edges: Places, starts: Places, matches: Places) -> Bools:
    """Which words stay where `Pattern.split` takes the empty ones off each row's end; a row without a match stays whole."""
    place = np.arange(1, len(edges))
    last = np.maximum.reduceat(np.where(np.diff(edges) > 0, place, 0), starts[:-1])
    last[matches == 0] = starts[1:][matches == 0]
    wanted: Bools = place <= np.repeat(last, np.diff(starts))
    return wanted


def long_enough(lists: Lists, min_length: int) -> Lists:
    """The words of at least `min_length` UTF-16 units."""
    if min_length <= 0:
        return lists
    if min_length == 1:
        return lists.keep(pc.not_equal(pc.binary_length(lists.entries), 0).to_numpy(zero_copy_only=False))
    return lists.keep(utf16_lengths(lists.entries) >= min_length)


def utf16_lengths(texts: pa.Array) -> Places:
    """`String.length` of each text: a character beyond U+FFFF, four bytes in UTF-8, counts twice."""
    offsets, data = text_bytes(texts)
    units = np.concatenate([[0], np.cumsum(((data & 0xC0) != 0x80).astype(np.int64) + (data >= 0xF0))])
    return np.diff(units[offsets])


def _split_each(texts: pa.Array, pattern: JavaPattern, op: SplitText, refuse: Callable[[int, str], None]) -> Lists:
    """Split each distinct text by the pattern itself."""
    encoded = texts.dictionary_encode()
    split = pattern.split if op.gaps else pattern.find_all
    pieces: list[list[str]] = []
    for place, text in enumerate(encoded.dictionary.to_pylist()):
        try:
            pieces.append(split(text))
        except UnitsError as error:
            row = int(np.argmax(encoded.indices.to_numpy(zero_copy_only=False) == place))
            refuse(row, f"Java would look at halves of surrogate pairs here: {error}. Take such characters out first, or change the pattern in Spark.")
    found = pa.array(pieces, type=pa.list_(pa.string())).take(encoded.indices)
    offsets = found.offsets.to_numpy().astype(np.int64)
    return long_enough(Lists(offsets - offsets[0], found.values.slice(offsets[0], offsets[-1] - offsets[0])), op.min_length)
