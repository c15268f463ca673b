"""Saved models of every class with one file lost, cut short or empty: each is refused in a sentence that names the file."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

import mabridge
from compat_tests.replay import CASES, is_of_a_line
from mabridge.errors import MabridgeError

#: Folders of tuned models and of one-vs-rest that say how the model came about; no answer depends on them, and they are not read.
NOT_READ = ("estimator", "evaluator", "classifier")

#: Of several part files one is lost, and what is left is a model too: nothing in a save says how many parts it has, and Spark loads what is there.
STILL_A_MODEL = {("clustering/k_means_model", "data/part-00001")}

DAMAGES: dict[str, Callable[[Path], object]] = {
    "lost": Path.unlink,
    "cut short": lambda file: file.write_bytes(file.read_bytes()[: file.stat().st_size // 2]),
    "empty": lambda file: file.write_bytes(b""),
}

FOLDERS = sorted(path.parent for path in CASES.glob("*/*/saved_by_*spark_4_3/case.json"))


def name_of(folder: Path) -> str:
    return folder.relative_to(CASES).as_posix()


@pytest.mark.parametrize("folder", FOLDERS, ids=name_of)
def test_each_file_that_is_lost_or_damaged_is_named(folder: Path, tmp_path: Path) -> None:
    assert is_of_a_line(folder)
    whole, wrong = folder / "model", []
    for file in sorted(path.relative_to(whole) for path in whole.rglob("*") if path.is_file()):
        if set(file.parts) & set(NOT_READ):
            assert any(part in folder.parent.name for part in ("validator", "split", "one_vs_rest", "pipeline"))
            continue
        for damage, damaged in DAMAGES.items():
            copy = tmp_path / "model"
            shutil.copytree(whole, copy)
            damaged(copy / file)
            said = refusal(copy)
            if damage == "lost" and (folder.parent.relative_to(CASES).as_posix(), file.as_posix()[:15]) in STILL_A_MODEL:
                assert said is None
            elif said is None or not names(said, copy / file, damage):
                wrong.append(f"{file} {damage}: {said}")
            shutil.rmtree(copy)
    assert wrong == []


def names(said: str, file: Path, damage: str) -> bool:
    """Whether a message names a file; of metadata, which is one line, its folder. One of several part files that is lost leaves no trace but what it held."""
    if damage != "lost":
        return str(file.parent if file.parent.name == "metadata" else file) in said
    if any(file.parent.glob("part-*.parquet")):
        return "a part file may be missing" in said and file.is_relative_to(said.partition(": ")[0].removeprefix("- "))
    return str(file.parent) in said


def refusal(folder: Path) -> str | None:
    """What convert says, None where it takes the model."""
    try:
        mabridge.convert(folder)
    except MabridgeError as error:
        return str(error)
    return None
