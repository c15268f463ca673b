"""The commands as a user types them: what they print, their exit codes, and what they leave behind."""

from __future__ import annotations

import shutil
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from compat_tests.extras import needed
from mabridge.cli import main

ROOT = Path(__file__).parent.parent
MODELS = ROOT / "examples" / "flights" / "models"
FLIGHTS = ROOT / "examples" / "flights" / "data" / "flights.parquet"


@pytest.fixture(scope="module")
def converted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("converted") / "model"
    assert main(["convert", str(MODELS / "logistic"), str(target)]) == 0
    return target


@pytest.fixture(scope="module")
def some_flights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("flights") / "flights.parquet"
    pq.write_table(pq.read_table(FLIGHTS).slice(0, 2_000), file, row_group_size=500)
    return file


@pytest.mark.parametrize("name", ["logistic", "gbt", "delay"])
@pytest.mark.parametrize("after", ["translate", "rewrite", "lower"])
def test_every_step_of_the_way_prints(name: str, after: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", str(MODELS / name), "--after", after, "--data", str(FLIGHTS)]) == 0
    assert "Predict(" in capsys.readouterr().out


def test_inspect_shows_stages_params_and_columns(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["inspect", str(MODELS / "logistic")]) == 0
    shown = capsys.readouterr().out
    assert "StringIndexerModel" in shown
    assert "handleInvalid" in shown


def test_predict_writes_every_row(converted: Path, some_flights: Path, tmp_path: Path) -> None:
    assert main(["predict", str(converted), str(some_flights), str(tmp_path / "out"), "--columns", "flight,prediction", "--quiet"]) == 0
    table = pa.concat_tables([pq.read_table(path) for path in sorted((tmp_path / "out").glob("part-*"))])
    assert table["flight"].to_pylist() == pq.read_table(some_flights)["flight"].to_pylist()
    assert table.column_names == ["flight", "prediction"]


def test_export_writes_onnx(converted: Path, tmp_path: Path) -> None:
    import onnxruntime

    needed("ndonnx")
    assert main(["export", str(converted), str(tmp_path / "model.onnx")]) == 0
    session = onnxruntime.InferenceSession(str(tmp_path / "model.onnx"), providers=["CPUExecutionProvider"])
    assert {output.name for output in session.get_outputs()} >= {"rawPrediction", "probability", "prediction"}


def wrong_inputs(folder: Path) -> dict[str, Path]:
    """A saved model spoilt in each way."""
    made: dict[str, Path] = {"no such folder": folder / "nothing"}

    def spoil(name: str) -> Path:
        made[name] = folder / name
        shutil.copytree(MODELS / "logistic", made[name])
        return made[name]

    (folder / "not a model").mkdir()
    made["not a model"] = folder / "not a model"
    truncated = next(spoil("truncated parquet").glob("stages/*StringIndexer*/data/*.parquet"))
    truncated.write_bytes(truncated.read_bytes()[:-10])
    next(spoil("missing parquet").glob("stages/*StringIndexer*/data/*.parquet")).unlink()
    next(spoil("not json").glob("stages/*LogisticRegression*/metadata/part-00000")).write_text("{", encoding="utf-8")
    return made


@pytest.mark.parametrize("kind", ["no such folder", "not a model", "truncated parquet", "missing parquet", "not json"])
def test_a_wrong_model_gets_one_message_exit_2_and_leaves_nothing(kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "in").mkdir()
    source = wrong_inputs(tmp_path / "in")[kind]
    for command in (["inspect", str(source)], ["convert", str(source), str(tmp_path / "model")]):
        if command[0] == "inspect" and kind in ("truncated parquet", "missing parquet"):
            continue
        assert main(command) == 2
        said = capsys.readouterr()
        assert said.out == ""
        assert said.err.startswith("mabridge: ")
        assert len(said.err.strip().splitlines()) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["in"]


def test_all_unknown_stages_are_listed_at_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = tmp_path / "in"
    shutil.copytree(MODELS / "logistic", source)
    for name in ("StringIndexer", "StandardScaler"):
        for file in source.glob(f"stages/*{name}*/metadata/part-00000"):
            text = file.read_text(encoding="utf-8")
            file.write_text(text.replace(f"org.apache.spark.ml.feature.{name}Model", f"com.acme.{name}Model"), encoding="utf-8")
    assert main(["convert", str(source), str(tmp_path / "model")]) == 2
    said = capsys.readouterr().err
    assert said.count("com.acme.StringIndexerModel") >= 1
    assert "com.acme.StandardScalerModel" in said
    assert not (tmp_path / "model").exists()


def test_wrong_data_gets_one_message_and_leaves_nothing(converted: Path, some_flights: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = pq.read_table(some_flights)
    spoilt = {
        "fewer": (table.drop_columns(["carrier"]), "carrier"),
        "type": (table.set_column(table.schema.get_field_index("distance"), "distance", pa.array([[1.0]] * len(table))), "distance"),
    }
    for name, (data, column) in spoilt.items():
        pq.write_table(data, tmp_path / f"{name}.parquet")
        assert main(["predict", str(converted), str(tmp_path / f"{name}.parquet"), str(tmp_path / "out"), "--quiet"]) == 2
        said = capsys.readouterr().err
        assert column in said
    assert sorted(path.name for path in tmp_path.iterdir()) == ["fewer.parquet", "type.parquet"]


def test_an_existing_model_is_replaced_only_when_asked(converted: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["convert", str(MODELS / "logistic"), str(converted)]
    assert main(command) == 2
    assert "--overwrite" in capsys.readouterr().err
    assert main([*command, "--overwrite"]) == 0
    assert main(["verify", str(converted)]) == 0


@pytest.mark.smoke
def test_parity_with_live_spark_on_some_flights(converted: Path, some_flights: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["parity", str(MODELS / "logistic"), str(converted), "--data", str(some_flights), "--master", "local[2]"]) == 0
    assert "2,000 rows" in capsys.readouterr().out


@pytest.mark.live
@pytest.mark.parametrize("name", ["logistic", "gbt", "delay"])
def test_parity_with_live_spark_on_all_flights(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["convert", str(MODELS / name), str(tmp_path / "model")]) == 0
    assert main(["parity", str(MODELS / name), str(tmp_path / "model"), "--data", str(FLIGHTS), "--master", "local[2]"]) == 0
    assert "336,776 rows" in capsys.readouterr().out


@pytest.mark.heavy
@pytest.mark.parametrize("name", ["logistic", "gbt", "delay"])
def test_local_and_ray_write_the_same_files_for_all_flights(name: str, tmp_path: Path) -> None:
    assert main(["convert", str(MODELS / name), str(tmp_path / "model")]) == 0
    written = []
    for engine in ("local", "ray"):
        out = tmp_path / engine
        assert main(["predict", str(tmp_path / "model"), str(FLIGHTS), str(out), "--engine", engine, "--workers", "2", "--quiet"]) == 0
        written.append({file.name: file.read_bytes() for file in out.iterdir()})
    assert written[0] == written[1]
