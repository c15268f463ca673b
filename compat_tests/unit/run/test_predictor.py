"""The plain Ray way: a callable class for `map_batches`, and `transform` of a Dataset."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

import mabridge
from mabridge.errors import InvalidRowError, MissingColumnError, MissingModelError
from mabridge.model import Model
from mabridge.plan.op import StageRef, Step
from mabridge.plan.ops import AssembleVector, Bucketize, DropMissing
from mabridge.plan.reference import Reference
from mabridge.run import Predictor, is_ray_dataset
from mabridge.run.ship import shipped


def small_model() -> Model:
    ops = [DropMissing(("y",)), Bucketize("x", "b", np.array([0.0, 1.0, math.inf]), False), AssembleVector(("x", "b"), "v", "error")]
    return Model([Step(op, StageRef(f"stages[{place}]", "org.example.Stage", f"uid{place}")) for place, op in enumerate(ops)], Reference("3.5.7"))


def rows(count: int) -> pa.Table:
    numbers = np.arange(float(count))
    return pa.table({"id": np.arange(count), "x": numbers / 3.0, "y": pa.array([None if place % 5 == 4 else 1.0 for place in range(count)], pa.float64())})


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    small_model().save(tmp_path / "model")
    return tmp_path / "model"


def test_a_predictor_answers_a_batch_as_the_model_does(saved: Path) -> None:
    predictor = Predictor(saved)
    assert predictor(rows(17)).equals(small_model().transform(rows(17)), check_metadata=True)
    assert predictor(rows(0)).schema.equals(predictor(rows(3)).schema, check_metadata=True)


def test_a_predictor_takes_a_model_that_was_shipped() -> None:
    assert Predictor(shipped(small_model()))(rows(9)).equals(small_model().transform(rows(9)))


def test_a_predictor_gives_the_columns_and_vectors_that_it_was_asked_for(saved: Path) -> None:
    out = Predictor(saved, columns=["v", "id"], vectors="dense")(rows(9))
    assert out.column_names == ["v", "id"]
    assert out.schema.field("v").type == pa.list_(pa.float64(), 2)


def test_a_long_batch_is_cut_and_its_rows_are_named_from_its_start(saved: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = Predictor(saved)(rows(23))
    monkeypatch.setattr("mabridge.model.BATCH_ROWS", 4)
    assert Predictor(saved)(rows(23)).to_pydict() == expected.to_pydict()
    table = rows(11).set_column(1, "x", pa.array([0.5] * 10 + [-1.0]))
    with pytest.raises(InvalidRowError) as caught:
        Predictor(saved)(table)
    assert caught.value.row == 10


def test_a_predictor_without_a_model_or_with_other_data_says_so(saved: Path, tmp_path: Path) -> None:
    with pytest.raises(MissingModelError):
        Predictor(tmp_path / "nothing")
    with pytest.raises(MissingColumnError, match="`y`"):
        Predictor(saved)(rows(3).drop_columns(["y"]))


@pytest.mark.parametrize("value", [None, {}, pa.table({}), "ray.data.Dataset", type("Dataset", (), {"__module__": "mine.ray.data"})()], ids=repr)
def test_other_things_are_no_dataset(value: Any) -> None:
    assert not is_ray_dataset(value)


@pytest.fixture(scope="module")
def ray() -> Iterator[Any]:
    """Ray for the tests of this file."""
    from mabridge.run.ray_engine import ray_session

    with ray_session(None, 2) as session:
        yield session


def ordered(dataset: Any) -> list[dict[str, Any]]:
    """A Dataset's rows by id: Ray keeps no order of its own."""
    return sorted(dataset.take_all(), key=lambda row: row["id"])


@pytest.mark.heavy
def test_a_dataset_comes_back_as_a_dataset_with_the_model_s_answers(ray: Any) -> None:
    dataset = ray.data.from_arrow([rows(40).slice(start, 10) for start in range(0, 40, 10)])
    assert is_ray_dataset(dataset)
    out = small_model().transform(dataset, columns=["id", "b", "v"], vectors="dense")
    assert is_ray_dataset(out)
    expected = small_model().transform(rows(40), columns=["id", "b", "v"], vectors="dense").to_pylist()
    assert [(row["id"], row["b"], list(row["v"])) for row in ordered(out)] == [(row["id"], row["b"], row["v"]) for row in expected]


@pytest.mark.heavy
def test_map_batches_with_a_predictor_gives_the_model_s_answers(ray: Any, saved: Path) -> None:
    dataset = ray.data.from_arrow(rows(40)).map_batches(
        mabridge.Predictor,
        fn_constructor_kwargs={"model": str(saved), "columns": ["id", "b"]},
        batch_format="pyarrow",
        compute=ray.data.ActorPoolStrategy(min_size=1, max_size=1),
    )
    assert ordered(dataset) == small_model().transform(rows(40), columns=["id", "b"]).to_pylist()


@pytest.mark.heavy
def test_a_row_that_spark_refuses_fails_the_dataset_with_its_message(ray: Any) -> None:
    table = rows(12).set_column(1, "x", pa.array([0.5] * 11 + [-1.0]))
    with pytest.raises(Exception, match=r"stages\[1\] Stage \(uid1\) refuses row 11: column `x` holds -1\.0"):
        small_model().transform(ray.data.from_arrow(table.set_column(2, "y", pa.array([1.0] * 12)))).take_all()
