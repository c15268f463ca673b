"""A saved stage as a value, and the walk that reads a tree of them."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NoReturn

import pyarrow as pa

from mabridge.errors import MalformedModelError, MissingModelError
from mabridge.saved.limits import DEFAULT_LIMITS, Limits
from mabridge.saved.metadata import metadata_object, metadata_text, object_of, text_of
from mabridge.saved.mlflow import spark_folder
from mabridge.saved.recognise import describe_folder
from mabridge.saved.source import Source, is_inside, join, open_source


@dataclass(frozen=True, eq=False)
class SavedStage:
    """One stage of a saved Spark ML model, as its files say and no more: no class is imported, no default is filled in.

    Attributes:
        class_name: the class in the metadata, e.g. `org.apache.spark.ml.feature.StringIndexerModel`.
        uid: the stage's uid.
        spark_version: the version of the Spark that saved it.
        path: the stage's folder as messages show it.
        location: its place in the model, `stages[0]` or `stages[2].bestModel`; empty for the model itself.
        params: the params that were set (`paramMap`), parsed JSON; non-finite doubles are as written, mostly the strings "NaN", "Infinity".
        defaults: the saved defaults (`defaultParamMap`), empty before Spark 2.4.
        metadata: the whole metadata.
        children: a pipeline's stages in the order of its `stageUids`, else ().
    """

    class_name: str
    uid: str
    spark_version: str
    path: str
    location: str
    params: dict[str, Any]
    defaults: dict[str, Any]
    metadata: dict[str, Any]
    children: tuple[SavedStage, ...]
    folder: str = field(repr=False)
    depth: int = field(repr=False)
    walk: Walk = field(repr=False)

    def table(self, name: str = "data", columns: Sequence[str] | None = None) -> pa.Table:
        """A table that the stage keeps in parquet: all part files, in the order of their names.

        Args:
            name: its folder inside the stage's.
            columns: the columns to read; all by default.

        Raises:
            MalformedModelError: the folder is missing, a file is damaged, a column is missing, or the table is larger than is read.
        """
        from mabridge.saved.tables import read_table

        return read_table(self.walk.source, self._inside(name), columns)

    def has(self, name: str) -> bool:
        """Whether the stage's folder holds a file or folder of that name."""
        return self.walk.source.kind(self._inside(name)) is not None

    def child(self, name: str) -> SavedStage:
        """A model saved in a subfolder: `bestModel`, `model_0`.

        Raises:
            MalformedModelError: there is none.
        """
        location = f"{self.location}.{name}" if self.location else name
        return self.walk.stage(self._inside(name), location, self.depth + 1)

    def nested_metadata(self, name: str) -> dict[str, Any]:
        """The JSON object in `metadata` of a subfolder, in which the stage keeps a model of the older API.

        Raises:
            MalformedModelError: there is none, or it is damaged.
        """
        source, folder = self.walk.source, self._inside(name)
        text = metadata_text(source, folder)
        if text is None:
            source.refuse(join(folder, "metadata"), "the metadata is missing; the save is incomplete.")
        return metadata_object(source, folder, text)

    def names(self, name: str = "") -> tuple[str, ...]:
        """The names of what the stage's folder, or one of its subfolders, holds, sorted.

        Raises:
            MalformedModelError: there is no such folder.
        """
        return tuple(entry.name for entry in self.walk.source.entries(self._inside(name)))

    def read_bytes(self, name: str, limit: int | None = None) -> bytes:
        """The bytes of a file that is not parquet, `data/model`.

        Args:
            name: its path inside the stage's folder.
            limit: the most bytes that are accepted.

        Raises:
            MalformedModelError: it is missing or larger.
        """
        source = self.walk.source
        return source.read(self._inside(name), source.limits.payload_bytes if limit is None else limit)

    def _inside(self, name: str) -> str:
        if name and not is_inside(name):
            raise MalformedModelError(f"{self.path}: the name {name!r} leaves the stage's folder.")
        return join(self.folder, name)


class Walk:
    """One model while it is read: its source, and what of the limits is used up."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self._stages = 0
        self._json_bytes = 0

    def stage(self, folder: str, location: str, depth: int = 0) -> SavedStage:
        """Read the stage in a folder, and those of its pipeline.

        Raises:
            MalformedModelError: its files are damaged or missing.
            MissingModelError: `depth` is 0 and there is no Spark ML model.
        """
        source, limits = self.source, self.source.limits
        self._stages += 1
        if depth > limits.stage_depth:
            source.refuse(folder, f"stages nest more than {limits.stage_depth} deep.")
        if self._stages > limits.stages:
            source.refuse(folder, f"the model holds more than {limits.stages} stages.")
        text = metadata_text(source, folder)
        if text is None:
            self._no_metadata(folder, depth)
        self._json_bytes += len(text)
        if self._json_bytes > limits.model_json_bytes:
            source.refuse(folder, f"the metadata of all stages together holds more than {limits.model_json_bytes} bytes.")
        metadata = metadata_object(source, folder, text)
        class_name = text_of(source, folder, metadata, "class")
        if "sparkVersion" not in metadata and depth == 0:
            raise MissingModelError(
                f"{source.shown(folder)} is not a saved Spark ML model: its class is {class_name} and it names no Spark version, as models of the older "
                "API spark.mllib do; only models of spark.ml can be converted."
            )
        version = text_of(source, folder, metadata, "sparkVersion")
        uid = text_of(source, folder, metadata, "uid")
        params = object_of(source, folder, metadata, "paramMap")
        return SavedStage(
            class_name=class_name,
            uid=uid,
            spark_version=version,
            path=source.shown(folder),
            location=location,
            params=params,
            defaults=object_of(source, folder, metadata, "defaultParamMap"),
            metadata=metadata,
            children=self._children(folder, location, depth, class_name, params),
            folder=folder,
            depth=depth,
            walk=self,
        )

    def _children(self, folder: str, location: str, depth: int, class_name: str, params: dict[str, Any]) -> tuple[SavedStage, ...]:
        """The stages that `stageUids` names: Spark's `stages/<position>_<uid>`, the position padded with zeros. Other folders there are strays."""
        uids = params.get("stageUids")
        if uids is None:
            if class_name in ("org.apache.spark.ml.PipelineModel", "pyspark.ml.pipeline.PipelineModel"):
                self.source.refuse(join(folder, "metadata"), "the pipeline's metadata lacks `stageUids`.")
            return ()
        if not isinstance(uids, list) or not all(isinstance(uid, str) and is_inside(uid) and "/" not in uid and uid.isprintable() for uid in uids):
            self.source.refuse(join(folder, "metadata"), "`stageUids` is not a list of uids; a uid names a folder and has no slash, backslash or dots alone.")
        digits = len(str(len(uids)))
        stages: list[SavedStage] = []
        for position, uid in enumerate(uids):
            place = join(folder, "stages", f"{position:0{digits}d}_{uid}")
            stages.append(self.stage(place, f"{location}.stages[{position}]" if location else f"stages[{position}]", depth + 1))
        return tuple(stages)

    def _no_metadata(self, folder: str, depth: int) -> NoReturn:
        source = self.source
        kind = source.kind(folder)
        if depth == 0:
            what = describe_folder(source, folder) if kind == "folder" else "there is no such folder."
            raise MissingModelError(f"{source.shown(folder)} is not a saved Spark model: {what}")
        if kind is None:
            parent = folder.rpartition("/")[0]
            there = [entry.name for entry in source.entries(parent)] if source.kind(parent) == "folder" else []
            hint = f" The folder above it holds {', '.join(there[:12])}{' and more' if len(there) > 12 else ''}." if there else ""
            source.refuse(folder, f"the stage's folder is missing, though the model names it.{hint}")
        source.refuse(folder, "the stage has no `metadata`.")


def read_saved(source: str | os.PathLike[str], limits: Limits = DEFAULT_LIMITS) -> SavedStage:
    """Read a saved Spark ML model: its metadata now, its tables when they are asked for.

    Args:
        source: a local folder, a zip file of one, an MLflow model folder, or the URI of such a folder or zip file on any filesystem that pyarrow or
            fsspec reaches.
        limits: the bounds beyond which files are refused.

    Raises:
        MissingModelError: there is nothing, or what is there is not a saved Spark ML model.
        MalformedModelError: the model is damaged, incomplete, leaves its folder or breaks a limit.
        MissingDependencyError: the URI needs a package that is not installed.
    """
    opened = open_source(source, "a saved Spark model (a folder, or a zip file of one)", MalformedModelError, limits)
    return Walk(opened).stage(_model_folder(opened), "")


def _model_folder(source: Source) -> str:
    """Where in the source the model lies: at its top, in a zip file's one top folder, or where `MLmodel` says."""
    folder = ""
    if not source.kind("metadata") and not source.kind("MLmodel") and source.is_archive:
        tops = [entry.name for entry in source.entries("") if entry.is_folder and not entry.name.startswith((".", "__MACOSX"))]
        folder = tops[0] if len(tops) == 1 else ""
    return spark_folder(source, folder) if source.kind(join(folder, "MLmodel")) == "file" else folder
