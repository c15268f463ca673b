"""Print the oldest version of each package that the core depends on, and of what runs the tests, as pip takes them: `numpy==1.26`.

python -m compat_tests.oldest
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

PYPROJECT = Path(__file__).parent.parent / "pyproject.toml"
_LOWEST = re.compile(r"([A-Za-z0-9_.-]+)\s*>=\s*([0-9][0-9A-Za-z.]*)\s*(,.*)?")


def oldest() -> list[str]:
    """The pins.

    Raises:
        ValueError: a dependency of the core declares no lowest version.
    """
    project = tomllib.loads(PYPROJECT.read_text(encoding="utf-8"))["project"]
    runner = [line for line in project["optional-dependencies"]["test"] if line.startswith(("pytest>", "hypothesis>", "hatchling>"))]
    pins = []
    for line in [*project["dependencies"], *runner]:
        found = _LOWEST.fullmatch(line)
        if found is None:
            raise ValueError(f"{line} names no lowest version")
        pins.append(f"{found[1]}=={found[2]}")
    return pins


if __name__ == "__main__":
    print(" ".join(oldest()))
