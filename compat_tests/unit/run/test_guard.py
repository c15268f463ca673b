"""Input data that claims, or decodes to, far more than it takes; each in a process of its own, with bounds on time and memory."""

from __future__ import annotations

import struct
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from jobs import indexer, quiet_environment

from compat_tests.unit.saved.hostile_parquet import PLAIN, RLE_DICTIONARY, page, parquet, repeated, text_entry
from mabridge.errors import MalformedDataError
from mabridge.run import predict

BILLION = 10**9


def run(count: int) -> bytes:
    """A page of `count` times the dictionary's first entry."""
    return page(repeated(count), count, RLE_DICTIONARY)


def lists_of_zeros(folder: Path) -> bytes:
    """Ten lists of eight million zeros each, in two kilobytes."""
    table = pa.table({"s": ["a"] * 10, "x": pa.array([[0.0] * (1 << 23)] * 10, pa.list_(pa.float64()))})
    pq.write_table(table, folder / "lists.parquet", compression="zstd")
    return (folder / "lists.parquet").read_bytes()


#: name -> (the file, what is said about it)
BOMBS = {
    "a billion rows in 130 bytes": (parquet("text", run(BILLION), dictionary=text_entry(b"a"), rows=BILLION), "claims 1,000,000,000 rows in"),
    "more rows than a machine counts": (parquet("text", run(10), dictionary=text_entry(b"a"), rows=2**62), "claims 4,611,686,018,427,387,904 rows in"),
    "fewer rows than none": (parquet("text", run(10), dictionary=text_entry(b"a"), rows=-5), "counts rows below zero"),
    "a page of a billion under a footer of ten": (
        parquet("text", run(BILLION), dictionary=text_entry(b"a"), rows=10),
        "claims 10 values of `x` and holds 1000000000",
    ),
    "a terabyte of text": (parquet("text", run(10**6), dictionary=text_entry(b"a" * 10**6), rows=10**6), "unpacks to more than"),
    "half a gigabyte of text": (parquet("text", run(5_000), dictionary=text_entry(b"a" * 10**5), rows=5_000), "unpacks to more than"),
    "a page that unpacks to two gigabytes": (
        parquet("text", page(b"\x01\x02\x03", 10, PLAIN, unpacked=2**31 - 1), rows=10, codec=1),
        "claims to unpack 3 bytes of `x` to 2147483647",
    ),
    "a column outside the file": (parquet("text", run(10), dictionary=text_entry(b"a"), rows=10, length=10**12), "places the column `x` outside itself"),
    "a column that ends in its page": (parquet("text", run(10), dictionary=text_entry(b"a"), rows=10, length=20), "is damaged at `x`"),
    "a dictionary that lacks the entry": (parquet("text", page(b"\x01\x14\x01", 10, RLE_DICTIONARY), dictionary=text_entry(b"a"), rows=10), "is damaged"),
    "a page of no kind": (parquet("text", b"\xff" * 40, rows=10), "is damaged at `x`"),
    "a text longer than its page": (parquet("text", page(struct.pack("<I", 2**31 - 1) + b"a", 1, PLAIN), rows=1), "is damaged"),
}


@pytest.mark.parametrize("name", BOMBS)
def test_data_that_claims_too_much_is_refused_with_its_path(tmp_path: Path, name: str) -> None:
    content, reason = BOMBS[name]
    (tmp_path / "data.parquet").write_bytes(content)
    with pytest.raises(MalformedDataError) as caught:
        predict(indexer(column="x"), tmp_path / "data.parquet", tmp_path / "out")
    assert reason in str(caught.value)
    assert str(caught.value).startswith(f"{tmp_path}/data.parquet")
    assert [path.name for path in tmp_path.iterdir()] == ["data.parquet"]


@pytest.mark.skipif(sys.platform != "linux", reason="the peak of memory is read from /proc")
def test_bombs_are_refused_in_bounded_memory_and_time(tmp_path: Path) -> None:
    for position, (content, _) in enumerate(BOMBS.values()):
        (tmp_path / f"{position}.parquet").write_bytes(content)
    indexer(column="x").save(tmp_path / "model")
    (tmp_path / f"{len(BOMBS)}.parquet").write_bytes(lists_of_zeros(tmp_path))
    indexer().save(tmp_path / "list_model")
    script = """
import resource, sys
import mabridge
from mabridge.errors import MalformedDataError
from mabridge.run import predict
resource.setrlimit(resource.RLIMIT_CPU, (60, 60))
resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))
folder, count = sys.argv[1], int(sys.argv[2])
for position in range(count + 1):
    model = mabridge.load(f"{folder}/{'model' if position < count else 'list_model'}")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_utime
    try:
        predict(model, f"{folder}/{position}.parquet", f"{folder}/out", workers=2)
    except MalformedDataError:
        pass
    else:
        raise SystemExit(f"{position} was read")
    used = resource.getrusage(resource.RUSAGE_SELF).ru_utime - before
    if used > 10:
        raise SystemExit(f"{position} took {used} s")
with open("/proc/self/status") as status:
    peak = next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))
raise SystemExit(None if peak < 1_100_000 else f"{peak} KiB were used")
"""
    command = [sys.executable, "-c", script, str(tmp_path), str(len(BOMBS))]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=600, env=quiet_environment())
    assert (done.returncode, done.stderr) == (0, "")


def test_long_repeated_text_that_fits_is_read_in_smaller_steps(tmp_path: Path) -> None:
    # 1,000 rows of one text of 100,000 letters: a hundred megabytes from a hundred kilobytes.
    (tmp_path / "data.parquet").write_bytes(parquet("text", run(1_000), dictionary=text_entry(b"a" * 10**5), rows=1_000))
    report = predict(indexer(column="x"), tmp_path / "data.parquet", tmp_path / "out")
    assert report.rows_out == 1_000
    table = pq.read_table(next((tmp_path / "out").glob("part-*")))
    assert table["x"].to_pylist() == ["a" * 10**5] * 1_000


def test_a_column_of_one_value_is_read_however_few_bytes_it_takes(tmp_path: Path) -> None:
    table = pa.table({"s": ["a"] * 300_000, "y": [0.0] * 300_000})
    pq.write_table(table, tmp_path / "data.parquet")
    assert (tmp_path / "data.parquet").stat().st_size < 3_000
    assert predict(indexer(), tmp_path / "data.parquet", tmp_path / "out").rows_out == 300_000


@pytest.mark.parametrize("options", [{}, {"compression": "zstd"}, {"data_page_version": "2.0"}, {"use_dictionary": False}, {"data_page_size": 64}])
def test_all_ways_to_write_parquet_are_read(tmp_path: Path, options: dict[str, object]) -> None:
    table = pa.table(
        {
            "s": [None if number % 5 == 0 else "a" for number in range(1_000)],
            "list": pa.array([[float(number)] * (number % 4) if number % 3 else None for number in range(1_000)]),
            "struct": pa.array([{"type": 1, "text": f"é{number}"} for number in range(1_000)]),
            "delta": [f"name{number:09d}" for number in range(1_000)],
            "dot.ted": list(range(1_000)),
        }
    )
    encoding = {} if options.get("use_dictionary", True) else {"column_encoding": {"delta": "DELTA_BYTE_ARRAY"}}
    pq.write_table(table, tmp_path / "data.parquet", **options, **encoding)  # type: ignore[arg-type]
    predict(indexer(), tmp_path / "data.parquet", tmp_path / "out")
    read = pq.read_table(next((tmp_path / "out").glob("part-*")))
    assert read.drop_columns(["i"]).to_pylist() == table.to_pylist()
