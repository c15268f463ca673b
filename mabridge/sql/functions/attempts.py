"""try_add and its kin: the operator of ANSI mode, with null where that refuses a row (arithmetic.scala and TryEval.scala, Spark 3.5 and 4.0)."""

from __future__ import annotations

from dataclasses import replace

from mabridge.lower.columns import ScalarColumn
from mabridge.plan.types import StringType
from mabridge.sql.evaluate import Running
from mabridge.sql.functions import arithmetic
from mabridge.sql.functions.cast import Attempt
from mabridge.sql.functions.function import Args, Function, NotSupported, Signature
from mabridge.sql.scope import Session

_OPERATORS = {function.name: function for function in arithmetic.FUNCTIONS}


def _try(name: str, operator: str) -> Function:
    function = _OPERATORS[operator]

    def types(args: Args, session: Session) -> Signature:
        if session.ansi and any(isinstance(arg.kind, StringType) for arg in args):
            # Spark turns whatever fails in the cast of the text into null, too.
            raise NotSupported(f"{name} of a string under ANSI is not supported; write {name} of a TRY_CAST.")
        return replace(function.types(args, session), nullable=True, may_raise=False)

    def kernel(running: Running) -> ScalarColumn:
        trying = Attempt(running.call, running.frame)
        return trying.without_failures(function.kernel(trying))

    return Function((name,), (2, 2), types, kernel)


FUNCTIONS = (
    _try("try_add", "+"),
    _try("try_subtract", "-"),
    _try("try_multiply", "*"),
    _try("try_divide", "/"),
    _try("try_mod", "%"),
)
