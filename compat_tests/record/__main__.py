"""`python -m compat_tests.record`: record the cases from real Spark."""

from __future__ import annotations

import argparse
import fnmatch
import sys
import tempfile
import time
from collections import Counter

import pyspark
from py4j.protocol import Py4JJavaError

from compat_tests.record.catalogue import all_cases
from compat_tests.record.layouts import version_of
from compat_tests.record.layouts_of_models import layouts
from compat_tests.record.session import spark_session
from compat_tests.record.spark_errors import CapturedException
from compat_tests.record.versions import LINES
from compat_tests.record.write import CASES, RecordError, record


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m compat_tests.record", description="Record the cases from real Spark (pyspark must be installed).")
    parser.add_argument("--only", metavar="PATTERN", action="append", help="only cases whose path holds this text or matches this glob; may be repeated")
    parser.add_argument("--missing", action="store_true", help="only cases that have no folder yet")
    parser.add_argument("--list", action="store_true", help="print the cases and record nothing")
    arguments = parser.parse_args()
    cases = all_cases()
    twice = [path for path, count in Counter(case.path for case in cases).items() if count > 1]
    if twice:
        parser.error(f"defined twice: {', '.join(twice)}")
    known = {case.path for case in cases} | {layout.case(line).path for line in LINES for layout in layouts(version_of(line))}
    if arguments.only:
        cases = [case for case in cases if any(pattern in case.path or fnmatch.fnmatch(case.path, pattern) for pattern in arguments.only)]
    if arguments.missing:
        cases = [case for case in cases if not (CASES / case.path / "case.json").exists()]
    here = [case for case in cases if pyspark.__version__.startswith(case.spark)]
    if len(here) < len(cases):
        print(f"{len(cases) - len(here)} cases are of another Spark than {pyspark.__version__} and left alone")
    cases = here
    if arguments.list:
        print("\n".join(f"{case.path}: {case.title}" for case in cases))
        return 0
    failed = 0
    with tempfile.TemporaryDirectory(prefix="record-") as scratch, spark_session(scratch) as spark:
        for number, case in enumerate(cases, 1):
            start = time.monotonic()
            try:
                record(spark, case, scratch)
                outcome = case.expect
            except (RecordError, Py4JJavaError, CapturedException) as error:
                failed += 1
                outcome = f"NOT RECORDED: {str(error).splitlines()[0]}"
            print(f"[{number}/{len(cases)}] {case.path}: {outcome} ({time.monotonic() - start:.1f} s)", flush=True)
    stale = sorted(path for path in (str(file.parent.relative_to(CASES)) for file in CASES.glob("*/*/*/case.json")) if path not in known)
    for path in stale:
        print(f"{path}: recorded once, defined no more; remove it")
    print(f"{len(cases) - failed} of {len(cases)} cases recorded")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
