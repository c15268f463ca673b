"""Types as Spark's DDL writes them, for schemas that are arguments of functions (DataType.fromDDL, Spark 3.5).

A bundle is read without the parser of statements, and a schema has to be read again there.
"""

from __future__ import annotations

import re

from mabridge.plan.types import (
    ArrayType,
    BinaryType,
    BooleanType,
    ByteType,
    DataType,
    DateType,
    DecimalType,
    DoubleType,
    FloatType,
    IntegerType,
    LongType,
    MapType,
    ShortType,
    StringType,
    StructType,
    TimestampNTZType,
    TimestampType,
)

#: How deep types may stand in one another.
MAX_NESTING = 100
_TOKEN = re.compile(r"\s*(?:([A-Za-z0-9_]+)|`((?:[^`]|``)+)`|([<>(),:]))")
#: The types without parts, by Spark's names for them.
SIMPLE_TYPES: dict[str, DataType] = {
    "boolean": BooleanType(),
    "tinyint": ByteType(),
    "byte": ByteType(),
    "smallint": ShortType(),
    "short": ShortType(),
    "int": IntegerType(),
    "integer": IntegerType(),
    "bigint": LongType(),
    "long": LongType(),
    "float": FloatType(),
    "real": FloatType(),
    "double": DoubleType(),
    "string": StringType(),
    "binary": BinaryType(),
    "date": DateType(),
    "timestamp": TimestampType(),
    "timestamp_ltz": TimestampType(),
    "timestamp_ntz": TimestampNTZType(),
}


class DdlError(ValueError):
    """The text is no schema that mabridge reads."""


class _Reader:
    def __init__(self, text: str) -> None:
        #: (text, whether it is a name in backticks)
        self.tokens: list[tuple[str, bool]] = []
        at, end = 0, len(text.rstrip())
        while at < end:
            match = _TOKEN.match(text, at)
            if match is None:
                raise DdlError(f"`{text[at : at + 20]}` is no part of a schema")
            self.tokens.append((match[2].replace("``", "`"), True) if match[2] else (match[1] or match[3], False))
            at = match.end()
        self.at = 0

    def next(self) -> tuple[str, bool]:
        if self.at >= len(self.tokens):
            raise DdlError("the schema ends too early")
        self.at += 1
        return self.tokens[self.at - 1]

    def sees(self, what: str) -> bool:
        return self.at < len(self.tokens) and self.tokens[self.at] == (what, False)

    def expect(self, what: str) -> None:
        if self.next() != (what, False):
            raise DdlError(f"`{what}` is expected behind {self.at - 1} words of the schema")

    def kind(self, depth: int = 0) -> DataType:
        if depth > MAX_NESTING:
            raise DdlError("the schema nests too deep")
        word, quoted = self.next()
        name = word.lower()
        if quoted:
            raise DdlError(f"`{word}` is no type")
        if name in SIMPLE_TYPES:
            return SIMPLE_TYPES[name]
        if name in ("decimal", "dec", "numeric"):
            return self._decimal()
        if name == "array":
            self.expect("<")
            element = self.kind(depth + 1)
            self.expect(">")
            return ArrayType(element)
        if name == "map":
            self.expect("<")
            key = self.kind(depth + 1)
            self.expect(",")
            value = self.kind(depth + 1)
            self.expect(">")
            return MapType(key, value)
        if name == "struct":
            self.expect("<")
            fields = () if self.sees(">") else self.fields(depth + 1, colon=True)
            self.expect(">")
            return StructType(fields)
        raise DdlError(f"`{word}` is no type")

    def _decimal(self) -> DecimalType:
        if not self.sees("("):
            return DecimalType(10, 0)
        self.next()
        sizes = [self._size()]
        if self.sees(","):
            self.next()
            sizes.append(self._size())
        self.expect(")")
        precision, scale = (*sizes, 0)[:2]
        if not 0 <= scale <= precision <= 38:
            raise DdlError(f"decimal({precision},{scale}) is no type")
        return DecimalType(precision, scale)

    def _size(self) -> int:
        word, _ = self.next()
        if not re.fullmatch(r"[0-9]{1,2}", word):
            raise DdlError(f"`{word}` is no number of digits")
        return int(word)

    def fields(self, depth: int, *, colon: bool) -> tuple[tuple[str, DataType], ...]:
        found: list[tuple[str, DataType]] = []
        while True:
            name, quoted = self.next()
            if not quoted and name in "<>(),:":
                raise DdlError(f"`{name}` is no name of a field")
            if colon and self.sees(":"):
                self.next()
            found.append((name, self.kind(depth)))
            if not self.sees(","):
                return tuple(found)
            self.next()


def read_schema(text: str) -> DataType:
    """A type, or the fields of a struct with commas between them.

    Raises:
        DdlError: it is neither, or says NOT NULL or COMMENT.
    """
    reader = _Reader(text)
    try:
        kind = reader.kind()
        if reader.at == len(reader.tokens):
            return kind
    except DdlError:
        pass
    reader.at = 0
    fields = reader.fields(0, colon=False)
    if reader.at < len(reader.tokens):
        raise DdlError(f"`{reader.tokens[reader.at][0]}` is not read in a schema")
    return StructType(fields)
