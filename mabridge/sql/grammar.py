"""Spark's expression grammar (SqlBaseParser.g4 and AstBuilder, Spark 3.5), by precedence climbing.

The grammar is written out, not borrowed: general SQL parsers group `a || b + c`, `a = b LIKE c` and `a = b < c` otherwise than Spark, drop the unary plus,
and forget how a function was called, which decides the name of an unaliased item.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NoReturn

from mabridge.plan.types import BooleanType, NullType, StringType
from mabridge.sql.expression import MAX_DEPTH, Call, Case, Cast, ColumnRef, Expression, Literal
from mabridge.sql.lexer import Source, Token, tokens_of
from mabridge.sql.literals import LiteralError, number, typed_literal
from mabridge.sql.type_names import parse_type

#: Binary operators of valueExpression: symbol -> (how tightly it binds, name of the call).
_BINARY: dict[str, tuple[int, str]] = {
    "*": (6, "*"),
    "/": (6, "/"),
    "%": (6, "%"),
    "DIV": (6, "div"),
    "+": (5, "+"),
    "-": (5, "-"),
    "||": (5, "||"),
    "&": (4, "&"),
    "^": (3, "^"),
    "|": (2, "|"),
    "=": (1, "="),
    "==": (1, "="),
    "<=>": (1, "<=>"),
    "<>": (1, "<>"),
    "!=": (1, "<>"),
    "<": (1, "<"),
    "<=": (1, "<="),
    "!>": (1, "<="),
    ">": (1, ">"),
    ">=": (1, ">="),
    "!<": (1, ">="),
}
_UNARY = {"-": "unary -", "+": "positive", "~": "~"}
_RESERVED = """
    SELECT FROM WHERE GROUP HAVING ORDER SORT CLUSTER DISTRIBUTE LIMIT OFFSET UNION INTERSECT EXCEPT MINUS WINDOW LATERAL JOIN INNER LEFT RIGHT FULL CROSS
    NATURAL SEMI ANTI ON USING PIVOT UNPIVOT TABLESAMPLE AND OR NOT IN BETWEEN LIKE ILIKE RLIKE REGEXP IS ESCAPE AS WHEN THEN ELSE END DISTINCT DIV
"""
#: Words that end an expression, where an operand has to stand; as names they need backticks here, though Spark takes some of them without.
RESERVED = frozenset(_RESERVED.split())
#: Of these, the ones that are functions before a parenthesis.
_RESERVED_FUNCTIONS = frozenset(("LEFT", "RIGHT", "LIKE", "ILIKE", "RLIKE", "REGEXP"))
_CONSTANT_WORDS: dict[str, Literal] = {
    "NULL": Literal(None, NullType()),
    "TRUE": Literal(True, BooleanType()),
    "FALSE": Literal(False, BooleanType()),
}
_NOT_ROW_LEVEL = {
    "EXISTS": "The subquery EXISTS is not row-level and is refused; join the data before prediction.",
    "INTERVAL": "Interval literals are not supported; compute the date or the number of units with a function instead.",
    "CURRENT_DATE": "CURRENT_DATE depends on when the job runs, so no conversion can keep it; make the date a column of the data.",
    "CURRENT_TIMESTAMP": "CURRENT_TIMESTAMP depends on when the job runs, so no conversion can keep it; make the time a column of the data.",
    "CURRENT_USER": "CURRENT_USER depends on who runs the job, so no conversion can keep it; make it a column of the data.",
}


class Parser:
    """Reads expressions from a token list; a statement's reader moves the same cursor."""

    def __init__(self, text: str, call: Callable[[Parser, Token, tuple[Expression, ...]], Expression]) -> None:
        """Args:
        text: the statement or expression.
        call: makes the node of a function call, or refuses it.
        """
        self.source = Source(text)
        self.tokens = tokens_of(self.source)
        self.at = 0
        self._call = call
        self._depth = 0
        #: How a name of several parts is read; the statement's reader strips the table's name.
        self.column: Callable[[Token, tuple[str, ...]], Expression] = lambda _, parts: ColumnRef(parts)

    # Cursor -----------------------------------------------------------------------------------------------------------------------------------------

    @property
    def token(self) -> Token:
        """The token at the cursor."""
        return self.tokens[self.at]

    def ahead(self, count: int = 1) -> Token:
        """A token after the cursor."""
        return self.tokens[min(self.at + count, len(self.tokens) - 1)]

    def next(self) -> Token:
        """The token at the cursor, and move on."""
        token = self.token
        self.at = min(self.at + 1, len(self.tokens) - 1)
        return token

    def take(self, *words: str) -> bool:
        """Whether these words or symbols come next; if so, move past them."""
        if all(self.ahead(place).upper == word for place, word in enumerate(words)):
            self.at += len(words)
            return True
        return False

    def expect(self, word: str) -> Token:
        """Move past this word or symbol.

        Raises:
            UnsupportedExpressionError: something else is there.
        """
        if self.token.upper != word:
            self.refuse(f"`{word}` is expected here.")
        return self.next()

    def refuse(self, what: str, token: Token | None = None) -> NoReturn:
        """Refuse the statement at a token, by default the one at the cursor."""
        self.source.refuse((token or self.token).start, what)

    # Expressions ------------------------------------------------------------------------------------------------------------------------------------

    def expression(self) -> Expression:
        """booleanExpression."""
        self._depth += 1
        if self._depth > MAX_DEPTH:
            self.refuse(f"The expression nests deeper than {MAX_DEPTH}; split it over several SQLTransformers.")
        found = self._chain("OR", lambda: self._chain("AND", self._negation))
        self._depth -= 1
        return found

    def _chain(self, word: str, operand: Callable[[], Expression]) -> Expression:
        parts = [operand()]
        while self.take(word):
            parts.append(operand())
        return _balanced(word.lower(), parts, 0, len(parts) - 1)

    def _negation(self) -> Expression:
        count = 0
        while self.token.upper == "NOT" or (self.token.upper == "!" and self.token.kind == "symbol"):
            self.next()
            count += 1
            if count > MAX_DEPTH:
                self.refuse(f"More than {MAX_DEPTH} NOTs follow one another.")
        found = self._predicate()
        for _ in range(count):
            found = Call("not", (found,))
        return found

    def _predicate(self) -> Expression:
        value = self.value()
        negated = self.token.upper == "NOT" and self.ahead().upper in ("BETWEEN", "IN", "LIKE", "ILIKE", "RLIKE", "REGEXP")
        if negated:
            self.next()
        found: Expression | None = None
        if self.take("BETWEEN"):
            low = self.value()
            self.expect("AND")
            found = Call("and", (Call(">=", (value, low)), Call("<=", (value, self.value()))))
        elif self.take("IN"):
            found = self._in(value)
        elif self.token.upper in ("LIKE", "ILIKE"):
            found = self._like(value, self.next())
        elif self.take("RLIKE") or self.take("REGEXP"):
            token = self.tokens[self.at - 1]
            found = self._call(self, Token("word", "rlike", token.start, token.end), (value, self.value()))
        elif self.token.upper == "IS":
            return self._is(value)
        if found is None:
            return value
        return Call("not", (found,)) if negated else found

    def _in(self, value: Expression) -> Expression:
        self.expect("(")
        if self.token.upper in ("SELECT", "WITH", "FROM", "VALUES", "TABLE"):
            self.refuse("Subqueries are not row-level and are refused; join the data before prediction.")
        options = [self.expression()]
        while self.take(","):
            options.append(self.expression())
        self.expect(")")
        return Call("in", (value, *options))

    def _like(self, value: Expression, operator: Token) -> Expression:
        if self.token.upper in ("ANY", "SOME", "ALL") and self.ahead().upper == "(":
            self.refuse(f"{operator.upper} {self.token.upper} is not supported; write one {operator.upper} for each pattern.")
        pattern = self.value()
        args: tuple[Expression, ...] = (value, pattern)
        if self.take("ESCAPE"):
            if self.token.kind != "string" or len(self.token.text) != 1:
                self.refuse("ESCAPE takes one character in quotes.")
            args = (*args, Literal(self.next().text, StringType()))
        return self._call(self, Token("word", operator.text, operator.start, operator.end), args)

    def _is(self, value: Expression) -> Expression:
        self.expect("IS")
        negated = self.take("NOT")
        if self.take("DISTINCT", "FROM"):
            found: Expression = Call("<=>", (value, self.value()))
            return found if negated else Call("not", (found,))
        word = self.token.upper
        self.at += 1
        if word == "NULL":
            return Call("isnotnull" if negated else "isnull", (value,))
        if word in ("TRUE", "FALSE"):
            found = Call("<=>", (value, _CONSTANT_WORDS[word]))
            return Call("not", (found,)) if negated else found
        self.at -= 1
        if word == "UNKNOWN":
            self.refuse("IS UNKNOWN is not supported; write IS NULL.")
        self.refuse("After IS, Spark takes NULL, TRUE, FALSE or DISTINCT FROM.")

    def value(self, binding: int = 1) -> Expression:
        """valueExpression, of operators that bind at least so tightly."""
        self._depth += 1
        if self._depth > MAX_DEPTH:
            self.refuse(f"The expression nests deeper than {MAX_DEPTH}; split it over several SQLTransformers.")
        left = self._unary()
        while (row := _BINARY.get(self.token.upper)) is not None and row[0] >= binding:
            self.next()
            right = self.value(row[0] + 1)
            left = Call("not", (Call("=", (left, right)),)) if row[1] == "<>" else Call(row[1], (left, right))
        self._depth -= 1
        return left

    def _unary(self) -> Expression:
        token = self.token
        if token.kind == "symbol" and token.text in _UNARY:
            if token.text == "-" and self.ahead().kind == "number":
                self.next()
                return self._postfix(self._number(self.next(), negative=True))
            self.next()
            self._depth += 1
            if self._depth > MAX_DEPTH:
                self.refuse(f"The expression nests deeper than {MAX_DEPTH}; split it over several SQLTransformers.")
            found = Call(_UNARY[token.text], (self._unary(),))
            self._depth -= 1
            return found
        return self._postfix(self._primary())

    def _postfix(self, found: Expression) -> Expression:
        match self.token.text if self.token.kind == "symbol" else "":
            case "[":
                self.refuse("Elements of arrays and maps (`[...]`) are not supported; take the element out before prediction.")
            case ".":
                self.refuse("Fields of an expression (`.name`) are not supported; take the field out before prediction.")
            case "::":
                self.refuse("Spark 3.5 has no `::`; write CAST(... AS ...).")
            case "<<" | "->" | "=>" | ":" | "?" | "@" | "$" | "{":
                self.refuse(f"The operator `{self.token.text}` is not supported.")
        return found

    def _number(self, token: Token, *, negative: bool = False) -> Expression:
        try:
            return number(("-" if negative else "") + token.text)
        except LiteralError as error:
            self.refuse(str(error), token)

    def _primary(self) -> Expression:
        token = self.token
        if token.kind == "number":
            return self._number(self.next())
        if token.kind == "string":
            return Literal(self._string(), StringType())
        if token.kind == "symbol":
            return self._parenthesis()
        if token.kind == "end":
            self.refuse("The statement ends where an expression is expected.")
        word = token.upper
        called = self.ahead().text == "(" and self.ahead().kind == "symbol"
        if word in _NOT_ROW_LEVEL and (called or word != "INTERVAL"):
            self.refuse(_NOT_ROW_LEVEL[word])
        if word == "INTERVAL" and self.ahead().kind in ("string", "number", "word") and self.ahead().upper not in RESERVED:
            self.refuse(_NOT_ROW_LEVEL[word])
        if word in _CONSTANT_WORDS and not called and self.ahead().text != ".":
            self.next()
            return _CONSTANT_WORDS[word]
        if word == "CASE" and self.ahead().upper not in ("", ",", ")"):
            return self._case()
        if called and word in ("CAST", "TRY_CAST"):
            return self._cast()
        if self.ahead().kind == "string" and token.kind == "word":
            return self._typed_literal()
        if word in RESERVED and not (called and word in _RESERVED_FUNCTIONS):
            self.refuse("An expression is expected here; if this word is a column, write it in backticks.")
        return self._name()

    def _string(self) -> str:
        parts = [self.next().text]
        while self.token.kind == "string":
            parts.append(self.next().text)
        text = "".join(parts)
        if "__THIS__" in text:
            last = self.tokens[self.at - 1]
            self.refuse("SQLTransformer replaces `__THIS__` inside strings too, by a name made at random; build the string without it.", last)
        return text

    def _parenthesis(self) -> Expression:
        token = self.token
        if token.text == "*":
            self.refuse("`*` stands for all columns only as an item of its own.")
        if token.text != "(":
            self.refuse("An expression is expected here.")
        self.next()
        if self.token.upper in ("SELECT", "WITH", "VALUES") and self.ahead().upper not in (")", ",", "+", "-", "*", "/"):
            self.refuse("Subqueries are not row-level and are refused; join the data before prediction.")
        found = self.expression()
        if self.token.text == ",":
            self.refuse("Row constructors `(a, b)` are not supported; make separate columns.")
        self.expect(")")
        return found

    def _case(self) -> Expression:
        self.expect("CASE")
        operand = None if self.token.upper == "WHEN" else self.expression()
        branches: list[tuple[Expression, Expression]] = []
        while self.take("WHEN"):
            condition = self.expression()
            self.expect("THEN")
            branches.append((condition if operand is None else Call("=", (operand, condition)), self.expression()))
        if not branches:
            self.refuse("`WHEN` is expected here; if `case` is a column, write it in backticks.")
        otherwise = self.expression() if self.take("ELSE") else None
        self.expect("END")
        return self._postfix(Case(tuple(branches), otherwise))

    def _cast(self) -> Expression:
        attempt = self.next().upper == "TRY_CAST"
        self.expect("(")
        value = self.expression()
        self.expect("AS")
        kind = parse_type(self)
        self.expect(")")
        return Cast(value, kind, attempt)

    def _typed_literal(self) -> Expression:
        word = self.next()
        text = self._string()
        try:
            return typed_literal(word.upper, text)
        except LiteralError as error:
            self.refuse(str(error), word)

    def _name(self) -> Expression:
        first = self.next()
        parts = [first.text]
        while self.token.text == "." and self.token.kind == "symbol" and self.ahead().kind in ("word", "quoted"):
            self.next()
            parts.append(self.next().text)
        if self.token.text == "(" and self.token.kind == "symbol":
            if len(parts) > 1 or first.kind == "quoted":
                self.refuse(f"The function {'.'.join(parts)} is a user's; only Spark's own functions, without a database in front, are known.", first)
            return self._function(first)
        if self.token.text == "->":
            self.refuse("Lambda functions are not supported.", first)
        return self.column(first, tuple(parts))

    def _function(self, name: Token) -> Expression:
        self.expect("(")
        args: list[Expression] = []
        if self.token.upper == "DISTINCT" and self.ahead().text != ",":
            self.refuse(f"{name.upper}(DISTINCT ...) is an aggregate, which is not row-level and is refused; aggregate before prediction.", name)
        if self.token.text == "*" and self.token.kind == "symbol":
            self.refuse(f"{name.upper}(*) is not supported; name its arguments.", name)
        if self.token.text != ")" or self.token.kind != "symbol":
            args.append(self.expression())
            while self.take(","):
                args.append(self.expression())
        if self.token.upper in ("FROM", "FOR", "IN", "PLACING", "AS", "BOTH") or self.token.text == "=>":
            self.refuse(f"This form of {name.upper} is not supported; write its arguments with commas.")
        self.expect(")")
        opens = self.ahead().text == "("
        if self.token.upper == "OVER" and (opens or self.ahead().kind in ("word", "quoted")):
            self.refuse("Window functions (OVER) are not row-level and are refused; compute the column before prediction.", name)
        if (self.token.upper == "FILTER" and opens) or (self.token.upper == "WITHIN" and self.ahead().upper == "GROUP"):
            self.refuse(f"{self.token.upper} is for aggregates, which are not row-level and are refused; aggregate before prediction.", name)
        if self.token.upper in ("IGNORE", "RESPECT") and self.ahead().upper == "NULLS":
            self.refuse(f"{name.upper} ... NULLS is a window function, which is not row-level and is refused; compute the column before prediction.", name)
        return self._call(self, name, tuple(args))


def _balanced(name: str, parts: list[Expression], low: int, high: int) -> Expression:
    # AstBuilder.visitLogicalBinary builds a balanced tree of a chain.
    if high == low:
        return parts[low]
    if high - low == 1:
        return Call(name, (parts[low], parts[high]))
    middle = low + (high - low) // 2
    return Call(name, (_balanced(name, parts, low, middle), _balanced(name, parts, middle + 1, high)))
