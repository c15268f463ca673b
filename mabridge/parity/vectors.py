"""Columns of vectors taken apart into entries, from Spark's struct or from fixed-size lists."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from mabridge.parity.tally import Bools, Floats, Ints


@dataclass(frozen=True)
class Entries:
    """The stored entries of a column of vectors without nulls, row after row.

    Attributes:
        dense: shape (rows,), which rows are DenseVectors.
        sizes: int64, shape (rows,).
        counts: int64, shape (rows,), how many entries each row stores.
        indices: int64, shape (stored,), the feature of each entry.
        values: float64, shape (stored,).
    """

    dense: Bools
    sizes: Ints
    counts: Ints
    indices: Ints
    values: Floats

    @cached_property
    def starts(self) -> Ints:
        """Shape (rows,), where each row's entries begin."""
        return np.cumsum(self.counts) - self.counts

    @cached_property
    def rows(self) -> Ints:
        """Shape (stored,), the row of each entry."""
        return np.repeat(np.arange(len(self.counts)), self.counts)


def entries(array: pa.Array) -> Entries:
    """The entries of an array of vectors.

    Raises:
        pyarrow.ArrowInvalid: a vector's parts contradict each other.
    """
    rows = len(array)
    if pa.types.is_fixed_size_list(array.type):
        size = array.type.list_size
        values = _doubles(array.flatten())
        full = np.full(rows, size, dtype=np.int64)
        return Entries(np.ones(rows, dtype=np.bool_), full, full, np.tile(np.arange(size), rows), values)
    kinds, sizes, places, stored = (array.field(number) for number in range(4))
    dense = _integers(kinds) == 1
    counts = _lengths(stored)
    listed = _lengths(places)
    if stored.null_count or (~dense & (listed != counts)).any() or (dense & (listed != 0)).any() or sizes.filter(pa.array(~dense)).null_count:
        raise pa.ArrowInvalid("a vector's sizes, indices and values do not fit together")
    values = _doubles(stored.flatten())
    lengths = np.where(dense, counts, _integers(sizes.fill_null(0)))
    indices = np.arange(len(values)) - np.repeat(np.cumsum(counts) - counts, counts)
    if not dense.all():
        sparse = np.repeat(~dense, counts)
        indices[sparse] = _integers(places.flatten())
        owner = np.repeat(np.arange(rows), counts)
        falling = (np.diff(indices) <= 0) & (np.diff(owner) == 0)
        if (indices < 0).any() or (indices >= lengths[owner]).any() or falling.any():
            raise pa.ArrowInvalid("a sparse vector's indices do not ascend within its size")
    return Entries(dense, lengths, counts, indices, values)


def _doubles(array: pa.Array) -> Floats:
    if array.null_count:
        raise pa.ArrowInvalid("a vector holds null entries")
    values: Floats = array.cast(pa.float64()).to_numpy(zero_copy_only=False)
    return values


def _integers(array: pa.Array) -> Ints:
    values: Ints = array.cast(pa.int64()).to_numpy(zero_copy_only=False)
    return values


def _lengths(array: pa.Array) -> Ints:
    """Lengths of lists; 0 for a null."""
    return _integers(array.value_lengths().fill_null(0))


def stored_otherwise(a: Entries, b: Entries) -> Bools:
    """Rows where one vector is sparse and the other dense, or where two sparse vectors store other features."""
    other = (a.dense != b.dense) | (a.counts != b.counts)
    places: Bools = other | _any_by_row(~other & ~a.dense, a, b)
    return places


def _any_by_row(wanted: Bools, a: Entries, b: Entries) -> Bools:
    """Among the wanted rows (equal counts on both sides), those with some other index."""
    result = np.zeros(len(wanted), dtype=np.bool_)
    if wanted.any():
        left, right = np.repeat(wanted, a.counts), np.repeat(wanted, b.counts)
        result[a.rows[left][a.indices[left] != b.indices[right]]] = True
    return result


def unlike(a: Entries, b: Entries) -> tuple[Ints, Ints, Floats, Floats]:
    """The entries that are not the same to the bit in rows whose sizes agree; an entry that a sparse vector does not store is 0.0.

    Returns:
        Rows, features, and both sides' values, each of shape (entries,).
    """
    same_size = a.sizes == b.sizes
    same_places = same_size & (a.counts == b.counts)
    same_places &= ~_any_by_row(same_places, a, b)
    left, right = (a.values, b.values) if same_places.all() else (a.values[np.repeat(same_places, a.counts)], b.values[np.repeat(same_places, b.counts)])
    at = np.flatnonzero(left.view(np.int64) != right.view(np.int64))
    rows, features = _kept(a.rows, same_places, a)[at], _kept(a.indices, same_places, a)[at]
    found = rows, features, left[at], right[at]
    apart = same_size & ~same_places
    if not apart.any():
        return found
    merged = _merge(a, b, apart)
    return tuple(np.concatenate(pair) for pair in zip(found, merged, strict=True))  # type: ignore[return-value]


def _kept(values: Ints, rows: Bools, of: Entries) -> Ints:
    return values if rows.all() else values[np.repeat(rows, of.counts)]


def _merge(a: Entries, b: Entries, wanted: Bools) -> tuple[Ints, Ints, Floats, Floats]:
    """`unlike` for rows whose sides store different features."""
    width = int(max(a.sizes[wanted].max(), 1))
    left, right = np.repeat(wanted, a.counts), np.repeat(wanted, b.counts)
    keys_a, keys_b = a.rows[left] * width + a.indices[left], b.rows[right] * width + b.indices[right]
    keys = np.union1d(keys_a, keys_b)
    values_a, values_b = _spread(keys, keys_a, a.values[left]), _spread(keys, keys_b, b.values[right])
    at = np.flatnonzero(values_a.view(np.int64) != values_b.view(np.int64))
    return keys[at] // width, keys[at] % width, values_a[at], values_b[at]


def _spread(keys: Ints, own: Ints, values: Floats) -> npt.NDArray[np.float64]:
    out = np.zeros(len(keys), dtype=np.float64)
    out[np.searchsorted(keys, own)] = values
    return out
