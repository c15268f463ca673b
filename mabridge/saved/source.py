"""Where the bytes of a model come from: a folder, a zip file, or any filesystem that pyarrow or fsspec can reach.

Paths inside a source are relative, "/" between the parts, "" for the source itself. Nothing outside it can be reached, and every read is bounded.
"""

from __future__ import annotations

import os
import re
import stat
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Literal, NoReturn

import pyarrow as pa

from mabridge.counted import counted
from mabridge.errors import MabridgeError, MissingModelError
from mabridge.saved.limits import DEFAULT_LIMITS, MIB, Limits

#: Files up to this size are read at once; larger ones are read where they lie.
WHOLE_BYTES = 64 * MIB

ZIP_MAGIC = (b"PK\x03\x04", b"PK\x05\x06")


@dataclass(frozen=True, order=True)
class Entry:
    """A file or a folder inside a folder.

    Attributes:
        name: its name, without the folder's.
        is_folder: whether it is a folder.
        size: bytes of a file; 0 for a folder.
        is_link: whether it is a symbolic link.
    """

    name: str
    is_folder: bool
    size: int = 0
    is_link: bool = False


class Source(ABC):
    """A tree of files that is read and never trusted.

    Attributes:
        name: the source as messages show it.
        malformed: the error class for what is wrong with its files.
        limits: the bounds of every read.
        is_archive: whether it is one file that holds others.
    """

    is_archive = False

    def __init__(self, name: str, malformed: type[MabridgeError], limits: Limits) -> None:
        self.name = name
        self.malformed = malformed
        self.limits = limits

    @abstractmethod
    def kind(self, path: str) -> Literal["file", "folder"] | None:
        """What is at the path, None for nothing."""

    @abstractmethod
    def entries(self, path: str) -> tuple[Entry, ...]:
        """What a folder holds, sorted by name."""

    @abstractmethod
    def size(self, path: str) -> int:
        """A file's size in bytes, as the source states it."""

    @abstractmethod
    def read(self, path: str, limit: int) -> bytes:
        """All bytes of a file, refused where they are more than `limit`."""

    @abstractmethod
    def open(self, path: str) -> pa.NativeFile:
        """A file for reading at any place, at most `limits.payload_bytes` long."""

    def shown(self, path: str) -> str:
        """The path as messages show it."""
        return f"{self.name}/{path}" if path else self.name

    def refuse(self, path: str, what: str) -> NoReturn:
        """Raise the error that says what is wrong with a file.

        Args:
            path: the file.
            what: a sentence.
        """
        raise self.malformed(f"{self.shown(path)}: {what}")

    def check_size(self, path: str, size: int, limit: int) -> None:
        if size > limit:
            self.refuse(path, f"the file holds {counted(size, 'byte')}, and at most {limit} are read.")


def join(*parts: str) -> str:
    """A path inside a source from its parts; empty parts drop out."""
    return "/".join(part for part in parts if part)


def is_inside(name: str) -> bool:
    """Whether a relative path stays below the place it starts from, on every system: no root, no drive, no `..`, no backslash, no NUL."""
    return bool(name) and "\\" not in name and "\0" not in name and not re.match(r"[A-Za-z]:", name) and not {"", ".", ".."} & set(name.split("/"))


def open_source(location: str | os.PathLike[str], what: str, malformed: type[MabridgeError], limits: Limits = DEFAULT_LIMITS) -> Source:
    """Open a model's folder, zip file or URI.

    Args:
        location: a local path, or a URI of pyarrow (`file`, `s3`, `gs`, `hdfs`, `abfs`), fsspec (`memory`, `http`, ...) or MLflow (`models`, `runs`).
        what: what is looked for, for messages: "a saved Spark model".
        malformed: the error class for what is wrong with its files.
        limits: the bounds of every read.

    Raises:
        MissingModelError: there is nothing, or a file that is no zip file.
        MissingDependencyError: the URI needs a package that is not installed.
    """
    text = os.fspath(location)
    if not isinstance(text, str) or not text or "\0" in text:
        raise MissingModelError(f"{text!r} is not a path.")
    if text.startswith("file:"):
        from urllib.parse import unquote, urlsplit

        text = unquote(urlsplit(text).path)
    elif text.startswith(("models:/", "runs:/", "mlflow-artifacts:/")):
        from mabridge.saved.mlflow import download

        return download(text, malformed, limits)
    elif "://" in text:
        from mabridge.saved.remote import open_remote

        return open_remote(text, what, malformed, limits)
    shown = text.rstrip("/") or text
    try:
        mode = os.stat(text).st_mode
    except (OSError, ValueError) as error:
        reason = "there is no such file or folder" if isinstance(error, FileNotFoundError) else f"it cannot be opened ({_reason(error)})"
        raise MissingModelError(f"{shown}: {reason}.") from None
    if stat.S_ISDIR(mode):
        from mabridge.saved.folder import FolderSource

        return FolderSource(text, shown, malformed, limits)
    if not stat.S_ISREG(mode):
        raise MissingModelError(f"{shown} is neither a folder nor a file.")
    from mabridge.saved.archive import ZipSource

    try:
        stream = open(text, "rb")  # noqa: SIM115 (the source keeps it)
        head = stream.read(512)
    except OSError as error:
        raise MissingModelError(f"{shown}: it cannot be opened ({_reason(error)}).") from None
    if not head.startswith(ZIP_MAGIC):
        stream.close()
        from mabridge.saved.recognise import describe_file

        raise MissingModelError(f"{shown} is {describe_file(head)}, not {what}.")
    return ZipSource(stream, os.path.getsize(text), shown, malformed, limits)


def _reason(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error)
