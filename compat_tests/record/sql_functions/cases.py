"""The cases of one function: its examples, its examples with varied literals, and hard values of the types that it takes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from compat_tests.record.sql_functions import vary
from compat_tests.record.sql_functions.ask import RAISES, THIS, Plan, Spark, as_text, error_of
from compat_tests.record.sql_functions.catalogue import Listed, classify
from compat_tests.record.sql_functions.hard_values import KINDS, ROWS
from compat_tests.record.sql_functions.text import Token, call, has_from, joined, literals, select_list, split
from compat_tests.sql.cells import any_part

#: Functions that get small integers only: the results of most are as long as an integer says, and element_at reads memory that is not the array's at the
#: smallest integer (the JVM dies of it, or the answer is chance).
LONG = frozenset(
    {"array_repeat", "element_at", "format_number", "lpad", "make_dt_interval", "repeat", "rpad", "sequence", "space", "try_element_at", "array_insert"}
)
#: A result longer than this, as text, is not recorded.
LONGEST = 3000
#: How many hard combinations of one function are recorded.
MOST = 6
HARD = "hard_values"
#: The types that are tried where an example has another.
TRIED = (
    "big",
    "double",
    "dec",
    "text",
    "date",
    "ts",
    "bytes",
    "bool",
    "int",
    "ints",
    "texts",
    "map",
    "pair",
    "float",
    "wide",
    "ntz",
    "doubles",
    "tiny",
    "lists",
)
Case = dict[str, Any]


@dataclass(frozen=True)
class Varied:
    """An example with literals moved into columns.

    Attributes:
        expression: over c0, c1, ...
        kinds: the columns' types.
        firsts: the example's values of them.
    """

    expression: str
    kinds: list[Any]
    firsts: list[Any]


def example_cases(spark: Spark, function: Listed) -> list[Case]:
    """Each example as it stands; says in `function.why` what the examples are."""
    found: list[Case] = []
    asked: list[tuple[Case, Plan]] = []
    for number, statement in enumerate(function.statements):
        if select_list(statement) is None:
            # A SET would change what the functions after this one answer.
            continue
        try:
            plan = spark.plan(statement)
            why = "generator" if function.group == "table_funcs" else classify(spark, plan)
        except RAISES:
            why = "refused"
        if why not in function.why:
            function.why.append(why)
        if why == "row" and not has_from(statement):
            case: Case = {"id": f"example_{number}", "statement": f"{statement} FROM {THIS}", "names": plan.names, "types": plan.kinds}
            found.append(case)
            asked.append((case, plan))
    lists = [joined_as_is(select_list(case["statement"]) or []) for case, _ in asked]
    try:
        values = iter(column[0] for column in spark.values(spark.plan(f"SELECT {', '.join(lists)}"))) if asked else iter(())
        for case, plan in asked:
            case["values"] = [next(values) for _ in plan.names]
    except RAISES:
        for case, plan in asked:
            try:
                case["values"] = [column[0] for column in spark.values(plan)]
            except RAISES as raised:
                case["error"] = error_of(raised)
    return found


def varied_cases(spark: Spark, function: Listed) -> list[Case]:
    """Each example of a row over a table of variations of its literals."""
    seen: dict[str, tuple[str, Varied]] = {}
    for number, statement in enumerate(function.statements):
        items = select_list(statement)
        if items is None or has_from(statement):
            continue
        for place, item in enumerate(split(items)):
            varied = _varied(spark, item)
            if varied is not None:
                seen.setdefault(varied.expression, (f"varied_{number}" + (f"_{place}" if place else ""), varied))
    columns: dict[str, tuple[Any, list[Any]]] = {}
    cases: dict[str, Case] = {}
    for identity, varied in seen.values():
        names = {f"c{number}": f"c{number + len(columns)}" for number in range(len(varied.kinds))}
        # The columns of all examples stand in one table, so each example counts on from the one before.
        expression = re.sub(r"\bc\d+\b", lambda found, names=names: names.get(found[0], found[0]), varied.expression)
        for number, (kind, first) in enumerate(zip(varied.kinds, varied.firsts, strict=True)):
            columns[names[f"c{number}"]] = (kind, vary.column(kind, first, f"{varied.expression} {number}", tame=function.name in LONG))
        cases[expression] = {"id": identity, "expression": expression, "inputs": {name: list(columns[name]) for name in names.values()}}
    if not cases:
        return []
    table = "variations"
    spark.table(table, columns)
    try:
        return _answers(spark, cases, table, vary.ROWS)
    finally:
        spark.drop(table)


def _varied(spark: Spark, item: list[Token]) -> Varied | None:
    """The item with as many literals in columns as Spark takes there; None where it takes none."""
    found = call(item)
    if found is not None:
        pieces = [joined(argument) for argument in found[1]]
        movable = [place for place, piece in enumerate(pieces) if "->" not in piece]

        def written(texts: dict[int, str]) -> str:
            return f"{found[0]}({', '.join(texts.get(place, piece) for place, piece in enumerate(pieces))})"
    else:
        spans = literals(item)
        pieces = [joined(item[first:after]) for first, after in spans]
        movable = list(range(len(spans)))

        def written(texts: dict[int, str]) -> str:
            at, parts = 0, []
            for number, (first, after) in enumerate(spans):
                parts += [joined_as_is(item[at:first]), texts.get(number, pieces[number])]
                at = after
            return "".join([*parts, joined_as_is(item[at:])]).strip()

    constants = {place: constant for place in movable if (constant := _constant(spark, pieces[place])) is not None}

    def takes_columns(places: list[int]) -> bool:
        names = {place: f"c{number}" for number, place in enumerate(places)}
        columns = ", ".join(f"{pieces[place]} AS {name}" for place, name in names.items())
        try:
            return classify_row(spark.plan(f"SELECT {written(names)} AS x FROM (SELECT {columns})"))
        except RAISES:
            return False

    moved = list(constants)
    if not moved or not takes_columns(moved):
        moved = []
        for place in constants:
            if takes_columns([*moved, place]):
                moved.append(place)
    if not moved:
        return None
    names = {place: f"c{number}" for number, place in enumerate(moved)}
    return Varied(written(names), [constants[place][0] for place in moved], [constants[place][1] for place in moved])


def classify_row(plan: Plan) -> bool:
    """Whether the statement's own item (not the table that it stands on) is decided by the row."""
    return bool(plan.java.queryExecution().analyzed().expressions().apply(0).deterministic())


def joined_as_is(parts: list[Token]) -> str:
    """The tokens' text with its spaces."""
    return "".join(token.text for token in parts)


def _constant(spark: Spark, text: str) -> tuple[Any, Any] | None:
    """Type and value of a constant that can be a column; None where the text is no such constant."""
    if text not in _CONSTANTS:
        _CONSTANTS[text] = _asked_constant(spark, text)
    return _CONSTANTS[text]


_CONSTANTS: dict[str, tuple[Any, Any] | None] = {}


def _asked_constant(spark: Spark, text: str) -> tuple[Any, Any] | None:
    plain_text = re.fullmatch(r"'([^'\\\\]*)'", text)
    if plain_text:
        return "string", plain_text[1]
    if re.fullmatch(r"\d{1,9}", text):
        return "integer", int(text)
    try:
        plan = spark.plan(f"SELECT {text} AS c")
        kind = plan.kinds[0]
        if classify(spark, plan) != "row" or any_part(kind, as_text) or any_part(kind, lambda part: part == "void") or empty_struct(kind):
            return None
        return kind, spark.values(plan)[0][0]
    except RAISES:
        return None


def empty_struct(kind: Any) -> bool:
    """Whether the type holds a struct without fields, which no parquet file can."""
    return any_part(kind, lambda part: isinstance(part, dict) and part["type"] == "struct" and not part["fields"])


def _answers(spark: Spark, cases: dict[str, Case], table: str, rows: int) -> list[Case]:
    """The cases, by expression, with what Spark answers over a table."""
    plans = {}
    for expression, case in cases.items():
        try:
            plans[expression] = spark.plan(f"SELECT {expression} AS x FROM {table}")
        except RAISES as raised:
            case["not_recorded"] = error_of(raised)
    for expression, answer in spark.rows(plans, table, rows).items():
        # An error here is one of every row; or Spark wants a literal where the column stands.
        cases[expression] |= {"not_recorded": answer.error} if answer.error else _answer(answer.kind, answer.values or [None] * rows, answer.refused)
    return [{name: value for name, value in case.items() if name != "inputs" or "not_recorded" not in case} for case in cases.values()]


def _answer(kind: Any, values: list[Any], refused: dict[int, dict[str, str | None]]) -> Case:
    """A case's part that Spark answered; rows that are too long are left out."""
    too_long = [row for row, value in enumerate(values) if value is not None and len(str(value)) > LONGEST]
    for row in too_long:
        values[row] = None
    errors: dict[str, list[int]] = {}
    for row, error in refused.items():
        errors.setdefault(error["condition"] or str(error["class"]), []).append(row)
    return {"type": kind, "values": values, **({"refused": errors} if errors else {}), **({"left_out": too_long} if too_long else {})}


# Hard values ---------------------------------------------------------------------------------------------------------------------------------------------


def hard_expressions(spark: Spark, function: Listed) -> list[str]:
    """Calls of the function over columns of the table of hard values: each type that it takes as it is, then some that it casts."""
    found: dict[str, bool] = {}
    for statement in function.statements:
        items = select_list(statement)
        if items is None or has_from(statement):
            continue
        for item in split(items):
            for expression, as_it_is in _hard_forms(spark, item, tame=function.name in LONG):
                found.setdefault(expression, as_it_is)
    ordered = sorted(found, key=lambda expression: not found[expression])
    return ordered[:MOST]


def _hard_forms(spark: Spark, item: list[Token], *, tame: bool) -> list[tuple[str, bool]]:
    found = call(item)
    if found is None:
        return _hard_operators(spark, item)
    pieces = [joined(argument) for argument in found[1]]
    constants = {place: constant for place, piece in enumerate(pieces) if "->" not in piece and (constant := _constant(spark, piece)) is not None}
    forms: list[tuple[str, bool]] = []

    def add(texts: dict[int, str]) -> bool:
        expression = f"{found[0]}({', '.join(texts.get(place, piece) for place, piece in enumerate(pieces))})"
        taken = _taken(spark, expression)
        if taken is None:
            return False
        forms.append((expression, taken))
        return True

    base: dict[int, str] = {}
    for place, (kind, _) in constants.items():
        name = column_for(kind, place, tame=tame)
        # A lone text argument such as a format or a pattern says more as the example has it: it stays in half of the forms.
        if name is not None and add({**base, place: name}):
            base[place] = name
    kinds = [name for name in TRIED if not tame or name in ("text", "bytes", "bool", "ints", "texts", "doubles")]
    for place, usual in base.items():
        for name in kinds:
            other = f"{name}_{min(place, 2) + 1}"
            if other != usual and sum(as_it_is for _, as_it_is in forms) < MOST:
                add({**base, place: other})
                if len(base) == 2 and place == 0:
                    add({0: f"{name}_1", 1: f"{name}_2"})
    return forms


def _hard_operators(spark: Spark, item: list[Token]) -> list[tuple[str, bool]]:
    """An item that is no call: every literal replaced by a column, all of one type."""
    spans = literals(item)
    forms = []
    for name in KINDS:
        at, parts = 0, []
        for number, (first, after) in enumerate(spans):
            parts += [joined_as_is(item[at:first]), f"{name}_{min(number, 2) + 1}"]
            at = after
        expression = "".join([*parts, joined_as_is(item[at:])]).strip()
        taken = _taken(spark, expression) if spans else None
        if taken is not None:
            forms.append((expression, taken))
    return forms


def column_for(kind: Any, place: int, *, tame: bool) -> str | None:
    """The hard column of an argument's type; None where there is none."""
    copy = min(place, 2) + 1
    if tame and kind in ("integer", "long", "short", "byte"):
        return f"few_{copy}"
    for name, known in KINDS.items():
        if known == kind:
            return f"{name}_{copy}"
    if isinstance(kind, str) and kind.startswith("decimal"):
        return f"dec_{copy}"
    return None


def _taken(spark: Spark, expression: str) -> bool | None:
    """Whether Spark takes an expression as it is (true) or with casts of columns (false); None where it refuses it."""
    try:
        shown = str(spark.session._jsparkSession.sql(f"SELECT {expression} AS x FROM {HARD}").queryExecution().analyzed().toString())
    except RAISES:
        return None
    return re.search(r"cast\(\w+#\d+ as ", shown.splitlines()[0]) is None


def hard_cases(spark: Spark, expressions: list[str], mode: str) -> list[Case]:
    """The expressions over the table of hard values."""
    return _answers(spark, {expression: {"id": f"{mode}_{number}", "expression": expression} for number, expression in enumerate(expressions)}, HARD, ROWS)
