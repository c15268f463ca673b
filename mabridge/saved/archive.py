"""A model in a zip file."""

from __future__ import annotations

import io
import stat
import tempfile
import threading
import zipfile
import zlib
from typing import BinaryIO, Literal, cast

import pyarrow as pa

from mabridge.counted import counted
from mabridge.errors import MabridgeError
from mabridge.saved.limits import MIB, Limits
from mabridge.saved.source import WHOLE_BYTES, Entry, Source, is_inside

# What zipfile and zlib raise for damaged or unsupported archives.
_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError, OverflowError, KeyError)


class ZipSource(Source):
    """A zip file, stored or deflated. Sizes that it declares are checked before, and the true ones while it is read."""

    is_archive = True

    def __init__(self, stream: BinaryIO, size: int, name: str, malformed: type[MabridgeError], limits: Limits) -> None:
        super().__init__(name, malformed, limits)
        self._lock = threading.Lock()
        self._stream = _Bounded(stream, limits.zip_directory_bytes)
        try:
            self._zip = zipfile.ZipFile(cast("BinaryIO", self._stream))
        except _DAMAGE as error:
            stream.close()
            self.refuse("", f"the zip file is damaged or too large ({error}).")
        self._files: dict[str, zipfile.ZipInfo] = {}
        self._folders: dict[str, dict[str, Entry]] = {"": {}}
        try:
            self._index(size)
        except MabridgeError:
            stream.close()
            raise

    def __del__(self) -> None:
        # The archive lives as long as the stages that read from it.
        stream = getattr(self, "_stream", None)
        if stream is not None:
            stream.close()

    def kind(self, path: str) -> Literal["file", "folder"] | None:
        return "file" if path in self._files else "folder" if path in self._folders else None

    def entries(self, path: str) -> tuple[Entry, ...]:
        if path not in self._folders:
            self.refuse(path, "the zip file has no such folder.")
        return tuple(sorted(self._folders[path].values()))

    def size(self, path: str) -> int:
        return self._info(path).file_size

    def read(self, path: str, limit: int) -> bytes:
        target = io.BytesIO()
        self._unpack(path, limit, target)
        return target.getvalue()

    def open(self, path: str) -> pa.NativeFile:
        if self.size(path) <= WHOLE_BYTES:
            return pa.BufferReader(self.read(path, WHOLE_BYTES))
        spilled = tempfile.TemporaryFile(prefix="mabridge-")  # noqa: SIM115 (lives as long as its reader)
        try:
            self._unpack(path, self.limits.payload_bytes, cast("BinaryIO", spilled))
        except BaseException:
            spilled.close()
            raise
        spilled.seek(0)
        return pa.PythonFile(spilled, mode="r")

    def _info(self, path: str) -> zipfile.ZipInfo:
        if path not in self._files:
            self.refuse(path, "the file is missing.")
        return self._files[path]

    def _unpack(self, path: str, limit: int, target: BinaryIO) -> None:
        info = self._info(path)
        self.check_size(path, info.file_size, limit)
        done = 0
        try:
            with self._lock, self._zip.open(info) as stream:
                while chunk := stream.read(MIB):
                    done += len(chunk)
                    if done > limit:
                        break
                    target.write(chunk)
        except _DAMAGE as error:
            self.refuse(path, f"the zip file is damaged here ({error}).")
        self.check_size(path, done, limit)
        if done != info.file_size:
            self.refuse(path, f"the zip file declares {counted(info.file_size, 'byte')} and holds {done}.")

    def _index(self, size: int) -> None:
        infos = self._zip.infolist()
        if len(infos) > self.limits.entries:
            self.refuse("", f"the zip file holds {counted(len(infos), 'entry', 'entries')}, and at most {self.limits.entries} are read.")
        for info in infos:
            self._check(info)
            path = info.filename.rstrip("/")
            if info.is_dir():
                self._add_folder(path)
            elif path in self._files or path in self._folders:
                self.refuse(path, "the zip file holds this entry twice.")
            else:
                self._files[path] = info
                folder, _, name = path.rpartition("/")
                self._add_folder(folder)
                self._folders[folder][name] = Entry(name, False, info.file_size)
        packed, unpacked = sum(info.compress_size for info in infos), sum(info.file_size for info in infos)
        if packed > size:
            self.refuse("", f"the zip file has {counted(size, 'byte')} and its entries claim {packed}: they overlap.")
        self._check_ratio("", packed, unpacked)

    def _check(self, info: zipfile.ZipInfo) -> None:
        path = info.filename
        # orig_filename: zipfile itself cuts a name at a NUL.
        if not is_inside(path.removesuffix("/")) or "\0" in info.orig_filename:
            self.refuse("", f"the zip entry {info.orig_filename[:200]!r} leaves the archive's own folder.")
        if stat.S_ISLNK(info.external_attr >> 16):
            self.refuse(path, "the zip entry is a symbolic link; zip the file itself.")
        if info.flag_bits & 0x1:
            self.refuse(path, "the zip entry is encrypted; unpack the file and give the folder.")
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            self.refuse(path, f"the zip entry uses compression method {info.compress_type}; stored and deflated are read. Unpack the file and give the folder.")
        self._check_ratio(path, info.compress_size, info.file_size)

    def _check_ratio(self, path: str, packed: int, unpacked: int) -> None:
        if unpacked > self.limits.zip_free_bytes and unpacked > packed * self.limits.zip_ratio:
            self.refuse(path, f"{packed} packed bytes claim to unpack to {unpacked}, more than {self.limits.zip_ratio} times as many; this is not a model.")

    def _add_folder(self, path: str) -> None:
        while path not in self._folders:
            if path in self._files:
                self.refuse(path, "the zip file holds this entry both as a file and as a folder.")
            if len(self._folders) > self.limits.entries:
                self.refuse("", f"the zip file holds more than {self.limits.entries} folders.")
            self._folders[path] = {}
            parent, _, name = path.rpartition("/")
            self._add_folder(parent)
            self._folders[parent][name] = Entry(name, True)


class _Bounded(io.RawIOBase):
    """A stream no single read of which goes beyond a bound: zipfile reads its list of entries, of any claimed length, in one."""

    def __init__(self, stream: BinaryIO, limit: int) -> None:
        self._inner = stream
        self._limit = limit

    def read(self, size: int | None = -1, /) -> bytes:
        size = -1 if size is None else size
        if size > self._limit:
            raise ValueError(f"its list of entries claims {counted(size, 'byte')}")
        data = self._inner.read(self._limit + 1 if size < 0 else size)
        if len(data) > self._limit:
            raise ValueError("a part of it has no end")
        return data

    def seek(self, offset: int, whence: int = 0, /) -> int:
        return self._inner.seek(offset, whence)

    def tell(self) -> int:
        return self._inner.tell()

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def close(self) -> None:
        if not self.closed:
            self._inner.close()
        super().close()
