"""Jobs over files: the same bytes from every engine, and nothing half done under the final name."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from mabridge.conversion import convert
from mabridge.errors import (
    InvalidInputError,
    InvalidRowError,
    MalformedDataError,
    MissingColumnError,
    MissingDataError,
    OutputExistsError,
    UnsupportedOptionError,
)
from mabridge.model import Model
from mabridge.plan.op import StageRef, Step
from mabridge.plan.ops import AssembleVector, DropMissing, LookupIndex, OneHot, Predict
from mabridge.plan.predictors import Head, LinearScorer
from mabridge.plan.reference import Reference
from mabridge.run import predict
from mabridge.run.parts import plan_parts
from mabridge.run.source import read_source

LABELS = pa.array(["a", "b", "ü"])


def small_model(unseen: str = "keep") -> Model:
    ops = [
        DropMissing(("y",)),
        LookupIndex("s", "i", LABELS, unseen),  # type: ignore[arg-type]
        OneHot("i", "v", 4 if unseen == "keep" else 3, unseen == "keep", "error"),
        AssembleVector(("x", "v", "y"), "features", "keep"),
        Predict(
            "features",
            LinearScorer(np.array([[0.3, 1.0, -2.0, 0.5, 1e-3]]), np.array([0.1])),
            Head("signed", "logistic", 1.0, "cutoff raw"),
            raw_prediction="rawPrediction",
            probability="probability",
            prediction="prediction",
        ),
    ]
    return Model(
        [Step(op, StageRef(f"stages[{place}]", f"org.example.{type(op).__name__}", f"uid{place}")) for place, op in enumerate(ops)], Reference("3.5.7")
    )


def rows(count: int, seed: int = 0) -> pa.Table:
    rng = np.random.default_rng(seed)
    x = rng.normal(size=count)
    return pa.table(
        {
            "id": pa.array(np.arange(count)),
            "x": pa.array(x, mask=rng.random(count) < 0.1),
            "y": pa.array(rng.normal(size=count), mask=rng.random(count) < 0.2),
            "s": pa.array(rng.choice(["a", "b", "ü", "unseen"], count)),
        }
    )


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    pq.write_table(rows(5_000), folder / "b.parquet", row_group_size=700)
    pq.write_table(rows(3_000, 1), folder / "a.parquet", row_group_size=1_000)
    pq.write_table(rows(0), folder / "c.parquet")
    (folder / "_SUCCESS").touch()
    return folder


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def test_files_come_by_path_and_rows_in_order(data: Path, tmp_path: Path) -> None:
    report = predict(small_model(), data, tmp_path / "out")
    read = [pq.read_table(path) for path in sorted((tmp_path / "out").glob("part-*"))]
    kept = [table.filter(table["y"].is_valid())["id"] for table in (rows(3_000, 1), rows(5_000))]
    assert pa.concat_tables(read)["id"].to_pylist() == [*kept[0].to_pylist(), *kept[1].to_pylist()]
    assert (report.rows_in, report.rows_out) == (8_000, sum(len(ids) for ids in kept))
    assert (tmp_path / "out" / "_SUCCESS").exists()


@pytest.mark.parametrize("batch_size", [1, 7, 1_000, 100_000])
@pytest.mark.parametrize("workers", [1, 3])
def test_batch_size_and_workers_change_no_bit(data: Path, tmp_path: Path, batch_size: int, workers: int) -> None:
    predict(small_model(), data, tmp_path / "out")
    predict(small_model(), data, tmp_path / "other", batch_size=batch_size, workers=workers)
    assert content(tmp_path / "out") == content(tmp_path / "other")


@pytest.mark.heavy
def test_ray_writes_the_same_bytes_and_gives_the_same_error(data: Path, tmp_path: Path) -> None:
    predict(small_model(), data, tmp_path / "local")
    predict(small_model(), data, tmp_path / "ray", engine="ray", workers=2)
    assert content(tmp_path / "local") == content(tmp_path / "ray")
    errors = []
    for engine in ("local", "ray"):
        with pytest.raises(InvalidRowError) as caught:
            predict(small_model("error"), data, tmp_path / "refused", engine=engine, workers=2)  # type: ignore[arg-type]
        errors.append(str(caught.value))
    assert errors[0] == errors[1]
    assert not (tmp_path / "refused").exists()


def test_a_refused_row_is_named_by_its_place_in_the_whole_input(data: Path, tmp_path: Path) -> None:
    table = pa.concat_tables([rows(3_000, 1), rows(5_000)])
    first = next(place for place, (y, s) in enumerate(zip(table["y"].to_pylist(), table["s"].to_pylist(), strict=True)) if y is not None and s == "unseen")
    with pytest.raises(InvalidRowError, match="'unseen'") as caught:
        predict(small_model("error"), data, tmp_path / "out", batch_size=13)
    assert (caught.value.row, caught.value.column) == (first, "s")
    assert [path.name for path in tmp_path.iterdir()] == ["data"]


def test_an_output_that_exists_is_replaced_only_when_asked(data: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    predict(small_model(), data, out)
    before = content(out)
    with pytest.raises(OutputExistsError):
        predict(small_model(), data, out)
    assert content(out) == before
    with pytest.raises(InvalidRowError):
        predict(small_model("error"), data, out, overwrite=True)
    assert content(out) == before
    predict(small_model(), data, out, overwrite=True, columns=["id"])
    assert pq.read_table(next(out.glob("part-*"))).column_names == ["id"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data", "out"]


def test_a_folder_that_holds_the_input_or_other_files_is_never_replaced(data: Path, tmp_path: Path) -> None:
    with pytest.raises(OutputExistsError):
        predict(small_model(), data, data, overwrite=True)
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "thesis.txt").touch()
    with pytest.raises(OutputExistsError, match=r"thesis\.txt"):
        predict(small_model(), data, mine, overwrite=True)


@pytest.mark.parametrize("damage", ["cut", "noise"])
def test_a_damaged_file_ends_in_one_error_and_leaves_nothing(data: Path, tmp_path: Path, damage: str) -> None:
    file = data / "b.parquet"
    raw = file.read_bytes()
    file.write_bytes(raw[: len(raw) // 2] if damage == "cut" else raw[:200] + bytes(2_000) + raw[2_200:])
    with pytest.raises(MalformedDataError, match=r"b\.parquet"):
        predict(small_model(), data, tmp_path / "out")
    assert [path.name for path in tmp_path.iterdir()] == ["data"]


def test_wrong_inputs_are_told_apart(data: Path, tmp_path: Path) -> None:
    with pytest.raises(MissingDataError):
        predict(small_model(), tmp_path / "nothing", tmp_path / "out")
    pq.write_table(rows(10).drop_columns(["s"]), tmp_path / "fewer.parquet")
    with pytest.raises(MissingColumnError, match=r"`x`|`y`|`v`|`s`|`i`"):
        predict(small_model(), tmp_path / "fewer.parquet", tmp_path / "out", columns=["rawPrediction"])
    pq.write_table(rows(10).drop_columns(["s"]).append_column("s", pa.array([1] * 10)), data / "d.parquet")
    with pytest.raises(MalformedDataError, match=r"d\.parquet"):
        predict(small_model(), data, tmp_path / "out")
    with pytest.raises(UnsupportedOptionError):
        predict(small_model(), data, tmp_path / "out", batch_size=0)


def test_parts_cover_every_row_once(data: Path) -> None:
    source = read_source(str(data))
    for part_bytes in (1, 10_000, 2**30):
        parts = plan_parts(source, part_bytes)
        assert [part.index for part in parts] == list(range(len(parts)))
        assert sum(part.num_rows for part in parts) == source.num_rows
        assert [part.first_row for part in parts] == np.cumsum([0, *(part.num_rows for part in parts)]).tolist()[:-1]


@pytest.mark.heavy
def test_a_killed_job_leaves_nothing_under_the_final_name(tmp_path: Path) -> None:
    pq.write_table(rows(400_000), tmp_path / "data.parquet", row_group_size=5_000)
    small_model().save(tmp_path / "model")
    command = [
        sys.executable,
        "-m",
        "mabridge.cli",
        "predict",
        str(tmp_path / "model"),
        str(tmp_path / "data.parquet"),
        str(tmp_path / "out"),
        "--batch-size",
        "10",
    ]
    job = subprocess.Popen(command, env={**os.environ, "PYTHONWARNINGS": "ignore"})
    staging = tmp_path / ".out.mabridge-staging"
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and not (staging.exists() and any(staging.iterdir())):
        time.sleep(0.02)
    job.send_signal(signal.SIGKILL)
    job.wait()
    assert staging.exists(), "the job ended before it could be killed"
    assert not (tmp_path / "out").exists()
    predict(small_model(), tmp_path / "data.parquet", tmp_path / "out")
    assert (tmp_path / "out" / "_SUCCESS").exists()
    assert not staging.exists()


def test_object_stores_get_success_last(data: Path) -> None:
    import fsspec

    memory = fsspec.filesystem("memory")
    predict(small_model(), data, "memory://bucket/out")
    names = sorted(path.rsplit("/", 1)[-1] for path in memory.ls("/bucket/out", detail=False))
    assert names[0] == "_SUCCESS"
    assert len(names) > 1
    with pytest.raises(OutputExistsError):
        predict(small_model(), data, "memory://bucket/out")
    predict(small_model(), data, "memory://bucket/out", overwrite=True, columns=["id"])
    again = sorted(path.rsplit("/", 1)[-1] for path in memory.ls("/bucket/out", detail=False))
    assert again[0] == "_SUCCESS"
    assert not set(names[1:]) & set(again[1:])


def test_spark_s_schema_stands_in_the_file(data: Path, tmp_path: Path) -> None:
    predict(small_model(), data, tmp_path / "out")
    metadata = pq.read_schema(next((tmp_path / "out").glob("part-*"))).metadata
    fields = {field["name"]: field for field in json.loads(metadata[b"org.apache.spark.sql.parquet.row.metadata"])["fields"]}
    assert fields["probability"]["type"]["class"] == "org.apache.spark.ml.linalg.VectorUDT"
    assert fields["features"]["metadata"]["ml_attr"]["num_attrs"] == 5


@pytest.mark.parametrize("case", ["constants", "star_twice", "names_that_differ_by_case"])
def test_what_spark_refuses_to_write_is_refused_by_the_job(case: str, tmp_path: Path) -> None:
    folder = Path(__file__).parents[2] / "cases" / "feature" / "sql_transformer" / case
    with pytest.raises(InvalidInputError, match="which Spark refuses to write too"):
        predict(convert(folder / "model"), folder / "input.parquet", tmp_path / "out", engine="local")
    assert not (tmp_path / "out").exists()
