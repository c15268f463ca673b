"""Resolve an expression against the columns there are: types, implicit casts, nullability."""

from __future__ import annotations

from mabridge.errors import InvalidInputError, MissingColumnError, UnsupportedExpressionError
from mabridge.plan.types import DataType, DoubleType, FloatType, StringType
from mabridge.sql.cells import constant
from mabridge.sql.coercion import INTEGRAL
from mabridge.sql.evaluate import Frame
from mabridge.sql.expression import Call, Case, Cast, ColumnRef, Expression, Lambda, Literal, Variable
from mabridge.sql.functions.function import Args, Function, NotSupported, Signature, TypeMismatch
from mabridge.sql.functions.table import CASE, cast_function, function_named
from mabridge.sql.names import show
from mabridge.sql.scope import InnerScope, Scope, Session, depth_of, parameter_of
from mabridge.sql.typed import Constant, TypedCall, TypedColumn, TypedExpression, TypedLambda


def resolve(expression: Expression, scope: Scope, session: Session) -> TypedExpression:
    """Give every name its column and every node its type, with Spark's implicit casts written out.

    Args:
        expression: as the statement has it.
        scope: the columns at that place.
        session: whose rules hold.

    Raises:
        MissingColumnError: a name means no column.
        InvalidInputError: the columns' types do not fit the expression, as Spark's analyser finds too.
        UnsupportedExpressionError: they fit in Spark and not here.
    """
    match expression:
        case Literal(value, kind):
            return Constant(kind, value is None, show(expression), constant(kind, value), written=True)
        case ColumnRef():
            return _column(expression, scope, session)
        case Call(name, args):
            function = function_named(name)
            return _call(function, _arguments(function, args, show(expression), scope, session), show(expression), session)
        case Variable(name):
            return parameter_of(scope, name)
        case Lambda():
            raise InvalidInputError(f"The SQL expression has the lambda function {show(expression)} where no function takes one; Spark refuses this too.")
        case Case():
            return _call(CASE, [resolve(child, scope, session) for child in expression.children()], show(expression), session)
        case Cast(value, kind, attempt):
            return _call(cast_function(kind, attempt=attempt), [_without_float(resolve(value, scope, session), kind)], show(expression), session)
    raise TypeError(f"{type(expression).__name__} is not an expression")


def _column(reference: ColumnRef, scope: Scope, session: Session) -> TypedExpression:
    name = reference.parts[0]
    column = scope.lookup(name)
    if column is None:
        if reference.lateral is not None:
            return resolve(reference.lateral, scope, session)
        shown = ", ".join(f"`{column.name}`" for column in scope.columns()[:30]) or "no columns"
        raise MissingColumnError(f"The SQL statement reads the column `{name}`, which is not there. The columns at that point: {shown}.")
    found: TypedExpression = TypedColumn(column.kind, True, name, column.id, name)
    for place, field in enumerate(reference.parts[1:], 2):
        part = Constant(StringType(), False, field, constant(StringType(), field), written=True)
        found = _call(function_named("."), [found, part], ".".join(reference.parts[:place]), session)
    return found


def _arguments(function: Function, args: tuple[Expression, ...], shown: str, scope: Scope, session: Session) -> list[TypedExpression]:
    """The arguments of a call; lambda functions last, when the types of their parameters are known."""
    lambdas = function.lambdas
    places = () if lambdas is None else tuple(place for place in lambdas.places if place < len(args))
    found: list[TypedExpression | None] = [None if place in places else resolve(arg, scope, session) for place, arg in enumerate(args)]
    if lambdas is not None and places:
        written = [args[place] for place in places]
        counts = tuple(len(arg.parameters) if isinstance(arg, Lambda) else 0 for arg in written)
        try:
            kinds = lambdas.takes(found, counts, session)
        except TypeMismatch as error:
            raise InvalidInputError(f"In the SQL expression {shown}: {error}") from error
        for place, arg, taken in zip(places, written, kinds, strict=True):
            found[place] = _lambda(arg, taken, scope, session)
    return [arg for arg in found if arg is not None]


def _lambda(expression: Expression, kinds: tuple[DataType, ...], scope: Scope, session: Session) -> TypedLambda:
    """A lambda function, or the expression that stands for one and looks at none of its parameters."""
    names = expression.parameters if isinstance(expression, Lambda) else ()
    depth = depth_of(scope) + 1
    pairs = enumerate(zip(names, kinds, strict=False))
    own = tuple(TypedColumn(kind, True, show(Variable(name)), f"lambda {depth}.{place}", name) for place, (name, kind) in pairs)
    body = expression.body if isinstance(expression, Lambda) else expression
    inner = InnerScope(scope, dict(zip(names, own, strict=True)))
    found = resolve(body, inner, session)
    return TypedLambda(found.kind, found.nullable, show(expression), own, found)


def _call(function: Function, args: list[TypedExpression], shown: str, session: Session) -> TypedExpression:
    if function.arguments is not None:
        args = function.arguments(args)
    try:
        signature = function.types(args, session)
        cast = [coerce(arg, kind, session) for arg, kind in zip(args, signature.takes, strict=True)]
    except TypeMismatch as error:
        raise InvalidInputError(f"In the SQL expression {shown}: {error}") from error
    except NotSupported as error:
        raise UnsupportedExpressionError(f"In the SQL expression {shown}: {error}") from error
    return _made(function, cast, signature, shown, session)


def _made(function: Function, args: Args, signature: Signature, shown: str, session: Session) -> TypedExpression:
    nullable = any(arg.nullable for arg in args) if signature.nullable is None else signature.nullable
    call = TypedCall(signature.gives, nullable, shown, function, tuple(args), session, signature.may_raise)
    fixed = all(isinstance(arg, Constant) or (isinstance(arg, TypedLambda) and not arg.columns) for arg in args)
    return folded(call) if fixed and not call.raises else call


class _NoRows:
    """A batch of one row without columns, on which constants are computed."""

    columns: dict[str, object] = {}  # noqa: RUF012
    num_rows = 1


def folded(call: TypedCall) -> Constant:
    """A call of constants, computed once."""
    import numpy as np

    with np.errstate(all="ignore"):
        column = Frame(_NoRows(), None).evaluate(call)  # type: ignore[arg-type]
    return Constant(call.kind, call.nullable, call.shown, column)


def coerce(typed: TypedExpression, kind: DataType, session: Session) -> TypedExpression:
    """The expression, cast where it is of another type.

    Raises:
        TypeMismatch, NotSupported: there is no such cast.
    """
    if typed.kind == kind:
        return typed
    if isinstance(typed, TypedLambda):
        body = coerce(typed.body, kind, session)
        return TypedLambda(body.kind, body.nullable, typed.shown, typed.parameters, body)
    function = cast_function(kind)
    signature = function.types([typed], session)
    return _made(function, [_without_float(typed, kind)], signature, typed.shown, session)


def _without_float(typed: TypedExpression, kind: DataType) -> TypedExpression:
    """What a cast to double of a cast to float casts in truth: the integer below.

    Spark's optimizer (SimplifyCasts, 3.5) leaves out the cast between two casts that widen, so that an integer's digits beyond float's 24 bits survive.
    """
    if isinstance(kind, DoubleType) and isinstance(typed, TypedCall) and isinstance(typed.kind, FloatType) and typed.function.name in ("cast", "try_cast"):
        inner = typed.args[0]
        return inner if isinstance(inner.kind, INTEGRAL) else typed
    return typed


def column_of(typed: TypedExpression) -> str | None:
    """The id of the column that the expression is, None where it is more than a column."""
    return typed.id if isinstance(typed, TypedColumn) else None


def is_not_null_column(typed: TypedExpression) -> bool:
    """Whether the expression is `column IS NOT NULL`."""
    return isinstance(typed, TypedCall) and typed.function.name == "isnotnull" and isinstance(typed.args[0], TypedColumn)


def conjuncts(typed: TypedExpression) -> list[TypedExpression]:
    """The parts of nested ANDs, from left to right; a condition that is no AND is its own only part."""
    found: list[TypedExpression] = []
    waiting = [typed]
    while waiting:
        part = waiting.pop()
        if isinstance(part, TypedCall) and part.function.name == "and":
            waiting.extend(reversed(part.args))
        else:
            found.append(part)
    return found


def cast_to_same(typed: TypedExpression) -> str | None:
    """The id of the column that the expression casts to the type it has; None where it is anything else."""
    while isinstance(typed, TypedCall) and typed.function.names[0] in ("cast", "try_cast") and typed.args[0].kind == typed.kind:
        typed = typed.args[0]
        if isinstance(typed, TypedColumn):
            return typed.id
    return None
