"""What is imported when: heavy packages only where they are used. Each test asks a fresh process."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pytest

import mabridge
from compat_tests.repo.translators import CASES, ROOT
from mabridge.model import Model
from mabridge.plan.op import StageRef, Step
from mabridge.plan.ops import AssembleVector, LookupIndex
from mabridge.plan.reference import Reference

HEAVY = frozenset({"ray", "torch", "pyspark", "pandas", "mlflow", "numba", "onnx", "ndonnx", "onnxruntime", "sqlglot", "rich"})
#: pyarrow itself imports pandas, where it is installed, to ask whether a value is a Series.
RUNNING = HEAVY - {"pandas"}
LOGISTIC = ROOT / "examples" / "flights" / "models" / "logistic"


def loaded(code: str, *arguments: str, **environment: str) -> set[str]:
    """The top-level packages that are loaded in a fresh process after `code`; what it prints and warns about must be nothing."""
    command = [sys.executable, "-c", f"import sys\n{code}\nprint(*sorted({{name.split('.')[0] for name in sys.modules}}))", *arguments]
    kept = {name: value for name, value in os.environ.items() if name in ("PYTHONPATH", "HOME")}
    done = subprocess.run(command, env={**kept, "PATH": "/nowhere", **environment}, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return set(done.stdout.splitlines()[-1].split())


@pytest.mark.parametrize("module", ["mabridge", "mabridge.sdk", "mabridge.cli", "mabridge.errors", "mabridge.registry"])
def test_importing_loads_nothing_heavy(module: str) -> None:
    assert loaded(f"import {module}") & HEAVY == set()


@pytest.mark.parametrize("name", sorted(HEAVY))
def test_the_check_sees_what_is_imported(name: str) -> None:
    assert name in loaded(f"import mabridge, types\nsys.modules[{name!r}] = types.ModuleType({name!r})")


def test_every_translator_loads_nothing_heavy() -> None:
    code = (
        "from mabridge.registry import find_translator, supported_classes\nfound = [find_translator(name) for name in supported_classes()]\nassert all(found)"
    )
    assert loaded(code) & HEAVY == set()


def test_converting_needs_no_java_and_loads_nothing_heavy_but_the_sql_parser(tmp_path: Path) -> None:
    code = "from mabridge.cli import main\nassert main(sys.argv[1:]) == 0"
    assert loaded(code, "convert", str(LOGISTIC), str(tmp_path / "model")) & RUNNING <= {"sqlglot"}
    assert (tmp_path / "model" / "manifest.json").is_file()


def test_inspecting_loads_nothing_heavy() -> None:
    assert loaded("from mabridge.cli import main\nassert main(sys.argv[1:]) == 0", "inspect", str(LOGISTIC)) & RUNNING == set()


def test_loading_and_running_a_model_without_sql_loads_nothing_heavy(tmp_path: Path) -> None:
    stage = StageRef("stages[0]", "org.example.Stage", "uid")
    ops = [LookupIndex("s", "i", pa.array(["a", "b"]), "keep"), AssembleVector(("i", "x"), "v", "keep")]
    Model([Step(op, stage) for op in ops], Reference("3.5.7")).save(tmp_path / "model")
    code = (
        "import mabridge, pyarrow\nmodel = mabridge.load(sys.argv[1])\n"
        "out = model.transform(pyarrow.table({'s': ['a', None], 'x': [1.0, 2.0]}))\n"
        "assert out['i'].to_pylist() == [0.0, 2.0], out"
    )
    assert loaded(code, str(tmp_path / "model")) & RUNNING == set()


def test_predicting_with_a_linear_model_loads_nothing_heavy_but_the_compiled_kernels(tmp_path: Path) -> None:
    folder = CASES / "classification" / "logistic_regression_model" / "binomial_defaults"
    mabridge.convert(folder / "model", tmp_path / "model")
    code = "import mabridge, pyarrow.parquet as pq\nassert mabridge.load(sys.argv[1]).transform(pq.read_table(sys.argv[2])).num_rows"
    assert loaded(code, str(tmp_path / "model"), str(folder / "input.parquet")) & RUNNING <= {"numba"}
