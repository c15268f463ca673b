"""What functions there are, and which of them one row decides; all asked of Spark."""

from __future__ import annotations

from dataclasses import dataclass, field

from compat_tests.record.sql_functions.ask import RAISES, Plan, Spark, listed
from compat_tests.record.sql_functions.text import examples


@dataclass
class Listed:
    """A function of SHOW FUNCTIONS.

    Attributes:
        name: as listed.
        java_class, group, since: of its ExpressionInfo; empty for operators that the parser knows alone.
        statements: its examples.
        why: what its examples are, each once: "row", or what makes them not row-level.
    """

    name: str
    java_class: str = ""
    group: str = ""
    since: str = ""
    deprecated: bool = False
    statements: list[str] = field(default_factory=list)
    why: list[str] = field(default_factory=list)

    @property
    def row_level(self) -> bool:
        """Whether the row alone decides the value of some example."""
        return "row" in self.why

    @property
    def meaning(self) -> tuple[str, str]:
        """What aliases share: the class. Casts have one class and mean each its own type."""
        return self.name if not self.java_class or self.java_class.endswith(".Cast") else self.java_class, self.group


def listed_functions(spark: Spark) -> list[Listed]:
    """All functions, in the order of their names."""
    names = sorted(row[0] for row in spark.session.sql("SHOW FUNCTIONS").collect())
    return [_listed(spark, name) for name in dict.fromkeys(names)]


def _listed(spark: Spark, name: str) -> Listed:
    identifier = spark.jvm.org.apache.spark.sql.catalyst.FunctionIdentifier
    try:
        info = spark.session._jsparkSession.sessionState().catalog().lookupFunctionInfo(identifier(name))
    except RAISES:
        # What the parser alone knows, such as CASE.
        described = "\n".join(str(row[0]) for row in spark.session.sql(f"DESCRIBE FUNCTION EXTENDED {_quoted(name)}").collect())
        return Listed(name, statements=examples(described) or _UNDESCRIBED.get(name, []))
    return Listed(
        name,
        java_class=info.getClassName(),
        group=info.getGroup(),
        since=info.getSince(),
        deprecated=bool(info.getDeprecated()),
        statements=examples(info.getExamples().replace("_FUNC_", name)) or _UNDESCRIBED.get(name, []),
    )


#: What Spark lists and describes without an example: some operators, and the casts that are called like a function.
_UNDESCRIBED = {
    "!=": ["SELECT 1 != 2", "SELECT 1 != '1'", "SELECT true != NULL"],
    "<>": ["SELECT 1 <> 2", "SELECT 1 <> '1'", "SELECT true <> NULL"],
    "between": ["SELECT 2 BETWEEN 1 AND 3", "SELECT 'b' NOT BETWEEN 'a' AND 'c'"],
    "case": ["SELECT CASE 1 WHEN 1 THEN 'one' WHEN 2 THEN 'two' ELSE 'more' END", "SELECT CASE WHEN 1 > 2 THEN 1.5 END"],
    **{name: [f"SELECT {name}('12')", f"SELECT {name}(' -7.6 ')"] for name in ("bigint", "int", "smallint", "tinyint", "decimal", "double", "float")},
    "binary": ["SELECT binary('abc')", "SELECT binary(7)"],
    "boolean": ["SELECT boolean('true')", "SELECT boolean(2)"],
    "date": ["SELECT date('2020-02-29')", "SELECT date(TIMESTAMP'2020-02-29 23:59:59')"],
    "string": ["SELECT string(1.5)", "SELECT string(DATE'2020-02-29')", "SELECT string(array(1, NULL))"],
    "timestamp": ["SELECT timestamp('2020-02-29 12:30:45.5')", "SELECT timestamp(DATE'2020-02-29')"],
    "||": ["SELECT 'Spark' || 'SQL'", "SELECT array(1, 2, 3) || array(4, 5) || array(6)"],
}


def _quoted(name: str) -> str:
    return name if name.replace("_", "a").isalnum() else f"`{name}`"


#: Marks that Catalyst puts on a tree, and what a tree with the mark is.
_MARKS = {
    "AGGREGATE_EXPRESSION": "aggregate",
    "AGGREGATE": "aggregate",
    "WINDOW_EXPRESSION": "window",
    "WINDOW": "window",
    "GENERATOR": "generator",
    "GENERATE": "generator",
    "CURRENT_LIKE": "session",
}


def classify(spark: Spark, plan: Plan) -> str:
    """ "row" where the values of a statement hang on the row alone, else why not."""
    patterns = spark.jvm.org.apache.spark.sql.catalyst.trees.TreePattern
    analysed = plan.java.queryExecution().analyzed()
    for mark, what in _MARKS.items():
        if analysed.containsPattern(getattr(patterns, mark)()):
            return what
    for expression in listed(analysed.expressions()):
        if not expression.deterministic():
            return "session" if "input_file" in str(expression.toString()) else "not deterministic"
    return "row"
