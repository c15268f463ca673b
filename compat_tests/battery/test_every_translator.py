"""The common battery, over every registered translator and the example plug-in's."""

from __future__ import annotations

from pathlib import Path

import pytest

from compat_tests.battery.checks import CHECKS, OF_ALL_COLUMNS, Check
from compat_tests.battery.subjects import old_encoder_subject, plug_in_subject, recorded_subjects
from compat_tests.repo.translators import UNRECORDED, translator_files, translator_of
from mabridge.registry import find_translator, supported_classes

CLASSES = sorted({translator_of(file).spark_class for file in translator_files()})


def test_every_registered_translator_is_in_the_battery() -> None:
    """A plug-in that is installed beside mabridge has its own tests; ours are all here."""
    ours = {name for name in supported_classes() if (found := find_translator(name)) and found.params.__module__.startswith("mabridge_translators.")}
    assert ours == {name for file in translator_files() for name in (translator_of(file).spark_class, *translator_of(file).also)}


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
@pytest.mark.parametrize("spark_class", [name for name in CLASSES if name not in UNRECORDED])
def test_a_translator(spark_class: str, check: Check) -> None:
    subjects = [subject for subject in recorded_subjects(spark_class) if subject.columns is None or check not in OF_ALL_COLUMNS]
    assert subjects
    for subject in subjects:
        try:
            check(subject)
        except AssertionError as error:
            raise AssertionError(f"{subject.name}: {error}") from error


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_the_plug_in(check: Check, acme: Path, tmp_path: Path) -> None:
    check(plug_in_subject(acme, tmp_path / "spark_model"))


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_the_encoder_of_spark_2(check: Check, tmp_path: Path) -> None:
    check(old_encoder_subject(tmp_path / "spark_model"))
