"""Kernels that choose, index and count the features of vector columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from mabridge.counted import counted
from mabridge.lower.arrow_vectors import WIDE, active_entries, stored_entries, vector_sizes, vectors_of_arrow
from mabridge.lower.columns import (
    AllDense,
    Block,
    Bools,
    Compressed,
    DenseBlock,
    Floats,
    LikeColumn,
    NonzeroLike,
    OneHotBlock,
    PerRow,
    SparseBlock,
    VectorColumn,
)
from mabridge.lower.kernels.vectors import check_size, refuse_nulls
from mabridge.lower.lowering import Lowering
from mabridge.lower.state import Kernel, State
from mabridge.plan.op import StageRef
from mabridge.plan.ops import CheckVectorSize, IndexFeatures, KeepIndexable, KeepVectorsOfSize, SliceFeatures

Places = npt.NDArray[np.int64]


def slice_features(op: SliceFeatures, stage: StageRef, lowering: Lowering) -> Kernel:
    """Kernel of `SliceFeatures`."""
    last = int(op.places.max())

    def run(state: State) -> None:
        column = state.vector(op.input)
        refuse_nulls(state, stage, op.input, column)
        if last >= column.size and column.num_rows:
            # Spark looks a place up in a sparse row and does not find it; in a dense row it leaves the array.
            state.refuse(stage, op.input, ~stored_entries(column)[0], f"The stage selects the feature {last}.")
        layout = AllDense() if isinstance(column.layout, AllDense) else NonzeroLike(column)
        state.columns[op.output] = VectorColumn(column.num_rows, tuple(_selected(column, op.places)), layout)

    return run


def _selected(column: VectorColumn, places: Places) -> list[Block]:
    """Blocks of the chosen features: one for each run of places that lie in one block."""
    ends = np.cumsum([block.size for block in column.blocks], dtype=np.int64)
    owner = np.searchsorted(ends, places, side="right")
    cuts = np.flatnonzero(np.diff(owner)) + 1
    blocks: list[Block] = []
    for run, run_owner in zip(np.split(places, cuts), np.split(owner, cuts), strict=True):
        which = int(run_owner[0])
        if which == len(column.blocks):
            blocks.append(SparseBlock(np.zeros(column.num_rows + 1, dtype=np.int64), np.empty(0, dtype=np.int32), np.empty(0), len(run)))
        else:
            block = column.blocks[which]
            blocks.append(_of_block(block, run - (int(ends[which]) - block.size)))
    return blocks


def _of_block(block: Block, places: Places) -> Block:
    if isinstance(block, DenseBlock):
        return DenseBlock(block.values[:, places])
    order = np.argsort(places)
    if isinstance(block, OneHotBlock):
        return OneHotBlock(_found_at(block.index, places[order], order), len(places), block.entries)
    moved = _found_at(block.indices, places[order], order)
    kept = moved >= 0
    rows, moved, entries = block.rows[kept], moved[kept], block.entries[kept]
    if (np.diff(places) < 0).any():
        order = np.lexsort((moved, rows))
        moved, entries = moved[order], entries[order]
    starts = np.concatenate([[0], np.cumsum(np.bincount(rows, minlength=len(block.indptr) - 1))]).astype(np.int64)
    return SparseBlock(starts, moved, entries, len(places))


def _found_at(values: npt.NDArray[np.integer[Any]], ascending: Places, numbers: Places) -> npt.NDArray[np.int32]:
    """The number that each value has among ascending ones, -1 where it is not there; a claimed size costs no memory."""
    at = np.searchsorted(ascending, values)
    at[at == len(ascending)] = 0
    return np.where(ascending[at] == values, numbers[at], -1).astype(np.int32)


def check_vector_size(op: CheckVectorSize, stage: StageRef, lowering: Lowering) -> Kernel:
    """Kernel of `CheckVectorSize`."""
    null_reason = "The stage has handleInvalid = `error`, as in Spark: set it to `skip` to drop null vectors."
    size_reason = f"The stage expects vectors of {counted(op.size, 'feature')}. It has handleInvalid = `error`, as in Spark: set it to `skip` to drop others."

    def run(state: State) -> None:
        sizes = _sizes(state, op.input)
        bad = sizes != op.size
        if bad.any():
            row = int(np.argmax(bad))
            state.refuse_row(stage, op.input, row, null_reason if sizes[row] < 0 else size_reason)
        state.columns[op.output] = state.columns[op.input] = _one_size(state, op.input, op.size)

    return run


def keep_vectors_of_size(op: KeepVectorsOfSize, stage: StageRef, lowering: Lowering) -> Kernel:
    """Kernel of `KeepVectorsOfSize`."""

    def run(state: State) -> None:
        state.keep(_sizes(state, op.input) == op.size)
        state.columns[op.input] = _one_size(state, op.input, op.size)

    return run


def _sizes(state: State, column_id: str) -> Places:
    """The size of each row's vector, -1 where it is null."""
    column = state.columns[column_id]
    if not isinstance(column, VectorColumn):
        return vector_sizes(column.arrow)
    sizes = np.full(column.num_rows, column.size, dtype=np.int64)
    return sizes if column.valid is None else np.where(column.valid, sizes, -1)


def _one_size(state: State, column_id: str, size: int) -> VectorColumn:
    """The column, all of whose rows hold vectors of the size."""
    if not state.num_rows:
        return no_vectors(size)
    column = state.columns[column_id]
    return column if isinstance(column, VectorColumn) else vectors_of_arrow(state.names.get(column_id, column_id), column.arrow)


def no_vectors(size: int) -> VectorColumn:
    """A column of vectors without a row."""
    return VectorColumn(0, (DenseBlock(np.zeros((0, size))),), AllDense())


@dataclass(frozen=True)
class _Found:
    """What looking the values up gave.

    Attributes:
        column: the vectors with indices in place of values; what was not found has the number of the feature's values.
        bad: shape (rows,), the rows in which some value was not found.
        reason: about the first such row; empty where there is none.
    """

    column: VectorColumn
    bad: Bools
    reason: str


def index_features(op: IndexFeatures, stage: StageRef, lowering: Lowering) -> Kernel:
    """Kernel of `IndexFeatures`."""
    maps = _Maps(op)

    def run(state: State) -> None:
        found = maps.look_up(state, stage)
        if op.unseen == "error":
            state.refuse(stage, op.input, found.bad, found.reason)
        state.columns[op.output] = found.column

    return run


def keep_indexable(op: KeepIndexable, stage: StageRef, lowering: Lowering) -> Kernel:
    """Kernel of `KeepIndexable`."""
    maps = _Maps(op)

    def run(state: State) -> None:
        state.keep(~maps.look_up(state, stage).bad)

    return run


class _Maps:
    """The category maps of an op, ready for look-ups."""

    def __init__(self, op: IndexFeatures | KeepIndexable) -> None:
        self.input, self.size, self.features = op.input, op.num_features, op.features
        cuts = op.starts[1:-1]
        self.keys = np.split(op.values, cuts) if len(op.features) else []
        self.indices = np.split(op.indices, cuts) if len(op.features) else []
        # Where 0.0 has the index 0.0, it does not matter whether a row stores its zeros.
        self.zero_stays = all(bool(((keys == 0) & (indices == 0)).any()) for keys, indices in zip(self.keys, self.indices, strict=True))

    def look_up(self, state: State, stage: StageRef) -> _Found:
        column = state.vector(self.input)
        refuse_nulls(state, stage, self.input, column)
        check_size(state, stage, self.input, column, self.size)
        if not column.num_rows:
            return _Found(no_vectors(self.size), np.zeros(0, dtype=np.bool_), "")
        if not len(self.features):
            return _Found(column, np.zeros(column.num_rows, dtype=np.bool_), "")
        if column.size <= WIDE and (self.zero_stays or isinstance(column.layout, (AllDense, Compressed))):
            return self._in_rows(column)
        return self._in_entries(column)

    def _one(self, rank: int, values: Floats) -> tuple[Floats, Bools]:
        """The index of each value of one feature, and which were not found."""
        keys, indices = self.keys[rank], self.indices[rank]
        if not len(keys):
            return np.zeros(len(values)), np.ones(len(values), dtype=np.bool_)
        at = np.searchsorted(keys, values)
        at[at == len(keys)] = 0
        unknown = keys[at] != values
        return np.where(unknown, float(len(keys)), indices[at]), unknown

    def _reason(self, rank: int, value: float) -> str:
        return (
            f"Its feature {self.features[rank]} has the value {value}, which was not there when the model was fitted. The stage has handleInvalid = `error`, "
            "as in Spark: set it to `skip` or `keep`."
        )

    def _in_rows(self, column: VectorColumn) -> _Found:
        """All rows as one dense block, stored as before; a sparse row's zeros are not there to be looked up."""
        values = column.dense()
        absent = None if self.zero_stays or isinstance(column.layout, AllDense) else stored_entries(column)[0]
        bad = np.zeros(column.num_rows, dtype=np.bool_)
        first, reason = column.num_rows, ""
        for rank, feature in enumerate(self.features.tolist()):
            own = values[:, feature].copy()
            indices, unknown = self._one(rank, own)
            if absent is not None:
                passed = absent & (own == 0)
                indices, unknown = np.where(passed, own, indices), unknown & ~passed
            if unknown.any():
                row = int(np.argmax(unknown))
                if row < first:
                    first, reason = row, self._reason(rank, float(own[row]))
                bad |= unknown
            values[:, feature] = indices
        layout = AllDense() if isinstance(column.layout, AllDense) else LikeColumn(column)
        return _Found(VectorColumn(column.num_rows, (DenseBlock(values),), layout), bad, reason)

    def _in_entries(self, column: VectorColumn) -> _Found:
        """Entry by entry, for wide vectors and for sparse rows that store zeros."""
        sparse, block = active_entries(column)
        of_entry = _found_at(block.indices, self.features, np.arange(len(self.features)))
        entries = block.entries.copy()
        chosen = np.flatnonzero(of_entry >= 0)
        chosen = chosen[np.argsort(of_entry[chosen], kind="stable")]
        cuts = np.searchsorted(of_entry[chosen], np.arange(len(self.features) + 1))
        missed: list[Places] = []
        for rank in range(len(self.features)):
            own = chosen[cuts[rank] : cuts[rank + 1]]
            if len(own):
                entries[own], unknown = self._one(rank, block.entries[own])
                missed.append(own[unknown])
        bad = np.zeros(column.num_rows, dtype=np.bool_)
        lost = np.concatenate(missed) if missed else np.empty(0, dtype=np.int64)
        reason = ""
        if len(lost):
            bad[block.rows[lost]] = True
            first = int(lost.min())
            reason = self._reason(int(of_entry[first]), float(block.entries[first]))
        return _Found(VectorColumn(column.num_rows, (SparseBlock(block.indptr, block.indices, entries, self.size),), PerRow(sparse)), bad, reason)
