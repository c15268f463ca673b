"""Functions of maps (complexTypeCreator.scala, collectionOperations.scala and ArrayBasedMapBuilder, Spark 3.5)."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from mabridge.lower.columns import Bools, ScalarColumn
from mabridge.plan.reference import major_minor
from mabridge.plan.types import ArrayType, DataType, DoubleType, FloatType, MapType, NullType, StringType, StructType, arrow_type
from mabridge.sql.arrays import Entries, Places, array_of, elements_of, entries_of, map_of
from mabridge.sql.cells import both
from mabridge.sql.coercion import tightest, wider, widest
from mabridge.sql.evaluate import Running
from mabridge.sql.functions.collections import any_in_row, array_kind, chained, comparable, expanded, gather, map_kind, present, spread, widest_of
from mabridge.sql.functions.function import Args, Function, Signature, TypeMismatch, column_of
from mabridge.sql.functions.rules import BOOL
from mabridge.sql.ordering import hash_ranks, ranks, stack
from mabridge.sql.scope import Session

NULL_KEY = "makes a map with null as a key, which Spark refuses too."
TWICE = "makes a map with a key twice, which Spark refuses too."


def made_map(running: Running, kind: MapType, lengths: Places, keys: ScalarColumn, values: ScalarColumn, valid: Bools | None) -> ScalarColumn:
    """A map from entries that may be no map's: a null key and a key twice are refused; -0.0 becomes 0.0 from Spark 4.0 on.

    Args:
        running: the call.
        kind: the map's type.
        lengths: of each row.
        keys: all keys, row after row.
        values: all values, row after row.
        valid: which rows are not null.
    """
    rows, _ = spread(lengths)
    size = len(lengths)
    later = major_minor(running.call.session.spark_version) >= (4, 0)
    if later and isinstance(keys.kind, (DoubleType, FloatType)):
        keys = ScalarColumn.of_numpy(keys.kind, keys.values + keys.values.dtype.type(0), keys.valid)
    (order,) = hash_ranks(keys)

    def refuse(which: Bools, reason: str) -> None:
        bad = np.zeros(size, dtype=np.bool_)
        bad[rows[which]] = True
        running.refuse(bad, reason)

    refuse(order < 0, NULL_KEY)
    codes = rows * (int(order.max(initial=0)) + 2) + order
    first = np.zeros(len(codes), dtype=np.bool_)
    first[np.unique(codes, return_index=True)[1]] = True
    refuse(~first, TWICE)
    return map_of(kind, lengths, keys, values, valid)


def key_kind(kind: DataType, what: str) -> None:
    """Refuse a type that is no map key.

    Raises:
        TypeMismatch: it is or has a map.
    """
    if _has_map(kind):
        raise TypeMismatch(f"{what} is {kind}, which cannot be the key of a map; Spark refuses this too.")


def _has_map(kind: DataType) -> bool:
    match kind:
        case MapType():
            return True
        case ArrayType(element):
            return _has_map(element)
        case StructType(fields):
            return any(_has_map(inner) for _, inner in fields)
    return False


def _map_types(args: Args, session: Session) -> Signature:
    if len(args) % 2:
        raise TypeMismatch("a map takes keys and values in turn; Spark refuses this too.")
    key, value = widest_of(args[::2], session), widest_of(args[1::2], session)
    key_kind(key, "the key")
    return Signature((key, value) * (len(args) // 2), MapType(key, value), nullable=False, may_raise=bool(args))


def _interleaved(rows: int, columns: list[ScalarColumn]) -> ScalarColumn:
    places = (np.arange(rows)[:, None] + rows * np.arange(len(columns))[None, :]).reshape(-1)
    return gather(stack(columns), places)


def _map(running: Running) -> ScalarColumn:
    rows, columns = expanded(running)
    kind = running.kind
    assert isinstance(kind, MapType)
    if not columns:
        return ScalarColumn.of_arrow(kind, pa.array([[]], arrow_type(kind)))
    lengths = np.full(rows, len(columns) // 2, dtype=np.int64)
    return made_map(running, kind, lengths, _interleaved(rows, columns[::2]), _interleaved(rows, columns[1::2]), None)


def _from_arrays_types(args: Args, session: Session) -> Signature:
    keys, values = array_kind(args[0]), array_kind(args[1])
    key_kind(keys.element, "the key")
    return Signature((keys, values), MapType(keys.element, values.element), may_raise=True)


def _from_arrays(running: Running) -> ScalarColumn:
    _, (left, right) = expanded(running)
    keys, values = elements_of(left), elements_of(right)
    known = present(left) & present(right)
    running.refuse(known & (keys.lengths != values.lengths), "takes arrays of different lengths, which Spark refuses too.")
    lengths = np.where(known, keys.lengths, 0)
    kind = running.kind
    assert isinstance(kind, MapType)
    return made_map(
        running, kind, lengths, gather(keys.values, np.flatnonzero(known[keys.rows])), gather(values.values, np.flatnonzero(known[values.rows])), known
    )


def _from_entries_types(args: Args, session: Session) -> Signature:
    kind = array_kind(args[0])
    if not isinstance(kind.element, StructType) or len(kind.element.fields) != 2:
        raise TypeMismatch(f"{args[0].shown} is {kind}, where an array of structs of two fields is expected; Spark refuses this too.")
    (_, key), (_, value) = kind.element.fields
    key_kind(key, "the key")
    return Signature((kind,), MapType(key, value), nullable=True, may_raise=True)


def _from_entries(running: Running) -> ScalarColumn:
    """A map of pairs; null where a pair is null."""
    _, (array,) = expanded(running)
    found, kind = elements_of(array), running.kind
    assert isinstance(kind, MapType)
    known = present(array) & ~any_in_row(found, ~present(found.values))
    kept = np.flatnonzero(known[found.rows])
    structs = gather(found.values, kept).arrow
    keys, values = (ScalarColumn.of_arrow(part, structs.field(place)) for place, part in enumerate((kind.key, kind.value)))
    return made_map(running, kind, np.where(known, found.lengths, 0), keys, values, known)


def _keys_types(args: Args, session: Session) -> Signature:
    kind = map_kind(args[0])
    return Signature((kind,), ArrayType(kind.key))


def _keys(running: Running) -> ScalarColumn:
    _, (column,) = expanded(running)
    entries = entries_of(column)
    return array_of(ArrayType(entries.keys.kind), entries.lengths, entries.keys, entries.valid)


def _values_types(args: Args, session: Session) -> Signature:
    kind = map_kind(args[0])
    return Signature((kind,), ArrayType(kind.value))


def _values(running: Running) -> ScalarColumn:
    _, (column,) = expanded(running)
    entries = entries_of(column)
    return array_of(ArrayType(entries.values.kind), entries.lengths, entries.values, entries.valid)


def _entries_types(args: Args, session: Session) -> Signature:
    kind = map_kind(args[0])
    return Signature((kind,), ArrayType(StructType((("key", kind.key), ("value", kind.value)))))


def _entries(running: Running) -> ScalarColumn:
    _, (column,) = expanded(running)
    entries, kind = entries_of(column), running.kind
    assert isinstance(kind, ArrayType)
    structs = pa.StructArray.from_arrays([entries.keys.arrow, entries.values.arrow], fields=list(arrow_type(kind.element)))
    return array_of(kind, entries.lengths, ScalarColumn.of_arrow(kind.element, structs), entries.valid)


def _contains_key_types(args: Args, session: Session) -> Signature:
    kind = map_kind(args[0])
    common = tightest(kind.key, args[1].kind)
    if isinstance(args[1].kind, NullType) or common is None:
        raise TypeMismatch(f"{args[1].shown} is {args[1].kind}, which is no key of {kind}; Spark refuses this too.")
    comparable(args[0], common)
    return Signature((MapType(common, kind.value), common), BOOL)


def _contains_key(running: Running) -> ScalarColumn:
    _, (column, key) = expanded(running)
    entries = entries_of(column)
    keys, wanted = ranks(entries.keys, key)
    hit = any_in_row(entries, (keys == wanted[entries.rows]) & (keys >= 0))
    return column_of(BOOL, hit, both(column.valid, key.valid))


def _concat_types(args: Args, session: Session) -> Signature:
    kinds = [map_kind(arg) for arg in args]
    if not kinds:
        return Signature((), MapType(StringType(), StringType()), nullable=False)
    kind = kinds[0] if all(other == kinds[0] for other in kinds) else widest(kinds, wider, ansi=session.ansi)
    if not isinstance(kind, MapType):
        raise TypeMismatch(f"there is no common type for {', '.join(dict.fromkeys(map(str, kinds)))}; Spark refuses this too.")
    return Signature((kind,) * len(args), kind, may_raise=True)


def _concat(running: Running) -> ScalarColumn:
    _, columns = expanded(running)
    kind = running.kind
    assert isinstance(kind, MapType)
    if not columns:
        return ScalarColumn.of_arrow(kind, pa.array([[]], arrow_type(kind)))
    parts = [entries_of(column) for column in columns]
    keys = chained([Entries(part.lengths, part.keys, part.valid, part.keys) for part in parts])
    values = chained(parts)
    known = present_rows(len(columns[0]), values.valid)
    kept = np.flatnonzero(known[keys.rows])
    return made_map(running, kind, np.where(known, keys.lengths, 0), gather(keys.values, kept), gather(values.values, kept), values.valid)


def present_rows(rows: int, valid: Bools | None) -> Bools:
    """The mask of the rows that are not null."""
    return np.ones(rows, dtype=np.bool_) if valid is None else valid


FUNCTIONS = (
    Function(("map",), (0, None), _map_types, _map),
    Function(("map_from_arrays",), (2, 2), _from_arrays_types, _from_arrays),
    Function(("map_from_entries",), (1, 1), _from_entries_types, _from_entries),
    Function(("map_keys",), (1, 1), _keys_types, _keys),
    Function(("map_values",), (1, 1), _values_types, _values),
    Function(("map_entries",), (1, 1), _entries_types, _entries),
    Function(("map_contains_key",), (2, 2), _contains_key_types, _contains_key),
    Function(("map_concat",), (0, None), _concat_types, _concat),
)
