"""Hashed text of 262,144 dimensions stays sparse from HashingTF through IDF to the model."""

from __future__ import annotations

import shutil
import tracemalloc
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

import mabridge
from compat_tests.replay import CASES

SIZE, ROWS, WORDS = 2**18, 10_000, 100
#: What the vectors' entries alone come to: a place and a value for each word.
ENTRIES = ROWS * WORDS * 12


def rewritten(folder: Path, **columns: Any) -> None:
    """Replace columns of a stage's one data file."""
    (file,) = (folder / "data").glob("*.parquet")
    table = pq.read_table(file)
    for name, value in columns.items():
        place = table.schema.get_field_index(name)
        table = table.set_column(place, table.schema.field(place), pa.array([value], table.schema.field(place).type))
    pq.write_table(table, file)


def widened(target: Path) -> Path:
    """The recorded pipeline of a text with as many dimensions as HashingTF has by default."""
    shutil.copytree(CASES / "ml" / "pipeline_model" / "text_hashed_and_weighed" / "model", target, ignore=shutil.ignore_patterns("*.crc"))
    stages = {folder.name.split("_")[1]: folder for folder in (target / "stages").iterdir()}
    (metadata,) = (stages["HashingTF"] / "metadata").glob("part-*")
    text = metadata.read_text(encoding="utf-8")
    assert '"numFeatures":4096' in text
    metadata.write_text(text.replace('"numFeatures":4096', f'"numFeatures":{SIZE}'), encoding="utf-8")
    weights = np.random.default_rng(0).normal(size=SIZE)
    vector = {"type": 1, "size": None, "indices": None, "values": np.abs(weights)}
    rewritten(stages["IDF"], idf=vector, docFreq=[1] * SIZE)
    matrix = {"type": 1, "numRows": 1, "numCols": SIZE, "colPtrs": None, "rowIndices": None, "values": weights, "isTransposed": True}
    rewritten(stages["LogisticRegression"], numFeatures=SIZE, coefficientMatrix=matrix)
    return target


def test_memory_for_10_000_texts_is_that_of_their_words(tmp_path: Path) -> None:
    model = mabridge.convert(widened(tmp_path / "model"))
    words = np.array([f"w{number}" for number in range(50_000)])
    drawn = np.random.default_rng(1).integers(0, len(words), size=(ROWS, WORDS))
    texts = pa.table({"t": [" ".join(words[row]) for row in drawn], "x": np.zeros(ROWS)})
    program = model.program(texts.schema)
    (batch,) = texts.combine_chunks().to_batches()
    program.run(batch.slice(0, 10))
    before = pa.total_allocated_bytes()
    tracemalloc.start()
    out = program.run(batch)
    arrow, (_, numpy) = pa.total_allocated_bytes() - before, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    print(f"numpy and Python at most {numpy / 2**20:.1f} MiB, the output {arrow / 2**20:.1f} MiB in Arrow, for {ROWS:,} texts of {WORDS} words")
    assert out.column("h").field("size").unique().to_pylist() == [SIZE]
    assert out.column("h").field("type").unique().to_pylist() == [0]
    # Rows of all dimensions would be 21 GB. Two columns of vectors come out, and each is made of entries that are sorted and added up on the way.
    assert numpy < 20 * ENTRIES
    assert arrow < 20 * ENTRIES
