"""Every case recorded from real Spark, replayed without a JVM."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from compat_tests.extras import need_backend
from compat_tests.replay import CASES, case_folders, is_of_a_line, replay
from mabridge.errors import MabridgeError

#: Cases in which mabridge differs from Spark on purpose, each with the note under docs/adr that says why.
DELIBERATE: dict[str, str] = json.loads((CASES / "deliberate_differences.json").read_text(encoding="utf-8"))


def name_of(folder: Path) -> str:
    return folder.relative_to(CASES).as_posix()


@pytest.mark.parametrize("folder", [folder for folder in case_folders() if name_of(folder) not in DELIBERATE], ids=name_of)
def test_the_answer_is_what_spark_recorded(folder: Path) -> None:
    replay(folder)


@pytest.mark.parametrize("name", sorted(DELIBERATE))
def test_a_deliberate_difference_still_differs_and_is_explained(name: str) -> None:
    assert (CASES.parent.parent / "docs" / "adr" / DELIBERATE[name]).is_file()
    with pytest.raises((AssertionError, MabridgeError)):
        replay(CASES / name)


@pytest.mark.parametrize("backend", ["torch", "onnx"])
@pytest.mark.parametrize(
    "folder",
    [
        folder
        for folder in case_folders()
        if folder.parent.parent.name in ("classification", "clustering", "regression") and name_of(folder) not in DELIBERATE and not is_of_a_line(folder)
    ],
    ids=name_of,
)
def test_torch_and_onnx_give_the_same_answer(folder: Path, backend: str) -> None:
    need_backend(backend)
    if json.loads((folder / "case.json").read_text(encoding="utf-8"))["expect"] == "rows":
        replay(folder, backend=backend)  # type: ignore[arg-type]
