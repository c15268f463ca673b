"""Functions that packages of somebody else's add: the entry points of the group `mabridge.sql_functions`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.metadata import EntryPoint, entry_points

import pyarrow as pa

from mabridge.errors import InvalidInputError, UnsupportedExpressionError
from mabridge.lower.columns import ScalarColumn
from mabridge.plan.types import DataType, arrow_type
from mabridge.sql.cells import expand, in_arrow
from mabridge.sql.evaluate import Running
from mabridge.sql.functions.function import Function
from mabridge.sql.functions.rules import takes

GROUP = "mabridge.sql_functions"


@dataclass(frozen=True)
class SqlFunction:
    """A function of the user's own, as Spark's session has it registered (`spark.udf.register`).

    Attributes:
        name: by which statements call it, in any case.
        arguments: their types; Spark's implicit casts are written in where a statement gives others.
        result: the type of the result.
        compute: takes one pyarrow.Array for each argument, all of one length, nulls among them, and returns a pyarrow.Array of that length in the Arrow
            type of `result`. A row's value may depend on that row's arguments alone.
    """

    name: str
    arguments: tuple[DataType, ...]
    result: DataType
    compute: Callable[..., pa.Array]


@cache
def _entries() -> dict[str, tuple[EntryPoint, ...]]:
    found: dict[str, list[EntryPoint]] = {}
    for entry in entry_points(group=GROUP):
        known = found.setdefault(entry.name.lower(), [])
        # An editable install can list its metadata twice; the same target twice is no ambiguity.
        if all(other.value != entry.value for other in known):
            known.append(entry)
    return {name: tuple(entries) for name, entries in found.items()}


def _package(entry: EntryPoint) -> str:
    return entry.dist.name if entry.dist else "unknown package"


def is_user_function(name: str) -> bool:
    """Whether an installed package brings a function of this lower-case name."""
    return name in _entries()


@cache
def user_function(name: str) -> Function | None:
    """The function of this lower-case name that an installed package brings, None where none does.

    Raises:
        UnsupportedExpressionError: two packages bring one, or the entry point cannot be loaded or holds something else.
    """
    entries = _entries().get(name, ())
    if not entries:
        return None
    if len(entries) > 1:
        places = " and ".join(f"{entry.value} ({_package(entry)})" for entry in entries)
        raise UnsupportedExpressionError(f"The SQL function {name} comes from two packages, {places}; uninstall one of them.")
    (entry,) = entries
    where = f"{entry.value} ({_package(entry)})"
    try:
        found = entry.load()
    except Exception as error:  # whatever a package of somebody else raises while it is imported
        raise UnsupportedExpressionError(
            f"The SQL function {name} of {where} cannot be loaded: {type(error).__name__}: {error}. Upgrade or uninstall the package."
        ) from error
    if not isinstance(found, SqlFunction) or found.name.lower() != name:
        raise UnsupportedExpressionError(f"{where} is no SqlFunction of the name {name}. Upgrade or uninstall the package.")
    return _as_function(found)


def _as_function(user: SqlFunction) -> Function:
    count = len(user.arguments)
    # It may raise, so it is evaluated only where Spark does. Which name Spark gives an item without AS depends on how the function was registered.
    return Function((user.name.lower(),), (count, count), takes(*user.arguments, gives=user.result, nullable=True, may_raise=True), _kernel(user), show=None)


def _kernel(user: SqlFunction) -> Callable[[Running], ScalarColumn]:
    wanted = arrow_type(user.result)

    def kernel(running: Running) -> ScalarColumn:
        columns = running.columns()
        rows = running.frame.num_rows if any(len(column) != 1 for column in columns) else 1
        try:
            found = user.compute(*(expand(column, rows).arrow for column in columns))
        except Exception as error:  # whatever a function of somebody else raises
            raise InvalidInputError(f"The SQL function {user.name} raised {type(error).__name__}: {error}") from error
        if isinstance(found, pa.ChunkedArray):
            found = pa.concat_arrays(found.chunks) if found.num_chunks else pa.array([], found.type)
        if not isinstance(found, pa.Array) or len(found) != rows or found.type != wanted:
            what = f"{len(found)} rows of {found.type}" if isinstance(found, pa.Array) else type(found).__name__
            raise InvalidInputError(f"The SQL function {user.name} returned {what}, where {rows} rows of {wanted} are due.")
        column = ScalarColumn.of_arrow(user.result, found)
        return column if in_arrow(user.result) else ScalarColumn.of_numpy(user.result, column.values, column.valid)

    return kernel
