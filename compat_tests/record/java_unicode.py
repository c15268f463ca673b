"""`python -m compat_tests.record.java_unicode`: write what Java 17 knows about each code point to mabridge/java_regex/unicode.json."""

from __future__ import annotations

import itertools
import json
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pyspark.sql import SparkSession

from compat_tests.record.session import spark_session

TARGET = Path(__file__).resolve().parents[2] / "mabridge/java_regex/unicode.json"

#: `Character.getType` -> general category (the constants of java.lang.Character).
_NAMES = "Cn Lu Ll Lt Lm Lo Mn Me Mc Nd Nl No Zs Zl Zp Cc Cf - Co Cs Pd Ps Pe Pc Po Sm Sc Sk So Pi Pf"
CATEGORIES = dict(enumerate(_NAMES.split(" ")))


def tables(spark: SparkSession) -> dict[str, list[list[Any]]]:
    """For each property, the code points at which its value changes: [[first code point, value], ...]."""
    frame = spark.range(0x110000).selectExpr(
        "id",
        "reflect('java.lang.Character', 'getType', cast(id as int)) AS category",
        "reflect('java.lang.Character', 'isAlphabetic', cast(id as int)) AS alphabetic",
        "reflect('java.lang.Character$UnicodeScript', 'of', cast(id as int)) AS script",
    )
    rows = sorted(frame.collect(), key=lambda row: int(row.id))
    return {
        "category": _runs(CATEGORIES[int(row.category)] for row in rows),
        "alphabetic": _runs(row.alphabetic == "true" for row in rows),
        "script": _runs(row.script for row in rows),
    }


def _runs(values: Iterable[Any]) -> list[list[Any]]:
    first, runs = 0, []
    for value, group in itertools.groupby(values):
        runs.append([first, value])
        first += sum(1 for _ in group)
    return runs


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="record-") as scratch, spark_session(scratch) as spark:
        found = tables(spark)
    TARGET.write_text(json.dumps(found, separators=(",", ":")) + "\n", encoding="ascii")
    print({name: len(runs) for name, runs in found.items()}, TARGET.stat().st_size)
    return 0


if __name__ == "__main__":
    sys.exit(main())
