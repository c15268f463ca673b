"""One case to its folder."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

from py4j.protocol import Py4JJavaError
from pyspark.ml import PipelineModel
from pyspark.sql import DataFrame, SparkSession

from compat_tests.record.core import Case, Table
from compat_tests.record.folders import folder_of
from compat_tests.record.session import numbered_uids, settings
from compat_tests.record.spark_errors import CapturedException

CASES = Path(__file__).resolve().parent.parent / "cases"


class RecordError(Exception):
    """Spark did not do what the case says."""


def record(spark: SparkSession, case: Case, scratch: str) -> None:
    """Run one case in Spark and write its folder, replacing what was there.

    Raises:
        RecordError: Spark returned rows where the case expects an error, or the other way round; or the stage is of another class than the folder says.
    """
    session = {
        "spark.sql.ansi.enabled": str(case.ansi).lower(),
        "spark.sql.session.timeZone": case.time_zone,
        "spark.sql.caseSensitive": str(case.case_sensitive).lower(),
    }
    work = Path(tempfile.mkdtemp(dir=scratch))
    try:
        with numbered_uids():
            case.model(spark).write().overwrite().save(str(work / "case/model"))  # type: ignore[attr-defined]
        _tidy(work / "case/model")
        stage_class = _stage_class(work / "case/model")
        if folder_of(stage_class) != case.folder:
            raise RecordError(f"the stage is {stage_class}")
        with settings(spark, session):
            frame = case.rows.frame(spark) if isinstance(case.rows, Table) else case.rows(spark)
            _write_one(frame.coalesce(1), work / "case/input.parquet", work)
            error = _run(spark, case, work)
        facts = {
            "title": case.title,
            "spark_version": spark.version,
            "stage_class": stage_class,
            "ansi": case.ansi,
            "time_zone": case.time_zone,
            "case_sensitive": case.case_sensitive,
            "expect": case.expect,
            **(error or {"error": None, "error_class": None, "error_at": None}),
            "columns": None if case.columns is None else list(case.columns),
            "tolerance": None,
        }
        (work / "case/case.json").write_text(json.dumps(facts, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        target = CASES / case.path
        shutil.rmtree(target, ignore_errors=True)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(work / "case", target)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _run(spark: SparkSession, case: Case, work: Path) -> dict[str, Any] | None:
    """Transform and materialise; the facts of Spark's error, None where there is none."""
    at = "transform"
    try:
        output = _transform(spark, work)
        if case.columns is not None:
            output = output.select(*(f"`{name}`" for name in case.columns))
        at = "materialise"
        _write_one(output, work / "case/expected.parquet", work)
    except (Py4JJavaError, CapturedException) as raised:
        java = raised.java_exception if isinstance(raised, Py4JJavaError) else raised._origin
        while java.getCause() is not None:
            java = java.getCause()
        message = str(java.getMessage()).strip().splitlines()[0]
        name = java.getClass().getName()
        if case.expect == "rows":
            raise RecordError(f"Spark raised at {at}: {name}: {message}") from None
        return {"error": message, "error_class": name, "error_at": at}
    if case.expect == "error":
        raise RecordError("Spark returned rows")
    return None


def _transform(spark: SparkSession, work: Path) -> DataFrame:
    rows = spark.read.parquet(str(work / "case/input.parquet"))
    if _stage_class(work / "case/model").startswith("pyspark."):
        # What pyspark wrote itself only pyspark reads.
        return PipelineModel.load(str(work / "case/model")).transform(rows)
    # In the JVM: pyspark's own loader replaces a default outputCol by a new random name.
    reader: Any = spark._jvm.org.apache.spark.ml.util.DefaultParamsReader  # type: ignore[union-attr]
    model = reader.loadParamsInstance(str(work / "case/model"), spark._jsc.sc())
    return DataFrame(model.transform(rows._jdf), spark)


def _write_one(frame: DataFrame, target: Path, work: Path) -> None:
    """Write a DataFrame of one partition as one file."""
    folder = work / "written"
    frame.write.mode("overwrite").parquet(str(folder))
    parts = sorted(folder.glob("part-*.parquet"))
    if len(parts) != 1:
        raise RecordError(f"Spark wrote {len(parts)} files for {target.name}")
    shutil.move(parts[0], target)


def _tidy(model: Path) -> None:
    """Remove the checksums and the empty markers that Hadoop leaves beside the files."""
    for folder, _, names in os.walk(model):
        for name in names:
            if name.endswith(".crc") or name == "_SUCCESS":
                os.unlink(os.path.join(folder, name))


def _stage_class(model: Path) -> str:
    # Spark 4 adds a uuid to the name.
    (file,) = (model / "metadata").glob("part-00000*")
    metadata = json.loads(file.read_text(encoding="utf-8"))
    return str(metadata["class"])
