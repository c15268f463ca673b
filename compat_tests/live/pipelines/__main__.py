"""Draw pipelines, fit them with live Spark, compare: `python -m compat_tests.live.pipelines --count 300 --seed 1`; `--only 17` runs one of them again.

Prints each pipeline that differs as a recipe, and ends with 1 where there is one.
"""

from __future__ import annotations

import argparse
import os
import sys
import time

from compat_tests.live.pipelines.run import Summary, run
from mabridge.parity.spark_session import spark_session
from mabridge.plan.reference import Reference


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=100, help="how many pipelines")
    parser.add_argument("--seed", type=int, default=1, help="of the draws")
    parser.add_argument("--first", type=int, default=0, help="the number of the first")
    parser.add_argument("--only", type=int, help="the number of one pipeline to run again, with its recipe")
    given = parser.parse_args()
    numbers = range(given.first, given.first + given.count) if given.only is None else range(given.only, given.only + 1)
    # Every plan runs once: the JVM's second compiler would only take the cores from it.
    os.environ.setdefault("JDK_JAVA_OPTIONS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")
    started = time.perf_counter()
    summary = Summary()
    try:
        with spark_session(Reference("3.5.7"), master="local[2]", driver_memory="1g") as session:
            run(session, given.seed, numbers, summary, say=lambda text: print(text, flush=True), loud=given.only is not None)
    finally:
        print(summary.text(time.perf_counter() - started))
    sys.stdout.flush()
    return 1 if summary.failed else 0


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    os._exit(code)
