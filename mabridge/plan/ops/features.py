"""Ops that choose, index, cross, name and count the features of vector columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import ClassVar, Literal

import numpy as np
import numpy.typing as npt

from mabridge.counted import counted
from mabridge.errors import InvalidInputError
from mabridge.plan.attributes import (
    MAX_NAMED,
    UNKNOWN,
    Attribute,
    AttributeGroup,
    BinaryAttribute,
    Labels,
    NominalAttribute,
    NumericAttribute,
    named_group,
    with_name,
)
from mabridge.plan.bind import Binder, BoundColumn
from mabridge.plan.op import READS, WRITES, Op
from mabridge.plan.ops.rows import RowFilter
from mabridge.plan.reference import major_minor
from mabridge.plan.types import NumericType, VectorType

Floats = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]

#: Java's largest int: Spark counts features in it.
_MAX_INT = 2**31 - 1


@dataclass(frozen=True, eq=False)
class SliceFeatures(Op):
    """Some features of a vector, in any order (VectorSlicer, Spark 3.5).

    A dense row stays dense and a sparse one sparse; a sparse row keeps what is not zero, and a place outside a sparse row counts as zero.

    Attributes:
        input: vectors.
        output: vectors of len(places) + len(names) features.
        places: int64, which features come first.
        names: which features follow, by the name that the column's attributes give them; a bound op has none.
    """

    input: str = field(metadata=READS)
    output: str = field(metadata=WRITES)
    places: Places
    names: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.places.ndim != 1 or not len(self.places) + len(self.names) or len(np.unique(self.places)) != len(self.places):
            raise ValueError("features are chosen by distinct places or names, at least one")
        if len(self.places) and (self.places.min() < 0 or self.places.max() > _MAX_INT):
            raise ValueError("a feature's place is not a whole number from 0 to 2^31 - 1")

    def bind(self, binder: Binder) -> None:
        column = binder.read_vector(self.input)
        binder.refuse_existing(self.output)
        group = column.group
        if group.size is not None and len(self.places) and self.places.max() >= group.size:
            declared = counted(group.size, "feature")
            raise InvalidInputError(
                f"{binder.stage} selects the feature {self.places.max()} of `{self.input}`, which declares {declared}; Spark refuses this too."
            )
        places = np.concatenate([self.places, self._named(binder, group)])
        if len(np.unique(places)) != len(places):
            raise InvalidInputError(f"{binder.stage} selects a feature of `{self.input}` both by place and by name; Spark refuses this too.")
        chosen = (lambda: {new: group.feature(int(old)) for new, old in enumerate(places)}) if group.described else None
        output = binder.set(self.output, VectorType(len(places)), attributes=UNKNOWN if group.unknown else AttributeGroup(len(places), chosen))
        binder.emit(SliceFeatures(column.id, output, places))

    def _named(self, binder: Binder, group: AttributeGroup) -> Places:
        if not self.names:
            return np.empty(0, dtype=np.int64)
        if group.unknown:
            raise _not_before_the_data(binder, self.input)
        # Of features of one name the last counts, as in Spark's map.
        known = {feature.name: place for place, feature in group.features.items() if feature.name is not None}
        missing = [name for name in self.names if name not in known]
        if missing:
            raise InvalidInputError(
                f"{binder.stage} selects features of `{self.input}` by name, and its ML attributes name no {', '.join(f'`{name}`' for name in missing[:10])}; "
                "Spark refuses this too. Select by indices, or keep the column's attributes."
            )
        return np.array([known[name] for name in self.names], dtype=np.int64)


def _not_before_the_data(binder: Binder, name: str) -> InvalidInputError:
    return InvalidInputError(
        f"{binder.stage} needs the names of the features of `{name}`, and the size of some vectors in it is in no metadata; Spark reads the first row for it, "
        "mabridge does not. Put a VectorSizeHint before the stage that assembles them, or give them as fixed-size lists."
    )


@dataclass(frozen=True, eq=False)
class HintVectorSize(Op):
    """Declare the size of a column's vectors, and refuse or drop those of another size (VectorSizeHint, Spark 3.5).

    Attributes:
        column: vectors, replaced under its own name.
        size: number of features.
        invalid: what happens to null and to a vector of another size: "error" refuses the row, "skip" drops it, "optimistic" does not look.
    """

    column: str = field(metadata=READS)
    size: int
    invalid: Literal["error", "skip", "optimistic"]

    def bind(self, binder: Binder) -> None:
        column = binder.read_vector(self.column)
        declared = column.group.size
        if declared is not None and declared != self.size:
            raise InvalidInputError(
                f"{binder.stage} declares vectors of {counted(self.size, 'feature')} in `{self.column}`, which declares {declared}; Spark refuses too."
            )
        if self.invalid == "optimistic" and declared is not None:
            return
        group = AttributeGroup(self.size) if declared is None and not column.group.unknown else column.group
        kind = VectorType(self.size)
        if self.invalid == "error":
            binder.emit(CheckVectorSize(column.id, binder.set(self.column, kind, attributes=group), self.size))
            return
        if self.invalid == "skip":
            binder.emit(KeepVectorsOfSize(column.id, self.size))
        binder.redeclare(column, kind, group)


@dataclass(frozen=True, eq=False)
class CheckVectorSize(Op):
    """Refuse null and vectors of another size; exists in bound plans only. See `HintVectorSize`."""

    deterministic: ClassVar[bool] = False
    takes_any_size: ClassVar[bool] = True

    input: str = field(metadata=READS)
    output: str = field(metadata=WRITES)
    size: int


@dataclass(frozen=True, eq=False)
class KeepVectorsOfSize(RowFilter):
    """Drop the rows with null and with vectors of another size; exists in bound plans only. See `HintVectorSize`."""

    takes_any_size: ClassVar[bool] = True

    input: str = field(metadata=READS)
    size: int


@dataclass(frozen=True, eq=False)
class RenameFeatures(Op):
    """Rewrite the names of a vector's features, and move the column to the end (Spark's VectorAttributeRewriter, 3.5).

    Attributes:
        column: vectors with attributes.
        old: texts that are replaced wherever they stand in a name, one after the other.
        new: what each becomes.
    """

    column: str = field(metadata=READS)
    old: tuple[str, ...]
    new: tuple[str, ...]

    def __post_init__(self) -> None:
        if len(self.old) != len(self.new):
            raise ValueError("each text that is replaced needs one that replaces it")

    def bind(self, binder: Binder) -> None:
        column = binder.read_vector(self.column)
        if not column.group.described:
            raise InvalidInputError(
                f"{binder.stage} rewrites the names of the features of `{self.column}`, which has no ML attributes; Spark refuses this too."
            )
        binder.redeclare(column, column.kind, AttributeGroup(column.group.size, partial(self._renamed, column.group)))
        last = binder.read(self.column)
        binder.select([*(other for other in binder.columns if other is not last), last])

    def _renamed(self, group: AttributeGroup) -> dict[int, Attribute]:
        return {place: feature if feature.name is None else with_name(feature, self._rewritten(feature.name)) for place, feature in group.features.items()}

    def _rewritten(self, name: str) -> str:
        for old, new in zip(self.old, self.new, strict=True):
            name = name.replace(old, new)
        return name


def check_category_maps(num_features: int, features: Places, starts: Places, values: Floats, indices: Floats) -> None:
    """Whether category maps are whole; see `IndexFeatures` for what they hold.

    Raises:
        ValueError: they are not.
    """
    if not 0 <= num_features <= _MAX_INT or features.ndim != 1 or (np.diff(features) <= 0).any():
        raise ValueError("the indexed features do not ascend")
    if len(features) and (features[0] < 0 or features[-1] >= num_features):
        raise ValueError(f"an indexed feature lies outside the {counted(num_features, 'feature')}")
    if starts.shape != (len(features) + 1,) or starts[0] != 0 or starts[-1] != len(values) or (np.diff(starts) < 0).any():
        raise ValueError("the category maps do not stand one behind the other")
    if values.shape != indices.shape or values.ndim != 1 or not np.isfinite(indices).all():
        raise ValueError("the category maps' values and indices are not of one length")
    inside = np.ones(max(len(values) - 1, 0), dtype=np.bool_)
    inside[starts[(starts > 0) & (starts < len(values))] - 1] = False
    # NaN is no key that could be found, so it may stand last.
    if not (values[1:] > values[:-1])[inside & ~np.isnan(values[1:])].all():
        raise ValueError("the values of a category map do not ascend")


@dataclass(frozen=True, eq=False)
class IndexFeatures(Op):
    """Some features' values become category indices (VectorIndexerModel, Spark 3.5).

    Rows stay sparse or dense as they are; of a sparse row only stored entries are looked up. -0.0 is looked up as 0.0, NaN is never found.

    Attributes:
        input: vectors.
        output: vectors of the same size.
        num_features: number of features.
        features: int64, shape (k,), the features that are indexed, ascending.
        starts: int64, shape (k + 1,); feature i has the entries starts[i] up to starts[i + 1] of `values` and `indices`.
        values: float64, ascending within a feature.
        indices: float64, the index of each value.
        unseen: what a value that is not listed becomes: "error" refuses the row, "keep" gives it the number of the feature's values.
    """

    input: str = field(metadata=READS)
    output: str = field(metadata=WRITES)
    num_features: int
    features: Places
    starts: Places
    values: Floats
    indices: Floats
    unseen: Literal["error", "keep"]

    def __post_init__(self) -> None:
        check_category_maps(self.num_features, self.features, self.starts, self.values, self.indices)

    def bind(self, binder: Binder) -> None:
        column = binder.read_vector(self.input)
        declared = column.group.size
        if declared is not None and declared != self.num_features:
            fitted = counted(self.num_features, "feature")
            raise InvalidInputError(f"{binder.stage} was fitted on vectors of {fitted}, and `{self.input}` declares {declared}; Spark refuses this too.")
        # Until Spark 4.2 the attributes are made before the model knows its handleInvalid.
        names_unseen = self.unseen == "keep" and major_minor(binder.reference.spark_version) >= (4, 3)
        group = UNKNOWN if column.group.unknown else AttributeGroup(self.num_features, partial(self._attributes, column.group, names_unseen))
        output = binder.set(self.output, VectorType(self.num_features), attributes=group)
        binder.emit(IndexFeatures(column.id, output, self.num_features, self.features, self.starts, self.values, self.indices, self.unseen))

    def _attributes(self, before: AttributeGroup, names_unseen: bool) -> dict[int, Attribute]:
        """Indexed features are nominal with their values as labels (binary where there are two); the others stay what they were.

        Args:
            before: the attributes of the input.
            names_unseen: whether the index of what is not listed has a label too, and no feature is binary.
        """
        from mabridge.sql.java_text import double_text

        found = dict(before.features)
        for rank, place in enumerate(self.features.tolist()):
            name = before.feature(place).name
            texts = [double_text(float(value)) for value in self.values[self.starts[rank] : self.starts[rank + 1]]]
            if names_unseen:
                texts.append("__unknown")
            binary = len(texts) == 2 and not names_unseen
            found[place] = BinaryAttribute(name, (texts[0], texts[1])) if binary else NominalAttribute(name, False, values=Labels.of(texts))
        return found


@dataclass(frozen=True, eq=False)
class KeepIndexable(RowFilter):
    """Keep the rows in which `IndexFeatures` finds every value (VectorIndexerModel under handleInvalid `skip`, Spark 3.5).

    Attributes:
        input: vectors.
        num_features, features, starts, values, indices: as in `IndexFeatures`.
    """

    input: str = field(metadata=READS)
    num_features: int
    features: Places
    starts: Places
    values: Floats
    indices: Floats

    def __post_init__(self) -> None:
        check_category_maps(self.num_features, self.features, self.starts, self.values, self.indices)

    def bind(self, binder: Binder) -> None:
        column = binder.read_vector(self.input)
        binder.emit(KeepIndexable(column.id, self.num_features, self.features, self.starts, self.values, self.indices))


@dataclass(frozen=True, eq=False)
class Interact(Op):
    """The products of every feature of one column with every feature of the next (Interaction, Spark 3.5).

    A feature with a nominal attribute of n > 1 values counts as n features, 1.0 at its value; the first column's place counts most. Rows come out as
    `Vector.compressed` decides. Only what a sparse row stores is multiplied.

    Attributes:
        inputs: numeric or vector columns; a vector column needs ML attributes.
        output: vectors.
        widths: int64, shape (inputs,), how many features each column has; empty before the op is bound.
        counts: int64, shape (sum of widths,), as how many features each counts; empty before the op is bound.
    """

    inputs: tuple[str, ...] = field(metadata=READS)
    output: str = field(metadata=WRITES)
    widths: Places = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    counts: Places = field(default_factory=lambda: np.empty(0, dtype=np.int64))

    def __post_init__(self) -> None:
        if not self.inputs or len(set(self.inputs)) != len(self.inputs):
            raise ValueError("an interaction needs distinct input columns, at least one")

    def bind(self, binder: Binder) -> None:
        columns = [binder.read(name) for name in self.inputs]
        counts = [_feature_counts(binder, column) for column in columns]
        binder.refuse_existing(self.output)
        size = 1
        for one in counts:
            size *= int(one.sum())
        if size > _MAX_INT:
            raise InvalidInputError(f"{binder.stage} would make vectors of {counted(size, 'feature')}; Spark counts them in an int. Interact fewer columns.")
        output = binder.append(self.output, VectorType(size), attributes=named_group(size, partial(_interacted, columns)))
        widths = np.array([len(one) for one in counts], dtype=np.int64)
        binder.emit(Interact(tuple(column.id for column in columns), output, widths, np.concatenate(counts)))


def _feature_counts(binder: Binder, column: BoundColumn) -> Places:
    """As how many features each feature of a column counts."""
    if isinstance(column.kind, VectorType):
        size = column.group.size
        if column.group.unknown:
            raise _not_before_the_data(binder, column.name)
        if not column.group.described or size is None:
            raise InvalidInputError(
                f"{binder.stage} needs the ML attributes of the vector column `{column.name}`, and it has none; Spark refuses this too. "
                "Make the column with a VectorAssembler, or keep its attributes."
            )
        if size > MAX_NAMED:
            raise InvalidInputError(
                f"{binder.stage} reads `{column.name}`, which declares {counted(size, 'feature')}; at most {MAX_NAMED} are interacted. Slice it first."
            )
        counts = np.ones(size, dtype=np.int64)
        for place, feature in column.group.features.items():
            counts[place] = _values_of(binder, column, feature)
        return counts
    if not isinstance(column.kind, NumericType):
        raise InvalidInputError(f"{binder.stage} expects a numeric type or vector in `{column.name}`; the column is {column.kind}. Spark refuses this too.")
    known = column.attributes
    return np.array([1 if known is None or isinstance(known, AttributeGroup) else _values_of(binder, column, known)], dtype=np.int64)


def _values_of(binder: Binder, column: BoundColumn, feature: Attribute) -> int:
    if not isinstance(feature, NominalAttribute):
        return 1
    if feature.num_values is None:
        raise InvalidInputError(
            f"{binder.stage} reads `{column.name}`, whose nominal attribute does not say how many values there are; Spark refuses this too."
        )
    return max(1, feature.num_values)


def _interacted(columns: Sequence[BoundColumn]) -> dict[int, Attribute]:
    """The names `first:second`, each a column's feature, or a category of it."""
    found: list[Attribute] = []
    for column in reversed(columns):
        own = _encoded(column)
        found = [NumericAttribute(f"{head.name}:{tail.name}") for head in own for tail in found] if found else own
    return dict(enumerate(found))


def _encoded(column: BoundColumn) -> list[Attribute]:
    if isinstance(column.kind, VectorType):
        features: list[Attribute] = [column.group.feature(place) for place in range(column.group.size or 0)]
        prefix = f"{column.name}_"
    else:
        known = NumericAttribute() if column.attributes is None or isinstance(column.attributes, AttributeGroup) else column.attributes
        features, prefix = [known if known.name is not None else with_name(known, column.name)], ""
    encoded: list[Attribute] = []
    for place, feature in enumerate(features):
        name = f"{prefix}{place if feature.name is None else feature.name}"
        if isinstance(feature, NominalAttribute):
            values = [str(value) for value in range(feature.count or 0)] if feature.values is None else feature.values.to_list()
            encoded.extend(BinaryAttribute(f"{name}_{value}") for value in values)
        else:
            encoded.append(NumericAttribute(name))
    return encoded
