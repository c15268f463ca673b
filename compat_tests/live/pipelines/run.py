"""Many pipelines from one seed, and what they showed."""

from __future__ import annotations

import random
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from pyspark.sql import SparkSession

from compat_tests.live.pipelines.check import check
from compat_tests.live.pipelines.grow import STAGES, Grown, grow

#: So many classes are tried first in each pipeline, in turn, so that a run of a moderate length draws them all.
IN_TURN = 2


@dataclass
class Summary:
    """Counts over a run.

    Attributes:
        pipelines: how many were compared.
        failed: the numbers of those that differ.
        drawn: how often each class stood in a pipeline.
        refused: how often Spark could not fit one; reasons: what it said last.
        carried: pipelines in which last bits were carried on by later stages.
        deliberate: notes under docs/adr, and how often each explained a difference.
        rows, refusals: compared, and refused by both sides.
        lengths: how many pipelines had so many stages.
    """

    pipelines: int = 0
    failed: list[int] = field(default_factory=list)
    drawn: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    reasons: dict[str, str] = field(default_factory=dict)
    carried: list[int] = field(default_factory=list)
    deliberate: Counter[str] = field(default_factory=Counter)
    rows: int = 0
    refusals: int = 0
    lengths: Counter[int] = field(default_factory=Counter)

    def text(self, seconds: float) -> str:
        """The end of the command's output."""
        lines = [
            f"{self.pipelines} pipelines of {sum(self.drawn.values())} stages in {seconds:.0f} s; "
            f"{self.rows} rows equal, {self.refusals} inputs refused by both sides.",
            f"Stages a pipeline: {dict(sorted(self.lengths.items()))}",
            f"Classes drawn: {dict(sorted(self.drawn.items()))}",
            f"Never drawn: {sorted(set(STAGES) - set(self.drawn))}",
            f"Spark could not fit: {dict(sorted(self.refused.items()))}",
            *(f"    {name}: {reason[:200]}" for name, reason in sorted(self.reasons.items())),
            f"Last bits carried on by later stages: {self.carried}",
            f"Differences on purpose: {dict(sorted(self.deliberate.items()))}",
            f"Different: {self.failed}",
        ]
        return "\n".join(lines)


def tried_first(number: int) -> list[str]:
    """The classes that a pipeline tries to begin with: each number's are the next in turn."""
    names = list(STAGES)
    return [names[(number * IN_TURN + place) % len(names)] for place in range(IN_TURN)]


def run(session: SparkSession, seed: int, numbers: Iterable[int], summary: Summary, say: Callable[[str], None], loud: bool = False) -> None:
    """Draw, fit and compare the pipelines of these numbers.

    Args:
        session: Spark.
        seed: with a pipeline's number it decides everything about it.
        numbers: which pipelines.
        summary: counts them.
        say: is told each pipeline that differs.
        loud: whether it is told the others' recipes, too.
    """
    session.conf.set("spark.sql.shuffle.partitions", "1")
    for number in numbers:
        rng = random.Random(f"{seed}/{number}")
        wanted = tried_first(number)
        with tempfile.TemporaryDirectory(prefix="pipelines-") as folder:
            grown = grow(session, rng, wanted, Path(folder))
            summary.refused.update(grown.refused)
            summary.reasons.update(grown.reasons)
            if not grown.stages:
                continue
            outcome = check(session, grown, rng, Path(folder))
        summary.pipelines += 1
        if summary.pipelines % 25 == 0:
            say(f"... {summary.pipelines} pipelines, the last is {number}; different: {summary.failed}")
        summary.drawn.update(grown.classes)
        summary.lengths[len(grown.stages)] += 1
        summary.rows += outcome.rows
        summary.refusals += outcome.refusals
        summary.deliberate.update(outcome.deliberate)
        if outcome.carried:
            summary.carried.append(number)
        if outcome.differences:
            summary.failed.append(number)
        if outcome.differences or loud:
            say(described(seed, number, grown, outcome.differences + (outcome.carried if loud else [])))


def described(seed: int, number: int, grown: Grown, texts: list[str]) -> str:
    """A pipeline as a recipe, and what was found."""
    columns = ", ".join(f"{name}: {kind.type}" for name, kind in grown.rows.kinds.items())
    head = [f"=== Pipeline {number} of seed {seed}; again: python -m compat_tests.live.pipelines --seed {seed} --only {number}", f"columns: {columns}"]
    return "\n".join([*head, *(f"{place}. {line}" for place, line in enumerate(grown.recipe)), *texts])
