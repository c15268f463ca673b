"""& | ^ ~ and shifts (bitwiseExpressions.scala, Spark 3.5)."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from mabridge.lower.columns import ScalarColumn
from mabridge.plan.types import IntegerType, LongType
from mabridge.sql.cells import Values, both
from mabridge.sql.coercion import INTEGRAL, tightest
from mabridge.sql.evaluate import Running
from mabridge.sql.functions.function import Args, Function, Kernel, Signature, TypeMismatch, as_infix, column_of, elementwise
from mabridge.sql.functions.rules import takes
from mabridge.sql.scope import Session


def _pair(args: Args, session: Session) -> Signature:
    kind = tightest(args[0].kind, args[1].kind, ansi=session.ansi)
    if not isinstance(kind, INTEGRAL):
        raise TypeMismatch(f"{args[0].shown} is {args[0].kind} and {args[1].shown} is {args[1].kind}, where integers are expected; write a CAST.")
    return Signature((kind, kind), kind)


def _single(args: Args, session: Session) -> Signature:
    if not isinstance(args[0].kind, INTEGRAL):
        raise TypeMismatch(f"{args[0].shown} is {args[0].kind}, where an integer is expected; write a CAST.")
    return Signature((args[0].kind,), args[0].kind)


def _shift_types(args: Args, session: Session) -> Signature:
    kind = args[0].kind if isinstance(args[0].kind, LongType) else IntegerType()
    return takes(kind, IntegerType(), gives=kind)(args, session)


def _shift(compute: Callable[[Values, Values], Values]) -> Kernel:
    def kernel(running: Running) -> ScalarColumn:
        left, right = running.columns_up_to_null()
        # Java takes the low five or six bits of the distance.
        distance = (right.values & (left.values.dtype.itemsize * 8 - 1)).astype(left.values.dtype)
        return column_of(running.kind, compute(left.values, distance), both(left.valid, right.valid))

    return kernel


def _unsigned(values: Values, distance: Values) -> Values:
    width = np.uint64 if values.dtype.itemsize == 8 else np.uint32
    found: Values = (values.view(width) >> distance.astype(width)).view(values.dtype)
    return found


def _show_not(_: str, args: Sequence[str]) -> str:
    return f"~{args[0]}"


FUNCTIONS = (
    Function(("&",), (2, 2), _pair, elementwise(np.bitwise_and), as_infix("&")),
    Function(("|",), (2, 2), _pair, elementwise(np.bitwise_or), as_infix("|")),
    Function(("^",), (2, 2), _pair, elementwise(np.bitwise_xor), as_infix("^")),
    Function(("~",), (1, 1), _single, elementwise(np.invert), _show_not),
    Function(("shiftleft",), (2, 2), _shift_types, _shift(np.left_shift)),
    Function(("shiftright",), (2, 2), _shift_types, _shift(np.right_shift)),
    Function(("shiftrightunsigned",), (2, 2), _shift_types, _shift(_unsigned)),
    Function(("<<",), (2, 2), _shift_types, _shift(np.left_shift), as_infix("<<")),
    Function((">>",), (2, 2), _shift_types, _shift(np.right_shift), as_infix(">>")),
    Function((">>>",), (2, 2), _shift_types, _shift(_unsigned), as_infix(">>>")),
)
