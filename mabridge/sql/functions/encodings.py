"""Texts as bytes and digits: base64, hex, character sets, URLs (stringExpressions.scala, mathExpressions.scala, urlExpressions.scala, Spark 3.5)."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from typing import Any
from urllib.parse import quote_plus

import pyarrow as pa
import pyarrow.compute as pc

from mabridge.lower.columns import ScalarColumn
from mabridge.plan.types import BinaryType, DataType, NullType, NumericType, arrow_type
from mabridge.sql.distinct import RefusedRow, over_distinct
from mabridge.sql.evaluate import Running
from mabridge.sql.functions.function import Args, Function, NotSupported, Signature, TypeMismatch, column_of
from mabridge.sql.functions.java_utf8 import utf8_text, utf16_text
from mabridge.sql.functions.rules import BOOL, INT, LONG, TEXT, takes
from mabridge.sql.functions.text import BYTES, by_version, raising, rows
from mabridge.sql.functions.versions import is_4, since_4
from mabridge.sql.scope import Session
from mabridge.sql.typed import Constant

# Hexadecimal digits ---------------------------------------------------------------------------------------------------------------------------------------


def _hex_types(args: Args, session: Session) -> Signature:
    kind = args[0].kind
    target: DataType = LONG if isinstance(kind, (NumericType, NullType)) else BYTES if isinstance(kind, BinaryType) else TEXT
    return takes(target, gives=TEXT)(args, session)


def _whole(kind: DataType) -> bool:
    """Whether the type is an integral one."""
    return str(kind) in ("tinyint", "smallint", "int", "bigint")


def _hex(value: Any) -> str:
    if isinstance(value, int):
        return f"{value % 2**64:X}"
    data: bytes = value.encode() if isinstance(value, str) else value
    return data.hex().upper()


def _unhex(text: str) -> bytes | None:
    # bytes.fromhex would skip white space.
    digits = text.rjust(len(text) + len(text) % 2, "0") if text else text
    return binascii.unhexlify(digits) if all(character in "0123456789abcdefABCDEF" for character in digits) else None


# Base 64 --------------------------------------------------------------------------------------------------------------------------------------------------

_ALPHABET = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")


def _base64(data: bytes) -> str:
    """With Java's MIME encoder, which begins a new line after 76 characters (from Spark 3.3 on)."""
    text = base64.b64encode(data).decode()
    return "\r\n".join(text[start : start + 76] for start in range(0, len(text), 76))


def _unbase64(text: str) -> bytes:
    """`Base64.getMimeDecoder().decode`: characters outside of the alphabet are passed over; the end has to be whole."""
    data = text.encode()
    kept = bytearray()
    place = 0
    while place < len(data):
        byte = data[place]
        place += 1
        if byte in _ALPHABET:
            kept.append(byte)
        elif byte == ord("="):
            left = len(kept) % 4
            # Two digits want `==`, three want `=`; behind the end only foreign characters may stand.
            fits = left == 3 or (left == 2 and data[place : place + 1] == b"=")
            place += left == 2
            if not fits:
                raise RefusedRow("reads base 64 with a wrong `=`, which Spark refuses too.")
            if any(byte in _ALPHABET or byte == ord("=") for byte in data[place:]):
                raise RefusedRow("reads base 64 that goes on behind its end, which Spark refuses too.")
            break
    if len(kept) % 4 == 1:
        raise RefusedRow("reads base 64 whose last digit is alone, which Spark refuses too.")
    return base64.b64decode(bytes(kept) + b"=" * (-len(kept) % 4))


# Character sets -------------------------------------------------------------------------------------------------------------------------------------------

_CHARSETS = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "us-ascii": "ascii",
    "ascii": "ascii",
    "iso-8859-1": "latin-1",
    "latin1": "latin-1",
    "utf-16be": "utf-16-be",
    "utf-16le": "utf-16-le",
    "utf-16": "utf-16",
}
_KNOWN = "US-ASCII, ISO-8859-1, UTF-8, UTF-16BE, UTF-16LE and UTF-16"


def _charset(name: str) -> str:
    found = _CHARSETS.get(name.lower())
    if found is None:
        raise RefusedRow(f"names the character set {name!r}, which is refused: mabridge has {_KNOWN}.")
    return found


def _encode_strictly(text: str, charset: str) -> bytes:
    found = _encode(text, charset)
    if _charset(charset) in ("ascii", "latin-1") and any(character > ("\x7f" if _charset(charset) == "ascii" else "\xff") for character in text):
        raise RefusedRow(f"writes a character that {charset} lacks, which Spark 4 refuses too.")
    return found


def _decode_strictly(data: bytes, charset: str) -> str:
    name = _charset(charset)
    found = _decode(data, charset)
    if "\ufffd" in found:
        try:
            data.decode(name)
        except UnicodeDecodeError as error:
            raise RefusedRow(f"reads bytes that are no {charset}, which Spark 4 refuses too.") from error
    return found


def _encode(text: str, charset: str) -> bytes:
    name = _charset(charset)
    # Java's UTF-16 is big-endian behind a mark; what a set lacks becomes `?`.
    if name == "utf-16":
        return b"\xfe\xff" + text.encode("utf-16-be") if text else b""
    return text.encode(name, "replace")


def _decode(data: bytes, charset: str) -> str:
    name = _charset(charset)
    if name == "utf-8":
        return utf8_text(data)
    if name in ("ascii", "latin-1"):
        return data.decode(name, "replace")
    if name == "utf-16":
        little = data[:2] == b"\xff\xfe"
        return utf16_text(data[2:] if little or data[:2] == b"\xfe\xff" else data, big=not little)
    return utf16_text(data, big=name == "utf-16-be")


def _check_charset(args: Args, session: Session) -> bool:
    """Whether some row may be refused.

    Raises:
        NotSupported: the character set is none of those known here.
    """
    name = args[1]
    if not isinstance(name, Constant):
        return True
    if isinstance(name.value, str):
        if name.value.lower() not in _CHARSETS:
            raise NotSupported(f"the character set {name.value!r} is not supported; mabridge has {_KNOWN}.")
        if is_4(session):
            # Spark 4 raises where 3 writes a replacement.
            return True
    return False


def _encode_types(args: Args, session: Session) -> Signature:
    found = takes(TEXT, TEXT, gives=BYTES)(args, session)
    return Signature(found.takes, BYTES, may_raise=_check_charset(args, session))


def _decode_types(args: Args, session: Session) -> Signature:
    if len(args) == 2:
        found = takes(BYTES, TEXT, gives=TEXT)(args, session)
        return Signature(found.takes, TEXT, may_raise=_check_charset(args, session))
    return _choice_types(args, session)


def _choice_types(args: Args, session: Session) -> Signature:
    """DECODE with pairs of values and results: CASE by null-safe equality."""
    from mabridge.sql.coercion import wider, widest
    from mabridge.sql.functions.rules import compared_operands

    last = len(args) - 1 if len(args) % 2 == 0 else None
    searched = range(1, len(args) - 1, 2)
    results = [place + 1 for place in searched] + ([last] if last is not None else [])
    kind = widest([args[place].kind for place in results], wider, ansi=session.ansi)
    if kind is None:
        raise TypeMismatch("the results of decode have no common type; Spark refuses this too.")
    kinds = {compared_operands((args[0], args[place]), session) for place in searched} - {NullType()}
    if len(kinds) > 1:
        raise NotSupported("decode that compares in several types is not supported; write a CASE.")
    wanted = kinds.pop() if kinds else args[0].kind
    if isinstance(wanted, NumericType) and not _whole(wanted):
        raise NotSupported(f"decode that compares as {wanted} is not supported; write a CASE.")
    takes_ = [kind if place in results else wanted for place in range(len(args))]
    return Signature(tuple(takes_), kind, nullable=last is None or any(args[place].nullable for place in results))


def _decode_kernel(running: Running) -> ScalarColumn:
    if len(running.call.args) == 2:
        return over_distinct(running, _decode_strictly if is_4(running.call.session) else _decode)

    def choose(value: Any, *pairs: Any) -> Any:
        for place in range(0, len(pairs) - 1, 2):
            if pairs[place] == value:
                return pairs[place + 1]
        return pairs[-1] if len(pairs) % 2 else None

    return over_distinct(running, choose, nulls=True)


# Binary by a format ---------------------------------------------------------------------------------------------------------------------------------------


def _to_binary(text: str, form: str = "hex") -> bytes:
    match form.lower():
        case "hex":
            found = _unhex(text)
            if found is None:
                raise RefusedRow("reads a text that is no hexadecimal number, which Spark refuses too.")
            return found
        case "utf-8" | "utf8":
            return text.encode()
    data = text.encode()
    if not _strict_base64(data):
        raise RefusedRow("reads a text that is no base 64, which Spark refuses too.")
    return _unbase64(text)


def _strict_base64(data: bytes) -> bool:
    """`UnBase64.isValidBase64`: digits in fours, with white space between, and at most two `=` that fill the last four."""
    digits = ends = 0
    for byte in data:
        if byte in b" \t\n\r\v\f":
            continue
        if byte == ord("="):
            ends += 1
        elif byte not in _ALPHABET or ends:
            return False
        else:
            digits += 1
    rest = digits % 4
    return (rest == 0 and ends == 0) or (rest == 2 and ends in (0, 2)) or (rest == 3 and ends in (0, 1))


def _try_to_binary(text: str, form: str = "hex") -> bytes | None:
    if form.lower() not in ("hex", "utf-8", "utf8", "base64"):
        return None
    try:
        return _to_binary(text, form)
    except RefusedRow:
        return None


def _binary_types(attempt: bool) -> Callable[[Args, Session], Signature]:
    def types(args: Args, session: Session) -> Signature:
        found = takes(TEXT, TEXT, gives=BYTES)(args, session)
        if len(args) > 1:
            form = args[1].value if isinstance(args[1], Constant) else ""
            if attempt and isinstance(args[1], Constant) and str(form).lower() not in ("hex", "utf-8", "utf8", "base64"):
                return Signature(found.takes, BYTES, nullable=True)
            if form is not None and str(form).lower() not in ("hex", "utf-8", "utf8", "base64"):
                raise TypeMismatch("the format of to_binary is no constant of hex, utf-8, utf8 and base64; Spark refuses this too.")
        return Signature(found.takes, BYTES, nullable=True, may_raise=not attempt)

    return types


# URLs -----------------------------------------------------------------------------------------------------------------------------------------------------


def _url_encode(text: str) -> str:
    # Java keeps `*` and writes `~`.
    return quote_plus(text, safe="*").replace("~", "%7E")


def _url_decode(text: str) -> str:
    """`URLDecoder.decode(text, UTF_8)`."""
    pieces: list[str] = []
    place = 0
    while place < len(text):
        character = text[place]
        if character != "%":
            pieces.append(" " if character == "+" else character)
            place += 1
            continue
        data = bytearray()
        while text[place : place + 1] == "%":
            digits = text[place + 1 : place + 3]
            if len(digits) < 2 or not all(digit in "0123456789abcdefABCDEF" for digit in digits):
                raise RefusedRow("reads a `%` that two hexadecimal digits do not follow, which Spark refuses too.")
            data.append(int(digits, 16))
            place += 3
        pieces.append(utf8_text(bytes(data)))
    return "".join(pieces)


def _try_url_decode(text: str) -> str | None:
    try:
        return _url_decode(text)
    except RefusedRow:
        return None


# Bytes that are no UTF-8 (Spark 4) ------------------------------------------------------------------------------------------------------------------------


def _by_bytes(compute: Callable[[bytes], Any]) -> Callable[[Running], ScalarColumn]:
    """A function of the bytes of a string, which need be no UTF-8."""

    def kernel(running: Running) -> ScalarColumn:
        texts = running.column(0)
        encoded = texts.arrow.cast(pa.binary()).dictionary_encode()
        found: list[Any] = []
        broken: list[int] = []
        for place, value in enumerate(encoded.dictionary.to_pylist()):
            try:
                found.append(compute(value))
            except RefusedRow:
                broken.append(place)
                found.append(None)
        bad = pc.fill_null(pc.is_in(encoded.indices, value_set=pa.array(broken, pa.int32())), False).to_numpy(zero_copy_only=False)
        running.refuse(bad, "reads bytes that are no UTF-8, which Spark refuses too.")
        return ScalarColumn.of_arrow(running.kind, pa.array(found, arrow_type(running.kind)).take(encoded.indices))

    return kernel


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def _validated(data: bytes) -> str:
    if not _is_utf8(data):
        raise RefusedRow("is refused")
    return data.decode()


def _valid_function(name: str, gives: DataType, compute: Callable[[bytes], Any], *, nullable: bool | None = None, may_raise: bool = False) -> Function:
    types = since_4(name, takes(TEXT, gives=gives, nullable=nullable, may_raise=may_raise))
    return Function((name,), (1, 1), types, _by_bytes(compute))


# Lengths --------------------------------------------------------------------------------------------------------------------------------------------------


def _bytes_types(args: Args, session: Session) -> Signature:
    if isinstance(args[0].kind, BinaryType):
        return Signature((BYTES,), INT)
    return takes(TEXT, gives=INT)(args, session)


def _byte_count(by: int) -> Callable[[Running], ScalarColumn]:
    def kernel(running: Running) -> ScalarColumn:
        column = running.column(0)
        counts = pc.fill_null(pc.binary_length(column.arrow), 0).to_numpy(zero_copy_only=False)
        return column_of(INT, counts * by, column.valid)

    return kernel


FUNCTIONS = (
    rows(("hex",), (1, 1), _hex_types, _hex),
    rows(("unhex",), (1, 1), takes(TEXT, gives=BYTES, nullable=True), _unhex),
    rows(("base64",), (1, 1), takes(BYTES, gives=TEXT), _base64),
    rows(("unbase64",), (1, 1), raising(TEXT, gives=BYTES), _unbase64),
    Function(("encode",), (2, 2), _encode_types, by_version(_encode, _encode_strictly)),
    Function(("decode",), (2, None), _decode_types, _decode_kernel),
    rows(("to_binary",), (1, 2), _binary_types(attempt=False), _to_binary),
    rows(("try_to_binary",), (1, 2), _binary_types(attempt=True), _try_to_binary),
    rows(("url_encode",), (1, 1), takes(TEXT, gives=TEXT), _url_encode),
    rows(("url_decode",), (1, 1), raising(TEXT, gives=TEXT), _url_decode),
    rows(("try_url_decode",), (1, 1), takes(TEXT, gives=TEXT, nullable=True), _try_url_decode),
    _valid_function("is_valid_utf8", BOOL, _is_utf8),
    _valid_function("make_valid_utf8", TEXT, lambda data: data.decode("utf-8", "replace")),
    _valid_function("validate_utf8", TEXT, _validated, may_raise=True),
    _valid_function("try_validate_utf8", TEXT, lambda data: data.decode() if _is_utf8(data) else None, nullable=True),
    Function(("octet_length",), (1, 1), _bytes_types, _byte_count(1)),
    Function(("bit_length",), (1, 1), _bytes_types, _byte_count(8)),
)
