"""One stage = one translator file = one row of the entry-point table = one folder of recorded cases."""

from __future__ import annotations

import ast
import dataclasses
import json
import re
from pathlib import Path

import pytest

from compat_tests.record.folders import folder_of
from compat_tests.repo.translators import CASES, PACKAGE, UNRECORDED, installed_rows, module_of, place_of, table_rows, translator_files, translator_of

FILES = translator_files()
HEADINGS = ("Reads", "Returns", "Refuses", "Differs from Spark")


def name_of(file: Path) -> str:
    return file.relative_to(PACKAGE).as_posix()


def test_there_are_translators_to_look_at() -> None:
    assert len(FILES) >= 17
    assert len(table_rows()) >= len(FILES)


def test_every_row_points_to_a_file_and_every_file_has_a_row() -> None:
    assert set(table_rows().values()) == {f"{module_of(file)}:TRANSLATOR" for file in FILES}


def test_what_is_installed_is_what_the_table_says() -> None:
    assert installed_rows() == table_rows(), "run `pip install -e .` again: entry points live in installed metadata"


@pytest.mark.parametrize("file", FILES, ids=name_of)
def test_the_rows_of_a_file_are_the_names_that_its_translator_gives_itself(file: Path) -> None:
    translator = translator_of(file)
    rows = [name for name, target in table_rows().items() if target == f"{module_of(file)}:TRANSLATOR"]
    assert sorted(rows) == sorted({translator.spark_class, *translator.also})


@pytest.mark.parametrize("file", FILES, ids=name_of)
def test_a_file_lies_in_spark_s_package_under_the_snake_case_of_its_class(file: Path) -> None:
    assert name_of(file) == f"{place_of(translator_of(file).spark_class)}.py"


@pytest.mark.parametrize("file", FILES, ids=name_of)
def test_a_stage_has_recorded_cases(file: Path) -> None:
    spark_class = translator_of(file).spark_class
    if spark_class in UNRECORDED:
        assert not (CASES / folder_of(spark_class)).exists(), f"{spark_class} has cases, so it is not unrecorded"
        return
    folder = CASES / folder_of(spark_class)
    assert list(folder.glob("*/case.json")), f"{spark_class} has no recorded case in {folder}; write some under compat_tests/record and record them"


def test_every_folder_of_cases_belongs_to_a_translator() -> None:
    families = {path.parent.parent.relative_to(CASES).as_posix() for path in CASES.rglob("case.json")}
    assert families <= {folder_of(translator_of(file).spark_class) for file in FILES}


def test_every_case_lies_in_the_folder_of_its_stage() -> None:
    folders = {name: folder_of(translator.spark_class) for translator in map(translator_of, FILES) for name in (translator.spark_class, *translator.also)}
    for path in CASES.rglob("case.json"):
        stage_class = json.loads(path.read_text(encoding="utf-8"))["stage_class"]
        assert path.parent.parent.relative_to(CASES).as_posix() == folders.get(stage_class), path


def docstring_faults(text: str, spark_class: str) -> list[str]:
    """What a translator's docstring lacks."""
    name, anywhere = spark_class.rsplit(".", 1)[-1], "|".join(HEADINGS)
    faults = [] if re.match(rf"{name}(, [^\n]+)?: \S[^\n]*\.\n", text) else [f"the first line is not `{name}: what it does.`"]
    found = re.findall(rf"^({anywhere}): +(\S[\s\S]*?)(?=\n^(?:{anywhere}):|\Z)", text, re.MULTILINE)
    if [heading for heading, _ in found] != list(HEADINGS):
        faults.append(f"the headings are {', '.join(heading for heading, _ in found) or 'missing'}, not {', '.join(HEADINGS)}")
    faults += [f"`{heading}` does not end in a full stop" for heading, body in found if not body.rstrip().endswith(".")]
    return faults


@pytest.mark.parametrize("file", FILES, ids=name_of)
def test_the_docstring_says_what_is_read_returned_refused_and_different(file: Path) -> None:
    text = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or ""
    assert docstring_faults(text, translator_of(file).spark_class) == []


def test_the_check_of_docstrings_finds_what_is_missing() -> None:
    good = "A: does it.\n\nReads: x.\nReturns: y\n  z.\nRefuses: nothing.\nDiffers from Spark: in nothing."
    assert docstring_faults(good, "org.A") == []
    assert docstring_faults(good, "org.B") != []
    for part in ("Reads: x.\n", "Refuses: nothing.\n", "Differs from Spark: in nothing."):
        assert docstring_faults(good.replace(part, ""), "org.A") != []
    assert docstring_faults(good.replace("in nothing.", "in nothing"), "org.A") != []
    assert docstring_faults(good.replace("Reads: x.\nReturns: y\n  z.", "Returns: y.\nReads: x."), "org.A") != []


@pytest.mark.parametrize("file", FILES, ids=name_of)
def test_params_are_a_frozen_dataclass_that_no_other_stage_lends(file: Path) -> None:
    params = translator_of(file).params
    assert dataclasses.is_dataclass(params)
    assert params.__dataclass_params__.frozen
    assert params.__module__ == module_of(file) or params.__module__.startswith("mabridge_translators._shared.")
