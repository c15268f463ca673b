"""Spark's statements (SqlBaseParser.g4, Spark 3.5 to 4.3) as a dialect of sqlglot: a SELECT of one table, row by row.

A clause that is not row-level is refused where it begins.
"""

from __future__ import annotations

from typing import NoReturn

from sqlglot import exp
from sqlglot.tokenizer_core import Token, TokenType

from mabridge.sql.spark_expressions import ExpressionParser
from mabridge.sql.spark_tokens import CLAUSES, RESERVED, TABLE, tokens_of
from mabridge.sql.spark_types import is_word, upper


class SparkParser(ExpressionParser):
    """sqlglot's parser with Spark's grammar; every node that can be refused later knows its place."""

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
        clause = CLAUSES.get(upper(self._curr))
        self.refuse(otherwise if clause is None else f"{clause} is not row-level and is refused; do that to the data before or after prediction.")

    # Statement --------------------------------------------------------------------------------------------------------------------------------------

    def _parse_statement(self) -> exp.Expr | None:
        return self._parse_select()

    def _parse_projections(self) -> tuple[list[exp.Expr], list[exp.Expr] | None]:
        if self._prev.token_type is TokenType.DISTINCT:
            self.refuse("SELECT DISTINCT is not row-level and is refused; remove duplicates before prediction.", self._prev)
        if self._prev.token_type is TokenType.ALIAS:
            self.refuse("An expression is expected here; if this word is a column, write it in backticks.", self._prev)
        if upper(self._curr) == "TRANSFORM" and any(upper(token) == "USING" for token in self._tokens[self._index :]):
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
        return token.token_type is TokenType.IDENTIFIER or (is_word(word) and word not in RESERVED and word not in CLAUSES)

    def _parse_alias(self, this: exp.Expr | None, explicit: bool = False) -> exp.Expr:
        assert this is not None
        written = self._match(TokenType.ALIAS)
        if written and self._curr.token_type is TokenType.L_PAREN:
            self.refuse("Several names for one item are for functions that return several columns, which are not row-level and are refused.")
        if not self._is_alias(self._curr) and not (written and is_word(upper(self._curr))):
            if written:
                self.refuse("A name is expected after AS.")
            return this
        name = self._identifier()
        if TABLE in name.this:
            self._source.refuse(name.meta["start"], f"{TABLE} is no name for a column; SQLTransformer replaces it.")
        return exp.Alias(this=this, alias=name)

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
                return kinds == (TokenType.WHERE, TokenType.L_PAREN, TokenType.R_PAREN) and (name.token_type is TokenType.IDENTIFIER or is_word(upper(name)))
        return False
