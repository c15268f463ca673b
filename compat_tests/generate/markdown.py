"""Small pieces of Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def generated_from(source: str) -> str:
    """The first line of a generated document."""
    return f"<!-- Generated from {source} by `make docs`; a test says so when it is stale. Change the source, not this file. -->"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """The lines of a table."""
    return [_row(head), _row(["---"] * len(head)), *(_row(row) for row in rows)]


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def code(text: str) -> str:
    """A text as code, its backticks too."""
    fence = "``" if "`" in text else "`"
    return f"{fence}{text}{fence}"


def one_line(text: str) -> str:
    """A text without line breaks."""
    return " ".join(text.split())
