"""CAST between arrays, maps and structs, and of them to string (Cast, Spark 3.5)."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from mabridge.lower.columns import Bools, ScalarColumn
from mabridge.plan.types import ArrayType, DataType, MapType, StringType, StructType, arrow_type
from mabridge.sql.arrays import Places, array_of, elements_of, entries_of, map_of
from mabridge.sql.cells import expand, with_valid
from mabridge.sql.coercion import force_nullable
from mabridge.sql.evaluate import Running
from mabridge.sql.functions.function import Kernel
from mabridge.sql.typed import TypedCall, TypedColumn

KernelOf = Callable[[DataType, DataType], Kernel | None]
_TEXT = StringType()
_NESTED = (ArrayType, MapType, StructType)


def nested_kernel(source: DataType, target: DataType, kernel_of: KernelOf) -> Kernel | None:
    """The kernel that casts a type with parts, None where Spark or mabridge has none.

    Args:
        source: has parts.
        target: any type.
        kernel_of: the kernel that casts a part.
    """
    if isinstance(target, StringType):
        return (lambda running: _text(running, running.column(0), kernel_of)) if _can_be_text(source, kernel_of) else None
    match source, target:
        case ArrayType(), ArrayType() if kernel_of(source.element, target.element) is not None:
            return lambda running: _array(running, kernel_of)
        case MapType(), MapType() if kernel_of(source.key, target.key) is not None and kernel_of(source.value, target.value) is not None:
            return None if force_nullable(source.key, target.key) else lambda running: _map(running, kernel_of)
        case StructType(), StructType() if len(source.fields) == len(target.fields):
            pairs = zip(source.fields, target.fields, strict=True)
            return (lambda running: _struct(running, kernel_of)) if all(kernel_of(one, other) is not None for (_, one), (_, other) in pairs) else None
    return None


def _can_be_text(kind: DataType, kernel_of: KernelOf) -> bool:
    match kind:
        case ArrayType(element):
            return _can_be_text(element, kernel_of)
        case MapType(key, value):
            return _can_be_text(key, kernel_of) and _can_be_text(value, kernel_of)
        case StructType(fields):
            return all(_can_be_text(inner, kernel_of) for _, inner in fields)
    return kernel_of(kind, _TEXT) is not None


class _Part(Running):
    """The cast of the parts inside a value: what it refuses is refused of the value's row, and TRY_CAST makes the part null."""

    def __init__(self, outer: Running, source: ScalarColumn, target: DataType, rows: Places) -> None:
        column = TypedColumn(source.kind, True, outer.call.args[0].shown, "", "")
        super().__init__(TypedCall(target, True, outer.call.shown, outer.call.function, (column,), outer.call.session, outer.call.may_raise), outer.frame)
        self._outer = outer
        self._source = source
        self._rows = rows
        self.attempts: bool = getattr(outer, "attempts", False)
        self._failed: Bools | None = None

    @property
    def ansi(self) -> bool:
        return self._outer.ansi

    def columns(self) -> list[ScalarColumn]:
        return [self._source]

    def column(self, place: int) -> ScalarColumn:  # noqa: ARG002 - there is one
        return self._source

    def refuse(self, bad: Bools, reason: str) -> None:
        if self.attempts:
            self._failed = bad if self._failed is None else self._failed | bad
            return
        whole = np.zeros(self._rows.max(initial=-1) + 1, dtype=np.bool_)
        whole[self._rows[np.broadcast_to(bad, self._rows.shape)]] = True
        self._outer.refuse(_padded(whole, self._outer), reason)

    def cast(self, kernel: Kernel) -> ScalarColumn:
        """The parts, cast."""
        if not len(self._source):
            return ScalarColumn.of_arrow(self.kind, pa.array([], arrow_type(self.kind)))
        found = expand(kernel(self), len(self._source))
        return found if self._failed is None or not self._failed.any() else with_valid(found, ~self._failed)


def _padded(bad: Bools, outer: Running) -> Bools:
    rows = len(outer.column(0))
    return np.concatenate([bad, np.zeros(rows - len(bad), dtype=np.bool_)])


def _cast(outer: Running, source: ScalarColumn, target: DataType, rows: Places, kernel_of: KernelOf) -> ScalarColumn:
    kernel = kernel_of(source.kind, target)
    assert kernel is not None
    return _Part(outer, source, target, rows).cast(kernel)


def _array(running: Running, kernel_of: KernelOf) -> ScalarColumn:
    assert isinstance(running.kind, ArrayType)
    found = elements_of(running.column(0))
    return array_of(running.kind, found.lengths, _cast(running, found.values, running.kind.element, found.rows, kernel_of), found.valid)


def _map(running: Running, kernel_of: KernelOf) -> ScalarColumn:
    assert isinstance(running.kind, MapType)
    found = entries_of(running.column(0))
    keys = _cast(running, found.keys, running.kind.key, found.rows, kernel_of)
    return map_of(running.kind, found.lengths, keys, _cast(running, found.values, running.kind.value, found.rows, kernel_of), found.valid)


def _fields(column: ScalarColumn) -> list[ScalarColumn]:
    """The fields of a struct column, null where the struct is."""
    assert isinstance(column.kind, StructType)
    return [with_valid(ScalarColumn.of_arrow(kind, column.arrow.field(place)), column.valid) for place, (_, kind) in enumerate(column.kind.fields)]


def _struct(running: Running, kernel_of: KernelOf) -> ScalarColumn:
    kind, column = running.kind, running.column(0)
    assert isinstance(kind, StructType)
    rows = np.arange(len(column))
    parts = [_cast(running, part, inner, rows, kernel_of).arrow for part, (_, inner) in zip(_fields(column), kind.fields, strict=True)]
    if not parts:
        return column
    whole = ScalarColumn.of_arrow(kind, pa.StructArray.from_arrays(parts, fields=list(arrow_type(kind))))
    return with_valid(whole, column.valid)


def _text(running: Running, column: ScalarColumn, kernel_of: KernelOf) -> ScalarColumn:
    """`[1, null]`, `{a -> 1}` and `{1, x}`: strings without quotes, a struct without its fields' names."""
    kind = column.kind
    match kind:
        case ArrayType():
            found = elements_of(column)
            inside = _listed(_shown(running, found.values, found.rows, kernel_of), found.lengths)
            left, right = "[", "]"
        case MapType():
            entries = entries_of(column)
            keys, values = (_shown(running, part, entries.rows, kernel_of) for part in (entries.keys, entries.values))
            inside = _listed(pc.binary_join_element_wise(keys, values, " -> "), entries.lengths)
            left, right = "{", "}"
        case StructType():
            parts = [_shown(running, part, np.arange(len(column)), kernel_of) for part in _fields(column)]
            inside = pc.binary_join_element_wise(*parts, ", ") if parts else pa.array([""] * len(column), pa.string())
            left, right = "{", "}"
        case _:
            return _cast(running, column, _TEXT, np.arange(len(column)), kernel_of)
    return with_valid(ScalarColumn.of_arrow(_TEXT, pc.binary_join_element_wise(left, inside, right, "")), column.valid)


def _shown(running: Running, part: ScalarColumn, rows: Places, kernel_of: KernelOf) -> pa.Array:
    text = _text(_Part(running, part, _TEXT, rows), part, kernel_of) if isinstance(part.kind, _NESTED) else _cast(running, part, _TEXT, rows, kernel_of)
    return text.arrow.fill_null("null")


def _listed(texts: pa.Array, lengths: Places) -> pa.Array:
    lists = array_of(ArrayType(_TEXT), lengths, ScalarColumn.of_arrow(_TEXT, texts), None).arrow
    return pc.binary_join(lists, ", ")
