"""From sqlglot's tree to Spark's types, and how the readers refuse what they do not know."""

from __future__ import annotations

from typing import Any, NoReturn

from sqlglot import exp

from mabridge.plan.types import (
    ArrayType,
    DataType,
    DecimalType,
    MapType,
    StringType,
    StructType,
)
from mabridge.sql.ddl import SIMPLE_TYPES
from mabridge.sql.intervals import interval_type
from mabridge.sql.literals import LiteralError
from mabridge.sql.source import Source

_DECIMALS = ("DECIMAL", "DEC", "NUMERIC")
_NESTED = ("ARRAY", "MAP", "STRUCT")


class TypeReader:
    """Reads the types of one tree; the statement's reader goes on from here."""

    def __init__(self, source: Source) -> None:
        """Args:
        source: the text that the tree was parsed from, for the places in it.
        """
        self._source = source

    # Refusing ---------------------------------------------------------------------------------------------------------------------------------------

    def _refuse(self, node: exp.Expr, what: str) -> NoReturn:
        for below in node.walk(bfs=False):
            if "start" in below.meta:
                self._source.refuse(below.meta["start"], what)
        self._source.refuse(0, what)

    def _args(self, node: exp.Expr, *names: str) -> list[Any]:
        """The arguments of these names; all others have to be empty, so that nothing parsed is dropped."""
        for name, value in node.args.items():
            if name not in names and value is not None and value is not False and not (isinstance(value, list) and not value):
                self._refuse(node, f"`{name}` of {type(node).__name__} is not supported.")
        return [node.args.get(name) for name in names]

    def _name(self, node: exp.Expr) -> str:
        if type(node) is not exp.Identifier:
            self._refuse(node, f"A name is expected here, not {type(node).__name__}.")
        name, _ = self._args(node, "this", "quoted")
        return str(name)

    # Types ------------------------------------------------------------------------------------------------------------------------------------------

    def type(self, node: exp.Expr) -> DataType:
        """A type.

        Raises:
            UnsupportedExpressionError: mabridge has no such type.
        """
        _, name, sizes = self._args(node, "this", "kind", "expressions")
        if name in _NESTED:
            return self._nested_type(name, sizes or [])
        if name in ("VARCHAR", "CHAR", "CHARACTER") and len(sizes or ()) == 1:
            # CharVarcharUtils.replaceCharVarcharWithStringForCast
            return StringType()
        if name == "INTERVAL":
            return self._interval_type(node, [unit.this for unit in sizes or ()])
        kind = SIMPLE_TYPES.get(name.lower())
        if kind is None and name not in _DECIMALS:
            names = ", ".join(simple for simple in SIMPLE_TYPES if simple not in ("byte", "short", "long"))
            written = self._source.text[node.meta["start"] : node.meta["end"] + 1]
            others = "decimal(precision, scale), char(length), varchar(length), array, map, struct and interval"
            self._refuse(node, f"CAST to {written} is not supported; the types are {names}, {others}.")
        arguments = [int(self._args(size, "this", "is_string")[0]) for size in sizes or ()]
        if kind is not None:
            if arguments:
                self._refuse(node, f"The type {name.lower()} takes no size.")
            return kind
        precision, scale = (*arguments, *(10, 0)[len(arguments) :])[:2]
        if len(arguments) > 2 or not (0 <= scale <= precision <= 38 and precision > 0):
            self._refuse(node, "decimal takes a precision from 1 to 38 and a scale from 0 to the precision.")
        return DecimalType(precision, scale)

    def _nested_type(self, name: str, parts: list[exp.Expr]) -> DataType:
        if name == "STRUCT":
            fields: list[tuple[str, DataType]] = []
            for part in parts:
                field, kind = self._args(part, "this", "kind")
                fields.append((self._name(field), self.type(kind)))
            return StructType(tuple(fields))
        kinds = [self.type(part) for part in parts]
        return ArrayType(kinds[0]) if name == "ARRAY" else MapType(kinds[0], kinds[1])

    def _interval_type(self, node: exp.Expr, units: list[str]) -> DataType:
        try:
            return interval_type(units)
        except LiteralError as error:
            self._refuse(node, str(error))
