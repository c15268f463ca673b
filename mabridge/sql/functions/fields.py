"""Structs, and parts of structs, arrays and maps (complexTypeExtractors.scala and complexTypeCreator.scala, Spark 3.5)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from mabridge.lower.columns import ScalarColumn
from mabridge.plan.types import ArrayType, MapType, StringType, StructType, VectorType, arrow_type
from mabridge.sql.arrays import array_of, elements_of
from mabridge.sql.cells import both, expand, rows_of, with_valid
from mabridge.sql.coercion import INTEGRAL, implicit
from mabridge.sql.evaluate import Running
from mabridge.sql.functions.array_parts import value_of_key
from mabridge.sql.functions.collections import comparable, equal_rows, gather
from mabridge.sql.functions.function import Args, Function, Signature, TypeMismatch
from mabridge.sql.scope import Session
from mabridge.sql.typed import Constant


def _named(args: Args) -> tuple[str, ...]:
    names = []
    for arg in args[::2]:
        if not isinstance(arg, Constant) or not isinstance(arg.value, str):
            raise TypeMismatch(f"the field's name {arg.shown} is no constant string; Spark refuses this too.")
        names.append(arg.value)
    return tuple(names)


def _struct_types(args: Args, session: Session) -> Signature:
    if not args or len(args) % 2:
        raise TypeMismatch("a struct takes names and values in turn; Spark refuses this too.")
    kind = StructType(tuple(zip(_named(args), (arg.kind for arg in args[1::2]), strict=True)))
    return Signature(tuple(arg.kind for arg in args), kind, nullable=False)


def _struct(running: Running) -> ScalarColumn:
    columns = [running.column(place) for place in range(1, len(running.call.args), 2)]
    rows = rows_of(columns, running.frame.num_rows)
    kind = running.kind
    arrays = [expand(column, rows).arrow for column in columns]
    return ScalarColumn.of_arrow(kind, pa.StructArray.from_arrays(arrays, fields=list(arrow_type(kind))) if arrays else pa.array([{}] * rows, arrow_type(kind)))


def _field_place(kind: StructType, args: Args) -> int:
    name = args[1].value if isinstance(args[1], Constant) else None
    if not isinstance(name, str):
        raise TypeMismatch(f"the field's name {args[1].shown} is no constant string; Spark refuses this too.")
    names = [field for field, _ in kind.fields]
    same = [place for place, field in enumerate(names) if field.lower() == name.lower()]
    if len(same) != 1:
        what = "no field" if not same else "several fields"
        raise TypeMismatch(f"{args[0].shown} has {what} `{name}`; it has {', '.join(names) or 'none'}.")
    return same[0]


def _part_types(args: Args, session: Session) -> Signature:
    kind, key = args[0].kind, args[1].kind
    match kind:
        case StructType():
            return Signature((kind, key), kind.fields[_field_place(kind, args)][1])
        case ArrayType(StructType() as inner) if isinstance(key, StringType):
            return Signature((kind, key), ArrayType(inner.fields[_field_place(inner, args)][1]))
        case ArrayType(element) if isinstance(key, INTEGRAL):
            return Signature((kind, key), element, nullable=True, may_raise=session.ansi)
        case MapType(wanted, value):
            if not implicit(key, wanted, ansi=session.ansi):
                raise TypeMismatch(f"{args[1].shown} is {key}, where a key of {kind} is expected; Spark refuses this too.")
            comparable(args[0], wanted)
            return Signature((kind, wanted), value, nullable=True)
        case VectorType():
            raise TypeMismatch(f"{args[0].shown} is a vector, which has no parts in SQL; Spark refuses this too.")
    raise TypeMismatch(f"{args[0].shown} is {kind}, which has no parts of the kind {args[1].shown}; Spark refuses this too.")


def _part(running: Running) -> ScalarColumn:
    kind = running.call.args[0].kind
    whole = running.column(0)
    if isinstance(kind, StructType):
        return _field(whole, kind, _field_place(kind, running.call.args))
    if isinstance(kind, MapType):
        return value_of_key(*equal_rows(running, [whole, running.column(1)])[1])
    assert isinstance(kind, ArrayType)
    if isinstance(kind.element, StructType) and isinstance(running.call.args[1].kind, StringType):
        found = elements_of(whole)
        inner = _field(found.values, kind.element, _field_place(kind.element, running.call.args))
        assert isinstance(running.kind, ArrayType)
        return array_of(running.kind, found.lengths, inner, found.valid)
    return _element(running, whole, running.column(1))


def _field(whole: ScalarColumn, kind: StructType, place: int) -> ScalarColumn:
    inner = ScalarColumn.of_arrow(kind.fields[place][1], whole.arrow.field(place))
    return with_valid(inner, whole.valid)


def _element(running: Running, whole: ScalarColumn, index: ScalarColumn) -> ScalarColumn:
    _, (whole, index) = equal_rows(running, [whole, index])
    found, places = elements_of(whole), index.values.astype(np.int64)
    valid = both(whole.valid, index.valid)
    outside = (places < 0) | (places >= found.lengths)
    if running.ansi:
        running.refuse(
            outside if valid is None else outside & valid,
            "takes an element that the array does not have, which Spark refuses under ANSI; write get(array, place), which gives null there.",
        )
    inside = ~outside if valid is None else ~outside & valid
    return gather(found.values, found.starts + places, inside)


def _show_part(_: str, args: Sequence[str]) -> str:
    return f"{args[0]}[{args[1]}]"


def _show_field(_: str, args: Sequence[str]) -> str:
    return f"{args[0]}.{args[1]}"


FUNCTIONS = (
    Function(("[]",), (2, 2), _part_types, _part, _show_part),
    Function((".",), (2, 2), _part_types, _part, _show_field),
    # CreateStruct shows values and their names, which of them depends on where the names came from.
    Function(("struct",), (1, None), _struct_types, _struct, None),
    Function(("named_struct",), (2, None), _struct_types, _struct),
)
