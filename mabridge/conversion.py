"""read, translate, and store: from a saved Spark model to a `Model`."""

from __future__ import annotations

import os
import re
from contextlib import ExitStack
from dataclasses import replace
from typing import Any

from mabridge.errors import UnsupportedOptionError
from mabridge.model import Model
from mabridge.plan.reference import Reference, is_known, known_versions
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
        UnsupportedOptionError: `as_spark`, or without it the version that saved the model, is none whose answers are known; or `time_zone` is no
            time zone that is known here.
        UnsupportedPipelineError: the model holds what mabridge refuses; it lists everything.
        OutputExistsError: `target` exists and `overwrite` is false.
    """
    from mabridge.saved import read_saved
    from mabridge.saved.live import is_live_model, save_live

    if as_spark is not None and not is_known(as_spark):
        raise UnsupportedOptionError(f"{as_spark!r} is not a version of Spark whose answers are known ({known_versions()}); name one as in 3.5.7.")
    if time_zone is not None:
        check_zone(time_zone)
    with ExitStack() as stack:
        if not isinstance(source, (str, os.PathLike)):
            if not is_live_model(source):
                raise UnsupportedOptionError(f"convert takes a path or a fitted pyspark model, and this is {type(source).__module__}.{type(source).__name__}.")
            source = stack.enter_context(save_live(source))
        saved = read_saved(source)
        if as_spark is None and not is_known(saved.spark_version):
            raise UnsupportedOptionError(
                f"{saved.path} was saved by Spark {saved.spark_version}, whose answers are not known ({known_versions()}); "
                "name the Spark whose answers are meant with as_spark (--as-spark)."
            )
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


#: Spark's offsets: `+08:00`, `UTC-3`, `GMT+05:30`, `Z`.
_OFFSET = re.compile(r"Z|(UTC|GMT|UT)?[+-]\d{1,2}(:?\d{2}){0,2}")


def check_zone(name: str) -> None:
    """Refuse a time zone that is not known here.

    Raises:
        UnsupportedOptionError: it is not.
    """
    from zoneinfo import ZoneInfo

    if _OFFSET.fullmatch(name) is not None:
        return
    try:
        ZoneInfo(name)
    except (ValueError, OSError, KeyError) as error:
        raise UnsupportedOptionError(f"{name!r} is not a time zone that is known here; name one as in Europe/Berlin or +08:00.") from error
