"""Spark's types (SqlBaseParser.g4, Spark 3.5 to 4.3) as a parser of sqlglot, and how it refuses."""

from __future__ import annotations

from typing import NoReturn, TypeVar

from sqlglot import exp
from sqlglot.parser import Parser
from sqlglot.tokenizer_core import Token, TokenType

from mabridge.sql.source import Source
from mabridge.sql.spark_tokens import FOREIGN, SparkDialect

#: How deep parentheses, calls and CASEs may stand in one another.
MAX_NESTING = 100
#: How many NOTs or signs may follow one another.
MAX_SIGNS = 200

_Node = TypeVar("_Node", bound=exp.Expr)


#: Units of INTERVAL, each with its plural.
UNITS = ("YEAR", "QUARTER", "MONTH", "WEEK", "DAY", "HOUR", "MINUTE", "SECOND", "MILLISECOND", "MICROSECOND", "NANOSECOND")
_WRITTEN = frozenset((TokenType.STRING, TokenType.NUMBER, TokenType.IDENTIFIER, TokenType.SENTINEL))
DEEP = f"The expression nests deeper than {MAX_NESTING} parentheses, calls and CASEs; split it over several SQLTransformers."


def upper(token: Token) -> str:
    """A word or a symbol in upper case; empty for what can be no keyword."""
    return "" if token.token_type in _WRITTEN else token.text.upper()


def is_word(text: str) -> bool:
    return text[:1].isalnum() or text[:1] == "_"


class TypeParser(Parser):
    """Reads types; the expressions' parser goes on from here."""

    def __init__(self, source: Source, spark: tuple[int, int] = (3, 5)) -> None:
        """Args:
        source: the statement.
        spark: major and minor version of the Spark whose grammar holds.
        """
        super().__init__(dialect=SparkDialect)
        self._source = source
        self._spark = spark
        self._nesting = 0

    # Refusing ---------------------------------------------------------------------------------------------------------------------------------------

    def refuse(self, what: str, token: Token | None = None) -> NoReturn:
        """Refuse the statement at a token, by default the one at the cursor."""
        at = token or self._curr
        self._source.refuse(at.start if at else len(self._source.text), what)

    def raise_error(self, message: str, token: Token | None = None) -> NoReturn:
        """Refuse what sqlglot finds wrong on its own."""
        self.refuse(f"Spark does not go on like this ({message}).", token)

    def _expect(self, kind: TokenType, word: str) -> None:
        if not self._match(kind):
            self.refuse(f"`{word}` is expected here.")

    def _match_r_paren(self, expression: exp.Expr | None = None) -> None:
        self._expect(TokenType.R_PAREN, ")")

    def _at(self, node: _Node, token: Token) -> _Node:
        return node.update_positions(token)

    def _since(self, spark: tuple[int, int], what: str, instead: str) -> None:
        if self._spark < spark:
            ours, theirs = (".".join(map(str, version)) for version in (self._spark, spark))
            self.refuse(f"Spark {ours} has no {what}, Spark {theirs} does; {instead}.")

    def _match_word(self, word: str) -> bool:
        if upper(self._curr) != word:
            return False
        self._advance()
        return True

    def _identifier(self) -> exp.Identifier:
        self._advance()
        return self._at(exp.Identifier(this=self._prev.text, quoted=self._prev.token_type is TokenType.IDENTIFIER), self._prev)

    # Types ------------------------------------------------------------------------------------------------------------------------------------------

    def _parse_types(self, *_: object, **__: object) -> exp.DataType:
        """A type by its name, whatever it is, with its sizes or its parts."""
        self._nesting += 1
        if self._nesting > MAX_NESTING:
            self.refuse(DEEP)
        name = self._curr
        word = upper(name)
        self._advance()
        parts: list[exp.Expr] = []
        if word in ("ARRAY", "MAP", "STRUCT"):
            parts = self._type_parts(word)
        elif word == "INTERVAL":
            parts = self._interval_fields()
        elif self._match(TokenType.L_PAREN):
            parts = self._parse_csv(self._size)
            self._match_r_paren()
        self._nesting -= 1
        return self._at(exp.DataType(this=exp.DType.USERDEFINED, kind=word, expressions=parts), name)

    def _type_parts(self, word: str) -> list[exp.Expr]:
        if word == "STRUCT" and self._match(TokenType.NEQ):
            return []
        self._expect(TokenType.LT, "<")
        if word == "STRUCT":
            parts: list[exp.Expr] = [] if self._curr.token_type is TokenType.GT else self._parse_csv(self._field)
        else:
            parts = [self._parse_types()]
            if word == "MAP":
                self._expect(TokenType.COMMA, ",")
                parts.append(self._parse_types())
        self._expect(TokenType.GT, ">")
        return parts

    def _field(self) -> exp.Expr:
        if self._curr.token_type is not TokenType.IDENTIFIER and not is_word(upper(self._curr)):
            self.refuse("The name of a struct's field is expected here.")
        name = self._identifier()
        if self._curr.token_type is FOREIGN and self._curr.text == ":":
            self._advance()
        return exp.ColumnDef(this=name, kind=self._parse_types())

    def _interval_fields(self) -> list[exp.Expr]:
        """The units of an interval type: one, or two with TO between them."""
        fields: list[exp.Expr] = []
        while upper(self._curr) in UNITS and len(fields) < 2:
            fields.append(exp.Literal.string(upper(self._curr)))
            self._advance()
            if len(fields) == 2 or not self._match_word("TO"):
                break
        return fields

    def _size(self) -> exp.Expr:
        token = self._curr
        if token.token_type is not TokenType.NUMBER or not token.text.isdigit() or len(token.text) > 9:
            self.refuse("A type's size is a whole number.")
        self._advance()
        return self._at(exp.Literal.number(token.text), token)
