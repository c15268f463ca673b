"""Kernels of `RequireInteger` and `RatePairs`."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from mabridge.lower.columns import Bools, ScalarColumn
from mabridge.lower.lowering import Lowering
from mabridge.lower.state import Kernel, State
from mabridge.plan.op import StageRef
from mabridge.plan.ops import RatePairs, RequireInteger
from mabridge.plan.reference import Reference
from mabridge.plan.types import ByteType, DecimalType, DoubleType, FloatType, IntegerType, LongType, ShortType


def require_integer(op: RequireInteger, stage: StageRef, lowering: Lowering) -> Kernel:
    """Kernel of `RequireInteger`."""
    reference = lowering.reference
    reason = "An id must be a whole number in the range of int, and not null; Spark refuses this too. Remove such rows before the stage."

    def run(state: State) -> None:
        column = state.scalar(op.input)
        values, kept = _as_int(column, reference)
        state.refuse(stage, op.input, ~kept if column.valid is None else ~kept | ~column.valid, reason)
        state.columns[op.output] = ScalarColumn.of_numpy(IntegerType(), values)

    return run


def _as_int(column: ScalarColumn, reference: Reference) -> tuple[npt.NDArray[np.int32], Bools]:
    """The values as ints, and which of them are the same number still; null rows unspecified."""
    info = np.iinfo(np.int32)
    if isinstance(column.kind, (ByteType, ShortType, IntegerType)):
        return column.values.astype(np.int32), np.ones(len(column), dtype=np.bool_)
    if isinstance(column.kind, LongType):
        return column.values.astype(np.int32), (column.values >= info.min) & (column.values <= info.max)
    if isinstance(column.kind, DecimalType):
        # As doubles decimals may round to an int that they are not: their own floor says which they are.
        import pyarrow as pa
        import pyarrow.compute as pc

        low, high = (pa.scalar(int(bound)) for bound in (info.min, info.max))
        inside = pc.and_kleene(pc.greater_equal(column.arrow, low), pc.less_equal(column.arrow, high))
        whole = pc.and_kleene(inside, pc.equal(pc.floor(column.arrow), column.arrow)).fill_null(False)
        numbers = pc.if_else(whole, column.arrow, pa.scalar(None, column.arrow.type)).cast(pa.int32(), safe=False).fill_null(0)
        return numbers.to_numpy(zero_copy_only=False), whole.to_numpy(zero_copy_only=False)
    assert isinstance(column.kind, (FloatType, DoubleType))
    doubles = column.values.astype(np.float64)
    numbers = np.clip(np.nan_to_num(np.trunc(doubles)), info.min, info.max).astype(np.int32)
    # Spark compares in the column's own type: as a float the largest int is 2^31, and so that float is an id; under ANSI its cast refuses it first.
    kept: Bools = numbers.astype(column.values.dtype) == column.values
    return numbers, kept & (doubles <= info.max) if reference.ansi else kept


def rate_pairs(op: RatePairs, stage: StageRef, lowering: Lowering) -> Kernel:
    """Kernel of `RatePairs`."""
    rank = op.user_factors.shape[1]

    def run(state: State) -> None:
        users, known_users = _find(op.user_ids, state.scalar(op.users).values)
        items, known_items = _find(op.item_ids, state.scalar(op.items).values)
        known = known_users & known_items
        left, right = op.user_factors[users[known]], op.item_factors[items[known]]
        sums = np.zeros(len(left), dtype=np.float32)
        for factor in range(rank):
            sums += left[:, factor] * right[:, factor]
        ratings = np.full(len(known), np.nan, dtype=np.float32)
        ratings[known] = sums
        state.columns[op.output] = ScalarColumn.of_numpy(FloatType(), ratings)

    return run


def _find(ids: npt.NDArray[np.int32], wanted: npt.NDArray[np.int32]) -> tuple[npt.NDArray[np.int64], Bools]:
    """The place of each wanted id, and whether it is there."""
    places = np.searchsorted(ids, wanted)
    known: Bools = np.zeros(len(wanted), dtype=np.bool_)
    inside = places < len(ids)
    known[inside] = ids[places[inside]] == wanted[inside]
    return places, known
