"""Ops that make and change vector columns."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import ClassVar, Literal

import numpy as np
import numpy.typing as npt

from mabridge.errors import InvalidInputError
from mabridge.plan.attributes import UNKNOWN, Attribute, AttributeGroup, BinaryAttribute, NominalAttribute, NumericAttribute, named_group, with_name
from mabridge.plan.bind import Binder, BoundColumn
from mabridge.plan.op import READS, WRITES, Op
from mabridge.plan.types import DoubleType, VectorType

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class OneHot(Op):
    """A category index as a sparse vector with at most one 1.0 (OneHotEncoderModel, Spark 3.5).

    The index is cut to a whole number; null stays null.

    Attributes:
        input: a numeric column.
        output: sparse vectors of `size` features.
        categories: how many categories there are; valid indices are 0 <= x < categories.
        drop_last: whether the last category (the invalid one, where it is kept) is all zeros.
        invalid: "error" refuses an index outside; "keep" gives it a category of its own behind the others; "zeros" refuses a negative one alone and
            makes the others all zeros, NaN too.
    """

    input: str = field(metadata=READS)
    output: str = field(metadata=WRITES)
    categories: int
    drop_last: bool
    invalid: Literal["error", "keep", "zeros"]

    @property
    def size(self) -> int:
        return self.categories + (self.invalid == "keep") - self.drop_last

    def _names(self, column: BoundColumn) -> dict[int, Attribute]:
        """Each category under the name that the input's attribute gives it, else under its number."""
        names = [str(place) for place in range(self.categories)]
        match column.attributes:
            case NominalAttribute(values=values) if values is not None:
                names = values.to_list()
            case BinaryAttribute(values=values) if values is not None:
                names = list(values)
        return {place: BinaryAttribute(name) for place, name in enumerate([*names, "invalidValues"][: self.size])}

    def bind(self, binder: Binder) -> None:
        column = binder.read_numeric(self.input)
        binder.refuse_existing(self.output)
        if column.continuous:
            raise InvalidInputError(f"{binder.stage} encodes categories, and `{self.input}` declares that it is continuous; Spark refuses this too.")
        if column.num_values is not None and column.num_values != self.categories:
            raise InvalidInputError(
                f"{binder.stage} was fitted on {self.categories} categories in `{self.input}`, and the column declares {column.num_values}; "
                "Spark refuses this too."
            )
        if self.drop_last and self.invalid != "keep" and column.num_values is not None and column.num_values < 2:
            raise InvalidInputError(f"{binder.stage} drops the last category, and `{self.input}` declares {column.num_values}; Spark refuses this too.")
        output = binder.set(self.output, VectorType(self.size), attributes=named_group(self.size, partial(self._names, column)))
        binder.emit(OneHot(column.id, output, self.categories, self.drop_last, self.invalid))


@dataclass(frozen=True, eq=False)
class AssembleVector(Op):
    """Numbers and vectors side by side in one vector (VectorAssembler, Spark 3.5).

    Rows come out sparse or dense as `Vector.compressed` decides; -0.0 in becomes 0.0.

    Attributes:
        inputs: numeric, boolean or vector columns.
        output: vectors.
        invalid: "error" refuses a row with a null, or with NaN in a scalar column; "keep" lets NaN through and turns null into NaN.
    """

    deterministic: ClassVar[bool] = False

    inputs: tuple[str, ...] = field(metadata=READS)
    output: str = field(metadata=WRITES)
    invalid: Literal["error", "keep"]

    def bind(self, binder: Binder) -> None:
        columns = [binder.read_assemblable(name) for name in self.inputs]
        binder.refuse_existing(self.output)
        sizes = [column.kind.size if isinstance(column.kind, VectorType) else 1 for column in columns]
        if self.invalid == "keep":
            unknown = [column.name for column, size in zip(columns, sizes, strict=True) if size is None]
            if unknown:
                raise InvalidInputError(
                    f"{binder.stage} has handleInvalid = `keep`, and the size of the vectors in {', '.join(f'`{name}`' for name in unknown)} "
                    "is not known; "
                    "Spark refuses this too. Give the column as fixed-size lists, or put a VectorSizeHint before it."
                )
        total = None if None in sizes else sum(size for size in sizes if size is not None)
        known = total is not None and not any(column.group.unknown for column in columns)
        group = named_group(total, partial(_assembled, tuple(columns))) if known and total is not None else UNKNOWN
        output = binder.append(self.output, VectorType(total), attributes=group)
        binder.emit(AssembleVector(tuple(column.id for column in columns), output, self.invalid))


def _assembled(columns: tuple[BoundColumn, ...]) -> dict[int, Attribute]:
    """The attributes of columns side by side: a number under its column's name, a feature under `column_feature`."""
    features: dict[int, Attribute] = {}
    start = 0
    for column in columns:
        if not isinstance(column.kind, VectorType):
            # Of a column of another type than double Spark does not ask the attribute.
            known = column.attributes if isinstance(column.kind, DoubleType) else None
            features[start] = NumericAttribute(column.name) if known is None or isinstance(known, AttributeGroup) else with_name(known, column.name)
            start += 1
            continue
        size = column.kind.size
        assert size is not None
        for place in range(size):
            feature = column.group.feature(place)
            features[start + place] = with_name(feature, f"{column.name}_{place if feature.name is None else feature.name}")
        start += size
    return features


@dataclass(frozen=True, eq=False)
class VectorFromNumber(Op):
    """Doubles as vectors of one feature; exists in bound plans only.

    Attributes:
        input: doubles.
        output: vectors, null where the double is.
    """

    input: str = field(metadata=READS)
    output: str = field(metadata=WRITES)


@dataclass(frozen=True, eq=False)
class ShiftScale(Op):
    """(x - shift) * scale, feature by feature (StandardScalerModel, MaxAbsScalerModel, RobustScalerModel, ElementwiseProduct, Spark 3.5).

    With a shift every row comes out dense; with a scale alone a sparse row stays sparse and only its stored entries are multiplied; with neither the
    vectors pass.

    Attributes:
        input: vectors.
        output: vectors of the same size.
        size: number of features.
        shift: float64, shape (size,), or None.
        scale: float64, shape (size,), or None.
        exact_size: whether vectors of fewer features are refused; Spark's scalers scale them as far as they go.
    """

    input: str = field(metadata=READS)
    output: str = field(metadata=WRITES)
    size: int
    shift: Floats | None
    scale: Floats | None
    exact_size: bool = False

    def bind(self, binder: Binder) -> None:
        refuse_no_features(binder, self.size)
        column = binder.read_vector(self.input)
        binder.refuse_existing(self.output)
        assert isinstance(column.kind, VectorType)
        # Spark declares the fitted size, whatever the input declares.
        output = binder.set(self.output, VectorType(self.size if column.kind.size is None else column.kind.size), attributes=AttributeGroup(self.size))
        binder.emit(ShiftScale(column.id, output, self.size, self.shift, self.scale, self.exact_size))


@dataclass(frozen=True, eq=False)
class MapRange(Op):
    """(x - minimum) * factor + offset, feature by feature; NaN stays (MinMaxScalerModel, Spark 3.5).

    Rows come out sparse or dense as `Vector.compressed` decides.

    Attributes:
        input: vectors.
        output: vectors of the same size.
        minimum: float64, shape (size,).
        factor: float64, shape (size,); where it is 0 the feature becomes `constant`.
        offset: added to each.
        constant: see `factor`.
    """

    input: str = field(metadata=READS)
    output: str = field(metadata=WRITES)
    minimum: Floats
    factor: Floats
    offset: float
    constant: float

    def bind(self, binder: Binder) -> None:
        refuse_no_features(binder, len(self.minimum))
        column = binder.read_vector(self.input)
        binder.refuse_existing(self.output)
        output = binder.set(self.output, VectorType(len(self.minimum)))
        binder.emit(MapRange(column.id, output, self.minimum, self.factor, self.offset, self.constant))


def refuse_no_features(binder: Binder, size: int) -> None:
    """Spark's attribute groups must not be empty, so a scaler of no features cannot transform.

    Raises:
        InvalidInputError: the size is 0.
    """
    if size == 0:
        raise InvalidInputError(f"{binder.stage} was fitted on vectors of no features; Spark refuses to transform with it.")
