"""The recorded cases of feature stages and pipelines, row by row: the size of a batch changes nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from compat_tests.replay import CASES, case_folders, is_of_a_line, replay

DELIBERATE: dict[str, str] = json.loads((CASES / "deliberate_differences.json").read_text(encoding="utf-8"))


def name_of(folder: Path) -> str:
    return folder.relative_to(CASES).as_posix()


@pytest.mark.parametrize(
    "folder",
    [folder for folder in case_folders() if folder.parent.parent.name in ("feature", "ml") and name_of(folder) not in DELIBERATE and not is_of_a_line(folder)],
    ids=name_of,
)
def test_batches_of_one_row_give_what_spark_recorded(folder: Path) -> None:
    replay(folder, batch_rows=1)
