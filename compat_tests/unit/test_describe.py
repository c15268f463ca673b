"""What `mabridge inspect` says of a converted model."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

import mabridge
from mabridge.cli import main
from mabridge.describe import model_text
from mabridge.errors import MissingModelError
from mabridge.model import Model
from mabridge.saved import read_saved
from mabridge.saved.inspect import inspect_stage

ROOT = Path(__file__).resolve().parents[2]
MODELS = ROOT / "examples" / "flights" / "models"
CASES = ROOT / "compat_tests" / "cases"


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bundle") / "model"
    mabridge.convert(CASES / "feature" / "binarizer" / "defaults" / "model", folder)
    return folder


def test_a_converted_model_is_shown_with_its_stages_and_columns(bundle: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["inspect", str(bundle)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == f"{bundle}: converted, 1 stage, 1 op"
    assert lines[3].split() == ["stage", "class", "uid", "ops"]
    assert lines[4].split()[:2] == ["(model)", "Binarizer"]
    assert "reads" in lines
    assert lines[-2] == "adds"
    assert lines[-1].split()[-1] == "double"


def test_json_of_a_converted_model_parses(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    model = mabridge.convert(MODELS / "logistic", tmp_path / "model")
    assert main(["inspect", str(tmp_path / "model"), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert len(found["stages"]) == len(model.stages)
    assert found["stages"][0]["ops"] == ["Project"]
    assert [column["name"] for column in found["input"]] == [column.name for column in model.input_schema]
    assert found["output"][-1] == {"name": "prediction", "type": "double"}


def test_a_name_that_would_move_the_cursor_is_escaped() -> None:
    model = mabridge.convert(CASES / "feature" / "binarizer" / "defaults" / "model")
    hostile = Model([replace(step, stage=replace(step.stage, uid="a\x1b[2Jb")) for step in model.steps], model.reference)
    assert "\x1b" not in model_text(hostile)
    assert "u001b" in model_text(hostile)


def test_converting_a_converted_model_names_what_to_do_with_it(bundle: Path) -> None:
    with pytest.raises(MissingModelError, match=r"converted model already: `mabridge predict` runs it, `mabridge inspect` and `mabridge explain` show it"):
        mabridge.convert(bundle)


def saved_models() -> list[Path]:
    families = ("tuning/cross_validator_model", "tuning/train_validation_split_model", "pipeline_model", "feature/r_formula_model", "feature/binarizer")
    found = [
        case.parent / "model"
        for family in families
        for case in sorted((CASES / family).glob("*/case.json"))
        if json.loads(case.read_text())["expect"] == "rows"
    ]
    return [*found, *sorted(path for path in MODELS.iterdir() if path.is_dir())]


def test_inspect_and_convert_count_the_same_stages() -> None:
    counts = {path: (inspect_stage(read_saved(path)).num_stages, len(mabridge.convert(path).stages)) for path in saved_models()}
    assert len(counts) > 20
    assert {path: pair for path, pair in counts.items() if pair[0] != pair[1]} == {}
