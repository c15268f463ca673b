"""Ops that hash vectors so that near ones meet: one hash a table."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from mabridge.errors import InvalidInputError
from mabridge.plan.bind import Binder, BoundColumn
from mabridge.plan.op import READS, WRITES, Op
from mabridge.plan.types import ArrayType, VectorType


@dataclass(frozen=True, eq=False)
class ProjectToBuckets(Op):
    """The bucket of each vector along several directions (BucketedRandomProjectionLSHModel, Spark 3.5), with the bits of Spark's BLAS on Java 11 and later.

    Attributes:
        input: vectors of as many features as the directions have.
        output: for each vector an array with one dense vector of one feature for each direction: floor(direction . vector / bucket_length).
        directions: float64, shape (tables, features).
        by_rows: whether Spark holds them row by row, which decides the order of its sums.
        bucket_length: more than 0.
    """

    input: str = field(metadata=READS)
    output: str = field(metadata=WRITES)
    directions: npt.NDArray[np.float64]
    by_rows: bool
    bucket_length: float

    def bind(self, binder: Binder) -> None:
        if self.directions.ndim != 2 or not self.bucket_length > 0:
            raise InvalidInputError(
                f"{binder.stage} needs a matrix of directions and a bucket length above 0; it has {self.directions.shape}, {self.bucket_length}."
            )
        column = hashed_column(binder, self.input, self.output)
        output = binder.set(self.output, ArrayType(VectorType()))
        binder.emit(ProjectToBuckets(column.id, output, self.directions, self.by_rows, self.bucket_length))


@dataclass(frozen=True, eq=False)
class HashMinimum(Op):
    """The least hash of the features that are not zero, for several hash functions (MinHashLSHModel, Spark 3.5).

    A vector without such a feature is refused.

    Attributes:
        input: vectors.
        output: for each vector an array with one dense vector of one feature for each function: the least of ((1 + feature) * a + b) % 2038074743.
        factors: int64, shape (functions,), each a: a 32-bit integer.
        offsets: int64, shape (functions,), each b.
    """

    input: str = field(metadata=READS)
    output: str = field(metadata=WRITES)
    factors: npt.NDArray[np.int64]
    offsets: npt.NDArray[np.int64]

    def bind(self, binder: Binder) -> None:
        if self.factors.ndim != 1 or self.factors.shape != self.offsets.shape or (np.abs([self.factors, self.offsets]) > 2**31).any():
            raise InvalidInputError(f"{binder.stage} needs as many factors as offsets, all of them 32-bit integers; convert the Spark model again.")
        column = hashed_column(binder, self.input, self.output)
        binder.emit(HashMinimum(column.id, binder.set(self.output, ArrayType(VectorType())), self.factors, self.offsets))


def hashed_column(binder: Binder, name: str, output: str) -> BoundColumn:
    """The input, found as `Dataset.col` finds it: these stages look at no schema first, so the case of its name need not agree.

    Raises:
        MissingColumnError, InvalidInputError: it is absent or holds no vectors, or the output exists.
    """
    found = None if "." in name or "`" in name else binder.lookup(name)
    column = binder.read(name) if found is None else found
    if not isinstance(column.kind, VectorType):
        raise InvalidInputError(f"{binder.stage} expects vectors in `{column.name}`; the column is {column.kind}. Spark refuses this too.")
    binder.refuse_existing(output)
    return column
