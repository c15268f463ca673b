"""Kernels that look at the entries of vectors one by one."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from mabridge.lower.arrow_vectors import csr_block, stored_entries, stored_in_full
from mabridge.lower.columns import (
    AllDense,
    Block,
    ChosenFrom,
    Compressed,
    DenseBlock,
    Floats,
    OneHotBlock,
    ScalarColumn,
    SparseBlock,
    VectorColumn,
)
from mabridge.lower.kernels.vectors import like, refuse_nulls
from mabridge.lower.lowering import Lowering
from mabridge.lower.state import Kernel, State
from mabridge.plan.op import StageRef
from mabridge.plan.ops import Binarize, NormalizeRows, SelectFeatures
from mabridge.plan.reference import major_minor
from mabridge.plan.types import DoubleType

#: Rows whose norms are added up at a time: one column of a tile stays in the first cache.
TILE_ROWS = 8_192


def binarize(op: Binarize, stage: StageRef, lowering: Lowering) -> Kernel:
    """Kernel of `Binarize`."""
    (source,), (target,), threshold = op.inputs, op.outputs, float(op.thresholds[0])
    null_is_below = major_minor(lowering.reference.spark_version) >= (4, 0)
    compressed = Compressed.of_version(lowering.reference.spark_version)

    def run(state: State) -> None:
        column = state.columns[source]
        if isinstance(column, ScalarColumn):
            above, valid = column.values > threshold, column.valid
            if null_is_below and valid is not None:
                above, valid = above & valid, None
            state.columns[target] = ScalarColumn.of_numpy(DoubleType(), above.astype(np.float64), valid)
            return
        refuse_nulls(state, stage, source, column)
        if threshold < 0:
            # What a sparse row leaves out is above the threshold too.
            blocks: tuple[Block, ...] = (DenseBlock((~(column.dense() <= threshold)).astype(np.float64)),)
        else:
            blocks = tuple(_above(block, threshold) for block in column.blocks)
        state.columns[target] = VectorColumn(column.num_rows, blocks, compressed, column.valid)

    return run


def _above(block: Block, threshold: float) -> Block:
    """Ones where entries are above a threshold that is not negative; nothing else is stored."""
    match block:
        case DenseBlock(values):
            return DenseBlock((values > threshold).astype(np.float64))
        case OneHotBlock(index, size, entries):
            stored = np.full(len(index), threshold < 1.0) if entries is None else entries > threshold
            return OneHotBlock(np.where(stored, index, -1).astype(np.int32), size)
        case SparseBlock():
            kept = block.entries > threshold
            counts = np.bincount(block.rows[kept], minlength=len(block.indptr) - 1)
            return SparseBlock(np.concatenate([[0], np.cumsum(counts)]).astype(np.int64), block.indices[kept], np.ones(int(kept.sum())), block.size)


def normalize_rows(op: NormalizeRows, stage: StageRef, lowering: Lowering) -> Kernel:
    """Kernel of `NormalizeRows`."""

    def run(state: State) -> None:
        column = state.vector(op.input)
        refuse_nulls(state, stage, op.input, column)
        norms = row_norms(column, op.p)
        nan = np.isnan(norms)
        if column.valid is not None:
            nan &= column.valid
        # Divided by NaN, a zero that a row stores becomes NaN and one that it does not store stays.
        kept = stored_in_full(column) if nan.any() else column
        divisors = np.where(norms == 0, 1.0, norms)
        state.columns[op.output] = kept.with_blocks(tuple(_divided(block, divisors) for block in kept.blocks), like(kept))

    return run


def row_norms(column: VectorColumn, p: float) -> Floats:
    """The p-norm of each row, its terms added up from left to right as `Vectors.norm` does; shape (rows,)."""
    sums = np.zeros(column.num_rows)
    add = np.fmax if p == np.inf else np.add
    for block in column.blocks:
        match block:
            case DenseBlock(values):
                for first in range(0, len(sums), TILE_ROWS):
                    tile, rows = sums[first : first + TILE_ROWS], values[first : first + TILE_ROWS]
                    for feature in range(block.size):
                        add(tile, _terms(rows[:, feature], p), out=tile)
            case OneHotBlock(index, _, entries):
                stored = index >= 0
                sums[stored] = add(sums[stored], 1.0 if entries is None else _terms(entries[stored], p))
            case SparseBlock():
                add.at(sums, block.rows, _terms(block.entries, p))
    if p in (1.0, np.inf):
        return sums
    return np.sqrt(sums) if p == 2.0 else np.power(sums, 1.0 / p)


def _terms(values: Floats, p: float) -> Floats:
    """What an entry adds to the norm."""
    if p == 2.0:
        return values * values
    sizes = np.abs(values)
    return sizes if p in (1.0, np.inf) else np.power(sizes, p)


def _divided(block: Block, divisors: Floats) -> Block:
    match block:
        case DenseBlock(values):
            return DenseBlock(values / divisors[:, None])
        case OneHotBlock(index, size, entries):
            return OneHotBlock(index, size, (1.0 if entries is None else entries) / divisors)
        case SparseBlock():
            return SparseBlock(block.indptr, block.indices, block.entries / divisors[block.rows], block.size)


def select_features(op: SelectFeatures, stage: StageRef, lowering: Lowering) -> Kernel:
    """Kernel of `SelectFeatures`."""
    features = op.features
    last = int(features[-1]) if len(features) else -1

    def run(state: State) -> None:
        column = state.vector(op.input)
        refuse_nulls(state, stage, op.input, column)
        if last >= column.size and column.num_rows:
            sparse = stored_entries(column)[0]
            state.refuse(
                stage, op.input, ~sparse if column.valid is None else column.valid & ~sparse, f"The stage selects feature {last}, which it does not have."
            )
        blocks: list[Block] = []
        start = 0
        for block in column.blocks:
            low, high = np.searchsorted(features, [start, start + block.size])
            if high > low:
                blocks.append(chosen_block(block, features[low:high] - start))
            start += block.size
        beyond = len(features) - int(np.searchsorted(features, start))
        if beyond:
            blocks.append(OneHotBlock(np.full(column.num_rows, -1, dtype=np.int32), beyond))
        layout = column.layout if isinstance(column.layout, AllDense) else ChosenFrom(column, features)
        state.columns[op.output] = column.with_blocks(tuple(blocks), layout)

    return run


def chosen_block(block: Block, local: npt.NDArray[np.int64]) -> Block:
    """The features `local` of a block, ascending; a dense block is not copied where they stand side by side."""
    if len(local) == block.size:
        return block
    if isinstance(block, DenseBlock):
        first, last = int(local[0]), int(local[-1])
        return DenseBlock(block.values[:, first : last + 1] if last - first + 1 == len(local) else block.values[:, local])
    place = np.full(block.size + 1, -1, dtype=np.int32)
    place[local] = np.arange(len(local))
    if isinstance(block, OneHotBlock):
        return OneHotBlock(place[block.index], len(local), block.entries)
    found = place[block.indices]
    kept = found >= 0
    return csr_block(len(block.indptr) - 1, block.rows[kept], found[kept], block.entries[kept], len(local))
