"""Bind a SELECT: its WHERE becomes a row filter, each item that is more than a column an evaluation."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from mabridge.errors import InvalidInputError
from mabridge.plan.bind import Binder, BoundColumn
from mabridge.plan.ops.rows import Evaluate, KeepWhere
from mabridge.plan.types import BooleanType, NullType

if TYPE_CHECKING:
    from mabridge.sql import Statement


def bind_statement(statement: Statement, binder: Binder) -> None:
    """Resolve a statement in the binder's scope and make its items the new columns.

    Raises:
        MissingColumnError, InvalidInputError, UnsupportedExpressionError: the scope does not fit the statement.
    """
    from mabridge.sql import Star, cast_to_same, column_of, resolve

    scope = _Scope(binder)
    if statement.where is not None:
        condition = resolve(statement.where, scope, binder.reference)
        if not isinstance(condition.kind, (BooleanType, NullType)):
            raise InvalidInputError(f"{binder.stage}: the WHERE condition is {condition.kind}; Spark wants boolean.")
        binder.emit(KeepWhere(condition.columns, condition))
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
        column = binder.new_column(item.name, typed.kind, attributes=None)
        same = cast_to_same(typed)
        if same is not None:
            # Spark's optimizer leaves such a cast out when it writes, and with the column come the column's metadata.
            column = replace(column, metadata=next(other for other in before if other.id == same).written_metadata)
        chosen.append(column)
        binder.emit(Evaluate(typed.columns, column.id, typed))
    binder.select(chosen)


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
