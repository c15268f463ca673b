"""Constants as Spark's parser types them (AstBuilder, Spark 3.5)."""

from __future__ import annotations

import math
import re
from decimal import Decimal, localcontext

import numpy as np

from mabridge.plan.types import BinaryType, ByteType, DecimalType, DoubleType, FloatType, IntegerType, LongType, ShortType
from mabridge.sql.expression import Expression, Literal


class LiteralError(Exception):
    """Not a constant that Spark reads; the text is a whole sentence."""


_SIZES = {"Y": (ByteType(), 7), "S": (ShortType(), 15), "L": (LongType(), 63)}
_NUMBER = re.compile(r"(-?)([0-9.]+)(E[+-]?[0-9]+)?(BD|[DFLSY])?", re.IGNORECASE | re.ASCII)


def number(text: str) -> Literal:
    """A number as written, with its sign and suffix.

    Raises:
        LiteralError: it does not fit its type.
    """
    match = _NUMBER.fullmatch(text)
    if match is None:
        raise LiteralError(f"{text} is not a number.")
    sign, digits, exponent, suffix = match[1], match[2], match[3] or "", (match[4] or "").upper()
    if suffix in _SIZES:
        kind, bits = _SIZES[suffix]
        value = int(sign + digits)
        if not -(2**bits) <= value < 2**bits:
            raise LiteralError(f"{text} is outside the range of {kind}.")
        return Literal(value, kind)
    if suffix in ("D", "F") or (exponent and not suffix):
        return _floating(sign + digits + exponent, single=suffix == "F")
    if suffix == "" and "." not in digits:
        whole = int(sign + digits) if len(digits) < 60 else 2**63
        if -(2**31) <= whole < 2**31:
            return Literal(whole, IntegerType())
        if -(2**63) <= whole < 2**63:
            return Literal(whole, LongType())
    return _decimal(sign + digits + exponent)


def _floating(text: str, *, single: bool) -> Literal:
    value = float(text)
    if not single:
        if math.isinf(value):
            raise LiteralError(f"{text} is outside the range of double.")
        return Literal(value, DoubleType())
    largest = Decimal(float(np.finfo(np.float32).max))
    if abs(Decimal(text)) > largest:
        raise LiteralError(f"{text} is outside the range of float.")
    # Java rounds the text once; going through double could round twice.
    return Literal(float(np.float32(text)), FloatType())


def _decimal(text: str) -> Literal:
    with localcontext() as context:
        context.prec = 100
        value = Decimal(text)
    sign, digits, exponent = value.as_tuple()
    assert isinstance(exponent, int)
    if exponent > 0:
        # Spark keeps no negative scale.
        digits, exponent = (*digits, *(0,) * min(exponent, 100)), 0
        value = Decimal((sign, digits, 0))
    precision, scale = max(len(digits), -exponent), -exponent
    if precision > 38:
        raise LiteralError(f"{text} needs {precision} digits; a decimal has at most 38.")
    if value.is_zero():
        value = Decimal((0, (0,), -scale))
    return Literal(value, DecimalType(precision, scale))


def typed_literal(word: str, text: str) -> Expression:
    """DATE '...' and its like.

    Raises:
        LiteralError: another type, or a text that is not of it.
    """
    from mabridge.sql.functions.function import NotSupported
    from mabridge.sql.functions.time_literals import date_literal, timestamp_literal, wall_literal
    from mabridge.sql.intervals import worded_interval

    try:
        if word == "DATE":
            return date_literal(text)
        if word in ("TIMESTAMP", "TIMESTAMP_LTZ"):
            return timestamp_literal(text)
        if word == "TIMESTAMP_NTZ":
            return wall_literal(text)
    except NotSupported as error:
        raise LiteralError(f"In {word} '...', {error}") from error
    if word == "INTERVAL":
        return worded_interval(text)
    if word == "X":
        if re.fullmatch("[0-9a-fA-F]*", text) is None:
            raise LiteralError("The text after X has something else than hexadecimal digits; Spark refuses this too.")
        # A lone first digit is the low half of its byte.
        return Literal(bytes.fromhex(text if len(text) % 2 == 0 else f"0{text}"), BinaryType())
    raise LiteralError(f"The literal {word} '...' is not supported; write CAST('...' AS {word}), or a plain string or number.")


_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([01][0-7]{2})|(.))", re.DOTALL)
_NAMED = {"0": "\0", "b": "\b", "n": "\n", "r": "\r", "t": "\t", "Z": "\x1a", "%": "\\%", "_": "\\_"}


def unescape(raw: str) -> str:
    """The value of a string literal's inside (ParserUtils.unescapeSQLString, Spark 3.5)."""
    if "\\" not in raw:
        return raw

    def value(match: re.Match[str]) -> str:
        four, eight, octal, other = match.groups()
        if four or eight:
            code = int(four or eight, 16)
            return chr(code) if code < 0x110000 else ""
        if octal:
            return chr(int(octal, 8))
        return _NAMED.get(other, other)

    text = _ESCAPE.sub(value, raw)
    # Two \u escapes may be the halves of one character.
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
