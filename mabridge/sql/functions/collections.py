"""What functions of arrays and maps share: their arguments' types, and gathering elements without a loop over rows."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from mabridge.lower.columns import Bools, ScalarColumn
from mabridge.plan.types import ArrayType, DataType, MapType, NullType
from mabridge.sql.arrays import Elements, Places, array_of
from mabridge.sql.cells import expand, in_arrow, nulls, rows_of
from mabridge.sql.coercion import tightest
from mabridge.sql.evaluate import Running
from mabridge.sql.functions.function import TypeMismatch
from mabridge.sql.ordering import orderable, ranks
from mabridge.sql.scope import Session
from mabridge.sql.typed import TypedExpression

#: The most elements that a batch's arrays may grow to by functions that make elements up (array_repeat, sequence, array_insert).
MOST = 1 << 27
TOO_MANY = f"makes more than {MOST} elements in one batch; make shorter arrays."


def array_kind(arg: TypedExpression) -> ArrayType:
    """The type of an argument that has to be an array; NULL is an array of NULLs.

    Raises:
        TypeMismatch: it is none.
    """
    if isinstance(arg.kind, NullType):
        return ArrayType(NullType())
    if not isinstance(arg.kind, ArrayType):
        raise TypeMismatch(f"{arg.shown} is {arg.kind}, where an array is expected; Spark refuses this too.")
    return arg.kind


def map_kind(arg: TypedExpression) -> MapType:
    """The type of an argument that has to be a map.

    Raises:
        TypeMismatch: it is none.
    """
    if isinstance(arg.kind, NullType):
        return MapType(NullType(), NullType())
    if not isinstance(arg.kind, MapType):
        raise TypeMismatch(f"{arg.shown} is {arg.kind}, where a map is expected; Spark refuses this too.")
    return arg.kind


def comparable(arg: TypedExpression, kind: DataType) -> None:
    """Refuse elements without an order.

    Raises:
        TypeMismatch: Spark has no order for the type.
    """
    if not orderable(kind):
        raise TypeMismatch(f"{arg.shown} has values of type {kind}, which have no order; Spark refuses this too.")


def element_and_value(args: Sequence[TypedExpression], array: int = 0, value: int = 1) -> DataType:
    """The tightest type of an array's elements and a value.

    Raises:
        TypeMismatch: there is none.
    """
    kind = array_kind(args[array])
    found = tightest(kind.element, args[value].kind)
    if found is None:
        raise TypeMismatch(f"{args[value].shown} is {args[value].kind}, which is no element of {kind}; Spark refuses this too.")
    return found


def widest_of(args: Sequence[TypedExpression], session: Session) -> DataType:
    """The one type of several arguments, strings where one is a string.

    Raises:
        TypeMismatch: there is none.
    """
    from mabridge.sql.functions.rules import common

    kinds = [arg.kind for arg in args]
    if kinds and all(kind == kinds[0] for kind in kinds):
        return kinds[0]
    return common(args, session) if args else NullType()


def expanded(running: Running) -> tuple[int, list[ScalarColumn]]:
    """How many rows there are (1 where all arguments are constant), and the arguments that are no lambda functions with so many."""
    from mabridge.sql.typed import TypedLambda

    columns = [running.column(place) for place, arg in enumerate(running.call.args) if not isinstance(arg, TypedLambda)]
    return equal_rows(running, columns)


def equal_rows(running: Running, columns: Sequence[ScalarColumn]) -> tuple[int, list[ScalarColumn]]:
    """The same for columns at hand."""
    rows = rows_of(columns, running.frame.num_rows)
    return rows, [expand(column, rows) for column in columns]


def gather(column: ScalarColumn, places: Places, inside: Bools | None = None) -> ScalarColumn:
    """The values at these places, null where `inside` is false."""
    kind = column.kind
    if isinstance(kind, NullType) or not len(column):
        return nulls(kind, len(places))
    if inside is not None:
        places = np.where(inside, places, 0)
    if in_arrow(kind):
        return ScalarColumn.of_arrow(kind, column.arrow.take(pa.array(places, mask=None if inside is None else ~inside)))
    valid = None if column.valid is None else column.valid[places]
    if inside is not None:
        valid = inside if valid is None else valid & inside
    return ScalarColumn.of_numpy(kind, column.values[places], valid)


def present(column: ScalarColumn) -> Bools:
    """Where a column is not null, as an array also where it is null nowhere."""
    return np.ones(len(column), dtype=np.bool_) if column.valid is None else column.valid


def any_in_row(found: Elements, which: Bools) -> Bools:
    """For each row, whether the mask is true for one of its elements."""
    out = np.zeros(len(found.lengths), dtype=np.bool_)
    out[found.rows[which]] = True
    return out


def first_in_row(found: Elements, which: Bools) -> Places:
    """For each row, the place (among all elements) of its first element where the mask is true; -1 where there is none."""
    out = np.full(len(found.lengths), -1, dtype=np.int64)
    places = np.flatnonzero(which)[::-1]
    out[found.rows[places]] = places
    return out


def equal_elements(found: Elements, value: ScalarColumn) -> Bools:
    """Which elements equal their row's value; null equals nothing."""
    elements, values = ranks(found.values, value)
    same: Bools = (elements >= 0) & (elements == values[found.rows])
    return same


def picked(kind: DataType, found: Elements, places: Places) -> ScalarColumn:
    """An array column of elements at these places, whose rows ascend; validity stays."""
    assert isinstance(kind, ArrayType)
    lengths = np.bincount(found.rows[places], minlength=len(found.lengths)).astype(np.int64)
    return array_of(kind, lengths, gather(found.values, places), found.valid)


def spread(lengths: Places) -> tuple[Places, Places]:
    """The row and the place in its row of each element of rows of these lengths."""
    rows = np.repeat(np.arange(len(lengths)), lengths)
    return rows, np.arange(len(rows)) - (np.cumsum(lengths) - lengths)[rows]


def one_each(column: ScalarColumn) -> Elements:
    """Each value as an array of one element; null is an element."""
    return Elements(np.ones(len(column), dtype=np.int64), column, None)


def chained(parts: Sequence[Elements]) -> Elements:
    """The arrays of each row one behind the other; null where one of them is null."""
    from mabridge.sql.cells import both
    from mabridge.sql.ordering import stack

    lengths = np.sum([part.lengths for part in parts], axis=0).astype(np.int64)
    values = stack([part.values for part in parts])
    rows = np.concatenate([part.rows for part in parts])
    order = np.argsort(rows, kind="stable")
    valid: Bools | None = None
    for part in parts:
        valid = both(valid, part.valid)
    return Elements(lengths, gather(values, order), valid)


def too_many(lengths: npt.NDArray[np.int64]) -> bool:
    """Whether rows of these lengths have too many elements together."""
    return float(lengths.astype(np.float64).sum()) > MOST
