"""Functions of strings, by characters as UTF8String counts them (stringExpressions.scala, Spark 3.5)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from mabridge.lower.columns import ScalarColumn
from mabridge.plan.types import ArrayType, BinaryType, IntegerType, StringType
from mabridge.sql.cells import datum
from mabridge.sql.distinct import over_distinct
from mabridge.sql.evaluate import Running
from mabridge.sql.functions.array_building import concat_arrays, concat_arrays_types, dispatch_text, reverse_array, same_array_types
from mabridge.sql.functions.case_mapping import lower_text, upper_text
from mabridge.sql.functions.function import Args, Function, Kernel, Signature, as_call
from mabridge.sql.functions.rules import takes
from mabridge.sql.functions.text import cut
from mabridge.sql.scope import Session
from mabridge.sql.typed import Constant

_TEXT, _INT = StringType(), IntegerType()
_MAX = 2**31 - 1


def _array(running: Running, compute: Callable[..., Any]) -> ScalarColumn:
    """An Arrow function of the arguments; constants go in as scalars, or as one row where all are constant."""
    columns = running.columns()
    rows = running.frame.num_rows
    if all(len(column) == 1 for column in columns):
        return ScalarColumn.of_arrow(running.kind, _typed(compute(*(column.arrow for column in columns)), running))
    return ScalarColumn.of_arrow(running.kind, _typed(compute(*(datum(column, rows) for column in columns)), running))


def _typed(found: Any, running: Running) -> pa.Array:
    from mabridge.plan.types import arrow_type

    wanted = arrow_type(running.kind)
    return found if found.type == wanted else found.cast(wanted)


def _arrow(compute: Callable[..., Any]) -> Kernel:
    return lambda running: _array(running, compute)


def _unary(names: tuple[str, ...], compute: Callable[[Any], Any]) -> Function:
    return Function(names, (1, 1), takes(_TEXT, gives=_TEXT), _arrow(compute))


def _length_types(args: Args, session: Session) -> Signature:
    if isinstance(args[0].kind, BinaryType):
        return Signature((args[0].kind,), _INT)
    return takes(_TEXT, gives=_INT)(args, session)


def _length(texts: Any) -> Any:
    return pc.binary_length(texts) if pa.types.is_binary(texts.type) else pc.utf8_length(texts)


def _concat_types(args: Args, session: Session) -> Signature:
    if args and all(isinstance(arg.kind, BinaryType) for arg in args):
        return Signature(tuple(arg.kind for arg in args), BinaryType())
    return takes(_TEXT, gives=_TEXT)(args, session)


def _concat(*texts: Any) -> Any:
    empty = pa.scalar("" if not texts or not pa.types.is_binary(texts[0].type) else b"", texts[0].type)
    return pc.binary_join_element_wise(*texts, empty, null_handling="emit_null")


def _substring_types(args: Args, session: Session) -> Signature:
    if isinstance(args[0].kind, BinaryType):
        return takes(BinaryType(), _INT, _INT, gives=BinaryType())(args, session)
    return takes(_TEXT, _INT, _INT, gives=_TEXT)(args, session)


def _substring(running: Running) -> ScalarColumn:
    args = running.call.args
    limits = [arg.value if isinstance(arg, Constant) else None for arg in args[1:]]
    if None in limits or isinstance(running.kind, BinaryType):
        return over_distinct(running, cut)
    start, length = limits[0], limits[1] if len(limits) > 1 else _MAX
    assert isinstance(start, int)
    assert isinstance(length, int)
    # From the end, Arrow's and Python's negative places mean what Spark's mean.
    begin = start - 1 if start > 0 else start
    end: int | None = min(begin + length, _MAX)
    if start < 0 and begin + length >= 0:
        end = None
    texts = running.column(0)
    if length <= 0:
        return ScalarColumn.of_arrow(_TEXT, pc.utf8_slice_codeunits(texts.arrow, 0, 0))
    return ScalarColumn.of_arrow(_TEXT, pc.utf8_slice_codeunits(texts.arrow, begin, end))


def _show_substring(name: str, args: Sequence[str]) -> str:
    return as_call(name, args if len(args) > 2 else [*args, str(_MAX)])


def _replace_kernel(running: Running) -> ScalarColumn:
    search, by = [*running.call.args[1:], None][:2]
    if isinstance(search, Constant) and search.value and (by is None or (isinstance(by, Constant) and isinstance(by.value, str))):
        written = by.value if isinstance(by, Constant) else ""
        return ScalarColumn.of_arrow(_TEXT, pc.replace_substring(running.column(0).arrow, pattern=search.value, replacement=written))
    return over_distinct(running, _replace)


def _replace(text: str, search: str, by: str = "") -> str:
    return text.replace(search, by) if search else text


def _show_replace(name: str, args: Sequence[str]) -> str:
    return as_call(name, args if len(args) > 2 else [*args, ""])


def _text_or_array(text: Kernel, array: Kernel) -> Kernel:
    return lambda running: (array if isinstance(running.kind, ArrayType) else text)(running)


def _reverse(running: Running) -> ScalarColumn:
    return over_distinct(running, lambda text: text[::-1])


FUNCTIONS = (
    _unary(("upper", "ucase"), upper_text),
    _unary(("lower", "lcase"), lower_text),
    Function(("length", "char_length", "character_length", "len"), (1, 1), _length_types, _arrow(_length)),
    Function(("concat",), (0, None), dispatch_text(_concat_types, concat_arrays_types), _text_or_array(_arrow(_concat), concat_arrays)),
    Function(
        ("||",),
        (2, 2),
        dispatch_text(_concat_types, concat_arrays_types),
        _text_or_array(_arrow(_concat), concat_arrays),
        lambda _, args: as_call("concat", args),
    ),
    Function(("substring", "substr"), (2, 3), _substring_types, _substring, _show_substring),
    Function(("reverse",), (1, 1), dispatch_text(takes(_TEXT, gives=_TEXT), same_array_types), _text_or_array(_reverse, reverse_array)),
    Function(("replace",), (2, 3), takes(_TEXT, gives=_TEXT), _replace_kernel, _show_replace),
)
