"""JSON as Jackson 2.15 reads and writes it for Spark 3.5 (ReaderBasedJsonParser, UTF8JsonGenerator).

A text is read up to the end of its first value; what follows is not looked at, as Spark does not either. Names may come twice, and numbers keep their text.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Union

from mabridge.errors import InvalidInputError
from mabridge.sql.java_text import double_text

#: How deep arrays and objects may stand in one another here; to Jackson, 1000 may.
MAX_NESTING = 200
#: How long a number may be (StreamReadConstraints, Jackson 2.15).
MAX_NUMBER = 1000


class MalformedJsonError(ValueError):
    """Jackson refuses the text.

    Attributes:
        field: the outermost member inside whose value the text is wrong, None where it is wrong outside of all values of members. A number or a word that
            is none counts as outside, for Jackson reads it together with the name.
        first: the character with which that value begins; empty where there is none.
        ended: whether the text only ends too early.
    """

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.field: str | None = None
        self.first = ""
        self.ended = False


@dataclass(frozen=True, slots=True)
class Number:
    """A number.

    Attributes:
        text: as written.
        whole: whether it is an integer to Jackson: without a point and without an exponent.
    """

    text: str
    whole: bool


@dataclass(frozen=True, slots=True)
class Members:
    """An object: (name, value) pairs as they come, names maybe twice."""

    pairs: list[tuple[str, Node]]


#: An array is a list.
Node = Union[Members, "list[Node]", Number, str, bool, None]

_STRUCTURE = re.compile(r"[\"'{}\[\],:]")
_BLANK = re.compile(r"[ \t\r\n]*")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?")
_PLAIN = {quote: re.compile(rf"[^{quote}\\]*") for quote in "\"'"}
_ESCAPES = {'"': '"', "\\": "\\", "/": "/", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_HEX = re.compile(r"[0-9a-fA-F]{4}")
_WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None}
_CONTROL = re.compile("[\x00-\x1f]")


class _Reader:
    """One text while it is read."""

    def __init__(self, text: str, *, controls: bool, words: dict[str, Number]) -> None:
        self._text = text
        self._at = 0
        self._controls = controls
        self._words = words

    def root(self) -> Node:
        self._blank()
        node = self._value(0)
        if isinstance(node, Number) and self._at < len(self._text) and self._text[self._at] not in " \t\r\n":
            raise MalformedJsonError("a number at the top ends with a blank or with the text")
        return node

    def _blank(self) -> None:
        match = _BLANK.match(self._text, self._at)
        assert match is not None
        self._at = match.end()

    def _peek(self) -> str:
        if self._at >= len(self._text):
            raise MalformedJsonError("the text ends inside a value")
        return self._text[self._at]

    def _value(self, depth: int) -> Node:
        first = self._peek()
        if depth == MAX_NESTING and first in ("{", "["):
            raise InvalidInputError(f"A JSON text nests deeper than {MAX_NESTING} arrays and objects, which is not read; write it flatter.")
        if first in "\"'":
            return self._string(first)
        if first == "{":
            return self._members(depth + 1)
        if first == "[":
            return self._items(depth + 1)
        if first == "-" or first.isdigit():
            return self._number()
        return self._word()

    def _word(self) -> Node:
        for word in (*_WORDS, *self._words):
            if self._text.startswith(word, self._at):
                after = self._text[self._at + len(word) : self._at + len(word) + 1]
                if after.isidentifier() or after.isalnum():
                    break
                self._at += len(word)
                return _WORDS[word] if word in _WORDS else self._words[word]
        raise MalformedJsonError("no value begins here")

    def _number(self) -> Number:
        for word, number in self._words.items():
            if word[0] == "-" and self._text.startswith(word, self._at):
                self._at += len(word)
                return number
        match = _NUMBER.match(self._text, self._at)
        if match is None or len(match[0]) > MAX_NUMBER:
            raise MalformedJsonError("no number")
        self._at = match.end()
        # 01, 1. and 1e are no numbers.
        if self._text[self._at : self._at + 1] in tuple("0123456789.eE"):
            raise MalformedJsonError("no number")
        return Number(match[0], match[1] is None and match[2] is None)

    def _string(self, quote: str) -> str:
        self._at += 1
        parts = []
        while True:
            match = _PLAIN[quote].match(self._text, self._at)
            assert match is not None
            if not self._controls and _CONTROL.search(match[0]):
                raise MalformedJsonError("a control character inside a string")
            parts.append(match[0])
            self._at = match.end()
            closing = self._peek()
            self._at += 1
            if closing == quote:
                return _joined("".join(parts))
            parts.append(self._escape())

    def _escape(self) -> str:
        letter = self._peek()
        self._at += 1
        if letter in _ESCAPES:
            return _ESCAPES[letter]
        match = _HEX.match(self._text, self._at) if letter == "u" else None
        if match is None:
            raise MalformedJsonError("no escape")
        self._at = match.end()
        return chr(int(match[0], 16))

    def _members(self, depth: int) -> Members:
        self._at += 1
        pairs: list[tuple[str, Node]] = []
        self._blank()
        if self._peek() == "}":
            self._at += 1
            return Members([])
        while True:
            self._blank()
            quote = self._peek()
            if quote not in "\"'":
                raise MalformedJsonError("no name")
            name = self._string(quote)
            self._blank()
            self._expect(":")
            self._blank()
            start = self._at
            try:
                pairs.append((name, self._value(depth)))
            except MalformedJsonError as error:
                error.first = self._text[start : start + 1]
                error.field = name if error.first and error.first in "\"'{[" else None
                error.ended = _STRUCTURE.search(self._text, self._at) is None
                raise
            if self._ends("}"):
                return Members(pairs)

    def _items(self, depth: int) -> list[Node]:
        self._at += 1
        values: list[Node] = []
        self._blank()
        if self._peek() == "]":
            self._at += 1
            return []
        while True:
            self._blank()
            values.append(self._value(depth))
            if self._ends("]"):
                return values

    def _expect(self, what: str) -> None:
        if self._peek() != what:
            raise MalformedJsonError(f"no {what}")
        self._at += 1

    def _ends(self, closing: str) -> bool:
        self._blank()
        found = self._peek()
        if found not in (closing, ","):
            raise MalformedJsonError(f"no {closing}")
        self._at += 1
        return found == closing


def _joined(text: str) -> str:
    """Halves of surrogate pairs, which escapes make, as the characters that they are together."""
    if not any("\ud800" <= character <= "\udfff" for character in text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")


def as_utf8(text: str) -> str:
    """The text with a question mark for each half of a surrogate pair, as Java's UTF-8 has it."""
    return re.sub("[\ud800-\udfff]", "?", text)


def is_blank(text: str) -> bool:
    """Whether the text has no value at all."""
    match = _BLANK.match(text)
    return match is not None and match.end() == len(text)


def read_json(text: str, *, controls: bool = True, words: dict[str, Number] | None = None) -> Node:
    """The first value of a text.

    Args:
        text: the text.
        controls: whether control characters may stand in strings as they are.
        words: words that stand for numbers, such as NaN.

    Raises:
        MalformedJsonError: there is none, or Jackson refuses it.
        InvalidInputError: it nests deeper than mabridge reads.
    """
    start = len(text) - len(text.lstrip(" \t\r\n"))
    if text[start : start + 1] in ("{", "[") and text.count("{") + text.count("[") <= MAX_NESTING:
        try:
            found: Node = _FAST[controls].raw_decode(text, start)[0]
            return found
        except (ValueError, MalformedJsonError):
            # It is no JSON, or JSON only to Jackson.
            pass
    return _Reader(text, controls=controls, words=words or {}).root()


def _read_number(text: str, *, whole: bool) -> Number:
    if len(text) > MAX_NUMBER:
        raise MalformedJsonError("a number too long")
    return Number(text, whole)


def _no_word(word: str) -> Node:
    raise MalformedJsonError(word)


#: Python's own reader takes nothing that Jackson refuses, but for the words, and reads the same from it.
_FAST = {
    controls: json.JSONDecoder(
        object_pairs_hook=Members,
        parse_int=lambda text: _read_number(text, whole=True),
        parse_float=lambda text: _read_number(text, whole=False),
        parse_constant=_no_word,
        strict=not controls,
    )
    for controls in (False, True)
}


_TO_ESCAPE = re.compile('["\\\\\x00-\x1f]')
_TO_ESCAPE_WIDE = re.compile('["\\\\\x00-\x1f\ud800-\udfff\U00010000-\U0010ffff]')
_WRITTEN = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def write_string(text: str, *, escaped: bool = False) -> str:
    """A string in quotes.

    Args:
        text: the string.
        escaped: whether characters beyond U+FFFF become escapes, as where Jackson writes bytes.

    Raises:
        MalformedJsonError: it has half of a surrogate pair, and is not escaped.
    """
    pattern = _TO_ESCAPE if not escaped else _TO_ESCAPE_WIDE
    return '"' + pattern.sub(_escape, text if escaped else checked(text)) + '"'


def _escape(match: re.Match[str]) -> str:
    found = match[0]
    if found in _WRITTEN:
        return _WRITTEN[found]
    units = found.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[place]:02X}{units[place + 1]:02X}" for place in range(0, len(units), 2))


def checked(text: str) -> str:
    """The text.

    Raises:
        MalformedJsonError: it has half of a surrogate pair, which is no UTF-8.
    """
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise MalformedJsonError("half of a surrogate pair")
    return text


def write_number(number: Number) -> str:
    """A number as Jackson copies it: an integer by its digits, anything else as Java writes the double."""
    if number.whole:
        return str(int(number.text))
    text = double_text(float(number.text))
    return text if text[-1].isdigit() else f'"{text}"'


def write_json(node: Node, *, escaped: bool = False) -> str:
    """A value without blanks (`copyCurrentStructure`); see `write_string`."""
    match node:
        case None:
            return "null"
        case bool():
            return "true" if node else "false"
        case str():
            return write_string(node, escaped=escaped)
        case Number():
            return write_number(node)
        case list():
            return "[" + ",".join(write_json(value, escaped=escaped) for value in node) + "]"
        case Members(pairs):
            return "{" + ",".join(f"{write_string(name, escaped=escaped)}:{write_json(value, escaped=escaped)}" for name, value in pairs) + "}"


# Paths ---------------------------------------------------------------------------------------------------------------------------------------------

#: `[*]`, `.*` and `['*']` in a path; what stands between `[` and `]` has SUBSCRIPT before it, a name has KEY.
WILDCARD, SUBSCRIPT, KEY = "*", "[", "."
_BLANKS = re.compile(r"\s*", re.ASCII)
_STAR = re.compile(r"\s*(?:\.\*|\['\*'\])", re.ASCII)
_NAMED = re.compile(r"\.\s*([^.\[]+)|\s*\['\s*([^'?]+)\s*'\]", re.ASCII)
_AT = re.compile(r"\[(?:(\*)|\s*([0-9]+))\]", re.ASCII)


@dataclass(frozen=True)
class Step:
    """One step of a path.

    Attributes:
        what: KEY, SUBSCRIPT or WILDCARD (a star among names, which matches nothing).
        name: after KEY.
        index: after SUBSCRIPT; None is a star.
    """

    what: str
    name: str = ""
    index: int | None = None


def read_path(text: str) -> tuple[Step, ...] | None:
    """The steps of a path (`JsonPathParser`); None where it is none."""
    if not text.startswith("$"):
        return None
    steps: list[Step] = []
    at = 1
    while at < len(text):
        if match := _STAR.match(text, at):
            steps.append(Step(WILDCARD))
        elif match := _NAMED.match(text, at):
            steps.append(Step(KEY, match[1] or match[2]))
        elif match := _AT.match(text, at):
            if match[2] and int(match[2]) >= 2**63:
                return None
            steps.append(Step(SUBSCRIPT, index=None if match[1] else int(match[2])))
        else:
            break
        at = match.end()
    return tuple(steps) if _BLANKS.fullmatch(text, at) else None


RAW, QUOTED, FLAT = "raw", "quoted", "flat"


@dataclass
class _Out:
    """What is written, in order, and whether it is written as bytes."""

    parts: list[str]
    escaped: bool


def _follow(node: Node, path: tuple[Step, ...], style: str, out: _Out) -> bool:
    """Write what a path finds (`GetJsonObject.evaluatePath`).

    Args:
        node: the value.
        path: the steps that are left.
        style: RAW writes a string without quotes, FLAT an array without brackets.
        out: gets the values that are written.

    Returns:
        whether something was found.
    """
    if not path:
        return _leaf(node, style, out)
    step, rest = path[0], path[1:]
    if step.what == KEY and isinstance(node, Members):
        # Further members of the name are looked at until one has something.
        return any(name == step.name and value is not None and _follow(value, rest, style, out) for name, value in node.pairs)
    if step.what == SUBSCRIPT and isinstance(node, list):
        star = bool(rest) and rest[0].what == SUBSCRIPT and rest[0].index is None
        if step.index is None:
            return _each(node, rest, style, out, twice=star)
        if step.index >= len(node):
            return False
        return _follow(node[step.index], rest, QUOTED if star else style, out)
    return False


def _leaf(node: Node, style: str, out: _Out) -> bool:
    if isinstance(node, str) and style == RAW:
        out.parts.append(checked(node))
        return True
    if isinstance(node, list) and style == FLAT:
        # All of them are written.
        return sum(_follow(value, (), style, out) for value in node) > 0
    out.parts.append(write_json(node, escaped=out.escaped))
    return True


def _each(node: list[Node], rest: tuple[Step, ...], style: str, out: _Out, *, twice: bool) -> bool:
    # With brackets that may go, the values are written as characters first.
    inner = _Out([], out.escaped and (twice or style == QUOTED))

    def all_by(style: str, rest: tuple[Step, ...]) -> int:
        return sum(_follow(value, rest, style, inner) for value in node)

    if twice or style == QUOTED:
        found = all_by(FLAT if twice else QUOTED, rest[1:] if twice else rest)
        out.parts.append(f"[{','.join(inner.parts)}]")
        return found > 0
    found = all_by(QUOTED if style == RAW else FLAT, rest)
    if found:
        # One find stands without brackets, as Hive has it.
        together = ",".join(inner.parts)
        out.parts.append(f"[{together}]" if found > 1 else together)
    return found > 0


def get_json_object(text: str, path: tuple[Step, ...]) -> str | None:
    """What a path finds in a text; None where it finds nothing or the text is no JSON."""
    out = _Out([], escaped=True)
    try:
        found = _follow(read_json(text), path, RAW, out)
        return " ".join(out.parts) if found else None
    except MalformedJsonError:
        return None


def json_array_length(text: str) -> int | None:
    """The number of values of an array; None for anything else."""
    try:
        node = read_json(text)
    except MalformedJsonError:
        return None
    return len(node) if isinstance(node, list) else None


def json_object_keys(text: str) -> list[str] | None:
    """The names of an object; None for anything else."""
    try:
        node = read_json(text)
    except MalformedJsonError:
        return None
    return [as_utf8(name) for name, _ in node.pairs] if isinstance(node, Members) else None
