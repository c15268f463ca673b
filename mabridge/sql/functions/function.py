"""What a row of the function table says."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mabridge.lower.columns import Bools, ScalarColumn
from mabridge.plan.types import DataType
from mabridge.sql.cells import Values, both, dtype_of, in_arrow, with_valid
from mabridge.sql.scope import Session

if TYPE_CHECKING:
    from mabridge.sql.evaluate import Running
    from mabridge.sql.typed import TypedExpression

Args = Sequence["TypedExpression"]


class TypeMismatch(Exception):  # noqa: N818 - it is caught by the resolver, which says where
    """The arguments' types do not fit; the text is a whole sentence."""


class NotSupported(Exception):  # noqa: N818 - it is caught by the resolver, which says where
    """The arguments' types fit in Spark and are not supported here; the text is a whole sentence."""


@dataclass(frozen=True)
class Signature:
    """What a call comes to for arguments of given types.

    Attributes:
        takes: the types to which the arguments are cast.
        gives: the type of the result.
        nullable: whether Spark declares that the result can be null; None: where some argument can.
        may_raise: whether the call can refuse a row by itself.
    """

    takes: tuple[DataType, ...]
    gives: DataType
    nullable: bool | None = None
    may_raise: bool = False


@dataclass(frozen=True)
class Lambdas:
    """Which arguments are lambda functions, and what they are called with.

    Attributes:
        places: of these arguments, from 0.
        takes: from the other arguments (None at the places), how many parameters each lambda function has (0 where an expression stands for one), and the
            session, to the types of the parameters of each; raises `TypeMismatch` where Spark refuses.
    """

    places: tuple[int, ...]
    takes: Callable[[Sequence[TypedExpression | None], tuple[int, ...], Session], Sequence[tuple[DataType, ...]]]


TypeRule = Callable[[Args, Session], Signature]
Kernel = Callable[["Running"], ScalarColumn]
Show = Callable[[str, Sequence[str]], str]


def as_call(name: str, args: Sequence[str]) -> str:
    """`name(a, b)`."""
    return f"{name}({', '.join(args)})"


def as_infix(symbol: str) -> Show:
    """`(a symbol b)`."""
    return lambda _, args: f"({args[0]} {symbol} {args[1]})"


@dataclass(frozen=True)
class Function:
    """A function or an operator.

    Attributes:
        names: in lower case; the first is the one that messages use.
        arity: fewest and most arguments; None for any number.
        types: from the arguments to the signature; raises `TypeMismatch` where Spark refuses, `NotSupported` where mabridge does.
        kernel: computes it; it decides itself what null does (see `elementwise`).
        show: the name that Spark gives an unaliased item; None where it depends on more than the arguments' names.
        ulp: how many units in the last place a double may differ from Spark's.
        arguments: from the arguments as written to those that `types` and `kernel` see, where they differ.
        lambdas: of a higher-order function; its lambda arguments are `TypedLambda`s to `types`, and `kernel` calls them by `Running.apply`.
        parameters: (name, default) of each parameter, for functions that Spark lets be called as `f(x, name => y)`; the default is a `Literal`, or None where
            the argument has to be there.
    """

    names: tuple[str, ...]
    arity: tuple[int, int | None]
    types: TypeRule
    kernel: Kernel
    show: Show | None = as_call
    ulp: int = 0
    arguments: Callable[[list[Any]], list[Any]] | None = None
    lambdas: Lambdas | None = None
    parameters: tuple[tuple[str, Any], ...] = ()

    @property
    def name(self) -> str:
        """The name that messages use."""
        return self.names[0]


def elementwise(compute: Callable[..., Any], *, typed: bool = False) -> Kernel:
    """A kernel that is null where any argument is null.

    Args:
        compute: takes each argument's values (numpy, broadcasting) and returns values, or a pair: values, and where they are not null.
        typed: whether `compute` takes the running call first.
    """

    def kernel(running: Running) -> ScalarColumn:
        columns = running.strict_columns()
        found = compute(running, *(column.values for column in columns)) if typed else compute(*(column.values for column in columns))
        values, valid = found if isinstance(found, tuple) else (found, None)
        for column in columns:
            valid = both(valid, column.valid)
        return column_of(running.kind, values, valid)

    return kernel


def column_of(kind: DataType, values: Values, valid: Bools | None) -> ScalarColumn:
    """A column of numpy values, of the type's own dtype; constants among values and validity are broadcast."""
    assert not in_arrow(kind)
    values = values.astype(dtype_of(kind), copy=False)
    if valid is None or (len(valid) == len(values)):
        return ScalarColumn.of_numpy(kind, values, valid)
    return with_valid(ScalarColumn.of_numpy(kind, values), valid)
