"""Trimming, finding, cutting, padding and joining strings (stringExpressions.scala and UTF8String, Spark 3.5)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import pyarrow.compute as pc

from mabridge.lower.columns import ScalarColumn
from mabridge.plan.types import ArrayType, BinaryType, DataType
from mabridge.sql.coercion import implicit
from mabridge.sql.distinct import RefusedRow, over_distinct
from mabridge.sql.evaluate import Running
from mabridge.sql.functions.function import Args, Function, Kernel, NotSupported, Show, Signature, TypeMismatch, TypeRule, as_call
from mabridge.sql.functions.rules import BOOL, INT, TEXT, takes
from mabridge.sql.functions.versions import is_4, since_4
from mabridge.sql.scope import Session
from mabridge.sql.typed import Constant

MAX = 2**31 - 1
#: Characters that one row's text may come to; Spark would go on to 2^31 bytes.
MOST = 2**28
BYTES = BinaryType()


def rows(names: tuple[str, ...], arity: tuple[int, int | None], types: TypeRule, compute: Callable[..., Any], show: Show | None = as_call) -> Function:
    """A function of single rows, null where any argument is null."""
    return Function(names, arity, types, lambda running: over_distinct(running, compute), show)


def raising(*targets: DataType, gives: DataType, nullable: bool | None = None) -> TypeRule:
    """Fixed types of a function that may refuse a row."""
    return takes(*targets, gives=gives, nullable=nullable, may_raise=True)


def text_or_binary(*more: DataType, both: int = 1) -> TypeRule:
    """A function of strings that is one of binary where the first `both` arguments are binary; it gives what it takes.

    Args:
        more: the types of the arguments behind these.
        both: how many arguments have to be of one type.
    """

    def rule(args: Args, session: Session) -> Signature:
        binary = all(isinstance(arg.kind, BinaryType) for arg in args[:both])
        kind: DataType = BYTES if binary else TEXT
        return takes(*[kind] * both, *more, gives=kind)(args, session)

    return rule


def bounded_text(length: int, what: Any) -> None:
    """Refuse a row whose text would fill the memory."""
    if length > MOST:
        raise RefusedRow(f"makes a text of {length} characters of {str(what)[:20]!r}, which is refused: at most {MOST} are made.")


# Trimming -------------------------------------------------------------------------------------------------------------------------------------------------

_ARROW_TRIMS: dict[str, Callable[..., Any]] = {"BOTH": pc.utf8_trim, "LEADING": pc.utf8_ltrim, "TRAILING": pc.utf8_rtrim}
_TRIMS: dict[str, Callable[[str, str], str]] = {"BOTH": str.strip, "LEADING": str.lstrip, "TRAILING": str.rstrip}


def _trim_kernel(side: str) -> Kernel:
    arrow, one = _ARROW_TRIMS[side], _TRIMS[side]

    def kernel(running: Running) -> ScalarColumn:
        args = running.call.args
        fixed = args[1].value if len(args) > 1 and isinstance(args[1], Constant) else " " if len(args) == 1 else None
        if isinstance(fixed, str) and fixed:
            return ScalarColumn.of_arrow(TEXT, arrow(running.column(0).arrow, characters=fixed))
        return over_distinct(running, lambda text, characters: one(text, characters) if characters else text)

    return kernel


def _show_trim(side: str, plain: str) -> Show:
    def show(_: str, args: Sequence[str]) -> str:
        return as_call(plain, args) if len(args) == 1 else f"TRIM({side} {args[0]} FROM {args[1]})"

    return show


def _trims() -> list[Function]:
    found = [Function(("btrim",), (1, 2), takes(TEXT, gives=TEXT), _trim_kernel("BOTH"))]
    for side, plain in (("BOTH", "trim"), ("LEADING", "ltrim"), ("TRAILING", "rtrim")):
        show = _show_trim(side, plain)
        # As a function, what is trimmed stands last.
        found.append(Function((plain,), (1, 2), takes(TEXT, gives=TEXT), _trim_kernel(side), show, arguments=lambda args: args[::-1]))

        def worded(name: str, args: Sequence[str], show: Show = show) -> str:
            return show(name, args[::-1])

        found.append(Function((f"trim {side.lower()}",), (1, 2), takes(TEXT, gives=TEXT), _trim_kernel(side), worded))
    return found


# Finding --------------------------------------------------------------------------------------------------------------------------------------------------


def _locate(part: str | None, text: str | None, start: int | None = 1) -> int | None:
    if start is None:
        # StringLocate: a null start is no place at all, whatever the others are.
        return 0
    if part is None or text is None:
        return None
    if start < 1:
        return 0
    return 1 if not part else text.find(part, start - 1) + 1


def _show_locate(name: str, args: Sequence[str]) -> str:
    return as_call(name, args if len(args) > 2 else [*args, "1"])


def _instr_types(args: Args, session: Session) -> Signature:
    if len(args) == 2:
        return takes(TEXT, gives=INT)(args, session)
    return since_4("instr with a start", raising(TEXT, TEXT, INT, INT, gives=INT))(args, session)


def _instr(text: str, part: str, start: int = 1, occurrence: int = 1) -> int:
    if occurrence < 1:
        raise RefusedRow(f"asks for occurrence {occurrence}, where they count from 1; Spark refuses this too.")
    if not start or not part:
        return 1 if start else 0
    if occurrence > 1 and _overlaps(text, part):
        raise RefusedRow("looks for a later occurrence of a text that overlaps itself, which is not supported.")
    place = start - 2 if start > 0 else len(text) + start + 1
    for _ in range(min(occurrence, len(text) + 1)):
        place = text.find(part, place + 1) if start > 0 else text.rfind(part, 0, place - 1 + len(part)) if place > 0 else -1
        if place < 0:
            return 0
    return place + 1


def _overlaps(text: str, part: str) -> bool:
    place = text.find(part)
    while place >= 0:
        following = text.find(part, place + 1)
        if 0 <= following < place + len(part):
            return True
        place = following
    return False


def _show_instr(name: str, args: Sequence[str]) -> str:
    return as_call(name, [*args, "1"] if len(args) == 3 else args)


def _find_in_set(text: str, texts: str) -> int:
    if "," in text:
        return 0
    parts = texts.split(",")
    return parts.index(text) + 1 if text in parts else 0


def _boolean_parts(args: Args, session: Session) -> Signature:
    if all(isinstance(arg.kind, BinaryType) for arg in args):
        return Signature((BYTES, BYTES), BOOL)
    return takes(TEXT, gives=BOOL)(args, session)


def _of_part(arrow: Callable[..., Any], compute: Callable[..., Any]) -> Kernel:
    """A predicate of a text and a part; by Arrow where the part is one for all rows."""

    def kernel(running: Running) -> ScalarColumn:
        part = running.call.args[1]
        if isinstance(part, Constant) and part.value is not None:
            return ScalarColumn.of_arrow(BOOL, arrow(running.column(0).arrow, pattern=part.value))
        return over_distinct(running, compute)

    return kernel


# Cutting --------------------------------------------------------------------------------------------------------------------------------------------------


def cut(text: Any, start: int, length: int = MAX) -> Any:
    """`substringSQL` of a text or of bytes."""
    begin = start - 1 if start > 0 else len(text) + start if start < 0 else 0
    return text[max(begin, 0) : max(min(begin + length, MAX), 0)]


def _left(running: Running) -> ScalarColumn:
    length = running.call.args[1]
    if isinstance(length, Constant) and isinstance(length.value, int) and not isinstance(running.kind, BinaryType):
        return ScalarColumn.of_arrow(TEXT, pc.utf8_slice_codeunits(running.column(0).arrow, 0, max(length.value, 0)))
    return over_distinct(running, lambda text, length: text[: max(length, 0)])


def _right(text: str, length: int) -> str:
    return text[max(len(text) - length, 0) :] if length > 0 else ""


def _substring_index(text: str, delimiter: str, count: int) -> str:
    if not delimiter or not count:
        return ""
    if count == -(2**31):
        raise RefusedRow("asks for -2147483648 parts, which Spark fails at too.")
    if abs(count) > len(text):
        return text
    place = -1 if count > 0 else len(text) - len(delimiter) + 1
    for _ in range(abs(count)):
        # Occurrences may overlap.
        place = text.find(delimiter, place + 1) if count > 0 else text.rfind(delimiter, 0, place - 1 + len(delimiter)) if place > 0 else -1
        if place < 0:
            return text
    return text[:place] if count > 0 else text[place + len(delimiter) :]


def _split_part(text: str, delimiter: str, part: int) -> str:
    if not part:
        raise RefusedRow("asks for part 0, where parts count from 1 or -1; Spark refuses this too.")
    parts = text.split(delimiter) if delimiter else [text]
    place = part - 1 if part > 0 else len(parts) + part
    return parts[place] if 0 <= place < len(parts) else ""


def _split_part_3(text: str, delimiter: str, part: int) -> str:
    if part == -(2**31):
        raise RefusedRow("asks for part -2147483648, which Spark 3 fails at too.")
    return _split_part(text, delimiter, part)


def _overlay(text: Any, by: Any, place: int, length: int = -1, *, wraps: bool = False) -> Any:
    before, behind = place - 1, place + (length if length >= 0 else len(by))
    if wraps:
        before, behind = ((number + 2**31) % 2**32 - 2**31 for number in (before, behind))
    else:
        behind = max(behind, -len(text)) if behind < 0 else behind
    return cut(text, 1, before) + by + cut(text, behind, MAX)


def by_version(three: Callable[..., Any], four: Callable[..., Any]) -> Kernel:
    """A function of single rows that Spark 4 changed."""
    return lambda running: over_distinct(running, four if is_4(running.call.session) else three)


def _show_overlay(name: str, args: Sequence[str]) -> str:
    return as_call(name, args if len(args) > 3 else [*args, "-1"])


# Padding and repeating ------------------------------------------------------------------------------------------------------------------------------------


def _pad(left: bool) -> Callable[..., Any]:
    def pad(text: Any, length: int, fill: Any = " ") -> Any:
        if length <= len(text) or not fill:
            return text[: max(length, 0)]
        bounded_text(length, text)
        missing = length - len(text)
        padding = (fill * (missing // len(fill) + 1))[:missing]
        return padding + text if left else text + padding

    return pad


def _pad_types(args: Args, session: Session) -> Signature:
    binary = isinstance(args[0].kind, BinaryType) and (len(args) == 2 or isinstance(args[2].kind, BinaryType))
    if binary and len(args) == 2:
        raise NotSupported("padding of binary without a fill is not supported, as Spark names the item by its type; write the fill, X'00'.")
    if binary:
        found = takes(BYTES, INT, BYTES, gives=BYTES)(args, session)
    else:
        found = takes(TEXT, INT, TEXT, gives=TEXT)(args, session)
    return Signature(found.takes, found.gives, may_raise=not isinstance(args[1], Constant))


def _show_pad(name: str, args: Sequence[str]) -> str:
    return as_call(name, args if len(args) > 2 else [*args, " "])


def _repeat(text: str, times: int) -> str:
    bounded_text(len(text) * times, text)
    return text * times


def _space(length: int) -> str:
    bounded_text(length, " ")
    return " " * length


# Joining and choosing -------------------------------------------------------------------------------------------------------------------------------------


def _concat_ws_types(args: Args, session: Session) -> Signature:
    wanted: list[DataType] = []
    for place, arg in enumerate(args):
        if place and isinstance(arg.kind, ArrayType) and implicit(arg.kind.element, TEXT, ansi=session.ansi):
            wanted.append(ArrayType(TEXT))
        elif implicit(arg.kind, TEXT, ansi=session.ansi):
            wanted.append(TEXT)
        else:
            raise TypeMismatch(f"{arg.shown} is {arg.kind}, where a string{' or an array of strings' if place else ''} is expected; Spark refuses this too.")
    return Signature(tuple(wanted), TEXT, nullable=args[0].nullable)


def _concat_ws(separator: str | None, *texts: Any) -> str | None:
    if separator is None:
        return None
    found: list[str] = []
    for text in texts:
        if isinstance(text, list):
            found.extend(part for part in text if part is not None)
        elif text is not None:
            found.append(text)
    return separator.join(found)


def _elt_types(args: Args, session: Session) -> Signature:
    binary = all(isinstance(arg.kind, BinaryType) for arg in args[1:])
    kind: DataType = BYTES if binary else TEXT
    found = takes(INT, kind, gives=kind)(args, session)
    return Signature(found.takes, kind, nullable=True, may_raise=session.ansi)


def _elt(running: Running) -> ScalarColumn:
    def choose(place: int | None, *texts: Any) -> Any:
        if place is None:
            return None
        if not 1 <= place <= len(texts):
            if running.ansi:
                raise RefusedRow(f"asks for argument {place} of {len(texts)}, which ANSI mode refuses.")
            return None
        return texts[place - 1]

    return over_distinct(running, choose, nulls=True)


FUNCTIONS = (
    *_trims(),
    Function(
        ("locate", "position"),
        (2, 3),
        takes(TEXT, TEXT, INT, gives=INT),
        lambda running: over_distinct(running, _locate, nulls=True),
        _show_locate,
    ),
    rows(("instr",), (2, 4), _instr_types, _instr, _show_instr),
    rows(("find_in_set",), (2, 2), takes(TEXT, gives=INT), _find_in_set),
    Function(("startswith",), (2, 2), _boolean_parts, _of_part(pc.starts_with, lambda text, part: text.startswith(part))),
    Function(("endswith",), (2, 2), _boolean_parts, _of_part(pc.ends_with, lambda text, part: text.endswith(part))),
    Function(("contains",), (2, 2), _boolean_parts, _of_part(pc.match_substring, lambda text, part: part in text)),
    Function(("left",), (2, 2), text_or_binary(INT), _left),
    rows(("right",), (2, 2), takes(TEXT, INT, gives=TEXT), _right),
    rows(("substring_index",), (3, 3), raising(TEXT, TEXT, INT, gives=TEXT), _substring_index),
    Function(("split_part",), (3, 3), raising(TEXT, TEXT, INT, gives=TEXT), by_version(_split_part_3, _split_part)),
    Function(("overlay",), (3, 4), text_or_binary(INT, INT, both=2), by_version(partial(_overlay, wraps=True), _overlay), _show_overlay),
    rows(("lpad",), (2, 3), _pad_types, _pad(left=True), _show_pad),
    rows(("rpad",), (2, 3), _pad_types, _pad(left=False), _show_pad),
    rows(("repeat",), (2, 2), raising(TEXT, INT, gives=TEXT), _repeat),
    rows(("space",), (1, 1), raising(INT, gives=TEXT), _space),
    Function(("concat_ws",), (1, None), _concat_ws_types, lambda running: over_distinct(running, _concat_ws, nulls=True)),
    Function(("elt",), (2, None), _elt_types, _elt),
)
