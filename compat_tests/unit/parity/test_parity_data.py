"""The rows that parity reads."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from compat_tests.extras import needed
from mabridge.errors import MalformedDataError, MissingDataError, UnsupportedOptionError
from mabridge.parity.data import BATCH_ROWS, find_data, sample
from mabridge.parity.spark_side import GROUP_FILES, groups_of


def rows_of(data: object) -> list[int]:
    return [value for batch in data.batches(["x"]) for value in batch.column(0).to_pylist()]  # type: ignore[attr-defined]


def write(path: Path, values: list[int]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.table({"x": pa.array(values, pa.int64()), "y": pa.array(map(str, values), pa.string())}), path)
    return path


def test_files_are_read_by_path_and_hidden_ones_left_out(tmp_path: Path) -> None:
    for name, values in {"b/2.parquet": [3], "a.parquet": [1, 2], "b/1.parquet": [], "_temporary/x.parquet": [9], ".hidden.parquet": [9]}.items():
        write(tmp_path / "data" / name, values)
    (tmp_path / "data/_SUCCESS").touch()
    data = find_data(tmp_path / "data", tmp_path)
    assert rows_of(data) == [1, 2, 3]
    assert data.rows == 3
    assert [Path(file.path).name for file in data.files] == ["a.parquet", "1.parquet", "2.parquet"]


def test_a_list_of_paths_is_read_in_the_order_given(tmp_path: Path) -> None:
    data = find_data([write(tmp_path / "b.parquet", [2]), str(write(tmp_path / "a.parquet", [1]))], tmp_path)
    assert rows_of(data) == [2, 1]


def test_a_pattern_is_read_by_path(tmp_path: Path) -> None:
    for number in (2, 1, 10):
        write(tmp_path / f"part-{number:02}.parquet", [number])
    write(tmp_path / "other.parquet", [9])
    assert rows_of(find_data(tmp_path / "part-*.parquet", tmp_path)) == [1, 2, 10]
    with pytest.raises(MissingDataError, match="No file matches"):
        find_data(tmp_path / "none-*.parquet", tmp_path)


def test_a_file_whose_name_looks_like_a_pattern_is_that_file(tmp_path: Path) -> None:
    assert rows_of(find_data(write(tmp_path / "part[1].parquet", [5]), tmp_path)) == [5]


def test_the_wanted_columns_come_in_the_order_wanted(tmp_path: Path) -> None:
    data = find_data(write(tmp_path / "a.parquet", [1]), tmp_path)
    assert [batch.schema.names for batch in data.batches(["y", "x"])] == [["y", "x"]]


def test_a_column_whose_name_starts_another_is_read_alone(tmp_path: Path) -> None:
    pq.write_table(pa.table({"a": [1], "a.b": [2]}), tmp_path / "dots.parquet")
    data = find_data(tmp_path / "dots.parquet", tmp_path)
    assert next(data.batches(["a.b"])).to_pydict() == {"a.b": [2]}
    assert next(data.batches(["a"])).to_pydict() == {"a": [1]}


def test_a_table_in_memory_keeps_nulls_nan_and_times(tmp_path: Path) -> None:
    table = pa.table({"x": pa.array([1.5, None, float("nan")], from_pandas=False), "t": pa.array([datetime(2024, 1, 1, 0, 0, 0, 5)] * 3, pa.timestamp("ns"))})
    batch = next(find_data(table, tmp_path).batches())
    assert repr(batch.column(0).to_pylist()) == "[1.5, None, nan]"
    assert batch.column(1).to_pylist() == [datetime(2024, 1, 1, 0, 0, 0, 5)] * 3


def test_a_data_frame_keeps_nan_apart_from_null(tmp_path: Path) -> None:
    pd = needed("pandas")
    frame = pd.DataFrame({"x": [1.0, float("nan")], "y": pd.array([1, None], dtype="Int64")}, index=[7, 7])
    batch = next(find_data(frame, tmp_path).batches())
    assert batch.schema.names == ["x", "y"]
    assert repr(batch.to_pydict()) == "{'x': [1.0, nan], 'y': [1, None]}"


def test_a_sample_is_spread_evenly_and_in_order(tmp_path: Path) -> None:
    data = find_data([write(tmp_path / "a.parquet", list(range(BATCH_ROWS + 10))), write(tmp_path / "b.parquet", list(range(10**6, 10**6 + 6)))], tmp_path)
    few = sample(data, 4, tmp_path)
    assert rows_of(few) == [0, (BATCH_ROWS + 16) // 4, (BATCH_ROWS + 16) // 2, 3 * (BATCH_ROWS + 16) // 4]
    assert few.description.startswith("4 of the 16,400 rows of ")


def test_a_sample_of_all_rows_is_the_data_itself(tmp_path: Path) -> None:
    data = find_data(write(tmp_path / "a.parquet", [1, 2]), tmp_path)
    assert sample(data, 2, tmp_path) is data


def test_a_sample_without_rows_is_refused(tmp_path: Path) -> None:
    data = find_data(write(tmp_path / "a.parquet", [1, 2]), tmp_path)
    with pytest.raises(UnsupportedOptionError, match="at least one row"):
        sample(data, 0, tmp_path)


def test_what_is_no_data_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(MissingDataError, match="nowhere"):
        find_data(tmp_path / "nowhere", tmp_path)
    (tmp_path / "empty").mkdir()
    with pytest.raises(MissingDataError, match="holds no data files"):
        find_data(tmp_path / "empty", tmp_path)
    (tmp_path / "text.parquet").write_text("PAR1 it is not")
    with pytest.raises(MalformedDataError, match=r"text\.parquet is not a readable parquet file"):
        find_data(tmp_path / "text.parquet", tmp_path)
    with pytest.raises(UnsupportedOptionError, match=r"builtins\.dict"):
        find_data({"x": [1]}, tmp_path)
    with pytest.raises(UnsupportedOptionError, match="nothing installed"):
        find_data("gopher://host/data", tmp_path)


def test_a_file_damaged_half_way_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"x": list(range(10_000))}), path, compression="none")
    content = bytearray(path.read_bytes())
    content[4:2000] = b"\xff" * 1996
    path.write_bytes(content)
    with pytest.raises(MalformedDataError, match=r"a\.parquet is damaged"):
        rows_of(find_data(path, tmp_path))


def test_files_go_to_spark_in_groups_that_keep_their_order(tmp_path: Path) -> None:
    for number in range(2 * GROUP_FILES + 1):
        write(tmp_path / f"{number:03}.parquet", [number])
    files = find_data(tmp_path, tmp_path).files
    groups = groups_of(files)
    assert [len(group) for group in groups] == [GROUP_FILES, GROUP_FILES, 1]
    assert [file for group in groups for file in group] == list(files)


def test_files_of_another_schema_are_refused_by_name(tmp_path: Path) -> None:
    pq.write_table(pa.table({"x": ["text"]}), tmp_path / "b.parquet")
    with pytest.raises(MalformedDataError, match=r"The column `x` is int64 in .*a\.parquet and string in .*b\.parquet, which Spark refuses too"):
        find_data([write(tmp_path / "a.parquet", [1]), tmp_path / "b.parquet"], tmp_path)


def test_rows_are_counted_where_no_column_is_wanted(tmp_path: Path) -> None:
    data = find_data(write(tmp_path / "a.parquet", [1, 2, 3]), tmp_path)
    assert [batch.num_rows for batch in data.batches([])] == [3]


def test_a_file_that_is_not_on_this_disk_is_copied(tmp_path: Path) -> None:
    import fsspec

    content = write(tmp_path / "a.parquet", [1, 2, 3]).read_bytes()
    fsspec.filesystem("memory").pipe("/parity/a.parquet", content)
    data = find_data("memory://parity/a.parquet", tmp_path)
    assert rows_of(data) == [1, 2, 3]
    assert data.files[0].local(tmp_path / "copies").read_bytes() == content
    here = find_data(tmp_path / "a.parquet", tmp_path)
    assert here.files[0].local(tmp_path / "copies") == tmp_path / "a.parquet"
