"""Print a few of the predictions that `mabridge predict` wrote: python examples/flights/show.py FOLDER [ROWS]"""

from __future__ import annotations

import sys

import pyarrow.dataset as ds

COLUMNS = ("month", "day", "carrier", "flight", "origin", "dest", "dep_delay", "prediction", "probability")


def main() -> None:
    folder, rows = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 8
    predictions = ds.dataset(folder, format="parquet")
    columns = [name for name in COLUMNS if name in predictions.schema.names]
    print(f"{predictions.count_rows():,} predictions, the first {rows}:")
    for row in predictions.head(rows, columns=columns).to_pylist():
        print("  " + "  ".join(f"{name}={value}" for name, value in row.items()))


if __name__ == "__main__":
    main()
