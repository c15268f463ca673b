"""Columns of word lists while a kernel looks at them: one flat array of words, and where each row's begin."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from mabridge.lower.columns import Bools, ScalarColumn, SparseBlock
from mabridge.lower.state import State
from mabridge.plan.op import StageRef
from mabridge.plan.ops.words import WORDS
from mabridge.plan.types import arrow_type

Places = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Lists:
    """The lists of one column.

    Attributes:
        starts: int64, shape (rows + 1,), from 0: row i holds the entries starts[i] to starts[i + 1].
        entries: all entries in order, an Arrow array.
    """

    starts: Places
    entries: pa.Array

    @property
    def lengths(self) -> Places:
        return np.diff(self.starts)

    @property
    def owners(self) -> Places:
        """The row of each entry."""
        return np.repeat(np.arange(len(self.starts) - 1), self.lengths)

    def keep(self, wanted: Bools) -> Lists:
        """The entries where the mask is true, in the same rows."""
        if wanted.all():
            return self
        kept = np.concatenate([[0], np.cumsum(wanted)])
        return Lists(kept[self.starts], self.entries.filter(pa.array(wanted)))

    def column(self) -> ScalarColumn:
        """As a column of word lists."""
        starts = pa.array(self.starts.astype(np.int32))
        return ScalarColumn.of_arrow(WORDS, pa.ListArray.from_arrays(starts, self.entries, type=arrow_type(WORDS)))


def lists_of(state: State, stage: StageRef, column_id: str) -> Lists:
    """A column's lists.

    Raises:
        InvalidRowError: a list is null, which Spark's UDFs cannot read.
    """
    column = state.scalar(column_id)
    if column.valid is not None:
        state.refuse(stage, column_id, ~column.valid, "A null list cannot be read; Spark refuses this too. Drop the row or fill the list first.")
    array = column.arrow
    offsets = array.offsets.to_numpy()[: len(array) + 1].astype(np.int64)
    return Lists(offsets - offsets[0], array.values.slice(offsets[0], offsets[-1] - offsets[0]))


def count_places(rows: Places, places: Places, num_rows: int, size: int) -> tuple[SparseBlock, Places]:
    """How often each row names each place.

    Args:
        rows: the row of each entry, ascending.
        places: its feature, 0 <= place < size.
        num_rows: number of rows.
        size: number of features.

    Returns:
        The counts as a sparse block of ascending indices, and the row of each of its entries.
    """
    keys, counts = np.unique(rows * size + places, return_counts=True)
    owners = keys // max(size, 1)
    starts = np.concatenate([[0], np.cumsum(np.bincount(owners, minlength=num_rows))]).astype(np.int64)
    return SparseBlock(starts, (keys - owners * size).astype(np.int32), counts.astype(np.float64), size), owners
