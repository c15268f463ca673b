"""A plan as JSON and arrays, and back: a closed world of ops, each field checked against its type."""

from __future__ import annotations

import types
import typing
from collections.abc import Mapping
from dataclasses import MISSING, fields
from typing import Any, Union

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from mabridge.errors import MalformedBundleError
from mabridge.plan.conform import conform
from mabridge.plan.op import Op, StageRef, Step
from mabridge.plan.ops import STORED_OPS
from mabridge.plan.predictors import PARTS, SCORERS, Head, Scorer
from mabridge.plan.reference import Reference
from mabridge.plan.sound import check_op

_VALUES: dict[str, type[Any]] = {"Head": Head, **{kind.__name__: kind for kind in (*PARTS, *SCORERS)}}


def plan_to_json(steps: tuple[Step, ...], reference: Reference) -> tuple[dict[str, Any], dict[str, pa.Array]]:
    """Steps as JSON, and the arrays that the JSON names."""
    arrays: dict[str, pa.Array] = {}
    stages: list[StageRef] = []
    ops = []
    for step in steps:
        if step.stage not in stages:
            stages.append(step.stage)
        ops.append({"stage": stages.index(step.stage), "op": type(step.op).__name__, **_fields(step.op, arrays)})
    return {
        "reference": reference.to_json(),
        "stages": [{"location": ref.location, "class": ref.class_name, "uid": ref.uid} for ref in stages],
        "ops": ops,
    }, arrays


def _fields(value: Any, arrays: dict[str, pa.Array]) -> dict[str, Any]:
    return {spec.name: _encode(getattr(value, spec.name), arrays) for spec in fields(value)}


def _encode(value: Any, arrays: dict[str, pa.Array]) -> Any:
    if isinstance(value, np.ndarray):
        name = f"a{len(arrays):04d}"
        arrays[name] = pa.array(np.ascontiguousarray(value).reshape(-1))
        return {"array": name, "shape": list(value.shape)}
    if isinstance(value, pa.Array):
        name = f"a{len(arrays):04d}"
        arrays[name] = value
        return {"array": name}
    if isinstance(value, float) and not np.isfinite(value):
        return "NaN" if np.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    if isinstance(value, tuple):
        return [_encode(item, arrays) for item in value]
    if type(value).__name__ in _VALUES:
        return {"value": type(value).__name__, **_fields(value, arrays)}
    if type(value).__name__ == "Statement":
        from mabridge.sql import statement_to_json

        return {"statement": statement_to_json(value)}
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    raise TypeError(f"{type(value).__name__} cannot be stored in a plan")


def plan_from_json(plan: Mapping[str, Any], arrays: Mapping[str, pa.Array]) -> tuple[tuple[Step, ...], Reference]:
    """The steps that `plan_to_json` stored.

    Raises:
        MalformedBundleError: something in it is not what this version of mabridge stores.
    """
    try:
        reference = Reference(**conform_fields(Reference, dict(plan["reference"]), {}))
        stages = [StageRef(conform(ref["location"], str), conform(ref["class"], str), conform(ref["uid"], str)) for ref in plan["stages"]]
        steps = []
        for entry in plan["ops"]:
            entry = dict(entry)
            place, name = conform(entry.pop("stage"), int), conform(entry.pop("op"), str)
            if not 0 <= place < len(stages):
                raise ValueError(f"an op belongs to stage {place} of {len(stages)}")
            if name not in STORED_OPS:
                raise ValueError(f"the op {name!r} is not known; it holds {', '.join(sorted(STORED_OPS))}")
            kind: type[Op] = STORED_OPS[name]
            op = kind(**conform_fields(kind, entry, arrays))
            check_op(op)
            steps.append(Step(op, stages[place]))
    except (KeyError, IndexError, TypeError, ValueError, AttributeError, OverflowError, RecursionError, pa.ArrowException) as error:
        raise MalformedBundleError(f"plan.json does not hold a plan of this version of mabridge: {error}. Convert the Spark model again.") from error
    return tuple(steps), reference


def conform_fields(kind: type[Any], entry: dict[str, Any], arrays: Mapping[str, pa.Array]) -> dict[str, Any]:
    """A dataclass's fields from JSON.

    Raises:
        ValueError: a field is unknown, absent or not of its type.
    """
    hints = typing.get_type_hints(kind, localns={"Statement": object})
    values: dict[str, Any] = {}
    for spec in fields(kind):
        if spec.name not in entry:
            if spec.default is MISSING:
                raise ValueError(f"{kind.__name__} lacks `{spec.name}`")
            continue
        try:
            values[spec.name] = _decode(entry.pop(spec.name), hints[spec.name], arrays)
        except ValueError as error:
            raise ValueError(f"{kind.__name__}.{spec.name}: {error}") from error
    if entry:
        raise ValueError(f"{kind.__name__} has no field {', '.join(entry)}")
    return values


def _decode(value: Any, hint: Any, arrays: Mapping[str, pa.Array]) -> Any:
    if isinstance(value, list) and typing.get_origin(hint) is tuple and typing.get_args(hint)[0] in (Head, Scorer):
        return tuple(_decode(item, typing.get_args(hint)[0], arrays) for item in value)
    options = typing.get_args(hint) if typing.get_origin(hint) in (Union, types.UnionType) else (hint,)
    if isinstance(value, dict):
        if "array" in value:
            return _array(value, options, arrays)
        if "statement" in value and object in options:
            from mabridge.sql import statement_from_json

            return statement_from_json(value["statement"])
        entry = dict(value)
        kind = _VALUES.get(str(entry.pop("value", "")))
        if kind is None or not any(isinstance(option, type) and issubclass(kind, option) for option in options):
            raise ValueError("a value of an unknown kind")
        made = kind(**conform_fields(kind, entry, arrays))
        if isinstance(made, Scorer):
            made.check()
        return made
    return conform(value, hint)


def _array(value: dict[str, Any], options: tuple[Any, ...], arrays: Mapping[str, pa.Array]) -> Any:
    array = arrays[conform(value["array"], str)]
    if pa.Array in options:
        if array.type != pa.string() or array.null_count:
            raise ValueError(f"labels are {array.type}, with {array.null_count} nulls")
        return array
    wanted = next((_dtype(option) for option in options if typing.get_origin(option) is np.ndarray), None)
    shape = conform(value["shape"], tuple[int, ...])
    if wanted is None or array.null_count:
        raise ValueError("an array where none belongs")
    numbers: npt.NDArray[Any] = array.to_numpy(zero_copy_only=False)
    if numbers.dtype != wanted or any(size < 0 for size in shape):
        raise ValueError(f"an array of {numbers.dtype} {shape} where {wanted} is expected")
    return numbers.reshape(shape)


def _dtype(hint: Any) -> np.dtype[Any]:
    scalar: type[np.generic] = typing.get_args(typing.get_args(hint)[1])[0]
    return np.dtype(scalar)
