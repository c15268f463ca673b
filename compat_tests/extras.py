"""Optional packages in tests: they are there, or the run says that it goes without them.

`make test-oldest` sets MABRIDGE_CORE_ONLY and installs none of the extras; a test that needs one is skipped there and nowhere else.
"""

from __future__ import annotations

import importlib
import os
import re
from importlib.util import find_spec
from typing import Any

import pytest

CORE_ONLY = os.environ.get("MABRIDGE_CORE_ONLY") == "1"

#: What the extras bring.
EXTRAS = ("numba", "pandas", "ray", "pyspark", "onnx", "ndonnx", "torch", "array_api_compat", "mlflow")

#: Files of tests that import an extra at their top, and which; a run of the core alone does not collect them.
FILES = {
    "battery/test_every_translator.py": "pyspark",
    "live/test_random_pipelines.py": "pyspark",
    "repo/test_case_coverage.py": "pyspark",
    "repo/test_catalogue.py": "pyspark",
    "repo/test_one_stage_one_file.py": "pyspark",
    "repo/test_recorded_case_definitions.py": "pyspark",
    "unit/java_regex/test_live_java_regex.py": "pyspark",
    "unit/java_regex/test_live_java_groups.py": "pyspark",
    "unit/plan/test_plan_spark_schema.py": "pyspark",
    "unit/plan/test_plan_types.py": "pyspark",
    "unit/test_frames.py": "pandas",
    "unit/test_model.py": "pandas",
    "unit/test_statement.py": "pandas",
}


def needed(name: str) -> Any:
    """An optional package; call it at the top of a test, or of a module all of whose tests need it.

    Raises:
        ImportError: it is not installed, and the run does not say that it goes without.
    """
    if CORE_ONLY:
        pytest.skip(f"{name} is an extra, and this run has the core alone", allow_module_level=True)
    return importlib.import_module(name)


def need_backend(backend: str) -> None:
    """What a predictor's backend ("numpy", "torch" or "onnx") needs; see `needed`."""
    for name in {"torch": ("torch", "array_api_compat"), "onnx": ("ndonnx", "onnxruntime")}.get(backend, ()):
        needed(name)


def need_imports(code: str) -> None:
    """The extras that a piece of Python imports; see `needed`."""
    for name in EXTRAS:
        if re.search(rf"^\s*(?:import|from) {name}\b", code, re.MULTILINE):
            needed(name)


def check_environment() -> None:
    """A run of the core alone must not find an extra by accident.

    Raises:
        pytest.UsageError: it does.
    """
    found = [name for name in EXTRAS if find_spec(name) is not None] if CORE_ONLY else []
    if found:
        raise pytest.UsageError(f"MABRIDGE_CORE_ONLY is set, and {', '.join(found)} can be imported.")
