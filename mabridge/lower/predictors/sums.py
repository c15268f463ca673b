"""Weighted sums with the bits of Spark's BLAS (Spark 3.5 on Java 11 and later): each product and its sum are rounded once.

Compiled loops where numba is installed, else numpy; both give the same bits, and a row's bits depend on that row alone.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from mabridge.lower.arrow_vectors import stored_entries
from mabridge.lower.columns import Bools, Floats, VectorColumn
from mabridge.lower.predictors.fused import LARGEST, SMALLEST, add_exact, exact_products, fused

log = logging.getLogger("mabridge")


def fused_sums(rows: Floats, weights: Floats) -> Floats:
    """rows . weights, each sum from left to right starting at 0.0, as `dgemv` takes it for a matrix stored row by row, and `dgemm` for one column.

    Args:
        rows: float64, shape (rows, features), C order.
        weights: float64, shape (features, scores), C order.

    Returns:
        float64, shape (rows, scores).
    """
    sums = np.zeros((len(rows), weights.shape[1]))
    loops = compiled_loops()
    if loops is not None:
        # Arrays of a loaded model are read-only, which the compiled loop's signature does not take.
        loops.sums(_writable(rows), _writable(weights), sums)
        return sums
    for feature in range(rows.shape[1]):
        sums = fused_step(rows[:, feature : feature + 1], weights[feature : feature + 1], sums)
    return sums


def fused_dots(rows: Floats, weights: Floats) -> Floats:
    """The dot product of each row with the weights, as `ddot` takes it: four sums, each over every fourth product; the four added up; then the last
    (features mod 4) products one by one.

    Args:
        rows: float64, shape (rows, features), C order.
        weights: float64, shape (features,).

    Returns:
        float64, shape (rows,).
    """
    dots = np.zeros(len(rows))
    loops = compiled_loops()
    if loops is not None:
        loops.dots(_writable(rows), _writable(weights), dots)
        return dots
    whole = len(weights) - len(weights) % 4
    lanes = np.zeros((4, len(rows)))
    for feature in range(whole):
        lanes[feature % 4] = fused_step(rows[:, feature], weights[feature : feature + 1], lanes[feature % 4])
    dots = 0.0 + (lanes[0] + lanes[1] + lanes[2] + lanes[3])
    for feature in range(whole, len(weights)):
        dots = fused_step(rows[:, feature], weights[feature : feature + 1], dots)
    return dots


def fused_step(values: Floats, weights: Floats, totals: Floats) -> Floats:
    """values * weights + totals with one rounding; the shapes of the first two broadcast to that of `totals`."""
    values, weights = np.broadcast_to(values, totals.shape), np.broadcast_to(weights, totals.shape)
    with np.errstate(all="ignore"):
        size, greatest = np.abs(values * weights), np.maximum(np.abs(values), np.abs(weights))
        tame = (((size >= SMALLEST) & (size <= LARGEST)) | (values == 0) | (weights == 0)) & (greatest <= LARGEST) & (np.abs(totals) <= LARGEST)
        exact = exact_products(np.where(tame, values, 0.0), np.where(tame, weights, 0.0))
        assert exact is not None
        found = add_exact(*exact, np.where(tame, totals, 0.0))
    for place in np.argwhere(~tame).tolist():
        at = tuple(place)
        found[at] = fused(float(values[at]), float(weights[at]), float(totals[at]))
    return found


@dataclass(frozen=True, eq=False)
class Rows:
    """The rows of a vector column as Spark holds them.

    Attributes:
        num_rows: how many there are.
        is_dense: bool, shape (rows,).
        dense: float64, shape (dense rows, features), C order.
        owner: int64, shape (entries,), the row of each entry that a sparse row stores, ascending.
        places: int64, shape (entries,), its feature, ascending within a row.
        entries: float64, shape (entries,), its value.
    """

    num_rows: int
    is_dense: Bools
    dense: Floats
    owner: npt.NDArray[np.int64]
    places: npt.NDArray[np.int64]
    entries: Floats

    @classmethod
    def of(cls, column: VectorColumn) -> Rows:
        """Take a column apart."""
        sparse, owner, places, entries = stored_entries(column)
        if not sparse.any():
            none = np.zeros(0, dtype=np.int64)
            return cls(column.num_rows, ~sparse, column.dense(), none, none, np.zeros(0))
        if sparse.all():
            return cls(column.num_rows, ~sparse, np.zeros((0, column.size)), owner, places, entries)
        kept = sparse[owner]
        return cls(column.num_rows, ~sparse, column.take(~sparse).dense(), owner[kept], places[kept], entries[kept])

    def add_up(self, products: Floats) -> Floats:
        """The sum of each sparse row's products, left to right starting at 0.0, each product rounded; shape (rows,), 0.0 at dense rows."""
        return add_by_row(self.owner, products, self.num_rows)


def add_by_row(owner: npt.NDArray[np.int64], terms: Floats, num_rows: int) -> Floats:
    """The sum of each row's terms in their order, starting at 0.0, shape (num_rows,); `owner` and `terms` have shape (terms,)."""
    return np.bincount(owner, weights=terms, minlength=num_rows).astype(np.float64, copy=False)


def finite_terms(terms: Floats) -> Floats:
    """Sums of absolute terms without those that are infinite or NaN: what they belong to must agree without their help."""
    return np.where(np.isfinite(terms), terms, 0.0)


def _writable(values: Floats) -> Floats:
    return values if values.flags.writeable and values.flags.c_contiguous else np.array(values, order="C")


@dataclass(frozen=True)
class CompiledLoops:
    """The two loops of `compiled_sums`."""

    sums: Callable[..., None]
    dots: Callable[..., None]


@cache
def compiled_loops() -> CompiledLoops | None:
    """The compiled loops, or None where numba is not installed or cannot compile here; a log line then says so."""
    try:
        from mabridge.lower.predictors.compiled_sums import add_products, dot_rows
    except Exception as error:
        log.info("weighted sums run without a compiled loop, about thirty times slower: %s", error)
        return None
    return CompiledLoops(add_products, dot_rows)
