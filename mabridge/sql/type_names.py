"""Names of types in CAST."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mabridge.plan.types import (
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
    ShortType,
    StringType,
    TimestampNTZType,
    TimestampType,
)

if TYPE_CHECKING:
    from mabridge.sql.grammar import Parser

_TYPES: dict[str, DataType] = {
    "BOOLEAN": BooleanType(),
    "TINYINT": ByteType(),
    "BYTE": ByteType(),
    "SMALLINT": ShortType(),
    "SHORT": ShortType(),
    "INT": IntegerType(),
    "INTEGER": IntegerType(),
    "BIGINT": LongType(),
    "LONG": LongType(),
    "FLOAT": FloatType(),
    "REAL": FloatType(),
    "DOUBLE": DoubleType(),
    "DATE": DateType(),
    "TIMESTAMP": TimestampType(),
    "TIMESTAMP_LTZ": TimestampType(),
    "TIMESTAMP_NTZ": TimestampNTZType(),
    "STRING": StringType(),
    "BINARY": BinaryType(),
}
_DECIMALS = ("DECIMAL", "DEC", "NUMERIC")


def parse_type(parser: Parser) -> DataType:
    """The type at the parser's cursor.

    Raises:
        UnsupportedExpressionError: it is no type, or one that mabridge does not cast to.
    """
    token = parser.next()
    kind = _TYPES.get(token.upper)
    if kind is None and token.upper not in _DECIMALS:
        parser.refuse(
            f"CAST to {token.text} is not supported; the types are {', '.join(name.lower() for name in _TYPES if name not in ('BYTE', 'SHORT', 'LONG'))} "
            "and decimal(precision, scale).",
            token,
        )
    arguments: list[int] = []
    if parser.take("("):
        while True:
            size = parser.next()
            if size.kind != "number" or not size.text.isdigit() or len(size.text) > 9:
                parser.refuse("A type's size is a whole number.", size)
            arguments.append(int(size.text))
            if not parser.take(","):
                break
        parser.expect(")")
    if kind is not None:
        if arguments:
            parser.refuse(f"The type {token.text} takes no size.", token)
        return kind
    precision, scale = (*arguments, *(10, 0)[len(arguments) :])[:2]
    if len(arguments) > 2 or not (0 <= scale <= precision <= 38 and precision > 0):
        parser.refuse("decimal takes a precision from 1 to 38 and a scale from 0 to the precision.", token)
    return DecimalType(precision, scale)
