"""read, translate, and store: from a saved Spark model to a `Model`."""

from __future__ import annotations

import os
from contextlib import ExitStack
from dataclasses import replace
from typing import Any

from mabridge.errors import UnsupportedOptionError
from mabridge.model import Model
from mabridge.plan.reference import Reference
from mabridge.plan.translate import translate


def convert(
    source: str | os.PathLike[str] | Any,
    target: str | os.PathLike[str] | None = None,
    *,
    overwrite: bool = False,
    as_spark: str | None = None,
    ansi: bool | None = None,
    time_zone: str | None = None,
    case_sensitive: bool | None = None,
    with_onnx: bool = False,
) -> Model:
    """Convert a saved Spark model; no Java and no pyspark are needed.

    Args:
        source: a saved PipelineModel or single fitted stage: a folder, a zip of one, an MLflow model folder, a URI that fsspec knows, or a live pyspark model.
        target: the folder to write the converted model to; None keeps it in memory.
        overwrite: whether an earlier converted model at `target` may be replaced.
        as_spark: the Spark version whose answers are meant; None means the one that saved the model.
        ansi: `spark.sql.ansi.enabled`; None means that version's default.
        time_zone: the session's time zone; None means UTC.
        case_sensitive: `spark.sql.caseSensitive`; None means false.
        with_onnx: whether the folder also gets each predictor as an ONNX file.

    Returns:
        The converted model.

    Raises:
        MissingModelError, MalformedModelError: there is no readable model at `source`.
        UnsupportedPipelineError: the model holds what mabridge refuses; it lists everything.
        OutputExistsError: `target` exists and `overwrite` is false.
    """
    from mabridge.saved import read_saved
    from mabridge.saved.live import is_live_model, save_live

    with ExitStack() as stack:
        if not isinstance(source, (str, os.PathLike)):
            if not is_live_model(source):
                raise UnsupportedOptionError(f"convert takes a path or a fitted pyspark model, and this is {type(source).__module__}.{type(source).__name__}.")
            source = stack.enter_context(save_live(source))
        saved = read_saved(source)
        reference = Reference.of_version(as_spark or saved.spark_version)
        if ansi is not None:
            reference = replace(reference, ansi=ansi)
        if time_zone is not None:
            reference = replace(reference, time_zone=time_zone)
        if case_sensitive is not None:
            reference = replace(reference, case_sensitive=case_sensitive)
        model = Model(translate(saved, reference), reference)
    if target is not None:
        model.save(target, overwrite=overwrite, with_onnx=with_onnx)
    return model
