"""Ask Spark 3.5.7 for the answers of date_cases.py: `python compat_tests/unit/sql/functions/record_dates.py`."""

from __future__ import annotations

import dataclasses
import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq
from date_cases import ANSWERS, COLUMNS, CONSTANTS, Answer, cells, expressions, table

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


def _ask(spark: SparkSession, texts: list[str], view: str) -> list[tuple[str, str, list[object] | None]]:
    """Name, type and values of each expression; all at once, halved where one is refused."""
    from pyspark.errors import PySparkException

    try:
        frame = spark.sql(f"SELECT {', '.join(texts)} FROM {view}")
        kinds = [field.dataType.simpleString() for field in frame.schema.fields]
        with tempfile.TemporaryDirectory() as folder:
            frame.toDF(*[f"c{place}" for place in range(len(texts))]).coalesce(1).write.mode("overwrite").parquet(folder)
            found = pq.ParquetDataset(folder).read()
        arrays = [found.column(place).combine_chunks() for place in range(len(texts))]
        columns = [array.chunk(0) if isinstance(array, pa.ChunkedArray) else array for array in arrays]
        return [(name, kind, cells(column)) for name, kind, column in zip(frame.columns, kinds, columns, strict=True)]
    except PySparkException:
        if len(texts) == 1:
            return [("", "", None)]
        half = len(texts) // 2
        return _ask(spark, texts[:half], view) + _ask(spark, texts[half:], view)


def main() -> None:
    """Write the answers."""
    from pyspark.sql import SparkSession

    session = SparkSession.builder.master("local[1]").config("spark.driver.memory", "1g").config("spark.ui.enabled", "false")
    for name in ("datetimeRebaseModeInRead", "datetimeRebaseModeInWrite"):
        session = session.config(f"spark.sql.parquet.{name}", "CORRECTED")
    spark = session.config("spark.sql.parquet.outputTimestampType", "TIMESTAMP_MICROS").getOrCreate()
    assert spark.version == "3.5.7"
    spark.sparkContext.setLogLevel("OFF")
    answers: list[Answer] = []
    with tempfile.TemporaryDirectory() as folder:
        pq.write_table(table(), Path(folder, "t.parquet"))
        spark.read.parquet(folder).coalesce(1).createOrReplaceTempView("t")
        for file, sessions, view in (("date_expressions.txt", CONSTANTS, "(SELECT 1)"), ("date_columns.txt", COLUMNS, "t")):
            texts = expressions(file)
            for zone, ansi in sessions:
                spark.conf.set("spark.sql.session.timeZone", zone)
                spark.conf.set("spark.sql.ansi.enabled", str(ansi).lower())
                for start in range(0, len(texts), 16):
                    part = texts[start : start + 16]
                    found = _ask(spark, part, view)
                    answers += [Answer(text, zone, ansi, view == "t", *answer) for text, answer in zip(part, found, strict=True)]
    spark.stop()
    lines = [json.dumps(list(dataclasses.astuple(answer)), separators=(",", ":")) for answer in answers]
    ANSWERS.write_text("[\n" + ",\n".join(lines) + "\n]\n")


if __name__ == "__main__":
    main()
