"""Kernels over vectors: what a row becomes depends on that row alone, not on those beside it."""

from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from mabridge.model import Model
from mabridge.plan.op import Op, StageRef, Step
from mabridge.plan.ops import AssembleVector, MapRange, ShiftScale
from mabridge.plan.reference import Reference
from mabridge.plan.spark_schema import ROW_METADATA, row_metadata
from mabridge.plan.types import VECTOR_STRUCT, DoubleType, VectorType

NAN, INF = math.nan, math.inf


def dense(*values: float) -> dict[str, Any]:
    return {"type": 1, "size": None, "indices": None, "values": list(values)}


def sparse(size: int, entries: dict[int, float]) -> dict[str, Any]:
    return {"type": 0, "size": size, "indices": list(entries), "values": list(entries.values())}


def model_of(*ops: Op) -> Model:
    return Model([Step(op, StageRef("stages[0]", "org.example.Stage", "uid")) for op in ops], Reference("3.5.7"))


def table_of(vectors: list[dict[str, Any] | None], size: int, x: list[float] | None = None) -> pa.Table:
    """Vectors `u` whose size is declared, and numbers `x`."""
    numbers = [1.0] * len(vectors) if x is None else x
    metadata = {ROW_METADATA: row_metadata([("u", VectorType(size)), ("x", DoubleType())], [{"ml_attr": {"num_attrs": size}}, {}])}
    return pa.table([pa.array(vectors, VECTOR_STRUCT), pa.array(numbers)], schema=pa.schema([("u", VECTOR_STRUCT), ("x", pa.float64())], metadata=metadata))


#: What Spark 3.5.7's StandardScalerModel(withMean=False) with a scale of Infinity, NaN and 2.0 makes of each vector: it multiplies what is stored.
SCALED = [
    (dense(0.0, 0.0, 1.0), dense(NAN, NAN, 2.0)),
    (dense(1.0, 1.0, -0.0), dense(INF, NAN, -0.0)),
    (sparse(3, {2: 1.0}), sparse(3, {2: 2.0})),
    (sparse(3, {0: 0.0, 2: 1.0}), sparse(3, {0: NAN, 2: 2.0})),
    (sparse(3, {}), sparse(3, {})),
    (dense(0.0, 0.0, 0.0), dense(NAN, NAN, 0.0)),
]


@pytest.mark.parametrize("places", [[0], [2], [0, 1], [2, 3, 4], [0, 2], [5, 4, 3, 2, 1, 0]], ids=str)
def test_a_scale_that_is_not_finite_meets_stored_zeros_and_no_others(places: list[int]) -> None:
    model = model_of(ShiftScale("u", "v", 3, None, np.array([INF, NAN, 2.0])))
    out = model.transform(table_of([SCALED[place][0] for place in places], 3))
    assert repr(out["v"].to_pylist()) == repr([SCALED[place][1] for place in places])


def test_a_scale_that_is_not_finite_meets_the_zeros_of_an_assembled_dense_row() -> None:
    """1.5 * (nnz + 1) < 3 holds for no nonzero entry at all: only that row is assembled sparse."""
    model = model_of(AssembleVector(("x", "u"), "a", "error"), ShiftScale("a", "v", 3, None, np.array([INF, 1.0, 2.0])))
    table = table_of([dense(1.0, 2.0), dense(0.0, 0.0), sparse(2, {1: 3.0})], 2, [0.0, 0.0, 1.0])
    expected = [dense(NAN, 1.0, 4.0), sparse(3, {}), dense(INF, 0.0, 6.0)]
    for batch in (table, *(table.slice(row, 1) for row in range(3))):
        row = 0 if batch.num_rows == 3 else next(place for place in range(3) if batch.equals(table.slice(place, 1)))
        assert repr(model.transform(batch)["v"].to_pylist()) == repr(expected[row : row + batch.num_rows])


@pytest.mark.parametrize("vectors", [[None], [None, None], [dense(1.0, 2.0), None], [None, sparse(2, {})]], ids=str)
def test_an_assembler_that_keeps_fills_a_null_vector_of_the_declared_size_whatever_stands_beside_it(vectors: list[Any]) -> None:
    out = model_of(AssembleVector(("x", "u"), "v", "keep")).transform(table_of(vectors, 2))
    for given, made in zip(vectors, out["v"].to_pylist(), strict=True):
        if given is None:
            assert repr(made) == repr(dense(1.0, NAN, NAN))


ROWS = [dense(-0.0, 1.0, NAN), sparse(3, {}), sparse(3, {0: -0.0, 1: -1.0}), dense(0.0, 0.0, 0.0), dense(5e-324, INF, -1.0), sparse(3, {2: 4.0})]
OPS = [
    ShiftScale("u", "v", 3, None, np.array([0.0, -1.0, 2.0])),
    ShiftScale("u", "v", 3, np.array([0.0, 1.0, -0.0]), np.array([-1.0, 0.0, 1.0])),
    ShiftScale("u", "v", 3, None, None),
    MapRange("u", "v", np.array([0.0, -1.0, 4.0]), np.array([1.0, 0.0, -0.5]), -0.0, 0.5),
    AssembleVector(("u", "x"), "v", "keep"),
]


@pytest.mark.parametrize("op", OPS, ids=lambda op: f"{type(op).__name__}-{OPS.index(op)}")
def test_any_two_rows_come_out_as_each_does_alone(op: Op) -> None:
    model = model_of(op)
    alone = [repr(model.transform(table_of([row], 3))["v"].to_pylist()[0]) for row in ROWS]
    for first, second in itertools.product(range(len(ROWS)), repeat=2):
        both = model.transform(table_of([ROWS[first], ROWS[second]], 3))["v"].to_pylist()
        assert [repr(row) for row in both] == [alone[first], alone[second]], (ROWS[first], ROWS[second])
