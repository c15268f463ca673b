"""Which classes have a case for which lines of Spark: one saved model of each class, by each line that has the class (see compat_tests/record/layouts.py)."""

from __future__ import annotations

from pathlib import Path

from compat_tests.catalogue.read import NEWEST, catalogue
from compat_tests.record.folders import folder_of
from compat_tests.record.versions import LINES
from compat_tests.repo.translators import CASES, translator_files, translator_of

#: Classes of which no line has a case, and why.
WITHOUT = {
    "org.apache.spark.ml.clustering.DistributedLDAModel": "It is refused by name: its saved form is a graph of the training documents.",
    "org.apache.spark.ml.clustering.PowerIterationClusteringWrapper": "Spark Connect's own; it has no writer.",
    "org.apache.spark.ml.util.ConnectHelper": "Spark Connect's own; it has no writer.",
}


def asked() -> dict[str, tuple[str, ...]]:
    """Every class of Spark 3.5.7 and of the newest -> the lines that have it. Between 3.3 and 4.3 no class went away."""
    since = {translator.spark_class: translator.since for translator in map(translator_of, translator_files())}
    classes = {*catalogue(), *catalogue(NEWEST)} - set(WITHOUT)
    return {name: tuple(line for line in LINES if numbers(since[name])[:2] <= numbers(line)) for name in sorted(classes)}


def numbers(version: str) -> tuple[int, ...]:
    """(4, 1) of "4.1"."""
    return tuple(int(part) for part in version.split("."))


def recorded(spark_class: str, root: Path = CASES, by: str = "spark") -> tuple[str, ...]:
    """The lines that a class has a case of.

    Args:
        spark_class: the class.
        root: the root of the recorded cases.
        by: `spark`, or `pyspark` for what Python's own writer saved.
    """
    folder = root / folder_of(spark_class)
    return tuple(line for line in LINES if (folder / f"saved_by_{by}_{line.replace('.', '_')}" / "case.json").is_file())


def missing(root: Path = CASES) -> dict[str, tuple[str, ...]]:
    """Each class that lacks cases -> the lines of which it has none."""
    found = {name: tuple(line for line in lines if line not in recorded(name, root)) for name, lines in asked().items()}
    return {name: lines for name, lines in found.items() if lines}
