"""Functions of strings, by characters as UTF8String counts them (stringExpressions.scala, Spark 3.5)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from mabridge.lower.columns import ScalarColumn
from mabridge.plan.types import ArrayType, BinaryType, BooleanType, IntegerType, StringType
from mabridge.sql.cells import datum, expand
from mabridge.sql.evaluate import Running
from mabridge.sql.functions.array_building import concat_arrays, concat_arrays_types, dispatch_text, reverse_array, same_array_types
from mabridge.sql.functions.case_mapping import lower_text, upper_text
from mabridge.sql.functions.function import Args, Function, Kernel, NotSupported, Show, Signature, TypeMismatch, as_call
from mabridge.sql.functions.rules import takes
from mabridge.sql.scope import Session
from mabridge.sql.typed import Constant

_TEXT, _INT, _BOOLEAN = StringType(), IntegerType(), BooleanType()
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
    if any(isinstance(arg.kind, ArrayType) for arg in args):
        raise NotSupported("joining arrays is not supported; compute the column before prediction.")
    return takes(_TEXT, gives=_TEXT)(args, session)


def _concat(*texts: Any) -> Any:
    empty = pa.scalar("" if not texts or not pa.types.is_binary(texts[0].type) else b"", texts[0].type)
    return pc.binary_join_element_wise(*texts, empty, null_handling="emit_null")


def _substring_types(args: Args, session: Session) -> Signature:
    if isinstance(args[0].kind, BinaryType):
        raise NotSupported("parts of binary values are not supported; cast to string first.")
    return takes(_TEXT, _INT, _INT, gives=_TEXT)(args, session)


def _substring(running: Running) -> ScalarColumn:
    args = running.call.args
    limits = [arg.value if isinstance(arg, Constant) else None for arg in args[1:]]
    if None in limits:
        return _by_row(running, _cut)
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


def _cut(text: str, start: int, length: int = _MAX) -> str:
    begin = start - 1 if start > 0 else len(text) + start if start < 0 else 0
    return text[max(begin, 0) : max(min(begin + length, _MAX), 0)]


def _by_row(running: Running, compute: Callable[..., Any]) -> ScalarColumn:
    """Row by row, null where any argument is null."""
    from mabridge.plan.types import arrow_type

    columns = running.columns_up_to_null()
    rows = running.frame.num_rows if any(len(column) != 1 for column in columns) else 1
    lists = [expand(column, rows).arrow.to_pylist() for column in columns]
    found = [None if None in values else compute(*values) for values in zip(*lists, strict=True)]
    array = pa.array(found, type=arrow_type(running.kind))
    return ScalarColumn.of_arrow(running.kind, array)


def _show_substring(name: str, args: Sequence[str]) -> str:
    return as_call(name, args if len(args) > 2 else [*args, str(_MAX)])


def _rows(names: tuple[str, ...], arity: tuple[int, int], types: Any, compute: Callable[..., Any], show: Show = as_call) -> Function:
    return Function(names, arity, types, lambda running: _by_row(running, compute), show)


def _like_types(args: Args, session: Session) -> Signature:
    if len(args) > 2 and not (isinstance(args[2], Constant) and isinstance(args[2].value, str) and len(args[2].value) == 1):
        raise TypeMismatch("the escape is not one character; Spark refuses this too.")
    return takes(_TEXT, gives=_BOOLEAN)(args[:2], session) if len(args) == 2 else takes(_TEXT, gives=_BOOLEAN)(args, session)


def like_regex(pattern: str, escape: str = "\\") -> str:
    """A LIKE pattern as a regular expression for RE2.

    Raises:
        NotSupported: the escape character stands where Spark refuses it.
    """
    out, place = [], 0
    while place < len(pattern):
        character = pattern[place]
        place += 1
        if character == escape:
            if place == len(pattern) or pattern[place] not in ("_", "%", escape):
                raise NotSupported(f"the LIKE pattern {pattern!r} has its escape character where Spark refuses it too: only `_`, `%` and itself may follow.")
            out.append(_literal(pattern[place]))
            place += 1
        else:
            out.append("." if character == "_" else ".*" if character == "%" else _literal(character))
    return rf"(?s)\A{''.join(out)}\z"


def _literal(character: str) -> str:
    return f"\\{character}" if character in r"\.+*?()|[]{}^$" else character


def _like(running: Running) -> ScalarColumn:
    pattern, escape = running.call.args[1], running.call.args[2] if len(running.call.args) > 2 else None
    escaped = escape.value if isinstance(escape, Constant) else "\\"
    if not isinstance(pattern, Constant):
        raise NotSupported("a LIKE pattern that is no constant is not supported; write one LIKE for each pattern.")
    texts = running.column(0)
    if pattern.value is None:
        return expand(_null_boolean(), len(texts))
    found = pc.match_substring_regex(texts.arrow, pattern=like_regex(pattern.value, escaped))
    return ScalarColumn.of_arrow(_BOOLEAN, found)


def _null_boolean() -> ScalarColumn:
    return ScalarColumn.of_numpy(_BOOLEAN, np.zeros(1, np.bool_), np.zeros(1, np.bool_))


def _show_like(_: str, args: Sequence[str]) -> str:
    return f"{args[0]} LIKE {args[1]}"


def _like_checked(args: Args, session: Session) -> Signature:
    signature = _like_types(args, session)
    if not isinstance(args[1], Constant):
        raise NotSupported("a LIKE pattern that is no constant is not supported; write one LIKE for each pattern.")
    if isinstance(args[1].value, str):
        escape = args[2].value if len(args) > 2 and isinstance(args[2], Constant) else "\\"
        like_regex(args[1].value, escape)
    return signature


def _pad(text: str, length: int, fill: str = " ", *, left: bool) -> str:
    if length <= len(text) or not fill:
        return text[: max(length, 0)]
    missing = length - len(text)
    padding = (fill * (missing // len(fill) + 1))[:missing]
    return padding + text if left else text + padding


def _show_pad(name: str, args: Sequence[str]) -> str:
    return as_call(name, args if len(args) > 2 else [*args, " "])


def _reverse_types(args: Args, session: Session) -> Signature:
    if isinstance(args[0].kind, ArrayType):
        raise NotSupported("turning arrays around is not supported; compute the column before prediction.")
    return takes(_TEXT, gives=_TEXT)(args, session)


def _replace(text: str, search: str, by: str = "") -> str:
    return text.replace(search, by) if search else text


def _show_replace(name: str, args: Sequence[str]) -> str:
    return as_call(name, args if len(args) > 2 else [*args, ""])


def _text_or_array(text: Kernel, array: Kernel) -> Kernel:
    return lambda running: (array if isinstance(running.kind, ArrayType) else text)(running)


def _reverse(running: Running) -> ScalarColumn:
    return _by_row(running, lambda text: text[::-1])


FUNCTIONS = (
    _unary(("upper", "ucase"), upper_text),
    _unary(("lower", "lcase"), lower_text),
    _unary(("trim",), lambda texts: pc.utf8_trim(texts, characters=" ")),
    _unary(("ltrim",), lambda texts: pc.utf8_ltrim(texts, characters=" ")),
    _unary(("rtrim",), lambda texts: pc.utf8_rtrim(texts, characters=" ")),
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
    Function(("like",), (2, 3), _like_checked, _like, _show_like),
    _rows(("left",), (2, 2), takes(_TEXT, _INT, gives=_TEXT), lambda text, length: text[: max(length, 0)]),
    _rows(("right",), (2, 2), takes(_TEXT, _INT, gives=_TEXT), lambda text, length: text[max(len(text) - length, 0) :] if length > 0 else ""),
    _rows(("startswith",), (2, 2), takes(_TEXT, gives=_BOOLEAN), str.startswith),
    _rows(("endswith",), (2, 2), takes(_TEXT, gives=_BOOLEAN), str.endswith),
    _rows(("contains",), (2, 2), takes(_TEXT, gives=_BOOLEAN), lambda text, part: part in text),
    _rows(("instr",), (2, 2), takes(_TEXT, gives=_INT), lambda text, part: text.find(part) + 1),
    Function(("reverse",), (1, 1), dispatch_text(takes(_TEXT, gives=_TEXT), same_array_types), _text_or_array(_reverse, reverse_array)),
    _rows(("lpad",), (2, 3), takes(_TEXT, _INT, _TEXT, gives=_TEXT), lambda *args: _pad(*args, left=True), _show_pad),
    _rows(("rpad",), (2, 3), takes(_TEXT, _INT, _TEXT, gives=_TEXT), lambda *args: _pad(*args, left=False), _show_pad),
    _rows(("replace",), (2, 3), takes(_TEXT, gives=_TEXT), _replace, _show_replace),
)
