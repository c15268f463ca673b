"""The SQL of SQLTransformer: `SELECT expression AS name, ... FROM __THIS__ WHERE condition`, read, typed and evaluated as Spark 3.5 does.

The module itself can be called: `mabridge.sql("SELECT ...")` is `mabridge.statement.model_of_sql`.

`parse_statement` reads a statement without knowing any column; `resolve` types one expression against the columns of a scope; `evaluate` computes it.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

from mabridge.sql.evaluate import evaluate
from mabridge.sql.expression import Call, Case, Cast, ColumnRef, Expression, Lambda, Literal, Variable
from mabridge.sql.functions.cast import cast_column
from mabridge.sql.resolve import cast_to_same, column_of, conjuncts, is_not_null_column, resolve
from mabridge.sql.scope import Scope, ScopeColumn
from mabridge.sql.statement import Item, Star, Statement, columns_read, is_text_column, item_names, parse_statement, passes_all
from mabridge.sql.tree_json import expression_from_json, expression_to_json, statement_from_json, statement_to_json
from mabridge.sql.typed import TypedExpression

if TYPE_CHECKING:
    from mabridge.model import Model

__all__ = [
    "Call",
    "Case",
    "Cast",
    "ColumnRef",
    "Expression",
    "Item",
    "Lambda",
    "Literal",
    "Scope",
    "ScopeColumn",
    "Star",
    "Statement",
    "TypedExpression",
    "Variable",
    "cast_column",
    "cast_to_same",
    "column_of",
    "columns_read",
    "conjuncts",
    "evaluate",
    "expression_from_json",
    "expression_to_json",
    "is_not_null_column",
    "is_text_column",
    "item_names",
    "parse_statement",
    "passes_all",
    "resolve",
    "statement_from_json",
    "statement_to_json",
]


class _Callable(ModuleType):
    """The package is loaded by many a conversion, and its name is then an attribute of `mabridge`; so it is the function, too."""

    def __call__(self, statement: str, **options: Any) -> Model:
        from mabridge.statement import model_of_sql

        return model_of_sql(statement, **options)


sys.modules[__name__].__class__ = _Callable
