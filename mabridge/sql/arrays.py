"""Array columns as lengths and one flat column of elements, which kernels work on without a loop over rows."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from mabridge.lower.columns import Bools, ScalarColumn
from mabridge.plan.types import ArrayType, arrow_type

Places = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Elements:
    """The elements of an array column.

    Attributes:
        lengths: of each row's array, 0 for null; int64, shape (rows,).
        values: all elements, row after row.
        valid: which rows are not null; None where none is null.
    """

    lengths: Places
    values: ScalarColumn
    valid: Bools | None

    @cached_property
    def starts(self) -> Places:
        """The place of each row's first element; shape (rows,)."""
        found: Places = np.cumsum(self.lengths) - self.lengths
        return found

    @cached_property
    def rows(self) -> Places:
        """The row of each element."""
        return np.repeat(np.arange(len(self.lengths)), self.lengths)

    @cached_property
    def places(self) -> Places:
        """The place of each element in its array, from 0."""
        found: Places = np.arange(len(self.rows)) - self.starts[self.rows]
        return found


def elements_of(column: ScalarColumn) -> Elements:
    """Take an array column apart."""
    assert isinstance(column.kind, ArrayType)
    array = column.arrow
    lengths = pc.list_value_length(array)
    if array.null_count:
        lengths = lengths.fill_null(0)
    return Elements(lengths.to_numpy(zero_copy_only=False).astype(np.int64), ScalarColumn.of_arrow(column.kind.element, array.flatten()), column.valid)


def array_of(kind: ArrayType, lengths: Places, values: ScalarColumn, valid: Bools | None) -> ScalarColumn:
    """An array column from its elements.

    Args:
        kind: its type.
        lengths: of each row's array; 0 for null rows.
        values: all elements, row after row; of the type's element type.
        valid: which rows are not null; None where none is null.
    """
    offsets = np.zeros(len(lengths) + 1, dtype=np.int32)
    np.cumsum(lengths, out=offsets[1:])
    mask = None if valid is None else pa.array(~valid)
    return ScalarColumn.of_arrow(kind, pa.ListArray.from_arrays(pa.array(offsets), values.arrow, type=arrow_type(kind), mask=mask))
