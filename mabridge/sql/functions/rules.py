"""Type rules that many functions share."""

from __future__ import annotations

from mabridge.plan.types import (
    BooleanType,
    DataType,
    DecimalType,
    DoubleType,
    IntegerType,
    LongType,
    NullType,
    NumericType,
    StringType,
)
from mabridge.sql.coercion import INTEGRAL, INTERVALS, compared, decimal_for, decimal_for_literal, implicit, tightest, wider, widest
from mabridge.sql.functions.function import Args, NotSupported, Signature, TypeMismatch, TypeRule
from mabridge.sql.scope import Session
from mabridge.sql.typed import Constant


def takes(*targets: DataType, gives: DataType, nullable: bool | None = None, may_raise: bool = False) -> TypeRule:
    """A function of fixed types; arguments are cast where Spark casts them by itself. The last type holds for all further arguments."""

    def rule(args: Args, session: Session) -> Signature:
        wanted = tuple(targets[min(place, len(targets) - 1)] for place in range(len(args)))
        for arg, target in zip(args, wanted, strict=True):
            if not implicit(arg.kind, target, ansi=session.ansi):
                _refuse_interval(arg.shown, arg.kind)
                raise TypeMismatch(f"{arg.shown} is {arg.kind}, where {target} is expected; Spark refuses this too.")
        return Signature(wanted, gives, nullable, may_raise)

    return rule


def _refuse_interval(shown: str, kind: DataType) -> None:
    """Some of Spark's functions of numbers take intervals too.

    Raises:
        NotSupported: the type is one.
    """
    if isinstance(kind, INTERVALS):
        raise NotSupported(f"{shown} is {kind}, which mabridge does not take there; write the number of units, or compute the column before prediction.")


def decimal_operand(args: Args, place: int) -> DecimalType | None:
    """The decimal that an integral or decimal operand becomes: a literal takes as few digits as it has."""
    arg = args[place]
    if isinstance(arg, Constant) and arg.written and isinstance(arg.kind, INTEGRAL):
        return decimal_for_literal(arg.value)
    return decimal_for(arg.kind)


def arithmetic_operands(args: Args, session: Session, *, symbol: str) -> tuple[DataType, DataType]:
    """The types of the operands of + - * / % after coercion: equal, or two decimals.

    Raises:
        TypeMismatch: Spark refuses them.
    """
    left, right = args[0].kind, args[1].kind
    for one, other in ((left, right), (right, left)):
        if isinstance(one, StringType):
            if session.ansi and isinstance(other, INTEGRAL):
                return LongType(), LongType()
            if isinstance(other, NumericType) or (isinstance(other, (StringType, NullType)) and not session.ansi):
                return DoubleType(), DoubleType()
    if not isinstance(left, (NumericType, NullType)) or not isinstance(right, (NumericType, NullType)):
        names = ("timestamp", "date", "timestamp_ntz")
        if str(left) in names or str(right) in names:
            raise NotSupported(f"`{symbol}` between {left} and {right} is not supported; use a date function, or compute the column before prediction.")
        for arg in args:
            _refuse_interval(arg.shown, arg.kind)
        raise TypeMismatch(f"`{symbol}` is not defined between {left} and {right}; Spark refuses this too.")
    if isinstance(left, DecimalType) or isinstance(right, DecimalType):
        first, second = decimal_operand(args, 0), decimal_operand(args, 1)
        if first is not None and second is not None:
            return first, second
        if isinstance(left, NullType) or isinstance(right, NullType):
            kind = tightest(left, right)
            assert kind is not None
            return kind, kind
        return DoubleType(), DoubleType()
    common = tightest(left, right, ansi=session.ansi)
    assert common is not None
    return common, common


def compared_operands(args: Args, session: Session) -> DataType:
    """The one type in which two operands are compared.

    Raises:
        TypeMismatch: Spark refuses them.
    """
    left, right = args[0].kind, args[1].kind
    kind = compared(left, right, ansi=session.ansi)
    if kind is None:
        raise TypeMismatch(f"{args[0].shown} is {left} and {args[1].shown} is {right}, which cannot be compared; Spark refuses this too.")
    if isinstance(kind, DecimalType):
        # A literal takes as few digits as it has.
        first, second = decimal_operand(args, 0), decimal_operand(args, 1)
        found = None if first is None or second is None else tightest(first, second) or wider(first, second, ansi=session.ansi)
        kind = found or kind
    return kind


def common(args: Args, session: Session) -> DataType:
    """The one type of branches that may all be the result (CASE, coalesce).

    Raises:
        TypeMismatch: Spark refuses them.
    """
    kind = widest([arg.kind for arg in args], wider, ansi=session.ansi)
    if kind is None:
        raise TypeMismatch(f"there is no common type for {', '.join(dict.fromkeys(str(arg.kind) for arg in args))}; Spark refuses this too.")
    return kind


def boolean(arg: object, what: str, *, null: bool = True) -> None:
    """Refuse what is not boolean.

    Args:
        arg: a typed expression.
        what: names it in the message.
        null: whether NULL, which has no type, is cast to boolean there.

    Raises:
        TypeMismatch: it is not.
    """
    kind = getattr(arg, "kind", None)
    if not isinstance(kind, (BooleanType, NullType) if null else BooleanType):
        raise TypeMismatch(f"{what} is {kind}, where boolean is expected; write a CAST.")


DOUBLE, INT, LONG, TEXT, BOOL = DoubleType(), IntegerType(), LongType(), StringType(), BooleanType()
