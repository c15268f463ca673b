"""Spark's column types, and how they stand in Arrow.

A type here is a plain value. `arrow_type` gives the one Arrow type in which mabridge holds and writes it; `from_arrow` accepts every Arrow type that has
the same values (large strings, dictionaries, unsigned integers as Spark's parquet reader takes them).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from mabridge.errors import InvalidInputError


@dataclass(frozen=True)
class DataType:
    """A Spark SQL type."""

    @property
    def simple_string(self) -> str:
        """Spark's `simpleString`, as messages show it: `bigint`, `decimal(10,2)`, `array<string>`."""
        return _SIMPLE[type(self)]

    def __str__(self) -> str:
        return self.simple_string


@dataclass(frozen=True)
class NullType(DataType):
    """The type of a bare `NULL`."""


@dataclass(frozen=True)
class BooleanType(DataType):
    """true, false."""


@dataclass(frozen=True)
class NumericType(DataType):
    """The base of Spark's numeric types."""


@dataclass(frozen=True)
class ByteType(NumericType):
    """8-bit integer."""


@dataclass(frozen=True)
class ShortType(NumericType):
    """16-bit integer."""


@dataclass(frozen=True)
class IntegerType(NumericType):
    """32-bit integer."""


@dataclass(frozen=True)
class LongType(NumericType):
    """64-bit integer."""


@dataclass(frozen=True)
class FloatType(NumericType):
    """32-bit binary floating point."""


@dataclass(frozen=True)
class DoubleType(NumericType):
    """64-bit binary floating point."""


@dataclass(frozen=True)
class DecimalType(NumericType):
    """Decimal of `precision` digits, `scale` of them behind the point (0 <= scale <= precision <= 38)."""

    precision: int = 10
    scale: int = 0

    @property
    def simple_string(self) -> str:
        return f"decimal({self.precision},{self.scale})"


@dataclass(frozen=True)
class StringType(DataType):
    """UTF-8 text."""


@dataclass(frozen=True)
class BinaryType(DataType):
    """Bytes."""


@dataclass(frozen=True)
class DateType(DataType):
    """Days since 1970-01-01 in the proleptic Gregorian calendar."""


@dataclass(frozen=True)
class TimestampType(DataType):
    """Microseconds since 1970-01-01 UTC: an instant, shown in the session's zone."""


@dataclass(frozen=True)
class TimestampNTZType(DataType):
    """Microseconds of a wall clock without a zone."""


#: The units of the intervals below, by the numbers that Spark gives them.
YEAR_MONTH_UNITS = ("year", "month")
DAY_TIME_UNITS = ("day", "hour", "minute", "second")


@dataclass(frozen=True)
class YearMonthIntervalType(DataType):
    """Months, as 32-bit integers; `first` and `last` are places in `YEAR_MONTH_UNITS`."""

    first: int = 0
    last: int = 1

    @property
    def simple_string(self) -> str:
        return _interval_name(YEAR_MONTH_UNITS, self.first, self.last)


@dataclass(frozen=True)
class DayTimeIntervalType(DataType):
    """Microseconds of a span of time; `first` and `last` are places in `DAY_TIME_UNITS`."""

    first: int = 0
    last: int = 3

    @property
    def simple_string(self) -> str:
        return _interval_name(DAY_TIME_UNITS, self.first, self.last)


def _interval_name(units: tuple[str, ...], first: int, last: int) -> str:
    return f"interval {units[first]}" if first == last else f"interval {units[first]} to {units[last]}"


@dataclass(frozen=True)
class ArrayType(DataType):
    """A list of `element`."""

    element: DataType = field(default_factory=NullType)

    @property
    def simple_string(self) -> str:
        return f"array<{self.element.simple_string}>"


@dataclass(frozen=True)
class MapType(DataType):
    """A map from `key` to `value`."""

    key: DataType = field(default_factory=NullType)
    value: DataType = field(default_factory=NullType)

    @property
    def simple_string(self) -> str:
        return f"map<{self.key.simple_string},{self.value.simple_string}>"


@dataclass(frozen=True)
class StructType(DataType):
    """Named fields in order."""

    fields: tuple[tuple[str, DataType], ...] = ()

    @property
    def simple_string(self) -> str:
        return "struct<" + ",".join(f"{name}:{kind.simple_string}" for name, kind in self.fields) + ">"


@dataclass(frozen=True)
class VectorType(DataType):
    """Spark ML's VectorUDT: a vector of doubles, sparse or dense row by row; `size` is None where only the data can tell."""

    size: int | None = None

    @property
    def simple_string(self) -> str:
        return "vector" if self.size is None else f"vector[{self.size}]"


_SIMPLE: dict[type[DataType], str] = {
    NullType: "void",
    BooleanType: "boolean",
    ByteType: "tinyint",
    ShortType: "smallint",
    IntegerType: "int",
    LongType: "bigint",
    FloatType: "float",
    DoubleType: "double",
    StringType: "string",
    BinaryType: "binary",
    DateType: "date",
    TimestampType: "timestamp",
    TimestampNTZType: "timestamp_ntz",
}

#: VectorUDT's sqlType, the struct in which Spark stores each vector: `type` 0 is sparse (size, indices, values), 1 is dense (values only).
VECTOR_STRUCT = pa.struct(
    [
        pa.field("type", pa.int8(), nullable=False),
        pa.field("size", pa.int32()),
        pa.field("indices", pa.list_(pa.field("element", pa.int32(), nullable=False))),
        pa.field("values", pa.list_(pa.field("element", pa.float64(), nullable=False))),
    ]
)

_ARROW: dict[type[DataType], pa.DataType] = {
    NullType: pa.null(),
    BooleanType: pa.bool_(),
    ByteType: pa.int8(),
    ShortType: pa.int16(),
    IntegerType: pa.int32(),
    LongType: pa.int64(),
    FloatType: pa.float32(),
    DoubleType: pa.float64(),
    StringType: pa.string(),
    BinaryType: pa.binary(),
    DateType: pa.date32(),
    TimestampType: pa.timestamp("us", tz="UTC"),
    TimestampNTZType: pa.timestamp("us"),
    YearMonthIntervalType: pa.int32(),
    DayTimeIntervalType: pa.duration("us"),
    VectorType: VECTOR_STRUCT,
}


def arrow_type(kind: DataType) -> pa.DataType:
    """The Arrow type in which a column of Spark type `kind` is held and written."""
    match kind:
        case DecimalType(precision, scale):
            return pa.decimal128(precision, scale)
        case ArrayType(element):
            return pa.list_(pa.field("element", arrow_type(element)))
        case MapType(key, value):
            # Arrow has no keys without a type, and no map has such a key.
            return pa.map_(pa.bool_() if isinstance(key, NullType) else arrow_type(key), arrow_type(value))
        case StructType(fields):
            return pa.struct([pa.field(name, arrow_type(inner)) for name, inner in fields])
    return _ARROW[type(kind)]


def is_vector_struct(kind: pa.DataType) -> bool:
    """Whether an Arrow type is VectorUDT's struct (any list width, any nullability)."""
    if not pa.types.is_struct(kind) or kind.num_fields != 4 or [kind.field(i).name for i in range(4)] != ["type", "size", "indices", "values"]:
        return False
    indices, values = kind.field(2).type, kind.field(3).type
    lists = (pa.types.is_list, pa.types.is_large_list)
    return (
        pa.types.is_integer(kind.field(0).type)
        and pa.types.is_integer(kind.field(1).type)
        and any(test(indices) for test in lists)
        and pa.types.is_integer(indices.value_type)
        and any(test(values) for test in lists)
        and pa.types.is_floating(values.value_type)
    )


def from_arrow(name: str, kind: pa.DataType) -> DataType:
    """The Spark type of an Arrow column.

    Args:
        name: the column's name, for the message.
        kind: its Arrow type.

    Raises:
        InvalidInputError: the type has no counterpart in Spark.
    """
    t = pa.types
    simple = _FROM_ARROW.get(kind)
    if simple is not None:
        return simple
    if t.is_dictionary(kind):
        return from_arrow(name, kind.value_type)
    if t.is_timestamp(kind):
        return TimestampNTZType() if kind.tz is None else TimestampType()
    if t.is_decimal(kind) and 0 <= kind.scale <= kind.precision <= 38:
        return DecimalType(kind.precision, kind.scale)
    if is_vector_struct(kind):
        return VectorType()
    if t.is_fixed_size_list(kind) and t.is_floating(kind.value_type):
        return VectorType(kind.list_size)
    if t.is_list(kind) or t.is_large_list(kind) or t.is_fixed_size_list(kind):
        return ArrayType(from_arrow(name, kind.value_type))
    if t.is_map(kind):
        return MapType(from_arrow(name, kind.key_type), from_arrow(name, kind.item_type))
    if t.is_struct(kind):
        return StructType(tuple((kind.field(i).name, from_arrow(name, kind.field(i).type)) for i in range(kind.num_fields)))
    raise InvalidInputError(f"Column `{name}` has the Arrow type {kind}, which has no counterpart in Spark; cast it before prediction.")


_FROM_ARROW: dict[pa.DataType, DataType] = {
    pa.null(): NullType(),
    pa.bool_(): BooleanType(),
    pa.int8(): ByteType(),
    pa.int16(): ShortType(),
    pa.int32(): IntegerType(),
    pa.int64(): LongType(),
    pa.uint8(): ShortType(),
    pa.uint16(): IntegerType(),
    pa.uint32(): LongType(),
    pa.uint64(): DecimalType(20, 0),
    pa.float16(): FloatType(),
    pa.float32(): FloatType(),
    pa.float64(): DoubleType(),
    pa.string(): StringType(),
    pa.large_string(): StringType(),
    pa.string_view(): StringType(),
    pa.binary(): BinaryType(),
    pa.large_binary(): BinaryType(),
    pa.date32(): DateType(),
    pa.date64(): DateType(),
}

_BY_NAME: dict[str, DataType] = {kind().simple_string: kind() for kind in _SIMPLE}
_INTERVALS: list[DataType] = [YearMonthIntervalType(first, last) for first in range(2) for last in range(first, 2)]
_INTERVALS += [DayTimeIntervalType(first, last) for first in range(4) for last in range(first, 4)]
_BY_NAME.update((kind.simple_string, kind) for kind in _INTERVALS)


def to_json(kind: DataType) -> Any:
    """A type as JSON: Spark's simple string, or a list for what nests."""
    match kind:
        case DecimalType(precision, scale):
            return ["decimal", precision, scale]
        case VectorType(size):
            return ["vector", size]
        case ArrayType(element):
            return ["array", to_json(element)]
        case MapType(key, value):
            return ["map", to_json(key), to_json(value)]
        case StructType(fields):
            return ["struct", *([name, to_json(inner)] for name, inner in fields)]
    return kind.simple_string


def from_json(value: Any) -> DataType:
    """The type that `to_json` wrote.

    Raises:
        ValueError: the value is not such a type.
    """
    match value:
        case str() if value in _BY_NAME:
            return _BY_NAME[value]
        case ["decimal", int(precision), int(scale)] if 0 <= scale <= precision <= 38:
            return DecimalType(precision, scale)
        case ["vector", None]:
            return VectorType()
        case ["vector", int(size)] if size >= 0:
            return VectorType(size)
        case ["array", element]:
            return ArrayType(from_json(element))
        case ["map", key, item]:
            return MapType(from_json(key), from_json(item))
        case ["struct", *fields]:
            pairs: list[tuple[str, DataType]] = []
            for entry in fields:
                match entry:
                    case [str(name), inner]:
                        pairs.append((name, from_json(inner)))
                    case _:
                        raise ValueError(f"{entry!r} is not a struct field")
            return StructType(tuple(pairs))
    raise ValueError(f"{value!r} is not a type")
