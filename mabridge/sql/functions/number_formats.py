"""to_number and to_char by formats of 9, 0, points, commas, $ and signs (numberFormatExpressions.scala and ToNumberParser, Spark 3.5)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from mabridge.lower.columns import ScalarColumn
from mabridge.plan.types import BinaryType, DateType, DecimalType, NullType, TimestampNTZType, TimestampType
from mabridge.sql.coercion import decimal_for
from mabridge.sql.distinct import RefusedRow, over_distinct
from mabridge.sql.evaluate import Running
from mabridge.sql.functions.function import Args, Function, NotSupported, Signature, TypeMismatch, as_call
from mabridge.sql.functions.rules import TEXT, takes
from mabridge.sql.functions.versions import is_4
from mabridge.sql.scope import Session
from mabridge.sql.typed import Constant

_SHAPE = re.compile(r"(?P<before>MI|S)?(?P<dollar>\$)?(?P<whole>[09G,]*)(?P<point>[.D])?(?P<part>[09]*)(?P<last_dollar>\$)?(?P<behind>PR|MI|S)?")


@dataclass(frozen=True)
class NumberFormat:
    """A format.

    Attributes:
        sign: MI, S, PR or empty.
        sign_first: whether the sign stands before the number.
        dollar: whether the number begins with `$`.
        groups: of the digits before the point, with a comma between: how many, and whether exactly so many.
        point: whether there is a point.
        scale: digits behind the point.
    """

    sign: str
    sign_first: bool
    dollar: bool
    groups: tuple[tuple[int, bool], ...]
    point: bool
    scale: int

    @property
    def whole(self) -> int:
        """Digits before the point."""
        return sum(count for count, _ in self.groups)


@lru_cache(maxsize=256)
def number_format(text: str) -> NumberFormat:
    """Read a format.

    Raises:
        TypeMismatch: Spark refuses it.
        NotSupported: it has two signs.
    """
    found = _SHAPE.fullmatch(text)
    wrong = f"the number format {text!r} is none of [MI|S] [$] digits with 0, 9, G or `,` [. or D digits] [PR|MI|S], which Spark refuses too"
    if found is not None and found["before"] and found["behind"]:
        raise NotSupported(f"the number format {text!r} has two signs, which is not supported.")
    if found is None or not (found["whole"] or found["part"]) or found["last_dollar"]:
        raise TypeMismatch(f"{wrong}.")
    whole = found["whole"].replace("G", ",")
    if whole and (whole[0] == "," or whole[-1] == "," or ",," in whole):
        raise TypeMismatch(f"{wrong}.")
    parts = whole.split(",") if whole else []
    return NumberFormat(
        sign=found["before"] or found["behind"] or "",
        sign_first=bool(found["before"]),
        dollar=bool(found["dollar"]),
        # A run that begins with 0 has exactly so many digits.
        groups=tuple((len(part), part[0] == "0") for part in parts),
        point=bool(found["point"]),
        scale=len(found["part"]),
    )


# Reading --------------------------------------------------------------------------------------------------------------------------------------------------

_NO_SPACE = "\x85\xa0\u2007\u202f"


def _is_space(character: str) -> bool:
    """`Character.isWhitespace`."""
    return character.isspace() and character not in _NO_SPACE


class _Reader:
    """Reads one text by a format."""

    def __init__(self, text: str, form: NumberFormat, *, four: bool) -> None:
        self.text, self.form, self.four, self.place = text, form, four, 0
        self.whole, self.part = "", ""

    def takes(self, character: str) -> bool:
        if self.text[self.place : self.place + 1] != character:
            return False
        self.place += 1
        return True

    def sign(self) -> bool:
        """Whether a minus was read where MI or S allows one."""
        if self.form.sign == "S" and self.takes("+"):
            return False
        return self.takes("-")

    def digits(self, expected: tuple[tuple[int, bool], ...], *, behind: bool) -> bool:
        """Read digits, commas and spaces; whether they are as many as expected, counted from the right."""
        sizes = [0]
        while self.place < len(self.text):
            character = self.text[self.place]
            if character == ",":
                sizes.append(0)
            elif character.isdecimal():
                sizes[-1] += 1
                if behind:
                    self.part += str(int(character))
                else:
                    self.whole += str(int(character))
            elif not _is_space(character):
                break
            self.place += 1
        if len(sizes) > len(expected):
            return False
        counts = [*sizes[::-1], *[0] * (len(expected) - len(sizes))]
        return all(count == most if exactly else count <= most for count, (most, exactly) in zip(counts, reversed(expected), strict=True))

    def read(self) -> Decimal | None:
        """The number; None where the text is not of the format."""
        form = self.form
        bracket = form.sign == "PR" and self.takes("<")
        negative = form.sign_first and self.sign()
        # At the end of the text a missing `$` is none that is wrong.
        if form.dollar and not self.takes("$") and self.place < len(self.text):
            return None
        if form.groups and not self.digits(form.groups, behind=False):
            return None
        pointed = form.point and self.takes(".")
        if form.scale and not self.digits(((form.scale, False),), behind=pointed):
            return None
        if form.sign == "PR":
            closed = self.takes(">")
            if closed != bracket:
                return None
            negative = closed
        elif form.sign and not form.sign_first:
            negative = self.sign()
        if self.place < len(self.text) or (self.four and not self.whole and not self.part):
            return None
        return self.number(negative)

    def number(self, negative: bool) -> Decimal:
        part = self.part.ljust(self.form.scale, "0")
        if not self.whole and not part:
            raise RefusedRow("reads a text without digits as a number, which Spark 3 fails at too.")
        found = Decimal(f"{self.whole or '0'}.{part}" if part else self.whole)
        if len(self.whole.lstrip("0")) > self.form.whole:
            raise RefusedRow("reads more digits before the point than the format has, which Spark fails at too.")
        return -found if negative and found else found


def _format_of(args: Args) -> NumberFormat:
    form = args[1]
    if not isinstance(form, Constant):
        raise TypeMismatch(f"the number format {form.shown} is no constant; Spark refuses this too.")
    if not isinstance(form.value, str):
        raise NotSupported("a number format that is null is not supported; write NULL.")
    return number_format(form.value)


def _to_number_types(attempt: bool) -> Callable[[Args, Session], Signature]:
    def types(args: Args, session: Session) -> Signature:
        form = _format_of(args)
        if form.whole + form.scale > 38:
            raise TypeMismatch("the number format has more than 38 digits; Spark refuses this too.")
        kind = DecimalType(form.whole + form.scale, form.scale)
        found = takes(TEXT, gives=kind)(args, session)
        return Signature(found.takes, kind, nullable=True if attempt else None, may_raise=True)

    return types


def _to_number(attempt: bool) -> Callable[[Running], ScalarColumn]:
    def kernel(running: Running) -> ScalarColumn:
        form = _format_of(running.call.args)
        four = is_4(running.call.session)

        def read(text: str, written: str) -> Decimal | None:
            found = _Reader(text, form, four=four).read()
            if found is None and not attempt:
                raise RefusedRow(f"reads {text[:50]!r}, which is not of the format {written!r}; Spark refuses this too.")
            return found

        return over_distinct(running, read)

    return kernel


# Writing --------------------------------------------------------------------------------------------------------------------------------------------------


def _to_char_types(args: Args, session: Session) -> Signature:
    kind = args[0].kind
    if isinstance(kind, (DateType, TimestampType, TimestampNTZType)):
        raise NotSupported("to_char of a date or time is not supported; use date_format.")
    if isinstance(kind, BinaryType):
        raise NotSupported("to_char of binary is not supported; use hex, base64 or decode.")
    decimal = DecimalType(1, 0) if isinstance(kind, NullType) else decimal_for(kind)
    if decimal is None:
        raise NotSupported(f"to_char of {kind} is not supported; cast it to a decimal.")
    _format_of(args)
    takes(TEXT, gives=TEXT)(args[1:], session)
    return Signature((decimal, TEXT), TEXT)


def _write(value: Decimal, form: NumberFormat) -> str:
    digits = format(abs(value), "f")
    whole, _, part = digits.partition(".")
    whole, part = whole.lstrip("0"), part.rstrip("0")
    if len(whole) > form.whole or len(part) > form.scale:
        whole, part = "#" * form.whole, "#" * form.scale
    whole, part = whole.rjust(form.whole), part.ljust(form.scale, "0")
    negative = value < 0
    out: list[str] = []
    if form.sign == "PR" and negative:
        out.append("<")
    if form.sign_first:
        _sign(out, form, negative)
    if form.dollar:
        out.append("$")
    _write_whole(out, whole, form)
    if form.point:
        if out and out[-1] == " ":
            out[-1] = "0"
        out.append(".")
    out.extend(part)
    if form.sign == "PR":
        _strip_point(out)
        if negative:
            _behind_spaces(out, ">")
        else:
            out.extend("  ")
    elif form.sign and not form.sign_first:
        _sign(out, form, negative)
    _strip_point(out)
    found = "".join(out)
    return found if found not in ("", "+", "-") else "0"


def _write_whole(out: list[str], whole: str, form: NumberFormat) -> None:
    place = 0
    for at, (count, exactly) in enumerate(form.groups):
        if at:
            if out and out[-1].isdecimal():
                out.append(",")
            else:
                _space(out)
        for character in whole[place : place + count]:
            if character != " ":
                out.append(character)
            elif exactly:
                out.append("0")
            else:
                _space(out)
        place += count


def _sign(out: list[str], form: NumberFormat, negative: bool) -> None:
    if form.sign == "S":
        _strip_point(out)
        _behind_spaces(out, "-" if negative else "+")
    elif negative:
        _strip_point(out)
        _behind_spaces(out, "-")
    else:
        out.append(" ")


def _behind_spaces(out: list[str], character: str) -> None:
    """Put a character before the spaces at the end."""
    place = len(out)
    while place and out[place - 1] == " ":
        place -= 1
    out.insert(place, character)


def _space(out: list[str]) -> None:
    """Put a space before the signs at the end."""
    place = len(out)
    while place and out[place - 1] in "+-<":
        place -= 1
    out.insert(place, " ")


def _strip_point(out: list[str]) -> None:
    """A point that no digit follows becomes a space."""
    if "." in out:
        place = out.index(".")
        if place == len(out) - 1 or out[place + 1] == " ":
            out[place] = " "


def _to_char(running: Running) -> ScalarColumn:
    form = _format_of(running.call.args)
    return over_distinct(running, lambda value, _: _write(value, form))


FUNCTIONS = (
    Function(("to_number",), (2, 2), _to_number_types(attempt=False), _to_number(attempt=False)),
    Function(("try_to_number",), (2, 2), _to_number_types(attempt=True), _to_number(attempt=True)),
    Function(("to_char", "to_varchar"), (2, 2), _to_char_types, _to_char, lambda _, args: as_call("to_char", args)),
)
