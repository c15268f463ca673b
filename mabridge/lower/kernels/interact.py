"""The kernel that multiplies features with features."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from mabridge.lower.arrow_vectors import active_entries
from mabridge.lower.columns import Bools, Compressed, Floats, SparseBlock, VectorColumn
from mabridge.lower.kernels.scalars import as_double
from mabridge.lower.kernels.vectors import check_size, refuse_nulls
from mabridge.lower.lowering import Lowering
from mabridge.lower.state import Kernel, State
from mabridge.plan.op import StageRef
from mabridge.plan.ops import Interact

Places = npt.NDArray[np.int64]


def interact(op: Interact, stage: StageRef, lowering: Lowering) -> Kernel:
    """Kernel of `Interact`."""
    reference = lowering.reference
    compressed = Compressed.of_version(reference.spark_version)
    counts = np.split(op.counts, np.cumsum(op.widths)[:-1])

    def entries_of(state: State, column_id: str, own: Places) -> SparseBlock:
        column = state.columns[column_id]
        if isinstance(column, VectorColumn):
            refuse_nulls(state, stage, column_id, column)
            check_size(state, stage, column_id, column, len(own))
            entries = active_entries(column)[1]
        else:
            if column.valid is not None:
                state.refuse(stage, column_id, ~column.valid, "A null cannot be multiplied; Spark refuses this too. Drop the row or fill the value first.")
            values = as_double(column, reference)
            entries = SparseBlock(np.arange(len(values) + 1, dtype=np.int64), np.zeros(len(values), dtype=np.int32), values, 1)
        return _encoded(state, stage, column_id, entries, own)

    def run(state: State) -> None:
        every = [entries_of(state, column_id, own) for column_id, own in zip(op.inputs, counts, strict=True)]
        product = every[-1]
        for entries in reversed(every[:-1]):
            product = _product(entries, product)
        state.columns[op.output] = VectorColumn(state.num_rows, (product,), compressed)

    return run


def _encoded(state: State, stage: StageRef, column_id: str, entries: SparseBlock, counts: Places) -> SparseBlock:
    """The entries over as many places as the features count: a category becomes 1.0 at its own."""
    if (counts == 1).all():
        return SparseBlock(entries.indptr, entries.indices, entries.entries, len(counts))
    starts = np.concatenate([[0], np.cumsum(counts)])
    of_entry = counts[entries.indices]
    categorical = of_entry > 1
    values = entries.entries
    with np.errstate(invalid="ignore"):
        bad = categorical & ~((values >= 0) & (values < of_entry) & (values == np.trunc(values)))
    if bad.any():
        at = int(np.argmax(bad))
        rows: Bools = np.zeros(state.num_rows, dtype=np.bool_)
        rows[entries.rows[at]] = True
        state.refuse(stage, column_id, rows, f"It holds the index {values[at]}, and its ML attribute has the indices 0 to {of_entry[at] - 1}.")
    places = starts[entries.indices]
    places[categorical] += values[categorical].astype(np.int64)
    taken: Floats = np.where(categorical, 1.0, values)
    return SparseBlock(entries.indptr, places.astype(np.int32), taken, int(starts[-1]))


def _product(head: SparseBlock, tail: SparseBlock) -> SparseBlock:
    """Every entry of a row's head times every entry of its tail, the head's place counting most."""
    head_counts, tail_counts = np.diff(head.indptr), np.diff(tail.indptr)
    counts = head_counts * tail_counts
    starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    rows = np.repeat(np.arange(len(counts)), counts)
    inside = np.arange(int(starts[-1])) - starts[rows]
    width = tail_counts[rows]
    of_head, of_tail = head.indptr[rows] + inside // width, tail.indptr[rows] + inside % width
    places = head.indices[of_head].astype(np.int64) * tail.size + tail.indices[of_tail]
    return SparseBlock(starts, places.astype(np.int32), tail.entries[of_tail] * head.entries[of_head], head.size * tail.size)
