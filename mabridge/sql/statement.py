"""SELECT items FROM __THIS__ WHERE condition: the statements of SQLTransformer (Spark 3.5)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mabridge.sql.expression import Call, ColumnRef, Expression, Literal, walk
from mabridge.sql.functions import like, regular, string, text


@dataclass(frozen=True)
class Star:
    """`*`: all columns, in order."""


@dataclass(frozen=True)
class Item:
    """One expression of the SELECT list.

    Attributes:
        name: of the column it makes.
        expression: what it computes.
        generated: whether Spark made the name of an expression and says so in the column's metadata.
    """

    name: str
    expression: Expression
    generated: bool = False


@dataclass(frozen=True)
class Statement:
    """A parsed statement.

    Attributes:
        items: in order.
        where: the condition on the rows, None where there is none.
    """

    items: tuple[Star | Item, ...]
    where: Expression | None = None


def parse_statement(text: str, spark: tuple[int, int] = (3, 5)) -> Statement:
    """Read a SQLTransformer's statement.

    Args:
        text: as saved, with `__THIS__` for the table.
        spark: major and minor version of the Spark whose grammar holds.

    Raises:
        UnsupportedExpressionError: it is no statement of Spark SQL, is more than one row's work, or has a function that mabridge lacks; the text
            says where.
    """
    # The parser is only for converting; a saved bundle is read without it.
    from mabridge.sql.read import read_statement

    return read_statement(text, spark)


# What other parts of mabridge ask of a statement ----------------------------------------------------------------------------------------------------


def _expressions(statement: Statement) -> Iterator[Expression]:
    if statement.where is not None:
        yield statement.where
    for item in statement.items:
        if isinstance(item, Item):
            yield item.expression


def item_names(statement: Statement) -> tuple[str, ...]:
    """The names of the items but `*`, in order."""
    return tuple(item.name for item in statement.items if isinstance(item, Item))


def passes_all(statement: Statement) -> bool:
    """Whether all columns come through (`*`)."""
    return any(isinstance(item, Star) for item in statement.items)


def columns_read(statement: Statement) -> tuple[str, ...]:
    """The names of the columns that the statement reads, each once, as first spelt; names of earlier items stand for those."""
    found: dict[str, None] = {}
    for expression in _expressions(statement):
        for node in _leaves(expression):
            found.setdefault(node.parts[0])
    return tuple(found)


def _leaves(expression: Expression) -> Iterator[ColumnRef]:
    for node in walk(expression):
        if isinstance(node, ColumnRef):
            if node.lateral is None:
                yield node
            else:
                yield from _leaves(node.lateral)


#: Functions that take text where they take a column as it is.
_TEXT_FUNCTIONS = frozenset(
    name for module in (like, regular, string, text) for function in module.FUNCTIONS for name in function.names if name not in ("space", "elt")
)


def is_text_column(statement: Statement, name: str) -> bool:
    """Whether the statement can hardly mean anything but text by this column: it is compared with a string, or goes into a function of strings."""
    for expression in _expressions(statement):
        for node in walk(expression):
            if not isinstance(node, Call):
                continue
            direct = any(isinstance(arg, ColumnRef) and arg.parts[0].lower() == name.lower() for arg in node.args)
            strings = any(isinstance(arg, Literal) and isinstance(arg.value, str) for arg in node.args)
            if direct and (node.name in _TEXT_FUNCTIONS or (strings and node.name in ("=", "<=>", "in", "coalesce", "nvl", "ifnull"))):
                return True
    return False
