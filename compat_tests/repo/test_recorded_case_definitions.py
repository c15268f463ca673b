"""Every recorded case is defined, and every defined case is recorded."""

from __future__ import annotations

import json
from collections import Counter

from compat_tests.record.catalogue import all_cases
from compat_tests.record.layouts import version_of
from compat_tests.record.layouts_of_models import layouts
from compat_tests.record.versions import LINES
from compat_tests.record.write import CASES

DEFINED = [*all_cases(), *(layout.case(line) for line in LINES for layout in layouts(version_of(line)))]
RECORDED = {file.parent.relative_to(CASES).as_posix(): json.loads(file.read_text(encoding="utf-8")) for file in CASES.rglob("case.json")}


def test_the_folders_on_disk_are_the_cases_that_are_defined() -> None:
    defined = {case.path for case in DEFINED}
    assert sorted(RECORDED.keys() - defined) == [], "recorded once and defined no more: define it under compat_tests/record, or remove the folder"
    assert sorted(defined - RECORDED.keys()) == [], "defined and not recorded: run `python -m compat_tests.record --missing`"


def test_no_case_is_defined_twice() -> None:
    assert [path for path, count in Counter(case.path for case in DEFINED).items() if count > 1] == []


def test_what_a_definition_says_is_what_was_recorded() -> None:
    said = {case.path: (case.title, case.expect, None if case.columns is None else list(case.columns), case.case_sensitive) for case in DEFINED}
    found = {path: (case["title"], case["expect"], case["columns"], case["case_sensitive"]) for path, case in RECORDED.items()}
    assert {path: (said[path], found[path]) for path in said.keys() & found.keys() if said[path] != found[path]} == {}
