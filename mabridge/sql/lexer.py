"""The tokens of Spark SQL (SqlBaseLexer.g4, Spark 3.5), with their places."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, NoReturn

from mabridge.errors import UnsupportedExpressionError

TokenKind = Literal["word", "quoted", "string", "number", "symbol", "end"]

#: The longest statement that is read, in characters.
MAX_LENGTH = 1_000_000


@dataclass(frozen=True)
class Token:
    """One token.

    Attributes:
        kind: `word` is a keyword or a plain identifier, `quoted` an identifier in backticks.
        text: as written for words, numbers and symbols; the value for quoted identifiers and strings.
        start, end: its place in the statement.
    """

    kind: TokenKind
    text: str
    start: int
    end: int

    @property
    def upper(self) -> str:
        """The text in upper case for words and symbols; empty for what can be no keyword."""
        return self.text.upper() if self.kind in ("word", "symbol") else ""


_SPACE = re.compile(r"[ \r\n\t]+")
_LINE_COMMENT = re.compile(r"--(?:\\\n|[^\r\n])*\r?\n?")
_WORD = re.compile(r"[A-Za-z0-9_]+")
_NUMBER = re.compile(r"\d+[LSY]|(?:\d+(?:\.\d*)?|\.\d+)(?:E[+-]?\d+)?(?:BD|[DF])?", re.IGNORECASE | re.ASCII)
_QUOTED = re.compile(r"`((?:[^`]|``)*)`")
_STRINGS = (re.compile(r"'((?:[^'\\]|\\.)*)'", re.DOTALL), re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL))
_RAW_STRINGS = (re.compile(r"[rR]'([^']*)'"), re.compile(r'[rR]"([^"]*)"'))
_SYMBOLS = ("<=>", "<=", ">=", "<>", "!=", "!<", "!>", "==", "||", "->", "=>", "::", "<<", *"()[]{},.;=<>+-*/%~&|^!:?@$")


class Source:
    """A statement's text, for messages that say where."""

    def __init__(self, text: str) -> None:
        self.text = text

    def place(self, start: int) -> str:
        """A place in words: line and column from 1."""
        line = self.text.count("\n", 0, start) + 1
        column = start - (self.text.rfind("\n", 0, start) + 1) + 1
        return f"line {line}, column {column}"

    def refuse(self, start: int, what: str) -> NoReturn:
        """Refuse the statement.

        Args:
            start: where.
            what: whole sentences.

        Raises:
            UnsupportedExpressionError: always.
        """
        raise UnsupportedExpressionError(f"SQL statement, {self.place(start)} (at `{self._near(start)}`): {what}")

    def _near(self, start: int) -> str:
        near = " ".join(self.text[start : start + 40].split())
        return near if start + 40 >= len(self.text) else near + "..."


def tokens_of(source: Source) -> list[Token]:
    """The statement's tokens, closed by one of kind `end`; comments are left out.

    Raises:
        UnsupportedExpressionError: a character, a string or a comment that Spark's lexer does not take, or a hint.
    """
    text, place, found = source.text, 0, list[Token]()
    if len(text) > MAX_LENGTH:
        raise UnsupportedExpressionError(f"The SQL statement has {len(text)} characters; at most {MAX_LENGTH} are read. Split it over several SQLTransformers.")
    while place < len(text):
        if match := _SPACE.match(text, place) or _LINE_COMMENT.match(text, place):
            place = match.end()
            continue
        if text.startswith("/*", place):
            place = _after_comment(source, place)
            continue
        token = _token(source, place)
        found.append(token)
        place = token.end
    found.append(Token("end", "", len(text), len(text)))
    return found


def _after_comment(source: Source, start: int) -> int:
    if source.text.startswith("/*+", start):
        source.refuse(start, "Hints are not row-level and are refused; they never change a result, so leave the hint out.")
    depth, place = 0, start
    while True:
        opened, closed = source.text.find("/*", place), source.text.find("*/", place)
        if closed < 0:
            source.refuse(start, "This comment is not closed.")
        if 0 <= opened < closed:
            depth, place = depth + 1, opened + 2
            continue
        depth, place = depth - 1, closed + 2
        if depth == 0:
            return place


def _token(source: Source, start: int) -> Token:
    text = source.text
    for raw in _RAW_STRINGS:
        if match := raw.match(text, start):
            return Token("string", match[1], start, match.end())
    for pattern in _STRINGS:
        if match := pattern.match(text, start):
            return Token("string", unescape(match[1]), start, match.end())
    if match := _QUOTED.match(text, start):
        return Token("quoted", match[1].replace("``", "`"), start, match.end())
    word, number = _WORD.match(text, start), _NUMBER.match(text, start)
    if number and (word is None or word.end() <= number.end()):
        following = text[number.end() : number.end() + 1]
        if following.isascii() and (following.isalnum() or following == "_"):
            source.refuse(start, "Spark reads no number here; write a space or an operator after it.")
        return Token("number", number[0], start, number.end())
    if word:
        return Token("word", word[0], start, word.end())
    for symbol in _SYMBOLS:
        if text.startswith(symbol, start):
            return Token("symbol", symbol, start, start + len(symbol))
    if text[start] in "'\"`":
        source.refuse(start, "This quote is not closed.")
    source.refuse(start, "Spark's lexer does not know this character; write names that hold it in backticks.")


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
