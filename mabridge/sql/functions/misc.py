"""typeof, assert_true, raise_error, equal_null, nullifzero, zeroifnull and the casts that are called by their type's name (Spark 3.5)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from mabridge.lower.columns import ScalarColumn
from mabridge.plan.types import (
    ArrayType,
    BinaryType,
    BooleanType,
    ByteType,
    DataType,
    DecimalType,
    DoubleType,
    FloatType,
    IntegerType,
    LongType,
    MapType,
    NullType,
    ShortType,
    StringType,
    StructType,
    VectorType,
)
from mabridge.sql.cells import constant, is_true, nulls
from mabridge.sql.evaluate import Running
from mabridge.sql.functions import comparison, conditional
from mabridge.sql.functions.cast import cast_function
from mabridge.sql.functions.function import Args, Function, Signature, as_call
from mabridge.sql.functions.rules import boolean, takes
from mabridge.sql.scope import Session
from mabridge.sql.typed import Constant, TypedExpression

_BOOLEAN, _TEXT, _NULL, _INT = BooleanType(), StringType(), NullType(), IntegerType()
_VECTOR = "struct<type:tinyint,size:int,indices:array<int>,values:array<double>>"


def _catalog_text(kind: DataType) -> str:
    """`catalogString`: the type as typeof names it."""
    match kind:
        case VectorType():
            return _VECTOR
        case ArrayType(element):
            return f"array<{_catalog_text(element)}>"
        case MapType(key, value):
            return f"map<{_catalog_text(key)},{_catalog_text(value)}>"
        case StructType(fields):
            return "struct<" + ",".join(f"{name}:{_catalog_text(inner)}" for name, inner in fields) + ">"
    return kind.simple_string


def _typeof_types(args: Args, session: Session) -> Signature:
    return Signature((args[0].kind,), _TEXT, nullable=False)


def _typeof(running: Running) -> ScalarColumn:
    return constant(_TEXT, _catalog_text(running.call.args[0].kind))


def _assert_types(args: Args, session: Session) -> Signature:
    boolean(args[0], f"The condition {args[0].shown}")
    rest = takes(_TEXT, gives=_NULL)(args[1:], session).takes
    return Signature((_BOOLEAN, *rest), _NULL, nullable=True, may_raise=True)


def _assert(running: Running) -> ScalarColumn:
    message = running.column(1).arrow if len(running.call.args) > 1 else None
    bad = ~is_true(running.column(0))
    if bad.any():
        first = None if message is None else message[int(np.argmax(bad)) if len(message) > 1 else 0].as_py()
        running.refuse(bad, "refuses the row, as Spark does: the condition is not true" + ("." if first is None else f" ({first})."))
    return nulls(_NULL)


def _show_assert(name: str, args: Sequence[str]) -> str:
    return as_call(name, args if len(args) > 1 else [args[0], f"'{args[0]}' is not true!"])


def _raise(running: Running) -> ScalarColumn:
    column = running.column(0)
    first = column.arrow[0].as_py() if len(column) else None
    running.refuse(np.ones(1, np.bool_), "raises an error for every row that it is evaluated on, as Spark does" + ("." if first is None else f": {first}"))
    return nulls(_NULL)


def _by_name(names: tuple[str, ...], kind: DataType) -> Function:
    cast = cast_function(kind)
    return Function(names, (1, 1), cast.types, cast.kernel, lambda _, args: args[0])


def _zero() -> TypedExpression:
    return Constant(_INT, False, "0", constant(_INT, 0), written=True)


def _row(rows: Sequence[Function], name: str) -> Function:
    return next(function for function in rows if name in function.names)


_SAME, _NULLIF, _COALESCE = _row(comparison.FUNCTIONS, "<=>"), _row(conditional.FUNCTIONS, "nullif"), _row(conditional.FUNCTIONS, "coalesce")

FUNCTIONS = (
    Function(("typeof",), (1, 1), _typeof_types, _typeof),
    Function(("assert_true",), (1, 2), _assert_types, _assert, _show_assert),
    Function(("raise_error",), (1, 1), takes(_TEXT, gives=_NULL, nullable=True, may_raise=True), _raise),
    Function(("equal_null",), (2, 2), _SAME.types, _SAME.kernel),
    Function(("nullifzero",), (1, 1), _NULLIF.types, _NULLIF.kernel, arguments=lambda args: [args[0], _zero(), args[0]]),
    Function(("zeroifnull",), (1, 1), _COALESCE.types, _COALESCE.kernel, arguments=lambda args: [args[0], _zero()]),
    _by_name(("boolean",), BooleanType()),
    _by_name(("tinyint",), ByteType()),
    _by_name(("smallint",), ShortType()),
    _by_name(("int",), IntegerType()),
    _by_name(("bigint",), LongType()),
    _by_name(("float",), FloatType()),
    _by_name(("double",), DoubleType()),
    _by_name(("decimal",), DecimalType(10, 0)),
    _by_name(("string",), StringType()),
    _by_name(("binary",), BinaryType()),
)
