"""A saved Spark model in a Spark session, and what Spark says when it refuses."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mabridge.errors import MalformedModelError, MissingModelError, UnsupportedOptionError

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

Transform = Callable[["DataFrame"], "DataFrame"]

#: What pyspark saves in a layout of its own, where a stage inside exists in Python alone.
_SAVED_BY_PYTHON = frozenset(
    (
        "pyspark.ml.pipeline.PipelineModel",
        "pyspark.ml.classification.OneVsRestModel",
        "pyspark.ml.tuning.CrossValidatorModel",
        "pyspark.ml.tuning.TrainValidationSplitModel",
    )
)

#: A longer metadata file is not a stage's.
_MAX_METADATA = 64 * 2**20

#: Causes that say nothing about the rows: the disk, the memory, the cluster, the person at the keyboard.
_NO_ANSWER = re.compile(
    r"java\.io\.|java\.nio\.|java\.net\.|java\.lang\.(OutOfMemory|StackOverflow|NoClassDef|Linkage|Interrupted)|java\.lang\.ClassNotFound"
    r"|org\.apache\.hadoop\.|py4j\.|org\.apache\.spark\.(TaskKilled|SparkOutOfMemory|memory\.)|.*FetchFailed"
)
_MAX_TEXT = 2_000


def load_transform(session: SparkSession, model: Any) -> Transform:
    """The `transform` of a Spark model.

    Args:
        session: where it is to run.
        model: a saved PipelineModel or fitted stage (a folder, an MLflow model folder, or a URI that Spark reads), or a live pyspark model.

    Raises:
        MissingModelError, MalformedModelError: there is no saved Spark model there.
        UnsupportedOptionError: it is packed, or Spark cannot load it.
    """
    if not isinstance(model, (str, os.PathLike)):
        if not callable(getattr(model, "transform", None)):
            raise UnsupportedOptionError(f"The Spark model is a path or a fitted pyspark model, and this is {type(model).__module__}.{type(model).__name__}.")
        return model.transform  # type: ignore[no-any-return]
    path = spark_path(os.fspath(model))
    class_name = _class_of(session, path)
    if class_name in _SAVED_BY_PYTHON:
        return _python_model(class_name, path)
    try:
        _expect_stage(session, class_name)
        java: Any = session._jvm
        for part in class_name.split("."):
            java = getattr(java, part)
        loaded = java.load(path)
    except MalformedModelError:
        raise
    except Exception as error:
        raise UnsupportedOptionError(f"Spark cannot load {model} as {class_name}: {refusal_text(error) or error}") from error

    def transform(frame: DataFrame) -> DataFrame:
        return type(frame)(loaded.transform(frame._jdf), session)

    return transform


def _python_model(class_name: str, path: str) -> Transform:
    """A model that Python saved, with a layout that only pyspark's own reader knows; the class is one of a fixed few."""
    from importlib import import_module

    module, _, name = class_name.rpartition(".")
    try:
        loaded = getattr(import_module(module), name).load(path)
    except Exception as error:
        raise UnsupportedOptionError(f"Spark cannot load {path} as {class_name}: {refusal_text(error) or error}") from error
    return loaded.transform  # type: ignore[no-any-return]


def spark_path(model: str) -> str:
    """The URI of the folder that Spark loads.

    Raises:
        MissingModelError, UnsupportedOptionError: as `load_transform`.
    """
    if re.match(r"[a-zA-Z][a-zA-Z0-9+.-]+://", model):
        return model
    path = Path(model.removeprefix("file:"))
    if path.is_file():
        raise UnsupportedOptionError(f"{model} is a file; Spark loads a model from its folder, so unpack it first.")
    if (path / "MLmodel").is_file():
        path /= "sparkml"
    if not path.is_dir():
        raise MissingModelError(f"There is no saved Spark model at {model}.")
    return path.resolve().as_uri()


def _class_of(session: SparkSession, path: str) -> str:
    """The stage's class in its metadata, read by Spark itself: the path may be anything that Spark reads."""
    try:
        lines = session.read.text(f"{path.rstrip('/')}/metadata").limit(1).collect()
    except Exception as error:
        raise MissingModelError(f"There is no saved Spark model at {path}: it has no readable metadata.") from error
    text = lines[0][0] if lines else ""
    try:
        class_name = json.loads(text)["class"] if len(text) <= _MAX_METADATA else None
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise MalformedModelError(f"{path}/metadata is not a Spark stage's JSON.") from error
    if not isinstance(class_name, str) or not re.fullmatch(r"[A-Za-z_$][\w$]*(\.[A-Za-z_$][\w$]*)+", class_name):
        raise MalformedModelError(f"{path}/metadata names no class.")
    return class_name


def _expect_stage(session: SparkSession, class_name: str) -> None:
    """Refuse a class that is no pipeline stage before any of its code runs: the name comes out of a file."""
    java: Any = session._jvm
    loader = java.java.lang.Thread.currentThread().getContextClassLoader()
    stage = java.java.lang.Class.forName("org.apache.spark.ml.PipelineStage", False, loader)
    if not stage.isAssignableFrom(java.java.lang.Class.forName(class_name, False, loader)):
        raise MalformedModelError(f"The saved model names the class {class_name}, which is no Spark ML stage.")


def refusal_text(error: BaseException) -> str | None:
    """What Spark says where it refuses rows or columns, without its stack; None for an error that is no answer (disk, memory, cluster)."""
    from py4j.protocol import Py4JJavaError  # type: ignore[import-untyped]
    from pyspark.errors import PySparkException
    from pyspark.errors.exceptions.captured import CapturedException

    if isinstance(error, Py4JJavaError):
        java = error.java_exception
    elif isinstance(error, CapturedException) and error._origin is not None:
        java = error._origin
    elif isinstance(error, PySparkException):
        return f"{type(error).__name__}: {error}"[:_MAX_TEXT]
    else:
        return None
    chain: list[tuple[str, str]] = []
    while java is not None and len(chain) < 32:
        chain.append((str(java.getClass().getName()), str(java.getMessage())))
        java = java.getCause()
    if any(_NO_ANSWER.match(name) for name, _ in chain):
        return None
    name, message = chain[-1]
    # The lines after the first draw the query's plan.
    return f"{name}: {(message.strip().splitlines() or [''])[0]}"[:_MAX_TEXT]
