"""A model in a local folder."""

from __future__ import annotations

import os
import stat
from typing import BinaryIO, Literal

import pyarrow as pa

from mabridge.errors import MabridgeError
from mabridge.saved.limits import Limits
from mabridge.saved.source import WHOLE_BYTES, Entry, Source


class FolderSource(Source):
    """A local folder. A symbolic link is followed only to a place inside the folder."""

    def __init__(self, root: str, name: str, malformed: type[MabridgeError], limits: Limits) -> None:
        super().__init__(name, malformed, limits)
        self.root = os.path.realpath(root)

    def kind(self, path: str) -> Literal["file", "folder"] | None:
        try:
            mode = os.stat(self._real(path)).st_mode
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            self.refuse(path, f"it cannot be read ({error.strerror}).")
        if stat.S_ISDIR(mode):
            return "folder"
        if stat.S_ISREG(mode):
            return "file"
        self.refuse(path, "it is neither a file nor a folder.")

    def entries(self, path: str) -> tuple[Entry, ...]:
        found: list[Entry] = []
        try:
            with os.scandir(self._real(path)) as listing:
                for item in listing:
                    if len(found) >= self.limits.entries:
                        self.refuse(path, f"the folder holds more than {self.limits.entries} entries.")
                    found.append(_entry(item))
        except OSError as error:
            self.refuse(path, f"the folder cannot be read ({error.strerror}).")
        return tuple(sorted(found))

    def size(self, path: str) -> int:
        try:
            return os.stat(self._real(path)).st_size
        except OSError as error:
            self.refuse(path, _unreadable(error))

    def read(self, path: str, limit: int) -> bytes:
        with self._open(path) as stream:
            self.check_size(path, os.fstat(stream.fileno()).st_size, limit)
            try:
                data = stream.read(limit + 1)
            except OSError as error:
                self.refuse(path, _unreadable(error))
        self.check_size(path, len(data), limit)
        return data

    def open(self, path: str) -> pa.NativeFile:
        stream = self._open(path)
        size = os.fstat(stream.fileno()).st_size
        if size > WHOLE_BYTES:
            self.check_size(path, size, self.limits.payload_bytes)
            return pa.PythonFile(stream, mode="r")
        stream.close()
        return pa.BufferReader(self.read(path, WHOLE_BYTES))

    def _open(self, path: str) -> BinaryIO:
        try:
            # O_NONBLOCK: opening a named pipe must not wait for a writer.
            descriptor = os.open(self._real(path), os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
        except OSError as error:
            self.refuse(path, _unreadable(error))
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            os.close(descriptor)
            self.refuse(path, "it is not a file.")
        return os.fdopen(descriptor, "rb")

    def _real(self, path: str) -> str:
        """The path with its links resolved.

        Raises:
            OSError: there is nothing.
        """
        full = os.path.join(self.root, *path.split("/")) if path else self.root
        try:
            real = os.path.realpath(full, strict=True)
        except (FileNotFoundError, NotADirectoryError):
            raise
        except (OSError, ValueError) as error:
            self.refuse(path, f"it cannot be read ({getattr(error, 'strerror', None) or error}).")
        if real != self.root and not real.startswith(self.root.rstrip(os.sep) + os.sep):
            self.refuse(path, "it is a symbolic link that leaves the folder; replace it with what it points to.")
        return real


def _entry(item: os.DirEntry[str]) -> Entry:
    try:
        is_folder = item.is_dir()
        size = 0 if is_folder else item.stat().st_size
    except OSError:  # a broken or circular link; reading it says so
        is_folder, size = False, 0
    return Entry(item.name, is_folder, size, item.is_symlink())


def _unreadable(error: OSError) -> str:
    return "the file is missing." if isinstance(error, (FileNotFoundError, NotADirectoryError)) else f"it cannot be read ({error.strerror})."
