"""Read a bundle: every file is listed, every byte is checked, nothing is executed."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from mabridge.bundle.arrays import ArrayError, read_array
from mabridge.bundle.layout import (
    FILE_NAME,
    FORMAT,
    FORMAT_VERSION,
    MANIFEST,
    MAX_FILE,
    MAX_FILES,
    MAX_MANIFEST,
    MAX_PLAN,
    MAX_PLAN_DEPTH,
    PLAN,
    canonical,
    plan_digest_of,
    sha256,
)
from mabridge.bundle.onnx_check import holds_external_data
from mabridge.bundle.place import previous_name
from mabridge.counted import counted
from mabridge.errors import MabridgeError, MalformedBundleError, MissingModelError
from mabridge.saved.json_text import JsonTextError, parse_json
from mabridge.saved.limits import Limits
from mabridge.saved.source import Source, join, open_source

_AGAIN = "Convert the Spark model again."
_DEPTH = 4


@dataclass(frozen=True, eq=False)
class Bundle:
    """A verified bundle.

    Attributes:
        path: its folder.
        plan: the plan's JSON.
        arrays: what the plan names.
        info: what the manifest says about the model.
        digest: of plan and arrays, as hex.
        extra: further files by name.
    """

    path: str
    plan: dict[str, Any] = field(repr=False)
    arrays: Mapping[str, pa.Array] = field(repr=False)
    info: dict[str, Any]
    digest: str
    extra: Mapping[str, bytes] = field(repr=False)


def is_bundle(path: str | os.PathLike[str]) -> bool:
    """Whether a folder looks like a bundle: its manifest says so. Nothing else is checked."""
    try:
        source = open_source(path, "a converted model", MalformedBundleError)
        if source.kind(MANIFEST) != "file":
            return False
        return f'"format":"{FORMAT}"'.encode() in source.read(MANIFEST, MAX_MANIFEST)
    except MabridgeError:
        return False


def read_bundle(path: str | os.PathLike[str]) -> Bundle:
    """Read and verify a bundle.

    Args:
        path: its folder, or the URI of one on a filesystem that pyarrow or fsspec reaches.

    Raises:
        MissingModelError: there is no bundle at the path.
        MalformedBundleError: a byte was changed, a file is missing or unlisted, or the format is of another version.
    """
    source = _open(path)
    manifest = _manifest(source)
    listed: dict[str, Any] = manifest["files"]
    _check_names(source, listed)
    contents = {name: _verified(source, name, entry) for name, entry in listed.items()}
    try:
        plan = parse_json(contents[PLAN], Limits(json_bytes=MAX_PLAN, json_depth=MAX_PLAN_DEPTH))
    except JsonTextError as error:
        source.refuse(PLAN, f"the plan {error}.")
    if not isinstance(plan, dict):
        source.refuse(PLAN, "the file holds no plan.")
    if manifest["plan_digest"] != plan_digest_of({name: entry["sha256"] for name, entry in listed.items()}):
        source.refuse(MANIFEST, f"the digest is not that of plan and arrays. {_AGAIN}")
    arrays = {name.removeprefix("arrays/").removesuffix(".arrow"): _array(source, name, data) for name, data in contents.items() if name.startswith("arrays/")}
    extra = {name: data for name, data in contents.items() if name.startswith("onnx/")}
    for name, data in extra.items():
        if holds_external_data(data):
            source.refuse(name, "the file refers to data outside itself, which is refused; a bundle's ONNX files hold all of their weights.")
    return Bundle(source.name, plan, arrays, manifest["info"], manifest["plan_digest"], extra)


def _open(path: str | os.PathLike[str]) -> Source:
    try:
        source = open_source(path, "a converted model", MalformedBundleError, Limits(entries=MAX_FILES))
    except MissingModelError as error:
        previous = previous_name(os.path.realpath(path))
        if os.path.lexists(path) or not os.path.isdir(previous):
            raise
        raise MissingModelError(f"{error} An overwrite was interrupted; the earlier model is whole at {previous}: rename it back, or convert again.") from None
    if source.kind(MANIFEST) != "file":
        hint = "It is a saved Spark model: convert" if source.kind("metadata") or source.kind("MLmodel") else "Convert"
        raise MissingModelError(f"{source.name} is not a converted model: it holds no {MANIFEST}. {hint} a saved Spark model with `mabridge convert`.")
    return source


def _manifest(source: Source) -> dict[str, Any]:
    text = source.read(MANIFEST, MAX_MANIFEST)
    changed = f"the file is damaged: it is not the text that mabridge wrote. {_AGAIN}"
    try:
        manifest = parse_json(text, Limits(json_bytes=MAX_MANIFEST))
    except JsonTextError as error:
        source.refuse(MANIFEST, f"the file is damaged: it {error}. {_AGAIN}")
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        source.refuse(MANIFEST, changed)
    version = manifest.get("format_version")
    if version != FORMAT_VERSION or type(version) is not int:
        source.refuse(
            MANIFEST, f"the format version is {str(version)[:40]}, and this mabridge reads version {FORMAT_VERSION}. Convert the Spark model again, or upgrade."
        )
    digest = manifest.pop("digest", None)
    try:
        same = digest == sha256(canonical(manifest)) and text == canonical({**manifest, "digest": digest})
    except ValueError:  # a bare NaN, which no manifest of ours holds
        same = False
    if not same or manifest.keys() != {"format", "format_version", "mabridge_version", "info", "plan_digest", "files"}:
        source.refuse(MANIFEST, changed)
    files = manifest["files"]
    if not isinstance(files, dict) or PLAN not in files or not isinstance(manifest["info"], dict) or not all(_is_entry(entry) for entry in files.values()):
        source.refuse(MANIFEST, changed)
    return manifest


def _is_entry(entry: Any) -> bool:
    return (
        isinstance(entry, dict) and entry.keys() == {"bytes", "sha256"} and type(entry["bytes"]) is int and entry["bytes"] >= 0 and type(entry["sha256"]) is str
    )


def _check_names(source: Source, listed: Mapping[str, Any]) -> None:
    if len(listed) > MAX_FILES:
        source.refuse(MANIFEST, f"it lists {counted(len(listed), 'file')}; at most {MAX_FILES} are read.")
    for name in listed:
        if FILE_NAME.fullmatch(name) is None:
            source.refuse(MANIFEST, f"it lists {name[:200]!r}, which is no file of a bundle.")
    unlisted = sorted(set(_found(source, "", 0)) - set(listed) - {MANIFEST})
    if unlisted:
        source.refuse(unlisted[0], f"the file is not listed in {MANIFEST}; somebody added it. Remove it, or convert again.")


def _found(source: Source, folder: str, depth: int) -> Iterator[str]:
    for entry in source.entries(folder):
        place = join(folder, entry.name)
        if entry.is_link:
            source.refuse(place, "it is a link; a bundle holds plain files only.")
        if not entry.is_folder:
            yield place
        elif depth < _DEPTH:
            yield from _found(source, place, depth + 1)
        else:
            source.refuse(place, "a bundle holds no folders so deep.")


def _verified(source: Source, name: str, entry: Mapping[str, Any]) -> bytes:
    if source.kind(name) != "file":
        source.refuse(name, f"the file is missing, or is not a plain file. {_AGAIN}")
    source.check_size(name, entry["bytes"], MAX_PLAN if name == PLAN else MAX_FILE)
    # The size first: a file of another size need not be read.
    content = source.read(name, entry["bytes"]) if source.size(name) == entry["bytes"] else b""
    if len(content) != entry["bytes"] or sha256(content) != entry["sha256"]:
        source.refuse(name, f"the file was changed: its checksum is not the one in {MANIFEST}. {_AGAIN}")
    return content


def _array(source: Source, name: str, content: bytes) -> pa.Array:
    try:
        return read_array(content)
    except ArrayError as error:
        source.refuse(name, f"the array file {error}.")
