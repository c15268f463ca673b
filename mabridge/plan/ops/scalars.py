"""Ops from scalar columns to scalar columns."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import ClassVar, Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from mabridge.errors import InvalidInputError
from mabridge.plan.attributes import Labels, NominalAttribute
from mabridge.plan.bind import Binder
from mabridge.plan.op import READS, WRITES, Op
from mabridge.plan.types import DoubleType, NumericType, StringType


@dataclass(frozen=True, eq=False)
class FillMissing(Op):
    """Replace null, and the value that stands for missing, by a surrogate (ImputerModel, Spark 3.5).

    Every value is cast to double, compared, and cast back to the column's own type, as Spark does.

    Attributes:
        inputs: numeric columns.
        outputs: one for each input, of its type; Spark lets an output replace a column, its own input too, and reads all inputs first.
        surrogates: float64, one for each input: what is put in.
        missing_value: what counts as missing beside null; NaN means NaN.
    """

    inputs: tuple[str, ...] = field(metadata=READS)
    outputs: tuple[str, ...] = field(metadata=WRITES)
    surrogates: npt.NDArray[np.float64]
    missing_value: float

    def bind(self, binder: Binder) -> None:
        columns = [binder.read_numeric(name) for name in self.inputs]
        for place, (column, name) in enumerate(zip(columns, self.outputs, strict=True)):
            output = binder.set(name, column.kind)
            binder.emit(FillMissing((column.id,), (output,), self.surrogates[place : place + 1], self.missing_value))


@dataclass(frozen=True, eq=False)
class LookupIndex(Op):
    """The index of a column's text among labels, as a double (StringIndexerModel, Spark 3.5).

    Attributes:
        input: a column of any type that casts to string; where it is absent the op does nothing, as in Spark.
        output: double.
        labels: string array; label i has index i (of equal labels the last counts).
        unseen: what a null or a text outside the labels becomes: "error" refuses the row, "keep" gives it the index len(labels).
    """

    deterministic: ClassVar[bool] = False

    input: str = field(metadata=READS)
    output: str = field(metadata=WRITES)
    labels: pa.Array
    unseen: Literal["error", "keep"]

    def bind(self, binder: Binder) -> None:
        # Spark's transformSchema passes over a column that is not there under exactly this name, and so does the output.
        # An output of the stage itself is not there yet for its other columns.
        if self.input not in binder.names_before:
            return
        column = binder.read(self.input)
        if not isinstance(column.kind, (StringType, NumericType)):
            raise InvalidInputError(
                f"{binder.stage} expects a string or numeric column in `{self.input}`; the column is {column.kind}. Spark refuses this too."
            )
        binder.refuse_existing(self.output)
        labels = Labels(self.labels, ("__unknown",) if self.unseen == "keep" else ())
        output = binder.set(self.output, DoubleType(), attributes=NominalAttribute(name=self.output, values=labels))
        binder.emit(LookupIndex(column.id, output, self.labels, self.unseen))


@dataclass(frozen=True, eq=False)
class Bucketize(Op):
    """The number of the interval that a value falls in, as a double (Bucketizer, Spark 3.5).

    Bucket i holds splits[i] <= x < splits[i + 1], the last one its upper end too; null stays null. -0.0 is less than a split of 0.0, as in
    `java.util.Arrays.binarySearch`.

    Attributes:
        input: a numeric column.
        output: double.
        splits: float64, ascending.
        keep_invalid: whether NaN gets the bucket len(splits) - 1; else it is refused. A value outside the splits is always refused.
    """

    input: str = field(metadata=READS)
    output: str = field(metadata=WRITES)
    splits: npt.NDArray[np.float64]
    keep_invalid: bool

    def bind(self, binder: Binder) -> None:
        from mabridge.sql.java_text import double_text

        column = binder.read_numeric(self.input)
        binder.refuse_existing(self.output)
        texts = [double_text(float(split)) for split in self.splits]
        buckets = Labels.of([f"{low}, {high}" for low, high in itertools.pairwise(texts)])
        output = binder.set(self.output, DoubleType(), attributes=NominalAttribute(ordinal=True, values=buckets))
        binder.emit(Bucketize(column.id, output, self.splits, self.keep_invalid))
