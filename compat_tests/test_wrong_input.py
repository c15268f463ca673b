"""Wrong input of every kind, to every command: one clear sentence on stderr, exit 2, and nothing left behind."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from compat_tests.extras import needed
from mabridge.cli import main

ROOT = Path(__file__).parent.parent
SAVED = ROOT / "examples" / "flights" / "models" / "logistic"
FLIGHTS = ROOT / "examples" / "flights" / "data" / "flights.parquet"


@pytest.fixture(scope="module")
def given(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a saved model, a converted one and some rows; no test changes it."""
    folder = tmp_path_factory.mktemp("given")
    shutil.copytree(SAVED, folder / "spark")
    assert main(["convert", str(SAVED), str(folder / "model")]) == 0
    pq.write_table(pq.read_table(FLIGHTS).slice(0, 500), folder / "rows.parquet", row_group_size=100)
    return folder


@pytest.fixture
def place(given: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with a copy of them, in which each name is short."""
    shutil.copytree(given, tmp_path / "work")
    monkeypatch.chdir(tmp_path / "work")
    return tmp_path / "work"


def contents(folder: Path) -> dict[str, bytes | None]:
    return {str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None for path in sorted(folder.rglob("*"))}


def assert_refused(place: Path, capsys: pytest.CaptureFixture[str], command: list[str], says: str, lines: int = 1) -> None:
    """Run a command that cannot be done; what is in the folder is afterwards what was before."""
    before = contents(place)
    capsys.readouterr()
    assert main(command) == 2, command
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("mabridge: ")
    assert re.search(says, said.err), said.err
    assert len(said.err.strip().splitlines()) == lines
    assert "Traceback" not in said.err
    assert contents(place) == before


Spoil = Callable[[Path], object]


def edit(pattern: str, old: str, new: str) -> Spoil:
    """Change a stage's metadata."""

    def spoil(folder: Path) -> None:
        (file,) = folder.glob(pattern)
        text = file.read_text(encoding="utf-8")
        assert old in text
        file.write_text(text.replace(old, new), encoding="utf-8")

    return spoil


def rewrite(pattern: str, content: Callable[[bytes], bytes]) -> Spoil:
    def spoil(folder: Path) -> None:
        (file,) = folder.glob(pattern)
        file.write_bytes(content(file.read_bytes()))

    return spoil


def instead(content: bytes) -> Spoil:
    """A file in the folder's place."""

    def spoil(folder: Path) -> None:
        shutil.rmtree(folder)
        folder.write_bytes(content)

    return spoil


def emptied(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.mkdir()


SCALER_DATA, REGRESSION = "stages/*StandardScaler*/data/*.parquet", "stages/*LogisticRegression*/metadata/part-00000"

#: Saved models: name -> (how it is spoilt, what is said).
MODELS: dict[str, tuple[Spoil, str]] = {
    "no such folder": (shutil.rmtree, "spark: there is no such file or folder|There is no saved Spark model at spark"),
    "an empty folder": (emptied, "spark is not a saved Spark model: the folder is empty"),
    "a text": (instead(b"hello"), "spark is a file"),
    "an empty file": (instead(b""), "spark is an empty file|spark is a file; Spark loads"),
    "a pickle": (instead(b"\x80\x04N."), "spark is a Python pickle|spark is a file; Spark loads"),
    "a folder of other things": (lambda folder: shutil.rmtree(folder / "metadata"), "it has no `metadata`"),
    "metadata that is not JSON": (rewrite(REGRESSION, lambda content: content[:50]), "the metadata is not JSON"),
    "metadata that is binary": (rewrite(REGRESSION, lambda content: b"\xff\x00\xfe"), "the metadata is not UTF-8 text"),
    "metadata that is empty": (rewrite(REGRESSION, lambda content: b""), "the metadata is empty"),
    "metadata without a class": (edit(REGRESSION, '"class"', '"klass"'), "`class` is nothing where a text"),
    "a stage that is missing": (lambda folder: shutil.rmtree(next(folder.glob("stages/*Bucketizer*"))), "the stage's folder is missing"),
}

#: Saved models whose tables are wrong; `inspect` shows these and does not refuse them, and Spark itself has to look at them.
TABLES: dict[str, tuple[Spoil, str]] = {
    "truncated parquet": (rewrite(SCALER_DATA, lambda content: content[:-10]), "truncated or damaged"),
    "half a parquet file": (rewrite(SCALER_DATA, lambda content: content[: len(content) // 2]), "truncated or damaged"),
    "parquet that is text": (rewrite(SCALER_DATA, lambda content: b"hello"), "a parquet file is expected"),
    "parquet with noise in it": (rewrite(SCALER_DATA, lambda content: content[:40] + bytes(200) + content[240:]), "damaged"),
    "missing parquet": (lambda folder: next(folder.glob(SCALER_DATA)).unlink(), "holds no parquet file; the save is incomplete"),
    "missing data folder": (lambda folder: shutil.rmtree(next(folder.glob(SCALER_DATA)).parent), "the folder is missing; the save is incomplete"),
    "parquet of another stage": (
        lambda folder: shutil.copy(next(folder.glob("stages/*Imputer*/data/*.parquet")), next(folder.glob(SCALER_DATA))),
        "the saved data lacks `std`",
    ),
}


@pytest.mark.parametrize("name", MODELS)
def test_a_wrong_model_is_refused_by_every_command_that_reads_one(place: Path, capsys: pytest.CaptureFixture[str], name: str) -> None:
    spoil, says = MODELS[name]
    spoil(place / "spark")
    for command in (
        ["inspect", "spark"],
        ["convert", "spark", "out"],
        ["convert", "spark", "model", "--overwrite"],
        ["explain", "spark"],
        ["parity", "spark", "model", "--data", "rows.parquet", "--json", "report.json"],
    ):
        assert_refused(place, capsys, command, says)


@pytest.mark.parametrize("name", TABLES)
def test_a_model_with_a_wrong_table_is_not_converted(place: Path, capsys: pytest.CaptureFixture[str], name: str) -> None:
    spoil, says = TABLES[name]
    spoil(place / "spark")
    for command in (["convert", "spark", "out"], ["convert", "spark", "model", "--overwrite"], ["explain", "spark"]):
        assert_refused(place, capsys, command, says)
    assert main(["inspect", "spark"]) == 0


def test_all_that_is_unknown_is_listed_at_once(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    edit("stages/*StandardScaler*/metadata/part-00000", "org.apache.spark.ml.feature.StandardScalerModel", "com.acme.Scaler")(place / "spark")
    edit("stages/*Bucketizer*/metadata/part-00000", '"paramMap":{', '"paramMap":{"newParam":1,')(place / "spark")
    edit(REGRESSION, '"threshold":', '"theshold":')(place / "spark")
    for command in (["convert", "spark", "out"], ["explain", "spark"]):
        assert_refused(place, capsys, command, r"(?s)3 reasons.*newParam = 1.*com\.acme\.Scaler.*theshold", lines=4)


BUNDLES: dict[str, tuple[Spoil, str]] = {
    "no such folder": (shutil.rmtree, "model: there is no such file or folder"),
    "an empty folder": (emptied, "model is not a converted model: it holds no manifest.json"),
    "a text": (instead(b"hello"), "model is a file of an unknown kind, not a converted model"),
    "a saved model": (lambda folder: (shutil.rmtree(folder), shutil.copytree(SAVED, folder)), "It is a saved Spark model: convert"),
    "a changed byte": (rewrite("plan.json", lambda content: content.replace(b"e", b"f", 1)), "the file was changed"),
    "a missing array": (lambda folder: next(folder.glob("arrays/*")).unlink(), "the file is missing"),
    "a manifest that is not JSON": (rewrite("manifest.json", lambda content: content[:-5]), "the file is damaged"),
    "another version": (rewrite("manifest.json", lambda content: content.replace(b'"format_version":1', b'"format_version":9')), "the format version is 9"),
}


@pytest.mark.parametrize("name", BUNDLES)
def test_a_wrong_converted_model_is_refused_by_every_command_that_reads_one(place: Path, capsys: pytest.CaptureFixture[str], name: str) -> None:
    spoil, says = BUNDLES[name]
    spoil(place / "model")
    for command in (
        ["predict", "model", "rows.parquet", "out", "--quiet"],
        ["parity", "spark", "model", "--data", "rows.parquet"],
        ["export", "model", "model.onnx"],
        ["verify", "model"],
    ):
        assert_refused(place, capsys, command, says)


def other_rows(change: Callable[[pa.Table], pa.Table]) -> Spoil:
    def spoil(file: Path) -> None:
        table = change(pq.read_table(file))
        pq.write_table(table, file, row_group_size=100)

    return spoil


def replaced(table: pa.Table, name: str, values: pa.Array) -> pa.Table:
    return table.set_column(table.schema.get_field_index(name), name, values)


DATA: dict[str, tuple[Spoil, str]] = {
    "no such file": (lambda file: file.unlink(), "There is no file or folder rows.parquet"),
    "an empty file": (lambda file: file.write_bytes(b""), "rows.parquet is not a readable parquet file"),
    "a text": (lambda file: file.write_bytes(b"a,b\n1,2\n"), "rows.parquet is not a readable parquet file"),
    "an empty folder": (lambda file: (file.unlink(), file.mkdir()), "The folder rows.parquet holds no data files"),
    "a truncated file": (lambda file: file.write_bytes(file.read_bytes()[:-10]), "rows.parquet is not a readable parquet file"),
    "a missing column": (other_rows(lambda table: table.drop_columns(["carrier"])), "`?carrier`?"),
    "a column of lists": (other_rows(lambda table: replaced(table, "distance", pa.array([[1.0]] * len(table)))), "distance"),
    "a column of structs": (other_rows(lambda table: replaced(table, "distance", pa.array([{"a": 1}] * len(table)))), "distance"),
    "a column that is there twice": (other_rows(lambda table: table.append_column("carrier", table["carrier"])), "carrier"),
}


@pytest.mark.parametrize("name", DATA)
def test_wrong_data_is_refused_by_every_command_that_reads_rows(place: Path, capsys: pytest.CaptureFixture[str], name: str) -> None:
    spoil, says = DATA[name]
    spoil(place / "rows.parquet")
    for command in (
        ["predict", "model", "rows.parquet", "out", "--quiet"],
        ["parity", "spark", "model", "--data", "rows.parquet"],
        ["explain", "model", "--after", "lower", "--data", "rows.parquet"],
    ):
        assert_refused(place, capsys, command, says)


def test_a_file_with_noise_in_it_is_refused_while_it_is_read(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    content = (place / "rows.parquet").read_bytes()
    (place / "rows.parquet").write_bytes(content[:1_000] + bytes(2_000) + content[3_000:])
    assert_refused(place, capsys, ["predict", "model", "rows.parquet", "out", "--quiet"], "rows.parquet is damaged")


def test_an_unseen_label_names_stage_column_value_and_row(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.rmtree(place / "spark")
    shutil.copytree(SAVED.parent / "gbt", place / "spark")
    for file in (place / "spark").glob("stages/*StringIndexer*/metadata/part-00000"):
        file.write_text(re.sub('"handleInvalid":"[a-z]*"', '"handleInvalid":"error"', file.read_text(encoding="utf-8")), encoding="utf-8")
    assert main(["convert", "spark", "model", "--overwrite"]) == 0
    table = pq.read_table(place / "rows.parquet")
    carriers = table["carrier"].to_pylist()
    carriers[321] = "Zeppelin ü"
    pq.write_table(replaced(table, "carrier", pa.array(carriers)), place / "rows.parquet", row_group_size=100)
    says = r"stages\[\d+\] StringIndexerModel \(\w+\) refuses row 321: column `carrier` holds 'Zeppelin ü'\."
    for workers in ("1", "2"):
        assert_refused(place, capsys, ["predict", "model", "rows.parquet", "out", "--quiet", "--workers", workers], says)


def test_what_is_there_is_replaced_only_when_asked(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    needed("ndonnx")
    (place / "out").mkdir()
    (place / "out" / "part-0").touch()
    (place / "report").write_bytes(b"mine")
    exists = "exists already; choose another name, or use --overwrite"
    assert_refused(place, capsys, ["predict", "model", "rows.parquet", "out", "--quiet"], exists)
    assert_refused(place, capsys, ["convert", "spark", "model"], exists)
    assert_refused(place, capsys, ["export", "model", "report"], exists)
    assert_refused(place, capsys, ["convert", "spark", "report", "--overwrite"], "report is not a converted model, so it is not replaced")
    assert_refused(place, capsys, ["convert", "spark", "spark", "--overwrite"], "spark is not a converted model, so it is not replaced")
    assert_refused(place, capsys, ["predict", "model", "rows.parquet", "report", "--quiet", "--overwrite"], "report is not a folder")
    assert_refused(place, capsys, ["predict", "model", "rows.parquet", "model", "--quiet", "--overwrite"], "which no prediction wrote")
    assert_refused(place, capsys, ["export", "model", "out", "--overwrite"], "out could not be written: Is a directory")
    assert main(["predict", "model", "rows.parquet", "out", "--quiet", "--overwrite"]) == 0
    assert main(["export", "model", "report", "--overwrite"]) == 0
    assert (place / "report").read_bytes() != b"mine"


@pytest.mark.parametrize(
    ("command", "says"),
    [
        (["predict", "model", "rows.parquet", "out", "--columns", "nosuch"], "has no column `nosuch`"),
        (["predict", "model", "rows.parquet", "out", "--columns", ","], "No output column is named"),
        (["predict", "model", "rows.parquet", "out", "--device", "toaster"], "The device toaster is not known"),
        (["predict", "model", "rows.parquet", "out", "--batch-size", "0"], "must be at least 1"),
        (["predict", "model", "rows.parquet", "out", "--workers", "-1"], "must be at least 1"),
        (["predict", "model", "rows.parquet", "out", "--engine", "local", "--address", "x"], "The local engine takes no address"),
        (["predict", "model", "rows.parquet", ""], "'' is not a path"),
        (["predict", "model", "", "out"], "'' is not a path"),
        (["predict", "", "rows.parquet", "out"], "'' is not a path"),
        (["predict", "model", "nosuch://x", "out"], "nothing installed reads this kind of URI"),
        (["predict", "model", "rows.parquet", "nosuch://x"], "nothing installed reads this kind of URI"),
        (["predict", "model", "rows.parquet", "rows.parquet/out"], "cannot be written: Not a directory"),
        (["convert", "spark", ""], "'' is not a path"),
        (["convert", "", "out"], "'' is not a path"),
        (["convert", "spark", "memory://out"], "is written to a local folder"),
        (["convert", "spark", "rows.parquet/out"], "could not be written: Not a directory"),
        (["convert", "spark", "out", "--as-spark", "latest"], "'latest' is not a version of Spark whose answers are known"),
        (["convert", "spark", "out", "--as-spark", "9.9"], "'9.9' is not a version of Spark whose answers are known .*4.0 to 4.3"),
        (["convert", "spark", "out", "--as-spark", "1.0"], "'1.0' is not a version"),
        (["explain", "spark", "--as-spark", "4.4.0"], "'4.4.0' is not a version"),
        (["explain", "spark", "--as-spark", "3.5.7 or so"], "'3.5.7 or so' is not a version"),
        (["convert", "spark", "out", "--time-zone", "Mars/Base"], "'Mars/Base' is not a time zone"),
        (["convert", "spark", "out", "--time-zone", "../../etc/passwd"], "is not a time zone"),
        (["explain", "model", "--as-spark", "3.5.7"], "model is converted already, with its own as_spark"),
        (["explain", "spark", "--after", "lower", "--columns", "nosuch"], "has no column `nosuch`"),
        (["export", "model", ""], "'' is not a path"),
        (["export", "model", "nowhere/model.onnx"], "could not be written: No such file"),
        (["export", "model", "/dev/full"], "could not be written: the disk is full"),
        (["parity", "spark", "model", "--data", "rows.parquet", "--sample", "0"], "A sample has at least one row"),
        (["parity", "spark", "model", "--data", "rows.parquet", "--columns", "nosuch"], "has no column `nosuch`"),
        (["parity", "spark", "model", "--data", "rows.parquet", "--columns", ","], "No output column is named"),
        (["explain", "spark", "--after", "lower", "--columns", ","], "No output column is named"),
        (["parity", "spark", "model", "--data", "rows.parquet", "--html", "nowhere/a.html"], "nowhere/a.html could not be written: there is no folder"),
        (["parity", "spark", "model", "--data", "rows.parquet", "--json", "spark"], "spark could not be written: it is a folder"),
        (["parity", "spark", "model", "--data", "rows.parquet", "--json", "rows.parquet/a"], "there is no folder"),
        (["parity", "spark", "model", "--data", "rows.parquet", "--json", "a", "--html", "./a"], "./a would hold two reports"),
    ],
)
def test_a_wrong_option_is_refused_before_any_work(place: Path, capsys: pytest.CaptureFixture[str], command: list[str], says: str) -> None:
    if command[0] == "export":
        needed("ndonnx")
    assert_refused(place, capsys, command, says)


@pytest.mark.parametrize("command", [["inspect", "spark"], ["explain", "spark"], ["verify", "model"]])
@pytest.mark.parametrize("buffered", [True, False])
def test_an_output_that_nobody_can_write_is_one_sentence(place: Path, command: list[str], buffered: bool) -> None:
    run = [sys.executable, *([] if buffered else ["-u"]), "-m", "mabridge.cli", *command]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    with open("/dev/full", "wb") as full:
        done = subprocess.run(run, cwd=place, env=environment, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert (done.returncode, done.stderr) == (2, "mabridge: the system refused: the disk is full.\n")


def test_a_reader_that_has_seen_enough_gets_no_complaint(place: Path) -> None:
    run = [sys.executable, "-m", "mabridge.cli", "inspect", "spark"]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    reading, writing = os.pipe()
    os.close(reading)
    with open(writing, "wb") as closed:
        done = subprocess.run(run, cwd=place, env=environment, stdout=closed, stderr=subprocess.PIPE, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
