"""Types of resolved expressions beside the recorded answers of Spark's analyser, and the names that a resolved expression reads."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from resolved_types import COLUMNS, EXPRESSIONS, ask, recorded
from sql_trees import parse

from mabridge.errors import InvalidInputError, MissingColumnError, UnsupportedExpressionError
from mabridge.plan.reference import Reference
from mabridge.plan.types import DataType
from mabridge.sql import Cast, Item, TypedExpression, column_of, parse_statement, resolve
from mabridge.sql.typed import Constant

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


@dataclass(frozen=True)
class Column:
    """A column of the scope below."""

    name: str
    id: str
    kind: DataType


def kind_named(name: str) -> DataType:
    """The type as CAST has it."""
    cast = parse(f"CAST(a AS {name})")
    assert isinstance(cast, Cast)
    return cast.kind


@dataclass(frozen=True)
class Columns:
    """A scope of columns by name, in any case."""

    found: tuple[Column, ...] = tuple(Column(name, f"id_{name}", kind_named(kind)) for name, kind in COLUMNS.items())

    def columns(self) -> tuple[Column, ...]:
        return self.found

    def lookup(self, name: str) -> Column | None:
        return next((column for column in self.found if column.name == name.lower()), None)


SCOPE = Columns()
#: Expressions that Spark types and we refuse: dates and timestamps have few casts here, and these.
_REFUSED = re.compile(r"\b(da|ts|date|timestamp)\b|NULL & NULL|~NULL")
_REFUSED_UNDER_ANSI = re.compile(r"s & .*|.* & s|NOT s|s AND t")


def typed(text: str, *, ansi: bool = False) -> TypedExpression:
    return resolve(parse(text), SCOPE, Reference("3.5.7", ansi=ansi))


@pytest.mark.parametrize("ansi", [False, True])
def test_every_type_is_the_recorded_one_of_spark_and_what_spark_refuses_is_refused(ansi: bool) -> None:
    answers = recorded(ansi=ansi)
    assert answers.keys() == set(EXPRESSIONS)
    equal = 0
    for text, spark in answers.items():
        try:
            ours = str(typed(text, ansi=ansi).kind)
        except (InvalidInputError, UnsupportedExpressionError):
            assert spark == "refused" or _REFUSED.search(text) or (ansi and _REFUSED_UNDER_ANSI.fullmatch(text)), f"{text} is {spark} in Spark"
            continue
        assert ours == spark, text
        equal += 1
    assert equal > 2000


@pytest.mark.live
@pytest.mark.heavy
@pytest.mark.parametrize("ansi", [False, True])
def test_recorded_types_are_still_spark_s(spark_session: SparkSession, ansi: bool) -> None:
    assert ask(spark_session, ansi=ansi) == recorded(ansi=ansi)


def test_column_is_found_by_the_scope_s_case_rule_and_known_by_its_id() -> None:
    found = typed("I")
    assert (column_of(found), found.shown, str(found.kind)) == ("id_i", "I", "int")
    assert column_of(typed("i + 1")) is None
    assert typed("i + d * I").columns == ("id_i", "id_d")


def test_missing_column_is_refused_with_the_columns_there_are() -> None:
    with pytest.raises(MissingColumnError, match=r"reads the column `nope`, which is not there\. The columns at that point: `y`, `i`, `l`"):
        typed("i + nope")


def test_field_of_a_column_that_has_none_is_refused() -> None:
    with pytest.raises(InvalidInputError, match=r"In the SQL expression s\.x: s is string, which has no parts of the kind x"):
        typed("s.x")


def test_name_of_an_earlier_item_stands_for_it_only_where_the_data_has_no_such_column() -> None:
    _, second, third = parse_statement("SELECT i + 1 AS z, z AS q, d AS l FROM __THIS__").items
    assert isinstance(second, Item)
    assert isinstance(third, Item)
    assert resolve(second.expression, SCOPE, Reference("3.5.7")).columns == ("id_i",)
    _, later = parse_statement("SELECT i + 1 AS d, d AS q FROM __THIS__").items
    assert isinstance(later, Item)
    assert resolve(later.expression, SCOPE, Reference("3.5.7")).columns == ("id_d",)


def test_constants_are_computed_once() -> None:
    found = typed("1 + 2 * 3")
    assert isinstance(found, Constant)
    assert (found.value, str(found.kind), found.written) == (7, "int", False)
    assert not isinstance(typed("1 + i"), Constant)
    # Under ANSI a constant that raises does so only where a row asks for it.
    assert not isinstance(typed("1 / 0", ansi=True), Constant)
    assert typed("1 / 0", ansi=True).raises


def test_types_that_do_not_fit_are_refused_with_the_expression() -> None:
    with pytest.raises(InvalidInputError, match=r"In the SQL expression \(i \+ t\): `\+` is not defined between int and boolean"):
        typed("i + t")
    with pytest.raises(InvalidInputError, match=r"where boolean is expected"):
        typed("NOT i")
