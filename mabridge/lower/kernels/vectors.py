"""Kernels that make and change vector columns."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from mabridge.counted import counted
from mabridge.lower.arrow_vectors import stored_in_full
from mabridge.lower.columns import (
    AllDense,
    AllSparse,
    Block,
    Bools,
    Compressed,
    DenseBlock,
    Floats,
    Layout,
    LikeColumn,
    OneHotBlock,
    ScalarColumn,
    SparseBlock,
    VectorColumn,
)
from mabridge.lower.kernels.scalars import as_double
from mabridge.lower.lowering import Lowering
from mabridge.lower.state import Kernel, State
from mabridge.plan.op import StageRef
from mabridge.plan.ops import AssembleVector, MapRange, OneHot, ShiftScale, VectorFromNumber


def one_hot(op: OneHot, stage: StageRef, lowering: Lowering) -> Kernel:
    """Kernel of `OneHot`."""
    reference = lowering.reference
    size = op.size
    reason = f"Valid categories are 0 to {op.categories - 1}. The stage has handleInvalid = `error`, as in Spark: set it to `keep` in Spark and convert again."

    def run(state: State) -> None:
        column = state.scalar(op.input)
        values = as_double(column, reference)
        with np.errstate(invalid="ignore"):
            known = (values >= 0) & (values < op.categories)
        if op.invalid == "zeros":
            # Java cuts what lies between -1 and 0 to 0.
            negative = values <= -1.0
            state.refuse(stage, op.input, negative if column.valid is None else negative & column.valid, "A category index cannot be negative.")
            values = np.where(values < size, values, float(op.categories))
        elif not known.all():
            if op.invalid == "error":
                state.refuse(stage, op.input, ~known if column.valid is None else ~known & column.valid, reason)
            values = np.where(known, values, float(op.categories))
        index = values.astype(np.int32)
        index[index >= size] = -1
        state.columns[op.output] = VectorColumn(state.num_rows, (OneHotBlock(index, size),), AllSparse(), column.valid)

    return run


def assemble_vector(op: AssembleVector, stage: StageRef, lowering: Lowering) -> Kernel:
    """Kernel of `AssembleVector`."""
    reference = lowering.reference
    compressed = Compressed.of_version(reference.spark_version)
    null_reason = "A null cannot be assembled. The stage has handleInvalid = `error`, as in Spark: fill it first, or set handleInvalid to `skip` or `keep`."
    nan_reason = "NaN cannot be assembled. The stage has handleInvalid = `error`, as in Spark: fill it first, or set handleInvalid to `skip` or `keep`."
    keep = op.invalid == "keep"

    def refuse_first(state: State) -> None:
        """Spark reads a row from left to right: the first bad row decides, and in it the first bad column."""
        first_row, first_column, first_reason = state.num_rows, "", ""
        for column_id in op.inputs:
            column = state.columns[column_id]
            if column.valid is not None and not column.valid.all():
                row = int(np.argmin(column.valid))
                if row < first_row:
                    first_row, first_column, first_reason = row, column_id, null_reason
            if isinstance(column, ScalarColumn) and column.values_are_floating:
                bad = np.isnan(column.values)
                if column.valid is not None:
                    bad &= column.valid
                if bad.any() and int(np.argmax(bad)) < first_row:
                    first_row, first_column, first_reason = int(np.argmax(bad)), column_id, nan_reason
        if first_column:
            state.refuse_row(stage, first_column, first_row, first_reason)

    def run(state: State) -> None:
        if not keep:
            refuse_first(state)
        blocks: list[Block] = []
        for column_id in op.inputs:
            column = state.columns[column_id]
            if isinstance(column, VectorColumn):
                blocks.extend(_positive_zeros(column.blocks if column.valid is None or not keep else _nan_where_null(column.blocks, column.valid)))
            else:
                values = as_double(column, reference)
                if keep and column.valid is not None:
                    values = np.where(column.valid, values, np.nan)
                blocks.append(DenseBlock((values + 0.0 if column.values_are_floating else values)[:, None]))
        state.columns[op.output] = VectorColumn(state.num_rows, tuple(blocks), compressed)

    return run


def _positive_zeros(blocks: tuple[Block, ...]) -> list[Block]:
    """The blocks without -0.0: Spark passes on what differs from zero, and the rest is 0.0 again."""
    out: list[Block] = []
    for block in blocks:
        match block:
            case DenseBlock(values):
                out.append(DenseBlock(values + 0.0))
            case SparseBlock():
                out.append(replace(block, entries=block.entries + 0.0))
            case OneHotBlock():
                out.append(block if block.entries is None else replace(block, entries=block.entries + 0.0))
    return out


def _nan_where_null(blocks: tuple[Block, ...], valid: Bools) -> tuple[Block, ...]:
    """The blocks with every feature NaN in the rows that are null."""
    if valid.all():
        return blocks
    size = sum(block.size for block in blocks)
    values = VectorColumn(len(valid), blocks, AllDense()).dense()
    values[~valid] = np.full(size, np.nan)
    return (DenseBlock(values),)


def vector_from_number(op: VectorFromNumber, stage: StageRef, lowering: Lowering) -> Kernel:
    """Kernel of `VectorFromNumber`."""

    def run(state: State) -> None:
        column = state.scalar(op.input)
        state.columns[op.output] = VectorColumn(state.num_rows, (DenseBlock(column.values[:, None]),), AllDense(), column.valid)

    return run


def shift_scale(op: ShiftScale, stage: StageRef, lowering: Lowering) -> Kernel:
    """Kernel of `ShiftScale`."""
    finite = op.scale is None or bool(np.isfinite(op.scale).all())

    def run(state: State) -> None:
        column = state.vector(op.input)
        if op.shift is None and op.scale is None:
            state.columns[op.output] = column
            return
        refuse_nulls(state, stage, op.input, column)
        # Spark walks over what the vector has and never compares sizes, so a shorter one is scaled as far as it goes.
        if op.exact_size or column.size > op.size:
            check_size(state, stage, op.input, column, op.size)
            # Only a column without rows comes this far.
            column = column if column.size == op.size else VectorColumn(0, (DenseBlock(np.zeros((0, op.size))),), AllDense())
        if op.shift is not None:
            # One pass over fresh memory: every row comes out dense.
            values = column.dense()
            np.subtract(values, op.shift[: column.size], out=values)
            if op.scale is not None:
                np.multiply(values, op.scale[: column.size], out=values)
            column = VectorColumn(column.num_rows, (DenseBlock(values),), AllDense(), column.valid)
        else:
            assert op.scale is not None
            # Times infinity, a zero that a row stores becomes NaN and one that it does not store stays.
            column = column if finite else stored_in_full(column)
            column = column.with_blocks(tuple(_scaled(column.blocks, op.scale)), like(column))
        state.columns[op.output] = column

    return run


def like(column: VectorColumn) -> Layout:
    """The layout of what comes of a column's entries one by one."""
    return column.layout if isinstance(column.layout, AllDense) else LikeColumn(column)


def _scaled(blocks: tuple[Block, ...], scale: Floats) -> list[Block]:
    out: list[Block] = []
    start = 0
    for block in blocks:
        factors = scale[start : start + block.size]
        start += block.size
        match block:
            case DenseBlock(values):
                out.append(DenseBlock(values * factors))
            case OneHotBlock(index, size, entries):
                stored = factors[index] if entries is None else entries * factors[index]
                out.append(OneHotBlock(index, size, stored))
            case SparseBlock():
                out.append(SparseBlock(block.indptr, block.indices, block.entries * factors[block.indices], block.size))
    return out


def map_range(op: MapRange, stage: StageRef, lowering: Lowering) -> Kernel:
    """Kernel of `MapRange`."""
    constants = np.flatnonzero(op.factor == 0)
    compressed = Compressed.of_version(lowering.reference.spark_version)

    def run(state: State) -> None:
        column = state.vector(op.input)
        refuse_nulls(state, stage, op.input, column)
        check_size(state, stage, op.input, column, len(op.minimum))
        values = column.dense() if column.num_rows else np.zeros((0, len(op.minimum)))
        fixed = values[:, constants]
        np.subtract(values, op.minimum, out=values)
        np.multiply(values, op.factor, out=values)
        np.add(values, op.offset, out=values)
        if len(constants):
            values[:, constants] = np.where(np.isnan(fixed), fixed, op.constant)
        state.columns[op.output] = VectorColumn(column.num_rows, (DenseBlock(values),), compressed, column.valid)

    return run


def check_size(state: State, stage: StageRef, column_id: str, column: VectorColumn, size: int) -> None:
    """Refuse vectors of another size than the stage was fitted on.

    Raises:
        InvalidRowError: they are of another size.
    """
    if column.size != size and column.num_rows:
        rows = np.ones(column.num_rows, dtype=np.bool_) if column.valid is None else column.valid
        state.refuse(stage, column_id, rows, f"The stage was fitted on vectors of {counted(size, 'feature')}.")


def refuse_nulls(state: State, stage: StageRef, column_id: str, column: VectorColumn) -> None:
    """Refuse null vectors, as Spark does where a UDF looks inside them.

    Raises:
        InvalidRowError: a vector is null.
    """
    if column.valid is not None:
        state.refuse(stage, column_id, ~column.valid, "A null vector cannot be read; Spark refuses this too. Drop the row or fill the vector first.")
