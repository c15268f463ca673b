"""Functions that make arrays (collectionOperations.scala and complexTypeCreator.scala, Spark 3.5)."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from mabridge.lower.columns import ScalarColumn
from mabridge.plan.reference import major_minor
from mabridge.plan.types import ArrayType, ByteType, DataType, IntegerType, LongType, NullType, ShortType, StructType, arrow_type
from mabridge.sql.arrays import Elements, array_of, elements_of
from mabridge.sql.cells import both, with_valid
from mabridge.sql.coercion import INTEGRAL, implicit
from mabridge.sql.evaluate import Running
from mabridge.sql.functions.collections import (
    MOST,
    TOO_MANY,
    array_kind,
    chained,
    comparable,
    element_and_value,
    equal_elements,
    expanded,
    gather,
    one_each,
    picked,
    present,
    spread,
    too_many,
    widest_of,
)
from mabridge.sql.functions.function import Args, Function, NotSupported, Signature, TypeMismatch, TypeRule, column_of
from mabridge.sql.functions.rules import INT
from mabridge.sql.ordering import stack
from mabridge.sql.scope import Session
from mabridge.sql.typed import TypedColumn, TypedExpression


def _array_types(args: Args, session: Session) -> Signature:
    kind = widest_of(args, session)
    return Signature((kind,) * len(args), ArrayType(kind), nullable=False)


def _array(running: Running) -> ScalarColumn:
    rows, columns = expanded(running)
    assert isinstance(running.kind, ArrayType)
    count = len(columns)
    if not count:
        return ScalarColumn.of_arrow(running.kind, pa.array([[]], arrow_type(running.kind)))
    places = (np.arange(rows)[:, None] + rows * np.arange(count)[None, :]).reshape(-1)
    return array_of(running.kind, np.full(rows, count, dtype=np.int64), gather(stack(columns), places), None)


def _int(arg: TypedExpression, session: Session) -> None:
    if not implicit(arg.kind, INT, ansi=session.ansi):
        raise TypeMismatch(f"{arg.shown} is {arg.kind}, where int is expected; Spark refuses this too.")


def _repeat_types(args: Args, session: Session) -> Signature:
    if not isinstance(args[1].kind, (IntegerType, NullType)):
        raise TypeMismatch(f"{args[1].shown} is {args[1].kind}, where int is expected; Spark refuses this too.")
    return Signature((args[0].kind, INT), ArrayType(args[0].kind), nullable=args[1].nullable, may_raise=True)


def _repeat(running: Running) -> ScalarColumn:
    _, (value, count) = expanded(running)
    lengths = np.where(present(count), np.maximum(count.values.astype(np.int64), 0), 0)
    running.refuse(np.array([too_many(lengths)]), TOO_MANY)
    rows, _ = spread(lengths)
    assert isinstance(running.kind, ArrayType)
    return array_of(running.kind, lengths, gather(value, rows), count.valid)


def _add_types(args: Args, session: Session) -> Signature:
    kind = ArrayType(element_and_value(args))
    return Signature((kind, kind.element), kind, nullable=args[0].nullable)


def _add(running: Running, *, front: bool) -> ScalarColumn:
    _, (array, value) = expanded(running)
    parts = [elements_of(array), one_each(value)]
    return _of(running.kind, chained(parts[::-1] if front else parts))


def _of(kind: DataType, found: Elements) -> ScalarColumn:
    assert isinstance(kind, ArrayType)
    return array_of(kind, found.lengths, found.values, found.valid)


def _insert_types(args: Args, session: Session) -> Signature:
    kind = ArrayType(element_and_value(args, 0, 2))
    if not isinstance(args[1].kind, INTEGRAL) or isinstance(args[1].kind, LongType):
        raise TypeMismatch(f"the place {args[1].shown} is {args[1].kind}, where int is expected; Spark refuses this too.")
    if major_minor(session.spark_version) < (3, 5):
        raise NotSupported("array_insert counts negative places otherwise before Spark 3.5 and is not supported for it; use concat and slice.")
    return Signature((kind, INT, kind.element), kind, nullable=args[0].nullable or args[1].nullable, may_raise=True)


def _insert(running: Running) -> ScalarColumn:
    """The value at a place, counted from 1 or, negative, from the end; nulls fill the gap to a place outside."""
    _, (array, index, value) = expanded(running)
    found, at = elements_of(array), index.values.astype(np.int64)
    known = present(array) & present(index)
    running.refuse(known & (at == 0), "has 0 as its place, which Spark refuses; places are counted from 1.")
    size = found.lengths
    far = -at > size
    place = np.where(at > 0, at - 1, np.where(far, 0, at + size + 1))
    lengths = np.where(far & (at < 0), -at, np.maximum(size + 1, place + 1))
    lengths = np.where(known, lengths, 0)
    running.refuse(np.array([too_many(lengths)]), TOO_MANY)
    rows, places = spread(lengths)
    gap = np.where(far & (at < 0), lengths - size, 1)[rows]
    new = places == place[rows]
    source = np.where(places < place[rows], places, places - gap)
    inside = (source >= 0) & (source < size[rows]) & ~new
    values = stack([found.values, value])
    from_value = len(found.values) + rows
    picks = np.where(new, from_value, found.starts[rows] + source)
    assert isinstance(running.kind, ArrayType)
    return array_of(running.kind, lengths, gather(values, picks, inside | new), known)


def same_array_types(args: Args, session: Session) -> Signature:
    """An array, and an array of the same type."""
    kind = array_kind(args[0])
    return Signature((kind,), kind)


def _compact(running: Running) -> ScalarColumn:
    _, (array,) = expanded(running)
    found = elements_of(array)
    return picked(running.kind, found, np.flatnonzero(present(found.values)))


def _remove_types(args: Args, session: Session) -> Signature:
    element = element_and_value(args)
    comparable(args[0], element)
    return Signature((ArrayType(element), element), ArrayType(element))


def _remove(running: Running) -> ScalarColumn:
    _, (array, value) = expanded(running)
    found = elements_of(array)
    return with_valid(picked(running.kind, found, np.flatnonzero(~equal_elements(found, value))), value.valid)


def reverse_array(running: Running) -> ScalarColumn:
    """Each array from its end."""
    _, (array,) = expanded(running)
    found = elements_of(array)
    return _of(
        running.kind, Elements(found.lengths, gather(found.values, found.starts[found.rows] + found.lengths[found.rows] - 1 - found.places), found.valid)
    )


def concat_arrays_types(args: Args, session: Session) -> Signature:
    """Arrays of one type after another."""
    kind = widest_of(args, session)
    if not isinstance(kind, ArrayType) or any(isinstance(arg.kind, NullType) for arg in args):
        raise TypeMismatch(f"there is no common type for {', '.join(dict.fromkeys(str(arg.kind) for arg in args))}; Spark refuses this too.")
    return Signature((kind,) * len(args), kind)


def concat_arrays(running: Running) -> ScalarColumn:
    """Arrays one behind the other."""
    _, columns = expanded(running)
    return _of(running.kind, chained([elements_of(column) for column in columns]))


def _slice_types(args: Args, session: Session) -> Signature:
    kind = array_kind(args[0])
    for arg in args[1:]:
        _int(arg, session)
    return Signature((kind, INT, INT), kind, may_raise=True)


def _slice(running: Running) -> ScalarColumn:
    _, (array, start, length) = expanded(running)
    found = elements_of(array)
    known = present(array) & present(start) & present(length)
    begin, count = start.values.astype(np.int64), length.values.astype(np.int64)
    running.refuse(known & (begin == 0), "begins at 0, which Spark refuses; places are counted from 1.")
    running.refuse(known & (count < 0), "has a negative length, which Spark refuses too.")
    begin = np.where(begin > 0, begin - 1, found.lengths + begin)
    empty = ~known | (begin < 0) | (begin >= found.lengths)
    lengths = np.where(empty, 0, np.minimum(count, found.lengths - begin))
    rows, places = spread(lengths)
    assert isinstance(running.kind, ArrayType)
    return array_of(running.kind, lengths, gather(found.values, found.starts[rows] + begin[rows] + places), known)


def _sequence_types(args: Args, session: Session) -> Signature:
    if any(str(arg.kind) in ("date", "timestamp", "timestamp_ntz") for arg in args):
        raise NotSupported("a sequence of dates or times is not supported; make the array before prediction.")
    kind = widest_of(args, session)
    if not isinstance(kind, (ByteType, ShortType, IntegerType, LongType)):
        raise TypeMismatch(f"a sequence of {', '.join(dict.fromkeys(str(arg.kind) for arg in args))} is none of integers; Spark refuses this too.")
    return Signature((kind,) * len(args), ArrayType(kind), may_raise=True)


def _sequence(running: Running) -> ScalarColumn:
    _, columns = expanded(running)
    start, stop = (column.values.astype(np.int64) for column in columns[:2])
    step = columns[2].values.astype(np.int64) if len(columns) > 2 else np.where(start <= stop, 1, -1)
    valid = None
    for column in columns:
        valid = both(valid, column.valid)
    known = np.ones(len(start), np.bool_) if valid is None else valid
    fits = ((step > 0) & (start <= stop)) | ((step < 0) & (start >= stop)) | ((step == 0) & (start == stop))
    running.refuse(known & ~fits, "has a step that does not lead from its start to its end, which Spark refuses too.")
    # The way between two longs may be longer than a long is.
    way = np.where(stop >= start, stop.view(np.uint64) - start.view(np.uint64), start.view(np.uint64) - stop.view(np.uint64))
    stride = np.where(step < 0, np.uint64(0) - step.view(np.uint64), step.view(np.uint64))
    count = np.where(stride == 0, np.uint64(0), way // np.maximum(stride, np.uint64(1)))
    running.refuse(known & (count >= MOST), TOO_MANY)
    lengths = np.where(known, count.astype(np.int64) + 1, 0)
    running.refuse(np.array([too_many(lengths)]), TOO_MANY)
    rows, places = spread(lengths)
    assert isinstance(running.kind, ArrayType)
    values = start[rows] + places * step[rows]
    return array_of(running.kind, lengths, column_of(running.kind.element, values, None), valid)


def _flatten_types(args: Args, session: Session) -> Signature:
    kind = array_kind(args[0]).element
    if not isinstance(kind, ArrayType):
        raise TypeMismatch(f"{args[0].shown} is {args[0].kind}, where an array of arrays is expected; Spark refuses this too.")
    return Signature((ArrayType(kind),), kind, nullable=True)


def _flatten(running: Running) -> ScalarColumn:
    """The elements of the inner arrays; null where an inner array is null."""
    _, (array,) = expanded(running)
    outer = elements_of(array)
    inner = elements_of(outer.values)
    lengths = np.bincount(outer.rows, weights=inner.lengths, minlength=len(outer.lengths)).astype(np.int64)
    whole = np.ones(len(outer.lengths), dtype=np.bool_)
    whole[outer.rows[~present(outer.values)]] = False
    assert isinstance(running.kind, ArrayType)
    return array_of(running.kind, lengths, inner.values, both(array.valid, whole))


def _zip_names(args: Args) -> list[str]:
    names = []
    for place, arg in enumerate(args):
        name = arg.name if isinstance(arg, TypedColumn) else str(place)
        if getattr(getattr(arg, "function", None), "name", None) == ".":
            name = arg.children[1].shown
        names.append(name)
    return names


def _zip_types(args: Args, session: Session) -> Signature:
    kinds = [array_kind(arg) for arg in args]
    fields = tuple((name, kind.element) for name, kind in zip(_zip_names(args), kinds, strict=True))
    return Signature(tuple(kinds), ArrayType(StructType(fields)))


def _zip(running: Running) -> ScalarColumn:
    """Structs of the elements at equal places; null where an array is shorter."""
    rows, columns = expanded(running)
    kind = running.kind
    assert isinstance(kind, ArrayType)
    if not columns:
        return ScalarColumn.of_arrow(kind, pa.array([[]] * rows, arrow_type(kind)))
    parts = [elements_of(column) for column in columns]
    valid = None
    for column in columns:
        valid = both(valid, column.valid)
    lengths = np.max([part.lengths for part in parts], axis=0)
    if valid is not None:
        lengths = np.where(valid, lengths, 0)
    owner, places = spread(lengths)
    fields = [gather(part.values, part.starts[owner] + places, places < part.lengths[owner]).arrow for part in parts]
    inner = arrow_type(kind.element)
    return array_of(kind, lengths, ScalarColumn.of_arrow(kind.element, pa.StructArray.from_arrays(fields, fields=list(inner))), valid)


def dispatch_text(text: TypeRule, array: TypeRule) -> TypeRule:
    """The rule of a function that takes strings and arrays alike."""

    def rule(args: Args, session: Session) -> Signature:
        return array(args, session) if any(isinstance(arg.kind, ArrayType) for arg in args) else text(args, session)

    return rule


FUNCTIONS = (
    Function(("array",), (0, None), _array_types, _array),
    Function(("array_repeat",), (2, 2), _repeat_types, _repeat),
    Function(("array_append",), (2, 2), _add_types, lambda running: _add(running, front=False)),
    Function(("array_prepend",), (2, 2), _add_types, lambda running: _add(running, front=True)),
    Function(("array_insert",), (3, 3), _insert_types, _insert),
    Function(("array_compact",), (1, 1), same_array_types, _compact),
    Function(("array_remove",), (2, 2), _remove_types, _remove),
    Function(("slice",), (3, 3), _slice_types, _slice),
    Function(("sequence",), (2, 3), _sequence_types, _sequence),
    Function(("flatten",), (1, 1), _flatten_types, _flatten),
    Function(("arrays_zip",), (0, None), _zip_types, _zip),
)
