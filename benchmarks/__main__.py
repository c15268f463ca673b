"""Measure every side on every pipeline, in turns, and write a dated result: python -m benchmarks [--rows N] [--only NAME,...]"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks.data import make_data
from benchmarks.pipelines import PIPELINES
from benchmarks.report import write_readme
from benchmarks.sides import SIDES, spark_session

HERE = Path(__file__).resolve().parent
WORK = HERE.parent / "build" / "benchmarks"
#: The rows that models are fitted on; speed does not depend on how good they are.
TRAINING_ROWS = 40_000


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measure converted models beside Spark, on the same cores, in one run.")
    parser.add_argument("--rows", type=int, default=1_000_000, help="rows of the input (default: 1000000)")
    parser.add_argument("--only", default=",".join(PIPELINES), metavar="NAME,...", help="pipelines (default: all)")
    parser.add_argument("--sides", default=",".join(SIDES), metavar="SIDE,...", help="sides (default: all)")
    parser.add_argument("--runs", type=int, default=5, help="runs of each process; the first two are not counted (default: 5)")
    parser.add_argument("--rounds", type=int, default=1, help="how often each side gets its turn (default: 1)")
    parser.add_argument("--cores", type=int, default=2, help="cores for each side (default: 2)")
    options = parser.parse_args()
    names, sides = options.only.split(","), options.sides.split(",")
    data = make_data(WORK / f"rows-{options.rows}.parquet", options.rows)
    fit_missing(names, make_data(WORK / f"rows-{TRAINING_ROWS}.parquet", TRAINING_ROWS))
    found: dict[str, dict[str, Any]] = {}
    for name in names:
        figures: dict[str, list[dict[str, Any]]] = {side: [] for side in sides}
        for _ in range(options.rounds):
            for side in sides:
                figures[side].append(measure(side, name, data, options))
                print(f"{name} {side}: {statistics.median(figures[side][-1]['seconds'][2:] or figures[side][-1]['seconds']):.3f} s", flush=True)
        found[name] = figures
    result = {"date": dt.date.today().isoformat(), "rows": options.rows, "cores": options.cores, "machine": machine(), "versions": versions(), "figures": found}
    target = HERE / "results" / f"{result['date']}-{options.rows}.json"
    if names == list(PIPELINES) and sides == list(SIDES):
        target.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
        write_readme(HERE)
    else:
        print(json.dumps(result["figures"], indent=1))
    return 0


def fit_missing(names: list[str], training: Path) -> None:
    """Fit and convert the models that are not there yet."""
    import mabridge

    missing = [name for name in names if not (WORK / "models" / name / "spark").exists()]
    if missing:
        with spark_session(2) as session:
            rows = session.read.parquet(str(training)).cache()
            for name in missing:
                PIPELINES[name].fit(rows).write().overwrite().save(str(WORK / "models" / name / "spark"))
    for name in names:
        mabridge.convert(WORK / "models" / name / "spark", WORK / "models" / name / "mabridge", overwrite=True)


def measure(side: str, name: str, data: Path, options: argparse.Namespace) -> dict[str, Any]:
    """Run one side as a process of its own."""
    out = WORK / "out"
    command = [sys.executable, "-m", "benchmarks.sides", side, name, str(WORK / "models"), str(data), str(out), str(options.runs), str(options.cores)]
    done = subprocess.run(command, cwd=HERE.parent, capture_output=True, text=True, check=False, env={**os.environ, "PYTHONWARNINGS": "ignore"})
    shutil.rmtree(out, ignore_errors=True)
    if done.returncode:
        raise SystemExit(f"{side} failed on {name}:\n{done.stderr[-2000:]}")
    figures: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return figures


def machine() -> dict[str, Any]:
    """What the figures were taken on."""
    model = next((line.partition(":")[2].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")), "unknown")
    return {"processor": model, "cores": os.cpu_count(), "system": platform.system(), "python": platform.python_version()}


def versions() -> dict[str, str]:
    """Of the packages that take part."""
    return {name: version(name) for name in ("mabridge", "pyspark", "ray", "numpy", "pyarrow", "numba", "onnxruntime")}


if __name__ == "__main__":
    raise SystemExit(main())
