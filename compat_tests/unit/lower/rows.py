"""Rows as Spark holds them, sparse or dense each, for tests of predictors."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from hypothesis import strategies as st

from mabridge.lower.columns import PerRow, SparseBlock, VectorColumn

#: Doubles that break careless arithmetic.
HARD = [0.0, -0.0, 1.0, -1.5, 1e-3, 3.25, 1e308, -1e308, 5e-324, math.inf, -math.inf, math.nan]


@dataclass(frozen=True)
class Row:
    """A vector: `stored` holds what a sparse one stores by feature, or every feature of a dense one."""

    size: int
    stored: dict[int, float]
    sparse: bool

    def get(self, place: int) -> float:
        """The feature, as `Vector.apply` gives it."""
        return self.stored.get(place, 0.0)


def column_of(rows: Sequence[Row], size: int) -> VectorColumn:
    """The rows as a column."""
    counts = [len(row.stored) for row in rows]
    block = SparseBlock(
        np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
        np.array([place for row in rows for place in sorted(row.stored)], dtype=np.int32),
        np.array([row.stored[place] for row in rows for place in sorted(row.stored)], dtype=np.float64),
        size,
    )
    return VectorColumn(len(rows), (block,), PerRow(np.array([row.sparse for row in rows], dtype=np.bool_)))


def rows(size: int, values: st.SearchStrategy[float]) -> st.SearchStrategy[list[Row]]:
    """Lists of rows of one size."""
    dense = st.lists(values, min_size=size, max_size=size).map(lambda found: Row(size, dict(enumerate(found)), False))
    sparse = st.dictionaries(st.integers(0, size - 1), values, max_size=size).map(lambda found: Row(size, found, True))
    return st.lists(st.one_of(dense, sparse), min_size=1, max_size=6)


def numbers(hard: bool = True) -> st.SearchStrategy[float]:
    """Plain and, where wanted, hard doubles."""
    plain = st.floats(-50, 50)
    return st.one_of(plain, st.sampled_from(HARD)) if hard else plain


def same_bits(found: np.ndarray, wanted: list[list[float]]) -> bool:
    """Whether two arrays agree to the bit; all NaN are one."""
    other = np.array(wanted, dtype=np.float64)
    return bool(((found.view(np.int64) == other.view(np.int64)) | (np.isnan(found) & np.isnan(other))).all())
