"""A model on its way to another process: text and bytes, and the same model at the other end."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import mabridge
from compat_tests.repo.translators import CASES, ROOT
from mabridge.errors import MalformedBundleError
from mabridge.model import Model
from mabridge.plan.op import StageRef, Step
from mabridge.plan.ops import LookupIndex, MapRange
from mabridge.plan.reference import Reference
from mabridge.run.ship import model_of, shipped

FOREST = CASES / "classification" / "random_forest_classification_model" / "leaf_column"


@pytest.mark.parametrize(
    "folder",
    [ROOT / "examples" / "flights" / "models" / "logistic", ROOT / "examples" / "flights" / "models" / "gbt", FOREST / "model"],
    ids=lambda path: path.parent.name + path.name,
)
def test_the_same_model_arrives(folder: Path) -> None:
    model = mabridge.convert(folder, time_zone="Asia/Tokyo")
    arrived = model_of(shipped(model))
    assert arrived.digest == model.digest
    assert arrived.reference == model.reference
    assert repr(arrived) == repr(model)
    assert arrived.path is None


def test_what_travels_is_text_and_bytes() -> None:
    text, arrays = shipped(mabridge.convert(ROOT / "examples" / "flights" / "models" / "logistic"))
    assert type(text) is str
    assert json.loads(text)["ops"]
    assert arrays
    assert {(type(name), type(content)) for name, content in arrays.items()} == {(str, bytes)}
    assert all(content.startswith(b"ARROW1") for content in arrays.values())


def test_special_values_and_empty_arrays_arrive_to_the_bit() -> None:
    stage = StageRef("", "org.example.Stage", "u")
    minimum = np.array([-0.0, np.nan, 5e-324])
    ops = [LookupIndex("s", "i", pa.array([], pa.string()), "keep"), MapRange("v", "w", minimum, np.zeros(3), -0.0, float("inf"))]
    arrived = model_of(shipped(Model([Step(op, stage) for op in ops], Reference("3.5.7"))))
    first, second = (step.op for step in arrived.steps)
    assert isinstance(first, LookupIndex)
    assert isinstance(second, MapRange)
    assert first.labels.equals(pa.array([], pa.string()))
    assert second.minimum.tobytes() == minimum.tobytes()
    assert (repr(second.offset), repr(second.constant)) == ("-0.0", "inf")


def test_a_model_without_arrays_arrives() -> None:
    assert model_of(shipped(Model([], Reference("3.5.7")))).transform(pa.table({"x": [1]})).to_pydict() == {"x": [1]}


def test_another_process_gives_the_same_answer(tmp_path: Path) -> None:
    model = mabridge.convert(FOREST / "model")
    text, arrays = shipped(model)
    (tmp_path / "plan.json").write_text(text, encoding="utf-8")
    for name, content in arrays.items():
        (tmp_path / f"{name}.arrow").write_bytes(content)
    code = (
        "import pathlib, sys, pyarrow.parquet as pq\nfrom mabridge.run.ship import model_of\nfolder = pathlib.Path(sys.argv[1])\n"
        "arrays = {path.stem: path.read_bytes() for path in folder.glob('*.arrow')}\n"
        "out = model_of(((folder / 'plan.json').read_text(encoding='utf-8'), arrays)).transform(pq.read_table(sys.argv[2]))\n"
        "pq.write_table(out, folder / 'out.parquet')"
    )
    subprocess.run([sys.executable, "-c", code, str(tmp_path), str(FOREST / "input.parquet")], check=True)
    expected = model.transform(pq.read_table(FOREST / "input.parquet"))
    assert repr(pq.read_table(tmp_path / "out.parquet").to_pydict()) == repr(expected.to_pydict())


def test_a_plan_that_was_changed_on_the_way_is_refused() -> None:
    text, arrays = shipped(mabridge.convert(FOREST / "model"))
    with pytest.raises(MalformedBundleError):
        model_of((text.replace('"Predict"', '"Popen"'), arrays))
