"""Write saved models as Spark lays them out, without Spark."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

PIPELINE = "org.apache.spark.ml.PipelineModel"
INDEXER = "org.apache.spark.ml.feature.StringIndexerModel"

LABELS = pa.table({"labelsArray": pa.array([[["a", "b"]]], pa.list_(pa.list_(pa.string())))})


def metadata(class_name: str, uid: str, params: Mapping[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    return {
        "class": class_name,
        "timestamp": 1,
        "sparkVersion": "3.5.7",
        "uid": uid,
        "paramMap": dict(params or {}),
        "defaultParamMap": {"handleInvalid": "error"},
        **more,
    }


def write_metadata(folder: Path, content: dict[str, Any] | str | bytes, name: str = "part-00000") -> None:
    (folder / "metadata").mkdir(parents=True, exist_ok=True)
    text = json.dumps(content) if isinstance(content, dict) else content
    (folder / "metadata" / name).write_bytes(text if isinstance(text, bytes) else text.encode() + b"\n")
    (folder / "metadata" / "_SUCCESS").touch()


def write_table(folder: Path, *parts: pa.Table) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for position, part in enumerate(parts):
        pq.write_table(part, folder / f"part-{position:05d}-abc-c000.snappy.parquet")
    (folder / "_SUCCESS").touch()


def write_stage(folder: Path, uid: str, class_name: str = INDEXER, params: Mapping[str, Any] | None = None, table: pa.Table | None = LABELS) -> None:
    write_metadata(folder, metadata(class_name, uid, {"inputCol": "s", "outputCol": "i"} if params is None else params))
    if table is not None:
        write_table(folder / "data", table)


def write_pipeline(folder: Path, uids: Sequence[str], class_name: str = PIPELINE, **more: Any) -> Path:
    """A pipeline of StringIndexerModels."""
    write_metadata(folder, metadata(class_name, "pipeline_1", {"stageUids": list(uids), **more}))
    for position, uid in enumerate(uids):
        write_stage(folder / "stages" / f"{position:0{len(str(len(uids)))}d}_{uid}", uid)
    return folder


def zip_folder(folder: Path, target: Path, top: str = "") -> Path:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                archive.write(path, top + path.relative_to(folder).as_posix())
    return target
