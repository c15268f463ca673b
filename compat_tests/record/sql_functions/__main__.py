"""`python -m compat_tests.record.sql_functions`: ask the installed Spark, and write compat_tests/sql/<version>."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from compat_tests.record.session import settings, spark_session
from compat_tests.record.sql_functions.ask import RAISES, Spark
from compat_tests.record.sql_functions.cases import HARD, Case, example_cases, hard_cases, hard_expressions, varied_cases
from compat_tests.record.sql_functions.catalogue import Listed, listed_functions
from compat_tests.record.sql_functions.hard_values import hard_table

SQL = Path(__file__).resolve().parents[2] / "sql"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m compat_tests.record.sql_functions", description="Record Spark's answers for every SQL function.")
    parser.add_argument("--only", metavar="NAME", action="append", help="only this function; may be repeated; functions.json is left alone")
    parser.add_argument("--missing", action="store_true", help="only functions that have no file yet")
    arguments = parser.parse_args()
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="record-") as scratch, spark_session(scratch) as session:
        spark = Spark(session, Path(scratch))
        home = SQL / str(session.version)
        (home / "functions").mkdir(parents=True, exist_ok=True)
        spark.table(HARD, hard_table())
        _write(home / "hard_values.json", [{name: [kind, values]} for name, (kind, values) in hard_table().items()])
        functions = listed_functions(spark)
        known = _read_summary(home)
        asked_before: dict[tuple[str, str], str] = {}
        for function in functions:
            same = asked_before.setdefault((function.java_class, function.group), function.name) if function.java_class else function.name
            file = home / "functions" / f"{file_name(function.name)}.json"
            if (arguments.only and function.name not in arguments.only) or (arguments.missing and function.name in known):
                continue
            began = time.monotonic()
            cases = _cases(spark, function, alias=same != function.name)
            if cases:
                _write(file, cases)
            known[function.name] = _summary(function, same, cases)
            _write_summary(home, known)
            print(f"{function.name}: {len(cases)} cases ({time.monotonic() - began:.1f} s)", flush=True)
    print(f"{len(functions)} functions, {sum(bool(entry['row_level']) for entry in known.values())} of them row-level, {time.monotonic() - started:.0f} s")
    return 0


def _cases(spark: Spark, function: Listed, *, alias: bool) -> list[Case]:
    """All cases of one function; an alias is asked its examples alone."""
    cases = example_cases(spark, function)
    if not function.row_level:
        return cases
    try:
        cases += varied_cases(spark, function)
        if alias:
            return cases
        expressions = hard_expressions(spark, function)
    except RAISES as raised:
        raise RuntimeError(function.name) from raised
    default = spark.session.conf.get("spark.sql.ansi.enabled") == "true"
    if not expressions:
        return cases
    if not default:
        lenient = hard_cases(spark, expressions, "hard")
        cases += lenient
        before = {case["expression"]: {name: value for name, value in case.items() if name != "id"} for case in lenient}
    else:
        before = {}
    with settings(spark.session, {"spark.sql.ansi.enabled": "true"}):
        strict = hard_cases(spark, expressions, "hard_ansi")
    # Under ANSI only what differs.
    cases += [
        case | {"ansi": True} for case in strict if json.dumps(before.get(case["expression"])) != json.dumps({k: v for k, v in case.items() if k != "id"})
    ]
    return cases


def file_name(function: str) -> str:
    """A function's name as a file's; operators by their characters' codes."""
    return function if function.replace("_", "a").isalnum() else "operator_" + "_".join(f"{ord(char):x}" for char in function)


def _summary(function: Listed, same: str, cases: list[Case]) -> dict[str, Any]:
    return {
        "class": function.java_class,
        "group": function.group,
        "since": function.since,
        **({"deprecated": True} if function.deprecated else {}),
        "row_level": function.row_level,
        "examples": function.why,
        **({"alias_of": same} if same != function.name else {}),
        "cases": sum("not_recorded" not in case for case in cases),
    }


def _read_summary(home: Path) -> dict[str, Any]:
    file = home / "functions.json"
    return json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}


def _write_summary(home: Path, known: dict[str, Any]) -> None:
    lines = ",\n".join(f" {json.dumps(name)}: {json.dumps(known[name])}" for name in sorted(known))
    (home / "functions.json").write_text(f"{{\n{lines}\n}}\n", encoding="utf-8")


def _write(file: Path, cases: list[Any]) -> None:
    """A JSON list, one case a line."""
    lines = ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases)
    file.write_text(f"[\n{lines}\n]\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
