"""Parity, live: real Spark and mabridge over the same rows."""

from __future__ import annotations

import os
import platform
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pyarrow as pa

import mabridge
from mabridge.errors import UnsupportedOptionError
from mabridge.parity import data as inputs
from mabridge.parity.compare import compare_tables
from mabridge.parity.our_side import our_answers
from mabridge.parity.report import ParityReport
from mabridge.parity.rules import Rules, Tolerance
from mabridge.parity.spark_model import load_transform, spark_path
from mabridge.parity.spark_session import spark_session
from mabridge.parity.spark_side import SparkRun
from mabridge.run.source import local_path
from mabridge.saved import read_saved

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

    from mabridge.model import Model


def parity(
    spark_model: str | os.PathLike[str] | Any,
    model: str | os.PathLike[str] | Model,
    data: Any,
    *,
    columns: Sequence[str] | None = None,
    sample: int | None = None,
    tolerances: Mapping[str, Tolerance | float] | None = None,
    layouts: bool = True,
    master: str | None = None,
    driver_memory: str = "2g",
    backend: Literal["auto", "numpy", "onnx", "torch"] = "auto",
    device: str = "cpu",
) -> ParityReport:
    """Run Spark and mabridge on the same rows and compare every column that `transform` returns.

    Spark runs in the active session, or in a new local one that ends with the call; both sides run under the model's `reference` settings. Rows are streamed
    and matched by position: input files by path, then rows; where the plan says that Spark leaves the order of rows open (ALSModel, whose joins may shuffle),
    they are matched by what they hold, and all of them are held in memory. A refusal is an answer: where Spark refuses the data, mabridge has to refuse it too.

    Args:
        spark_model: the saved Spark model (a folder, an MLflow model folder, a URI that Spark reads), or a live pyspark model.
        model: the converted model, or its path.
        data: what `predict` reads (a parquet file, a folder, a pattern, a URI) or a list of such, a pyarrow Table or RecordBatch, or a pandas DataFrame.
        columns: the output columns to compare, in the order wanted; only these are materialised, on both sides. None for all.
        sample: compare only so many rows, spread evenly over the data.
        tolerances: for single columns instead of 1e-12 of max(|spark|, s); a number is relative.
        layouts: whether vectors must also be sparse or dense as Spark's are.
        master: the Spark master of a new session; None means `local[*]`.
        driver_memory: of a new session.
        backend: what runs mabridge's predictors, see `Model.program`.
        device: see `Model.program`.

    Raises:
        MissingDependencyError: pyspark or Java is not installed.
        MissingModelError, MissingDataError, MalformedModelError, MalformedBundleError, MalformedDataError: an input is absent or damaged.
        MissingColumnError, InvalidInputError: the data's columns do not fit the model.
        UnsupportedOptionError: an argument that parity cannot serve, or Spark cannot run.
    """
    started = time.perf_counter()
    converted = _load(model)
    with tempfile.TemporaryDirectory(prefix="mabridge-parity-") as folder:
        scratch = Path(folder)
        rows = inputs.find_data(data, scratch)
        if sample is not None:
            rows = inputs.sample(rows, sample, scratch)
        # Before Spark starts, which takes seconds: data that does not fit, and what is no saved model.
        program = converted.program(rows.schema, columns=columns, backend=backend, device=device)
        if isinstance(spark_model, (str, os.PathLike)) and local_path(os.fspath(spark_model)) is not None:
            spark_path(os.fspath(spark_model))
            read_saved(spark_model)
        with spark_session(converted.reference, master=master, driver_memory=driver_memory) as session:
            transform = load_transform(session, spark_model)
            ready = time.perf_counter()
            spark = SparkRun(session, transform, rows, scratch, columns).answers()
            first_job = time.perf_counter() - ready
            rules = Rules(
                passed_through=spark.passed_through,
                exact=spark.nominal | frozenset(program.exact),
                tolerances={name: value if isinstance(value, Tolerance) else Tolerance(relative=value) for name, value in (tolerances or {}).items()},
                layouts=layouts,
                unordered=frozenset(program.unordered),
                rows_in_any_order=program.leaves_row_order_open,
            )
            report = compare_tables(spark.answers, our_answers(program, rows), rules)
            versions = _versions(session)
    seconds = dict(report.seconds)
    return replace(
        report,
        reference=asdict(converted.reference),
        versions=versions,
        sources={"spark_model": _described(spark_model), "model": _described(model), "data": rows.description},
        seconds={"start": ready - started, **seconds, "spark": seconds["spark"] + first_job},
    )


def _load(model: Any) -> Model:
    if isinstance(model, (str, os.PathLike)):
        from mabridge.model import load

        return load(model)
    if not callable(getattr(model, "program", None)):
        raise UnsupportedOptionError(f"The model is a path or a mabridge.Model, and this is {type(model).__module__}.{type(model).__name__}.")
    return model  # type: ignore[no-any-return]


def _described(model: Any) -> str:
    if isinstance(model, (str, os.PathLike)):
        return os.fspath(model)
    return str(getattr(model, "path", None) or f"a {type(model).__name__} in memory")


def _versions(session: SparkSession) -> dict[str, str]:
    java: Any = session._jvm
    return {
        "spark": session.version,
        "java": str(java.java.lang.System.getProperty("java.version")),
        "mabridge": mabridge.__version__,
        "python": platform.python_version(),
        "numpy": np.__version__,
        "pyarrow": pa.__version__,
    }
