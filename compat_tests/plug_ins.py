"""Plug-in packages for tests: installed as a user installs them, into a folder of their own that a test can put on the path and take off again."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from mabridge import registry
from mabridge.sql import user_functions

PLUGIN = Path(__file__).parent / "plugin"
LOG_SCALER = "com.acme.spark.LogScaler"


def install(package: Path, target: Path) -> Path:
    """Build a package's wheel and install it into a folder, with no network: hatchling comes with the extra mabridge[test]."""
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--no-build-isolation", "--disable-pip-version-check"]
    done = subprocess.run([*command, "--target", str(target), str(package)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"pip could not install {package}; is the extra mabridge[test] installed?\n{done.stderr}"
    return target


@contextmanager
def plugged_in(*folders: Path) -> Iterator[None]:
    """The packages installed in these folders, in this process, for the length of the block."""
    before = set(sys.modules)
    sys.path[:0] = [str(folder) for folder in folders]
    _forget()
    try:
        yield
    finally:
        del sys.path[: len(folders)]
        for name in set(sys.modules) - before:
            if any(str(folder) in str(getattr(sys.modules[name], "__file__", "")) for folder in folders):
                del sys.modules[name]
        _forget()


def _forget() -> None:
    importlib.invalidate_caches()
    registry._entries.cache_clear()
    registry.find_translator.cache_clear()
    user_functions._entries.cache_clear()
    user_functions.user_function.cache_clear()


def write_stage(folder: Path, spark_class: str, uid: str, params: Mapping[str, Any], defaults: Mapping[str, Any], spark_version: str = "3.5.7") -> None:
    """A stage without data of its own, as Spark's DefaultParamsWriter saves it from 2.4 on."""
    (folder / "metadata").mkdir(parents=True)
    metadata = {"class": spark_class, "timestamp": 1, "sparkVersion": spark_version, "uid": uid, "paramMap": dict(params), "defaultParamMap": dict(defaults)}
    (folder / "metadata" / "part-00000").write_text(json.dumps(metadata) + "\n", encoding="utf-8")
    (folder / "metadata" / "_SUCCESS").touch()


def write_log_scaler_pipeline(folder: Path, spark_class: str = LOG_SCALER) -> Path:
    """A pipeline of a LogScaler and a Bucketizer."""
    write_stage(folder, "org.apache.spark.ml.PipelineModel", "pipeline_1", {"stageUids": ["logScaler_1", "bucketizer_1"]}, {})
    write_stage(folder / "stages" / "0_logScaler_1", spark_class, "logScaler_1", {"inputCol": "x", "outputCol": "y", "factor": 2.5}, {"factor": 1.0})
    bucketizer = {"inputCol": "y", "outputCol": "bucket", "splits": ["-Infinity", 0.0, 10.0, "Infinity"], "handleInvalid": "keep"}
    write_stage(folder / "stages" / "1_bucketizer_1", "org.apache.spark.ml.feature.Bucketizer", "bucketizer_1", bucketizer, {"handleInvalid": "error"})
    return folder
