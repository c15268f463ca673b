"""Functions that look into arrays and give one value a row (collectionOperations.scala, Spark 3.5)."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from mabridge.lower.columns import Bools, ScalarColumn
from mabridge.plan.types import ArrayType, IntegerType, LongType, MapType, NullType, StringType
from mabridge.sql.arrays import Elements, Places, array_of, elements_of, entries_of
from mabridge.sql.cells import both, with_valid
from mabridge.sql.coercion import INTEGRAL, implicit, tightest, wider_without_strings
from mabridge.sql.evaluate import Running
from mabridge.sql.functions.collections import (
    any_in_row,
    array_kind,
    comparable,
    element_and_value,
    equal_elements,
    expanded,
    first_in_row,
    gather,
    present,
)
from mabridge.sql.functions.function import Args, Function, Signature, TypeMismatch, column_of
from mabridge.sql.functions.rules import BOOL, INT, LONG, TEXT
from mabridge.sql.ordering import hash_ranks, ranks
from mabridge.sql.scope import Session

_OUTSIDE = "takes an element that the array does not have, which Spark refuses under ANSI; use get or try_element_at."


def _size_types(args: Args, session: Session) -> Signature:
    kind = args[0].kind
    if not isinstance(kind, (ArrayType, MapType, NullType)):
        raise TypeMismatch(f"{args[0].shown} is {kind}, where an array or a map is expected; Spark refuses this too.")
    return Signature((kind,), INT, nullable=session.ansi and args[0].nullable)


def _size(running: Running) -> ScalarColumn:
    """The number of elements; -1 for null without ANSI."""
    _, (column,) = expanded(running)
    lengths = np.zeros(len(column), np.int64) if isinstance(column.kind, NullType) else lengths_of(column)
    if running.ansi:
        return column_of(INT, lengths, column.valid)
    return column_of(INT, np.where(present(column), lengths, -1), None)


def lengths_of(column: ScalarColumn) -> Places:
    """The number of elements or entries of each row; 0 for null."""
    return (entries_of(column) if isinstance(column.kind, MapType) else elements_of(column)).lengths


def _array_size_types(args: Args, session: Session) -> Signature:
    return Signature((array_kind(args[0]),), INT)


def _array_size(running: Running) -> ScalarColumn:
    _, (column,) = expanded(running)
    return column_of(INT, lengths_of(column), column.valid)


def _contains_types(args: Args, session: Session) -> Signature:
    if any(isinstance(arg.kind, NullType) for arg in args):
        raise TypeMismatch("an argument is a NULL without a type; Spark refuses this too.")
    kind = array_kind(args[0])
    element = wider_without_strings(kind.element, args[1].kind, ansi=False)
    if element is None:
        raise TypeMismatch(f"{args[1].shown} is {args[1].kind}, which is no element of {kind}; Spark refuses this too.")
    comparable(args[0], element)
    return Signature((ArrayType(element), element), BOOL, nullable=True)


def _position_types(args: Args, session: Session) -> Signature:
    element = element_and_value(args)
    comparable(args[0], element)
    return Signature((ArrayType(element), element), LONG)


def _contains(running: Running) -> ScalarColumn:
    _, (array, value) = expanded(running)
    found = elements_of(array)
    hit = any_in_row(found, equal_elements(found, value))
    unknown = any_in_row(found, ~present(found.values))
    return column_of(BOOL, hit, both(both(array.valid, value.valid), hit | ~unknown))


def _position(running: Running) -> ScalarColumn:
    _, (array, value) = expanded(running)
    found = elements_of(array)
    first = first_in_row(found, equal_elements(found, value))
    return column_of(LONG, np.where(first < 0, 0, first - found.starts + 1), both(array.valid, value.valid))


def _element_at_types(args: Args, session: Session) -> Signature:
    kind, key = args[0].kind, args[1].kind
    match kind:
        case ArrayType(element):
            if not isinstance(key, INTEGRAL) or isinstance(key, LongType):
                raise TypeMismatch(f"the place {args[1].shown} is {key}, where int is expected; Spark refuses this too.")
            return Signature((kind, IntegerType()), element, nullable=True, may_raise=True)
        case MapType(wanted, value):
            common = tightest(wanted, key)
            if common is None:
                raise TypeMismatch(f"{args[1].shown} is {key}, which is no key of {kind}; Spark refuses this too.")
            comparable(args[0], common)
            return Signature((MapType(common, value), common), value, nullable=True)
    raise TypeMismatch(f"{args[0].shown} is {kind}, where an array or a map is expected; Spark refuses this too.")


def _element_at(running: Running, *, attempt: bool = False) -> ScalarColumn:
    _, (whole, key) = expanded(running)
    if isinstance(whole.kind, MapType):
        return value_of_key(whole, key)
    found, index = elements_of(whole), key.values.astype(np.int64)
    known = present(whole) & present(key)
    running.refuse(known & (index == 0), "takes the element at 0, which Spark refuses; places are counted from 1.")
    places = np.where(index > 0, index - 1, found.lengths + index)
    return _at(running, found, places, known, strict=running.ansi and not attempt)


def value_of_key(whole: ScalarColumn, key: ScalarColumn) -> ScalarColumn:
    """The value of the first entry with this key; null where there is none."""
    entries = entries_of(whole)
    keys, wanted = ranks(entries.keys, key)
    first = first_in_row(entries, (keys == wanted[entries.rows]) & (keys >= 0))
    return gather(entries.values, first, first >= 0)


def _at(running: Running, found: Elements, places: Places, known: Bools, *, strict: bool) -> ScalarColumn:
    outside = (places < 0) | (places >= found.lengths)
    if strict:
        running.refuse(outside & known, _OUTSIDE)
    return gather(found.values, found.starts + places, known & ~outside)


def _get_types(args: Args, session: Session) -> Signature:
    kind = array_kind(args[0])
    if not implicit(args[1].kind, INT, ansi=session.ansi):
        raise TypeMismatch(f"the place {args[1].shown} is {args[1].kind}, where int is expected; Spark refuses this too.")
    return Signature((kind, INT), kind.element, nullable=True)


def _get(running: Running) -> ScalarColumn:
    _, (array, index) = expanded(running)
    return _at(running, elements_of(array), index.values.astype(np.int64), present(array) & present(index), strict=False)


def _extreme_types(args: Args, session: Session) -> Signature:
    kind = array_kind(args[0])
    comparable(args[0], kind.element)
    return Signature((kind,), kind.element, nullable=True)


def _extreme(sign: int) -> Callable[[Running], ScalarColumn]:
    """The least (1) or greatest (-1) element that is not null, the first of equal ones."""

    def kernel(running: Running) -> ScalarColumn:
        _, (array,) = expanded(running)
        found = elements_of(array)
        (order,) = ranks(found.values)
        known = np.flatnonzero(order >= 0)
        best = known[np.lexsort((known, sign * order[known], found.rows[known]))]
        rows = found.rows[best]
        leads = np.ones(len(best), dtype=np.bool_)
        leads[1:] = rows[1:] != rows[:-1]
        first = np.full(len(found.lengths), -1, dtype=np.int64)
        first[rows[leads]] = best[leads]
        return gather(found.values, first, first >= 0)

    return kernel


def _overlap_types(args: Args, session: Session) -> Signature:
    kind = two_arrays(args)
    return Signature((kind, kind), BOOL, nullable=True)


def two_arrays(args: Args) -> ArrayType:
    """The one type of two arrays that are compared with one another.

    Raises:
        TypeMismatch: there is none.
    """
    left, right = array_kind(args[0]), array_kind(args[1])
    element = tightest(left.element, right.element)
    if element is None:
        raise TypeMismatch(f"{args[0].shown} is {left} and {args[1].shown} is {right}, whose elements cannot be compared; Spark refuses this too.")
    comparable(args[0], element)
    return ArrayType(element)


def _overlap(running: Running) -> ScalarColumn:
    _, (left, right) = expanded(running)
    one, other = elements_of(left), elements_of(right)
    first, second = hash_ranks(one.values, other.values)
    size = int(max(first.max(initial=0), second.max(initial=0))) + 1
    shared = (first >= 0) & np.isin(one.rows * size + first, (other.rows * size + second)[second >= 0])
    hit = any_in_row(one, shared)
    unknown = (one.lengths > 0) & (other.lengths > 0) & (any_in_row(one, first < 0) | any_in_row(other, second < 0))
    return column_of(BOOL, hit, both(both(left.valid, right.valid), hit | ~unknown))


def _join_types(args: Args, session: Session) -> Signature:
    kind = array_kind(args[0])
    if not implicit(kind, ArrayType(TEXT), ansi=session.ansi):
        raise TypeMismatch(f"{args[0].shown} is {kind}, where an array of strings is expected; Spark refuses this too.")
    for arg in args[1:]:
        if not implicit(arg.kind, TEXT, ansi=session.ansi):
            raise TypeMismatch(f"{arg.shown} is {arg.kind}, where a string is expected; Spark refuses this too.")
    return Signature((ArrayType(TEXT), *(TEXT for _ in args[1:])), TEXT)


def _join(running: Running) -> ScalarColumn:
    """The texts with a text between them; nulls are left out, or replaced."""
    _, (array, *texts) = expanded(running)
    found = elements_of(array)
    known, values = present(found.values), found.values
    valid = both(array.valid, texts[0].valid)
    if len(texts) > 1:
        valid = both(valid, texts[1].valid)
        values = ScalarColumn.of_arrow(TEXT, pc.if_else(pa.array(known), values.arrow, gather(texts[1], found.rows).arrow))
        known = known | present(texts[1])[found.rows]
    lengths = np.bincount(found.rows[known], minlength=len(found.lengths)).astype(np.int64)
    joined = pc.binary_join(array_of(ArrayType(StringType()), lengths, gather(values, np.flatnonzero(known)), None).arrow, texts[0].arrow)
    return with_valid(ScalarColumn.of_arrow(TEXT, joined), valid)


FUNCTIONS = (
    Function(("size", "cardinality"), (1, 1), _size_types, _size),
    Function(("array_size",), (1, 1), _array_size_types, _array_size),
    Function(("array_contains",), (2, 2), _contains_types, _contains),
    Function(("array_position",), (2, 2), _position_types, _position),
    Function(("element_at",), (2, 2), _element_at_types, _element_at),
    Function(("try_element_at",), (2, 2), _element_at_types, lambda running: _element_at(running, attempt=True)),
    Function(("get",), (2, 2), _get_types, _get),
    Function(("array_min",), (1, 1), _extreme_types, _extreme(1)),
    Function(("array_max",), (1, 1), _extreme_types, _extreme(-1)),
    Function(("arrays_overlap",), (2, 2), _overlap_types, _overlap),
    Function(("array_join",), (2, 3), _join_types, _join),
)
