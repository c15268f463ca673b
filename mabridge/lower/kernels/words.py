"""Kernels on lists of words."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from mabridge.lower.columns import AllDense, AllSparse, Bools, DenseBlock, Floats, PerRow, SparseBlock, VectorColumn
from mabridge.lower.kernels.word_lists import Lists, Places, count_places, lists_of
from mabridge.lower.lowering import Lowering
from mabridge.lower.state import Kernel, State
from mabridge.plan.op import StageRef
from mabridge.plan.ops import AverageWords, CountWords, DropWords, JoinNeighbours
from mabridge.sql.functions.case_mapping import lower_text
from mabridge.sql.functions.lower_in_locale import lower_lithuanian, lower_turkish

_LOWER: dict[str, Callable[[pa.Array], pa.Array]] = {"no": lambda words: words, "root": lower_text, "tr": lower_turkish, "lt": lower_lithuanian}


def drop_words(op: DropWords, stage: StageRef, lowering: Lowering) -> Kernel:
    """Kernel of `DropWords`."""
    (source,), (target,) = op.inputs, op.outputs
    lower = _LOWER[op.lower_case]
    dropped = lower(op.words).unique()

    def run(state: State) -> None:
        lists = lists_of(state, stage, source)
        # Each distinct word is looked at once.
        encoded = lists.entries.dictionary_encode()
        bad = np.append(_mask(pc.is_in(lower(encoded.dictionary), value_set=dropped)), op.drops_null)
        state.columns[target] = lists.keep(~bad[_indices(encoded, len(bad) - 1)]).column()

    return run


def join_neighbours(op: JoinNeighbours, stage: StageRef, lowering: Lowering) -> Kernel:
    """Kernel of `JoinNeighbours`."""

    def run(state: State) -> None:
        lists = lists_of(state, stage, op.input)
        counts = np.maximum(lists.lengths - (op.count - 1), 0)
        starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        # The first word of each run: the row's first, and so on.
        first = np.arange(starts[-1]) + np.repeat(lists.starts[:-1] - starts[:-1], counts)
        words = lists.entries.fill_null("null") if lists.entries.null_count else lists.entries
        joined = pc.binary_join_element_wise(*(words.take(pa.array(first + place)) for place in range(op.count if len(first) else 1)), " ")
        state.columns[op.output] = Lists(starts, joined).column()

    return run


def count_words(op: CountWords, stage: StageRef, lowering: Lowering) -> Kernel:
    """Kernel of `CountWords`."""
    size = op.size
    places = np.arange(size + 1)
    if op.null_place is not None:
        # Without its null the vocabulary is one shorter; what follows the null stands one further on.
        places = np.concatenate([np.delete(np.arange(size), op.null_place), [size]])

    def run(state: State) -> None:
        lists = lists_of(state, stage, op.input)
        encoded = lists.entries.dictionary_encode()
        found = pc.index_in(encoded.dictionary, value_set=op.words).fill_null(len(op.words)).to_numpy(zero_copy_only=False)
        of_distinct = np.append(places[found], size if op.null_place is None else op.null_place)
        every = of_distinct[_indices(encoded, len(of_distinct) - 1)]
        known = every < size
        block, owners = count_places(lists.owners[known], every[known], state.num_rows, size)
        least = op.minimum if op.minimum >= 1.0 else (lists.lengths * op.minimum)[owners]
        kept: Bools = block.entries >= least
        if not kept.all():
            starts = np.concatenate([[0], np.cumsum(kept)])[block.indptr]
            block = SparseBlock(starts, block.indices[kept], block.entries[kept], size)
        if op.binary:
            block = SparseBlock(block.indptr, block.indices, np.ones(len(block.entries)), size)
        state.columns[op.output] = VectorColumn(state.num_rows, (block,), AllSparse())

    return run


def average_words(op: AverageWords, stage: StageRef, lowering: Lowering) -> Kernel:
    """Kernel of `AverageWords`."""
    count, size = len(op.words), op.vectors.shape[1]
    with_null = len(op.vectors) > count

    def run(state: State) -> None:
        lists = lists_of(state, stage, op.input)
        encoded = lists.entries.dictionary_encode()
        found = pc.index_in(encoded.dictionary, value_set=op.words).fill_null(-1).to_numpy(zero_copy_only=False)
        of_distinct = np.append(found, count if with_null else -1)
        every = of_distinct[_indices(encoded, len(of_distinct) - 1)]
        known = every >= 0
        starts = np.concatenate([[0], np.cumsum(known)])[lists.starts]
        lengths = lists.lengths
        sums = add_in_order(op.vectors, every[known], starts)
        empty = lengths == 0
        sums *= (1.0 / np.where(empty, 1, lengths))[:, None]
        if not empty.any():
            state.columns[op.output] = VectorColumn(state.num_rows, (DenseBlock(sums),), AllDense())
            return
        # A sparse row stores nothing and a dense one everything.
        full = np.where(empty, 0, size)
        indices = np.tile(np.arange(size, dtype=np.int32), int(np.count_nonzero(~empty)))
        block = SparseBlock(np.concatenate([[0], np.cumsum(full)]).astype(np.int64), indices, sums[~empty].reshape(-1), size)
        state.columns[op.output] = VectorColumn(state.num_rows, (block,), PerRow(empty))

    return run


def add_in_order(vectors: npt.NDArray[np.float32], places: Places, starts: Places) -> Floats:
    """The sum of each row's vectors, from the first to the last, in doubles.

    Args:
        vectors: float32, shape (words, size).
        places: the word of each entry.
        starts: int64, shape (rows + 1,): where each row's entries begin.

    Returns:
        float64, shape (rows, size).
    """
    lengths = np.diff(starts)
    # Longest rows first: at each step the rows that still have an entry are a prefix.
    order = np.argsort(-lengths, kind="stable")
    remaining = np.searchsorted(-lengths[order], -np.arange(int(lengths.max(initial=0))), side="left")
    sums = np.zeros((len(lengths), vectors.shape[1]))
    first = starts[:-1][order]
    for step, rows in enumerate(remaining.tolist()):
        sums[:rows] += vectors[places[first[:rows] + step]]
    out = np.empty_like(sums)
    out[order] = sums
    return out


def _indices(encoded: pa.DictionaryArray, of_null: int) -> npt.NDArray[np.int32]:
    """The place in the dictionary of each entry, `of_null` for nulls."""
    indices = encoded.indices
    found: npt.NDArray[np.int32] = (indices.fill_null(of_null) if indices.null_count else indices).to_numpy(zero_copy_only=False)
    return found


def _mask(array: pa.Array) -> Bools:
    mask: Bools = array.to_numpy(zero_copy_only=False).astype(np.bool_, copy=False)
    return mask
