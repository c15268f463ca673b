"""CAST: which types go to which, and by which kernel (Cast, Spark 3.5)."""

from __future__ import annotations

from functools import cache

from mabridge.lower.columns import Bools, ScalarColumn
from mabridge.plan.types import (
    ArrayType,
    BinaryType,
    BooleanType,
    DataType,
    DateType,
    DecimalType,
    MapType,
    NullType,
    StringType,
    StructType,
    TimestampNTZType,
    TimestampType,
    VectorType,
)
from mabridge.sql.cells import nulls, with_valid
from mabridge.sql.coercion import DATETIME, FRACTIONAL, INTEGRAL, INTERVALS
from mabridge.sql.evaluate import Frame, Running
from mabridge.sql.functions.cast_bytes import bytes_to_text, to_bytes
from mabridge.sql.functions.cast_intervals import interval_kernel
from mabridge.sql.functions.cast_nested import nested_kernel
from mabridge.sql.functions.cast_numbers import decimal_to_decimal, decimal_to_number, number_to_decimal, number_to_number
from mabridge.sql.functions.cast_text import text_of, text_to_boolean, text_to_decimal, text_to_number
from mabridge.sql.functions.cast_times import NO_DATE, refused_under_ansi, special_value, time_kernel
from mabridge.sql.functions.function import Args, Function, Kernel, NotSupported, Signature, TypeMismatch
from mabridge.sql.scope import Session
from mabridge.sql.typed import Constant, TypedCall, TypedColumn

_NUMBERS = (*INTEGRAL, *FRACTIONAL, BooleanType)


def _itself(running: Running) -> ScalarColumn:
    return running.column(0)


def _all_null(running: Running) -> ScalarColumn:
    return nulls(running.kind)


def _kernel(source: DataType, target: DataType) -> Kernel | None:
    """The kernel that casts, None where mabridge has none."""
    if source == target or (isinstance(source, VectorType) and isinstance(target, VectorType)):
        return _itself
    if isinstance(source, NullType):
        return _all_null
    if isinstance(source, INTERVALS) or isinstance(target, INTERVALS):
        return interval_kernel(source, target)
    if isinstance(source, DATETIME) or isinstance(target, DATETIME):
        return time_kernel(source, target)
    if isinstance(source, (ArrayType, MapType, StructType)):
        return nested_kernel(source, target, _kernel)
    if isinstance(source, _NUMBERS) and isinstance(target, _NUMBERS):
        return number_to_number
    if isinstance(source, DecimalType):
        if isinstance(target, DecimalType):
            return decimal_to_decimal
        if isinstance(target, _NUMBERS):
            return decimal_to_number
    if isinstance(target, DecimalType):
        return number_to_decimal if isinstance(source, _NUMBERS) else text_to_decimal if isinstance(source, StringType) else None
    if isinstance(target, BinaryType):
        return to_bytes if isinstance(source, (StringType, *INTEGRAL)) else None
    if isinstance(source, BinaryType):
        return bytes_to_text if isinstance(target, StringType) else None
    if isinstance(target, StringType):
        return text_of(source) if isinstance(source, (*_NUMBERS, DecimalType)) else None
    if isinstance(source, StringType):
        return text_to_boolean if isinstance(target, BooleanType) else text_to_number if isinstance(target, _NUMBERS) else None
    return None


@cache
def cast_function(target: DataType, *, attempt: bool = False) -> Function:
    """CAST or TRY_CAST to a type, as a function of one argument."""

    def types(args: Args, session: Session) -> Signature:
        source = args[0].kind
        kernel = _kernel(source, target)
        if isinstance(target, BinaryType) and isinstance(source, INTEGRAL) and (session.ansi or attempt):
            raise TypeMismatch(f"{args[0].shown} is {source}, which ANSI does not cast to binary; Spark refuses this too.")
        if kernel is None:
            raise NotSupported(f"a cast from {source} to {target} is not supported; cast the column before prediction.")
        if (session.ansi or attempt) and refused_under_ansi(source, target):
            raise TypeMismatch(f"{args[0].shown} is {source}, which ANSI mode and TRY_CAST do not cast to {target}; Spark refuses this too.")
        may_raise = session.ansi and not attempt and _can_fail(source, target)
        if isinstance(source, BinaryType) and isinstance(target, StringType):
            may_raise = True
        if isinstance(source, StringType) and isinstance(target, DATETIME):
            if isinstance(args[0], Constant):
                special = isinstance(args[0].value, str) and special_value(args[0].value, target)
                may_raise = may_raise and not special
            else:
                # A time without a date is refused in any mode.
                may_raise = may_raise or isinstance(target, TimestampType)
        return Signature((source,), target, _nullable(source, target, session) or (attempt and _can_fail(source, target)) or None, may_raise)

    def kernel(running: Running) -> ScalarColumn:
        found = _kernel(running.call.args[0].kind, target)
        assert found is not None
        if not attempt:
            return found(running)
        trying = Attempt(running.call, running.frame)
        return trying.without_failures(found(trying))

    return Function(("try_cast" if attempt else "cast",), (1, 1), types, kernel)


class Attempt(Running):
    """TRY_CAST: the cast of ANSI mode, whatever the session's, with null where that refuses a row."""

    def __init__(self, call: TypedCall, frame: Frame) -> None:
        super().__init__(call, frame)
        self._failed: Bools | None = None
        #: Parts inside a value that cannot be cast become null, and not the value.
        self.attempts = True

    @property
    def ansi(self) -> bool:
        return True

    def refuse(self, bad: Bools, reason: str) -> None:
        if reason == NO_DATE:
            # Spark gives a value there, of the day on which it runs.
            super().refuse(bad, reason)
        self._failed = bad if self._failed is None else self._failed | bad

    def without_failures(self, column: ScalarColumn) -> ScalarColumn:
        """The column, null where a row would have been refused."""
        return column if self._failed is None or not self._failed.any() else with_valid(column, ~self._failed)


class _Lenient(Running):
    """The cast without ANSI, which refuses no row."""

    @property
    def ansi(self) -> bool:
        return False


def _can_fail(source: DataType, target: DataType) -> bool:
    if source == target or isinstance(source, (NullType, BooleanType)) or isinstance(target, (StringType, BooleanType)):
        return isinstance(source, StringType) and isinstance(target, BooleanType)
    if isinstance(source, DATETIME):
        return not isinstance(target, (*DATETIME, *FRACTIONAL))
    if isinstance(target, TimestampType) and not isinstance(source, StringType):
        return isinstance(source, FRACTIONAL)
    return True


def _nullable(source: DataType, target: DataType, session: Session) -> bool:
    """`Cast.forceNullable`: whether the cast of a value can be null."""
    if isinstance(source, NullType):
        return True
    if source == target or session.ansi:
        return False
    if isinstance(source, DateType) and not isinstance(target, (*DATETIME, StringType)):
        return True
    if isinstance(source, StringType):
        return not isinstance(target, (BinaryType, StringType))
    if isinstance(target, DecimalType):
        return True
    return isinstance(source, FRACTIONAL) and isinstance(target, (TimestampType, DateType, TimestampNTZType))


class _OneColumn:
    """A batch of one column, for a cast outside any statement."""

    def __init__(self, column: ScalarColumn) -> None:
        self.columns = {"": column}
        self.num_rows = len(column)


def cast_column(column: ScalarColumn, kind: DataType, session: Session) -> ScalarColumn:
    """A column cast as Spark's CAST does, under the session's rules; where ANSI would refuse a row, null stands there.

    Args:
        column: of any scalar type.
        kind: the target type.
        session: ANSI and time zone.

    Raises:
        UnsupportedExpressionError: mabridge has no such cast.
    """
    import numpy as np

    from mabridge.errors import UnsupportedExpressionError

    kernel = _kernel(column.kind, kind)
    if kernel is None:
        raise UnsupportedExpressionError(f"A cast from {column.kind} to {kind} is not supported; cast the column before prediction.")
    if not len(column) or isinstance(column.kind, NullType):
        return nulls(kind, len(column))
    source = TypedColumn(column.kind, True, "", "", "")
    call = TypedCall(kind, True, "", cast_function(kind, attempt=True), (source,), session, False)
    with np.errstate(all="ignore"):
        frame = Frame(_OneColumn(column), None)  # type: ignore[arg-type]
        if not session.ansi:
            return kernel(_Lenient(call, frame))
        trying = Attempt(call, frame)
        return trying.without_failures(kernel(trying))
