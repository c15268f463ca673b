"""Expressions after resolution: columns are ids, every node has a type, and every implicit cast is written out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from mabridge.lower.columns import ScalarColumn
from mabridge.plan.types import DataType
from mabridge.sql.cells import in_arrow
from mabridge.sql.scope import Session

if TYPE_CHECKING:
    from mabridge.sql.functions.function import Function


@dataclass(frozen=True, eq=False)
class TypedExpression:
    """The base of the nodes below.

    Attributes:
        kind: the type of its values.
        nullable: whether Spark declares that it can be null.
        shown: the expression as Spark names it, for messages.
    """

    kind: DataType
    nullable: bool
    shown: str

    @property
    def children(self) -> tuple[TypedExpression, ...]:
        """The nodes right below this one."""
        return ()

    @property
    def raises(self) -> bool:
        """Whether evaluating it can refuse a row, so that it may be evaluated only where Spark would."""
        return False

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """The ids of the columns and of the outer lambda functions' parameters that it reads, each once, in the order of the text."""
        return tuple(dict.fromkeys(found for child in self.children for found in child.columns))

    def walk(self) -> Iterator[TypedExpression]:
        """The node and all below it, the node first."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(frozen=True, eq=False)
class TypedColumn(TypedExpression):
    """A column.

    Attributes:
        id: as the scope gave it.
        name: as the expression spells it.
    """

    id: str
    name: str

    @cached_property
    def columns(self) -> tuple[str, ...]:
        return (self.id,)


@dataclass(frozen=True, eq=False)
class TypedLambda(TypedExpression):
    """A lambda function; its type is its body's.

    Attributes:
        parameters: in order; columns of their own, with a value for each element.
        body: what it computes.
    """

    parameters: tuple[TypedColumn, ...]
    body: TypedExpression

    @property
    def children(self) -> tuple[TypedExpression, ...]:
        return (self.body,)

    @property
    def raises(self) -> bool:
        return self.body.raises

    @cached_property
    def columns(self) -> tuple[str, ...]:
        own = {parameter.id for parameter in self.parameters}
        return tuple(found for found in self.body.columns if found not in own)


@dataclass(frozen=True, eq=False)
class Constant(TypedExpression):
    """A value that is the same in every row.

    Attributes:
        column: one row that holds it.
        written: whether the statement has it as a literal; false where it was computed from literals.
    """

    column: ScalarColumn
    written: bool = False

    @property
    def value(self) -> Any:
        """The value as Python has it; None is null. Dates are days, timestamps microseconds."""
        if self.column.valid is not None and not self.column.valid[0]:
            return None
        return self.column.arrow[0].as_py() if in_arrow(self.kind) else self.column.values[0].item()


@dataclass(frozen=True, eq=False)
class TypedCall(TypedExpression):
    """A function, an operator, a cast or a CASE (conditions and values in turn, ELSE last).

    Attributes:
        function: what it does.
        args: of the types that the function takes.
        session: the settings under which it does it.
        may_raise: whether it can refuse a row by itself.
    """

    function: Function
    args: tuple[TypedExpression, ...]
    session: Session
    may_raise: bool

    @property
    def children(self) -> tuple[TypedExpression, ...]:
        return self.args

    @cached_property
    def raises(self) -> bool:
        return self.may_raise or any(arg.raises for arg in self.args)
