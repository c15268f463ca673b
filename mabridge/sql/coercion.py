"""Which type two types meet in (TypeCoercion and DecimalPrecision, Spark 3.5; AnsiTypeCoercion where ANSI is on)."""

from __future__ import annotations

from collections.abc import Callable, Sequence

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
    NullType,
    NumericType,
    ShortType,
    StringType,
    TimestampNTZType,
    TimestampType,
    VectorType,
)
from mabridge.sql.decimals import bounded

INTEGRAL = (ByteType, ShortType, IntegerType, LongType)
FRACTIONAL = (FloatType, DoubleType)
DATETIME = (DateType, TimestampType, TimestampNTZType)
ATOMIC = (*INTEGRAL, *FRACTIONAL, *DATETIME, DecimalType, BooleanType, StringType, BinaryType)

_PRECEDENCE: tuple[type[DataType], ...] = (ByteType, ShortType, IntegerType, LongType, FloatType, DoubleType)
_DIGITS: dict[type[DataType], int] = {ByteType: 3, ShortType: 5, IntegerType: 10, LongType: 20}


def decimal_for(kind: DataType) -> DecimalType | None:
    """The decimal that holds every value of an integral type (`DecimalType.forType`)."""
    if isinstance(kind, DecimalType):
        return kind
    digits = _DIGITS.get(type(kind))
    return None if digits is None else DecimalType(digits, 0)


def decimal_for_literal(value: int) -> DecimalType:
    """The smallest decimal that holds an integral literal (`DecimalType.fromLiteral`)."""
    return DecimalType(len(str(abs(value))), 0)


def holds(decimal: DecimalType, kind: DataType) -> bool:
    """Whether the decimal has a place for every value of an integral or decimal type (`isWiderThan`)."""
    other = decimal_for(kind)
    return other is not None and decimal.precision - decimal.scale >= other.precision - other.scale and decimal.scale >= other.scale


def wider_decimal(left: DecimalType, right: DecimalType) -> DecimalType:
    """The decimal that holds both, within 38 digits (`DecimalPrecision.widerDecimalType`)."""
    scale = max(left.scale, right.scale)
    return bounded(max(left.precision - left.scale, right.precision - right.scale) + scale, scale)


def tightest(left: DataType, right: DataType, *, ansi: bool = False) -> DataType | None:
    """`findTightestCommonType`: no string promotion, no loss of digits."""
    if left == right:
        return left
    if isinstance(left, NullType):
        return right
    if isinstance(right, NullType):
        return left
    if isinstance(left, DecimalType) and isinstance(right, INTEGRAL) and holds(left, right):
        return left
    if isinstance(right, DecimalType) and isinstance(left, INTEGRAL) and holds(right, left):
        return right
    if type(left) in _PRECEDENCE and type(right) in _PRECEDENCE:
        low, high = sorted((_PRECEDENCE.index(type(left)), _PRECEDENCE.index(type(right))))
        if ansi and high == _PRECEDENCE.index(FloatType) and low < high:
            # An integer and a float meet in double under ANSI.
            return DoubleType()
        return _PRECEDENCE[high]()
    if isinstance(left, VectorType) and isinstance(right, VectorType):
        # One type to Spark, whatever the sizes.
        return VectorType()
    if isinstance(left, DATETIME) and isinstance(right, DATETIME):
        return TimestampNTZType() if TimestampType not in (type(left), type(right)) else TimestampType()
    return None


def _with_decimals(left: DataType, right: DataType) -> DataType | None:
    """`findWiderTypeForDecimal`."""
    if not isinstance(left, DecimalType) and not isinstance(right, DecimalType):
        return None
    if isinstance(left, FRACTIONAL) or isinstance(right, FRACTIONAL):
        return DoubleType()
    first, second = decimal_for(left), decimal_for(right)
    return None if first is None or second is None else wider_decimal(first, second)


def _with_strings(left: DataType, right: DataType) -> DataType | None:
    """`stringPromotion`: anything atomic but binary and boolean becomes string."""
    for text, other in ((left, right), (right, left)):
        if isinstance(text, StringType) and isinstance(other, ATOMIC) and not isinstance(other, (BinaryType, BooleanType)):
            return StringType()
    return None


def _ansi_strings(left: DataType, right: DataType) -> DataType | None:
    """AnsiTypeCoercion.findWiderTypeForString: the string gives way."""
    for text, other in ((left, right), (right, left)):
        if isinstance(text, StringType):
            if isinstance(other, INTEGRAL):
                return LongType()
            if isinstance(other, (FloatType, DoubleType, DecimalType)):
                return DoubleType()
            if isinstance(other, ATOMIC):
                return other
    return None


def wider(left: DataType, right: DataType, *, ansi: bool) -> DataType | None:
    """`findWiderTypeForTwo`: the type of CASE, coalesce and IN."""
    found = tightest(left, right, ansi=ansi) or _with_decimals(left, right)
    return found or (_ansi_strings(left, right) if ansi else _with_strings(left, right))


def wider_without_strings(left: DataType, right: DataType, *, ansi: bool) -> DataType | None:
    """`findWiderTypeWithoutStringPromotionForTwo`: the type of greatest and least."""
    return tightest(left, right, ansi=ansi) or _with_decimals(left, right)


def widest(kinds: Sequence[DataType], rule: Callable[..., DataType | None], *, ansi: bool) -> DataType | None:
    """One type for all (`findWiderCommonType`: strings first, unless ANSI is on)."""
    ordered = list(kinds) if ansi else sorted(kinds, key=lambda kind: not isinstance(kind, StringType))
    found: DataType | None = NullType()
    for kind in ordered:
        if found is None:
            return None
        found = rule(found, kind, ansi=ansi)
    return found


def compared(left: DataType, right: DataType, *, ansi: bool) -> DataType | None:
    """In which type a comparison takes place, None where Spark refuses it."""
    if ansi:
        found = tightest(left, right, ansi=True) or _with_decimals(left, right)
        return found or _ansi_strings(left, right)
    for text, other in ((left, right), (right, left)):
        if isinstance(text, StringType) and not isinstance(other, StringType):
            if isinstance(other, NullType):
                return StringType()
            if isinstance(other, DecimalType):
                return DoubleType()
            return other if isinstance(other, ATOMIC) else None
    return tightest(left, right) or _with_decimals(left, right)


def implicit(kind: DataType, target: DataType, *, ansi: bool) -> bool:
    """Whether an argument of this type may stand where a function wants another (`implicitCast`)."""
    if kind == target or isinstance(kind, NullType):
        return True
    if ansi:
        return _ansi_implicit(kind, target)
    if isinstance(target, StringType):
        return isinstance(kind, ATOMIC)
    if isinstance(kind, NumericType):
        return isinstance(target, NumericType)
    if isinstance(kind, StringType):
        return isinstance(target, (NumericType, *DATETIME, BinaryType))
    return isinstance(kind, DATETIME) and isinstance(target, DATETIME)


def _ansi_implicit(kind: DataType, target: DataType) -> bool:
    if isinstance(kind, StringType):
        return isinstance(target, ATOMIC)
    if isinstance(target, StringType):
        return isinstance(kind, ATOMIC)
    if isinstance(kind, NumericType) and isinstance(target, NumericType):
        # Arguments follow the rules of store assignment; what does not fit is refused row by row.
        return True
    return isinstance(kind, DATETIME) and isinstance(target, DATETIME)
