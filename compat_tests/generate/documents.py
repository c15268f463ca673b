"""The generated documents by path, and what is stale among them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from compat_tests.generate.cli_page import cli_page
from compat_tests.generate.errors_page import errors_page
from compat_tests.generate.sql_functions_page import sql_functions_page
from compat_tests.generate.support_table import support_table

ROOT = Path(__file__).resolve().parents[2]

#: Path below the root -> what makes its text.
DOCUMENTS: dict[str, Callable[[], str]] = {
    "translators/README.md": support_table,
    "docs/cli.md": cli_page,
    "docs/errors.md": errors_page,
    "docs/sql-functions.md": sql_functions_page,
}


def stale(root: Path = ROOT) -> list[str]:
    """The documents whose file below `root` is missing or says something else than the code."""
    found = []
    for name, make in DOCUMENTS.items():
        file = root / name
        if not file.is_file() or file.read_text(encoding="utf-8") != make():
            found.append(name)
    return found


def write(root: Path = ROOT) -> list[str]:
    """Write what is stale; the names of what was written."""
    changed = stale(root)
    for name in changed:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(DOCUMENTS[name](), encoding="utf-8")
    return changed
