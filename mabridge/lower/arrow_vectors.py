"""Vector columns from Arrow and to Arrow: Spark's struct, lossless, or fixed-size lists."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from mabridge.counted import counted
from mabridge.errors import InvalidInputError
from mabridge.lower.columns import (
    AllDense,
    AllSparse,
    Block,
    Bools,
    ChosenFrom,
    Compressed,
    DenseBlock,
    LikeColumn,
    NonzeroLike,
    OneHotBlock,
    PerRow,
    SparseBlock,
    VectorColumn,
)
from mabridge.plan.types import VECTOR_STRUCT

#: Above this many features a vector is taken apart entry by entry and never made dense.
WIDE = 4096


def vectors_of_arrow(name: str, array: pa.Array, declared_size: int | None = None) -> VectorColumn:
    """A vector column from Spark's struct or from lists of doubles.

    Args:
        name: the column's name, for messages.
        array: struct {type, size, indices, values}, or a fixed-size list of floats.
        declared_size: the size that the column's metadata declares; it counts where every row is null.

    Raises:
        InvalidInputError: the vectors contradict themselves, or are of different sizes.
    """
    valid = None if array.null_count == 0 else array.is_valid().to_numpy(zero_copy_only=False)
    if pa.types.is_fixed_size_list(array.type):
        width = array.type.list_size
        flat = array.values.slice(array.offset * width, len(array) * width)
        of_present = flat if valid is None else flat.filter(pa.array(np.repeat(valid, width)))
        if of_present.null_count:
            raise InvalidInputError(f"Column `{name}` holds vectors with null entries; Spark's vectors have none.")
        values = flat.fill_null(0.0).cast(pa.float64()).to_numpy(zero_copy_only=False).reshape(len(array), width)
        return VectorColumn(len(array), (DenseBlock(values),), AllDense(), valid)
    return _of_struct(name, array, valid, declared_size or 0)


def _of_struct(name: str, array: pa.StructArray, valid: Bools | None, declared_size: int) -> VectorColumn:
    rows = len(array)
    kind = pc.fill_null(pc.struct_field(array, [0]), 1).to_numpy(zero_copy_only=False)
    entries, value_counts = _flat_list(name, pc.struct_field(array, [3]), np.float64)
    indices, index_counts = _flat_list(name, pc.struct_field(array, [2]), np.int32)
    sparse: Bools = kind == 0
    if valid is not None:
        sparse &= valid
    declared = pc.fill_null(pc.struct_field(array, [1]), -1).to_numpy(zero_copy_only=False)
    sizes = np.where(sparse, declared, value_counts)
    present = sizes if valid is None else sizes[valid]
    size = int(present[0]) if len(present) else declared_size if rows else 0
    bad_kind = (kind != 0) & (kind != 1)
    if bad_kind.any() or (sparse & (index_counts != value_counts)).any() or (~sparse & (index_counts != 0)).any():
        raise InvalidInputError(f"Column `{name}` holds vectors that contradict themselves; Spark could not have written them.")
    if (present != size).any():
        other = int(present[np.argmax(present != size)])
        raise InvalidInputError(f"Column `{name}` holds vectors of different sizes ({size} and {other}); mabridge wants one size a column.")
    if not sparse.any() and valid is None:
        return VectorColumn(rows, (DenseBlock(entries.reshape(rows, size)),), AllDense())
    if len(indices) and (indices.min() < 0 or indices.max() >= size):
        raise InvalidInputError(f"Column `{name}` holds sparse vectors with an index outside 0 to {size - 1}.")
    every = np.empty(len(entries), dtype=np.int32)
    owner = np.repeat(np.arange(rows), value_counts)
    starts = np.concatenate([[0], np.cumsum(value_counts)]).astype(np.int64)
    of_sparse = sparse[owner]
    every[of_sparse] = indices
    every[~of_sparse] = (np.arange(len(entries)) - starts[owner])[~of_sparse]
    _check_ascending(name, every, starts)
    if valid is None and sparse.all():
        return VectorColumn(rows, (SparseBlock(starts, every, entries, size),), AllSparse())
    return VectorColumn(rows, (SparseBlock(starts, every, entries, size),), PerRow(sparse), valid)


def _check_ascending(name: str, indices: npt.NDArray[np.int32], starts: npt.NDArray[np.int64]) -> None:
    steps = np.diff(indices) > 0
    inside = np.ones(len(steps), dtype=np.bool_)
    cuts = starts[1:-1] - 1
    inside[cuts[(cuts >= 0) & (cuts < len(steps))]] = False
    if not steps[inside].all():
        raise InvalidInputError(f"Column `{name}` holds sparse vectors whose indices do not ascend; Spark could not have written them.")


def _flat_list(name: str, lists: pa.Array, dtype: type[Any]) -> tuple[npt.NDArray[Any], npt.NDArray[np.int64]]:
    """The entries of all lists in order, and how many each row has (0 where the list is null)."""
    counts = pc.fill_null(pc.list_value_length(lists), 0).to_numpy(zero_copy_only=False).astype(np.int64)
    flat = lists.flatten()
    if flat.null_count:
        raise InvalidInputError(f"Column `{name}` holds vectors with null entries; Spark's vectors have none.")
    return np.ascontiguousarray(flat.to_numpy(zero_copy_only=False).astype(dtype, copy=False)), counts


def vectors_to_struct(column: VectorColumn) -> pa.Array:
    """The column as Spark stores it: struct {type, size, indices, values}, rows sparse or dense as Spark would have them."""
    rows, size = column.num_rows, column.size
    sparse, owner, places, entries = stored_entries(column)
    if not sparse.any():
        present = np.ones(rows, dtype=np.bool_) if column.valid is None else column.valid
        # A size may be declared and no row have it, so nulls alone make no dense rows.
        values = (column if present.all() else column.take(present)).dense() if present.any() else np.zeros(0)
        return _struct(rows, np.zeros(rows, dtype=np.bool_), size, np.zeros(0, dtype=np.int32), present * 0, values.reshape(-1), present * size, column.valid)
    counts = np.bincount(owner, minlength=rows)
    stored = np.where(sparse, counts, size)
    if column.valid is not None:
        stored = np.where(column.valid, stored, 0)
        kept = column.valid[owner]
        owner, places, entries = owner[kept], places[kept], entries[kept]
    offsets = np.concatenate([[0], np.cumsum(stored)])
    first = np.concatenate([[0], np.cumsum(np.bincount(owner, minlength=rows))])
    in_sparse = sparse[owner]
    rank = np.arange(len(owner)) - first[owner]
    flat = np.empty(int(offsets[-1]))
    flat[(offsets[owner] + rank)[in_sparse]] = entries[in_sparse]
    # Entries may leave zeros out, and with them the sign of -0.0: dense rows are taken whole.
    whole = np.flatnonzero(~sparse if column.valid is None else ~sparse & column.valid)
    if len(whole):
        taken = column.take(_mask(whole, rows)).dense()
        flat[(offsets[whole][:, None] + np.arange(size)).reshape(-1)] = taken.reshape(-1)
    index_counts = np.where(sparse, stored, 0)
    return _struct(rows, sparse, size, places[in_sparse].astype(np.int32), index_counts, flat, stored, column.valid)


def _mask(chosen: npt.NDArray[np.int64], rows: int) -> Bools:
    mask = np.zeros(rows, dtype=np.bool_)
    mask[chosen] = True
    return mask


def active_entries(column: VectorColumn) -> tuple[Bools, SparseBlock]:
    """What Spark's `foreachActive` visits: all entries of dense rows, the stored ones of sparse rows, none of null.

    Returns:
        sparse, shape (rows,), which rows are sparse; and the entries.
    """
    rows, size = column.num_rows, column.size
    sparse, owner, places, entries = stored_entries(column)
    present = np.ones(rows, dtype=np.bool_) if column.valid is None else column.valid
    kept = sparse[owner] & present[owner]
    owner, places, entries = owner[kept], places[kept], entries[kept]
    stored = np.bincount(owner, minlength=rows)
    counts = np.where(present, np.where(sparse, stored, size), 0)
    starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    indices, flat = np.empty(int(starts[-1]), dtype=np.int32), np.empty(int(starts[-1]))
    first = np.concatenate([[0], np.cumsum(stored)])
    at = starts[owner] + np.arange(len(owner)) - first[owner]
    indices[at], flat[at] = places, entries
    whole = np.flatnonzero(~sparse & present)
    if len(whole):
        at = (starts[whole][:, None] + np.arange(size)).reshape(-1)
        indices[at] = np.tile(np.arange(size, dtype=np.int32), len(whole))
        flat[at] = column.take(_mask(whole, rows)).dense().reshape(-1)
    return sparse, SparseBlock(starts, indices, flat, size)


def vector_sizes(array: pa.StructArray) -> npt.NDArray[np.int64]:
    """The size of each of Spark's vector structs, shape (rows,); -1 where it is null."""
    kind, declared, _, values = (pc.struct_field(array, [place]) for place in range(4))
    counts = pc.fill_null(pc.list_value_length(values), 0).to_numpy(zero_copy_only=False).astype(np.int64)
    sparse = pc.fill_null(kind, 1).to_numpy(zero_copy_only=False) == 0
    sizes = np.where(sparse, pc.fill_null(declared, -1).to_numpy(zero_copy_only=False).astype(np.int64), counts)
    return sizes if array.null_count == 0 else np.where(array.is_valid().to_numpy(zero_copy_only=False), sizes, -1)


def _struct(
    rows: int,
    sparse: Bools,
    size: int,
    indices: npt.NDArray[np.int32],
    index_counts: npt.NDArray[np.integer[Any]],
    values: npt.NDArray[np.float64],
    value_counts: npt.NDArray[np.integer[Any]],
    valid: Bools | None,
) -> pa.Array:
    present = np.ones(rows, dtype=np.bool_) if valid is None else valid
    shown = sparse & present
    arrays = [
        pa.array(np.where(sparse, 0, 1).astype(np.int8)),
        pa.array(np.full(rows, size, dtype=np.int32), mask=~shown),
        _lists(indices, index_counts, shown, pa.int32()),
        _lists(values, value_counts, present, pa.float64()),
    ]
    mask = None if valid is None else pa.array(~valid)
    return pa.StructArray.from_arrays(arrays, fields=list(VECTOR_STRUCT), mask=mask)


def _lists(flat: npt.NDArray[Any], counts: npt.NDArray[np.integer[Any]], present: Bools, kind: pa.DataType) -> pa.Array:
    offsets = np.concatenate([[0], np.cumsum(counts)])
    if offsets[-1] > np.iinfo(np.int32).max:
        raise InvalidInputError("One batch holds more than 2^31 vector entries; use a smaller batch size.")
    mask = None if present.all() else pa.array(~present)
    listed = pa.ListArray.from_arrays(pa.array(offsets.astype(np.int32)), pa.array(flat, type=kind), mask=mask)
    return listed.cast(pa.list_(pa.field("element", kind, nullable=False)))


def vectors_to_lists(name: str, column: VectorColumn, size: int | None = None) -> pa.Array:
    """The column as fixed-size lists of doubles.

    Args:
        name: the column's name, for messages.
        column: the vectors.
        size: how many features each must have; None takes what is there.

    Raises:
        InvalidInputError: the vectors have another size.
    """
    present = column.num_rows if column.valid is None else int(np.count_nonzero(column.valid))
    if size is not None and present and column.size != size:
        raise InvalidInputError(
            f"Column `{name}` declares vectors of {counted(size, 'feature')} and holds vectors of {column.size}, which no list of a fixed size can hold. "
            "Leave the column out, or take vectors in Spark's own struct."
        )
    if present == 0 or column.size == 0:
        kind = pa.list_(pa.float64(), column.size if size is None else size)
        return pa.nulls(column.num_rows, kind) if present == 0 else pa.array([[] if kept else None for kept in _present(column)], type=kind)
    flat = pa.array(column.dense().reshape(-1))
    mask = None if column.valid is None else pa.array(~column.valid)
    return pa.FixedSizeListArray.from_arrays(flat, column.size, mask=mask)


def _present(column: VectorColumn) -> Bools:
    return np.ones(column.num_rows, dtype=np.bool_) if column.valid is None else column.valid


def stored_entries(column: VectorColumn) -> tuple[Bools, npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    """Which rows are sparse, and their entries, sorted by row and then by place.

    Returns:
        sparse, shape (rows,); and for each entry its row, its place and its value. Sparse rows list what they store; of dense rows some entries may come too.
    """
    layout = column.layout
    if isinstance(layout, AllDense):
        return np.zeros(column.num_rows, dtype=np.bool_), *_no_entries()
    if isinstance(layout, LikeColumn):
        sparse, owner, places, _ = stored_entries(layout.column)
        if not sparse.any():
            return sparse, *_no_entries()
        return sparse, *_pattern_entries(column, sparse, owner, places)
    if isinstance(layout, ChosenFrom):
        return _chosen_entries(layout)
    if isinstance(layout, NonzeroLike):
        return stored_entries(layout.column)[0], *_nonzero_entries(column)
    if isinstance(layout, Compressed):
        owner, places, entries = _nonzero_entries(column)
        return 1.5 * np.bincount(owner, minlength=column.num_rows) + layout.overhead < column.size, owner, places, entries
    sparse = layout.sparse if isinstance(layout, PerRow) else np.ones(column.num_rows, dtype=np.bool_)
    return sparse, *_entries(column, drop_zeros=False)


def stored_in_full(column: VectorColumn) -> VectorColumn:
    """The same vectors in one block that stores what Spark's rows store: a sparse row its own entries, a dense row every feature, zeros too.

    For arithmetic that tells a stored zero from one that is not stored: times infinity, divided by NaN.
    """
    if isinstance(column.layout, AllDense):
        return column.with_blocks((DenseBlock(column.dense()),), column.layout)
    sparse, block = active_entries(column)
    return column.with_blocks((block,), PerRow(sparse))


def csr_block(num_rows: int, owner: npt.NDArray[np.int64], places: npt.NDArray[np.integer[Any]], entries: npt.NDArray[np.float64], size: int) -> SparseBlock:
    """Entries, sorted by row and place, as one block.

    Args:
        num_rows: how many rows the block has.
        owner, places, entries: shape (stored,), each entry's row, feature and value.
        size: how many features it has.
    """
    counts = np.bincount(owner, minlength=num_rows)
    return SparseBlock(np.concatenate([[0], np.cumsum(counts)]).astype(np.int64), places.astype(np.int32), entries, size)


def _chosen_entries(layout: ChosenFrom) -> tuple[Bools, npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    """The entries of the other column at the chosen places."""
    sparse, owner, places, entries = stored_entries(layout.column)
    found = np.searchsorted(layout.features, places)
    kept = found < len(layout.features)
    kept[kept] = layout.features[found[kept]] == places[kept]
    return sparse, owner[kept], found[kept].astype(np.int64), entries[kept]


def _pattern_entries(
    column: VectorColumn, sparse: Bools, owner: npt.NDArray[np.int64], places: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    """A column's own entries at the places that the sparse rows of another column store."""
    kept = sparse[owner]
    owner, places = owner[kept], places[kept]
    if column.size <= WIDE:
        return owner, places, column.dense()[owner, places]
    own_owner, own_places, own_entries = _entries(column, drop_zeros=any(isinstance(block, DenseBlock) for block in column.blocks))
    key, own_key = owner * column.size + places, own_owner * column.size + own_places
    found = np.searchsorted(own_key, key)
    hit = np.zeros(len(key), dtype=np.bool_)
    inside = found < len(own_key)
    hit[inside] = own_key[found[inside]] == key[inside]
    values = np.zeros(len(key))
    values[hit] = own_entries[found[hit]]
    return owner, places, values


def _no_entries() -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64), np.zeros(0)


#: Rows, places and values of entries.
Entries = tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.float64]]


def _dense_entries(values: npt.NDArray[np.float64], *, drop_zeros: bool) -> Entries:
    # 0.0 alone has no bit set; -0.0 is an entry.
    owner, places = np.nonzero(values.view(np.int64)) if drop_zeros else (grid.reshape(-1) for grid in np.indices(values.shape))
    return owner.astype(np.int64), places.astype(np.int64), values[owner, places]


def _block_entries(block: Block, *, drop_zeros: bool) -> Entries:
    """The entries of one block, places counted from its start."""
    match block:
        case DenseBlock(values):
            return _dense_entries(values, drop_zeros=drop_zeros)
        case OneHotBlock(index, _, own):
            owner = np.flatnonzero(index >= 0)
            found: Entries = owner, index[owner].astype(np.int64), np.ones(len(owner)) if own is None else own[owner]
        case SparseBlock():
            found = block.rows, block.indices.astype(np.int64), block.entries
    if drop_zeros:
        kept = found[2].view(np.int64) != 0
        return found[0][kept], found[1][kept], found[2][kept]
    return found


def _nonzero_entries(column: VectorColumn) -> Entries:
    """All entries but zeros of either sign, sorted by row and place."""
    owner, places, entries = _entries(column, drop_zeros=True)
    kept = entries != 0
    return (owner, places, entries) if kept.all() else (owner[kept], places[kept], entries[kept])


def _entries(column: VectorColumn, *, drop_zeros: bool) -> Entries:
    """All entries of all blocks, sorted by row and place; where `drop_zeros` says so, without those that are 0.0 (-0.0 stays)."""
    if drop_zeros and column.size <= WIDE:
        return _dense_entries(column.dense(), drop_zeros=True)
    owners: list[npt.NDArray[np.int64]] = []
    all_places: list[npt.NDArray[np.int64]] = []
    all_entries: list[npt.NDArray[np.float64]] = []
    start = 0
    for block in column.blocks:
        owner, places, entries = _block_entries(block, drop_zeros=drop_zeros)
        owners.append(owner)
        all_places.append(places + start)
        all_entries.append(entries)
        start += block.size
    if not owners:
        return _no_entries()
    owner, places, entries = np.concatenate(owners), np.concatenate(all_places), np.concatenate(all_entries)
    if len(owners) > 1:
        order = np.argsort(owner, kind="stable")
        owner, places, entries = owner[order], places[order], entries[order]
    return owner, places, entries
