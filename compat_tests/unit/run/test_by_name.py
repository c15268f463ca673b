"""A folder of files that differ: the first one's columns, the others by name, as Spark reads them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from jobs import indexer

from mabridge.errors import MabridgeError, MalformedDataError
from mabridge.parity.data import find_data, sample
from mabridge.run import predict
from mabridge.run.source import read_source

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

INTS, LONGS = pa.array([1, 2], pa.int32()), pa.array([3], pa.int64())
FIRST = pa.table({"x": INTS, "s": ["a", "b"]})
NOT_NULL = pa.schema([pa.field("x", pa.int32(), nullable=False), pa.field("s", pa.string())])

#: What the second file holds beside FIRST.
READ = {
    "another order": pa.table({"s": ["b"], "x": pa.array([3], pa.int32())}),
    "a column more": pa.table({"s": ["b"], "y": [1.5], "x": pa.array([3], pa.int32())}),
    "a column less": pa.table({"x": pa.array([3], pa.int32())}),
    "no column of the first": pa.table({"y": [1.5]}),
    "large strings": pa.table({"x": pa.array([3], pa.int32()), "s": pa.array(["b"], pa.large_string())}),
    "a dictionary": pa.table({"x": pa.array([3], pa.int32()), "s": pa.array(["b"]).dictionary_encode()}),
    "a column without null": pa.table({"x": pa.array([3], pa.int32()), "s": ["b"]}, schema=NOT_NULL),
}
REFUSED = {
    "a longer integer": pa.table({"x": LONGS, "s": ["b"]}),
    "text for numbers": pa.table({"x": ["b"], "s": ["b"]}),
    "another case": pa.table({"X": pa.array([3], pa.int32()), "s": ["b"]}),
}


def folder_of(tmp_path: Path, second: pa.Table) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    pq.write_table(FIRST, folder / "a.parquet")
    pq.write_table(second, folder / "b.parquet")
    return folder


def predicted(folder: Path, out: Path, engine: str = "local") -> list[dict[str, object]]:
    predict(indexer(), folder, out, engine=engine)  # type: ignore[arg-type]
    return [row for path in sorted(out.glob("part-*")) for row in pq.read_table(path).to_pylist()]


@pytest.mark.parametrize("name", READ)
def test_the_second_file_is_read_by_name(name: str, tmp_path: Path) -> None:
    folder = folder_of(tmp_path, READ[name])
    rows = predicted(folder, tmp_path / "out")
    assert rows[:2] == [{"x": 1, "s": "a", "i": 0.0}, {"x": 2, "s": "b", "i": 1.0}]
    there = READ[name].to_pylist()[0]
    assert rows[2] == {"x": there.get("x"), "s": there.get("s"), "i": 1.0 if "s" in there else 2.0}
    data = find_data(folder, tmp_path)
    assert [row for batch in data.batches() for row in batch.to_pylist()] == [{"x": row["x"], "s": row["s"]} for row in rows]
    assert [row for batch in sample(data, 2, tmp_path).batches() for row in batch.to_pylist()] == [{"x": row["x"], "s": row["s"]} for row in rows[:2]]


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_read_by_name_is_refused_with_file_and_column(name: str, tmp_path: Path) -> None:
    folder = folder_of(tmp_path, REFUSED[name])
    with pytest.raises(MalformedDataError, match=r"`x` .*a\.parquet .*b\.parquet"):
        predict(indexer(), folder, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_columns_of_the_first_file_that_hold_no_null_may_hold_some_in_the_second(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, pa.table({"x": pa.array([None], pa.int32()), "s": ["b"]}))
    pq.write_table(FIRST.cast(NOT_NULL), folder / "a.parquet")
    assert [row["x"] for row in predicted(folder, tmp_path / "out")] == [1, 2, None]
    assert sample(find_data(folder, tmp_path), 2, tmp_path).rows == 2
    assert all(field.nullable for field in read_source(str(folder)).schema)


@pytest.mark.live
@pytest.mark.parametrize("name", [*READ, *REFUSED])
def test_spark_reads_and_refuses_the_same_folders(name: str, tmp_path: Path, spark_session: SparkSession) -> None:
    folder = folder_of(tmp_path, {**READ, **REFUSED}[name])
    frame = spark_session.read.parquet(folder.as_uri())
    try:
        found = sorted((row.asDict() for row in frame.collect()), key=str)
    except Exception:
        with pytest.raises(MabridgeError):
            predict(indexer(), folder, tmp_path / "out")
        return
    if name == "another case":
        # Spark's session decides; here the name is refused.
        assert found[-1] == {"x": 3, "s": "b"}
        return
    assert found == sorted(({"x": row["x"], "s": row["s"]} for row in predicted(folder, tmp_path / "out")), key=str)
