"""The benchmark's data: a table of numbers, categories and text, made from a seed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

NUMBERS = tuple(f"n{place}" for place in range(12))
#: Column -> number of labels, the most frequent first.
CATEGORIES = {"c0": 12, "c1": 60, "c2": 150, "c3": 7}
ROW_GROUPS = 8
_WORDS = 20_000


def table(rows: int, seed: int) -> pa.Table:
    """Rows of 12 doubles (two in a hundred null), 4 strings, a text of about 15 words, and a label that depends on them.

    Args:
        rows: how many.
        seed: the same seed gives the same rows.
    """
    rng = np.random.default_rng(seed)
    columns: dict[str, pa.Array] = {}
    signal = np.zeros(rows)
    for place, name in enumerate(NUMBERS):
        values = rng.lognormal(0.0, 1.0, rows) if place % 3 == 0 else rng.normal(float(place), 1.0 + place / 4.0, rows)
        signal += np.where(place % 2 == 0, 0.3, -0.2) * (values - values.mean())
        columns[name] = pa.array(values, mask=rng.random(rows) < 0.02)
    for name, count in CATEGORIES.items():
        weights = 1.0 / np.arange(1, count + 1)
        index = rng.choice(count, size=rows, p=weights / weights.sum())
        signal += (index % 3 - 1) * 0.4
        labels = pa.array([f"{name}-label-{number:03d}" for number in range(count)])
        columns[name] = pa.DictionaryArray.from_arrays(pa.array(index, type=pa.int32()), labels).cast(pa.string())
    columns["text"] = _text(rng, rows)
    columns["label"] = pa.array((signal + rng.normal(0.0, 0.5, rows) > 0).astype(np.float64))
    return pa.table(columns)


def _text(rng: np.random.Generator, rows: int) -> pa.Array:
    words = pa.array([f"word{number:05d}" if number % 40 else ("the", "and", "of", "a", "in")[number // 40 % 5] for number in range(_WORDS)])
    counts = rng.integers(8, 23, rows)
    offsets = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)
    ranks = np.minimum(rng.zipf(1.3, int(offsets[-1])) - 1, _WORDS - 1)
    lists = pa.ListArray.from_arrays(pa.array(offsets), words.take(pa.array(ranks)))
    return pc.binary_join(lists, " ")


def make_data(path: Path, rows: int, seed: int = 1) -> Path:
    """Write one parquet file of ROW_GROUPS row groups, unless it is there."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        size = -(-rows // ROW_GROUPS)
        temporary = path.with_suffix(".tmp")
        first = table(min(size, rows), seed)
        with pq.ParquetWriter(temporary, first.schema) as writer:
            writer.write_table(first, row_group_size=size)
            for group in range(1, ROW_GROUPS):
                count = min(size, rows - group * size)
                if count > 0:
                    writer.write_table(table(count, seed + 1_000 * group), row_group_size=size)
        temporary.rename(path)
    return path
