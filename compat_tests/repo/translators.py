"""What the repo says about its translators in four places: entry points, installed metadata, files and recorded cases."""

from __future__ import annotations

import tomllib
from importlib import import_module
from importlib.metadata import distribution
from pathlib import Path

from compat_tests.record.folders import folder_of
from mabridge.registry import GROUP
from mabridge.sdk import Translator

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "translators" / "mabridge_translators"
CASES = ROOT / "compat_tests" / "cases"


#: Classes of which no case can be recorded, and why; unit tests hold them to Spark's source.
UNRECORDED = {"org.apache.spark.ml.feature.OneHotEncoder": "a transformer of Spark 1.4 to 2.4, which no Spark that runs here can load"}


def table_rows() -> dict[str, str]:
    """The entry points of pyproject.toml: Spark class -> `module:TRANSLATOR`."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    rows: dict[str, str] = project["entry-points"][GROUP]
    return rows


def installed_rows() -> dict[str, str]:
    """The entry points of mabridge as it is installed."""
    return {entry.name: entry.value for entry in distribution("mabridge").entry_points if entry.group == GROUP}


def translator_files() -> list[Path]:
    """Every file that holds a translator: all of the package but `__init__.py` and what lies in `_shared`."""
    return sorted(path for path in PACKAGE.rglob("*.py") if path.name != "__init__.py" and "_shared" not in path.relative_to(PACKAGE).parts)


def module_of(file: Path) -> str:
    """The dotted name of a translator's file."""
    return ".".join(file.relative_to(PACKAGE.parent).with_suffix("").parts)


def translator_of(file: Path) -> Translator:
    """The TRANSLATOR that a file defines."""
    translator = import_module(module_of(file)).TRANSLATOR
    assert isinstance(translator, Translator)
    return translator


def place_of(spark_class: str) -> str:
    """Where the file of a class's translator lies in the package, without `.py`; the root package's classes lie at the top."""
    return folder_of(spark_class).removeprefix("ml/")
