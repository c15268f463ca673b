"""What every op is: a frozen value whose fields say which columns it reads, which it writes, and with what it works."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from mabridge.plan.bind import Binder


#: Metadata of a field that names a column, or columns, the op reads; and of one that names what it writes.
READS, WRITES = {"column": "reads"}, {"column": "writes"}


@dataclass(frozen=True, eq=False)
class Op:
    """One thing done to data.

    In a translated plan the fields hold column names as Spark knows them; `bind` resolves them against a schema and emits the same op, or others, over
    column ids: unique names, each written once.

    Attributes:
        deterministic: whether Spark's optimizer may move a later row filter before this op (its UDF is not marked non-deterministic). It decides whether a row
            that is filtered out later can still be refused here.
        takes_any_size: whether the op looks at each vector's own size. Then the vectors of an input column come to it as they were read, and it leaves the
            column with vectors of one size.
        always_runs: whether it runs even where nobody reads what it writes, because it may refuse rows.
        leaves_row_order_open: whether Spark says nothing of the order of the rows behind it, as after a join that shuffles.
    """

    deterministic: ClassVar[bool] = True
    takes_any_size: ClassVar[bool] = False
    always_runs: ClassVar[bool] = False
    leaves_row_order_open: ClassVar[bool] = False

    def bind(self, binder: Binder) -> None:
        """Resolve the op's columns in the binder's scope, check their types, declare its outputs and emit what is to run.

        Raises:
            MissingColumnError, InvalidInputError: the columns at hand do not fit.
        """
        raise NotImplementedError(f"{type(self).__name__} cannot be bound")

    @property
    def read_columns(self) -> tuple[str, ...]:
        return tuple(self._columns("reads"))

    @property
    def written_columns(self) -> tuple[str, ...]:
        return tuple(self._columns("writes"))

    @property
    def exact_columns(self) -> tuple[str, ...]:
        """The written double columns that hold labels, whatever their attributes say."""
        return ()

    @property
    def unordered_columns(self) -> tuple[str, ...]:
        """The written array columns in which Spark leaves the order of the elements open."""
        return ()

    def _columns(self, role: str) -> Iterator[str]:
        for spec in fields(self):
            if spec.metadata.get("column") == role:
                value = getattr(self, spec.name)
                if isinstance(value, str):
                    yield value
                elif value is not None:
                    yield from value

    def with_columns(self, rename_reads: Callable[[str], str], rename_writes: Callable[[str], str]) -> Op:
        """The same op over other columns."""
        changes: dict[str, Any] = {}
        for spec in fields(self):
            role = spec.metadata.get("column")
            if role is None:
                continue
            rename = rename_reads if role == "reads" else rename_writes
            value = getattr(self, spec.name)
            if isinstance(value, str):
                changes[spec.name] = rename(value)
            elif value is not None:
                changes[spec.name] = tuple(rename(name) for name in value)
        return replace(self, **changes)

    @property
    def settings(self) -> dict[str, Any]:
        """The fields that are not columns."""
        return {spec.name: getattr(self, spec.name) for spec in fields(self) if "column" not in spec.metadata}


@dataclass(frozen=True)
class StageRef:
    """The stage that an op comes from.

    Attributes:
        location: its place in the pipeline, `stages[2]` or `stages[1].stages[0]`; empty for a model saved alone.
        class_name: Spark's full class name.
        uid: the stage's uid.
    """

    location: str
    class_name: str
    uid: str

    def __str__(self) -> str:
        name = self.class_name.rsplit(".", 1)[-1]
        return f"{self.location} {name} ({self.uid})" if self.location else f"{name} ({self.uid})"


@dataclass(frozen=True, eq=False)
class Step:
    """An op and the stage it comes from."""

    op: Op
    stage: StageRef
