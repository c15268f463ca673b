"""What the code knows is generated, fresh and complete."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import mabridge
from compat_tests.generate.cli_page import subcommands
from compat_tests.generate.documents import DOCUMENTS, ROOT, stale, write
from compat_tests.generate.errors_page import error_classes
from compat_tests.repo.translators import translator_files, translator_of
from mabridge.cli import make_parser
from mabridge.plan.translate import saved_params


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def test_the_generated_documents_say_what_the_code_says() -> None:
    assert stale() == [], "run `make docs` and commit what it writes"


def test_the_check_notices_a_changed_and_a_missing_document(tmp_path: Path) -> None:
    assert write(tmp_path) == list(DOCUMENTS)
    assert stale(tmp_path) == []
    changed = tmp_path / "docs" / "cli.md"
    changed.write_text(changed.read_text(encoding="utf-8").replace("--engine", "--motor"), encoding="utf-8")
    (tmp_path / "docs" / "errors.md").unlink()
    assert stale(tmp_path) == ["docs/cli.md", "docs/errors.md"]


def test_the_command_says_so_in_its_exit_code() -> None:
    done = subprocess.run([sys.executable, "-m", "compat_tests.generate", "--check"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, f"{len(DOCUMENTS)} documents are fresh\n", "")


def test_the_support_table_has_every_class_and_every_param() -> None:
    sections = {section.split("\n", 1)[0]: section for section in text_of("translators/README.md").split("\n## ")[1:]}
    translators = [translator_of(file) for file in translator_files()]
    assert sorted(sections) == sorted(translator.spark_class.rsplit(".", 1)[-1] for translator in translators)
    for translator in translators:
        section = sections[translator.spark_class.rsplit(".", 1)[-1]]
        for name in (translator.spark_class, translator.since, *translator.also, *saved_params(translator.params), *translator.training_only):
            assert name in section, (translator.spark_class, name)


def test_the_page_of_commands_has_every_option() -> None:
    page = text_of("docs/cli.md")
    for name, command in subcommands(make_parser()):
        section = page.split(f"\n## mabridge {name}\n", 1)[1].split("\n## ", 1)[0]
        for option in command._option_string_actions:
            assert option in ("-h", "--help") or option in section, (name, option)


def test_the_page_of_errors_has_every_error() -> None:
    page = text_of("docs/errors.md")
    kinds = error_classes()
    assert kinds[0] is mabridge.MabridgeError
    assert [line.removeprefix("## ") for line in page.splitlines() if line.startswith("## ")] == [kind.__name__ for kind in kinds]


@pytest.mark.parametrize("kind", error_classes(), ids=lambda kind: kind.__name__)
def test_every_error_has_a_sentence_of_its_own_and_a_name_that_says_whose_business_it_is(kind: type[mabridge.MabridgeError]) -> None:
    assert (kind.__doc__ or "").strip().split("\n", 1)[0].endswith(".")
    assert kind.__name__.startswith(("Unsupported", "Malformed", "Missing", "InvalidInput", "InvalidRow", "Output", "Ambiguous", "Mabridge"))


def test_every_error_that_mabridge_defines_lives_in_one_file() -> None:
    for path in (ROOT / "mabridge").rglob("*.py"):
        if path.name != "errors.py":
            text = path.read_text(encoding="utf-8")
            assert "(MabridgeError):" not in text, path
            assert not any(f"({kind.__name__}):" in text for kind in error_classes()), path
