"""The metadata of a saved stage: one JSON object in `metadata/part-*`."""

from __future__ import annotations

import bz2
import zlib
from collections.abc import Callable
from typing import Any, NoReturn

from mabridge.saved.json_text import JsonTextError, parse_json
from mabridge.saved.source import Source, join

# Hadoop compresses text output by these suffixes where a cluster is set so; 47 lets zlib take both gzip and zlib headers.
_DECOMPRESS: dict[str, Callable[[], Any]] = {".gz": lambda: zlib.decompressobj(47), ".deflate": lambda: zlib.decompressobj(47), ".bz2": bz2.BZ2Decompressor}


def metadata_text(source: Source, folder: str) -> bytes | None:
    """The metadata line of the stage in a folder, None where there is no `metadata`.

    Spark's local saving mode (4.1) has a plain file `metadata`; all else has a folder of text parts, of which all but one are empty.

    Raises:
        the source's `malformed`: it cannot be read, or holds nothing.
    """
    place = join(folder, "metadata")
    kind = source.kind(place)
    if kind is None:
        return None
    if kind == "file":
        return _first_line(source.read(place, source.limits.json_bytes)) or source.refuse(place, "the metadata file is empty.")
    visible = [entry.name for entry in source.entries(place) if not entry.is_folder and not entry.name.startswith(("_", "."))]
    parts = [name for name in visible if name.startswith("part-")] or visible
    lines = {line: name for name in reversed(parts) if (line := _first_line(_part(source, join(place, name))))}
    if not lines:
        source.refuse(place, "the metadata is empty." if parts else "the metadata has no part file.")
    if len(lines) > 1:
        source.refuse(place, f"{' and '.join(sorted(lines.values())[:4])} hold different metadata; one stage has one.")
    return next(iter(lines))


def metadata_object(source: Source, folder: str, text: bytes) -> dict[str, Any]:
    """The metadata line as a JSON object.

    Raises:
        the source's `malformed`: it is not one.
    """
    place = join(folder, "metadata")
    try:
        value = parse_json(text, source.limits)
    except JsonTextError as error:
        if text.startswith(b"version https://git-lfs"):
            source.refuse(place, "it is a pointer of git-LFS instead of the file; run `git lfs pull` first.")
        source.refuse(place, f"the metadata {error}.")
    if not isinstance(value, dict):
        source.refuse(place, "the metadata is JSON, but no object.")
    return value


def _part(source: Source, path: str) -> bytes:
    data = source.read(path, source.limits.json_bytes)
    suffix = "." + path.rsplit("/", 1)[-1].rpartition(".")[2]
    if suffix in (".snappy", ".lz4", ".zst", ".lzo"):
        source.refuse(path, f"the metadata is compressed as {suffix}; plain text, .gz, .deflate and .bz2 are read. Save the model again without compression.")
    if suffix not in _DECOMPRESS:
        return data
    decompressor = _DECOMPRESS[suffix]()
    try:
        text: bytes = decompressor.decompress(data, source.limits.json_bytes + 1)
    except (zlib.error, OSError, EOFError, ValueError) as error:
        source.refuse(path, f"the compressed metadata is damaged ({error}).")
    source.check_size(path, len(text), source.limits.json_bytes)
    if not decompressor.eof:
        source.refuse(path, "the compressed metadata is truncated.")
    return text


def _first_line(data: bytes) -> bytes:
    """Spark reads the first line, and so do we."""
    return data.strip().split(b"\n", 1)[0].strip()


def text_of(source: Source, folder: str, metadata: dict[str, Any], key: str) -> str:
    """A short printable text that the metadata must hold.

    Raises:
        the source's `malformed`: it is absent or something else.
    """
    value = metadata.get(key)
    if not isinstance(value, str) or not value or len(value) > 1_000 or not value.isprintable():
        _refuse_field(source, folder, metadata, key, "a text of printable characters")
    return value


def object_of(source: Source, folder: str, metadata: dict[str, Any], key: str) -> dict[str, Any]:
    """A JSON object that the metadata may hold, empty where it is absent or null.

    Raises:
        the source's `malformed`: it is something else.
    """
    value = metadata.get(key)
    if value is None:
        return {}
    if not isinstance(value, dict):
        _refuse_field(source, folder, metadata, key, "an object")
    return value


def _refuse_field(source: Source, folder: str, metadata: dict[str, Any], key: str, wanted: str) -> NoReturn:
    found = f"{str(metadata[key])[:80]!r}" if key in metadata else "nothing"
    source.refuse(join(folder, "metadata"), f"the metadata's `{key}` is {found} where {wanted} is expected.")
