"""Ops that keep or drop rows, and the SQL projection."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from mabridge.plan.bind import Binder
from mabridge.plan.op import READS, WRITES, Op

if TYPE_CHECKING:
    from mabridge.sql import Statement


@dataclass(frozen=True, eq=False)
class RowFilter(Op):
    """The base of ops that drop rows and write no column."""


@dataclass(frozen=True, eq=False)
class DropMissing(RowFilter):
    """Drop the rows in which one of the columns is null or NaN (`Dataset.na.drop`, Spark 3.5).

    Attributes:
        inputs: the columns; those that are not there are passed over where `when_absent` is "skip".
    """

    inputs: tuple[str, ...] = field(metadata=READS)
    when_absent: str = "error"

    def bind(self, binder: Binder) -> None:
        if self.when_absent == "skip":
            present = {column.name for column in binder.columns}
            columns = [binder.read(name) for name in self.inputs if name in present]
        else:
            columns = [binder.read(name) for name in self.inputs]
        if columns:
            binder.emit(DropMissing(tuple(column.id for column in columns)))


@dataclass(frozen=True, eq=False)
class KeepListed(RowFilter):
    """Keep the rows whose column, cast to string, is one of the labels (the filter of StringIndexerModel under handleInvalid `skip`, Spark 3.5).

    Attributes:
        input: the column, of any type that casts to string.
        labels: string array.
    """

    input: str = field(metadata=READS)
    labels: pa.Array

    def bind(self, binder: Binder) -> None:
        column = binder.lookup(self.input) or binder.read(self.input)
        binder.emit(KeepListed(column.id, self.labels))


@dataclass(frozen=True, eq=False)
class KeepWhere(RowFilter):
    """Keep the rows in which a condition is true; exists in bound plans only.

    Attributes:
        columns: the ids that the condition reads.
        condition: a typed boolean expression over column ids (`mabridge.sql.TypedExpression`).
    """

    columns: tuple[str, ...] = field(metadata=READS)
    condition: Any


@dataclass(frozen=True, eq=False)
class Evaluate(Op):
    """A column from an expression; exists in bound plans only.

    Attributes:
        columns: the ids that the expression reads.
        output: the id that it writes.
        expression: a typed expression over column ids (`mabridge.sql.TypedExpression`).
    """

    columns: tuple[str, ...] = field(metadata=READS)
    output: str = field(metadata=WRITES)
    expression: Any


@dataclass(frozen=True, eq=False)
class Project(Op):
    """SELECT ... FROM __THIS__ WHERE ...: the columns that a statement names, in its order.

    Binding turns it into `KeepWhere` and one `Evaluate` for each item that is more than a column.

    Attributes:
        statement: the parsed statement.
    """

    statement: Statement

    def bind(self, binder: Binder) -> None:
        from mabridge.plan.project import bind_statement

        bind_statement(self.statement, binder)
