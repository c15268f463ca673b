"""`python -m compat_tests.record.sql_functions`: ask the installed Spark, and write compat_tests/sql/<version>."""

from __future__ import annotations

import argparse
import json
import logging
import sys
import tempfile
import time
import traceback
from pathlib import Path
from typing import Any

from compat_tests.record.session import settings, spark_session
from compat_tests.record.sql_functions.ask import Spark
from compat_tests.record.sql_functions.cases import HARD, Case, example_cases, hard_cases, hard_expressions, varied_cases
from compat_tests.record.sql_functions.catalogue import Listed, listed_functions
from compat_tests.record.sql_functions.hard_values import hard_table

PARTS = ("examples", "hard values")
#: How many hard combinations are asked under ANSI too, where that is not the version's default.
UNDER_ANSI = 4
SQL = Path(__file__).resolve().parents[2] / "sql"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m compat_tests.record.sql_functions", description="Record Spark's answers for every SQL function.")
    parser.add_argument("--only", metavar="NAME", action="append", help="only this function; may be repeated; functions.json is left alone")
    parser.add_argument("--missing", action="store_true", help="only functions that have no file yet")
    parser.add_argument("--part", choices=PARTS, action="append", help="only this part of the cases; may be repeated")
    arguments = parser.parse_args()
    # Spark 4 writes each exception to Python's log.
    logging.disable()
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="record-") as scratch, spark_session(scratch) as session:
        spark = Spark(session, Path(scratch))
        home = SQL / str(session.version)
        (home / "functions").mkdir(parents=True, exist_ok=True)
        spark.table(HARD, hard_table())
        _write(home / "hard_values.json", [{name: [kind, values]} for name, (kind, values) in hard_table().items()])
        functions = listed_functions(spark)
        known = _read_summary(home)
        failed: list[str] = []
        first_of: dict[tuple[str, str], str] = {}
        same = {function.name: first_of.setdefault(function.meaning, function.name) for function in functions}
        # All examples come first, so that a run that is stopped has something of every function.
        for part in arguments.part or PARTS:
            for function in functions:
                entry = known.get(function.name)
                done = arguments.missing and entry is not None and (part == "examples" or not entry.get("unfinished"))
                if part == "hard values" and not (entry and entry["row_level"]):
                    continue
                if done or (arguments.only and function.name not in arguments.only):
                    continue
                began = time.monotonic()
                file = home / "functions" / f"{file_name(function.name)}.json"
                try:
                    cases = _examples(spark, function) if part == "examples" else [*_read(file), *_hard(spark, function, alias_of=same[function.name])]
                except Exception:
                    # The next functions are recorded all the same.
                    failed.append(function.name)
                    traceback.print_exc()
                    continue
                if part == "examples":
                    known[function.name] = _summary(function, same[function.name]) | ({"unfinished": True} if function.row_level else {})
                elif function.name in known:
                    known[function.name].pop("unfinished", None)
                known[function.name]["cases"] = sum("not_recorded" not in case for case in cases)
                if cases:
                    _write(file, cases)
                else:
                    file.unlink(missing_ok=True)
                _write_summary(home, known)
                print(f"{function.name}: {len(cases)} cases with {part} ({time.monotonic() - began:.1f} s)", flush=True)
    print(f"{len(functions)} functions, {sum(bool(entry['row_level']) for entry in known.values())} of them row-level, {time.monotonic() - started:.0f} s")
    print(f"not recorded: {', '.join(failed) or 'none'}")
    return 1 if failed else 0


def _examples(spark: Spark, function: Listed) -> list[Case]:
    """The examples of one function, and their variations."""
    cases = example_cases(spark, function)
    return cases + varied_cases(spark, function) if function.row_level else cases


def _hard(spark: Spark, function: Listed, *, alias_of: str) -> list[Case]:
    """The cases of one function over hard values; none of an alias."""
    expressions = hard_expressions(spark, function) if alias_of == function.name else []
    if not expressions:
        return []
    if spark.session.conf.get("spark.sql.ansi.enabled") == "true":
        return hard_cases(spark, expressions, "hard")
    lenient = hard_cases(spark, expressions, "hard")
    with settings(spark.session, {"spark.sql.ansi.enabled": "true"}):
        strict = hard_cases(spark, expressions[:UNDER_ANSI], "hard_ansi")
    before = {case["expression"]: _without_id(case) for case in lenient}
    return [*lenient, *(case | {"ansi": True} for case in strict if _without_id(case) != before[case["expression"]])]


def _without_id(case: Case) -> str:
    # NaN is unlike itself, but its text is not.
    return json.dumps({name: value for name, value in case.items() if name != "id"})


def file_name(function: str) -> str:
    """A function's name as a file's; operators by their characters' codes."""
    return function if function.replace("_", "a").isalnum() else "operator_" + "_".join(f"{ord(char):x}" for char in function)


def _summary(function: Listed, same: str) -> dict[str, Any]:
    return {
        "class": function.java_class,
        "group": function.group,
        "since": function.since,
        **({"deprecated": True} if function.deprecated else {}),
        "row_level": function.row_level,
        "examples": function.why,
        **({"alias_of": same} if same != function.name else {}),
    }


def _read_summary(home: Path) -> dict[str, Any]:
    file = home / "functions.json"
    return json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}


def _read(file: Path) -> list[Case]:
    """A function's cases but those of hard values, which are asked anew."""
    found: list[Case] = json.loads(file.read_text(encoding="utf-8")) if file.exists() else []
    return [case for case in found if not case["id"].startswith("hard")]


def _write_summary(home: Path, known: dict[str, Any]) -> None:
    lines = ",\n".join(f" {json.dumps(name)}: {json.dumps(known[name])}" for name in sorted(known))
    (home / "functions.json").write_text(f"{{\n{lines}\n}}\n", encoding="utf-8")


def _write(file: Path, cases: list[Any]) -> None:
    """A JSON list, one case a line."""
    lines = ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases)
    file.write_text(f"[\n{lines}\n]\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
