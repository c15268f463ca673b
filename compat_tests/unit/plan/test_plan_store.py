"""A plan as JSON and arrays: what was stored is read back to the bit, and a file that says anything else is refused."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

import mabridge
from compat_tests.replay import case_folders
from compat_tests.repo.translators import ROOT
from mabridge.errors import MabridgeError, MalformedBundleError
from mabridge.plan.op import Op, StageRef, Step
from mabridge.plan.ops import STORED_OPS, AssembleVector, Bucketize, FillMissing, LookupIndex, MapRange, OneHotDeclared, Predict, ShiftScale
from mabridge.plan.predictors import Head, LinearScorer
from mabridge.plan.reference import Reference
from mabridge.plan.store import plan_from_json, plan_to_json

REFERENCE = Reference("3.4.1-amzn-1", ansi=True, time_zone="Europe/Paris", case_sensitive=True)
OPS: tuple[Op, ...] = (
    FillMissing(("x",), ("x",), np.array([-0.0]), float("nan")),
    LookupIndex("s", "i", pa.array(["a", "", "ü\u0000"]), "keep"),
    Bucketize("x", "b", np.array([-np.inf, 0.0, np.inf]), True),
    AssembleVector(("x", "b"), "v", "error"),
    ShiftScale("v", "w", 2, None, np.array([1.5, np.nan])),
    MapRange("w", "m", np.zeros(2), np.array([0.0, 5e-324]), float("-inf"), 0.5),
    Predict(
        "m",
        LinearScorer(np.arange(6.0).reshape(3, 2), np.zeros(3)),
        Head("scores", "softmax", 1.0, "scaled probability", 0.0, (0.1, float("inf"), 2.0)),
        probability="p",
    ),
)
STEPS = tuple(Step(op, StageRef(f"stages[{place // 2}]", "org.example.Stage", f"uid{place // 2}")) for place, op in enumerate(OPS))


def as_text(value: Any) -> str:
    """A value with all that hangs on it, arrays by their bytes and shapes."""
    if isinstance(value, np.ndarray):
        return f"{value.dtype}{value.shape}{value.tobytes().hex()}"
    if isinstance(value, pa.Array):
        return f"{value.type}{value.to_pylist()}"
    if hasattr(value, "__dataclass_fields__"):
        return f"{type(value).__name__}({', '.join(f'{name}={as_text(getattr(value, name))}' for name in value.__dataclass_fields__)})"
    return f"{type(value).__name__}:{value!r}"


def stored() -> tuple[dict[str, Any], dict[str, pa.Array]]:
    """The plan through JSON text, as a bundle holds it."""
    plan, arrays = plan_to_json(STEPS, REFERENCE)
    return json.loads(json.dumps(plan, allow_nan=False)), arrays


def test_what_was_stored_is_read_back() -> None:
    steps, reference = plan_from_json(*stored())
    assert reference == REFERENCE
    assert [as_text(step.op) for step in steps] == [as_text(op) for op in OPS]
    assert [step.stage for step in steps] == [step.stage for step in STEPS]


def test_storing_again_gives_the_same_text_and_arrays() -> None:
    plan, arrays = stored()
    again, arrays_again = plan_to_json(*plan_from_json(plan, arrays))
    assert json.dumps(again) == json.dumps(plan)
    assert {name: as_text(array) for name, array in arrays_again.items()} == {name: as_text(array) for name, array in arrays.items()}


def test_an_array_that_is_not_contiguous_is_stored_by_its_values() -> None:
    matrix = np.arange(12.0).reshape(3, 4)[:, ::2]
    step = Step(Predict("v", LinearScorer(matrix, np.zeros(3)), Head()), StageRef("", "c", "u"))
    (read,), _ = plan_from_json(*plan_to_json((step,), REFERENCE))
    assert isinstance(read.op, Predict)
    assert isinstance(read.op.scorer, LinearScorer)
    assert read.op.scorer.coefficients.tolist() == matrix.tolist()


def test_every_op_that_may_be_stored_occurs_in_a_recorded_case_or_an_example_and_comes_back() -> None:
    # Spark 3 cannot load the OneHotEncoder of Spark 2, so there is no case of it.
    uncased = OneHotDeclared("i", "o", drop_last=True)
    steps, _ = plan_from_json(*plan_to_json([Step(uncased, StageRef("", "a.b.Stage", "uid_1"))], Reference.of_version("3.5.7")))
    assert [as_text(step.op) for step in steps] == [as_text(uncased)]
    missing = set(STORED_OPS) - {"OneHotDeclared"}
    for folder in [*(ROOT / "examples" / "flights" / "models").iterdir(), *(folder / "model" for folder in case_folders())]:
        if not missing:
            break
        try:
            model = mabridge.convert(folder)
        except MabridgeError:
            continue
        missing -= {type(step.op).__name__ for step in model.steps}
        steps, _ = plan_from_json(*plan_to_json(model.steps, model.reference))
        assert [as_text(step.op) for step in steps] == [as_text(step.op) for step in model.steps]
    assert missing == set(), "no recorded case holds these ops"


def change(edit: Callable[[dict[str, Any]], Any]) -> dict[str, Any]:
    plan = copy.deepcopy(stored()[0])
    edit(plan)
    return plan


WRONG: dict[str, Callable[[dict[str, Any]], Any]] = {
    "no reference": lambda plan: plan.pop("reference"),
    "another setting": lambda plan: plan["reference"].update(fast=True),
    "a setting of another type": lambda plan: plan["reference"].update(ansi=1),
    "no version": lambda plan: plan["reference"].pop("spark_version"),
    "no stages": lambda plan: plan.pop("stages"),
    "a stage without a uid": lambda plan: plan["stages"][0].pop("uid"),
    "ops that are no list": lambda plan: plan.update(ops=7),
    "an op that is no object": lambda plan: plan["ops"].append("Bucketize"),
    "an unknown op": lambda plan: plan["ops"][0].update(op="Shell"),
    "an op of bound plans alone": lambda plan: plan["ops"][0].update(op="Evaluate"),
    "no op": lambda plan: plan["ops"][0].pop("op"),
    "a stage that is not there": lambda plan: plan["ops"][0].update(stage=99),
    "a stage that is true": lambda plan: plan["ops"][0].update(stage=True),
    "an unknown field": lambda plan: plan["ops"][1].update(code="1"),
    "a missing field": lambda plan: plan["ops"][1].pop("labels"),
    "a field of another type": lambda plan: plan["ops"][1].update(input=["s"]),
    "an unknown choice": lambda plan: plan["ops"][1].update(unseen="skip"),
    "an array that is not there": lambda plan: plan["ops"][1].update(labels={"array": "a9999"}),
    "numbers for labels": lambda plan: plan["ops"][1].update(labels={"array": "a0002", "shape": [3]}),
    "labels for numbers": lambda plan: plan["ops"][2].update(splits={"array": "a0001", "shape": [3]}),
    "a list for an array": lambda plan: plan["ops"][2].update(splits=[0.0, 1.0, 2.0]),
    "a shape that does not fit": lambda plan: plan["ops"][2]["splits"].update(shape=[7]),
    "a shape below zero": lambda plan: plan["ops"][2]["splits"].update(shape=[-1]),
    "no shape": lambda plan: plan["ops"][2]["splits"].pop("shape"),
    "a scorer of an unknown kind": lambda plan: plan["ops"][6]["scorer"].update(value="Popen"),
    "a head for a scorer": lambda plan: plan["ops"][6].update(scorer=plan["ops"][6]["head"]),
    "a text for a scorer": lambda plan: plan["ops"][6].update(scorer="LinearScorer"),
    "an unknown field in a value": lambda plan: plan["ops"][6]["head"].update(code="1"),
    "an unknown decision": lambda plan: plan["ops"][6]["head"].update(decision="vote"),
    "thresholds of another type": lambda plan: plan["ops"][6]["head"].update(thresholds=["x"]),
    "an array where a name belongs": lambda plan: plan["ops"][2].update(input={"array": "a0001"}),
    "a statement where an array belongs": lambda plan: plan["ops"][2].update(splits={"statement": {}}),
    "a statement that is none": lambda plan: plan["ops"].append({"stage": 0, "op": "Project", "statement": {"statement": {"items": 1}}}),
    "a statement that is an array": lambda plan: plan["ops"].append({"stage": 0, "op": "Project", "statement": {"array": "a0001"}}),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_plan_that_says_anything_else_is_refused(name: str) -> None:
    with pytest.raises(MalformedBundleError, match=r"plan\.json does not hold a plan of this version of mabridge: .*Convert the Spark model again\."):
        plan_from_json(change(WRONG[name]), stored()[1])


@pytest.mark.parametrize("array", [pa.array([0.0, None, 1.0]), pa.array([0, 1, 2]), pa.array([0.0, 1.0, 2.0], pa.float32()), pa.array([[0.0]] * 3)], ids=str)
def test_an_array_of_another_type_or_with_nulls_is_refused(array: pa.Array) -> None:
    plan, arrays = stored()
    name = plan["ops"][2]["splits"]["array"]
    with pytest.raises(MalformedBundleError):
        plan_from_json(plan, {**arrays, name: array})


@pytest.mark.parametrize("array", [pa.array(["a", None]), pa.array([b"a"]), pa.array(["a"], pa.large_string())], ids=str)
def test_labels_of_another_type_or_with_nulls_are_refused(array: pa.Array) -> None:
    plan, arrays = stored()
    name = plan["ops"][1]["labels"]["array"]
    with pytest.raises(MalformedBundleError, match="labels are"):
        plan_from_json(plan, {**arrays, name: array})


def test_a_value_that_a_plan_cannot_hold_is_an_error_of_ours() -> None:
    step = Step(Bucketize("x", "b", object(), False), StageRef("", "c", "u"))  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="object cannot be stored in a plan"):
        plan_to_json((step,), REFERENCE)
