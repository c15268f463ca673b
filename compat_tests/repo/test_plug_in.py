"""A package of somebody else's teaches mabridge a class: built, installed and found as a user's would be."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

import mabridge
from compat_tests.plug_ins import LOG_SCALER, PLUGIN, install, plugged_in, write_log_scaler_pipeline
from compat_tests.repo.translators import ROOT
from mabridge.errors import AmbiguousTranslatorError, MalformedTranslatorError, UnsupportedPipelineError
from mabridge.registry import find_translator, supported_classes

NAN = float("nan")
#: What Spark 3.5.7 answers to `log1p(x) * 2.5D`, and the bucket of it among -Infinity, 0, 10, Infinity with handleInvalid = keep.
ANSWERS = [
    (0.0, 0.0, 1.0),
    (1.0, 1.7328679513998633, 1.0),
    (-0.5, -1.7328679513998633, 0.0),
    (1e-10, 2.499999999875e-10, 1.0),
    (123456.789, 29.309136467882876, 2.0),
    (None, None, None),
    (NAN, NAN, 3.0),
    (-1.0, None, None),
]


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    return write_log_scaler_pipeline(tmp_path / "spark_model")


def command_line(*arguments: str, site: Path | None = None) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own; `site` is where a plug-in is installed."""
    folders = [str(ROOT), str(ROOT / "translators"), *([] if site is None else [str(site)])]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(folders)}
    return subprocess.run([sys.executable, "-m", "mabridge.cli", *arguments], env=environment, capture_output=True, text=True, check=False)


def test_the_plug_in_s_class_is_found_through_its_entry_point(acme: Path) -> None:
    assert LOG_SCALER not in supported_classes()
    with plugged_in(acme):
        translator = find_translator(LOG_SCALER)
        assert translator is not None
        assert translator.spark_class == LOG_SCALER
        assert {LOG_SCALER, "org.apache.spark.ml.feature.Bucketizer"} <= set(supported_classes())
    assert find_translator(LOG_SCALER) is None


def test_a_pipeline_with_the_plug_in_s_stage_converts_and_predicts_the_right_numbers(acme: Path, saved: Path) -> None:
    with plugged_in(acme):
        model = mabridge.convert(saved)
    out = model.transform(pa.table({"x": pa.array([x for x, _, _ in ANSWERS], pa.float64())}))
    assert out.column_names == ["x", "y", "bucket"]
    x, y, bucket = (list(column) for column in zip(*ANSWERS, strict=True))
    assert repr(out["x"].to_pylist()) == repr(x)
    assert out["bucket"].to_pylist() == bucket
    # numpy's log1p is one unit off in some of its versions.
    assert [value is None for value in out["y"].to_pylist()] == [value is None for value in y]
    np.testing.assert_array_max_ulp(out["y"].drop_null().to_numpy(), np.array([value for value in y if value is not None]), maxulp=1)


def test_a_model_converted_with_the_plug_in_runs_without_it(acme: Path, saved: Path, tmp_path: Path) -> None:
    with plugged_in(acme):
        mabridge.convert(saved, tmp_path / "model")
    assert find_translator(LOG_SCALER) is None
    assert mabridge.load(tmp_path / "model").transform(pa.table({"x": [1.0]}))["y"].to_pylist() == [1.7328679513998633]


def test_the_command_line_finds_the_plug_in(acme: Path, saved: Path, tmp_path: Path) -> None:
    done = command_line("convert", str(saved), str(tmp_path / "model"), site=acme)
    assert (done.returncode, done.stderr) == (0, "")
    assert mabridge.load(tmp_path / "model").transform(pa.table({"x": [0.0]}))["bucket"].to_pylist() == [1.0]


def test_without_the_plug_in_the_class_is_refused_by_name_with_what_to_do(saved: Path, tmp_path: Path) -> None:
    done = command_line("convert", str(saved), str(tmp_path / "model"))
    assert (done.returncode, done.stdout) == (2, "")
    assert f"stages[0] LogScaler (logScaler_1): no translator is installed for the class {LOG_SCALER}." in done.stderr
    assert "install a package that brings a translator (entry point group `mabridge.translators`)" in done.stderr
    assert not (tmp_path / "model").exists()


def test_a_name_that_is_nearly_right_gets_the_nearest_class_as_a_hint(acme: Path, tmp_path: Path) -> None:
    saved = write_log_scaler_pipeline(tmp_path / "spark_model", "com.acme.spark.LogScalar")
    with plugged_in(acme), pytest.raises(UnsupportedPipelineError, match=r"LogScalar\. The nearest class that has one is com\.acme\.spark\.LogScaler\."):
        mabridge.convert(saved)


def changed_copy(target: Path, name: str, module: str, code: str | None = None) -> Path:
    """The plug-in's source as another package, with other code where it is given."""
    shutil.copytree(PLUGIN, target, ignore=shutil.ignore_patterns("__pycache__"))
    (target / "acme_mabridge").rename(target / module)
    project = target / "pyproject.toml"
    text = project.read_text(encoding="utf-8")
    project.write_text(text.replace("acme-mabridge", name).replace("acme_mabridge", module), encoding="utf-8")
    if code is not None:
        (target / module / "log_scaler.py").write_text(code, encoding="utf-8")
    return target


def test_two_packages_for_one_class_are_refused_with_both_names(acme: Path, saved: Path, tmp_path: Path) -> None:
    other = install(changed_copy(tmp_path / "source", "acme-fork", "acme_fork"), tmp_path / "site")
    with plugged_in(acme, other):
        with pytest.raises(AmbiguousTranslatorError) as caught:
            mabridge.convert(saved)
        assert "acme_mabridge.log_scaler:TRANSLATOR (acme-mabridge)" in str(caught.value)
        assert "acme_fork.log_scaler:TRANSLATOR (acme-fork)" in str(caught.value)
        assert find_translator("org.apache.spark.ml.feature.Bucketizer") is not None


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("raise RuntimeError('no licence')", "cannot be loaded: RuntimeError: no licence"),
        ("import package_that_nobody_has", "cannot be loaded: ModuleNotFoundError"),
        ("TRANSLATER = 1", "cannot be loaded: AttributeError"),
        ("TRANSLATOR = 1", "is not a translator for com.acme.spark.LogScaler"),
        ("from mabridge_translators.feature.bucketizer import TRANSLATOR", "is not a translator for com.acme.spark.LogScaler"),
    ],
)
def test_a_broken_package_is_named(code: str, said: str, saved: Path, tmp_path: Path) -> None:
    site = install(changed_copy(tmp_path / "source", "acme-broken", "acme_broken", code), tmp_path / "site")
    with plugged_in(site), pytest.raises(MalformedTranslatorError) as caught:
        mabridge.convert(saved)
    assert said in str(caught.value)
    assert "acme_broken.log_scaler:TRANSLATOR (acme-broken)" in str(caught.value)
