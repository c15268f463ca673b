"""What the resolver has to know: which columns there are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Protocol

from mabridge.errors import InvalidInputError
from mabridge.plan.types import DataType

if TYPE_CHECKING:
    from mabridge.sql.typed import TypedColumn


class ScopeColumn(Protocol):
    """A column that a name can mean."""

    @property
    def name(self) -> str:
        """As Spark shows it."""

    @property
    def id(self) -> str:
        """Its id, under which its values are found when the expression is evaluated."""

    @property
    def kind(self) -> DataType:
        """Its type."""


class Scope(Protocol):
    """The columns at one place of a plan."""

    def columns(self) -> tuple[ScopeColumn, ...]:
        """All of them, in order."""

    def lookup(self, name: str) -> ScopeColumn | None:
        """The column of this name by the session's case rule; None where there is none.

        Raises:
            InvalidInputError: several columns answer to the name.
        """


class InnerScope:
    """The columns at one place inside a lambda function: those around it, and its parameters as `Variable`s.

    Attributes:
        outer: what is around it.
        parameters: typed columns by their names.
        depth: how many lambda functions are around the place.
    """

    def __init__(self, outer: Scope, parameters: Mapping[str, TypedColumn]) -> None:
        self.outer = outer
        self.parameters = parameters
        self.depth: int = depth_of(outer) + 1

    def columns(self) -> tuple[ScopeColumn, ...]:
        return self.outer.columns()

    def lookup(self, name: str) -> ScopeColumn | None:
        return self.outer.lookup(name)


def depth_of(scope: Scope) -> int:
    """How many lambda functions are around the place."""
    return scope.depth if isinstance(scope, InnerScope) else 0


def parameter_of(scope: Scope, name: str) -> TypedColumn:
    """The parameter of this name of the innermost lambda function that has one.

    Raises:
        InvalidInputError: there is none, which a statement that was read from text never has.
    """
    while isinstance(scope, InnerScope):
        if name in scope.parameters:
            return scope.parameters[name]
        scope = scope.outer
    raise InvalidInputError(f"The SQL expression has the variable {name} outside of its lambda function.")


class Session(Protocol):
    """The settings that decide an answer; `mabridge.plan.reference.Reference` is one."""

    @property
    def spark_version(self) -> str:
        """As the saved metadata has it."""

    @property
    def ansi(self) -> bool:
        """`spark.sql.ansi.enabled`."""

    @property
    def time_zone(self) -> str:
        """`spark.sql.session.timeZone`."""
