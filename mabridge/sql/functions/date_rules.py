"""What functions of dates and times share: type rules, and texts that say what to do."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from mabridge.lower.columns import Bools, ScalarColumn
from mabridge.plan.types import DataType, NullType, TimestampNTZType, TimestampType
from mabridge.sql import cells
from mabridge.sql.cells import both, expand
from mabridge.sql.days import Longs
from mabridge.sql.evaluate import Running
from mabridge.sql.functions.cast_times import session_zone
from mabridge.sql.functions.function import Args, Kernel, Signature, TypeRule, column_of
from mabridge.sql.functions.rules import takes
from mabridge.sql.scope import Session
from mabridge.sql.zones import UTC, Zone

RANGE = "is a time that there is not, which Spark refuses too; check the parts."


def zone_for(running: Running, kind: DataType) -> Zone:
    """The session's zone for instants, UTC for wall clocks."""
    return UTC if isinstance(kind, TimestampNTZType) else session_zone(running)


def any_timestamp(arg_kind: DataType) -> DataType:
    """The type in which a function takes a timestamp of either kind."""
    return TimestampNTZType() if isinstance(arg_kind, TimestampNTZType) else TimestampType()


def with_timestamp(gives: DataType, *others: DataType, nullable: bool | None = None) -> TypeRule:
    """A function whose first argument is a timestamp of either kind."""

    def rule(args: Args, session: Session) -> Signature:
        return takes(any_timestamp(args[0].kind), *others, gives=gives, nullable=nullable)(args, session)

    return rule


def of_first(compute: Callable[[Longs], npt.NDArray[np.integer]]) -> Kernel:
    """A kernel of one argument's whole numbers, null where it is null."""

    def kernel(running: Running) -> ScalarColumn:
        column = running.column(0)
        return column_of(running.kind, compute(column.values.astype(np.int64)), column.valid)

    return kernel


def by_text(column: ScalarColumn, rows: int) -> list[tuple[str, Longs]]:
    """The distinct texts of a column, each with the places of its rows; null is none of them."""
    if isinstance(column.kind, NullType):
        return []
    encoded = expand(column, rows).arrow.dictionary_encode()
    places = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    return [(text, np.flatnonzero(places == place)) for place, text in enumerate(encoded.dictionary.to_pylist())]


def rows_of(running: Running, *columns: ScalarColumn) -> int:
    """One row where all are constants, else the frame's rows."""
    return cells.rows_of(columns, running.frame.num_rows)


def fit(running: Running, values: Longs, valid: Bools | None, bits: int, reason: str) -> None:
    """Refuse rows whose values do not fit."""
    bad = (values < -(1 << bits - 1)) | (values >= 1 << bits - 1)
    running.refuse(bad if valid is None else bad & valid, reason)


def all_valid(*columns: ScalarColumn) -> Bools | None:
    """Where every column is valid."""
    found: Bools | None = None
    for column in columns:
        found = both(found, column.valid)
    return found
