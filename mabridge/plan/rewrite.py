"""Passes over bound plans: small functions, in one ordered tuple, that leave the results as they are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from mabridge.plan.bind import BoundPlan
from mabridge.plan.op import Step
from mabridge.plan.ops import Predict, RowFilter
from mabridge.plan.ops.predict import OUTPUTS


def drop_unused_steps(plan: BoundPlan) -> BoundPlan:
    """Leave out the ops whose columns nobody asks for; row filters always count, and so do ops that always run.

    Spark's ColumnPruning does the same, so a row that would be refused in a column nobody asked for is not refused.
    """
    wanted = {column.id for column in plan.outputs}
    kept: list[Step] = []
    for step in reversed(plan.steps):
        if isinstance(step.op, RowFilter) or step.op.always_runs or wanted.intersection(step.op.written_columns):
            wanted.update(step.op.read_columns)
            kept.append(step)
    return replace(plan, steps=tuple(reversed(kept)))


def drop_unused_predictions(plan: BoundPlan) -> BoundPlan:
    """Switch off the outputs of a predictor that nobody reads."""
    wanted = {column.id for column in plan.outputs}
    for step in plan.steps:
        wanted.update(step.op.read_columns)
    steps = []
    for step in plan.steps:
        op = step.op
        if isinstance(op, Predict):
            unused: dict[str, Any] = {name: None for name in OUTPUTS if getattr(op, name) not in wanted}
            op = replace(op, **unused)
        steps.append(Step(op, step.stage))
    return replace(plan, steps=tuple(steps))


#: The passes in their order.
PASSES: tuple[Callable[[BoundPlan], BoundPlan], ...] = (drop_unused_steps, drop_unused_predictions)


def rewrite(plan: BoundPlan, passes: tuple[Callable[[BoundPlan], BoundPlan], ...] = PASSES) -> BoundPlan:
    """Run the passes one after the other."""
    for one in passes:
        plan = one(plan)
    return plan
