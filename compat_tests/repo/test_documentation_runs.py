"""The code in the documentation runs, its commands parse, its links lead somewhere."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from compat_tests.extras import need_imports
from compat_tests.repo.translators import ROOT
from mabridge.cli import make_parser

PAGES = sorted([ROOT / "README.md", ROOT / "translators" / "README.md", *(ROOT / "docs").rglob("*.md"), *(ROOT / "examples").rglob("README.md")])
FLIGHTS = ROOT / "examples" / "flights" / "data" / "flights.parquet"


@dataclass(frozen=True)
class Block:
    """A fenced block of a page."""

    page: Path
    line: int
    language: str
    text: str

    def __str__(self) -> str:
        return f"{self.page.relative_to(ROOT).as_posix()}:{self.line}"


def blocks(page: Path, text: str) -> Iterator[Block]:
    """The fenced blocks of a page; a fence that is not closed is a fault of the page."""
    found: list[str] | None = None
    language, start = "", 0
    for number, line in enumerate(text.splitlines(), 1):
        fence = re.match(r"```(\S*)", line)
        if fence is None:
            if found is not None:
                found.append(line)
        elif found is None:
            found, language, start = [], fence[1], number
        else:
            yield Block(page, start, language, "\n".join(found) + "\n")
            found = None
    assert found is None, f"{page}: the block of line {start} is not closed"


BLOCKS = [block for page in PAGES for block in blocks(page, page.read_text(encoding="utf-8"))]
PYTHON = [block for block in BLOCKS if block.language in ("python", "py")]
COMMANDS = [
    (block, line.strip().removeprefix("$ "))
    for block in BLOCKS
    if block.language in ("", "console", "bash", "sh", "shell")
    for line in block.text.replace("\\\n", " ").splitlines()
]


def run(text: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a block as a script in a folder that holds the examples."""
    (folder / "examples").symlink_to(ROOT / "examples")
    script = folder / "block.py"
    script.write_text(text, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "translators")]), "PYTHONWARNINGS": "ignore"}
    return subprocess.run([sys.executable, str(script)], cwd=folder, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("block", PYTHON, ids=str)
def test_python_in_the_documentation_runs(block: Block, tmp_path: Path) -> None:
    need_imports(block.text)
    assert FLIGHTS.is_file(), "run `make flights-data`"
    done = run(block.text, tmp_path)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_block_that_fails_is_noticed(tmp_path: Path) -> None:
    assert run("import mabridge\nmabridge.nothing\n", tmp_path).returncode == 1


def parse(command: str) -> None:
    """Let our parser read a command line."""
    make_parser().parse_args(shlex.split(command, comments=True)[1:])


@pytest.mark.parametrize(("block", "command"), [(block, line) for block, line in COMMANDS if line.startswith("mabridge ")], ids=str)
def test_commands_in_the_documentation_parse(block: Block, command: str) -> None:
    try:
        parse(command)
    except SystemExit:
        pytest.fail(f"{block}: `{command}` is no command of mabridge")


@pytest.mark.parametrize("command", ["mabridge predict model in", "mabridge convert a b --motor", "mabridge fly a", "mabridge predict m i o --engine spark"])
def test_a_command_that_does_not_parse_is_noticed(command: str) -> None:
    with pytest.raises(SystemExit):
        parse(command)


@pytest.mark.parametrize(("block", "command"), [(block, line) for block, line in COMMANDS if line.startswith("make ")], ids=str)
def test_make_targets_in_the_documentation_exist(block: Block, command: str) -> None:
    targets = set(re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = {word for word in shlex.split(command, comments=True)[1:] if "=" not in word}
    assert named, block
    assert named <= targets, block


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_to_files_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8")):
        if "://" not in target and not target.startswith("#"):
            assert (page.parent / target.split("#", 1)[0]).exists(), f"{page}: {target}"


def test_there_is_documentation_to_run() -> None:
    assert {block.page.name for block in PYTHON} >= {"README.md", "adding-a-stage.md"}
    assert sum(line.startswith("mabridge ") for _, line in COMMANDS) >= 6


def test_the_translator_of_the_page_on_adding_a_stage_gives_spark_s_answers(tmp_path: Path) -> None:
    """Spark 3.5.7: `Binarizer(threshold=0.5)` of null, NaN, 0.5, 0.75, -1.0 is null, 0.0, 0.0, 1.0, 0.0."""
    (block,) = (block for block in PYTHON if block.page.name == "adding-a-stage.md")
    check = """
import pyarrow as pa
from mabridge.model import Model
from mabridge.plan.op import StageRef, Step
from mabridge.plan.reference import Reference

reference = Reference("3.5.7")
stage = Stage(Params("x", "y", 0.5), None, frozenset(), reference)
model = Model([Step(op, StageRef("", TRANSLATOR.spark_class, "uid")) for op in translate(stage)], reference)
print(model.transform(pa.table({"x": [None, float("nan"), 0.5, 0.75, -1.0]}))["y"].to_pylist())
"""
    done = run(block.text + check, tmp_path)
    assert (done.stdout, done.stderr) == ("[None, 0.0, 0.0, 1.0, 0.0]\n", "")
