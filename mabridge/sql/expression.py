"""The tree of a SQL expression as Spark's parser sees it, before any column is known.

Operators are calls under their symbols (`+`, `<=>`, `and`); what Spark's parser rewrites (BETWEEN, IS TRUE, the simple CASE) is rewritten here too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from mabridge.plan.types import DataType

#: The deepest tree that is read; Spark itself runs out of stack some way beyond.
MAX_DEPTH = 200
#: The most nodes of one expression.
MAX_NODES = 100_000


@dataclass(frozen=True)
class Expression:
    """The base of the nodes below."""

    def children(self) -> tuple[Expression, ...]:
        """The nodes right below this one, in the order of the text."""
        return ()


@dataclass(frozen=True)
class Literal(Expression):
    """A constant.

    Attributes:
        value: None, bool, int, float, str, bytes or decimal.Decimal; a date as days and a timestamp as microseconds since 1970-01-01.
        kind: its Spark type.
    """

    value: Any
    kind: DataType


@dataclass(frozen=True)
class ColumnRef(Expression):
    """A column by name.

    Attributes:
        parts: the name's parts as written, without backticks, without the table's name in front.
        lateral: what an earlier item of the same SELECT calls by this name (Spark 3.4's lateral column alias); holds where the data has no such column.
    """

    parts: tuple[str, ...]
    lateral: Expression | None = None


@dataclass(frozen=True)
class Call(Expression):
    """A function or an operator.

    Attributes:
        name: in lower case.
        args: in order.
    """

    name: str
    args: tuple[Expression, ...]

    def children(self) -> tuple[Expression, ...]:
        return self.args


@dataclass(frozen=True)
class Case(Expression):
    """CASE WHEN condition THEN value ... ELSE otherwise END.

    Attributes:
        branches: (condition, value) pairs.
        otherwise: None where there is no ELSE.
    """

    branches: tuple[tuple[Expression, Expression], ...]
    otherwise: Expression | None = None

    def children(self) -> tuple[Expression, ...]:
        flat = tuple(part for branch in self.branches for part in branch)
        return flat if self.otherwise is None else (*flat, self.otherwise)


@dataclass(frozen=True)
class Cast(Expression):
    """CAST(value AS kind).

    Attributes:
        value: what is cast.
        kind: to which type.
        attempt: whether it is TRY_CAST, which gives null where CAST would raise.
    """

    value: Expression
    kind: DataType
    attempt: bool = False

    def children(self) -> tuple[Expression, ...]:
        return (self.value,)


@dataclass(frozen=True)
class Variable(Expression):
    """A parameter of the lambda function around it.

    Attributes:
        name: as the lambda function's head spells it.
    """

    name: str


@dataclass(frozen=True)
class Lambda(Expression):
    """`(parameters) -> body`, an argument of a higher-order function.

    Attributes:
        parameters: their names, in order.
        body: what it computes.
    """

    parameters: tuple[str, ...]
    body: Expression

    def children(self) -> tuple[Expression, ...]:
        return (self.body,)


def walk(expression: Expression) -> Iterator[Expression]:
    """The node and all below it, the node first; not into what lateral names stand for."""
    stack = [expression]
    while stack:
        node = stack.pop()
        yield node
        stack.extend(reversed(node.children()))


def measure(expression: Expression) -> tuple[int, int]:
    """Depth and number of nodes, lateral names included."""
    deepest, count = 0, 0
    stack = [(expression, 1)]
    while stack:
        node, depth = stack.pop()
        deepest, count = max(deepest, depth), count + 1
        if count > MAX_NODES:
            break
        below = node.children()
        if isinstance(node, ColumnRef) and node.lateral is not None:
            below = (node.lateral,)
        stack.extend((child, depth + 1) for child in below)
    return deepest, count
