"""The output folder: nothing is seen under its name before all of it is there."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import fnmatch
import glob
import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from mabridge.errors import OutputExistsError, OutputFailedError
from mabridge.files import exchange, make_folders, reason_of, remove_empty
from mabridge.run.source import Source, filesystem_of, local_path

if TYPE_CHECKING:
    import pyarrow.fs as pafs

SUCCESS = "_SUCCESS"
#: What flock says on a filesystem that has no locks.
_NO_LOCKS = {errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP}
_STAGING, _OLD = ".{}.mabridge-staging", ".{}.mabridge-old"


class LocalTarget:
    """A folder on a local disk, written beside its place and put there in one step.

    The staging folder has one name for each target and is locked while a run writes to it, so that of two runs one is refused. A killed run's lock
    goes with its process; the next run then clears what it left.

    Attributes:
        uri: where parts are to be written.
    """

    def __init__(self, path: str, source: Source, *, overwrite: bool) -> None:
        self.shown = path
        self.path = Path(path).absolute()
        # A file name has at most 255 bytes, and the target's own may take all of them.
        short = os.fsdecode(os.fsencode(self.path.name)[:200])
        self.staging = self.path.with_name(_STAGING.format(short))
        self.old = self.path.with_name(_OLD.format(short))
        self.uri = str(self.staging)
        self.source = source
        self.overwrite = overwrite
        self._made: list[str] = []
        self._locks: list[int] = []

    def __enter__(self) -> LocalTarget:
        try:
            self._made = make_folders(str(self.path.parent))
            self._lock_staging()
            self._recover()
            self._check()
            for entry in os.scandir(self.staging):
                shutil.rmtree(entry.path) if entry.is_dir(follow_symlinks=False) else os.unlink(entry.path)
        except OSError as error:
            self._leave()
            raise OutputFailedError(f"{self.shown} cannot be written: {reason_of(error)}.") from error
        except BaseException:
            self._leave()
            raise
        return self

    def _lock_staging(self) -> None:
        """Make the staging folder, or take over a dead run's.

        Raises:
            OutputExistsError: a run that lives has it.
        """
        while True:
            try:
                os.mkdir(self.staging)
                is_ours = True
            except FileExistsError:
                is_ours = False
            try:
                lock = self._locked(self.staging, is_ours)
            except FileNotFoundError:  # its owner has just put it in place
                continue
            found, named = os.fstat(lock), os.stat(self.staging) if self.staging.exists() else None
            if named is not None and (found.st_dev, found.st_ino) == (named.st_dev, named.st_ino):
                self._locks.append(lock)
                return
            os.close(lock)

    def _locked(self, folder: Path, is_ours: bool) -> int:
        """A descriptor that holds a lock on the folder; without one where the filesystem has no locks and the folder is ours."""
        lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(lock)
            raise OutputExistsError(f"Another run is writing to {self.shown} now; wait for it to end, or choose another name.") from None
        except OSError as error:
            if error.errno not in _NO_LOCKS or not is_ours:
                os.close(lock)
                raise
        return lock

    def _recover(self) -> None:
        """A run that was killed between two renames left the old output aside: put it back. Killed after them, it left what its own output replaced."""
        if not self.old.exists():
            return
        if not os.path.lexists(self.path):
            self.old.rename(self.path)
        elif (self.path / SUCCESS).exists() and not _foreign(self.old):
            shutil.rmtree(self.old)

    def _check(self) -> None:
        """Refuse what may not be replaced.

        Raises:
            OutputExistsError: something is there, and it is not an output that `overwrite` may replace.
        """
        if not os.path.lexists(self.path):
            return
        if not self.overwrite:
            raise OutputExistsError(f"{self.shown} exists already; choose another name, or use --overwrite to replace it when the new output is complete.")
        if self.path.is_symlink() or not self.path.is_dir():
            raise OutputExistsError(f"{self.shown} is not a folder, so it is not replaced.")
        real = Path(os.path.realpath(self.path))
        for file in self.source.files:
            if Path(os.path.realpath(file.path)).is_relative_to(real):
                raise OutputExistsError(f"{self.shown} holds the input file {file.path}, so it is not replaced.")
        foreign = _foreign(self.path)
        if foreign:
            raise OutputExistsError(f"{self.shown} holds {foreign[0]}, which no prediction wrote, so it is not replaced; remove the folder yourself.")

    def commit(self) -> None:
        """Add `_SUCCESS` and put the folder under its name.

        Raises:
            OutputFailedError: the disk refused.
            OutputExistsError: something came to stand there meanwhile.
        """
        try:
            (self.staging / SUCCESS).touch()
            self._check()
            if not os.path.lexists(self.path):
                self.staging.rename(self.path)
                return
            # Locked under both of its names until it is gone: a run that finds it under the staging name must not take it for a dead run's.
            self._locks.append(self._locked(self.path, True))
            if exchange(str(self.staging), str(self.path)):
                shutil.rmtree(self.staging)
            else:
                self._replace_in_two_steps()
        except OSError as error:
            raise OutputFailedError(f"{self.shown} cannot be written: {reason_of(error)}.") from error

    def _replace_in_two_steps(self) -> None:
        """If the process dies between the renames, the next run puts the old output back; if the second one fails, this does."""
        self.path.rename(self.old)
        try:
            self.staging.rename(self.path)
        except OSError:
            self.old.rename(self.path)
            raise
        shutil.rmtree(self.old)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if kind is not None:
            self._leave()
        self._unlock()

    def _leave(self) -> None:
        if self._locks:
            shutil.rmtree(self.staging, ignore_errors=True)
        remove_empty(self._made)
        self._unlock()

    def _unlock(self) -> None:
        while self._locks:
            os.close(self._locks.pop())


def _foreign(folder: Path) -> list[str]:
    """What a folder holds that no prediction wrote."""
    return sorted(entry.name for entry in folder.iterdir() if entry.name != SUCCESS and not entry.name.startswith(("part-", ".part-")))


class ObjectTarget:
    """A folder on an object store: files appear one by one, whole, and `_SUCCESS` last. Nothing can be locked there: of two runs at once, neither commits.

    Attributes:
        uri: where parts are to be written.
        written: the names of the files that this run writes.
    """

    def __init__(self, uri: str, source: Source, *, overwrite: bool) -> None:
        self.uri = uri
        self.source = source
        self.overwrite = overwrite
        self.filesystem, self.folder = filesystem_of(uri)
        self.before: frozenset[str] = frozenset()
        self.written: set[str] = set()

    def __enter__(self) -> ObjectTarget:
        try:
            self.before = self._names()
            if self.before and not self.overwrite:
                raise OutputExistsError(f"{self.uri} exists already; choose another name, or use --overwrite.")
            foreign = sorted(name for name in self.before if name != SUCCESS and not name.startswith(("part-", ".part-")))
            if foreign:
                raise OutputExistsError(f"{self.uri} holds {foreign[0]}, which no prediction wrote, so it is not replaced; remove it yourself.")
            # The scheme is not compared: one store has several (s3, s3a), and a path that is the same by chance is easily renamed.
            inputs = [file.path for file in self.source.files if local_path(self.source.uri) is None and file.path.startswith(f"{self.folder}/")]
            if inputs:
                raise OutputExistsError(f"{self.uri} holds the input file {inputs[0]}, so it is not replaced.")
            if SUCCESS in self.before:
                self.filesystem.delete_file(f"{self.folder}/{SUCCESS}")
            self.filesystem.create_dir(self.folder, recursive=True)
        except OSError as error:
            raise OutputFailedError(f"{self.uri} cannot be written: {reason_of(error)}.") from error
        return self

    def _names(self) -> frozenset[str]:
        import pyarrow.fs as pafs

        found: list[pafs.FileInfo] = self.filesystem.get_file_info(pafs.FileSelector(self.folder, allow_not_found=True))
        return frozenset(entry.path.rstrip("/").rsplit("/", 1)[-1] for entry in found)

    def commit(self) -> None:
        """Remove what an earlier run left and this one did not write; then `_SUCCESS`.

        Raises:
            OutputFailedError: the store refused, or another run wrote there meanwhile.
        """
        try:
            strangers = sorted(self._names() - self.before - self.written)
            if strangers:
                raise OutputFailedError(f"Another run wrote {strangers[0]} to {self.uri} meanwhile; run one at a time. This one's files were removed.")
            for name in sorted(self.before - self.written - {SUCCESS}):
                self.filesystem.delete_file(f"{self.folder}/{name}")
            with self.filesystem.open_output_stream(f"{self.folder}/{SUCCESS}"):
                pass
        except OSError as error:
            raise OutputFailedError(f"{self.uri} cannot be written: {reason_of(error)}.") from error

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if kind is None:
            return
        with contextlib.suppress(OSError):
            if SUCCESS in self._names():  # another run of the same job has committed files of the same names
                return
        for name in sorted(self.written):
            for path in (f"{self.folder}/{name}", f"{self.folder}/.{name}.tmp"):
                with contextlib.suppress(OSError):
                    self.filesystem.delete_file(path)


def refuse_among_inputs(uri: str, source: Source) -> None:
    """Refuse an output folder that the next read of the same input would read too.

    Raises:
        OutputExistsError: the folder lies below the input folder, or what is written there matches the input's pattern.
    """
    there, target = local_path(source.uri), local_path(uri)
    if (there is None) != (target is None):
        return
    if target is None or there is None:
        # The scheme is not compared: one store has several, and a path that is the same by chance is easily renamed.
        folder = filesystem_of(source.uri)[1]
        is_read = _below(filesystem_of(uri)[1], folder) and not any(file.path == folder for file in source.files)
    elif glob.has_magic(there) and not os.path.exists(there):
        is_read = _matches(f"{os.path.abspath(target)}/part-00000-00000000.parquet".split("/"), os.path.abspath(there).split("/"))
    else:
        is_read = os.path.isdir(there) and _below(os.path.realpath(target), os.path.realpath(there))
    if is_read:
        raise OutputExistsError(f"{uri} lies in the input {source.uri}, whose next read would read it too; write to a folder outside of it.")


def _below(path: str, folder: str) -> bool:
    """Whether a folder's files would be found below another; names that begin with `_` or `.` are passed over."""
    path, folder = path.rstrip("/"), folder.rstrip("/")
    return path.startswith(f"{folder}/") and not any(part.startswith(("_", ".")) for part in path[len(folder) + 1 :].split("/"))


def _matches(parts: Sequence[str], pattern: Sequence[str]) -> bool:
    """Whether a path matches a glob pattern, `**` standing for any number of folders; both cut at their slashes."""
    if not pattern or not parts:
        return not pattern and not parts
    if pattern[0] == "**":
        return _matches(parts, pattern[1:]) or (not parts[0].startswith(".") and _matches(parts[1:], pattern))
    is_hidden = parts[0].startswith(".") and not pattern[0].startswith(".")
    return not is_hidden and fnmatch.fnmatchcase(parts[0], pattern[0]) and _matches(parts[1:], pattern[1:])


def open_target(uri: str, source: Source, *, overwrite: bool) -> LocalTarget | ObjectTarget:
    """The target of a path or URI, to be entered.

    Raises:
        OutputExistsError: it lies in the input.
    """
    refuse_among_inputs(uri, source)
    path = local_path(uri)
    return ObjectTarget(uri, source, overwrite=overwrite) if path is None else LocalTarget(path, source, overwrite=overwrite)
