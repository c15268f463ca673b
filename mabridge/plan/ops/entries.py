"""Ops that look at the entries of vectors one by one: cut them at a threshold, divide them by their norm, choose some of them."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from mabridge.errors import InvalidInputError
from mabridge.plan.attributes import UNKNOWN, Attribute, AttributeGroup, BinaryAttribute, NominalAttribute, NumericAttribute
from mabridge.plan.bind import Binder
from mabridge.plan.op import READS, WRITES, Op
from mabridge.plan.types import DoubleType, VectorType


@dataclass(frozen=True, eq=False)
class Binarize(Op):
    """1.0 where a number is above a threshold, else 0.0 (Binarizer, Spark 3.5).

    Of a double column NaN becomes 0.0 and null stays null; from Spark 4.0 on it becomes 0.0. In a vector NaN is above a negative threshold and below any
    other; rows come out sparse or dense as `Vector.compressed` decides.

    Attributes:
        inputs: double or vector columns.
        outputs: one for each input, of its type; all inputs are read first.
        thresholds: float64, one for each input.
    """

    inputs: tuple[str, ...] = field(metadata=READS)
    outputs: tuple[str, ...] = field(metadata=WRITES)
    thresholds: npt.NDArray[np.float64]

    def bind(self, binder: Binder) -> None:
        columns = [binder.read(name) for name in self.inputs]
        for column, threshold in zip(columns, self.thresholds, strict=True):
            if not isinstance(column.kind, (DoubleType, VectorType)):
                raise InvalidInputError(
                    f"{binder.stage} expects doubles or vectors in `{column.name}`; the column is {column.kind}. Spark refuses this too: cast it to double."
                )
            if isinstance(column.kind, VectorType) and np.isnan(threshold):
                raise InvalidInputError(f"{binder.stage} has the threshold NaN for the vectors in `{column.name}`; Spark refuses this too.")
        for name in self.outputs:
            binder.refuse_existing(name)
        shown = self.outputs if binder.reference.case_sensitive else [name.lower() for name in self.outputs]
        if len(set(shown)) < len(shown):
            raise InvalidInputError(f"{binder.stage} writes one column twice; Spark refuses this too. Its outputs: {', '.join(self.outputs)}.")
        for place, (column, name) in enumerate(zip(columns, self.outputs, strict=True)):
            output = binder.set(name, column.kind, attributes="usual" if isinstance(column.kind, VectorType) else BinaryAttribute())
            binder.emit(Binarize((column.id,), (output,), self.thresholds[place : place + 1]))


@dataclass(frozen=True, eq=False)
class NormalizeRows(Op):
    """Each vector divided by its p-norm (Normalizer, Spark 3.5); one whose norm is 0.0 passes as it is.

    A sparse row stays sparse and only its stored entries are divided. For p = Infinity NaN does not count in the norm, as in Spark.

    Attributes:
        input: vectors.
        output: vectors of the same size.
        p: at least 1.0.
    """

    input: str = field(metadata=READS)
    output: str = field(metadata=WRITES)
    p: float

    def bind(self, binder: Binder) -> None:
        column = binder.read_vector(self.input)
        binder.refuse_existing(self.output)
        binder.emit(NormalizeRows(column.id, binder.set(self.output, column.kind), self.p))


@dataclass(frozen=True, eq=False)
class SelectFeatures(Op):
    """Some features of each vector, in ascending order (the selector models, Spark 3.5).

    A sparse row stays sparse and keeps what it stores, zeros too; a dense row stays dense. A feature beyond the end is stored nowhere in a sparse row and
    refused in a dense one.

    Attributes:
        input: vectors.
        output: vectors of `len(features)` features.
        features: int64, ascending, no number twice.
        nominal: whether features about which nothing is declared are declared as categories (ChiSqSelectorModel), else as numbers.
    """

    input: str = field(metadata=READS)
    output: str = field(metadata=WRITES)
    features: npt.NDArray[np.int64]
    nominal: bool = False

    def bind(self, binder: Binder) -> None:
        column = binder.read_vector(self.input)
        binder.refuse_existing(self.output)
        if len(self.features) and (self.features[0] < 0 or (np.diff(self.features) <= 0).any()):
            raise InvalidInputError(f"{binder.stage} selects features whose numbers are negative or do not ascend; convert the Spark model again.")
        output = binder.set(self.output, VectorType(len(self.features)), attributes=self._declared(column.group))
        binder.emit(SelectFeatures(column.id, output, self.features, self.nominal))

    def _declared(self, group: AttributeGroup) -> AttributeGroup:
        if group.unknown:
            return UNKNOWN
        # Of a group that describes its features Spark keeps what it has; a number beyond its end is left out.
        chosen = [place for place in self.features.tolist() if group.size is None or place < group.size] if group.described else self.features.tolist()
        plain: Attribute = NominalAttribute() if self.nominal else NumericAttribute()
        return AttributeGroup(len(chosen), lambda: {new: group.feature(place) if group.described else plain for new, place in enumerate(chosen)})
