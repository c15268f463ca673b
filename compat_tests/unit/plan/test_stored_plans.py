"""A plan comes back from its JSON and arrays as it was, for the model of every recorded case."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import mabridge
from compat_tests.replay import CASES, case_folders
from mabridge.errors import MalformedModelError, UnsupportedPipelineError
from mabridge.plan.store import plan_from_json, plan_to_json

STAGES = sorted({folder.parent for folder in case_folders()})


@pytest.mark.parametrize("stage", STAGES, ids=lambda path: path.relative_to(CASES).as_posix())
def test_a_plan_comes_back_as_it_was_stored(stage: Path) -> None:
    stored = 0
    for folder in case_folders(stage):
        try:
            model = mabridge.convert(folder / "model")
        except (MalformedModelError, UnsupportedPipelineError):
            continue
        plan, arrays = plan_to_json(model.steps, model.reference)
        again, again_arrays = plan_to_json(*plan_from_json(json.loads(json.dumps(plan)), arrays))
        assert again == plan, folder.name
        assert again_arrays.keys() == arrays.keys(), folder.name
        # As text, in which NaN equals itself and -0.0 does not equal 0.0.
        assert all((array.type, repr(array.to_pylist())) == (arrays[name].type, repr(arrays[name].to_pylist())) for name, array in again_arrays.items()), (
            folder.name
        )
        stored += 1
    assert stored
