"""Recorded tables as batches, and an expression's answer on one in the form in which Spark's is recorded."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NoReturn

import pyarrow as pa
from recording import plain

from mabridge.errors import MabridgeError, UnsupportedExpressionError
from mabridge.lower.columns import ScalarColumn
from mabridge.plan.op import StageRef
from mabridge.plan.reference import Reference
from mabridge.plan.types import ArrayType, BinaryType, DataType, DateType, DecimalType, MapType, StructType, arrow_type
from mabridge.sql import Cast, Item, evaluate, parse_statement, resolve


@dataclass(frozen=True)
class Column:
    """A column of the scope."""

    name: str
    id: str
    kind: DataType


def kind_named(name: str) -> DataType:
    """The type as CAST has it."""
    cast = parse_statement(f"SELECT CAST(a AS {name}) AS x FROM __THIS__").items[0].expression
    assert isinstance(cast, Cast)
    return cast.kind


def value_of(kind: DataType, value: Any) -> Any:
    """A recorded value as Arrow takes it."""
    if value is None:
        return None
    match kind:
        case ArrayType(element):
            return [value_of(element, part) for part in value]
        case MapType():
            return [(value_of(kind.key, key), value_of(kind.value, item)) for key, item in value]
        case StructType(fields):
            return {name: value_of(inner, part) for (name, inner), part in zip(fields, value["fields"], strict=True)}
        case DecimalType():
            return Decimal(value["Decimal"])
        case BinaryType():
            return bytes.fromhex(value["bytes"])
        case DateType():
            return dt.date.fromisoformat(value["date"])
    return value


@dataclass(frozen=True)
class Table:
    """A batch and its scope."""

    found: tuple[Column, ...]
    by_id: dict[str, ScalarColumn]
    num_rows: int

    @classmethod
    def of(cls, columns: dict[str, Any]) -> Table:
        """The table of a recording: by name the type and the values."""
        found, by_id, rows = [], {}, 0
        for name, (kind_name, values) in columns.items():
            kind = kind_named(kind_name)
            found.append(Column(name, f"id_{name}", kind))
            by_id[f"id_{name}"] = ScalarColumn.of_arrow(kind, pa.array([value_of(kind, value) for value in values], arrow_type(kind)))
            rows = len(values)
        return cls(tuple(found), by_id, rows)

    def rows(self, start: int, stop: int) -> Table:
        """Some rows, as slices of the columns."""
        by_id = {key: ScalarColumn.of_arrow(column.kind, column.arrow.slice(start, stop - start)) for key, column in self.by_id.items()}
        return Table(self.found, by_id, stop - start)

    def columns(self) -> tuple[Column, ...]:
        return self.found

    def lookup(self, name: str) -> Column | None:
        return next((column for column in self.found if column.name == name.lower()), None)


UNNAMED = "unnamed"


class Refused(Exception):  # noqa: N818 - a row is refused
    """A row was refused."""


@dataclass(frozen=True)
class Rows:
    """A table as a batch."""

    columns: dict[str, ScalarColumn]
    num_rows: int

    def refuse_row(self, stage: StageRef, column_id: str, row: int, reason: str) -> NoReturn:
        raise Refused(reason)


#: What is said of an item that has to be given a name.
_NAMELESS = "with AS."


def _item(text: str) -> object:
    """The item; under the name UNNAMED where Spark's name for it is not known to mabridge."""
    try:
        return parse_statement(f"SELECT {text} FROM __THIS__").items[0]
    except UnsupportedExpressionError as error:
        if not str(error).endswith(_NAMELESS):
            raise
        return parse_statement(f"SELECT {text} AS {UNNAMED} FROM __THIS__").items[0]


def answer(table: Table, text: str, *, ansi: bool, version: str = "3.5.7") -> Any:
    """Name, type and values of an expression; a sentence where it is refused."""
    reference = Reference(version, ansi=ansi)
    try:
        item = _item(text)
        assert isinstance(item, Item)
        typed = resolve(item.expression, table, reference)
        column = evaluate(typed, Rows(table.by_id, table.num_rows), StageRef("stages[0]", "SQLTransformer", "sql"))
    except (MabridgeError, Refused) as error:
        return str(error)
    assert isinstance(column, ScalarColumn)
    assert column.arrow.type == arrow_type(typed.kind)
    column.arrow.validate(full=True)
    return [item.name, str(typed.kind), [plain(value) for value in column.arrow.to_pylist()]]


def differs(ours: Any, spark: Any) -> str:
    """What differs between two answers; empty where nothing does."""
    if spark is None:
        return "" if isinstance(ours, str) else f"Spark refuses, ours is {ours}"
    if isinstance(ours, str):
        return f"Spark answers {spark}, ours refuses: {ours}"
    if ours[0] == UNNAMED:
        ours, spark = ours[1:], spark[1:]
    # The texts tell -0.0 from 0.0 and 1 from 1.0, and NaN is NaN.
    return "" if repr(ours) == repr(spark) else f"Spark has\n{spark!r}, ours is\n{ours!r}"


def assert_rows_one_by_one_give_the_same(whole: Table, text: str) -> None:
    """Slices of one and two rows, and no rows, answer what the whole table does; an expression that is refused is left alone."""
    together = answer(whole, text, ansi=False)
    if isinstance(together, str):
        return
    name, kind, rows = together
    for cut in (1, 2):
        parts = [answer(whole.rows(start, min(start + cut, whole.num_rows)), text, ansi=False) for start in range(0, whole.num_rows, cut)]
        assert repr([name, kind, [row for part in parts for row in part[2]]]) == repr([name, kind, rows])
    assert answer(whole.rows(1, 1), text, ansi=False) == [name, kind, []]
