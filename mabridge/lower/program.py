"""A plan bound to one input schema and made ready to run."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from mabridge.errors import InvalidInputError, MissingColumnError
from mabridge.lower.arrow_scalars import scalar_of_arrow
from mabridge.lower.arrow_vectors import vectors_of_arrow, vectors_to_lists, vectors_to_struct
from mabridge.lower.columns import Column, Floats, ScalarColumn, VectorColumn
from mabridge.lower.kernels import KERNELS
from mabridge.lower.lowering import Lowering
from mabridge.lower.state import Kernel, State
from mabridge.plan.attributes import BinaryAttribute, NominalAttribute
from mabridge.plan.bind import BoundColumn, BoundPlan, bind
from mabridge.plan.op import Step
from mabridge.plan.reference import Reference
from mabridge.plan.rewrite import PASSES, rewrite
from mabridge.plan.spark_schema import ROW_METADATA, input_columns, row_metadata
from mabridge.plan.types import VECTOR_STRUCT, ArrayType, DataType, DoubleType, VectorType, arrow_type

Vectors = Literal["spark", "dense"]


@dataclass(frozen=True, eq=False)
class Operation:
    """One step, ready.

    Attributes:
        step: what it does, for messages and `explain`.
        kernel: does it.
        done_with: the column ids that nothing reads after it.
    """

    step: Step
    kernel: Kernel
    done_with: tuple[str, ...]


class Program:
    """A bound plan, ready to run on batches; safe to use from several threads.

    Attributes:
        input_columns: the columns to read from the data, in the data's order.
        input_schema: their Arrow fields.
        outputs: the output columns with their Spark types, in order.
        computed: the output columns that are not input columns passed through.
        exact: the double output columns that hold labels, indices or buckets.
        unordered: the array output columns in which Spark leaves the order of the elements open.
        leaves_row_order_open: whether Spark leaves the order of the output's rows open.
    """

    def __init__(self, bound: BoundPlan, lowering: Lowering, vectors: Vectors, schema: pa.Schema) -> None:
        self.bound = bound
        self.reference = lowering.reference
        self.vectors = vectors
        self.outputs = bound.outputs
        input_ids = {column.id for column in bound.inputs}
        needed = {column.id for column in bound.outputs}.union(*(step.op.read_columns for step in bound.steps))
        self._decoded_ids = frozenset(_decoded(bound.steps))
        self._inputs = tuple(column for column in bound.inputs if column.id in needed)
        self.input_columns = tuple(column.name for column in self._inputs)
        self.input_schema = pa.schema([field for field, column in zip(schema, bound.inputs, strict=True) if column.id in needed])
        self.computed = tuple(column.name for column in bound.outputs if column.id not in input_ids)
        labels = {column_id for step in bound.steps for column_id in step.op.exact_columns}
        self.exact = tuple(column.name for column in bound.outputs if column.id in labels or isinstance(column.attributes, (NominalAttribute, BinaryAttribute)))
        free = {column_id for step in bound.steps for column_id in step.op.unordered_columns}
        self.unordered = tuple(column.name for column in bound.outputs if column.id in free)
        self.leaves_row_order_open = any(step.op.leaves_row_order_open for step in bound.steps)
        self.operations = tuple(self._operations(lowering))
        self._batch_schema = pa.schema([pa.field(column.name, self._written_type(column.kind)) for column in bound.outputs])
        self._names = {column.id: column.name for column in (*bound.inputs, *bound.outputs)}

    @cached_property
    def output_schema(self) -> pa.Schema:
        """The Arrow schema of the output; its metadata holds Spark's row metadata, with ML attributes, once for all batches."""
        columns = [(column.name, self._shown_kind(column.kind)) for column in self.outputs]
        metadata = [column.written_metadata for column in self.outputs]
        found: dict[bytes | str, bytes | str] = {ROW_METADATA: row_metadata(columns, metadata)}
        return self._batch_schema.with_metadata(found)

    def _operations(self, lowering: Lowering) -> list[Operation]:
        last: dict[str, int] = {}
        for place, step in enumerate(self.bound.steps):
            for column_id in (*step.op.read_columns, *step.op.written_columns):
                last[column_id] = place
        kept = {column.id for column in self.bound.outputs}
        ends: dict[int, list[str]] = {}
        for column_id, place in last.items():
            if column_id not in kept:
                ends.setdefault(place, []).append(column_id)
        return [
            Operation(step, KERNELS[type(step.op)](step.op, step.stage, lowering), tuple(ends.get(place, ()))) for place, step in enumerate(self.bound.steps)
        ]

    def _written_type(self, kind: DataType) -> pa.DataType:
        if isinstance(kind, VectorType) and self.vectors == "dense":
            return pa.list_(pa.float64()) if kind.size is None else pa.list_(pa.float64(), kind.size)
        return arrow_type(kind)

    def _shown_kind(self, kind: DataType) -> DataType:
        return ArrayType(DoubleType()) if isinstance(kind, VectorType) and self.vectors == "dense" else kind

    def run(
        self, batch: pa.RecordBatch, first_row: int = 0, scales: dict[str, Floats] | None = None, kept: list[npt.NDArray[np.int64]] | None = None
    ) -> pa.RecordBatch:
        """Run the plan on one batch.

        Args:
            batch: the columns of `input_columns`, by name; others are ignored.
            first_row: the position of its first row in the whole input, for messages.
            scales: where parity wants them, is filled with the declared sums of absolute terms by output column: shape (rows,), or (rows, size) for vectors.
            kept: is appended, where it is given, the positions in the whole input of the rows that are kept, int64, shape (rows,).

        Returns:
            One row for each input row that the plan keeps, with the fields of `output_schema` (whose metadata belongs to the whole, not to each batch).

        Raises:
            InvalidRowError: Spark would refuse a row too.
            InvalidInputError: the batch does not have the columns that the program was made for.
        """
        state = State(self._read(batch), batch.num_rows, first_row, scales={} if scales is not None else None, names=self._names)
        # NaN and infinities go through arithmetic here as they do on the JVM: without a word.
        with np.errstate(all="ignore"):
            for operation in self.operations:
                operation.kernel(state)
                for column_id in operation.done_with:
                    del state.columns[column_id]
        if scales is not None and state.scales is not None:
            scales.update({column.name: state.scales[column.id] for column in self.outputs if column.id in state.scales})
        if kept is not None:
            kept.append(first_row + (np.arange(state.num_rows) if state.rows is None else state.rows))
        return self._write(state)

    def _read(self, batch: pa.RecordBatch) -> dict[str, Column]:
        columns: dict[str, Column] = {}
        for column in self._inputs:
            place = batch.schema.get_field_index(column.name)
            if place < 0:
                raise MissingColumnError(f"The batch lacks the column `{column.name}`.")
            array = batch.column(place)
            if not isinstance(column.kind, VectorType):
                columns[column.id] = scalar_of_arrow(column.name, column.kind, array)
            elif column.id in self._decoded_ids or not pa.types.is_struct(array.type):
                kind = self.bound.kinds[column.id]
                columns[column.id] = vectors_of_arrow(column.name, array, kind.size if isinstance(kind, VectorType) else None)
            else:
                # Nobody looks inside, or an op takes them as they were read: the structs pass as they are.
                columns[column.id] = ScalarColumn.of_arrow(column.kind, array.cast(VECTOR_STRUCT))
        return columns

    def _lists(self, column: BoundColumn, value: VectorColumn) -> pa.Array:
        assert isinstance(column.kind, VectorType)
        return vectors_to_lists(column.name, value, column.kind.size)

    def _write(self, state: State) -> pa.RecordBatch:
        arrays = []
        for column, field in zip(self.outputs, self._batch_schema, strict=True):
            value = state.columns[column.id]
            if isinstance(value, VectorColumn):
                array = self._lists(column, value) if self.vectors == "dense" else vectors_to_struct(value)
            elif isinstance(column.kind, VectorType) and self.vectors == "dense":
                array = self._lists(column, vectors_of_arrow(column.name, value.arrow))
            else:
                array = value.arrow
            arrays.append(array if array.type == field.type else array.cast(field.type))
        return pa.RecordBatch.from_arrays(arrays, schema=self._batch_schema)


def _decoded(steps: Sequence[Step]) -> Iterator[str]:
    """The column ids that some op reads, but for those whose first reader takes vectors of any size."""
    seen: set[str] = set()
    for step in steps:
        for column_id in step.op.read_columns:
            if column_id not in seen and not step.op.takes_any_size:
                yield column_id
            seen.add(column_id)


def make_program(
    steps: Sequence[Step],
    schema: pa.Schema,
    lowering: Lowering,
    *,
    columns: Sequence[str] | None = None,
    vectors: Vectors = "spark",
    passes: tuple[Callable[[BoundPlan], BoundPlan], ...] = PASSES,
) -> Program:
    """Bind a plan to a schema, rewrite it and make its kernels.

    Args:
        steps: the plan's steps, over names.
        schema: of the data.
        lowering: how to make kernels.
        columns: the output columns wanted, in the order wanted; None for all.
        vectors: how vector columns come out.
        passes: the rewrites.

    Raises:
        MissingColumnError, InvalidInputError, UnsupportedExpressionError: the schema or the wanted columns do not fit.
    """
    bound = bind(steps, input_columns(schema), lowering.reference)
    if columns is not None:
        bound = replace(bound, outputs=_chosen(bound.outputs, columns, lowering.reference))
    return Program(rewrite(bound, passes), lowering, vectors, schema)


def _chosen(outputs: Sequence[BoundColumn], columns: Sequence[str], reference: Reference) -> tuple[BoundColumn, ...]:
    """The columns as `select` finds and names them (Spark 3.5): by any case unless the session is case sensitive, under the name that was asked for."""
    chosen = []
    for name in columns:
        found = [column for column in outputs if reference.same_name(column.name, name)]
        if not found:
            raise MissingColumnError(f"The model's output has no column `{name}`; it has {', '.join(f'`{column.name}`' for column in outputs)}.")
        if len(found) > 1:
            raise InvalidInputError(f"The model's output has {len(found)} columns `{name}`; the choice is ambiguous, as in Spark.")
        chosen.append(replace(found[0], name=name))
    return tuple(chosen)
