"""Parts of vector columns."""

from __future__ import annotations

from mabridge.lower.columns import Block, DenseBlock, Layout, LikeColumn, OneHotBlock, PerRow, SparseBlock, VectorColumn


def rows_of(column: VectorColumn, first: int, count: int) -> VectorColumn:
    """Consecutive rows of a vector column, without copying dense blocks."""
    if first == 0 and count == column.num_rows:
        return column
    blocks: list[Block] = []
    for block in column.blocks:
        match block:
            case DenseBlock(values):
                blocks.append(DenseBlock(values[first : first + count]))
            case OneHotBlock(index, size, entries):
                blocks.append(OneHotBlock(index[first : first + count], size, None if entries is None else entries[first : first + count]))
            case SparseBlock():
                low, high = block.indptr[first], block.indptr[first + count]
                blocks.append(SparseBlock(block.indptr[first : first + count + 1] - low, block.indices[low:high], block.entries[low:high], block.size))
    valid = None if column.valid is None else column.valid[first : first + count]
    return VectorColumn(count, tuple(blocks), _layout(column.layout, first, count), valid)


def _layout(layout: Layout, first: int, count: int) -> Layout:
    match layout:
        case PerRow(sparse):
            return PerRow(sparse[first : first + count])
        case LikeColumn(column):
            return LikeColumn(rows_of(column, first, count))
    return layout
