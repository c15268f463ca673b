"""A fitted model of a running Spark session as a source: Spark saves it, and the save is read like any other.

pyspark is never imported here: an object that comes from it has imported it already.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from mabridge.errors import UnsupportedStageError


def is_live_model(value: object) -> bool:
    """Whether the value is a pyspark ML object: its class, or one that it derives from, is of pyspark.ml."""
    return any(kind.__module__ == "pyspark.ml" or kind.__module__.startswith("pyspark.ml.") for kind in type(value).__mro__)


@contextmanager
def save_live(model: Any) -> Iterator[str]:
    """Save a live model to a temporary folder.

    Args:
        model: a fitted pyspark PipelineModel or stage.

    Yields:
        The folder; it is removed when the context ends.

    Raises:
        UnsupportedStageError: the model is not fitted, has a stage that cannot be written, or its session writes to other machines.
    """
    name = f"{type(model).__module__}.{type(model).__name__}"
    if not is_live_model(model):
        raise UnsupportedStageError(f"{name} is not a model of pyspark.ml.")
    if not callable(getattr(model, "transform", None)):
        raise UnsupportedStageError(f"{name} is not fitted: call its `fit` first and convert the model that it returns.")
    if not callable(getattr(model, "write", None)):
        raise UnsupportedStageError(f"{name} has no `write`: Spark cannot save it, so it cannot be converted.")
    with tempfile.TemporaryDirectory(prefix="mabridge-") as scratch:
        path = os.path.join(scratch, "model")
        try:
            model.write().save(Path(path).as_uri())
        except Exception as error:  # py4j and pyspark raise many kinds
            raise UnsupportedStageError(
                f"Spark could not save the {name}: {_reason(error)}. Leave the stage that it names out, or make it writable."
            ) from error
        # A cluster's executors write to their own disks; only the driver's part, or nothing, is here then.
        if not any(entry.name.startswith("part-") for entry in _listed(os.path.join(path, "metadata"))):
            raise UnsupportedStageError(
                f"The session of the {name} writes files on other machines, so they cannot be read here; "
                "save the model to storage that both reach, with `model.write().save(uri)`, and convert that URI."
            )
        yield path


def _listed(folder: str) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return list(entries)
    except OSError:
        return []


def _reason(error: Exception) -> str:
    """The first line that says something; Java puts its stack below."""
    lines = [line.strip() for line in str(error).splitlines()]
    return next((line for line in lines if line and not line.startswith(("An error occurred while calling", ":"))), type(error).__name__)[:400].rstrip(".")
