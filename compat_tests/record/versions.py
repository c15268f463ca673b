"""`python -m compat_tests.record.versions`: record the layouts with each line of Spark, each in an environment of its own.

The environments lie under build/spark/<line>; pip makes one where there is none (300 to 450 MB each, Java 17 runs them all). A line whose version the
running Python has is recorded by it. The cases are compat_tests/cases/<package>/<class>/saved_by_spark_<line>.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Line:
    """One line of Spark.

    Attributes:
        pyspark: the version of it that records.
        needs: what it runs with, as pip takes it; recording needs neither pandas nor pyarrow.
        pickles_old: whether its own copy of cloudpickle knows no Python 3.11, so that the package's takes its place.
    """

    pyspark: str
    needs: tuple[str, ...] = ("numpy==2.2.6",)
    pickles_old: bool = False


#: The newest patch of each line.
LINES = {
    "3.3": Line("3.3.4", ("numpy==1.26.4", "cloudpickle==3.1.2"), pickles_old=True),
    "3.4": Line("3.4.4", ("numpy==1.26.4",)),
    "3.5": Line("3.5.7"),
    "4.0": Line("4.0.5"),
    "4.1": Line("4.1.4"),
    "4.2": Line("4.2.1"),
    "4.3": Line("4.3.0"),
}


def python_of(line: str) -> Path:
    """The Python that has this line of Spark; made where there is none.

    Args:
        line: as in 4.1.

    Raises:
        subprocess.CalledProcessError: pip cannot install it.
    """
    wanted = LINES[line]
    try:
        if version("pyspark") == wanted.pyspark:
            return Path(sys.executable)
    except PackageNotFoundError:
        pass  # this Python has no Spark at all
    home = ROOT / "build" / "spark" / line
    python, done = home / ".venv" / "bin" / "python", home / f"pyspark-{wanted.pyspark}"
    if done.exists():
        return python
    shutil.rmtree(home, ignore_errors=True)
    subprocess.run([sys.executable, "-m", "venv", str(python.parents[1])], check=True)
    install = [str(python), "-m", "pip", "install", "--quiet", "--no-cache-dir", "--disable-pip-version-check"]
    subprocess.run([*install, f"pyspark=={wanted.pyspark}", *wanted.needs], check=True)
    if wanted.pickles_old:
        (packages,) = (python.parents[1] / "lib").glob("python*/site-packages")
        for file in (packages / "cloudpickle").glob("*.py"):
            shutil.copy(file, packages / "pyspark" / "cloudpickle" / file.name)
        # The workers would take the old copy from here; without it they take what is installed.
        (packages / "pyspark" / "python" / "lib" / "pyspark.zip").unlink()
    done.touch()
    return python


def record_line(line: str, arguments: Sequence[str]) -> int:
    """Record one line in a process of its Python; the exit code."""
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    with tempfile.TemporaryDirectory(prefix="spark-") as scratch:
        command = [str(python_of(line)), "-m", "compat_tests.record.versions", "--here", line, *arguments]
        return subprocess.run(command, env=environment, cwd=scratch, check=False).returncode


def record_here(line: str, only: Sequence[str]) -> int:
    """Record one line with the running Python's pyspark; the exit code."""
    import pyspark
    from py4j.protocol import Py4JJavaError

    from compat_tests.record.layouts import version_of
    from compat_tests.record.layouts_of_models import layouts
    from compat_tests.record.session import spark_session
    from compat_tests.record.spark_errors import CapturedException
    from compat_tests.record.write import RecordError, record

    if not pyspark.__version__.startswith(f"{line}."):
        raise SystemExit(f"This Python has Spark {pyspark.__version__}, not {line}.")
    every = [layout.case(line) for layout in layouts(version_of(line))]
    cases = [case for case in every if not only or any(text in case.path for text in only)]
    failed = 0
    with tempfile.TemporaryDirectory(prefix="record-") as scratch, spark_session(scratch) as spark:
        for number, case in enumerate(cases, 1):
            start = time.monotonic()
            try:
                record(spark, case, scratch)
                outcome = case.expect
            except (RecordError, Py4JJavaError, CapturedException, TypeError, AttributeError) as error:
                failed += 1
                outcome = f"NOT RECORDED: {type(error).__name__}: {str(error).splitlines()[0]}"
            print(f"[{number}/{len(cases)}] {case.path}: {outcome} ({time.monotonic() - start:.1f} s)", flush=True)
    print(f"Spark {pyspark.__version__}: {len(cases) - failed} of {len(cases)} cases recorded")
    return 1 if failed else 0


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m compat_tests.record.versions", description="Record the layouts with each line of Spark.")
    parser.add_argument("--spark", metavar="LINE", nargs="+", choices=LINES, help=f"only these lines of {', '.join(LINES)}")
    parser.add_argument("--only", metavar="TEXT", action="append", default=[], help="only cases whose path holds this text; may be repeated")
    parser.add_argument("--here", metavar="LINE", choices=LINES, help="record this line with the Python that runs, and make no environment")
    options = parser.parse_args()
    if options.here:
        return record_here(options.here, options.only)
    arguments = [part for text in options.only for part in ("--only", text)]
    return max(record_line(line, arguments) for line in options.spark or LINES)


if __name__ == "__main__":
    sys.exit(main())
