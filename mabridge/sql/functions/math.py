"""Functions of doubles: logarithms, powers, trigonometry (mathExpressions.scala, Spark 3.5).

Where Spark computes by a formula (log2, asinh, cot) so do we: the formula, not the function's exact value, decides the last digits.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from mabridge.lower import numpy_standard
from mabridge.plan.reference import major_minor
from mabridge.plan.types import DoubleType, IntegerType, LongType
from mabridge.sql.cells import Values
from mabridge.sql.functions.function import Function, Show, as_call, elementwise
from mabridge.sql.functions.rules import takes

if TYPE_CHECKING:
    from mabridge.sql.evaluate import Running

_DOUBLE = DoubleType()
#: How far the functions of two mathematical libraries may lie apart; each is within one or two units of the exact value.
_ULP = 4


def _upper(name: str, args: Sequence[str]) -> str:
    return as_call(name.upper(), args)


def _unary(name: str, compute: Callable[[Values], Any], show: Show = _upper, ulp: int = _ULP, nullable: bool | None = True) -> Function:
    return Function((name,), (1, 1), takes(_DOUBLE, gives=_DOUBLE, nullable=nullable), elementwise(compute), show, ulp)


def _binary(name: str, compute: Callable[[Values, Values], Any], show: Show = _upper, ulp: int = _ULP) -> Function:
    return Function((name,), (2, 2), takes(_DOUBLE, gives=_DOUBLE), elementwise(compute), show, ulp)


def _log(compute: Callable[[Values], Values], asymptote: float = 0.0) -> Callable[[Values], Any]:
    """A logarithm that is null at and below its asymptote; NaN stays NaN."""

    def log(x: Values) -> Any:
        outside = x <= asymptote
        return (compute(x), ~outside) if outside.any() else compute(x)

    return log


def _log2(x: Values) -> Values:
    found: Values = np.log(x) / np.log(np.array([2.0]))
    return found


def _logarithm(*args: Values) -> Any:
    if len(args) == 1:
        return _log(np.log)(args[0])
    base, x = args
    return np.log(x) / np.log(base), ~((x <= 0.0) | (base <= 0.0))


def _show_log(_: str, args: Sequence[str]) -> str:
    return f"LOG({args[0]}, {args[1]})" if len(args) == 2 else f"LOG(E(), {args[0]})"


def _power(x: Values, y: Values) -> Values:
    found: Values = numpy_standard.pow(x, y)
    # C's pow says 1 where Java's says NaN.
    odd = (np.isnan(y) & (x == 1.0)) | (np.isinf(y) & (np.abs(x) == 1.0))
    return np.where(odd, np.nan, found) if odd.any() else found


def _atan2(y: Values, x: Values) -> Values:
    # Spark turns -0.0 into 0.0 first.
    found: Values = np.arctan2(y + 0.0, x + 0.0)
    return found


def _asinh(running: Running, x: Values) -> Values:
    if not _fdlibm(running):
        plain: Values = np.where(x == -np.inf, -np.inf, np.log(x + np.sqrt(x * x + 1.0)))
        return plain
    size, square = np.abs(x), x * x
    middle = np.log(2.0 * size + 1.0 / (np.sqrt(square + 1.0) + size))
    small = np.log1p(size + square / (1.0 + np.sqrt(1.0 + square)))
    found = np.select([~(size < np.inf) | (size < _TINY), size > _HUGE, size > 2.0], [size, np.log(size) + _LN2, middle], small)
    signed: Values = np.copysign(found, x)
    return signed


def _acosh(running: Running, x: Values) -> Values:
    root = np.sqrt(x * x - 1.0)
    if not _fdlibm(running):
        plain: Values = np.log(x + root)
        return plain
    less = x - 1.0
    small = np.log1p(less + np.sqrt(2.0 * less + less * less))
    found: Values = np.select([x < 1.0, x >= _HUGE, x > 2.0], [np.nan, np.log(x) + _LN2, np.log(2.0 * x - 1.0 / (x + root))], small)
    return found


def _fdlibm(running: Running) -> bool:
    """Whether asinh and acosh go by cases as fdlibm does, and not by one formula: from Spark 4.3."""
    return major_minor(running.call.session.spark_version) >= (4, 3)


_TINY, _HUGE, _LN2 = 2.0**-28, 2.0**28, math.log(2.0)


def _atanh(x: Values) -> Values:
    found: Values = 0.5 * (np.log1p(x) - np.log1p(-x))
    return found


def _sign(x: Values) -> Values:
    # Java keeps the sign of zero.
    found: Values = np.where(x == 0.0, x, np.sign(x))
    return found


def _factorial(n: Values) -> Any:
    inside = (n >= 0) & (n <= 20)
    return _FACTORIALS[np.where(inside, n, 0)], inside


_FACTORIALS = np.array([math.factorial(n) for n in range(21)], dtype=np.int64)


def _constant(name: str, value: float) -> Function:
    return Function((name,), (0, 0), takes(gives=_DOUBLE, nullable=False), elementwise(lambda: np.array([value])), _upper)


FUNCTIONS = (
    Function(("log",), (1, 2), takes(_DOUBLE, gives=_DOUBLE, nullable=True), elementwise(_logarithm), _show_log, _ULP),
    _unary("ln", _log(np.log), as_call),
    _unary("log10", _log(np.log10)),
    _unary("log2", _log(_log2)),
    _unary("log1p", _log(np.log1p, -1.0)),
    _unary("exp", np.exp),
    _unary("expm1", np.expm1),
    _unary("sqrt", np.sqrt, ulp=0),
    _unary("cbrt", np.cbrt),
    _binary("pow", _power, as_call),
    _binary("power", _power),
    _binary("hypot", np.hypot),
    _binary("atan2", _atan2),
    _unary("sin", np.sin),
    _unary("cos", np.cos),
    _unary("tan", np.tan),
    _unary("cot", lambda x: 1.0 / np.tan(x)),
    _unary("sec", lambda x: 1.0 / np.cos(x)),
    _unary("csc", lambda x: 1.0 / np.sin(x)),
    _unary("asin", np.arcsin),
    _unary("acos", np.arccos),
    _unary("atan", np.arctan),
    _unary("sinh", np.sinh),
    _unary("cosh", np.cosh),
    _unary("tanh", np.tanh),
    Function(("asinh",), (1, 1), takes(_DOUBLE, gives=_DOUBLE, nullable=True), elementwise(_asinh, typed=True), _upper, _ULP),
    Function(("acosh",), (1, 1), takes(_DOUBLE, gives=_DOUBLE, nullable=True), elementwise(_acosh, typed=True), _upper, _ULP),
    _unary("atanh", _atanh),
    _unary("degrees", lambda x: x * 57.29577951308232, ulp=0),
    _unary("radians", lambda x: x * 0.017453292519943295, ulp=0),
    _unary("signum", _sign, ulp=0),
    _unary("sign", _sign, as_call, ulp=0),
    _unary("rint", np.rint, as_call, ulp=0),
    Function(("factorial",), (1, 1), takes(IntegerType(), gives=LongType(), nullable=True), elementwise(_factorial)),
    _constant("e", math.e),
    _constant("pi", math.pi),
)
