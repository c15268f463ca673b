"""Functions that have no kernel over whole columns: each distinct row of arguments is computed once, in Python."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from mabridge.errors import InvalidInputError
from mabridge.lower.columns import ScalarColumn
from mabridge.plan.types import NullType, arrow_type
from mabridge.sql.cells import in_arrow, rows_of
from mabridge.sql.evaluate import Running

_Codes = npt.NDArray[np.int64]


class RefusedRow(Exception):  # noqa: N818 - it is caught below, which says where
    """A row that is refused; the text ends a sentence that begins with the expression."""


class _NotUtf8:
    """Stands for a string whose bytes are no UTF-8."""


_NOT_UTF8 = _NotUtf8()
_BROKEN = "reads a string whose bytes are no UTF-8, which is refused here; clean the column, or work on it as binary."


def over_distinct(running: Running, compute: Callable[..., Any], *, nulls: bool = False) -> ScalarColumn:
    """A column of `compute` of each row's arguments.

    Args:
        running: the call; its arguments may be of any type.
        compute: from one row's values, as Python has them (dates are days, timestamps microseconds), to the result, None for null; it raises `RefusedRow`
            for a row that Spark or mabridge refuses.
        nulls: whether `compute` is to see nulls; else a row with a null argument is null.

    Raises:
        InvalidInputError: a row is refused.
    """
    columns = running.columns() if nulls else running.columns_up_to_null()
    rows = rows_of(columns, running.frame.num_rows)
    codes, firsts, values = _distinct(columns, rows)
    found: list[Any] = []
    refused: dict[int, str] = {}
    for place, at in enumerate(firsts.tolist()):
        arguments = [listed[own[at] if own is not None else 0] for own, listed in values]
        try:
            if any(argument is _NOT_UTF8 for argument in arguments):
                raise RefusedRow(_BROKEN)
            found.append(None if not nulls and None in arguments else compute(*arguments))
        except RefusedRow as error:
            refused[place] = str(error)
            found.append(None)
    if refused:
        bad = np.isin(codes, list(refused))
        running.refuse(bad, refused[int(codes[int(np.argmax(bad))])])
    array = pa.array(found, type=arrow_type(running.kind))
    # With each row its own, nothing is to be repeated.
    return ScalarColumn.of_arrow(running.kind, array if len(firsts) == rows and np.array_equal(codes, np.arange(rows)) else array.take(pa.array(codes)))


def over_distinct_columns(columns: Sequence[ScalarColumn], rows: int, kind: pa.DataType, compute: Callable[..., Any]) -> pa.Array:
    """A function of columns that are at hand, null where any of them is null.

    Args:
        columns: the arguments, of `rows` rows or of one.
        rows: how many there are.
        kind: the Arrow type of the result.
        compute: from one row's values, as Python has them, to the result's; None is null.

    Returns:
        an array of `rows` values, or of one where all columns have one.

    Raises:
        InvalidInputError: a string's bytes are no UTF-8.
    """
    codes, firsts, values = _distinct(list(columns), rows_of(columns, rows))
    found = []
    for at in firsts.tolist():
        arguments = [listed[own[at] if own is not None else 0] for own, listed in values]
        if _NOT_UTF8 in arguments:
            raise InvalidInputError(f"The SQL expression {_BROKEN}")
        found.append(None if None in arguments else compute(*arguments))
    return pa.array(found, type=kind).take(pa.array(codes))


_Column = tuple[list[int] | None, list[Any]]


def _distinct(columns: list[ScalarColumn], rows: int) -> tuple[_Codes, _Codes, list[_Column]]:
    """For each row the place of its distinct row; for each distinct row a row that has it; for each column its codes (None for a constant) and values."""
    together: _Codes | None = None
    values: list[_Column] = []
    for column in columns:
        own, listed = _encoded(column)
        if len(column) == 1 and rows != 1:
            values.append((None, [listed[own[0]]]))
            continue
        values.append((own.tolist(), listed))
        if together is None:
            together = own
        else:
            # Codes stay below the number of rows, so that their products do not overflow.
            together = np.unique(together * max(len(listed), 1) + own, return_inverse=True)[1].astype(np.int64)
    if together is None:
        return np.zeros(rows, np.int64), np.zeros(min(rows, 1), np.int64), values
    _, firsts, codes = np.unique(together, return_index=True, return_inverse=True)
    order = np.argsort(firsts, kind="stable")
    ranks = np.empty_like(order)
    ranks[order] = np.arange(len(order))
    return ranks[codes], firsts[order].astype(np.int64), values


def _encoded(column: ScalarColumn) -> tuple[_Codes, list[Any]]:
    """For each row a code, and the value of each code."""
    if isinstance(column.kind, NullType):
        return np.zeros(len(column), np.int64), [None]
    if in_arrow(column.kind):
        array = column.arrow
        if pa.types.is_nested(array.type):
            return np.arange(len(array)), array.to_pylist()
        encoded = array.dictionary_encode(null_encoding="encode")
        return encoded.indices.to_numpy(zero_copy_only=False).astype(np.int64), _listed(encoded.dictionary)
    bits = column.values
    if bits.dtype.kind == "f":
        bits = bits.view(np.int32 if bits.dtype == np.float32 else np.int64)
    distinct, codes = np.unique(bits, return_inverse=True)
    listed: list[Any] = distinct.view(column.values.dtype).tolist()
    if column.valid is not None:
        codes = np.where(column.valid, codes, len(listed))
        listed = [*listed, None]
    return codes.astype(np.int64), listed


def _listed(array: pa.Array) -> list[Any]:
    try:
        found: list[Any] = array.to_pylist()
    except UnicodeDecodeError:
        return [_text(value) for value in array.cast(pa.binary()).to_pylist()]
    return found


def _text(value: bytes | None) -> Any:
    try:
        return None if value is None else value.decode()
    except UnicodeDecodeError:
        return _NOT_UTF8
