"""`python -m compat_tests.catalogue.gaps`: what is missing today, against the list of known gaps; `--shrink` takes off the list what is there by now.

The list, known_gaps.json, only shrinks: a test demands that it is exact for every class that has a translator, and this command adds nothing to it. What it
says of the cases of a class without a translator waits for the translator. It holds

    classes   Spark class -> why it has no translator
    cases     Spark class -> the kinds of cases that are not recorded (see coverage.py)
    cannot    Spark class -> kind -> why Spark has no such case
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import dataclass
from functools import cache
from typing import Any

from compat_tests.catalogue.coverage import missing_kinds
from compat_tests.catalogue.read import LIST, catalogue, known_gaps
from compat_tests.repo.translators import CASES, translator_files, translator_of


@dataclass(frozen=True)
class Gaps:
    """What is missing.

    Attributes:
        classes: those without a translator.
        cases: (class, kind of case) pairs.
    """

    classes: frozenset[str]
    cases: frozenset[tuple[str, str]]


@cache
def translated() -> frozenset[str]:
    """The classes that have a translator."""
    return frozenset(translator_of(file).spark_class for file in translator_files())


@cache
def found() -> Gaps:
    """What is missing today."""
    translators = [translator_of(file) for file in translator_files()]
    cases = frozenset((translator.spark_class, kind) for translator in translators for kind in missing_kinds(translator, CASES))
    return Gaps(frozenset(catalogue()) - translated(), cases)


def known(listed: dict[str, Any], have: frozenset[str]) -> Gaps:
    """The gaps that the list holds.

    Args:
        listed: the list.
        have: the classes that have a translator; what is listed of the cases of others is left out.
    """
    pairs = ((name, kind) for part in ("cases", "cannot") for name, kinds in listed[part].items() for kind in kinds if name in have)
    return Gaps(frozenset(listed["classes"]), frozenset(pairs))


def shrunk(listed: dict[str, Any], gaps: Gaps, have: frozenset[str]) -> dict[str, Any]:
    """The list without what is no gap any more.

    Args:
        listed: the list.
        gaps: what is missing.
        have: the classes that have a translator.
    """
    cases = {name: [kind for kind in kinds if name not in have or (name, kind) in gaps.cases] for name, kinds in listed["cases"].items()}
    cannot = {name: {kind: why for kind, why in kinds.items() if name not in have or (name, kind) in gaps.cases} for name, kinds in listed["cannot"].items()}
    return {
        "classes": {name: why for name, why in listed["classes"].items() if name in gaps.classes},
        "cases": {name: kinds for name, kinds in cases.items() if kinds},
        "cannot": {name: kinds for name, kinds in cannot.items() if kinds},
    }


def lines(gaps: Gaps) -> list[str]:
    """The gaps, one a line, sorted."""
    return sorted([f"{name}: no translator" for name in gaps.classes] + [f"{name}: no recorded case of `{kind}`" for name, kind in gaps.cases])


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m compat_tests.catalogue.gaps", description="What is missing, and the list of known gaps.")
    parser.add_argument("--shrink", action="store_true", help="take off the list what is no gap any more")
    gaps, listed = found(), known_gaps()
    if parser.parse_args().shrink:
        listed = shrunk(listed, gaps, translated())
        LIST.write_text(json.dumps(listed, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    old = known(listed, translated())
    for line in lines(gaps):
        print(line)
    new = lines(Gaps(gaps.classes - old.classes, gaps.cases - old.cases))
    stale = lines(Gaps(old.classes - gaps.classes, old.cases - gaps.cases))
    for line in new:
        print(f"NOT LISTED: {line}")
    for line in stale:
        print(f"STALE: {line}")
    print(f"{len(gaps.classes)} classes and {len(gaps.cases)} kinds of cases are missing; {len(new)} are not listed, {len(stale)} listed ones are stale")
    return 1 if new or stale else 0


if __name__ == "__main__":
    sys.exit(main())
