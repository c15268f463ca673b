"""From sqlglot's tree to the tree of `expression`: what each node means in Spark 3.5. A node or an argument that is not known here is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import NoReturn

from sqlglot import exp

from mabridge.plan.types import BooleanType, DecimalType, NullType, StringType
from mabridge.sql.expression import MAX_DEPTH, MAX_NODES, Call, Case, Cast, ColumnRef, Expression, Lambda, Literal, Variable, measure, walk
from mabridge.sql.functions.table import FUNCTIONS, find_function, function_named, nearest_names
from mabridge.sql.functions.unsupported import REFUSED
from mabridge.sql.intervals import interval_literal
from mabridge.sql.literals import LiteralError, number, typed_literal
from mabridge.sql.names import show
from mabridge.sql.read_types import TypeReader
from mabridge.sql.source import Source
from mabridge.sql.spark_dialect import SparkParser
from mabridge.sql.spark_tokens import TABLE
from mabridge.sql.statement import Item, Star, Statement
from mabridge.sql.user_functions import GROUP, is_user_function

#: Functions whose first argument of three is a unit, and the function that they then are.
_WITH_UNIT = {
    **dict.fromkeys(("timestampadd", "dateadd", "date_add"), "timestampadd"),
    **dict.fromkeys(("timestampdiff", "datediff", "date_diff", "timediff"), "timestampdiff"),
}
_DATE_UNITS = frozenset(("YEAR", "QUARTER", "MONTH", "WEEK", "DAY", "DAYOFYEAR", "HOUR", "MINUTE", "SECOND", "MILLISECOND", "MICROSECOND"))
_OPERATORS: dict[type[exp.Expr], str] = {
    exp.Mul: "*",
    exp.Div: "/",
    exp.Mod: "%",
    exp.IntDiv: "div",
    exp.Add: "+",
    exp.Sub: "-",
    exp.DPipe: "||",
    exp.BitwiseAnd: "&",
    exp.BitwiseXor: "^",
    exp.BitwiseOr: "|",
    exp.EQ: "=",
    exp.NullSafeEQ: "<=>",
    exp.LT: "<",
    exp.LTE: "<=",
    exp.GT: ">",
    exp.GTE: ">=",
}
_COMPARISONS = frozenset(("=", "<=>", "<", "<=", ">", ">="))
_LIKES: dict[type[exp.Expr], str] = {exp.Like: "like", exp.ILike: "ilike", exp.RegexpLike: "rlike"}
_DEEP = f"The expression is deeper than {MAX_DEPTH}, or the statement has more than {MAX_NODES} parts; split it over several SQLTransformers."


def read_statement(text: str, spark: tuple[int, int]) -> Statement:
    """Read a SQLTransformer's statement.

    Args:
        text: as saved, with `__THIS__` for the table.
        spark: major and minor version of the Spark whose grammar holds.

    Raises:
        UnsupportedExpressionError: it is no statement of Spark SQL, is more than one row's work, or has a function that mabridge lacks; the text
            says where.
    """
    source = Source(text)
    try:
        return StatementReader(source, spark).statement(SparkParser(source, spark).select())
    except RecursionError:
        # The depth that Python's stack allows depends on who calls.
        source.refuse(0, "The statement nests too deep to be read; split it over several SQLTransformers.")


class StatementReader(TypeReader):
    """Reads one tree of sqlglot."""

    def __init__(self, source: Source, spark: tuple[int, int] = (3, 5)) -> None:
        """Args:
        source: the text that the tree was parsed from, for the places in it.
        spark: major and minor version of the Spark whose names hold.
        """
        super().__init__(source)
        self._table = TABLE
        self._earlier: dict[str, list[Expression]] = {}
        self._parameters: list[tuple[str, ...]] = []
        self._spark = spark
        # What the item that is read holds and the tree no longer tells, though Spark 4's name for it would.
        self._untold: list[str] = []
        self._depth = 0
        self._nodes = 0

    def statement(self, tree: exp.Expr) -> Statement:
        """The whole statement.

        Raises:
            UnsupportedExpressionError: the tree holds what is not known here.
        """
        if type(tree) is not exp.Select:
            self._refuse(tree, f"A {tree.key} statement is not supported; a SQLTransformer's statement is a SELECT.")
        expressions, from_, where = self._args(tree, "expressions", "from_", "where")
        (table,) = self._args(from_, "this")
        _, alias = self._args(table, "this", "alias")
        if alias is not None:
            (identifier,) = self._args(alias, "this")
            self._table = self._name(identifier)
        items = tuple(self._item(node) for node in expressions)
        if where is None:
            return Statement(items)
        # Names of items are not known in WHERE.
        self._earlier = {}
        (condition,) = self._args(where, "this")
        return Statement(items, self._checked(condition))

    # Items ------------------------------------------------------------------------------------------------------------------------------------------

    def _item(self, node: exp.Expr) -> Star | Item:
        self._untold.clear()
        if type(node) is exp.Star:
            self._args(node)
            return Star()
        if type(node) is exp.Column and type(node.this) is exp.Star:
            star, table = self._args(node, "this", "table")
            self._args(star)
            if not self._is_table(self._name(table)):
                self._refuse(table, f"`{table.this}.*` is not supported; the table is called {self._table}, and the fields of a struct are to be named.")
            return Star()
        if type(node) is not exp.Alias:
            expression = self._checked(node)
            return Item(self._automatic(expression, node), expression, generated=not isinstance(expression, Literal) and _named_column(expression) is None)
        value, alias = self._args(node, "this", "alias")
        expression, name = self._checked(value), self._name(alias)
        # Later items may use the name.
        self._earlier.setdefault(name.lower(), []).append(expression)
        return Item(name, expression)

    def _is_table(self, name: str) -> bool:
        return name == TABLE if self._table == TABLE else name.lower() == self._table.lower()

    def _automatic(self, expression: Expression, item: exp.Expr) -> str:
        """The name that Spark gives an item without AS."""
        column = _named_column(expression)
        if column is not None:
            return column.parts[-1]
        start = item.meta["item"]
        if self._untold and self._spark >= (4, 0):
            self._source.refuse(start, f"The name that Spark {self._spark[0]} gives {self._untold[0]} without AS is not certain; give the item a name with AS.")
        for node in walk(expression):
            if isinstance(node, Call) and node.name in ("=", "<=>") and any(_is_zero_or_one(arg) for arg in node.args):
                # Beside a boolean column Spark rewrites the comparison before it names the item.
                self._source.refuse(start, "Spark names this item by the types of its columns; give it a name with AS.")
            if isinstance(node, Call) and node.name in _COMPARISONS and any(_is_decimal(arg) for arg in node.args):
                # Beside a whole number Spark rounds the decimal before it names the item.
                self._source.refuse(start, "Spark names this item by the types of its columns; give it a name with AS.")
            if isinstance(node, Call) and node.name == "[]" and isinstance(node.args[1], Literal) and isinstance(node.args[1].value, str):
                # A struct's field has a point before its name, a map's key brackets around it.
                self._source.refuse(start, "Spark names this item by the types of its columns; give it a name with AS.")
            if isinstance(node, Call) and function_named(node.name).show is None:
                self._source.refuse(start, f"The name that Spark gives {node.name} without AS is not certain; give the item a name with AS.")
            if isinstance(node, Call) and node.name == "like" and len(node.args) > 2:
                self._source.refuse(start, "Spark 3 and 4 name an item with ESCAPE in different ways; give it a name with AS.")
            if isinstance(node, ColumnRef) and node.lateral is not None:
                self._source.refuse(start, "This item reads another item's name; give it a name of its own with AS.")
        return show(expression)

    def _checked(self, node: exp.Expr) -> Expression:
        expression = self.expression(node)
        depth, count = measure(expression)
        self._nodes += count
        if depth > MAX_DEPTH or self._nodes > MAX_NODES:
            self._refuse(node, _DEEP)
        return expression

    # Expressions ------------------------------------------------------------------------------------------------------------------------------------

    def expression(self, node: exp.Expr) -> Expression:
        """One expression.

        Raises:
            UnsupportedExpressionError: it holds a node or an argument that is not known here.
        """
        while type(node) is exp.Paren:
            (node,) = self._args(node, "this")
        self._depth += 1
        if self._depth > MAX_DEPTH:
            self._refuse(node, _DEEP)
        read = _READERS.get(type(node))
        if read is None:
            self._refuse(node, f"{type(node).__name__} is not supported here.")
        found = read(self, node)
        self._depth -= 1
        return found

    def _operator(self, node: exp.Expr) -> Expression:
        left, right = self._args(node, "this", "expression")
        return Call(_OPERATORS[type(node)], (self.expression(left), self.expression(right)))

    def _unequal(self, node: exp.Expr) -> Expression:
        left, right = self._args(node, "this", "expression")
        return Call("not", (Call("=", (self.expression(left), self.expression(right))),))

    def _distinct(self, node: exp.Expr) -> Expression:
        left, right = self._args(node, "this", "expression")
        return Call("not", (Call("<=>", (self.expression(left), self.expression(right))),))

    def _connected(self, node: exp.Expr) -> Expression:
        # AstBuilder.visitLogicalBinary builds a balanced tree of a chain.
        kind, parts = type(node), list[Expression]()
        while type(node) is kind:
            node, right = self._args(node, "this", "expression")
            parts.append(self.expression(right))
        parts.append(self.expression(node))
        parts.reverse()
        return _balanced("and" if kind is exp.And else "or", parts, 0, len(parts) - 1)

    def _not(self, node: exp.Expr) -> Expression:
        (value,) = self._args(node, "this")
        return Call("not", (self.expression(value),))

    def _negative(self, node: exp.Expr) -> Expression:
        (value,) = self._args(node, "this")
        if type(value) is exp.Literal and not value.is_string:
            return self._number(value, sign="-")
        return Call("unary -", (self.expression(value),))

    def _complement(self, node: exp.Expr) -> Expression:
        (value,) = self._args(node, "this")
        return Call("~", (self.expression(value),))

    def _between(self, node: exp.Expr) -> Expression:
        self._untold.append("BETWEEN")
        value, low, high = (self.expression(arg) for arg in self._args(node, "this", "low", "high"))
        return Call("and", (Call(">=", (value, low)), Call("<=", (value, high))))

    def _in(self, node: exp.Expr) -> Expression:
        value, options = self._args(node, "this", "expressions")
        return Call("in", (self.expression(value), *(self.expression(option) for option in options)))

    def _is(self, node: exp.Expr) -> Expression:
        value, right, negated = self._args(node, "this", "expression", "negate")
        if type(right) is exp.Null:
            return Call("isnotnull" if negated else "isnull", (self.expression(value),))
        found = Call("<=>", (self.expression(value), self._boolean(right)))
        return Call("not", (found,)) if negated else found

    def _like(self, node: exp.Expr) -> Expression:
        value, pattern = self._args(node, "this", "expression")
        return Call(_LIKES[type(node)], (self.expression(value), self.expression(pattern)))

    def _escape(self, node: exp.Expr) -> Expression:
        self._untold.append("LIKE ... ESCAPE")
        like, character = self._args(node, "this", "expression")
        value, pattern = self._args(like, "this", "expression")
        return Call(_LIKES[type(like)], (self.expression(value), self.expression(pattern), self.expression(character)))

    def _case(self, node: exp.Expr) -> Expression:
        operand, branches, otherwise = self._args(node, "this", "ifs", "default")
        compared = None if operand is None else self.expression(operand)
        found: list[tuple[Expression, Expression]] = []
        for branch in branches:
            when, then = self._args(branch, "this", "true")
            condition = self.expression(when)
            found.append((condition if compared is None else Call("=", (compared, condition)), self.expression(then)))
        return Case(tuple(found), None if otherwise is None else self.expression(otherwise))

    def _cast(self, node: exp.Expr) -> Expression:
        value, to = self._args(node, "this", "to")
        return Cast(self.expression(value), self.type(to), attempt=type(node) is exp.TryCast)

    def _call(self, node: exp.Expr) -> Expression:
        name, args = self._args(node, "this", "expressions")
        args = list(args or ())
        if name.lower() == "struct":
            return self._struct(args)
        if len(args) == 3 and name.lower() in _WITH_UNIT and (unit := self._unit(args[0])) is not None:
            found = (Literal(unit, StringType()), self.expression(args[1]), self.expression(args[2]))
            return self._function(node, _WITH_UNIT[name.lower()], found)
        if any(type(arg) is exp.Kwarg for arg in args):
            return self._function(node, name, self._by_name(node, name, args))
        return self._function(node, name, tuple(self.expression(arg) for arg in args))

    def _unit(self, node: exp.Expr) -> str | None:
        """The unit that a bare word is where Spark's grammar wants one."""
        if type(node) is not exp.Column or type(node.this) is not exp.Identifier or node.args.get("table") is not None or node.this.args.get("quoted"):
            return None
        return str(node.this.this) if node.this.this.upper() in _DATE_UNITS else None

    def _by_name(self, node: exp.Expr, name: str, args: list[exp.Expr]) -> tuple[Expression, ...]:
        """The arguments in the order of the function's parameters, with defaults up to the last one that is given."""
        function = find_function(name.lower())
        if function is None or not function.parameters:
            self._refuse_at(node, f"{name} takes no arguments by name (`=>`).")
        names = [parameter for parameter, _ in function.parameters]
        given: dict[str, Expression] = {}
        for place, arg in enumerate(args):
            if type(arg) is exp.Kwarg:
                word, value = self._args(arg, "this", "expression")
                key = self._name(word).lower()
            elif len(given) < place or place >= len(names):
                self._refuse(arg, "An argument without a name stands behind one with a name, or is one too many; Spark refuses this too.")
            else:
                key, value = names[place], arg
            if key not in names or key in given:
                self._refuse(arg, f"{name} has the parameters {', '.join(names)}, each to be given once.")
            given[key] = self.expression(value)
        last = max(names.index(key) for key in given)
        for parameter, default in function.parameters[: last + 1]:
            if default is None and parameter not in given:
                self._refuse_at(node, f"{name} needs its argument {parameter}; Spark refuses this too.")
        return tuple(given.get(parameter, default) for parameter, default in function.parameters[: last + 1])

    def _struct(self, args: list[exp.Expr]) -> Expression:
        """STRUCT(...) and (a, b): names and values in turn (CreateStruct.create)."""
        found: list[Expression] = []
        for place, arg in enumerate(args, 1):
            if type(arg) is exp.Alias:
                value, alias = self._args(arg, "this", "alias")
                expression, name = self.expression(value), self._name(alias)
            else:
                expression = self.expression(arg)
                name = _field_name(expression) or f"col{place}"
            found += [Literal(name, StringType()), expression]
        return Call("struct", tuple(found))

    def _row(self, node: exp.Expr) -> Expression:
        (parts,) = self._args(node, "expressions")
        return self._struct(parts)

    def _lambda(self, node: exp.Expr) -> Expression:
        body, parameters = self._args(node, "this", "expressions")
        names = tuple(self._name(parameter) for parameter in parameters)
        if len({name.lower() for name in names}) < len(names):
            self._refuse(node, "The parameters of a lambda function have different names; Spark refuses this too.")
        self._parameters.append(names)
        found = Lambda(names, self.expression(body))
        self._parameters.pop()
        return found

    def _parameter(self, name: str) -> str | None:
        """The parameter of a lambda function around that a name means, as it is spelt there."""
        for names in reversed(self._parameters):
            for parameter in sorted(names, key=lambda spelt: spelt != name):
                if parameter.lower() == name.lower():
                    return parameter
        return None

    def _element(self, node: exp.Expr) -> Expression:
        value, index = self._args(node, "this", "expressions")
        return Call("[]", (self.expression(value), self.expression(index[0])))

    def _dot(self, node: exp.Expr) -> Expression:
        """`.name` behind an expression; behind a column's name it is a part of the name."""
        below: exp.Expr = node
        while type(below) in (exp.Dot, exp.Paren):
            below = below.this
        if type(below) is exp.Column:
            return self._column(node)
        value, field = self._args(node, "this", "expression")
        return Call(".", (self.expression(value), Literal(self._name(field), StringType())))

    def _interval(self, node: exp.Expr) -> Expression:
        (words,) = self._args(node, "this")
        try:
            return interval_literal([word.this for word in words.expressions])
        except LiteralError as error:
            self._refuse(node, str(error))

    def _function(self, node: exp.Expr, written: str, args: tuple[Expression, ...]) -> Expression:
        name = written.lower()
        if name in REFUSED:
            self._refuse_at(node, f"{written.upper()} {REFUSED[name]}")
        if name in FUNCTIONS and is_user_function(name):
            self._refuse_at(node, f"An installed package brings a function {written}, which is the name of Spark's own; give the package's another name.")
        function = find_function(name)
        if function is None:
            near = nearest_names(name)
            hint = f" Is {' or '.join(near)} meant?" if near else ""
            own = f"A function of your own comes in by a package with the entry point group `{GROUP}`."
            self._refuse_at(node, f"The function {written} is not known to mabridge.{hint} Compute the column before prediction. {own}")
        fewest, most = function.arity
        if len(args) < fewest or (most is not None and len(args) > most):
            wanted = f"{fewest}" if fewest == most else f"at least {fewest}" if most is None else f"{fewest} to {most}"
            self._refuse_at(node, f"{written} takes {wanted} argument{'s' if wanted != '1' else ''}, not {len(args)}; Spark refuses this too.")
        return Call(name, args)

    def _refuse_at(self, node: exp.Expr, what: str) -> NoReturn:
        self._source.refuse(node.meta["start"], what)

    # Leaves -----------------------------------------------------------------------------------------------------------------------------------------

    def _column(self, node: exp.Expr) -> Expression:
        names: list[str] = []
        while type(node) in (exp.Dot, exp.Paren):
            if type(node) is exp.Paren:
                (node,) = self._args(node, "this")
                continue
            node, last = self._args(node, "this", "expression")
            names.append(self._name(last))
        parts = [part for part in self._args(node, "this", "table", "db", "catalog") if part is not None]
        named = tuple(reversed([*names, *(self._name(part) for part in parts)]))
        if (parameter := self._parameter(named[0])) is not None:
            found: Expression = Variable(parameter)
            for part in named[1:]:
                found = Call(".", (found, Literal(part, StringType())))
            return found
        if len(named) > 1 and self._is_table(named[0]):
            return ColumnRef(named[1:])
        if any(TABLE in part for part in named):
            self._refuse(parts[-1], f"{TABLE} is no column.")
        if len(named) > 1:
            return ColumnRef(named)
        earlier = self._earlier.get(named[0].lower(), [])
        if len(earlier) > 1:
            self._refuse(node, f"`{named[0]}` is the name of {len(earlier)} earlier items; give them different names.")
        return ColumnRef(named, earlier[0] if earlier else None)

    def _literal(self, node: exp.Expr) -> Expression:
        value, string = self._args(node, "this", "is_string")
        return Literal(self._text(node, value), StringType()) if string else self._number(node)

    def _text(self, node: exp.Expr, text: str) -> str:
        if TABLE in text:
            self._refuse(node, "SQLTransformer replaces `__THIS__` inside strings too, by a name made at random; build the string without it.")
        return text

    def _strings(self, node: exp.Expr) -> Expression:
        """Strings one after the other, which are one; sqlglot makes this node for nothing else here."""
        (parts,) = self._args(node, "expressions")
        if any(type(part) is not exp.Literal or not part.is_string for part in parts):
            self._refuse(node, "Concat is not supported here.")
        return Literal(self._text(node, "".join(part.this for part in parts)), StringType())

    def _number(self, node: exp.Expr, sign: str = "") -> Expression:
        text, _ = self._args(node, "this", "is_string")
        try:
            return number(sign + text)
        except LiteralError as error:
            self._refuse(node, str(error))

    def _null(self, node: exp.Expr) -> Expression:
        self._args(node)
        return Literal(None, NullType())

    def _boolean(self, node: exp.Expr) -> Expression:
        (value,) = self._args(node, "this")
        return Literal(value is True, BooleanType())

    def _typed(self, node: exp.Expr) -> Expression:
        word, literal = self._args(node, "this", "expression")
        text, _ = self._args(literal, "this", "is_string")
        if word.upper() == "TIMESTAMP_LTZ" or (word.upper().startswith("TIMESTAMP") and len(text.partition(".")[2]) > 6):
            self._untold.append(f"a {word.upper()} constant")
        try:
            return typed_literal(word.upper(), self._text(literal, text))
        except LiteralError as error:
            self._refuse_at(node, str(error))


_READERS: dict[type[exp.Expr], Callable[[StatementReader, exp.Expr], Expression]] = {
    **dict.fromkeys(_OPERATORS, StatementReader._operator),
    **dict.fromkeys(_LIKES, StatementReader._like),
    exp.NEQ: StatementReader._unequal,
    exp.NullSafeNEQ: StatementReader._distinct,
    exp.And: StatementReader._connected,
    exp.Or: StatementReader._connected,
    exp.Not: StatementReader._not,
    exp.Neg: StatementReader._negative,
    exp.BitwiseNot: StatementReader._complement,
    exp.Between: StatementReader._between,
    exp.In: StatementReader._in,
    exp.Is: StatementReader._is,
    exp.Escape: StatementReader._escape,
    exp.Case: StatementReader._case,
    exp.Cast: StatementReader._cast,
    exp.TryCast: StatementReader._cast,
    exp.Anonymous: StatementReader._call,
    exp.Column: StatementReader._column,
    exp.Dot: StatementReader._dot,
    exp.Bracket: StatementReader._element,
    exp.Lambda: StatementReader._lambda,
    exp.Tuple: StatementReader._row,
    exp.Interval: StatementReader._interval,
    exp.Literal: StatementReader._literal,
    exp.Concat: StatementReader._strings,
    exp.Null: StatementReader._null,
    exp.Boolean: StatementReader._boolean,
    exp.Introducer: StatementReader._typed,
}


def _balanced(name: str, parts: list[Expression], low: int, high: int) -> Expression:
    if high == low:
        return parts[low]
    if high - low == 1:
        return Call(name, (parts[low], parts[high]))
    middle = low + (high - low) // 2
    return Call(name, (_balanced(name, parts, low, middle), _balanced(name, parts, middle + 1, high)))


def _named_column(expression: Expression) -> ColumnRef | None:
    """The column whose name an item without AS takes; ResolveAliases names a cast column as the column."""
    if isinstance(expression, Cast) and isinstance(expression.value, ColumnRef) and len(expression.value.parts) == 1:
        return expression.value
    return expression if isinstance(expression, ColumnRef) else None


def _field_name(expression: Expression) -> str | None:
    """The name that a struct's field takes from its value; None where Spark counts instead."""
    match expression:
        case ColumnRef(parts):
            return parts[-1]
        case Variable(name):
            return name
        case Call(".", (_, Literal(str(name)))):
            return name
    return None


def _is_decimal(node: Expression) -> bool:
    return isinstance(node, Literal) and isinstance(node.kind, DecimalType)


def _is_zero_or_one(node: Expression) -> bool:
    return isinstance(node, Literal) and not isinstance(node.value, (str, bool, type(None))) and node.value in (0, 1)
