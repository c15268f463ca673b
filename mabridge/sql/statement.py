"""SELECT items FROM __THIS__ WHERE condition: the statements of SQLTransformer (Spark 3.5)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mabridge.sql.expression import MAX_DEPTH, Call, ColumnRef, Expression, Literal, measure, walk
from mabridge.sql.functions import string
from mabridge.sql.functions.table import FUNCTIONS, nearest_names
from mabridge.sql.functions.unsupported import REFUSED
from mabridge.sql.grammar import RESERVED, Parser
from mabridge.sql.lexer import Token
from mabridge.sql.names import show

TABLE = "__THIS__"


@dataclass(frozen=True)
class Star:
    """`*`: all columns, in order."""


@dataclass(frozen=True)
class Item:
    """One expression of the SELECT list.

    Attributes:
        name: of the column it makes.
        expression: what it computes.
    """

    name: str
    expression: Expression


@dataclass(frozen=True)
class Statement:
    """A parsed statement.

    Attributes:
        items: in order.
        where: the condition on the rows, None where there is none.
    """

    items: tuple[Star | Item, ...]
    where: Expression | None = None


def parse_statement(text: str) -> Statement:
    """Read a SQLTransformer's statement.

    Args:
        text: as saved, with `__THIS__` for the table.

    Raises:
        UnsupportedExpressionError: it is no statement of Spark SQL, is more than one row's work, or has a function that mabridge lacks; the text
            says where.
    """
    return _Reader(text).statement()


_CLAUSES = {
    "GROUP": "GROUP BY",
    "HAVING": "HAVING",
    "ORDER": "ORDER BY",
    "SORT": "SORT BY",
    "CLUSTER": "CLUSTER BY",
    "DISTRIBUTE": "DISTRIBUTE BY",
    "LIMIT": "LIMIT",
    "OFFSET": "OFFSET",
    "UNION": "UNION",
    "INTERSECT": "INTERSECT",
    "EXCEPT": "EXCEPT",
    "MINUS": "MINUS",
    "WINDOW": "WINDOW",
    "LATERAL": "LATERAL VIEW",
    "JOIN": "JOIN",
    "INNER": "JOIN",
    "LEFT": "JOIN",
    "RIGHT": "JOIN",
    "FULL": "JOIN",
    "CROSS": "JOIN",
    "NATURAL": "JOIN",
    "SEMI": "JOIN",
    "ANTI": "JOIN",
    "PIVOT": "PIVOT",
    "UNPIVOT": "UNPIVOT",
    "TABLESAMPLE": "TABLESAMPLE",
    "QUALIFY": "QUALIFY",
    ",": "A second table",
    "VERSION": "Time travel",
    "FOR": "Time travel",
}


class _Reader:
    def __init__(self, text: str) -> None:
        self.parser = Parser(text, self._call)
        self.parser.column = self._column
        self._table: str | None = None
        self._earlier: dict[str, list[Expression]] = {}

    def statement(self) -> Statement:
        """The whole statement."""
        parser = self.parser
        self._table = self._table_name()
        if parser.token.upper == "WITH":
            parser.refuse("WITH (common table expressions) is not row-level and is refused; write one SELECT for each SQLTransformer.")
        if parser.token.upper == "FROM":
            parser.refuse("`FROM ... SELECT` is not supported; write SELECT ... FROM __THIS__.")
        if parser.token.text == "(":
            parser.refuse("A statement in parentheses is not supported; leave them out.")
        if parser.token.upper != "SELECT":
            parser.refuse("A SQLTransformer's statement begins with SELECT.")
        parser.next()
        if parser.token.upper == "DISTINCT" and not self._ends_item(parser.ahead()):
            parser.refuse("SELECT DISTINCT is not row-level and is refused; remove duplicates before prediction.")
        if parser.token.upper == "ALL" and not self._ends_item(parser.ahead()):
            parser.next()
        if parser.token.upper == "TRANSFORM" and parser.ahead().text == "(":
            parser.refuse("SELECT TRANSFORM runs a program and is refused.")
        items = [self._item()]
        while parser.take(","):
            items.append(self._item())
        if parser.token.upper != "FROM":
            self._refuse_rest("`,` or `FROM __THIS__` is expected here.")
        self._from()
        where = None
        if parser.take("WHERE"):
            # Names of items are not known in WHERE.
            self._earlier = {}
            where = self._checked(parser.expression())
        parser.take(";")
        if parser.token.kind != "end":
            self._refuse_rest("Spark expects the statement's end here.")
        return Statement(tuple(items), where)

    def _ends_item(self, token: Token) -> bool:
        return token.text in (",", ".", "(") or token.upper in ("FROM", "AS")

    def _table_name(self) -> str:
        """The name that columns may be qualified with; found ahead of the items, which come first in the text."""
        tokens, depth = self.parser.tokens, 0
        for place, token in enumerate(tokens):
            if token.kind == "symbol" and token.text in "()":
                depth += 1 if token.text == "(" else -1
            elif depth == 0 and token.upper == "FROM" and place + 1 < len(tokens):
                alias = place + 2
                if tokens[alias : alias + 1] and tokens[alias].upper == "AS":
                    alias += 1
                if alias < len(tokens) and self._is_alias(tokens[alias]):
                    return tokens[alias].text
                break
        return TABLE

    def _is_alias(self, token: Token) -> bool:
        return token.kind == "quoted" or (token.kind == "word" and token.upper not in RESERVED and token.upper not in _CLAUSES)

    def _from(self) -> None:
        parser = self.parser
        parser.expect("FROM")
        table = parser.token
        if table.text == "(" and table.kind == "symbol":
            parser.refuse("Subqueries are not row-level and are refused; write one SELECT for each SQLTransformer.")
        if table.text != TABLE or table.kind not in ("word", "quoted"):
            parser.refuse(f"The table is {TABLE}, in capitals; other tables are not part of the pipeline.")
        parser.next()
        if parser.token.text == ".":
            parser.refuse(f"{TABLE} stands alone.")
        if parser.take("AS") or self._is_alias(parser.token):
            if not self._is_alias(parser.token):
                parser.refuse("A name is expected after AS.")
            if parser.token.text == TABLE:
                parser.refuse(f"{TABLE} is no name for an alias; SQLTransformer replaces it.")
            parser.next()
            if parser.token.text == "(":
                parser.refuse("Names for the table's columns are not supported; name the items with AS.")

    def _refuse_rest(self, otherwise: str) -> None:
        token = self.parser.token
        clause = _CLAUSES.get(token.upper)
        if clause is None:
            self.parser.refuse(otherwise)
        self.parser.refuse(f"{clause} is not row-level and is refused; do that to the data before or after prediction.")

    # Items ------------------------------------------------------------------------------------------------------------------------------------------

    def _item(self) -> Star | Item:
        parser = self.parser
        start = parser.token
        if start.text == "*" and start.kind == "symbol":
            parser.next()
            return self._star()
        if self._qualified_star():
            return self._star()
        expression = self._checked(parser.expression())
        alias = self._alias()
        if alias is None:
            return Item(self._automatic(expression, start), expression)
        # Later items may use the name.
        self._earlier.setdefault(alias.lower(), []).append(expression)
        return Item(alias, expression)

    def _star(self) -> Star:
        if self.parser.token.upper == "EXCEPT" and self.parser.ahead().text == "(":
            self.parser.refuse("`* EXCEPT (...)` is not supported; name the columns.")
        if self.parser.token.upper == "AS" or self._is_alias(self.parser.token):
            self.parser.refuse("`*` takes no name.")
        return Star()

    def _qualified_star(self) -> bool:
        parser = self.parser
        if parser.token.kind not in ("word", "quoted") or parser.ahead().text != "." or parser.ahead(2).text != "*" or parser.ahead(2).kind != "symbol":
            return False
        if not self._is_table(parser.token.text):
            parser.refuse(f"`{parser.token.text}.*` is not supported; the table is called {self._table}, and the fields of a struct are to be named.")
        parser.at += 3
        return True

    def _is_table(self, name: str) -> bool:
        assert self._table is not None
        return name == TABLE if self._table == TABLE else name.lower() == self._table.lower()

    def _alias(self) -> str | None:
        parser = self.parser
        written = parser.take("AS")
        token = parser.token
        if written and token.text == "(" and token.kind == "symbol":
            parser.refuse("Several names for one item are for functions that return several columns, which are not row-level and are refused.")
        if token.kind == "quoted" or (token.kind == "word" and (written or (token.upper not in RESERVED and token.upper not in _CLAUSES))):
            if token.text == TABLE:
                parser.refuse(f"{TABLE} is no name for a column; SQLTransformer replaces it.")
            return parser.next().text
        if written:
            parser.refuse("A name is expected after AS.")
        return None

    def _automatic(self, expression: Expression, start: Token) -> str:
        """The name that Spark gives an item without AS."""
        if isinstance(expression, ColumnRef):
            return expression.parts[-1]
        for node in walk(expression):
            if isinstance(node, Call) and node.name in ("=", "<=>") and any(_is_zero_or_one(arg) for arg in node.args):
                # Beside a boolean column Spark rewrites the comparison before it names the item.
                self.parser.refuse("Spark names this item by the types of its columns; give it a name with AS.", start)
            if isinstance(node, Call) and FUNCTIONS[node.name].show is None:
                self.parser.refuse(f"The name that Spark gives {node.name} without AS is not certain; give the item a name with AS.", start)
            if isinstance(node, ColumnRef) and node.lateral is not None:
                self.parser.refuse("This item reads another item's name; give it a name of its own with AS.", start)
        return show(expression)

    def _checked(self, expression: Expression) -> Expression:
        depth, _ = measure(expression)
        if depth > MAX_DEPTH:
            self.parser.refuse(f"The expression is deeper than {MAX_DEPTH}, or has too many parts; split it over several SQLTransformers.")
        return expression

    def _column(self, token: Token, parts: tuple[str, ...]) -> Expression:
        if len(parts) > 1 and self._is_table(parts[0]):
            return ColumnRef(parts[1:])
        if TABLE in parts:
            self.parser.refuse(f"{TABLE} is no column.", token)
        if len(parts) > 1:
            return ColumnRef(parts)
        found = self._earlier.get(parts[0].lower(), [])
        if len(found) > 1:
            self.parser.refuse(f"`{parts[0]}` is the name of {len(found)} earlier items; give them different names.", token)
        return ColumnRef(parts, found[0] if found else None)

    def _call(self, parser: Parser, token: Token, args: tuple[Expression, ...]) -> Expression:
        name = token.text.lower()
        if name in REFUSED:
            parser.refuse(f"{token.upper} {REFUSED[name]}", token)
        function = FUNCTIONS.get(name)
        if function is None or not name[0].isalpha():
            near = nearest_names(name)
            hint = f" Is {' or '.join(near)} meant?" if near else ""
            parser.refuse(f"The function {token.text} is not known to mabridge.{hint} Compute the column before prediction.", token)
        fewest, most = function.arity
        if len(args) < fewest or (most is not None and len(args) > most):
            wanted = f"{fewest}" if fewest == most else f"at least {fewest}" if most is None else f"{fewest} to {most}"
            parser.refuse(f"{token.text} takes {wanted} argument{'s' if wanted != '1' else ''}, not {len(args)}; Spark refuses this too.", token)
        return Call(name, args)


def _is_zero_or_one(node: Expression) -> bool:
    return isinstance(node, Literal) and not isinstance(node.value, (str, bool, type(None))) and node.value in (0, 1)


# What other parts of mabridge ask of a statement ----------------------------------------------------------------------------------------------------


def _expressions(statement: Statement) -> Iterator[Expression]:
    if statement.where is not None:
        yield statement.where
    for item in statement.items:
        if isinstance(item, Item):
            yield item.expression


def item_names(statement: Statement) -> tuple[str, ...]:
    """The names of the items but `*`, in order."""
    return tuple(item.name for item in statement.items if isinstance(item, Item))


def passes_all(statement: Statement) -> bool:
    """Whether all columns come through (`*`)."""
    return any(isinstance(item, Star) for item in statement.items)


def columns_read(statement: Statement) -> tuple[str, ...]:
    """The names of the columns that the statement reads, each once, as first spelt; names of earlier items stand for those."""
    found: dict[str, None] = {}
    for expression in _expressions(statement):
        for node in _leaves(expression):
            found.setdefault(node.parts[0])
    return tuple(found)


def _leaves(expression: Expression) -> Iterator[ColumnRef]:
    for node in walk(expression):
        if isinstance(node, ColumnRef):
            if node.lateral is None:
                yield node
            else:
                yield from _leaves(node.lateral)


#: Functions that take text where they take a column as it is.
_TEXT_FUNCTIONS = frozenset(name for function in string.FUNCTIONS for name in function.names)


def is_text_column(statement: Statement, name: str) -> bool:
    """Whether the statement can hardly mean anything but text by this column: it is compared with a string, or goes into a function of strings."""
    for expression in _expressions(statement):
        for node in walk(expression):
            if not isinstance(node, Call):
                continue
            direct = any(isinstance(arg, ColumnRef) and arg.parts[0].lower() == name.lower() for arg in node.args)
            strings = any(isinstance(arg, Literal) and isinstance(arg.value, str) for arg in node.args)
            if direct and (node.name in _TEXT_FUNCTIONS or (strings and node.name in ("=", "<=>", "in", "coalesce", "nvl", "ifnull"))):
                return True
    return False
