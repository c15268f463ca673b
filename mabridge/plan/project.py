"""Bind a SELECT: its WHERE becomes a row filter, each item that is more than a column an evaluation."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from mabridge.errors import InvalidInputError
from mabridge.plan.bind import Binder, BoundColumn
from mabridge.plan.ops.rows import Evaluate, KeepWhere
from mabridge.plan.types import BooleanType, VectorType

if TYPE_CHECKING:
    from mabridge.sql import Statement, TypedExpression


def bind_statement(statement: Statement, binder: Binder) -> None:
    """Resolve a statement in the binder's scope and make its items the new columns.

    Raises:
        MissingColumnError, InvalidInputError, UnsupportedExpressionError: the scope does not fit the statement.
    """
    from mabridge.sql import Star, cast_to_same, column_of, resolve

    scope = _Scope(binder)
    if statement.where is not None:
        condition = resolve(statement.where, scope, binder.reference)
        if not isinstance(condition.kind, BooleanType):
            raise InvalidInputError(f"{binder.stage}: the WHERE condition is {condition.kind}; Spark wants boolean.")
        for conjunct in _filters(condition, binder):
            binder.emit(KeepWhere(conjunct.columns, conjunct))
    before = list(binder.columns)
    chosen: list[BoundColumn] = []
    for item in statement.items:
        if isinstance(item, Star):
            chosen.extend(before)
            continue
        typed = resolve(item.expression, scope, binder.reference)
        source = column_of(typed)
        if source is not None:
            # A bare column, under this name or another, is the same data.
            column = next(column for column in before if column.id == source)
            chosen.append(binder.rename(column, item.name or column.name))
            continue
        # Only a bare column keeps its metadata, and with it the size of its vectors.
        column = binder.new_column(item.name, VectorType() if isinstance(typed.kind, VectorType) else typed.kind, attributes=None)
        same = cast_to_same(typed)
        if same is not None:
            # Spark's optimizer leaves such a cast out when it writes, and with the column come the column's metadata.
            column = replace(column, metadata=next(other for other in before if other.id == same).written_metadata)
        chosen.append(column)
        binder.emit(Evaluate(typed.columns, column.id, typed))
    binder.select(chosen)


def _filters(condition: TypedExpression, binder: Binder) -> list[TypedExpression]:
    """The conditions that a row must meet one after the other.

    Spark's FilterExec (3.5) asks the parts of an AND from left to right, each only of the rows that met those before it. That can be seen where a part reads
    what a stage computed: the stage must not refuse a row that an earlier part drops.
    """
    from mabridge.sql import conjuncts, is_not_null_column

    origins = _origins(binder)
    if not any(column in origins for column in condition.columns):
        return [condition]
    parts = conjuncts(condition)
    present = {part.columns[0]: part for part in parts if is_not_null_column(part)}
    ordered: list[TypedExpression] = []
    for part in parts:
        read = {base for column in part.columns for base in origins.get(column, {column})}
        # FilterExec asks whether a column is null before anything that reads it.
        ordered.extend(guard for column, guard in present.items() if column in read and guard not in ordered)
        if part not in ordered:
            ordered.append(part)
    return ordered


def _origins(binder: Binder) -> dict[str, set[str]]:
    """For each computed column, the columns on which a filter that reads it depends, once it stands below all deterministic ops."""
    found: dict[str, set[str]] = {}
    for step in binder.steps:
        read = {base for column in step.op.read_columns for base in found.get(column, {column})}
        for column in step.op.written_columns:
            found[column] = read if step.op.deterministic else {column}
    return found


class _Scope:
    """The binder as the SQL resolver sees it."""

    def __init__(self, binder: Binder) -> None:
        self._binder = binder

    def columns(self) -> tuple[BoundColumn, ...]:
        """All columns in scope, in order."""
        return tuple(self._binder.columns)

    def lookup(self, name: str) -> BoundColumn | None:
        """The column of this name by the session's case rule; None where there is none."""
        return self._binder.lookup(name)
