"""A model behind a URI: object stores and other filesystems, through pyarrow and, for what pyarrow lacks, fsspec."""

from __future__ import annotations

import re
import tempfile
from typing import BinaryIO, Literal, cast

import pyarrow as pa
from pyarrow import fs

from mabridge.errors import MabridgeError, MissingDependencyError, MissingModelError
from mabridge.saved.limits import MIB, Limits
from mabridge.saved.source import WHOLE_BYTES, ZIP_MAGIC, Entry, Source, join


def open_remote(uri: str, what: str, malformed: type[MabridgeError], limits: Limits) -> Source:
    """Open a folder or a zip file behind a URI.

    Raises:
        MissingModelError: there is nothing, or it cannot be reached.
        MissingDependencyError: no installed package knows the scheme.
    """
    shown = _without_secrets(uri).rstrip("/")
    filesystem, path = _filesystem(uri, shown)
    path = path.rstrip("/") or path
    try:
        info = filesystem.get_file_info(path)
    except Exception as error:  # each store has errors of its own
        raise MissingModelError(f"{shown}: it cannot be reached ({_line(error)}).") from None
    source = FilesystemSource(filesystem, path, shown, malformed, limits)
    if info.type == fs.FileType.Directory:
        return source
    if info.type != fs.FileType.File:
        raise MissingModelError(f"{shown}: there is no such file or folder.")
    return _zip(source, info.size, what)


class FilesystemSource(Source):
    """A folder of a pyarrow filesystem."""

    def __init__(self, filesystem: fs.FileSystem, root: str, name: str, malformed: type[MabridgeError], limits: Limits) -> None:
        super().__init__(name, malformed, limits)
        self.filesystem = filesystem
        self.root = root

    def kind(self, path: str) -> Literal["file", "folder"] | None:
        info = self._info(path)
        return "folder" if info.type == fs.FileType.Directory else "file" if info.type == fs.FileType.File else None

    def entries(self, path: str) -> tuple[Entry, ...]:
        try:
            infos = self.filesystem.get_file_info(fs.FileSelector(self._full(path)))
        except Exception as error:
            self.refuse(path, f"the folder cannot be read ({_line(error)}).")
        if len(infos) > self.limits.entries:
            self.refuse(path, f"the folder holds more than {self.limits.entries} entries.")
        # Some stores list a folder's own marker inside it.
        return tuple(sorted(Entry(info.base_name, info.type == fs.FileType.Directory, info.size or 0) for info in infos if info.base_name))

    def size(self, path: str) -> int:
        info = self._info(path)
        if info.type != fs.FileType.File:
            self.refuse(path, "the file is missing.")
        return info.size or 0

    def read(self, path: str, limit: int) -> bytes:
        self.check_size(path, self.size(path), limit)
        try:
            with self.filesystem.open_input_stream(self._full(path)) as stream:
                data = bytes(stream.read(limit + 1))
        except Exception as error:
            self.refuse(path, f"it cannot be read ({_line(error)}).")
        self.check_size(path, len(data), limit)
        return data

    def open(self, path: str) -> pa.NativeFile:
        size = self.size(path)
        if size <= WHOLE_BYTES:
            return pa.BufferReader(self.read(path, WHOLE_BYTES))
        self.check_size(path, size, self.limits.payload_bytes)
        try:
            return self.filesystem.open_input_file(self._full(path))
        except Exception as error:
            self.refuse(path, f"it cannot be read ({_line(error)}).")

    def _full(self, path: str) -> str:
        return join(self.root, path) if self.root != "/" else f"/{path}"

    def _info(self, path: str) -> fs.FileInfo:
        try:
            return self.filesystem.get_file_info(self._full(path))
        except Exception as error:
            self.refuse(path, f"it cannot be reached ({_line(error)}).")


def _filesystem(uri: str, shown: str) -> tuple[fs.FileSystem, str]:
    try:
        known, path = fs.FileSystem.from_uri(uri)
        return known, str(path)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, ValueError):
        pass  # a scheme that pyarrow does not know
    except Exception as error:
        raise MissingModelError(f"{shown}: it cannot be reached ({_line(error)}).") from None
    scheme = uri.split("://", 1)[0]
    try:
        import fsspec
    except ImportError:
        raise MissingDependencyError(f"{shown}: reading `{scheme}://` needs the package fsspec; install it, or copy the model to a local folder.") from None
    try:
        other, path = fsspec.core.url_to_fs(uri)
    except ImportError as error:
        raise MissingDependencyError(f"{shown}: reading `{scheme}://` needs another package ({_line(error)}).") from None
    except Exception as error:
        raise MissingModelError(f"{shown}: it cannot be reached ({_line(error)}).") from None
    return fs.PyFileSystem(fs.FSSpecHandler(other)), str(path)


def _zip(source: FilesystemSource, size: int | None, what: str) -> Source:
    """Copy a zip file to a temporary file and open it there: its entries are read in any order."""
    from mabridge.saved.archive import ZipSource
    from mabridge.saved.recognise import describe_file

    shown, limits = source.name, source.limits
    copy = tempfile.TemporaryFile(prefix="mabridge-")  # noqa: SIM115 (the source keeps it)
    try:
        source.check_size("", size or 0, limits.payload_bytes)
        done = 0
        with source.filesystem.open_input_stream(source.root) as stream:
            while chunk := bytes(stream.read(MIB)):
                if done == 0 and not chunk.startswith(ZIP_MAGIC):
                    raise MissingModelError(f"{shown} is {describe_file(chunk[:512])}, not {what}.")
                done += len(chunk)
                source.check_size("", done, limits.payload_bytes)
                copy.write(chunk)
        if done == 0:
            raise MissingModelError(f"{shown} is an empty file, not {what}.")
    except OSError as error:
        copy.close()
        raise MissingModelError(f"{shown}: it cannot be read ({_line(error)}).") from None
    except BaseException:
        copy.close()
        raise
    return ZipSource(cast("BinaryIO", copy), done, shown, source.malformed, limits)


def _without_secrets(uri: str) -> str:
    """The text without the user, password and query of a URI, which may hold credentials."""
    return re.sub(r"\?\S*", "", re.sub(r"(://)[^/\s]*@", r"\1", uri))


def _line(error: Exception) -> str:
    return _without_secrets((str(error).splitlines() or [""])[0][:300].rstrip(".")) or type(error).__name__
