"""The tokens of Spark SQL (SqlBaseLexer.g4, Spark 3.5): sqlglot's tokenizer under Spark's words and symbols, and a check of what it found.

sqlglot decides where a token ends; `tokens_of` then compares each token, and what lies between two tokens, with the rule of Spark's lexer, and refuses
where they differ.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import ClassVar

from sqlglot.dialects.dialect import Dialect
from sqlglot.errors import TokenError
from sqlglot.tokenizer_core import Token, TokenType
from sqlglot.tokens import Tokenizer

from mabridge.sql.literals import unescape
from mabridge.sql.source import Source

TABLE = "__THIS__"

_RESERVED = """
    SELECT FROM WHERE GROUP HAVING ORDER SORT CLUSTER DISTRIBUTE LIMIT OFFSET UNION INTERSECT EXCEPT MINUS WINDOW LATERAL JOIN INNER LEFT RIGHT FULL CROSS
    NATURAL SEMI ANTI ON USING PIVOT UNPIVOT TABLESAMPLE AND OR NOT IN BETWEEN LIKE ILIKE RLIKE REGEXP IS ESCAPE AS WHEN THEN ELSE END DISTINCT DIV
"""
#: Words that end an expression, where an operand has to stand; as names they need backticks here, though Spark takes some of them without.
RESERVED = frozenset(_RESERVED.split())
#: Words that begin a clause that is not row-level, by what messages call it.
CLAUSES = {
    "GROUP": "GROUP BY",
    "HAVING": "HAVING",
    "ORDER": "ORDER BY",
    "SORT": "SORT BY",
    "CLUSTER": "CLUSTER BY",
    "DISTRIBUTE": "DISTRIBUTE BY",
    "LIMIT": "LIMIT",
    "OFFSET": "OFFSET",
    "UNION": "UNION",
    "INTERSECT": "INTERSECT",
    "EXCEPT": "EXCEPT",
    "MINUS": "MINUS",
    "WINDOW": "WINDOW",
    "LATERAL": "LATERAL VIEW",
    "JOIN": "JOIN",
    "INNER": "JOIN",
    "LEFT": "JOIN",
    "RIGHT": "JOIN",
    "FULL": "JOIN",
    "CROSS": "JOIN",
    "NATURAL": "JOIN",
    "SEMI": "JOIN",
    "ANTI": "JOIN",
    "PIVOT": "PIVOT",
    "UNPIVOT": "UNPIVOT",
    "TABLESAMPLE": "TABLESAMPLE",
    "QUALIFY": "QUALIFY",
    ",": "A second table",
    "VERSION": "Time travel",
    "FOR": "Time travel",
}
#: The type of the reserved words that no rule of the parser asks for.
CLAUSE = TokenType.OPTION
#: The type of symbols that are no operators of Spark 3.5.
FOREIGN = TokenType.OPERATOR


class _Tokenizer(Tokenizer):
    QUOTES: ClassVar = ["'", '"']
    IDENTIFIERS: ClassVar = ["`"]
    RAW_STRINGS: ClassVar = [(prefix + quote, quote) for quote in "'\"" for prefix in "rR"]
    STRING_ESCAPES: ClassVar = ["\\"]
    STRING_ESCAPES_ALLOWED_IN_RAW_STRINGS = False
    COMMANDS: ClassVar = set()
    SINGLE_TOKENS: ClassVar = {
        **dict.fromkeys("{}:?@$#\\'\"`", FOREIGN),
        "(": TokenType.L_PAREN,
        ")": TokenType.R_PAREN,
        "[": TokenType.L_BRACKET,
        "]": TokenType.R_BRACKET,
        ",": TokenType.COMMA,
        ".": TokenType.DOT,
        ";": TokenType.SEMICOLON,
        "=": TokenType.EQ,
        "<": TokenType.LT,
        ">": TokenType.GT,
        "!": TokenType.NOT,
        "+": TokenType.PLUS,
        "-": TokenType.DASH,
        "*": TokenType.STAR,
        "/": TokenType.SLASH,
        "%": TokenType.MOD,
        "&": TokenType.AMP,
        "|": TokenType.PIPE,
        "^": TokenType.CARET,
        "~": TokenType.TILDE,
    }
    KEYWORDS: ClassVar = {
        "->": TokenType.ARROW,
        "=>": TokenType.FARROW,
        "::": TokenType.DCOLON,
        "<<": FOREIGN,
        "==": TokenType.EQ,
        "<=>": TokenType.NULLSAFE_EQ,
        "<>": TokenType.NEQ,
        "!=": TokenType.NEQ,
        "<=": TokenType.LTE,
        "!>": TokenType.LTE,
        ">=": TokenType.GTE,
        "!<": TokenType.GTE,
        "||": TokenType.DPIPE,
        **dict.fromkeys(RESERVED, CLAUSE),
        "SELECT": TokenType.SELECT,
        "ALL": TokenType.ALL,
        "DISTINCT": TokenType.DISTINCT,
        "FROM": TokenType.FROM,
        "WHERE": TokenType.WHERE,
        "AS": TokenType.ALIAS,
        "AND": TokenType.AND,
        "OR": TokenType.OR,
        "NOT": TokenType.NOT,
        "IN": TokenType.IN,
        "BETWEEN": TokenType.BETWEEN,
        "LIKE": TokenType.LIKE,
        "ILIKE": TokenType.ILIKE,
        "RLIKE": TokenType.RLIKE,
        "REGEXP": TokenType.RLIKE,
        "IS": TokenType.IS,
        "ESCAPE": TokenType.ESCAPE,
        "DIV": TokenType.DIV,
        "CASE": TokenType.CASE,
        "WHEN": TokenType.WHEN,
        "THEN": TokenType.THEN,
        "ELSE": TokenType.ELSE,
        "END": TokenType.END,
        "NULL": TokenType.NULL,
        "TRUE": TokenType.TRUE,
        "FALSE": TokenType.FALSE,
    }


class SparkDialect(Dialect):
    """Spark 3.5's lexical rules; the grammar is `spark_dialect.SparkParser`."""

    IDENTIFIERS_CAN_START_WITH_DIGIT = True
    Tokenizer = _Tokenizer


_WORD = re.compile(r"[A-Za-z0-9_]+")
_NUMBER = re.compile(r"\d+[LSY]|(?:\d+(?:\.\d*)?|\.\d+)(?:E[+-]?\d+)?(?:BD|[DF])?", re.IGNORECASE | re.ASCII)
_QUOTED = re.compile(r"`((?:[^`]|``)*)`")
_STRING = re.compile(r"'((?:[^'\\]|\\.)*)'|\"((?:[^\"\\]|\\.)*)\"", re.DOTALL)
_RAW_STRING = re.compile(r"[rR](?:'([^']*)'|\"([^\"]*)\")")
_SKIPPED = re.compile(r"[ \r\n\t]+|--[^\r\n]*")
_SYMBOLS = frozenset((*_Tokenizer.SINGLE_TOKENS, *_Tokenizer.KEYWORDS)) - frozenset("#\\'\"`")

#: What follows CASE where it is the name of a column.
_AFTER_NAME = frozenset(_Tokenizer.SINGLE_TOKENS[symbol] for symbol in "),.=<>/*%&|^") | {
    TokenType.SENTINEL,
    TokenType.FROM,
    TokenType.ALIAS,
    TokenType.NEQ,
    TokenType.NULLSAFE_EQ,
    TokenType.LTE,
    TokenType.GTE,
    TokenType.DPIPE,
    TokenType.DIV,
}


def tokens_of(source: Source) -> list[Token]:
    """The statement's tokens, with string and identifier values as Spark reads them; comments and closing semicolons are left out.

    Raises:
        UnsupportedExpressionError: a character, a string, a number or a comment that Spark's lexer does not take, or a hint.
    """
    tokens = list(_checked(source, _raw(source)))
    while tokens and tokens[-1].token_type is TokenType.SEMICOLON:
        tokens.pop()
    for before, token in pairwise(tokens):
        if before.token_type is TokenType.SEMICOLON:
            source.refuse(token.start, "Spark expects the statement's end here.")
    for place, token in enumerate(tokens):
        _as_name(tokens, place, token)
    return tokens


def _raw(source: Source) -> list[Token]:
    tokenizer = _Tokenizer(dialect=SparkDialect)
    try:
        return tokenizer.tokenize(source.text)
    except TokenError:
        # The error has no place of its own; the tokenizer stands at the token that it could not end.
        start = tokenizer._core._start
    if source.text.startswith("/*", start):
        source.refuse(start, "This comment is not closed.")
    source.refuse(start, "This quote is not closed.")


def _checked(source: Source, raw: list[Token]) -> Iterator[Token]:
    end = 0
    for place, token in enumerate(raw):
        if token.start < end:
            continue
        _check_gap(source, end, token.start)
        start, end = token.start, token.end + 1
        if place + 1 < len(raw) and raw[place + 1].start == end:
            # sqlglot begins no number with a point, and ends one before the x of 0x1, which Spark takes for a name.
            longer = source.text[start : raw[place + 1].end + 1]
            if (longer[0] == "." and _NUMBER.fullmatch(longer)) or (longer[:2] in ("0x", "0X") and end == start + 1):
                end = raw[place + 1].end + 1
        yield from _tokens(source, token.token_type, start, end)
    _check_gap(source, end, len(source.text))


def _tokens(source: Source, kind: TokenType, start: int, end: int) -> Iterator[Token]:
    written = source.text[start:end]
    if kind is TokenType.NATIONAL_STRING:
        # sqlglot's N'...'; in Spark a word and a string.
        yield Token(TokenType.VAR, written[0], start=start, end=start)
        start, written, kind = start + 1, written[1:], TokenType.STRING
    found = _token(kind, written)
    if found is not None:
        yield Token(*found, start=start, end=end - 1)
    elif re.match(r"\.?\d", written, re.ASCII):
        source.refuse(start, "Spark reads no number here; write a space or an operator after it.")
    else:
        source.refuse(start, "Spark's lexer does not know this character; write names that hold it in backticks.")


def _token(kind: TokenType, written: str) -> tuple[TokenType, str] | None:
    match kind:
        case TokenType.STRING if match := _STRING.fullmatch(written):
            return TokenType.STRING, unescape(match[1] if match[2] is None else match[2])
        case TokenType.RAW_STRING if match := _RAW_STRING.fullmatch(written):
            return TokenType.STRING, match[1] if match[2] is None else match[2]
        case TokenType.IDENTIFIER if match := _QUOTED.fullmatch(written):
            return TokenType.IDENTIFIER, match[1].replace("``", "`")
        case TokenType.STRING | TokenType.RAW_STRING | TokenType.IDENTIFIER:
            return None
    if _NUMBER.fullmatch(written):
        return TokenType.NUMBER, written
    if _WORD.fullmatch(written):
        return TokenType.VAR if kind is TokenType.NUMBER else kind, written
    return (kind, written) if written in _SYMBOLS else None


def _check_gap(source: Source, start: int, end: int) -> None:
    text, place = source.text, start
    while place < end:
        if match := _SKIPPED.match(text, place, end):
            place = match.end()
            if match[0].startswith("--") and match[0].endswith("\\") and text.startswith("\n", place):
                source.refuse(place - 1, "Spark goes on with this comment in the next line, because of the backslash; leave the backslash out.")
        elif text.startswith("/*", place):
            place = _after_comment(source, place)
            if place > end:
                source.refuse(end, "Spark reads this as a part of the comment before it; write the comment without nesting.")
        else:
            source.refuse(place, "Spark's lexer does not know this character; write names that hold it in backticks.")


def _after_comment(source: Source, start: int) -> int:
    depth, place = 0, start
    while True:
        opened, closed = source.text.find("/*", place), source.text.find("*/", place)
        if closed < 0:
            source.refuse(start, "This comment is not closed.")
        if 0 <= opened < closed:
            if source.text.startswith("/*+", opened):
                source.refuse(opened, "Hints are not row-level and are refused; they never change a result, so leave the hint out.")
            depth, place = depth + 1, opened + 2
            continue
        depth, place = depth - 1, closed + 2
        if depth == 0:
            return place


def _as_name(tokens: list[Token], place: int, token: Token) -> None:
    """Make a keyword the name of a column where Spark's grammar can take it for nothing else."""
    before = tokens[place - 1].token_type if place else TokenType.SENTINEL
    after = tokens[place + 1].token_type if place + 1 < len(tokens) else TokenType.SENTINEL
    match token.token_type:
        case kind if before is TokenType.DOT and _WORD.fullmatch(token.text) and kind not in (TokenType.STRING, TokenType.NUMBER, TokenType.IDENTIFIER):
            token.token_type = TokenType.VAR
        case TokenType.NULL | TokenType.TRUE | TokenType.FALSE if after is TokenType.L_PAREN:
            token.token_type = TokenType.VAR
        case TokenType.CASE if after in _AFTER_NAME:
            token.token_type = TokenType.VAR
        case TokenType.ALL if before is not TokenType.SELECT or after in (TokenType.COMMA, TokenType.DOT):
            token.token_type = TokenType.VAR
        case TokenType.DISTINCT if before is TokenType.SELECT and after in (TokenType.COMMA, TokenType.DOT):
            token.token_type = TokenType.VAR
