"""Kernels that hash vectors so that near ones meet."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from mabridge.lower.arrow_vectors import vectors_to_struct
from mabridge.lower.columns import AllDense, DenseBlock, Floats, ScalarColumn, VectorColumn
from mabridge.lower.kernels.products import Product
from mabridge.lower.kernels.vectors import check_size, refuse_nulls
from mabridge.lower.lowering import Lowering
from mabridge.lower.predictors.sums import Rows
from mabridge.lower.state import Kernel, State
from mabridge.plan.op import StageRef
from mabridge.plan.ops import HashMinimum, ProjectToBuckets
from mabridge.plan.types import ArrayType, VectorType, arrow_type

#: A prime below the square root of 2^63.
HASH_PRIME = 2038074743


def project_to_buckets(op: ProjectToBuckets, stage: StageRef, lowering: Lowering) -> Kernel:
    """Kernel of `ProjectToBuckets`."""
    times = Product(op.directions, by_rows=op.by_rows, alpha=1.0 / op.bucket_length)

    def run(state: State) -> None:
        column = state.vector(op.input)
        refuse_nulls(state, stage, op.input, column)
        check_size(state, stage, op.input, column, op.directions.shape[1])
        rows = Rows.of(column) if column.num_rows else None
        state.columns[op.output] = hashes(np.zeros((0, len(op.directions))) if rows is None else np.floor(times(rows)))

    return run


def hash_minimum(op: HashMinimum, stage: StageRef, lowering: Lowering) -> Kernel:
    """Kernel of `HashMinimum`."""

    def run(state: State) -> None:
        column = state.vector(op.input)
        refuse_nulls(state, stage, op.input, column)
        rows = Rows.of(column)
        nonzero = rows.entries != 0
        owner, places = rows.owner[nonzero], rows.places[nonzero]
        dense_owner, dense_places = np.nonzero(rows.dense)
        numbers = np.flatnonzero(rows.is_dense)
        found = np.zeros(column.num_rows, dtype=np.bool_)
        found[owner] = True
        found[numbers[dense_owner]] = True
        state.refuse(stage, op.input, ~found, "It has no feature that is not zero, and MinHash needs one; Spark refuses this too.")
        out = np.zeros((column.num_rows, len(op.factors)))
        for table, (factor, offset) in enumerate(zip(op.factors, op.offsets, strict=True)):
            _write_minima(out[:, table], owner, places, factor, offset)
            _write_minima(out[:, table], numbers[dense_owner], dense_places, factor, offset)
        state.columns[op.output] = hashes(out)

    return run


def _write_minima(out: Floats, owner: npt.NDArray[np.int64], places: npt.NDArray[np.int64], factor: np.int64, offset: np.int64) -> None:
    """Write each owner's least hash; `owner` ascends."""
    if not len(owner):
        return
    starts = np.concatenate([[0], np.flatnonzero(np.diff(owner)) + 1])
    # fmod has the sign of the dividend, as Java's % has.
    values = np.fmod((1 + places.astype(np.int64)) * factor + offset, HASH_PRIME)
    out[owner[starts]] = np.minimum.reduceat(values, starts)


def hashes(values: Floats) -> ScalarColumn:
    """A column of arrays, each of dense vectors of one feature.

    Args:
        values: float64, shape (rows, tables).
    """
    rows, tables = values.shape
    kind = ArrayType(VectorType())
    flat = VectorColumn(rows * tables, (DenseBlock(np.ascontiguousarray(values).reshape(-1, 1)),), AllDense())
    offsets = pa.array((np.arange(rows + 1) * tables).astype(np.int32))
    return ScalarColumn.of_arrow(kind, pa.ListArray.from_arrays(offsets, vectors_to_struct(flat)).cast(arrow_type(kind)))
