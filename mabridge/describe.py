"""Show what a converted model holds: stages, ops, the columns that it reads and those that it adds."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from mabridge.counted import counted
from mabridge.errors import MabridgeError
from mabridge.saved.inspect import aligned, printable

if TYPE_CHECKING:
    from mabridge.model import Model


def describe(model: Model) -> dict[str, Any]:
    """The model as plain values: where it is, whose answers it gives, its stages, what it reads and what it returns beside what it is given.

    `output` is null where the types that `input` assumes do not fit each other; then only data can tell.
    """
    stages = [
        {
            "location": stage.location,
            "class_name": stage.class_name,
            "uid": stage.uid,
            "ops": [type(step.op).__name__ for step in model.steps if step.stage == stage],
        }
        for stage in model.stages
    ]
    return {
        "path": model.path,
        "reference": model.reference.to_json(),
        "stages": stages,
        "input": [{"name": column.name, "accepts": column.accepts} for column in model.input_schema],
        "output": _output(model),
    }


def _output(model: Model) -> list[dict[str, str]] | None:
    from mabridge.plan.assume import assumed_schema

    try:
        program = model.program(assumed_schema(model.steps, model.reference))
    except MabridgeError:
        return None
    given = set(program.computed)
    return [{"name": column.name, "type": str(column.kind)} for column in program.outputs if column.name in given]


def model_json(model: Model) -> str:
    """`describe` as JSON."""
    return json.dumps(describe(model), indent=2, allow_nan=False)


def model_text(model: Model) -> str:
    """`describe` as plain text."""
    found, reference = describe(model), model.reference
    settings = f"ansi {'on' if reference.ansi else 'off'}, {reference.time_zone}, case sensitive {'on' if reference.case_sensitive else 'off'}"
    lines = [
        f"{model.path}: converted, {counted(len(found['stages']), 'stage')}, {counted(len(model.steps), 'op')}",
        f"the answers of Spark {reference.spark_version}, {settings}",
        "",
    ]
    rows = [(stage["location"] or "(model)", stage["class_name"].rsplit(".", 1)[-1], stage["uid"], ", ".join(stage["ops"])) for stage in found["stages"]]
    lines += _table([("stage", "class", "uid", "ops"), *rows])
    lines += ["", "reads", *(f"  {row}" for row in _table([(column["name"], column["accepts"]) for column in found["input"]]))]
    if found["output"] is None:
        return "\n".join([*lines, "", "returns what its input's types decide; `mabridge explain --data` shows it"])
    return "\n".join([*lines, "", "adds", *(f"  {row}" for row in _table([(column["name"], column["type"]) for column in found["output"]]))])


def _table(rows: list[tuple[str, ...]]) -> list[str]:
    """A stored plan may come from anybody, and so may its names."""
    return aligned([tuple(printable(cell) for cell in row) for row in rows])
