"""What the resolver has to know: which columns there are."""

from __future__ import annotations

from typing import Protocol

from mabridge.plan.types import DataType


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
