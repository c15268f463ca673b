"""Saved models that were made to harm, refused in bounded time and memory; and models that are only large, which work."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from compat_tests.unit.hostile_models import REFUSED, WORKING, write_rows

#: Seconds of processor time, and KiB of memory over what the process takes before: for what is refused, and for what is large and works.
REFUSED_WITHIN, WORKING_WITHIN = (10.0, 1 << 20), (20.0, 5 << 18)

#: Converts each model that a line of stdin names and, where it names rows too, predicts with it; one line of JSON says what became of it.
RUNNER = """
import json, resource, sys
import mabridge, mabridge.conversion, mabridge.model, mabridge.run, mabridge.plan.translate, mabridge.saved.tables
from mabridge.errors import MabridgeError
from mabridge.lower.predictors.trees import tree_kernel
resource.setrlimit(resource.RLIMIT_AS, (6 << 30, 6 << 30))
tree_kernel()

def memory(name):
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith(name))

for line in sys.stdin:
    model, rows, out = json.loads(line)
    open("/proc/self/clear_refs", "w").write("5")
    base, start = memory("VmRSS"), resource.getrusage(resource.RUSAGE_SELF)
    try:
        converted = mabridge.convert(model, out + ".model")
        if rows:
            mabridge.run.predict(out + ".model", rows, out, workers=1, progress=False)
        text = ""
    except MabridgeError as error:
        text = f"{type(error).__name__}: {error}"
    except Exception as error:
        text = f"Not refused but {type(error).__name__}: {error}"
    converted = None
    end = resource.getrusage(resource.RUSAGE_SELF)
    seconds = end.ru_utime + end.ru_stime - start.ru_utime - start.ru_stime
    print(json.dumps({"text": text, "seconds": seconds, "kibibytes": memory("VmHWM") - base}), flush=True)
"""


def outcomes(folder: Path, models: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """What a process of its own makes of each model."""
    lines = []
    for position, (write, rows) in enumerate(models.values()):
        write(folder / str(position))
        data = folder / f"{position}.parquet"
        if not isinstance(rows, str):
            write_rows(data, rows)
        lines.append(json.dumps([str(folder / str(position)), None if isinstance(rows, str) else str(data), str(folder / f"{position}.out")]))
    done = subprocess.run([sys.executable, "-c", RUNNER], input="\n".join(lines), capture_output=True, text=True, check=False, timeout=900)
    assert (done.returncode, done.stderr) == (0, "")
    return dict(zip(models, map(json.loads, done.stdout.splitlines()), strict=True))


def assert_bounded(outcome: dict[str, Any], bounds: tuple[float, int]) -> None:
    assert outcome["seconds"] < bounds[0]
    assert outcome["kibibytes"] < bounds[1]


@pytest.fixture(scope="module")
def refusals(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    folder = tmp_path_factory.mktemp("refused")
    found = outcomes(folder, REFUSED)
    assert not list(folder.glob("*.out*"))
    return found


@pytest.mark.parametrize("name", REFUSED)
def test_a_hostile_model_is_refused_in_time_and_memory(refusals: dict[str, dict[str, Any]], name: str) -> None:
    outcome = refusals[name]
    assert re.match(r"(Malformed|Missing|Unsupported)\w+Error: ", outcome["text"]), outcome
    assert REFUSED[name][1] in outcome["text"]
    assert len(outcome["text"]) < 10_000
    assert_bounded(outcome, REFUSED_WITHIN)


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, dict[str, Any]]]:
    folder = tmp_path_factory.mktemp("large")
    return folder, outcomes(folder, WORKING)


#: The last column of what must work, by name.
ANSWERS: dict[str, list[Any]] = {
    "a tree of a million nodes": [2.0**20 - 2] * 10,
    "a tree of a million nodes in a zip": [2.0**20 - 2] * 10,
    "a million labels": [5.0, 999_999.0, 1e6, 1e6],
    "ten million labels": [5.0, 9_999_999.0, 1e7, 1e7],
    "ten million categories": [{"type": 0, "size": 10**7 - 1, "indices": [at], "values": [1.0]} for at in (0, 5, 9_999_998)],
    "a split of a hundred thousand categories": [1.0, 2.0],
}


@pytest.mark.heavy
@pytest.mark.parametrize("name", WORKING)
def test_a_large_model_works_in_time_and_memory(large: tuple[Path, dict[str, dict[str, Any]]], name: str) -> None:
    folder, found = large
    assert found[name]["text"] == ""
    out = folder / f"{list(WORKING).index(name)}.out"
    table = pq.read_table(next(out.glob("part-*")))
    assert table.num_rows == WORKING[name][1].num_rows
    if name in ANSWERS:
        assert table.columns[-1].to_pylist() == ANSWERS[name]
    assert_bounded(found[name], WORKING_WITHIN)
