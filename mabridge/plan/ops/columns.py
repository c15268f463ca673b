"""Ops that choose, expect and cast whole columns."""

from __future__ import annotations

from dataclasses import dataclass, field

from mabridge.errors import InvalidInputError
from mabridge.plan.attributes import read_attribute
from mabridge.plan.bind import Binder
from mabridge.plan.op import READS, WRITES, Op
from mabridge.plan.types import BooleanType, DoubleType, NumericType
from mabridge.saved.json_text import parse_json


@dataclass(frozen=True, eq=False)
class DropColumns(Op):
    """Leave out the columns of exactly these names, where they are there (Spark's ColumnPruner, 3.5).

    Attributes:
        names: the columns.
    """

    names: tuple[str, ...]

    def bind(self, binder: Binder) -> None:
        dropped = frozenset(self.names)
        # Spark selects each other column by its name, so a name that it cannot read is refused here.
        binder.select([binder.read(column.name) for column in binder.columns if column.name not in dropped])


@dataclass(frozen=True, eq=False)
class ExpectColumns(Op):
    """Refuse data in which a column stands in the way of a later one (RFormulaModel's first look at its input, Spark 3.5).

    Attributes:
        absent: columns that must not be there.
        numeric: columns that must be numeric where they are there.
    """

    absent: tuple[str, ...]
    numeric: tuple[str, ...]

    def bind(self, binder: Binder) -> None:
        for name in self.absent:
            binder.refuse_existing(name)
        for column in binder.columns:
            if column.name in self.numeric and not isinstance(column.kind, NumericType):
                raise InvalidInputError(f"{binder.stage} expects a numeric type in `{column.name}`; the column is {column.kind}. Spark refuses this too.")


@dataclass(frozen=True, eq=False)
class DoubleColumn(Op):
    """A number or truth value as a double, unless the output is there already or the input is not (the label of RFormulaModel, Spark 3.5).

    Attributes:
        input: a numeric or boolean column.
        output: double.
    """

    input: str = field(metadata=READS)
    output: str = field(metadata=WRITES)

    def bind(self, binder: Binder) -> None:
        names = {column.name for column in binder.columns}
        if self.output in names or self.input not in names:
            return
        column = binder.read(self.input)
        if not isinstance(column.kind, (NumericType, BooleanType)):
            raise InvalidInputError(
                f"{binder.stage} expects a numeric type or boolean as label in `{self.input}`; the column is {column.kind}. Spark refuses this too."
            )
        same = isinstance(column.kind, DoubleType)
        binder.emit(DoubleColumn(column.id, binder.set_same(self.output, column) if same else binder.set(self.output, DoubleType())))


@dataclass(frozen=True, eq=False)
class DeclareColumn(Op):
    """Say something else about a number (what OneVsRestModel keeps of its label, GBTRegressionModel's slip; Spark 3.5); its data stay.

    Attributes:
        column: a numeric column.
        like: the column whose metadata it gets, or None.
        metadata: a JSON object, its metadata where `like` is None.
    """

    column: str = field(metadata=READS)
    like: str | None = field(default=None, metadata=READS)
    metadata: str = "{}"

    def __post_init__(self) -> None:
        if not isinstance(parse_json(self.metadata.encode()), dict):
            raise ValueError("a column's metadata are not a JSON object")

    def bind(self, binder: Binder) -> None:
        metadata = parse_json(self.metadata.encode()) if self.like is None else binder.read(self.like).written_metadata
        column = binder.read_numeric(self.column)
        binder.redeclare(column, column.kind, read_attribute(metadata), metadata)
