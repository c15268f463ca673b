"""Numbers of things in sentences."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from mabridge.counted import counted

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(("number", "said"), [(0, "0 rows"), (1, "1 row"), (2, "2 rows"), (12_345, "12,345 rows")])
def test_one_thing_is_one_thing(number: int, said: str) -> None:
    assert counted(number, "row") == said


def test_a_plural_of_its_own_is_given() -> None:
    assert [counted(number, "entry", "entries") for number in (1, 2)] == ["1 entry", "2 entries"]


def test_no_message_puts_a_length_before_a_fixed_plural() -> None:
    # `len(x)` can be 1; a limit cannot.
    careless = re.compile(r"\{len\([^{}]*\)(?::,)?\} (?:rows|files|stages|ops|columns|features)\b")
    found = [
        f"{file.relative_to(ROOT)}: {match[0]}"
        for folder in ("mabridge", "translators")
        for file in sorted((ROOT / folder).rglob("*.py"))
        for match in careless.finditer(file.read_text(encoding="utf-8"))
    ]
    # Where several answer to one name there are at least two.
    assert [line for line in found if "len(found)" not in line] == []
