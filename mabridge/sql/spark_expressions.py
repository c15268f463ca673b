"""Spark's expressions (SqlBaseParser.g4, Spark 3.5 to 4.3) as a parser of sqlglot: levels of precedence, predicates, operands, calls and types.

sqlglot as it comes groups `a || b + c`, `a = b LIKE c` and `a = b < c` otherwise than Spark, drops the unary plus, rewrites functions, and takes what Spark
refuses. Here its levels of precedence are Spark's, and every function stays as it was called.
"""

from __future__ import annotations

from typing import ClassVar

from sqlglot import exp
from sqlglot.tokenizer_core import Token, TokenType

from mabridge.sql.spark_tokens import FOREIGN, RESERVED
from mabridge.sql.spark_types import DEEP, MAX_NESTING, MAX_SIGNS, UNITS, TypeParser, upper

#: Binary operators of valueExpression: token -> (how tightly it binds, sqlglot's node).
_BINARY: dict[TokenType, tuple[int, type[exp.Binary]]] = {
    TokenType.STAR: (7, exp.Mul),
    TokenType.SLASH: (7, exp.Div),
    TokenType.MOD: (7, exp.Mod),
    TokenType.DIV: (7, exp.IntDiv),
    TokenType.PLUS: (6, exp.Add),
    TokenType.DASH: (6, exp.Sub),
    TokenType.DPIPE: (6, exp.DPipe),
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
#: How tightly `<<`, `>>` and `>>>` bind (from Spark 4.0 on).
_SHIFTS = 5
_SHIFT_FUNCTIONS = {"<<": "shiftleft", ">>": "shiftright", ">>>": "shiftrightunsigned"}
_NEGATED = frozenset((TokenType.BETWEEN, TokenType.IN, TokenType.LIKE, TokenType.ILIKE, TokenType.RLIKE))
_CONSTANTS = frozenset((TokenType.NUMBER, TokenType.STRING, TokenType.NULL, TokenType.TRUE, TokenType.FALSE))
#: Calls that may have words between their arguments.
_WORDED = frozenset(("EXTRACT", "TRIM", "SUBSTRING", "SUBSTR", "POSITION", "OVERLAY"))
_UNITS = frozenset((*UNITS, *(f"{unit}S" for unit in UNITS)))
#: Reserved words that are functions before a parenthesis.
_RESERVED_FUNCTIONS = frozenset(("LEFT", "RIGHT", "LIKE", "ILIKE", "RLIKE", "REGEXP"))

_NOT_ROW_LEVEL = {
    "EXISTS": "The subquery EXISTS is not row-level and is refused; join the data before prediction.",
    "CURRENT_DATE": "CURRENT_DATE depends on when the job runs, so no conversion can keep it; make the date a column of the data.",
    "CURRENT_TIMESTAMP": "CURRENT_TIMESTAMP depends on when the job runs, so no conversion can keep it; make the time a column of the data.",
    "CURRENT_USER": "CURRENT_USER depends on who runs the job, so no conversion can keep it; make it a column of the data.",
}
#: Words with which a query begins.
_QUERIES = frozenset(("SELECT", "WITH", "FROM", "VALUES", "TABLE", "MAP", "REDUCE", ""))
_SUBQUERY = "Subqueries are not row-level and are refused; join the data before prediction."


class ExpressionParser(TypeParser):
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

    # Expressions: OR and AND are sqlglot's own levels -----------------------------------------------------------------------------------------------

    def _parse_equality(self, parse_is: bool = True) -> exp.Expr:
        """NOT and the predicate below it, which is what AND takes."""
        self._nesting += 1
        if self._nesting > MAX_NESTING:
            self.refuse(DEEP)
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
        if negated and isinstance(found, exp.Anonymous):
            # NOT LIKE ANY asks for a pattern that is not met, which is not the opposite of LIKE ANY.
            found.set("this", f"not {found.this}")
            return found
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
        if (quantifier := upper(self._curr)) in ("ANY", "SOME", "ALL") and self._next.token_type is TokenType.L_PAREN:
            self._advance(2)
            patterns = self._parse_csv(self._parse_disjunction)
            self._match_r_paren()
            return exp.Anonymous(this=f"{word.lower()} {'all' if quantifier == 'ALL' else 'any'}", expressions=[this, *patterns])
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
        while True:
            operator, shift = self._curr, self._shift()
            if shift:
                if binding > _SHIFTS:
                    return left
                self._since((4, 0), f"`{shift}`", f"write {_SHIFT_FUNCTIONS[shift]}(...)")
                self._advance(1 if shift == "<<" else len(shift))
                left = self._at(exp.Anonymous(this=shift, expressions=[left, self._value(_SHIFTS + 1)]), operator)
                continue
            row = _BINARY.get(operator.token_type)
            if row is None or row[0] < binding:
                return left
            self._advance()
            left = self._at(row[1](this=left, expression=self._value(row[0] + 1)), operator)

    def _shift(self) -> str:
        """The shift operator at the cursor, which sqlglot cuts into its characters; else empty."""
        if self._curr.token_type is FOREIGN and self._curr.text == "<<":
            return "<<"
        length = 0
        while length < 3 and self._is_greater(self._index + length) and (length == 0 or self._tokens[self._index + length].start == self._curr.start + length):
            length += 1
        return ">" * length if length > 1 else ""

    def _is_greater(self, place: int) -> bool:
        return place < self._tokens_size and self._tokens[place].token_type is TokenType.GT

    def _parse_unary(self) -> exp.Expr:
        signs: list[Token] = []
        while self._match_set((TokenType.DASH, TokenType.PLUS, TokenType.TILDE)):
            signs.append(self._prev)
            if len(signs) > MAX_SIGNS:
                self.refuse(f"More than {MAX_SIGNS} signs follow one another.")
        # The sign right before a number is a part of the number, whatever follows it.
        own = signs.pop() if signs and signs[-1].token_type is TokenType.DASH and self._curr.token_type is TokenType.NUMBER else None
        operand = self._operand()
        found = self._after(operand if own is None else self._at(exp.Neg(this=operand), own))
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
        if (parameters := self._parameters()) is not None:
            return self._lambda(parameters)
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
            if word in _NOT_ROW_LEVEL and not (word == "EXISTS" and called and upper(self._tokens[self._index + 2]) not in _QUERIES):
                self.refuse(_NOT_ROW_LEVEL[word])
            if word == "INTERVAL" and (interval := self._interval()) is not None:
                return interval
        elif kind is not TokenType.IDENTIFIER and not called:
            self.refuse("An expression is expected here.")
        if called and word in _WORDED and (worded := self._worded(word)) is not None:
            return self._at(worded, token)
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

    # Lambdas, intervals and calls with words in them ------------------------------------------------------------------------------------------------

    def _parameters(self) -> list[Token] | None:
        """The parameters of the lambda function at the cursor; None where there is none."""
        tokens, place = self._tokens, self._index
        if self._can_be_parameter(self._curr) and self._next.token_type is TokenType.ARROW:
            return [self._curr]
        found: list[Token] = []
        if self._curr.token_type is not TokenType.L_PAREN:
            return None
        while place + 2 < self._tokens_size and self._can_be_parameter(tokens[place + 1]):
            found.append(tokens[place + 1])
            place += 2
            if tokens[place].token_type is not TokenType.COMMA:
                break
        closed = found and tokens[place].token_type is TokenType.R_PAREN and place + 1 < self._tokens_size
        return found if closed and tokens[place + 1].token_type is TokenType.ARROW else None

    def _can_be_parameter(self, token: Token) -> bool:
        # Spark's own examples call the parameters of array_sort so.
        return token.token_type in self.IDENTIFIER_TOKENS or upper(token) in ("LEFT", "RIGHT")

    def _lambda(self, parameters: list[Token]) -> exp.Lambda:
        token = self._curr
        words = {upper(name) for name in parameters} & {"LEFT", "RIGHT"}
        for place in range(self._index, self._tokens_size - 1 if words else 0):
            # From here on the word is a name, where it is no function.
            if upper(self._tokens[place]) in words and self._tokens[place + 1].token_type is not TokenType.L_PAREN:
                self._tokens[place].token_type = TokenType.VAR
        while not self._match(TokenType.ARROW):
            self._advance()
        names = [self._at(exp.Identifier(this=name.text, quoted=name.token_type is TokenType.IDENTIFIER), name) for name in parameters]
        return self._at(exp.Lambda(this=self._parse_disjunction(), expressions=names), token)

    def _interval(self) -> exp.Interval | None:
        """`INTERVAL 1 DAY 2 HOURS`, `INTERVAL '1-2' YEAR TO MONTH` and their like, as words; None where `interval` is a name."""
        token, start = self._curr, self._index
        self._advance()
        words: list[str] = []
        while (amount := self._amount()) is not None:
            words += [amount, upper(self._prev)]
        if words and upper(self._curr) == "TO":
            self._advance()
            words.append(upper(self._curr))
            self._advance()
        if not words:
            self._retreat(start)
            return None
        parts = [exp.Literal.string(word) for word in words]
        return self._at(exp.Interval(this=exp.Tuple(expressions=parts)), token)

    def _amount(self) -> str | None:
        """The number before a unit, and the cursor behind the unit; else None, and the cursor where it was."""
        start, sign = self._index, ""
        if self._match_set((TokenType.DASH, TokenType.PLUS)):
            sign = self._prev.text.replace("+", "")
        if self._curr.token_type in (TokenType.NUMBER, TokenType.STRING) and self._next.token_type is TokenType.VAR and upper(self._next) in _UNITS:
            text = self._curr.text
            self._advance(2)
            return sign + text
        self._retreat(start)
        return None

    def _worded(self, word: str) -> exp.Anonymous | None:
        """A call such as TRIM(BOTH 'x' FROM text), as the function of the same meaning; None, and the cursor where it was, for a call with commas."""
        start = self._index
        self._advance(2)
        found = self._worded_form(word)
        if found is None:
            self._retreat(start)
            return None
        name, args = found
        self._match_r_paren()
        return exp.Anonymous(this=name, expressions=args)

    def _worded_form(self, word: str) -> tuple[str, list[exp.Expr]] | None:
        if word == "EXTRACT":
            field = self._curr
            self._advance()
            return ("extract", [exp.Literal.string(field.text), self._parse_bitwise()]) if self._match(TokenType.FROM) else None
        if word == "TRIM":
            return self._trim()
        if self._curr.token_type in (TokenType.R_PAREN, TokenType.STAR, TokenType.DISTINCT):
            return None
        value = self._parse_bitwise()
        if word == "POSITION":
            return ("locate", [value, self._parse_bitwise(), exp.Literal.number("1")]) if self._match(TokenType.IN) else None
        if word == "OVERLAY":
            if not self._match_word("PLACING"):
                return None
            replacement = self._parse_bitwise()
            self._expect(TokenType.FROM, "FROM")
            return "overlay", [value, replacement, *self._from_and_for(exp.Neg(this=exp.Literal.number("1")))]
        return ("substring", [value, *self._from_and_for(exp.Literal.number(str(2**31 - 1)))]) if self._match(TokenType.FROM) else None

    def _trim(self) -> tuple[str, list[exp.Expr]] | None:
        side = upper(self._curr)
        if side in ("BOTH", "LEADING", "TRAILING") and self._next.token_type not in (TokenType.COMMA, TokenType.R_PAREN, TokenType.DOT):
            self._advance()
        else:
            side = "BOTH"
        if self._match(TokenType.FROM):
            return f"trim {side.lower()}", [self._parse_bitwise()]
        if self._curr.token_type is TokenType.R_PAREN:
            return None
        characters = self._parse_bitwise()
        return (f"trim {side.lower()}", [self._parse_bitwise(), characters]) if self._match(TokenType.FROM) else None

    def _from_and_for(self, otherwise: exp.Expr) -> list[exp.Expr]:
        start = self._parse_bitwise()
        return [start, self._parse_bitwise() if self._match_word("FOR") else otherwise]

    # What follows an operand ------------------------------------------------------------------------------------------------------------------------

    def _after(self, found: exp.Expr) -> exp.Expr:
        while True:
            token = self._curr
            match token.token_type:
                case TokenType.L_BRACKET:
                    self._advance()
                    index = self._parse_bitwise()
                    self._expect(TokenType.R_BRACKET, "]")
                    found = self._at(exp.Bracket(this=found, expressions=[index]), token)
                case TokenType.DOT:
                    self._advance()
                    if self._curr.token_type not in self.IDENTIFIER_TOKENS:
                        self.refuse("A name is expected after the point.")
                    found = self._at(exp.Dot(this=found, expression=self._identifier()), token)
                case TokenType.DCOLON:
                    self._since((4, 0), "`::`", "write CAST(... AS ...)")
                    self._advance()
                    found = self._at(exp.Cast(this=found, to=self._parse_types()), token)
                case TokenType.ARROW:
                    self.refuse("A lambda function's parameters are names, and it stands only as an argument.")
                case kind if kind is TokenType.FARROW or (kind is FOREIGN and token.text in (":", "?", "@", "$", "{")):
                    self.refuse(f"The operator `{token.text}` is not supported.")
                case _:
                    return found

    def _parse_alias(self, this: exp.Expr | None, explicit: bool = False) -> exp.Expr:
        """An expression with the name that may follow it; the statement's grammar says which words are names."""
        raise NotImplementedError

    def _named(self) -> exp.Expr:
        """An expression and the name that it may have."""
        return self._parse_alias(self._parse_disjunction())

    def _parse_paren(self) -> exp.Expr:
        token = self._curr
        self._advance()
        if upper(self._curr) in ("SELECT", "WITH", "VALUES") and self._next.text not in (")", ",", "+", "-", "*", "/"):
            self.refuse(_SUBQUERY)
        # No call of `_named`: each frame more takes from the depth that Python's stack allows.
        found = self._parse_alias(self._parse_disjunction())
        if self._curr.token_type is TokenType.COMMA:
            parts = [found]
            while self._match(TokenType.COMMA):
                parts.append(self._named())
            self._match_r_paren()
            return self._at(exp.Tuple(expressions=parts), token)
        if isinstance(found, exp.Alias):
            self.refuse("A name stands only behind an item, or in STRUCT(...) and (a, b).", token)
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
            if upper(name) == "COUNT":
                self.refuse("COUNT is an aggregate, which is not row-level and is refused; aggregate before prediction.", name)
            self.refuse(f"{upper(name)}(*) is not supported; name its arguments.", name)
        # No call of sqlglot's list reader: its frames would halve the depth that Python's stack allows.
        names = upper(name) == "STRUCT"
        args: list[exp.Expr] = []
        while self._curr.token_type is not TokenType.R_PAREN or args:
            key = self._key()
            value = self._parse_disjunction()
            assert value is not None
            if key is not None:
                value = self._at(exp.Kwarg(this=key, expression=value), self._prev)
            args.append(self._parse_alias(value) if names else value)
            if not self._match(TokenType.COMMA):
                break
        if upper(self._curr) in ("FROM", "FOR", "IN", "PLACING", "AS", "BOTH"):
            self.refuse(f"This form of {upper(name)} is not supported; write its arguments with commas.")
        return args

    def _key(self) -> exp.Identifier | None:
        """The parameter's name before `=>`, and the cursor behind both; None where an argument has none."""
        if self._curr.token_type not in self.IDENTIFIER_TOKENS or self._next.token_type is not TokenType.FARROW:
            return None
        name = self._identifier()
        self._advance()
        return name

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
