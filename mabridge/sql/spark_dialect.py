"""Spark's grammar (SqlBaseParser.g4, Spark 3.5) as a dialect of sqlglot.

sqlglot as it comes groups `a || b + c`, `a = b LIKE c` and `a = b < c` otherwise than Spark, drops the unary plus, rewrites functions, and takes what Spark
refuses. Here its levels of precedence are Spark's, every function stays as it was called, and a clause that is not row-level is refused where it begins.
"""

from __future__ import annotations

from typing import ClassVar, NoReturn, TypeVar

from sqlglot import exp
from sqlglot.parser import Parser
from sqlglot.tokenizer_core import Token, TokenType

from mabridge.sql.source import Source
from mabridge.sql.spark_tokens import FOREIGN, RESERVED, TABLE, SparkDialect, tokens_of

#: How deep parentheses, calls and CASEs may stand in one another.
MAX_NESTING = 100
#: How many NOTs or signs may follow one another.
MAX_SIGNS = 200

_Node = TypeVar("_Node", bound=exp.Expr)

#: Binary operators of valueExpression: token -> (how tightly it binds, sqlglot's node).
_BINARY: dict[TokenType, tuple[int, type[exp.Binary]]] = {
    TokenType.STAR: (6, exp.Mul),
    TokenType.SLASH: (6, exp.Div),
    TokenType.MOD: (6, exp.Mod),
    TokenType.DIV: (6, exp.IntDiv),
    TokenType.PLUS: (5, exp.Add),
    TokenType.DASH: (5, exp.Sub),
    TokenType.DPIPE: (5, exp.DPipe),
    TokenType.AMP: (4, exp.BitwiseAnd),
    TokenType.CARET: (3, exp.BitwiseXor),
    TokenType.PIPE: (2, exp.BitwiseOr),
    TokenType.EQ: (1, exp.EQ),
    TokenType.NULLSAFE_EQ: (1, exp.NullSafeEQ),
    TokenType.NEQ: (1, exp.NEQ),
    TokenType.LT: (1, exp.LT),
    TokenType.LTE: (1, exp.LTE),
    TokenType.GT: (1, exp.GT),
    TokenType.GTE: (1, exp.GTE),
}
_NEGATED = frozenset((TokenType.BETWEEN, TokenType.IN, TokenType.LIKE, TokenType.ILIKE, TokenType.RLIKE))
_CONSTANTS = frozenset((TokenType.NUMBER, TokenType.STRING, TokenType.NULL, TokenType.TRUE, TokenType.FALSE))
_WRITTEN = frozenset((TokenType.STRING, TokenType.NUMBER, TokenType.IDENTIFIER, TokenType.SENTINEL))
#: Reserved words that are functions before a parenthesis.
_RESERVED_FUNCTIONS = frozenset(("LEFT", "RIGHT", "LIKE", "ILIKE", "RLIKE", "REGEXP"))

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
_NOT_ROW_LEVEL = {
    "EXISTS": "The subquery EXISTS is not row-level and is refused; join the data before prediction.",
    "INTERVAL": "Interval literals are not supported; compute the date or the number of units with a function instead.",
    "CURRENT_DATE": "CURRENT_DATE depends on when the job runs, so no conversion can keep it; make the date a column of the data.",
    "CURRENT_TIMESTAMP": "CURRENT_TIMESTAMP depends on when the job runs, so no conversion can keep it; make the time a column of the data.",
    "CURRENT_USER": "CURRENT_USER depends on who runs the job, so no conversion can keep it; make it a column of the data.",
}
_SUBQUERY = "Subqueries are not row-level and are refused; join the data before prediction."
_DEEP = f"The expression nests deeper than {MAX_NESTING} parentheses, calls and CASEs; split it over several SQLTransformers."


def upper(token: Token) -> str:
    """A word or a symbol in upper case; empty for what can be no keyword."""
    return "" if token.token_type in _WRITTEN else token.text.upper()


def _is_word(text: str) -> bool:
    return text[:1].isalnum() or text[:1] == "_"


class SparkParser(Parser):
    """sqlglot's parser with Spark's grammar; every node that can be refused later knows its place."""

    FUNCTIONS: ClassVar = {}
    FUNCTION_PARSERS: ClassVar = {
        "CAST": lambda self: self._parse_cast(strict=True),
        "TRY_CAST": lambda self: self._parse_cast(strict=False, safe=True),
    }
    FUNC_TOKENS: ClassVar = {TokenType.VAR, TokenType.LIKE, TokenType.ILIKE, TokenType.RLIKE, TokenType.OPTION}
    NO_PAREN_FUNCTIONS: ClassVar = {}
    NO_PAREN_FUNCTION_PARSERS: ClassVar = {}
    FUNCTIONS_WITH_ALIASED_ARGS: ClassVar = set()
    SUBQUERY_PREDICATES: ClassVar = {}
    PLACEHOLDER_PARSERS: ClassVar = {}
    COLUMN_OPERATORS: ClassVar = {}
    COLUMN_POSTFIX_TOKENS: ClassVar = frozenset()
    RANGE_PARSERS: ClassVar = {
        TokenType.BETWEEN: lambda self, this: self._parse_between(this),
        TokenType.IN: lambda self, this: self._parse_in(this),
        TokenType.IS: lambda self, this: self._parse_is(this),
        TokenType.LIKE: lambda self, this: self._parse_like(exp.Like, this),
        TokenType.ILIKE: lambda self, this: self._parse_like(exp.ILike, this),
        TokenType.RLIKE: lambda self, this: exp.RegexpLike(this=this, expression=self._parse_bitwise()),
    }

    def __init__(self, source: Source) -> None:
        """Args:
        source: the statement.
        """
        super().__init__(dialect=SparkDialect)
        self._source = source
        self._nesting = 0

    def select(self) -> exp.Select:
        """The statement as sqlglot's tree.

        Raises:
            UnsupportedExpressionError: it is none of Spark's, or not row-level.
        """
        tokens = tokens_of(self._source)
        self._refuse_start(tokens[0] if tokens else Token(TokenType.SENTINEL, "", start=len(self._source.text)))
        (tree,) = self.parse(tokens, self._source.text)
        assert isinstance(tree, exp.Select)
        return tree

    # Refusing ---------------------------------------------------------------------------------------------------------------------------------------

    def refuse(self, what: str, token: Token | None = None) -> NoReturn:
        """Refuse the statement at a token, by default the one at the cursor."""
        at = token or self._curr
        self._source.refuse(at.start if at else len(self._source.text), what)

    def raise_error(self, message: str, token: Token | None = None) -> NoReturn:
        """Refuse what sqlglot finds wrong on its own."""
        self.refuse(f"Spark does not go on like this ({message}).", token)

    def _refuse_start(self, first: Token) -> None:
        match upper(first):
            case "WITH":
                self.refuse("WITH (common table expressions) is not row-level and is refused; write one SELECT for each SQLTransformer.", first)
            case "FROM":
                self.refuse("`FROM ... SELECT` is not supported; write SELECT ... FROM __THIS__.", first)
            case "(":
                self.refuse("A statement in parentheses is not supported; leave them out.", first)
            case word if word != "SELECT":
                self._source.refuse(first.start, "A SQLTransformer's statement begins with SELECT.")

    def _refuse_rest(self, otherwise: str) -> NoReturn:
        clause = _CLAUSES.get(upper(self._curr))
        self.refuse(otherwise if clause is None else f"{clause} is not row-level and is refused; do that to the data before or after prediction.")

    def _expect(self, kind: TokenType, word: str) -> None:
        if not self._match(kind):
            self.refuse(f"`{word}` is expected here.")

    def _match_r_paren(self, expression: exp.Expr | None = None) -> None:
        self._expect(TokenType.R_PAREN, ")")

    def _at(self, node: _Node, token: Token) -> _Node:
        return node.update_positions(token)

    # Statement --------------------------------------------------------------------------------------------------------------------------------------

    def _parse_statement(self) -> exp.Expr | None:
        return self._parse_select()

    def _parse_projections(self) -> tuple[list[exp.Expr], list[exp.Expr] | None]:
        if self._prev.token_type is TokenType.DISTINCT:
            self.refuse("SELECT DISTINCT is not row-level and is refused; remove duplicates before prediction.", self._prev)
        if self._prev.token_type is TokenType.ALIAS:
            self.refuse("An expression is expected here; if this word is a column, write it in backticks.", self._prev)
        if upper(self._curr) == "TRANSFORM" and self._next.token_type is TokenType.L_PAREN:
            self.refuse("SELECT TRANSFORM runs a program and is refused.")
        return super()._parse_projections()

    def _parse_expression(self) -> exp.Expr:
        start = self._curr
        if self._match(TokenType.STAR):
            return self._parse_star_end(self._at(exp.Star(), start))
        if start.token_type in self.IDENTIFIER_TOKENS and self._next.token_type is TokenType.DOT and self._star_after_dot():
            self._advance(3)
            table = self._at(exp.Identifier(this=start.text, quoted=start.token_type is TokenType.IDENTIFIER), start)
            return self._parse_star_end(self._at(exp.Column(this=exp.Star(), table=table), start))
        found = self._parse_alias(self._parse_disjunction())
        found.meta["item"] = start.start
        return found

    def _star_after_dot(self) -> bool:
        return self._index + 2 < self._tokens_size and self._tokens[self._index + 2].token_type is TokenType.STAR

    def _parse_star_end(self, star: exp.Expr) -> exp.Expr:
        if upper(self._curr) == "EXCEPT" and self._next.token_type is TokenType.L_PAREN:
            self.refuse("`* EXCEPT (...)` is not supported; name the columns.")
        if self._curr.token_type is TokenType.ALIAS or self._is_alias(self._curr):
            self.refuse("`*` takes no name.")
        return star

    def _is_alias(self, token: Token) -> bool:
        word = upper(token)
        return token.token_type is TokenType.IDENTIFIER or (_is_word(word) and word not in RESERVED and word not in _CLAUSES)

    def _parse_alias(self, this: exp.Expr | None, explicit: bool = False) -> exp.Expr:
        assert this is not None
        written = self._match(TokenType.ALIAS)
        if written and self._curr.token_type is TokenType.L_PAREN:
            self.refuse("Several names for one item are for functions that return several columns, which are not row-level and are refused.")
        if not self._is_alias(self._curr) and not (written and _is_word(upper(self._curr))):
            if written:
                self.refuse("A name is expected after AS.")
            return this
        name = self._identifier()
        if TABLE in name.this:
            self._source.refuse(name.meta["start"], f"{TABLE} is no name for a column; SQLTransformer replaces it.")
        return exp.Alias(this=this, alias=name)

    def _identifier(self) -> exp.Identifier:
        self._advance()
        return self._at(exp.Identifier(this=self._prev.text, quoted=self._prev.token_type is TokenType.IDENTIFIER), self._prev)

    def _parse_table(self, *_: object, **__: object) -> exp.Table:
        token = self._curr
        if token.token_type is TokenType.L_PAREN:
            self.refuse("Subqueries are not row-level and are refused; write one SELECT for each SQLTransformer.")
        if token.text != TABLE or token.token_type not in self.IDENTIFIER_TOKENS:
            self.refuse(f"The table is {TABLE}, in capitals; other tables are not part of the pipeline.")
        table = exp.Table(this=self._identifier())
        if self._curr.token_type is TokenType.DOT:
            self.refuse(f"{TABLE} stands alone.")
        if self._match(TokenType.ALIAS) or self._is_alias(self._curr):
            if not self._is_alias(self._curr):
                self.refuse("A name is expected after AS.")
            if TABLE in self._curr.text:
                self.refuse(f"{TABLE} is no name for an alias; SQLTransformer replaces it.")
            table.set("alias", exp.TableAlias(this=self._identifier()))
            if self._curr.token_type is TokenType.L_PAREN:
                self.refuse("Names for the table's columns are not supported; name the items with AS.")
        return table

    def _parse_query_modifiers(self, this: exp.Select) -> exp.Select:  # type: ignore[override]
        if this.args.get("from_") is None:
            self._refuse_rest("`,` or `FROM __THIS__` is expected here.")
        if this.args["from_"].this.args.get("alias") is None and self._names_table():
            self.refuse("Spark takes WHERE for a name of the table when one name in parentheses follows; leave the parentheses out.")
        if where := self._parse_where():
            this.set("where", where)
        if self._curr:
            self._refuse_rest("Spark expects the statement's end here.")
        return this

    def _names_table(self) -> bool:
        match self._tokens[self._index :]:
            case [where, opening, name, closing]:
                kinds = (where.token_type, opening.token_type, closing.token_type)
                return kinds == (TokenType.WHERE, TokenType.L_PAREN, TokenType.R_PAREN) and (name.token_type is TokenType.IDENTIFIER or _is_word(upper(name)))
        return False

    # Expressions: OR and AND are sqlglot's own levels -----------------------------------------------------------------------------------------------

    def _parse_equality(self, parse_is: bool = True) -> exp.Expr:
        """NOT and the predicate below it, which is what AND takes."""
        self._nesting += 1
        if self._nesting > MAX_NESTING:
            self.refuse(_DEEP)
        signs: list[Token] = []
        while self._match(TokenType.NOT):
            signs.append(self._prev)
            if len(signs) > MAX_SIGNS:
                self.refuse(f"More than {MAX_SIGNS} NOTs follow one another.")
        found = self._value(1)
        if self._curr.token_type in self.RANGE_PARSERS or self._curr.token_type is TokenType.NOT:
            found = self._parse_range(found)
        for sign in reversed(signs):
            found = self._at(exp.Not(this=found), sign)
        self._nesting -= 1
        return found

    def _parse_range(self, this: exp.Expr | None = None, parse_is: bool = False) -> exp.Expr:
        """One predicate after a value; Spark has no chains of them."""
        assert this is not None
        negated = self._curr.token_type is TokenType.NOT
        if negated and self._next.token_type not in _NEGATED:
            return this
        if negated:
            self._advance()
        token = self._curr
        self._advance()
        found = self._at(self.RANGE_PARSERS[token.token_type](self, this), token)
        return self._at(exp.Not(this=found), token) if negated else found

    def _parse_between(self, this: exp.Expr | None) -> exp.Between:
        low = self._parse_bitwise()
        self._expect(TokenType.AND, "AND")
        return exp.Between(this=this, low=low, high=self._parse_bitwise())

    def _parse_in(self, this: exp.Expr | None, alias: bool = False) -> exp.In:
        self._expect(TokenType.L_PAREN, "(")
        if upper(self._curr) in ("SELECT", "WITH", "FROM", "VALUES", "TABLE"):
            self.refuse(_SUBQUERY)
        options = self._parse_csv(self._parse_disjunction)
        self._match_r_paren()
        return exp.In(this=this, expressions=options)

    def _parse_like(self, kind: type[exp.Like | exp.ILike], this: exp.Expr | None) -> exp.Expr:
        word = upper(self._prev)
        if upper(self._curr) in ("ANY", "SOME", "ALL") and self._next.token_type is TokenType.L_PAREN:
            self.refuse(f"{word} {upper(self._curr)} is not supported; write one {word} for each pattern.")
        like = kind(this=this, expression=self._parse_bitwise())
        if not self._match(TokenType.ESCAPE):
            return like
        if self._curr.token_type is not TokenType.STRING or len(self._curr.text) != 1:
            self.refuse("ESCAPE takes one character in quotes.")
        return exp.Escape(this=like, expression=self._parse_string())

    def _parse_is(self, this: exp.Expr | None) -> exp.Expr:
        negated = self._match(TokenType.NOT)
        if self._curr.token_type is TokenType.DISTINCT and self._next.token_type is TokenType.FROM:
            self._advance(2)
            kind = exp.NullSafeEQ if negated else exp.NullSafeNEQ
            return kind(this=this, expression=self._parse_bitwise())
        if self._curr.token_type in (TokenType.NULL, TokenType.TRUE, TokenType.FALSE):
            return exp.Is(this=this, expression=super()._parse_primary(), negate=negated)
        if upper(self._curr) == "UNKNOWN":
            self.refuse("IS UNKNOWN is not supported; write IS NULL.")
        self.refuse("After IS, Spark takes NULL, TRUE, FALSE or DISTINCT FROM.")

    def _parse_bitwise(self) -> exp.Expr:
        """Spark's valueExpression, which begins with the comparisons."""
        return self._value(1)

    def _value(self, binding: int) -> exp.Expr:
        left = self._parse_unary()
        while (row := _BINARY.get(self._curr.token_type)) is not None and row[0] >= binding:
            operator = self._curr
            self._advance()
            left = self._at(row[1](this=left, expression=self._value(row[0] + 1)), operator)
        return left

    def _parse_unary(self) -> exp.Expr:
        signs: list[Token] = []
        while self._match_set((TokenType.DASH, TokenType.PLUS, TokenType.TILDE)):
            signs.append(self._prev)
            if len(signs) > MAX_SIGNS:
                self.refuse(f"More than {MAX_SIGNS} signs follow one another.")
        found = self._operand()
        self._refuse_after()
        for sign in reversed(signs):
            found = self._at(self._signed(sign, found), sign)
        return found

    def _signed(self, sign: Token, this: exp.Expr) -> exp.Expr:
        match sign.token_type:
            case TokenType.DASH:
                return exp.Neg(this=this)
            case TokenType.TILDE:
                return exp.BitwiseNot(this=this)
        # sqlglot has no node for it; Spark's function of this name is the same.
        return exp.Anonymous(this="positive", expressions=[this])

    def _operand(self) -> exp.Expr:
        token, called = self._curr, self._next.token_type is TokenType.L_PAREN
        kind, word = token.token_type, upper(token)
        if kind in _CONSTANTS:
            return self._constant()
        if kind is TokenType.L_PAREN:
            return self._parse_paren()
        if kind is TokenType.CASE:
            return self._parse_case()
        if kind is TokenType.STAR:
            self.refuse("`*` stands for all columns only as an item of its own.")
        if not token:
            self.refuse("The statement ends where an expression is expected.")
        if word in RESERVED and kind is not TokenType.VAR and not (called and word in _RESERVED_FUNCTIONS):
            self.refuse("An expression is expected here; if this word is a column, write it in backticks.")
        if kind is TokenType.VAR:
            self._refuse_word(word, called)
        elif kind is not TokenType.IDENTIFIER and not called:
            self.refuse("An expression is expected here.")
        if called and kind is not TokenType.IDENTIFIER:
            found = self._parse_function_call()
        elif kind is TokenType.VAR and self._next.token_type is TokenType.STRING:
            self._advance()
            found = self._at(exp.Introducer(this=token.text, expression=self._parse_string()), token)
        else:
            found = self._parse_column_parts_fast()
        if found is None:
            while self._match_set((*self.IDENTIFIER_TOKENS, TokenType.DOT)):
                pass
            self.refuse("A name is expected after the point.")
        if self._curr.token_type is TokenType.L_PAREN and isinstance(found, (exp.Column, exp.Dot)):
            name = self._source.text[token.start : self._prev.end + 1]
            self.refuse(f"The function {name} is a user's; only Spark's own functions, without a database in front, are known.", token)
        return found

    def _constant(self) -> exp.Expr:
        token = self._curr
        found = super()._parse_primary()
        assert found is not None
        return self._at(found, token)

    def _refuse_word(self, word: str, called: bool) -> None:
        follows = self._next
        if word in _NOT_ROW_LEVEL and word != "INTERVAL":
            self.refuse(_NOT_ROW_LEVEL[word])
        if word == "INTERVAL" and (
            called
            or follows.token_type in (TokenType.STRING, TokenType.NUMBER)
            or (follows and follows.token_type is TokenType.VAR and follows.text.upper() not in _CLAUSES)
        ):
            self.refuse(_NOT_ROW_LEVEL[word])

    def _refuse_after(self) -> None:
        match self._curr.text if self._curr.token_type in (TokenType.L_BRACKET, TokenType.DOT, FOREIGN) else "":
            case "[":
                self.refuse("Elements of arrays and maps (`[...]`) are not supported; take the element out before prediction.")
            case ".":
                self.refuse("Fields of an expression (`.name`) are not supported; take the field out before prediction.")
            case "::":
                self.refuse("Spark 3.5 has no `::`; write CAST(... AS ...).")
            case "->":
                self.refuse("Lambda functions are not supported.")
            case "<<" | "=>" | ":" | "?" | "@" | "$" | "{":
                self.refuse(f"The operator `{self._curr.text}` is not supported.")

    def _parse_paren(self) -> exp.Expr:
        token = self._curr
        self._advance()
        if upper(self._curr) in ("SELECT", "WITH", "VALUES") and self._next.text not in (")", ",", "+", "-", "*", "/"):
            self.refuse(_SUBQUERY)
        found = self._parse_disjunction()
        if self._curr.token_type is TokenType.COMMA:
            self.refuse("Row constructors `(a, b)` are not supported; make separate columns.")
        self._match_r_paren()
        return self._at(exp.Paren(this=found), token)

    def _parse_case(self) -> exp.Case:
        token = self._curr
        self._advance()
        operand = None if self._curr.token_type is TokenType.WHEN else self._parse_disjunction()
        branches: list[exp.If] = []
        while self._match(TokenType.WHEN):
            condition = self._parse_disjunction()
            self._expect(TokenType.THEN, "THEN")
            branches.append(exp.If(this=condition, true=self._parse_disjunction()))
        if not branches:
            self.refuse("`WHEN` is expected here; if `case` is a column, write it in backticks.")
        otherwise = self._parse_disjunction() if self._match(TokenType.ELSE) else None
        self._expect(TokenType.END, "END")
        return self._at(exp.Case(this=operand, ifs=branches, default=otherwise), token)

    # Functions --------------------------------------------------------------------------------------------------------------------------------------

    def _parse_function_args(self, alias: bool = False) -> list[exp.Expr]:
        name = self._tokens[self._index - 2]
        if self._curr.token_type is TokenType.DISTINCT and self._next.token_type is not TokenType.COMMA:
            self.refuse(f"{upper(name)}(DISTINCT ...) is an aggregate, which is not row-level and is refused; aggregate before prediction.", name)
        if self._curr.token_type is TokenType.STAR:
            self.refuse(f"{upper(name)}(*) is not supported; name its arguments.", name)
        # No call of sqlglot's list reader: its frames would halve the depth that Python's stack allows.
        args = [] if self._curr.token_type is TokenType.R_PAREN else [self._parse_disjunction()]
        while args and self._match(TokenType.COMMA):
            args.append(self._parse_disjunction())
        if upper(self._curr) in ("FROM", "FOR", "IN", "PLACING", "AS", "BOTH", "=>"):
            self.refuse(f"This form of {upper(name)} is not supported; write its arguments with commas.")
        return [arg for arg in args if arg is not None]

    def _parse_window(self, this: exp.Expr | None, alias: bool = False) -> exp.Expr | None:
        """After a call: refuses what makes a window or an aggregate of it."""
        assert this is not None
        word, opens = upper(self._curr), self._next.token_type is TokenType.L_PAREN
        place = this.meta["start"]
        if word == "OVER" and (opens or self._next.token_type in self.IDENTIFIER_TOKENS):
            self._source.refuse(place, "Window functions (OVER) are not row-level and are refused; compute the column before prediction.")
        if (word == "FILTER" and opens) or (word == "WITHIN" and upper(self._next) == "GROUP"):
            self._source.refuse(place, f"{word} is for aggregates, which are not row-level and are refused; aggregate before prediction.")
        if word in ("IGNORE", "RESPECT") and upper(self._next) == "NULLS":
            name = self._source.text[place : this.meta["end"] + 1].upper()
            self._source.refuse(place, f"{name} ... NULLS is a window function, which is not row-level and is refused; compute the column before prediction.")
        return this

    def _parse_cast(self, strict: bool, safe: bool | None = None) -> exp.Cast:
        name = self._tokens[self._index - 2]
        value = self._parse_disjunction()
        self._expect(TokenType.ALIAS, "AS")
        kind = self._parse_types()
        if self._curr.token_type is not TokenType.R_PAREN:
            self.refuse("`)` is expected here.")
        return self._at((exp.TryCast if safe else exp.Cast)(this=value, to=kind), name)

    def _parse_types(self, *_: object, **__: object) -> exp.DataType:
        """A type by its name, whatever it is, and its sizes."""
        name = self._curr
        self._advance()
        sizes: list[exp.Expr] = []
        if self._match(TokenType.L_PAREN):
            sizes = self._parse_csv(self._size)
            self._match_r_paren()
        return self._at(exp.DataType(this=exp.DType.USERDEFINED, kind=upper(name), expressions=sizes), name)

    def _size(self) -> exp.Expr:
        token = self._curr
        if token.token_type is not TokenType.NUMBER or not token.text.isdigit() or len(token.text) > 9:
            self.refuse("A type's size is a whole number.")
        self._advance()
        return self._at(exp.Literal.number(token.text), token)
