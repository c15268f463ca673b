"""bit_count, bit_get and the bitmaps of many integers (bitwiseExpressions.scala, bitmapExpressions.scala, Spark 3.5)."""

from __future__ import annotations

from typing import Any

import numpy as np

from mabridge.lower.columns import ScalarColumn
from mabridge.plan.types import BinaryType, BooleanType, ByteType, DataType, IntegerType, LongType, NullType
from mabridge.sql.cells import Values, both
from mabridge.sql.coercion import INTEGRAL, implicit
from mabridge.sql.distinct import over_distinct
from mabridge.sql.evaluate import Running
from mabridge.sql.functions.function import Args, Function, Signature, TypeMismatch, column_of, elementwise
from mabridge.sql.functions.rules import takes
from mabridge.sql.scope import Session

_INT, _LONG, _BYTES = IntegerType(), LongType(), BinaryType()
#: The bits of one bitmap.
_BITS = 8 * 4096
_OUTSIDE = "asks for a bit that its type does not have, which Spark refuses; guard it with CASE."
_ONES = np.array([bin(byte).count("1") for byte in range(256)], dtype=np.int64)


def _integral(args: Args, *, boolean: bool = False) -> DataType:
    kind = args[0].kind
    if isinstance(kind, NullType):
        return _INT
    if not isinstance(kind, INTEGRAL) and not (boolean and isinstance(kind, BooleanType)):
        raise TypeMismatch(f"{args[0].shown} is {kind}, where an integer is expected; write a CAST.")
    return kind


def _count_types(args: Args, session: Session) -> Signature:
    return Signature((_integral(args, boolean=True),), _INT)


def _count(x: Values) -> Values:
    # Shorter integers are first widened to bigint, sign and all.
    found: Values = _ONES[np.ascontiguousarray(x.astype(np.int64)).view(np.uint8)].reshape(len(x), 8).sum(axis=1)
    return found


def _get_types(args: Args, session: Session) -> Signature:
    if not implicit(args[1].kind, _INT, ansi=session.ansi):
        raise TypeMismatch(f"{args[1].shown} is {args[1].kind}, where int is expected; Spark refuses this too.")
    return Signature((_integral(args), _INT), ByteType(), may_raise=True)


def _get(running: Running) -> ScalarColumn:
    number, place = running.columns_up_to_null()
    valid = both(number.valid, place.valid)
    bad = (place.values < 0) | (place.values >= number.values.dtype.itemsize * 8)
    running.refuse(bad if valid is None else bad & valid, _OUTSIDE)
    return column_of(running.kind, (number.values.astype(np.int64) >> np.where(bad, 0, place.values)) & 1, valid)


def _bucket(x: Values) -> Values:
    # Java cuts towards zero.
    quotient = x // _BITS
    return np.where(x > 0, 1 + (x - 1) // _BITS, quotient + (quotient * _BITS != x))


def _position(x: Values) -> Values:
    # The smallest bigint stays negative when it is negated, and a multiple of the size.
    return np.where(x > 0, (x - 1) % _BITS, np.fmod(-x, _BITS))


def _ones(data: bytes) -> Any:
    return int(_ONES[np.frombuffer(data, dtype=np.uint8)].sum())


def _bitmap_count(running: Running) -> ScalarColumn:
    return over_distinct(running, _ones)


def _bytes_types(args: Args, session: Session) -> Signature:
    if not isinstance(args[0].kind, (BinaryType, NullType)):
        raise TypeMismatch(f"{args[0].shown} is {args[0].kind}, where binary is expected; Spark refuses this too.")
    return Signature((_BYTES,), _LONG)


FUNCTIONS = (
    Function(("bit_count",), (1, 1), _count_types, elementwise(_count)),
    Function(("bit_get", "getbit"), (2, 2), _get_types, _get),
    Function(("bitmap_bucket_number",), (1, 1), takes(_LONG, gives=_LONG), elementwise(_bucket)),
    Function(("bitmap_bit_position",), (1, 1), takes(_LONG, gives=_LONG), elementwise(_position)),
    Function(("bitmap_count",), (1, 1), _bytes_types, _bitmap_count),
)
