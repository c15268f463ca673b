"""Kernels of linear combinations and products of features."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from mabridge.lower.arrow_vectors import csr_block, stored_entries, stored_in_full
from mabridge.lower.columns import AllDense, DenseBlock, Floats, PerRow, VectorColumn
from mabridge.lower.kernels.vectors import check_size, refuse_nulls
from mabridge.lower.lowering import Lowering
from mabridge.lower.predictors.sums import Rows, fused_sums
from mabridge.lower.state import Kernel, State
from mabridge.plan.op import StageRef
from mabridge.plan.ops import ExpandPolynomial, MultiplyMatrix
from mabridge.plan.ops.products import MOST_FEATURES, polynomial_size

Ints = npt.NDArray[np.int64]


def multiply_matrix(op: MultiplyMatrix, stage: StageRef, lowering: Lowering) -> Kernel:
    """Kernel of `MultiplyMatrix`."""
    times = Product(op.matrix, by_rows=op.by_rows)

    def run(state: State) -> None:
        column = state.vector(op.input)
        refuse_nulls(state, stage, op.input, column)
        check_size(state, stage, op.input, column, op.matrix.shape[1])
        rows = Rows.of(column)
        state.columns[op.output] = VectorColumn(column.num_rows, (DenseBlock(times(rows)),), AllDense(), column.valid)
        if state.scales is not None:
            state.scales[op.output] = times.absolute_terms(rows)

    return run


class Product:
    """alpha * matrix . row, as `BLAS.gemv` of Spark 3.5 takes it on Java 11 and later.

    In a dense row each product and its sum are rounded once: from left to right where the matrix is held row by row, else four features at a time, each four
    from right to left. In a sparse row both are rounded.

    Args:
        matrix: float64, shape (outputs, features).
        by_rows: how Spark holds it.
        alpha: the factor; with 0.0 every output is 0.0, whatever the row holds.
    """

    def __init__(self, matrix: Floats, *, by_rows: bool, alpha: float = 1.0) -> None:
        self.matrix = matrix
        self.alpha = alpha
        self.by_rows = by_rows
        features = matrix.shape[1]
        whole = features - features % 4
        order = np.arange(features) if by_rows else np.concatenate([np.arange(whole).reshape(-1, 4)[:, ::-1].reshape(-1), np.arange(whole, features)])
        self._order = None if by_rows else order
        self._weights = np.ascontiguousarray(matrix.T[order])

    def __call__(self, rows: Rows) -> Floats:
        """The products, float64, shape (rows, outputs)."""
        out = np.zeros((rows.num_rows, len(self.matrix)))
        if self.alpha == 0.0 or not rows.num_rows:
            return out
        if len(rows.dense):
            if self._order is None:
                out[rows.is_dense] = self.alpha * fused_sums(rows.dense, self._weights)
            else:
                out[rows.is_dense] = fused_sums(np.ascontiguousarray((self.alpha * rows.dense)[:, self._order]), self._weights)
        if not rows.is_dense.all():
            sparse = ~rows.is_dense
            for output, weights in enumerate(self.matrix):
                out[sparse, output] = (rows.add_up(rows.entries * weights[rows.places]) * self.alpha)[sparse] + 0.0
        return out

    def absolute_terms(self, rows: Rows) -> Floats:
        """The sums of |alpha * matrix . row|'s terms, shape (rows, outputs)."""
        out = np.zeros((rows.num_rows, len(self.matrix)))
        if not rows.num_rows:
            return out
        sizes = np.abs(self.matrix)
        if len(rows.dense):
            out[rows.is_dense] = np.abs(rows.dense) @ sizes.T
        for output, weights in enumerate(sizes):
            out[:, output] += rows.add_up(np.abs(rows.entries) * weights[rows.places])
        return out * abs(self.alpha)


def expand_polynomial(op: ExpandPolynomial, stage: StageRef, lowering: Lowering) -> Kernel:
    """Kernel of `ExpandPolynomial`."""

    def run(state: State) -> None:
        column = state.vector(op.input)
        refuse_nulls(state, stage, op.input, column)
        size = polynomial_size(column.size, op.degree) - 1
        if size >= MOST_FEATURES:
            rows = np.ones(column.num_rows, dtype=np.bool_)
            state.refuse(stage, op.input, rows, f"Its products up to degree {op.degree} are more than a vector can hold; Spark refuses this too.")
            state.columns[op.output] = VectorColumn(0, (), AllDense())
        elif isinstance(column.layout, AllDense):
            state.columns[op.output] = column.with_blocks((DenseBlock(_expand_dense(column.dense(), op.degree)),), column.layout)
        else:
            state.columns[op.output] = _expand_stored(column, op.degree, size)

    return run


def _expand_dense(values: Floats, degree: int) -> Floats:
    """The terms of dense rows, float64, shape (rows, terms)."""
    parents, features = terms(values.shape[1], degree)
    by_feature = np.ascontiguousarray(values.T)
    out = np.empty((len(parents), len(values)))
    for term, parent, feature in zip(out, parents, features, strict=True):
        if parent < 0:
            np.add(by_feature[feature], 0.0, out=term)
        else:
            np.multiply(out[parent], by_feature[feature], out=term)
            # What is 0.0 is multiplied no more: 0.0 * Infinity must not become NaN. The sum has no negative zero.
            term[out[parent] == 0] = 0.0
            np.add(term, 0.0, out=term)
    return out.T


def _expand_stored(column: VectorColumn, degree: int, size: int) -> VectorColumn:
    """The terms of rows of which some are sparse: those that are not zero."""
    # With every zero of the dense rows: an infinite product times such a zero is NaN.
    sparse, owner, places, entries = stored_entries(stored_in_full(column))
    levels = list(_grow(owner, places, entries, degree, column.num_rows))
    owners, ranks, values = (np.concatenate([getattr(level, name) for level in levels]) for name in ("owner", "rank", "value"))
    order = np.lexsort((ranks, owners))
    return column.with_blocks((csr_block(column.num_rows, owners[order], ranks[order], values[order], size),), PerRow(sparse))


@lru_cache(maxsize=16)
def terms(features: int, degree: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The terms in Spark's order, the constant left out: each is another term times a feature that is not above that term's features.

    Returns:
        For each term the number of the other term, which stands before it, -1 for the constant; and the feature.
    """
    none = np.zeros(features, dtype=np.int64)
    levels = list(_grow(none, np.arange(features), np.ones(features), degree, 1))
    ranks, parents, factors = (np.concatenate([getattr(level, name) for level in levels]) for name in ("rank", "parent", "feature"))
    order = np.argsort(ranks)
    return tuple(parents[order].tolist()), tuple(factors[order].tolist())


@dataclass(frozen=True)
class Level:
    """The terms of one degree that are not zero; all fields have shape (terms,).

    Attributes:
        owner: int64, the row.
        rank: int64, the number of the term in Spark's order.
        value: float64.
        parent: int64, the number of the term that was multiplied, -1 for the constant.
        feature: int64, what it was multiplied by: the lowest feature of the term.
    """

    owner: Ints
    rank: Ints
    value: Floats
    parent: Ints
    feature: Ints


def _grow(owner: Ints, places: Ints, entries: Floats, degree: int, num_rows: int) -> Iterator[Level]:
    """The terms of each row degree by degree: a term goes on with the features that are not above its lowest one, as Spark's recursion does.

    Going on by the feature f where `left` more factors may follow, itself among them, skips the C(f + left, left) terms that stop at or below f - 1.
    """
    first = np.concatenate([[0], np.cumsum(np.bincount(owner, minlength=num_rows))])[owner]
    at = np.flatnonzero(entries != 0)
    level = Level(owner[at], _skipped(places[at], degree) - 1, entries[at], np.full(len(at), -1), places[at])
    yield level
    for left in range(degree - 1, 0, -1):
        counts = at - first[at] + 1
        before = np.repeat(np.arange(len(at)), counts)
        at = first[at][before] + np.arange(len(before)) - (np.cumsum(counts) - counts)[before]
        value = level.value[before] * entries[at]
        kept = value != 0
        before, at = before[kept], at[kept]
        level = Level(level.owner[before], level.rank[before] + _skipped(places[at], left), value[kept], level.rank[before], places[at])
        yield level


def _skipped(features: Ints, left: int) -> Ints:
    """C(features + left, left), shape (terms,)."""
    found = np.ones(len(features), dtype=np.int64)
    for factor in range(1, left + 1):
        found = found * (features + factor) // factor
    return found
