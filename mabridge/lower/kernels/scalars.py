"""Kernels from scalar columns to scalar columns."""

from __future__ import annotations

import numpy as np

from mabridge.lower.columns import Bools, Floats, ScalarColumn
from mabridge.lower.java_order import total_order
from mabridge.lower.kernels.label_finder import label_finder
from mabridge.lower.kernels.text import as_text
from mabridge.lower.lowering import Lowering
from mabridge.lower.state import Kernel, State
from mabridge.plan.op import StageRef
from mabridge.plan.ops import Bucketize, FillMissing, LookupIndex
from mabridge.plan.reference import Reference
from mabridge.plan.types import DataType, DecimalType, DoubleType, FloatType, LongType


def as_double(column: ScalarColumn, reference: Reference) -> Floats:
    """The values as Spark's cast to double gives them; null rows unspecified."""
    if isinstance(column.kind, DoubleType):
        values: Floats = column.values
        return values
    if isinstance(column.kind, DecimalType):
        from mabridge.sql import cast_column

        values = cast_column(column, DoubleType(), reference).values
        return values
    return column.values.astype(np.float64)


def fill_missing(op: FillMissing, stage: StageRef, lowering: Lowering) -> Kernel:
    """Kernel of `FillMissing`."""
    reference = lowering.reference
    surrogates: dict[DataType, ScalarColumn] = {}
    overflow = "The surrogate does not fit the column's type, which ANSI mode refuses; cast the column to double before the stage."
    (source,), (target,), value = op.inputs, op.outputs, float(op.surrogates[0])

    def surrogate(kind: DataType) -> ScalarColumn:
        if kind not in surrogates:
            surrogates[kind] = _cast(ScalarColumn.of_numpy(DoubleType(), np.array([value])), kind, reference)
        return surrogates[kind]

    def run(state: State) -> None:
        column = state.scalar(source)
        doubles = as_double(column, reference)
        missing: Bools = np.isnan(doubles) if np.isnan(op.missing_value) else doubles == op.missing_value
        if column.valid is not None:
            missing = missing | ~column.valid
        if isinstance(column.kind, DecimalType):
            filled = _fill_decimals(column, doubles, missing, value, reference)
            if filled.valid is not None and reference.ansi:
                state.refuse(stage, source, ~filled.valid, overflow)
            state.columns[target] = filled
            return
        put = surrogate(column.kind)
        values = column.values
        if isinstance(column.kind, LongType):
            # Spark goes through double and back, which rounds beyond 2^53.
            values = _cast(ScalarColumn.of_numpy(DoubleType(), doubles), column.kind, reference).values
        if missing.any():
            # Without ANSI an integer cast cuts and wraps as Java's does; with it, a value that is not kept is refused.
            kept = put.valid is None and (put.values_are_floating or float(put.values[0]) == np.trunc(value))
            if reference.ansi and not kept:
                state.refuse(stage, source, missing, overflow)
            values = np.where(missing, put.values[0], values)
            valid = None if put.valid is None else ~missing
        else:
            valid = None
        state.columns[target] = ScalarColumn.of_numpy(column.kind, values, valid)

    return run


def _fill_decimals(column: ScalarColumn, doubles: Floats, missing: Bools, surrogate: float, reference: Reference) -> ScalarColumn:
    return _cast(ScalarColumn.of_numpy(DoubleType(), np.where(missing, surrogate, doubles)), column.kind, reference)


def _cast(column: ScalarColumn, kind: DataType, reference: Reference) -> ScalarColumn:
    if isinstance(kind, DoubleType):
        return column
    if isinstance(kind, FloatType):
        with np.errstate(over="ignore"):
            return ScalarColumn.of_numpy(kind, column.values.astype(np.float32), column.valid)
    from mabridge.sql import cast_column

    return cast_column(column, kind, reference)


def lookup_index(op: LookupIndex, stage: StageRef, lowering: Lowering) -> Kernel:
    """Kernel of `LookupIndex`."""
    reference = lowering.reference
    count, find = len(op.labels), label_finder(op.labels)
    reason = (
        "The stage has handleInvalid = `error`, as in Spark: add the label to the model, or set handleInvalid to `skip` or `keep` in Spark and convert again."
    )

    def run(state: State) -> None:
        column = state.scalar(op.input)
        places = find(as_text(column, reference))
        if op.unseen == "error" and (unseen := places == count).any():
            row = int(np.argmax(unseen))
            what = "A null cannot be indexed." if not column.arrow[row].is_valid else "The label was not there when the model was fitted."
            state.refuse_row(stage, op.input, row, f"{what} {reason}")
        state.columns[op.output] = ScalarColumn.of_numpy(DoubleType(), places.astype(np.float64))

    return run


def bucketize(op: Bucketize, stage: StageRef, lowering: Lowering) -> Kernel:
    """Kernel of `Bucketize`."""
    reference = lowering.reference
    keys = total_order(op.splits)
    last = len(op.splits) - 1

    def run(state: State) -> None:
        column = state.scalar(op.input)
        values = as_double(column, reference)
        nan = np.isnan(values)
        buckets = np.searchsorted(keys, total_order(values), side="right") - 1
        # The last split belongs to the last bucket (Spark compares it with ==, so -0.0 equals a last split of 0.0).
        buckets[values == op.splits[last]] = last - 1
        outside = ((buckets < 0) | (buckets >= last)) & ~nan
        if column.valid is not None:
            outside &= column.valid
        state.refuse(
            stage, op.input, outside, f"It lies outside the splits {op.splits[0]} to {op.splits[last]}; Spark refuses this whatever handleInvalid says."
        )
        if nan.any():
            bad = nan if column.valid is None else nan & column.valid
            if not op.keep_invalid:
                state.refuse(stage, op.input, bad, "NaN has no bucket: set handleInvalid to `skip` or `keep` in Spark and convert again.")
            buckets[nan] = last
        state.columns[op.output] = ScalarColumn.of_numpy(DoubleType(), buckets.astype(np.float64), column.valid)

    return run
