"""Print what a model becomes: steps over names, the rewritten plan over column ids, the kernels."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from mabridge.errors import UnsupportedOptionError
from mabridge.plan.op import Op, Step


def explain(
    source: str | os.PathLike[str], *, after: str = "translate", data: str | None = None, columns: Sequence[str] | None = None, **reference: Any
) -> str:
    """The plan of a model as text.

    Args:
        source: a saved Spark model, or a converted one.
        after: "translate", "rewrite" or "lower".
        data: parquet whose schema to bind to; None takes the types that the plan assumes.
        columns: the output columns wanted; None for all.
        reference: the options of `convert` that say which Spark is meant.

    Raises:
        MabridgeError: there is no model, or it cannot be converted or bound.
    """
    from mabridge.bundle import is_bundle
    from mabridge.conversion import convert
    from mabridge.model import load

    converted = is_bundle(os.fspath(source))
    given = [name for name, value in reference.items() if value is not None]
    if converted and given:
        raise UnsupportedOptionError(f"{source} is converted already, with its own {given[0]}; leave the option out, or give the saved Spark model.")
    model = load(source) if converted else convert(source, **reference)
    head = f"the answers of Spark {model.reference.spark_version}, ansi {'on' if model.reference.ansi else 'off'}, {model.reference.time_zone}"
    if after == "translate":
        return "\n".join([f"# translate: {head}", *_steps(model.steps), "", "# input", *(str(requirement) for requirement in model.input_schema)])
    if data is None:
        from mabridge.plan.assume import assumed_schema

        schema, origin = assumed_schema(model.steps, model.reference), "assumed types; --data binds to real ones"
    else:
        from mabridge.run import read_schema

        schema, origin = read_schema(data), f"the types of {data}"
    program = model.program(schema, columns=columns)
    lines = [f"# {after}: {head}; {origin}", "input: " + _typed(program.bound.inputs, set(program.input_columns))]
    if after == "rewrite":
        lines += _steps(program.bound.steps)
    else:
        for operation in program.operations:
            lines.append(f"{_show(operation.step.op)}    kernel {operation.kernel.__module__.rsplit('.', 1)[-1]}.{operation.kernel.__qualname__.split('.')[0]}")
            if operation.done_with:
                lines.append(f"    lets go of {', '.join(operation.done_with)}")
    return "\n".join([*lines, "output: " + _typed(program.outputs)])


def _typed(columns: Sequence[Any], only: set[str] | None = None) -> str:
    return ", ".join(f"{column.id}: {column.kind}" for column in columns if only is None or column.name in only)


def _steps(steps: Sequence[Step]) -> list[str]:
    lines: list[str] = []
    stage = None
    for step in steps:
        if step.stage != stage:
            stage = step.stage
            lines.append(f"{stage}")
        lines.append(f"    {_show(step.op)}")
    return lines


def _show(op: Op) -> str:
    settings = ", ".join(f"{name}={_value(value)}" for name, value in op.settings.items())
    return f"{type(op).__name__}({', '.join(op.read_columns)} -> {', '.join(op.written_columns) or 'rows'}; {settings})"


def _value(value: Any) -> str:
    if isinstance(value, np.ndarray):
        return f"{value.dtype}{list(value.shape)}" if value.size > 8 else np.array2string(value, separator=", ", max_line_width=1000)
    if isinstance(value, pa.Array):
        return f"{len(value)} labels" if len(value) > 8 else str(value.to_pylist())
    if type(value).__module__.startswith("mabridge.plan.predictors"):
        numbers = [f"{name}={item!r}" for name, item in vars(value).items() if item is not None and not isinstance(item, np.ndarray)]
        shapes = [f"{name}{list(value.__dict__[name].shape)}" for name in ("coefficients", "roots", "values") if name in vars(value)]
        return f"{type(value).__name__}({', '.join(numbers + shapes)})"
    text = str(value)
    return text if len(text) <= 300 else text[:300] + "..."
