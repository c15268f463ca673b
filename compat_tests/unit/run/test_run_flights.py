"""Jobs over all flights: memory that does not grow with the file, and bits that do not depend on the batch size."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from jobs import predict_command, quiet_environment

import mabridge
from mabridge.run import predict

ROOT = Path(__file__).parents[3]
MODELS = ROOT / "examples" / "flights" / "models"
FLIGHTS = ROOT / "examples" / "flights" / "data" / "flights.parquet"


def peak_of(command: list[str]) -> int:
    """The peak of a process's memory, KiB."""
    with subprocess.Popen(command, env=quiet_environment(), stdout=subprocess.DEVNULL) as job:
        _, status, used = os.wait4(job.pid, 0)
        job.returncode = os.waitstatus_to_exitcode(status)
    assert job.returncode == 0
    return used.ru_maxrss


@pytest.fixture(scope="module")
def ten_times(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The flights ten times over, in one file."""
    folder = tmp_path_factory.mktemp("ten_times")
    subprocess.run([sys.executable, str(ROOT / "examples" / "flights" / "make_data.py"), str(folder), "--times", "10"], check=True, stdout=subprocess.DEVNULL)
    return folder / "flights.parquet"


@pytest.mark.heavy
@pytest.mark.parametrize("workers", [1, 2])
def test_memory_does_not_grow_with_the_file(ten_times: Path, tmp_path: Path, workers: int) -> None:
    mabridge.convert(MODELS / "logistic", tmp_path / "model")
    assert pq.read_metadata(ten_times).num_rows == 10 * pq.read_metadata(FLIGHTS).num_rows
    peaks = []
    for name, data in (("once", FLIGHTS), ("ten", ten_times)):
        peaks.append(peak_of(predict_command(tmp_path / "model", data, tmp_path / name, "--engine", "local", "--workers", str(workers))))
    once, ten = peaks
    assert ten < 1.2 * once, f"{once} KiB for the flights once, {ten} KiB for ten times as many"


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


@pytest.mark.heavy
@pytest.mark.parametrize("name", ["logistic", "gbt", "delay"])
def test_the_batch_size_changes_no_bit_of_any_flight(tmp_path: Path, name: str) -> None:
    model = mabridge.convert(MODELS / name)
    predict(model, FLIGHTS, tmp_path / "default")
    expected = content(tmp_path / "default")
    assert len(expected) > 8
    for batch_size in (1_000, 4_097, 65_536, 1_000_000):
        predict(model, FLIGHTS, tmp_path / "out", batch_size=batch_size, overwrite=True)
        assert content(tmp_path / "out") == expected, f"other bytes with a batch size of {batch_size}"


@pytest.mark.parametrize("name", ["logistic", "gbt", "delay"])
def test_the_batch_size_changes_no_bit_of_a_few_flights(tmp_path: Path, name: str) -> None:
    pq.write_table(pq.read_table(FLIGHTS).slice(9_000, 300), tmp_path / "few.parquet", row_group_size=110)
    model = mabridge.convert(MODELS / name)
    predict(model, tmp_path / "few.parquet", tmp_path / "default")
    for batch_size in (1, 7, 1_000):
        predict(model, tmp_path / "few.parquet", tmp_path / "out", batch_size=batch_size, overwrite=True)
        assert content(tmp_path / "out") == content(tmp_path / "default"), f"other bytes with a batch size of {batch_size}"
