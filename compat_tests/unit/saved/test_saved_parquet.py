"""Parquet files whose footer, page headers and content contradict each other, or claim more than any model has."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from build_saved import write_stage, write_table
from hostile_parquet import DELTA_BYTE_ARRAY, PLAIN, RLE_DICTIONARY, int_entry, page, parquet, repeated, text_entry

from mabridge.errors import MalformedModelError
from mabridge.saved import Limits, read_saved
from mabridge.saved.pages import PageError, read_pages

BILLION = 10**9


def run(count: int) -> bytes:
    """A page of `count` times the dictionary's first entry."""
    return page(repeated(count), count, RLE_DICTIONARY)


#: name -> (the file, what is said about it)
BOMBS = {
    "a billion rows in 130 bytes": (parquet("int32", run(BILLION), dictionary=int_entry(7), rows=BILLION), "claims more than 200000000 rows"),
    "more rows than a machine counts": (parquet("int32", run(10), dictionary=int_entry(7), rows=2**62), "claims more than 200000000 rows"),
    "a page of a billion under a footer of ten": (
        parquet("int32", run(BILLION), dictionary=int_entry(7), rows=10),
        "claims 10 values of `x`, and the pages hold 1000000000",
    ),
    "a footer of a hundred million over ten": (
        parquet("int32", run(10), dictionary=int_entry(7), rows=10**8),
        "claims 100,000,000 values of `x`, and the pages hold 10",
    ),
    "a hundred million rows in pages": (
        parquet("int32", b"".join(run(10**6) for _ in range(100)), dictionary=int_entry(7), rows=10**8),
        "claims 100,000,000 values in 2",
    ),
    "a terabyte of text": (parquet("text", run(10**6), dictionary=text_entry(b"a" * 10**6), rows=10**6), "would take more than 8589934592 bytes of memory"),
    "half a gigabyte of text": (parquet("text", run(5_000), dictionary=text_entry(b"a" * 10**5), rows=5_000), "bytes of memory from 100"),
    "delta-encoded text": (parquet("text", page(b"\x01\x02\x03" * 10**5, 10**6, DELTA_BYTE_ARRAY), rows=10**6), "delta-encoded text of unbounded length"),
    "a page that unpacks to two gigabytes": (
        parquet("int32", page(b"\x01\x02\x03", 10, PLAIN, unpacked=2**31 - 1), rows=10, codec=1),
        "3 packed bytes claim to unpack to 2147483647",
    ),
    "a column outside the file": (parquet("int32", run(10), dictionary=int_entry(7), rows=10, length=10**12), "places `x` outside the file"),
    "a column that ends in its page": (parquet("int32", run(10), dictionary=int_entry(7), rows=10, length=20), "is damaged at `x`"),
    "a negative number of rows": (parquet("int32", run(10), dictionary=int_entry(7), rows=-5), "do not add up"),
    "a dictionary that lacks the entry": (parquet("int32", page(b"\x01\x14\x01", 10, RLE_DICTIONARY), dictionary=int_entry(7), rows=10), "damaged"),
    "a page without values": (parquet("int32", page(b"", 10, PLAIN), rows=10), "damaged"),
    "a page of no kind": (parquet("int32", b"\xff" * 40, rows=10), "is damaged at `x`"),
}


def save(folder: Path, content: bytes) -> Path:
    write_stage(folder, "a", table=None)
    (folder / "data").mkdir()
    (folder / "data" / "part-00000.parquet").write_bytes(content)
    return folder


def test_hand_written_file_is_read(tmp_path: Path) -> None:
    table = read_saved(save(tmp_path / "a", parquet("int32", run(1_000), dictionary=int_entry(7), rows=1_000))).table()
    assert table.to_pydict() == {"x": [7] * 1_000}
    table = read_saved(save(tmp_path / "b", parquet("text", run(3), dictionary=text_entry(b"abc"), rows=3))).table()
    assert table.to_pydict() == {"x": ["abc"] * 3}


@pytest.mark.parametrize("name", BOMBS)
def test_file_that_claims_too_much_is_refused_with_its_path(tmp_path: Path, name: str) -> None:
    content, reason = BOMBS[name]
    with pytest.raises(MalformedModelError) as caught:
        read_saved(save(tmp_path, content)).table()
    assert reason in str(caught.value)
    assert str(caught.value).startswith(f"{tmp_path}/data")


@pytest.mark.skipif(sys.platform != "linux", reason="the peak of memory is read from /proc")
def test_bombs_are_refused_in_bounded_memory_and_time(tmp_path: Path) -> None:
    for position, (content, _) in enumerate(BOMBS.values()):
        save(tmp_path / str(position), content)
    script = """
import resource, sys
from mabridge.errors import MalformedModelError
from mabridge.saved import read_saved
resource.setrlimit(resource.RLIMIT_CPU, (20, 20))
for position in range(int(sys.argv[2])):
    try:
        read_saved(f"{sys.argv[1]}/{position}").table()
    except MalformedModelError:
        continue
    raise SystemExit(f"{position} was read")
# Not ru_maxrss, which keeps the peak of the process that started this one.
with open("/proc/self/status") as status:
    peak = next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))
raise SystemExit(None if peak < 400_000 else f"{peak} KiB were used")
"""
    done = subprocess.run([sys.executable, "-c", script, str(tmp_path), str(len(BOMBS))], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_column_of_zeros_takes_few_bytes_and_is_read(tmp_path: Path) -> None:
    zeros = pa.table({"coefficients": pa.array([[0.0] * (1 << 20)])})
    write_stage(tmp_path, "a", table=zeros)
    assert sum(path.stat().st_size for path in (tmp_path / "data").iterdir()) < 5_000
    assert read_saved(tmp_path).table().equals(zeros)


def test_long_vocabulary_is_read_after_a_look_at_its_dictionary(tmp_path: Path) -> None:
    # 20,000 words times a dictionary of 200 KB is beyond what is decoded unseen.
    words = pa.table(
        {"vocabulary": pa.array([[f"word{number:06d}" for number in range(20_000)]]), "m": pa.array([[("a", 1)]], pa.map_(pa.string(), pa.int32()))}
    )
    write_stage(tmp_path, "a", table=words)
    assert read_saved(tmp_path).table().equals(words)
    with pytest.raises(MalformedModelError, match="would take more than 300000 bytes"):
        read_saved(tmp_path, Limits(table_bytes=300_000)).table()


@pytest.mark.parametrize(
    ("limits", "reason"),
    [
        (Limits(rows=9), "claims more than 9 rows"),
        (Limits(values=29), "claims more than 29 values"),
        (Limits(table_bytes=100), "would take more than 100 bytes of memory"),
        (Limits(payload_bytes=100), None),
        (Limits(footer_bytes=10), "the parquet footer claims"),
        (Limits(free_values=5, values_per_byte=0), "claims 30 values in"),
    ],
)
def test_each_limit_holds(tmp_path: Path, limits: Limits, reason: str | None) -> None:
    write_stage(tmp_path, "a", table=pa.table({"x": list(range(10)), "y": [[1.0, 2.0]] * 10}))
    stage = read_saved(tmp_path, limits)
    if reason is None:
        # A small file is read at once and is below any limit on large ones.
        assert stage.table().num_rows == 10
        return
    with pytest.raises(MalformedModelError) as caught:
        stage.table()
    assert reason in str(caught.value)


def test_limits_hold_for_all_parts_together(tmp_path: Path) -> None:
    write_stage(tmp_path, "a", table=None)
    write_table(tmp_path / "data", *(pa.table({"x": [1, 2, 3]}) for _ in range(4)))
    assert read_saved(tmp_path, Limits(rows=12)).table().num_rows == 12
    with pytest.raises(MalformedModelError, match="claims more than 11 rows"):
        read_saved(tmp_path, Limits(rows=11)).table()


def test_columns_that_are_not_asked_for_are_not_counted(tmp_path: Path) -> None:
    write_stage(tmp_path, "a", table=pa.table({"x": [1, 2], "y": [[1.0] * 100] * 2}))
    assert read_saved(tmp_path, Limits(values=2)).table(columns=["x"]).num_rows == 2


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"compression": "gzip"},
        {"compression": "zstd"},
        {"compression": "none"},
        {"data_page_version": "2.0"},
        {"use_dictionary": False},
        {"data_page_size": 64},
        {"row_group_size": 7},
    ],
)
def test_all_ways_to_write_parquet_are_read(tmp_path: Path, options: dict[str, object]) -> None:
    table = pa.table(
        {
            "id": pa.array(range(100), pa.int32()),
            "f": [None if number % 7 == 0 else number / 3 for number in range(100)],
            "s": [None if number % 5 == 0 else f"é{number % 3}" for number in range(100)],
            "b": [number % 2 == 0 for number in range(100)],
            "v": pa.array([{"type": 1, "values": [float(number)] * (number % 4)} for number in range(100)]),
            "e": pa.array([[]] * 100, pa.list_(pa.string())),
        }
    )
    write_stage(tmp_path, "a", table=None)
    (tmp_path / "data").mkdir()
    pq.write_table(table, tmp_path / "data" / "part-0.parquet", **options)
    assert read_saved(tmp_path).table().equals(table)


def test_empty_table_is_read(tmp_path: Path) -> None:
    empty = pa.table({"x": pa.array([], pa.float64())})
    write_stage(tmp_path, "a", table=empty)
    assert read_saved(tmp_path).table().equals(empty)


def test_types_that_spark_does_not_write_are_refused(tmp_path: Path) -> None:
    write_stage(tmp_path, "a", table=pa.table({"x": pa.array(["a"]).dictionary_encode()}))
    with pytest.raises(MalformedModelError, match="the column `x` has the type dictionary"):
        read_saved(tmp_path).table()


def test_text_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    content = parquet("text", page(repeated(2), 2, RLE_DICTIONARY), dictionary=text_entry(b"\xff\xfe"), rows=2)
    with pytest.raises(MalformedModelError, match=r"content is damaged .*UTF"):
        read_saved(save(tmp_path, content)).table()


def test_pages_of_a_real_file_add_up(tmp_path: Path) -> None:
    path = tmp_path / "x.parquet"
    pq.write_table(pa.table({"x": [float(number) for number in range(5_000)]}), path, data_page_size=1_000)
    chunk = pq.read_metadata(path).row_group(0).column(0)
    pages = list(read_pages(pa.BufferReader(path.read_bytes()), chunk.dictionary_page_offset or chunk.data_page_offset, chunk.total_compressed_size))
    assert sum(found.values for found in pages if found.kind == 0) == 5_000
    assert len(pages) > 3


@pytest.mark.parametrize("content", [b"\x15", b"\x19\x1c", b"\x1c" * 100, b"\x15" + b"\xff" * 20, b"\x00" * 3, b"\x1b\x00", b"\x18\xff\xff\xff\xff\x7f"])
def test_damaged_page_header_is_refused(content: bytes) -> None:
    with pytest.raises(PageError):
        list(read_pages(pa.BufferReader(content), 0, len(content)))
