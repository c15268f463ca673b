"""Ops that make new features of all features of a vector: linear combinations and products."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from mabridge.errors import InvalidInputError
from mabridge.plan.bind import Binder
from mabridge.plan.op import READS, WRITES, Op
from mabridge.plan.types import VectorType

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class MultiplyMatrix(Op):
    """Each vector multiplied by a matrix (PCAModel, Spark 3.5), with the bits of Spark's BLAS on Java 11 and later. Every row comes out dense.

    Attributes:
        input: vectors of as many features as the matrix has columns.
        output: vectors of as many features as it has rows.
        matrix: float64, shape (outputs, features).
        by_rows: whether Spark holds that matrix row by row, which decides the order of its sums.
    """

    input: str = field(metadata=READS)
    output: str = field(metadata=WRITES)
    matrix: Floats
    by_rows: bool

    def bind(self, binder: Binder) -> None:
        refuse_no_matrix(binder, self.matrix)
        column = binder.read_vector(self.input)
        binder.refuse_existing(self.output)
        output = binder.set(self.output, VectorType(self.matrix.shape[0]))
        binder.emit(MultiplyMatrix(column.id, output, self.matrix, self.by_rows))


#: The most features that a Spark vector can have.
MOST_FEATURES = 2**31 - 1


@dataclass(frozen=True, eq=False)
class ExpandPolynomial(Op):
    """All products of up to `degree` features (PolynomialExpansion, Spark 3.5).

    For the features x, y and degree 2 the terms are x, x*x, y, x*y, y*y. A product that becomes 0.0 before all its factors are in stays 0.0. A sparse row stays
    sparse and stores the products that are not 0.0; a dense row stays dense.

    Attributes:
        input: vectors.
        output: vectors of C(features + degree, degree) - 1 features.
        degree: at least 1.
    """

    input: str = field(metadata=READS)
    output: str = field(metadata=WRITES)
    degree: int

    def bind(self, binder: Binder) -> None:
        if self.degree < 1:
            raise InvalidInputError(f"{binder.stage} has the degree {self.degree}; Spark takes 1 and more.")
        column = binder.read_vector(self.input)
        binder.refuse_existing(self.output)
        # Spark declares no size here, so a later stage that asks for one is refused there and here.
        binder.emit(ExpandPolynomial(column.id, binder.set(self.output, VectorType()), self.degree))


@dataclass(frozen=True, eq=False)
class CosineTransform(Op):
    """The discrete cosine transform of each vector, orthonormal (DCT, Spark 3.5). Every row comes out dense; a vector of one feature passes as it is.

    Each output is a sum over all features, so its rounding error is measured by the sum of their magnitudes. A row with NaN becomes NaN throughout.

    Attributes:
        input: vectors of at least one feature.
        output: vectors of the same size.
        inverse: whether to undo a transform.
    """

    input: str = field(metadata=READS)
    output: str = field(metadata=WRITES)
    inverse: bool

    def bind(self, binder: Binder) -> None:
        column = binder.read_vector(self.input)
        binder.refuse_existing(self.output)
        binder.emit(CosineTransform(column.id, binder.set(self.output, column.kind), self.inverse))


def polynomial_size(features: int, degree: int) -> int:
    """How many terms the expansion has, the constant among them; any number above MOST_FEATURES where a vector cannot hold them."""
    # C(34, 17) is more than 2^31, and larger numbers only take time.
    return math.comb(features + degree, degree) if min(features, degree) < 17 else 2 * MOST_FEATURES


def refuse_no_matrix(binder: Binder, matrix: Floats) -> None:
    """Stop a matrix that is none, or that makes no feature.

    Raises:
        InvalidInputError: it has another number of dimensions than two, or no row.
    """
    if matrix.ndim != 2 or matrix.shape[0] == 0:
        raise InvalidInputError(
            f"{binder.stage} multiplies by a matrix of the shape {matrix.shape}, which makes no features; Spark refuses to transform with it."
        )
