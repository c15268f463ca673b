"""Bind a plan to the schema of the data: names become column ids, types become known, SQL is resolved.

Spark does the same between `transformSchema` and the analyser, and with the same results: a stage that replaces a column, a name that differs by case, a
statement that repeats a column.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from mabridge.counted import counted
from mabridge.errors import InvalidInputError, MissingColumnError
from mabridge.plan.attributes import AttributeGroup, Attributes, NominalAttribute, NumericAttribute, attributes_to_json
from mabridge.plan.op import Op, StageRef, Step
from mabridge.plan.reference import Reference
from mabridge.plan.spark_schema import InputColumn
from mabridge.plan.types import BooleanType, DataType, NumericType, VectorType

#: The most labels that the output's metadata list for one column.
MOST_LABELS = 2_000_000


@dataclass(frozen=True)
class BoundColumn:
    """A column of the data at one place of the plan.

    Attributes:
        name: as Spark shows it.
        id: unique in the bound plan; written by one op, or read from the input.
        kind: its type.
        attributes: its ML attributes, where it has any.
        metadata: what is written as its metadata, where that is more than the attributes: what the input's file says of a column that passes.
    """

    name: str
    id: str
    kind: DataType
    attributes: Attributes = None
    metadata: Mapping[str, Any] | None = None

    @property
    def written_metadata(self) -> Mapping[str, Any]:
        """The column's metadata as Spark writes it, but for labels beyond MOST_LABELS, which are counted and not listed."""
        if self.metadata is not None:
            return self.metadata
        found = self.attributes
        if isinstance(found, NominalAttribute) and found.values is not None and len(found.values) > MOST_LABELS:
            # A file whose footer lists ten million labels can be read by nobody.
            found = replace(found, count=len(found.values), values=None)
        return attributes_to_json(found)

    @property
    def num_values(self) -> int | None:
        """How many categories its ML attribute declares, where it declares them."""
        return None if self.attributes is None or isinstance(self.attributes, AttributeGroup) else self.attributes.num_values

    @property
    def continuous(self) -> bool:
        """Whether its ML attribute says that it is numeric."""
        return isinstance(self.attributes, NumericAttribute)

    @property
    def group(self) -> AttributeGroup:
        """The attributes of a vector column; a group that knows nothing where there are none."""
        return self.attributes if isinstance(self.attributes, AttributeGroup) else AttributeGroup(None)


@dataclass(frozen=True, eq=False)
class BoundPlan:
    """A plan over column ids, for one input schema.

    Attributes:
        inputs: the input's columns, in its order (id = name unless names repeat).
        steps: the ops in order; each reads ids that are inputs or were written before it.
        outputs: what `transform` returns, in order.
        kinds: the type of every id.
    """

    inputs: tuple[BoundColumn, ...]
    steps: tuple[Step, ...]
    outputs: tuple[BoundColumn, ...]
    kinds: dict[str, DataType]


class Binder:
    """The scope while a plan is bound: which names exist now, and what they are."""

    def __init__(self, inputs: Sequence[InputColumn], reference: Reference) -> None:
        self.reference = reference
        self.kinds: dict[str, DataType] = {}
        self.columns: list[BoundColumn] = []
        self.steps: list[Step] = []
        self.stage = StageRef("", "", "")
        #: The names that were there when the stage began.
        self.names_before: frozenset[str] = frozenset()
        for column in inputs:
            self.columns.append(replace(self._fresh(column.name, column.kind, None, column.attributes), metadata=column.metadata))
        self.inputs = tuple(self.columns)

    def lookup(self, name: str) -> BoundColumn | None:
        """The column Spark's resolver finds for a name: exact or, unless the session is case sensitive, by any case; None where there is none.

        Raises:
            InvalidInputError: several columns answer to the name.
        """
        found = [column for column in self.columns if self.reference.same_name(column.name, name)]
        if len(found) > 1:
            raise InvalidInputError(f"{self.stage} reads `{name}`, and the data has {len(found)} columns of that name; rename all but one.")
        return found[0] if found else None

    def read(self, name: str) -> BoundColumn:
        """The column of exactly this name, as `StructType.apply` finds it in `transformSchema`.

        Raises:
            MissingColumnError: there is none.
            InvalidInputError: Spark would find two.
        """
        if not any(column.name == name for column in self.columns):
            raise MissingColumnError(self._missing(name))
        if "." in name or "`" in name:
            # `Dataset.col` takes a dot for a struct's field and reads backticks away, so Spark's stages cannot read such a column.
            raise InvalidInputError(
                f"{self.stage} reads the column `{name}`; Spark's stages cannot read a name with a dot or a backtick. Rename it before the stage."
            )
        column = self.lookup(name)
        assert column is not None
        return column

    def _missing(self, name: str) -> str:
        near = [column.name for column in self.columns if column.name.lower() == name.lower()]
        hint = f" There is `{near[0]}`: Spark's stages look names up by exact case." if near else ""
        shown = ", ".join(f"`{column.name}`" for column in self.columns[:30]) or "no columns"
        return f"{self.stage} reads the column `{name}`, which is not there.{hint} The columns at that point: {shown}."

    def read_numeric(self, name: str) -> BoundColumn:
        """A numeric column.

        Raises:
            MissingColumnError, InvalidInputError: absent, or of another type.
        """
        return self._expect(self.read(name), (NumericType,), "a numeric type")

    def read_vector(self, name: str, size: int | None = None) -> BoundColumn:
        """A vector column, of `size` features where both sides know their size.

        Raises:
            MissingColumnError, InvalidInputError: absent, of another type or another size.
        """
        column = self._expect(self.read(name), (VectorType,), "vector")
        assert isinstance(column.kind, VectorType)
        if size is not None and column.kind.size is not None and column.kind.size != size:
            raise InvalidInputError(f"{self.stage} expects vectors of {counted(size, 'feature')} in `{name}`; the column holds vectors of {column.kind.size}.")
        return column

    def read_assemblable(self, name: str) -> BoundColumn:
        """A numeric, boolean or vector column."""
        return self._expect(self.read(name), (NumericType, BooleanType, VectorType), "a numeric type, boolean or vector")

    def _expect(self, column: BoundColumn, kinds: tuple[type[DataType], ...], wanted: str) -> BoundColumn:
        if not isinstance(column.kind, kinds):
            raise InvalidInputError(f"{self.stage} expects {wanted} in `{column.name}`; the column is {column.kind}. Cast it before prediction.")
        return column

    def refuse_existing(self, name: str) -> None:
        """Spark's `appendColumn` check: an output column of exactly this name may not exist.

        Raises:
            InvalidInputError: it does.
        """
        if any(column.name == name for column in self.columns):
            raise InvalidInputError(f"{self.stage} writes the column `{name}`, which already exists; Spark refuses this too. Drop or rename it first.")

    def set(self, name: str, kind: DataType, num_values: int | None = None, *, attributes: Attributes | Literal["usual"] = "usual") -> str:
        """Add or replace a column as `Dataset.withColumn` does.

        Args:
            name: the column.
            kind: its type.
            num_values: the number of categories, where that is all that its ML attribute says.
            attributes: its ML attributes; "usual" stands for what `num_values` says and, for vectors of a known size, their size.

        Returns:
            The new id.
        """
        for place, column in enumerate(self.columns):
            if self.reference.same_name(column.name, name):
                fresh = self._fresh(name, kind, num_values, attributes)
                self.columns[place] = fresh
                return fresh.id
        return self.append(name, kind, num_values=num_values, attributes=attributes)

    def append(self, name: str, kind: DataType, *, num_values: int | None = None, attributes: Attributes | Literal["usual"] = "usual") -> str:
        """Add a column at the end as `select(col("*"), x.as(name))` does; arguments and result as for `set`."""
        column = self._fresh(name, kind, num_values, attributes)
        self.columns.append(column)
        return column.id

    def select(self, columns: Iterable[BoundColumn]) -> None:
        """Let these, and only these, be the columns from here on."""
        self.columns = list(columns)

    def new_column(self, name: str, kind: DataType, *, num_values: int | None = None, attributes: Attributes | Literal["usual"] = "usual") -> BoundColumn:
        """A column with a fresh id that is not in scope yet; arguments as for `set`."""
        return self._fresh(name, kind, num_values, attributes)

    def set_same(self, name: str, column: BoundColumn) -> str:
        """Add or replace a column that is another one cast to its own type; the new id.

        In the plan it has no attributes. Spark's optimizer leaves the cast out when it writes, and with the column come the column's metadata.
        """
        column_id = self.set(name, column.kind, attributes=None)
        self.columns = [replace(other, metadata=column.written_metadata) if other.id == column_id else other for other in self.columns]
        return column_id

    def redeclare(self, column: BoundColumn, kind: DataType, attributes: Attributes, metadata: Mapping[str, Any] | None = None) -> None:
        """Say something else about a column in scope; its data stay. `metadata` is what is written, where that is more than the attributes."""
        self.kinds[column.id] = kind
        self.columns = [replace(other, kind=kind, attributes=attributes, metadata=metadata) if other is column else other for other in self.columns]

    def derive(self, column: BoundColumn, kind: DataType, op: Callable[[str, str], Op]) -> BoundColumn:
        """A column that nobody sees, made of another by an op of one input and one output."""
        derived = self.new_column(f"{column.name}:{kind}", kind)
        self.emit(op(column.id, derived.id))
        return derived

    def rename(self, column: BoundColumn, name: str) -> BoundColumn:
        """The same column under another name."""
        return replace(column, name=name)

    def emit(self, op: Op) -> None:
        """Add an op, over column ids, to what will run."""
        self.steps.append(Step(op, self.stage))

    def _fresh(self, name: str, kind: DataType, num_values: int | None, attributes: Attributes | Literal["usual"]) -> BoundColumn:
        column_id, count = name, 1
        while column_id in self.kinds:
            count += 1
            column_id = f"{name}#{count}"
        self.kinds[column_id] = kind
        return BoundColumn(name, column_id, kind, _usual(kind, num_values) if attributes == "usual" else attributes)


def _usual(kind: DataType, num_values: int | None) -> Attributes:
    if num_values is not None:
        return NominalAttribute(count=num_values)
    return AttributeGroup(kind.size) if isinstance(kind, VectorType) and kind.size is not None else None


def bind(steps: Sequence[Step], inputs: Sequence[InputColumn], reference: Reference) -> BoundPlan:
    """Bind steps to an input schema.

    Args:
        steps: translated steps, over names.
        inputs: the input's columns, in order.
        reference: whose rules hold.

    Raises:
        MissingColumnError, InvalidInputError, UnsupportedExpressionError: the schema does not fit the plan.
    """
    binder = Binder(inputs, reference)
    stage = None
    for step in steps:
        if step.stage is not stage:
            stage = binder.stage = step.stage
            binder.names_before = frozenset(column.name for column in binder.columns)
        step.op.bind(binder)
    return BoundPlan(binder.inputs, settle_filters(binder.steps), tuple(binder.columns), binder.kinds)


def settle_filters(steps: Sequence[Step]) -> tuple[Step, ...]:
    """Put each row filter where Spark evaluates it: before every earlier deterministic op that it does not depend on.

    Spark's optimizer pushes filters through projections of deterministic expressions (PushPredicateThroughNonJoin, 3.5), so a row that a later stage drops is
    not refused by an earlier deterministic UDF; a non-deterministic one (StringIndexer's, VectorAssembler's) stops the filter. Filters keep their order, but
    one on what a join gave (an op that always runs) stays above the join, and a later one that needs nothing of it does not. This is meaning, not speed.
    """
    ordered: list[Step] = []
    for step in steps:
        if not _filters_rows(step.op):
            ordered.append(step)
            continue
        barrier = 0
        for place, earlier in enumerate(ordered):
            if not earlier.op.deterministic:
                barrier = place + 1
        joined: set[str] = set()
        for earlier in ordered[barrier:]:
            if earlier.op.always_runs or joined.intersection(earlier.op.read_columns):
                joined.update(earlier.op.written_columns)
        needed = set(step.op.read_columns)
        above = bool(joined & needed)
        before: list[Step] = []
        after: list[Step] = []
        for earlier in reversed(ordered[barrier:]):
            in_turn = _filters_rows(earlier.op) and (above or not joined.intersection(earlier.op.read_columns))
            if in_turn or needed.intersection(earlier.op.written_columns):
                needed.update(earlier.op.read_columns)
                before.append(earlier)
            else:
                after.append(earlier)
        ordered[barrier:] = [*reversed(before), step, *reversed(after)]
    return tuple(ordered)


def _filters_rows(op: Op) -> bool:
    from mabridge.plan.ops.rows import RowFilter

    return isinstance(op, RowFilter)
