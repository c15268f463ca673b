"""What is said in several places is the same everywhere: versions, notes on decisions, pinned packages."""

from __future__ import annotations

import json
import re
import tomllib

import mabridge
from compat_tests.repo.translators import CASES, ROOT

NOTES = sorted((ROOT / "docs" / "adr").glob("*.md"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def test_the_version_is_one() -> None:
    assert PROJECT["version"] == mabridge.__version__


def test_notes_are_numbered_without_a_gap_and_titled_with_their_number() -> None:
    assert [note.name[:4] for note in NOTES] == [f"{number:04d}" for number in range(1, len(NOTES) + 1)]
    for number, note in enumerate(NOTES, 1):
        assert re.fullmatch(r"\d{4}-[a-z0-9-]+\.md", note.name)
        assert re.match(rf"# {number}\. \S", note.read_text(encoding="utf-8")), note.name


def test_every_deliberate_difference_names_a_recorded_case_and_a_note() -> None:
    differences = json.loads((CASES / "deliberate_differences.json").read_text(encoding="utf-8"))
    assert differences
    for case, note in differences.items():
        assert (CASES / case / "case.json").is_file(), case
        assert note in {path.name for path in NOTES}, case


def test_the_changelog_says_what_is_added_and_what_is_missing_and_has_every_release() -> None:
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert text.index("## Unreleased") < text.index("### Added")
    assert "### Missing" in text
    released = re.findall(r"^## \[?(\d+\.\d+\.\d+)", text, re.MULTILINE)
    assert released == sorted(released, key=lambda version: [int(part) for part in version.split(".")], reverse=True)


def test_every_package_that_is_asked_for_is_pinned() -> None:
    pinned = {line.split("==")[0].lower().replace("_", "-") for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines() if "==" in line}
    asked = [*PROJECT["dependencies"], *(entry for extra in PROJECT["optional-dependencies"].values() for entry in extra)]
    names = {re.split(r"[\[<>=! ]", entry, maxsplit=1)[0].lower().replace("_", "-") for entry in asked} - {"mabridge"}
    assert names - pinned == set()
