"""The types that Spark's analyser gives expressions, recorded in data/resolved_types.json.

`python compat_tests/unit/sql/resolved_types.py` asks Spark 3.5.7 and writes the file anew.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

FILE = Path(__file__).with_name("data") / "resolved_types.json"

#: The columns that the expressions read, by name.
COLUMNS = {
    "y": "tinyint",
    "i": "int",
    "l": "bigint",
    "f": "float",
    "d": "double",
    "e": "decimal(10,2)",
    "w": "decimal(38,18)",
    "s": "string",
    "t": "boolean",
    "da": "date",
    "ts": "timestamp",
}
_OPERANDS = (*COLUMNS, "NULL", "7", "2.50")
_SHAPES = (
    "{} + {}",
    "{} * {}",
    "{} / {}",
    "{} % {}",
    "{} DIV {}",
    "{} & {}",
    "{} || {}",
    "{} = {}",
    "{} <=> {}",
    "{} < {}",
    "coalesce({}, {})",
    "greatest({}, {})",
    "if(t, {}, {})",
    "{} IN ({}, d)",
    "CASE WHEN t THEN {} WHEN NOT t THEN {} END",
)
_SINGLE = (
    "-{}",
    "~{}",
    "NOT {}",
    "{} IS NULL",
    "{} AND t",
    "abs({})",
    "sqrt({})",
    "round({}, 1)",
    "ceil({})",
    "lower({})",
    "length({})",
    "{} LIKE 'a%'",
    "isnan({})",
)
_CASTS = ("boolean", "tinyint", "int", "bigint", "float", "double", "decimal(5,2)", "string", "date", "timestamp")

EXPRESSIONS = (
    *(shape.format(left, right) for shape in _SHAPES for left in _OPERANDS for right in _OPERANDS),
    *(shape.format(operand) for shape in _SINGLE for operand in _OPERANDS),
    *(f"{cast}({operand} AS {kind})" for cast in ("CAST", "TRY_CAST") for kind in _CASTS for operand in _OPERANDS),
)


def ask(spark: SparkSession, *, ansi: bool) -> dict[str, str]:
    """Each expression's type; `refused` where the analyser refuses it."""
    from py4j.protocol import Py4JJavaError
    from pyspark.errors import PySparkException

    session = spark._jsparkSession
    spark.createDataFrame([], ", ".join(f"{name} {kind}" for name, kind in COLUMNS.items())).createOrReplaceTempView("typed_columns")
    before = spark.conf.get("spark.sql.ansi.enabled")
    spark.conf.set("spark.sql.ansi.enabled", str(ansi).lower())
    found = {}
    try:
        for text in EXPRESSIONS:
            try:
                # The optimizer takes no part: a constant that cannot be computed has a type all the same.
                found[text] = session.sql(f"SELECT {text} AS x FROM typed_columns").schema().apply(0).dataType().simpleString()
            except (PySparkException, Py4JJavaError):
                found[text] = "refused"
    finally:
        spark.conf.set("spark.sql.ansi.enabled", before or "false")
    return found


def recorded(*, ansi: bool) -> dict[str, str]:
    """What Spark answered when the file was written."""
    answers = json.loads(FILE.read_text())["ansi" if ansi else "default"]
    return {text: kind for kind, texts in answers.items() for text in texts}


def main() -> None:
    """Ask Spark and write the file."""
    from mabridge.parity import spark_session as sessions
    from mabridge.plan.reference import Reference

    written: dict[str, dict[str, list[str]]] = {}
    with sessions.spark_session(Reference("3.5.7"), master="local[2]", driver_memory="1g") as spark:
        for ansi in (False, True):
            by_type: dict[str, list[str]] = {}
            for text, kind in ask(spark, ansi=ansi).items():
                by_type.setdefault(kind, []).append(text)
            written["ansi" if ansi else "default"] = {kind: sorted(texts) for kind, texts in by_type.items()}
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_text(json.dumps(written, indent=0, sort_keys=True) + "\n")


if __name__ == "__main__":
    main()
