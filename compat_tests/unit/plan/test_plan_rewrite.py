"""Each pass over bound plans, by what it makes of plans written down: one file of examples a pass, under `rewrites/`.

An example is a comment, the wanted columns, the steps before, `becomes`, and the steps after; a step is `Op(what it reads -> what it writes)`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from mabridge.plan.bind import BoundColumn, BoundPlan
from mabridge.plan.op import Op, StageRef, Step
from mabridge.plan.ops import AssembleVector, Bucketize, DropMissing, KeepListed, LookupIndex, OneHot, Predict
from mabridge.plan.predictors import Head, LinearScorer
from mabridge.plan.rewrite import PASSES, rewrite
from mabridge.plan.types import DoubleType

EXAMPLES = Path(__file__).parent / "rewrites"
STAGE = StageRef("stages[0]", "org.example.Stage", "uid")
LABELS = pa.array(["a"])

#: How an op is made from the columns that it reads and writes; its settings are of no matter to the passes.
MAKERS: dict[str, Callable[[Sequence[str], Sequence[str]], Op]] = {
    "AssembleVector": lambda reads, writes: AssembleVector(tuple(reads), writes[0], "keep"),
    "Bucketize": lambda reads, writes: Bucketize(reads[0], writes[0], np.array([0.0, 1.0]), False),
    "DropMissing": lambda reads, writes: DropMissing(tuple(reads)),
    "KeepListed": lambda reads, writes: KeepListed(reads[0], LABELS),
    "LookupIndex": lambda reads, writes: LookupIndex(reads[0], writes[0], LABELS, "keep"),
    "OneHot": lambda reads, writes: OneHot(reads[0], writes[0], 2, True, "keep"),
    "Predict": lambda reads, writes: Predict(
        reads[0],
        LinearScorer(np.ones((1, 2)), np.zeros(1)),
        Head("signed", "logistic", 1.0, "cutoff raw"),
        raw_prediction=next((name for name in writes if name.startswith("raw")), None),
        probability=next((name for name in writes if name.startswith("probability")), None),
        prediction=next((name for name in writes if name.startswith("prediction")), None),
    ),
}


@dataclass(frozen=True)
class Example:
    """A plan before and after a pass, as lines."""

    title: str
    wanted: tuple[str, ...]
    before: tuple[str, ...]
    after: tuple[str, ...]


def names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())


def examples(file: Path) -> list[Example]:
    found = []
    for block in file.read_text(encoding="utf-8").strip().split("\n\n"):
        matched = re.fullmatch(r"# (?P<title>[^\n]+)\nwant:(?P<wanted>[^\n]*)\n(?P<before>(?:    [^\n]+\n)*)becomes(?P<after>(?:\n    [^\n]+)*)", block)
        assert matched, block
        lines = {part: tuple(line.strip() for line in matched[part].strip().splitlines()) for part in ("before", "after")}
        found.append(Example(matched["title"], names(matched["wanted"]), lines["before"], lines["after"]))
    return found


def step_of(line: str) -> Step:
    matched = re.fullmatch(r"(\w+)\((.*?)->(.*)\)", line)
    assert matched, line
    op = MAKERS[matched[1]](names(matched[2]), names(matched[3]))
    assert line_of(op) == line
    return Step(op, STAGE)


def line_of(op: Op) -> str:
    return f"{type(op).__name__}({', '.join(op.read_columns)} -> {', '.join(op.written_columns)}".rstrip() + ")"


def plan_of(example: Example) -> BoundPlan:
    steps = tuple(step_of(line) for line in example.before)
    ids = dict.fromkeys(name for step in steps for name in (*step.op.read_columns, *step.op.written_columns))
    outputs = tuple(BoundColumn(name, name, DoubleType()) for name in example.wanted)
    return BoundPlan((), steps, outputs, dict.fromkeys([*ids, *example.wanted], DoubleType()))


def lines_of(plan: BoundPlan) -> tuple[str, ...]:
    return tuple(line_of(step.op) for step in plan.steps)


@pytest.mark.parametrize(
    ("one", "example"),
    [(one, example) for one in PASSES for example in examples(EXAMPLES / f"{one.__name__}.txt")],
    ids=lambda value: getattr(value, "title", None) or value.__name__,
)
def test_a_pass_makes_of_a_plan_what_its_examples_say(one: Callable[[BoundPlan], BoundPlan], example: Example) -> None:
    plan = plan_of(example)
    done = one(plan)
    assert lines_of(done) == example.after
    assert lines_of(plan) == example.before, "a pass changed its input"
    assert (done.inputs, done.outputs, done.kinds) == (plan.inputs, plan.outputs, plan.kinds)
    assert lines_of(one(done)) == example.after, "a pass run twice does more"


def test_every_pass_has_examples_and_no_examples_are_of_a_pass_that_is_gone() -> None:
    assert {path.stem for path in EXAMPLES.iterdir()} == {one.__name__ for one in PASSES}
    for one in PASSES:
        found = examples(EXAMPLES / f"{one.__name__}.txt")
        assert any(example.before != example.after for example in found)
        assert any(example.before == example.after for example in found)


def test_the_passes_run_in_their_order() -> None:
    example = Example(
        "",
        ("b",),
        ("Predict(v -> raw, probability, prediction)", "Bucketize(prediction -> b)", "Bucketize(raw -> c)"),
        ("Predict(v -> prediction)", "Bucketize(prediction -> b)"),
    )
    assert lines_of(rewrite(plan_of(example))) == example.after
    assert lines_of(rewrite(plan_of(example), ())) == example.before
    assert lines_of(rewrite(plan_of(example), PASSES[::-1])) == ("Predict(v -> raw, prediction)", "Bucketize(prediction -> b)")


def test_settings_and_stages_of_what_stays_are_as_before() -> None:
    op = MAKERS["Predict"](["v"], ["raw", "probability", "prediction"])
    plan = BoundPlan((), (Step(op, STAGE),), (BoundColumn("p", "probability", DoubleType()),), {})
    (step,) = rewrite(plan).steps
    assert isinstance(op, Predict)
    assert isinstance(step.op, Predict)
    assert step.stage is STAGE
    assert step.op.scorer is op.scorer
    assert step.op.head == op.head
