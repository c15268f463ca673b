"""Random vector columns as blocks, and the same vectors as plain rows, so that a kernel can be held to a reading of Spark's definition row by row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from hypothesis import strategies as st

from mabridge.lower.arrow_vectors import vectors_to_struct
from mabridge.lower.columns import AllDense, AllSparse, Block, Column, Compressed, DenseBlock, Layout, OneHotBlock, PerRow, SparseBlock, VectorColumn
from mabridge.lower.kernels import KERNELS
from mabridge.lower.lowering import Lowering
from mabridge.lower.state import State
from mabridge.plan.op import Op, StageRef
from mabridge.plan.reference import Reference

HARD = [0.0, -0.0, 1.0, -2.5, 0.1, 1 / 3, 7.0, float("nan"), float("inf"), float("-inf"), 5e-324, 1e308, -1e200, 1e-200]
STAGE = StageRef("stages[0]", "org.apache.spark.ml.feature.Test", "test_1")


@dataclass(frozen=True)
class Row:
    """A vector as Spark holds it: `places` is None for a dense one."""

    size: int
    places: list[int] | None
    values: list[float]

    def full(self) -> list[float]:
        """All features."""
        if self.places is None:
            return list(self.values)
        out = [0.0] * self.size
        for place, value in zip(self.places, self.values, strict=True):
            out[place] = value
        return out

    def stored(self) -> list[tuple[int, float]]:
        """The places that the row stores and their values."""
        return list(zip(range(self.size) if self.places is None else self.places, self.values, strict=True))


def rows_of(column: VectorColumn) -> list[Row]:
    """The rows of a column, read off Spark's struct."""
    return [row_of(value, column.size) for value in vectors_to_struct(column).to_pylist()]


def row_of(value: dict[str, Any], size: int) -> Row:
    return Row(size, None, value["values"]) if value["type"] == 1 else Row(value["size"], value["indices"], value["values"])


@st.composite
def vector_columns(draw: st.DrawFn, values: list[float] | None = None, max_blocks: int = 3, max_width: int = 5) -> VectorColumn:
    """Columns of one to three blocks of every kind, in every layout that fits them."""
    hard = HARD if values is None else values
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    rows = draw(st.integers(0, 7))
    kinds = draw(st.lists(st.sampled_from(["dense", "one hot", "sparse"]), min_size=1, max_size=max_blocks))
    # Mostly zeros, so that Spark's compressed rows come out sparse now and then.
    pool = np.array(hard + [0.0] * draw(st.sampled_from([0, len(hard) * 3])))
    blocks = tuple(_block(rng, kind, rows, int(rng.integers(1, max_width + 1)), pool) for kind in kinds)
    layouts: list[Layout] = [Compressed(1.5), AllDense()]
    if "dense" not in kinds:
        layouts += [AllSparse(), PerRow(rng.integers(0, 2, rows).astype(bool))]
    layout = draw(st.sampled_from(layouts))
    if isinstance(layout, Compressed):
        # As an assembler leaves them: no negative zeros.
        blocks = tuple(DenseBlock(block.values + 0.0) if isinstance(block, DenseBlock) else _positive(block) for block in blocks)
    return VectorColumn(rows, blocks, layout)


def _positive(block: OneHotBlock | SparseBlock) -> Block:
    if isinstance(block, SparseBlock):
        return SparseBlock(block.indptr, block.indices, block.entries + 0.0, block.size)
    return block if block.entries is None else OneHotBlock(block.index, block.size, block.entries + 0.0)


def _block(rng: np.random.Generator, kind: str, rows: int, size: int, pool: np.ndarray[Any, np.dtype[np.float64]]) -> Block:
    if kind == "dense":
        return DenseBlock(rng.choice(pool, size=(rows, size)))
    if kind == "one hot":
        index = rng.integers(-1, size, rows).astype(np.int32)
        return OneHotBlock(index, size, None if rng.random() < 0.5 else rng.choice(pool, size=rows))
    stored = rng.random((rows, size)) < 0.5
    counts = stored.sum(axis=1)
    return SparseBlock(
        np.concatenate([[0], np.cumsum(counts)]).astype(np.int64), np.nonzero(stored)[1].astype(np.int32), rng.choice(pool, size=int(counts.sum())), size
    )


def run(op: Op, columns: dict[str, Column], scales: dict[str, Any] | None = None, spark: str = "3.5.7") -> dict[str, Column]:
    """What an op's kernel makes of columns, under a Spark version."""
    state = State(dict(columns), len(next(iter(columns.values()))), scales=scales)
    with np.errstate(all="ignore"):
        KERNELS[type(op)](op, STAGE, Lowering(Reference(spark)))(state)
    return state.columns


def run_vectors(op: Op, column: VectorColumn) -> VectorColumn:
    """What an op from the vectors `u` to the vectors `v` makes of them."""
    found = run(op, {"u": column})["v"]
    assert isinstance(found, VectorColumn)
    return found


def same(found: list[Row], wanted: list[Row]) -> bool:
    """Whether two columns are the same to the bit, layouts too; NaN is NaN, and the sign of a zero does not count, as in the comparison with Spark."""
    return repr([_unsigned_zeros(row) for row in found]) == repr([_unsigned_zeros(row) for row in wanted])


def _unsigned_zeros(row: Row) -> Row:
    return Row(row.size, row.places, [value + 0.0 for value in row.values])
