"""Ops that look numbers up."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import numpy.typing as npt

from mabridge.counted import counted
from mabridge.errors import InvalidInputError
from mabridge.plan.attributes import Labels, NominalAttribute
from mabridge.plan.bind import Binder
from mabridge.plan.op import READS, WRITES, Op
from mabridge.plan.types import DoubleType

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class LookupNumber(Op):
    """The number that stands for a category given as a number (TargetEncoderModel, Spark 4.0).

    Values are cast to double; 0.0 and -0.0 are one category.

    Attributes:
        inputs: numeric columns.
        outputs: one double column for each input; an output may replace a column, and all inputs are read first.
        keys: float64, the categories of all columns, column after column, ascending within one.
        values: float64, the number of each category.
        starts: int64, shape (inputs + 1,), where each column's categories begin in `keys`.
        null_values: float64, shape (inputs,), what null becomes.
        null_known: bool, shape (inputs,); where it is false null is treated as a category that is not there.
        unseen_values: float64, shape (inputs,), what a category that is not there becomes.
        unseen: "keep" puts that in; "error" refuses the row.
        declared: float64, the numbers that each column declares as its values, column after column, each once; a bound op has none.
        declared_starts: int64, shape (inputs + 1,), where each column's begin in `declared`.
    """

    inputs: tuple[str, ...] = field(metadata=READS)
    outputs: tuple[str, ...] = field(metadata=WRITES)
    keys: Floats
    values: Floats
    starts: npt.NDArray[np.int64]
    null_values: Floats
    null_known: npt.NDArray[np.bool_]
    unseen_values: Floats
    unseen: Literal["error", "keep"]
    declared: Floats
    declared_starts: npt.NDArray[np.int64]

    def bind(self, binder: Binder) -> None:
        from mabridge.sql.java_text import double_text

        count = len(self.inputs)
        if (
            self.keys.shape != self.values.shape
            or not _cuts(self.starts, count, len(self.keys))
            or not _cuts(self.declared_starts, count, len(self.declared))
            or not self.null_values.shape == self.null_known.shape == self.unseen_values.shape == (count,)
        ):
            raise InvalidInputError(f"{binder.stage} has arrays of categories that do not fit its {counted(count, 'column')}; convert the Spark model again.")
        slices = [slice(int(low), int(high)) for low, high in itertools.pairwise(self.starts)]
        if any(not (np.diff(self.keys[own]) > 0).all() for own in slices):
            raise InvalidInputError(f"{binder.stage} has categories that do not ascend and so do not fit a search; convert the Spark model again.")
        columns = [binder.read_numeric(name) for name in self.inputs]
        shown = self.outputs if binder.reference.case_sensitive else [name.lower() for name in self.outputs]
        if len(set(shown)) < len(shown):
            raise InvalidInputError(f"{binder.stage} writes one column twice; Spark refuses this too. Its outputs: {', '.join(self.outputs)}.")
        for place, (column, name) in enumerate(zip(columns, self.outputs, strict=True)):
            one, own = slice(place, place + 1), slices[place]
            texts = Labels.of([double_text(number) for number in self.declared[self.declared_starts[place] : self.declared_starts[place + 1]].tolist()])
            output = binder.set(name, DoubleType(), attributes=NominalAttribute(name, values=texts))
            binder.emit(
                LookupNumber(
                    (column.id,),
                    (output,),
                    self.keys[own],
                    self.values[own],
                    np.array([0, own.stop - own.start], dtype=np.int64),
                    self.null_values[one],
                    self.null_known[one],
                    self.unseen_values[one],
                    self.unseen,
                    np.empty(0),
                    np.zeros(2, dtype=np.int64),
                )
            )


def _cuts(starts: npt.NDArray[np.int64], parts: int, length: int) -> bool:
    """Whether the numbers cut an array of this length into so many parts."""
    return starts.shape == (parts + 1,) and starts[0] == 0 and starts[-1] == length and bool((np.diff(starts) >= 0).all())
