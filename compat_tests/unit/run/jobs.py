"""A small job for the tests of running: a model, its rows, and the command that runs it as a process."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Literal

import numpy as np
import pyarrow as pa

from mabridge.model import Model
from mabridge.plan.op import StageRef, Step
from mabridge.plan.ops import LookupIndex
from mabridge.plan.reference import Reference


def indexer(unseen: Literal["error", "keep"] = "keep", column: str = "s") -> Model:
    """A model of one StringIndexerModel."""
    op = LookupIndex(column, "i", pa.array(["a", "b"]), unseen)
    return Model([Step(op, StageRef("stages[0]", "org.example.Indexer", "uid0"))], Reference("3.5.7"))


def letters(rows: int) -> pa.Table:
    """Rows for it: random numbers that do not compress, and letters."""
    rng = np.random.default_rng(0)
    return pa.table({"x": rng.normal(size=rows), "s": pa.array(rng.choice(["a", "b"], rows))})


def predict_command(model: Path, data: Path, out: Path, *more: str) -> list[str]:
    return [sys.executable, "-m", "mabridge.cli", "predict", str(model), str(data), str(out), "--quiet", *more]


def quiet_environment() -> dict[str, str]:
    return {**os.environ, "PYTHONWARNINGS": "ignore"}


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())
