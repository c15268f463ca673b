"""Questions to Spark: types, values, and which rows it refuses."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from py4j.protocol import Py4JJavaError
from pyspark.errors.exceptions.captured import CapturedException
from pyspark.sql import DataFrame, SparkSession

from compat_tests.sql.cells import AS_TEXT, any_part, arrow_of, from_cells, plain, to_cells

RAISES = (CapturedException, Py4JJavaError)
#: The table that a statement reads.
THIS = "__THIS__"
ROW = "row_number"


@dataclass(frozen=True)
class Plan:
    """What the analyser makes of a statement.

    Attributes:
        statement: what was analysed.
        names: of the output columns.
        kinds: their types, as of Spark's schema JSON.
        java: the Dataset in the JVM.
    """

    statement: str
    names: list[str]
    kinds: list[Any]
    java: Any

    @property
    def item(self) -> str:
        """The only item of a statement `SELECT item AS x FROM table`."""
        return self.statement.removeprefix("SELECT ").rsplit(" AS x FROM ", 1)[0]


@dataclass
class Answer:
    """An expression over a table.

    Attributes:
        kind: its type.
        values: one for each row, null where Spark refuses the row.
        refused: what Spark raises, by row.
        error: what Spark raises whatever the row.
    """

    kind: Any
    values: list[Any] = field(default_factory=list)
    refused: dict[int, dict[str, str | None]] = field(default_factory=dict)
    error: dict[str, str | None] | None = None


def listed(scala: Any) -> list[Any]:
    """A Scala Seq as a list."""
    return [scala.apply(place) for place in range(scala.size())]


def error_of(raised: Exception) -> dict[str, str | None]:
    """The class of Spark's deepest exception and its error condition, where it has one."""
    java: Any = raised.java_exception if isinstance(raised, Py4JJavaError) else raised._origin  # type: ignore[attr-defined]
    return java_error(java)


def java_error(java: Any) -> dict[str, str | None]:
    """The same for an exception in the JVM."""
    condition = None
    while True:
        found = re.match(r"\[([A-Z0-9_.]+)\]", str(java.getMessage() or ""))
        condition = found[1] if found else condition
        if java.getCause() is None:
            return {"class": str(java.getClass().getName()), "condition": condition}
        java = java.getCause()


class Spark:
    """A session that answers.

    Attributes:
        session: pyspark's.
        jvm: its view of the JVM.
    """

    def __init__(self, session: SparkSession, scratch: Path) -> None:
        """Args:
        session: its settings are changed.
        scratch: where tables are kept.
        """
        self.session = session
        self.jvm: Any = session._jvm
        self._scratch = scratch
        self._java: Any = session._jsparkSession
        for key, value in {
            "spark.sql.parquet.datetimeRebaseModeInRead": "CORRECTED",
            "spark.sql.execution.arrow.maxRecordsPerBatch": "100000",
            "spark.sql.adaptive.enabled": "false",
            "spark.sql.codegen.wholeStage": "true",
        }.items():
            session.conf.set(key, value)

    def plan(self, statement: str) -> Plan:
        """The analysed statement.

        Raises:
            CapturedException, Py4JJavaError: Spark refuses it.
        """
        java = self._java.sql(statement)
        fields = listed_fields(java)
        return Plan(statement, [field["name"] for field in fields], [plain(field["type"]) for field in fields], java)

    def values(self, plan: Plan) -> list[list[Any]]:
        """The statement's columns, as JSON values.

        Raises:
            CapturedException, Py4JJavaError: Spark refuses a row.
        """
        java = plan.java
        if any(any_part(kind, as_text) for kind in plan.kinds):
            # Repeated names cannot be selected again.
            java = java.toDF(self._seq([f"x{place}" for place in range(len(plan.kinds))]))
            java = java.selectExpr(
                self._seq([f"CAST(x{place} AS STRING)" if any_part(kind, as_text) else f"x{place}" for place, kind in enumerate(plan.kinds)])
            )
        batches = DataFrame(java, self.session)._collect_as_arrow()
        if not batches:
            return [[] for _ in plan.kinds]
        table = pa.Table.from_batches(batches)
        return [to_cells(table.column(place), "string" if any_part(kind, as_text) else kind) for place, kind in enumerate(plan.kinds)]

    def _seq(self, values: list[Any]) -> Any:
        return self.jvm.PythonUtils.toSeq(values)

    def table(self, name: str, columns: dict[str, tuple[Any, list[Any]]]) -> None:
        """A view of these columns and of `row_number`, which counts from 0."""
        file = self._scratch / f"{name}.parquet"
        rows = len(next(iter(columns.values()))[1]) if columns else 1
        arrays = [from_cells(values, kind) for kind, values in columns.values()]
        table = pa.Table.from_arrays([*arrays, pa.array(range(rows), pa.int32())], names=[*columns, ROW])
        pq.write_table(table, file)
        self.session.read.parquet(str(file)).createOrReplaceTempView(name)

    def drop(self, name: str) -> None:
        """Forget a table."""
        self.session.catalog.dropTempView(name)
        file = self._scratch / f"{name}.parquet"
        shutil.rmtree(file) if file.is_dir() else file.unlink()

    def rows(self, plans: dict[str, Plan], table: str, count: int) -> dict[str, Answer]:
        """Expressions over a table, each where Spark refuses no row of it.

        Args:
            plans: each expression, as the only item of a SELECT over the table.
            table: its name.
            count: its rows.

        Returns:
            What Spark answers; or, where Spark refuses the expression whatever the row, the error.
        """
        if not plans:
            return {}
        answers: dict[str, Answer] = {expression: Answer(plan.kinds[0]) for expression, plan in plans.items()}
        try:
            # Most functions refuse no row.
            self._fill(answers, table, count)
            return answers
        except RAISES:
            pass
        rows = self._java.sql(f"SELECT * FROM {table}").queryExecution().executedPlan().executeCollect()
        for expression, plan in plans.items():
            try:
                answers[expression].refused = self._refused(plan, table, rows, count)
            except RAISES as raised:
                answers[expression].error = error_of(raised)
        usable = {expression: answer for expression, answer in answers.items() if answer.error is None and len(answer.refused) < count}
        try:
            # One statement asks all of them: CASE keeps an expression from the rows that it refuses.
            self._fill(usable, table, count)
        except RAISES:
            for expression, answer in usable.items():
                try:
                    self._fill({expression: answer}, table, count)
                except RAISES as raised:
                    answer.error = error_of(raised)
        return answers

    def _fill(self, answers: dict[str, Answer], table: str, count: int) -> None:
        if not answers:
            return
        items = []
        for expression, answer in answers.items():
            bad = ", ".join(map(str, answer.refused))
            items.append(f"CASE WHEN {ROW} NOT IN ({bad}) THEN {expression} END" if bad else expression)
        asked = self.plan(f"SELECT {', '.join(f'{item} AS x{number}' for number, item in enumerate(items))} FROM {table}")
        for answer, values in zip(answers.values(), self.values(asked), strict=True):
            assert len(values) == count
            answer.values = values

    def _refused(self, planned: Plan, table: str, rows: Any, count: int) -> dict[int, dict[str, str | None]]:
        """What Spark raises row by row: the projection of the optimised plan, applied to each."""
        optimised = planned.java.queryExecution().optimizedPlan()
        leaf = optimised.children().apply(0) if optimised.nodeName() == "Project" else None
        if leaf is None or leaf.output().size() != self._width(table) or not leaf.children().isEmpty():
            return self._refused_one_by_one(planned, table, count)
        # Py4J mistakes one compiled projection for another, as their classes have one name; the good rows are compiled and run as well.
        projection = self.jvm.org.apache.spark.sql.catalyst.expressions.InterpretedMutableProjection(optimised.projectList(), leaf.output())
        refused: dict[int, dict[str, str | None]] = {}
        for row in range(count):
            try:
                projection.apply(rows[row])
            except RAISES as raised:
                refused[row] = error_of(raised)
        return refused

    def _width(self, table: str) -> int:
        return len(self.session.table(table).columns)

    def _refused_one_by_one(self, planned: Plan, table: str, count: int) -> dict[int, dict[str, str | None]]:
        """The same by one statement for each row, where the plan is more than a projection of the table."""
        refused: dict[int, dict[str, str | None]] = {}
        for row in range(count):
            try:
                self.values(self.plan(f"SELECT {planned.item} AS x FROM {table} WHERE {ROW} = {row}"))
            except RAISES as raised:
                refused[row] = error_of(raised)
        return refused


def as_text(kind: Any) -> bool:
    """Whether values of a type are recorded as CAST AS STRING gives them."""
    if isinstance(kind, dict):
        return False
    if AS_TEXT.match(kind):
        return True
    try:
        arrow_of(kind)
    except KeyError:
        return True
    return False


def listed_fields(java: Any) -> list[dict[str, Any]]:
    """The fields of a Dataset's schema, as of its JSON."""
    import json

    fields: list[dict[str, Any]] = json.loads(java.schema().json())["fields"]
    return fields
