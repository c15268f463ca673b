"""Ask Spark for the answers to SQL expressions over small tables, and keep them in a JSON file."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

Texts = Mapping[str, tuple[str, ...]]


def plain(value: Any) -> Any:
    """A value of Arrow's `to_pylist` as JSON keeps it."""
    match value:
        case float() | int() | str() | None:
            return value
        case Decimal() | bytes() | dt.date():
            return {type(value).__name__: value.hex() if isinstance(value, bytes) else str(value)}
        case dict():
            return {"fields": [plain(part) for part in value.values()]}
    return [plain(part) for part in value]


def expressions(file: Path) -> dict[str, tuple[str, ...]]:
    """The expressions of a file, one a line, by the table whose name stands in brackets above them."""
    found: dict[str, list[str]] = {}
    for line in file.read_text().splitlines():
        if line.startswith("["):
            table = found.setdefault(line[1:-1], [])
        else:
            table.append(line)
    return {name: tuple(texts) for name, texts in found.items()}


def recorded(file: Path) -> dict[str, Any]:
    """What `record` wrote."""
    found: dict[str, Any] = json.loads(file.read_text())
    return found


def batches(frame: Any) -> Any:
    """A data frame's rows as an Arrow table; maps keep their order."""
    import pyarrow as pa

    return pa.Table.from_batches(frame._collect_as_arrow())


def ask(spark: Any, tables: Mapping[str, str], texts: Texts, *, ansi: bool) -> dict[str, dict[str, Any]]:
    """Spark's answers: by table and expression the name, the type and the values, or None where Spark refuses."""
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException

    spark.conf.set("spark.sql.ansi.enabled", "false")
    for name, select in tables.items():
        # Cached, so that expressions over it are not folded.
        spark.sql(select).cache().createOrReplaceTempView(name)
    spark.conf.set("spark.sql.ansi.enabled", str(ansi).lower())
    answers: dict[str, dict[str, Any]] = {}
    for table, expressions in texts.items():
        answers[table] = {}
        for text in expressions:
            try:
                frame = spark.sql(f"SELECT {text} FROM {table}")
            except (PySparkException, Py4JError):
                answers[table][text] = None
                continue
            field = frame.schema[0]
            try:
                rows = [plain(value) for value in batches(frame).column(0).to_pylist()]
            except (PySparkException, Py4JError, TypeError):
                try:
                    frame._jdf.collect()
                except (PySparkException, Py4JError):
                    answers[table][text] = None
                    continue
                # The type has no counterpart in Arrow.
                rows = []
            answers[table][text] = [field.name, field.dataType.simpleString(), rows]
        print(table, len(expressions), flush=True)
    return answers


def record(file: Path, tables: Mapping[str, str], texts: Texts) -> None:
    """Ask Spark 3.5.7 in both error modes and write the file.

    Args:
        file: to write.
        tables: name to the SELECT that makes it.
        texts: the expressions by the table that they read.
    """
    from mabridge.parity.spark_session import spark_session
    from mabridge.plan.reference import Reference

    with spark_session(Reference("3.5.7"), master="local[1]", driver_memory="1g") as spark:
        found: dict[str, Any] = {"tables": {}}
        for name, select in tables.items():
            frame = spark.sql(select)
            columns = batches(frame)
            found["tables"][name] = {
                field.name: [field.dataType.simpleString(), [plain(value) for value in columns.column(place).to_pylist()]]
                for place, field in enumerate(frame.schema)
            }
        found["answers"] = ask(spark, tables, texts, ansi=False)
        ansi = ask(spark, tables, texts, ansi=True)
        found["ansi"] = {table: {text: answer for text, answer in rows.items() if answer != found["answers"][table][text]} for table, rows in ansi.items()}
    file.parent.mkdir(exist_ok=True)
    file.write_text(json.dumps(found, ensure_ascii=False, indent=0, separators=(",", ":")) + "\n")
