"""Say what a file or a folder is that is not a saved Spark model."""

from __future__ import annotations

from mabridge.saved.json_text import JsonTextError, parse_json
from mabridge.saved.limits import MIB
from mabridge.saved.source import Source, join

_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"version https://git-lfs", "a pointer of git-LFS instead of the file (run `git lfs pull` first)"),
    (b"PK\x03\x04", "a zip file"),
    (b"\x1f\x8b", "a gzip file (unpack it first)"),
    (b"BZh", "a bzip2 file (unpack it first)"),
    (b"\xfd7zXZ", "an xz file (unpack it first)"),
    (b"7z\xbc\xaf", "a 7z file (unpack it first)"),
    (b"PAR1", "a parquet file"),
    (b"ARROW1", "an Arrow file"),
    (b"Obj\x01", "an Avro file"),
    (b"\x89HDF", "an HDF5 file"),
    (b"\x80\x02", "a Python pickle"),
    (b"\x80\x03", "a Python pickle"),
    (b"\x80\x04", "a Python pickle"),
    (b"\x80\x05", "a Python pickle"),
    (b"\xac\xed", "a Java serialised object"),
)


def describe_file(head: bytes) -> str:
    """What a file is by its first 512 bytes, for "... is ..."."""
    if not head:
        return "an empty file"
    if head[257:262] == b"ustar":
        return "a tar file (unpack it first)"
    return next((name for magic, name in _MAGIC if head.startswith(magic)), "a file of an unknown kind")


def describe_folder(source: Source, folder: str) -> str:
    """What a folder is that holds no Spark model, and what to do, as one or two sentences' ends for "... is not a saved Spark model: ..."."""
    names = [entry.name for entry in source.entries(folder)]
    if "manifest.json" in names and is_bundle_manifest(source, join(folder, "manifest.json")):
        return "it is a converted model already: `mabridge predict` runs it, `mabridge inspect` and `mabridge explain` show it, and mabridge.load reads it."
    visible = [name for name in names if not name.startswith(("_", "."))]
    if any(name.endswith(".parquet") for name in visible):
        return "it holds parquet files, so it may be a table or one part of a model; give the folder that holds `metadata`."
    if {"saved_model.pb", "keras_metadata.pb"} & set(names):
        return "it is a TensorFlow SavedModel."
    if not names:
        return "the folder is empty."
    inner = [name for name in visible if source.kind(join(folder, name, "metadata")) or source.kind(join(folder, name, "MLmodel"))][:5]
    if inner:
        return f"it has no `metadata`, but {_listed(inner)} below it has; give that folder."
    return f"it has no `metadata`; it holds {_listed(names[:8])}{' and more' if len(names) > 8 else ''}."


def is_bundle_manifest(source: Source, path: str) -> bool:
    """Whether a manifest.json is a mabridge bundle's."""
    if source.kind(path) != "file" or source.size(path) > 16 * MIB:
        return False
    try:
        manifest = parse_json(source.read(path, 16 * MIB), source.limits)
    except JsonTextError:
        return False
    return isinstance(manifest, dict) and manifest.get("format") == "mabridge-model"


def _listed(names: list[str]) -> str:
    return ", ".join(f"`{name[:80]}`" if name.isprintable() else repr(name[:80]) for name in names)
