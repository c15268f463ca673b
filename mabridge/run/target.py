"""The output folder: nothing is seen under its name before all of it is there."""

from __future__ import annotations

import contextlib
import ctypes
import os
import shutil
from pathlib import Path
from types import TracebackType

from mabridge.errors import OutputExistsError, OutputFailedError
from mabridge.run.source import Source, filesystem_of

SUCCESS = "_SUCCESS"
_STAGING, _OLD = ".{}.mabridge-staging", ".{}.mabridge-old"


class LocalTarget:
    """A folder on a local disk, written beside its place and put there in one step.

    Attributes:
        uri: where parts are to be written.
    """

    def __init__(self, path: str, source: Source, *, overwrite: bool) -> None:
        self.path = Path(path).absolute()
        self.staging = self.path.with_name(_STAGING.format(self.path.name))
        self.old = self.path.with_name(_OLD.format(self.path.name))
        self.uri = str(self.staging)
        self._recover()
        if os.path.lexists(self.path):
            if not overwrite:
                raise OutputExistsError(f"{path} exists already; choose another name, or use --overwrite to replace it when the new output is complete.")
            self._check_replaceable(path, source)

    def _recover(self) -> None:
        """A run that was killed between two renames left the old output aside: put it back."""
        if self.old.exists() and not os.path.lexists(self.path):
            self.old.rename(self.path)

    def _check_replaceable(self, path: str, source: Source) -> None:
        if self.path.is_symlink() or not self.path.is_dir():
            raise OutputExistsError(f"{path} is not a folder, so it is not replaced.")
        for file in source.files:
            if Path(file.path).is_relative_to(self.path):
                raise OutputExistsError(f"{path} holds the input file {file.path}, so it is not replaced.")
        foreign = [entry.name for entry in self.path.iterdir() if entry.name != SUCCESS and not (entry.name.startswith(("part-", ".part-")))]
        if foreign:
            raise OutputExistsError(f"{path} holds {foreign[0]}, which no prediction wrote, so it is not replaced; remove the folder yourself.")

    def __enter__(self) -> LocalTarget:
        try:
            shutil.rmtree(self.staging, ignore_errors=True)
            self.staging.mkdir(parents=True)
        except OSError as error:
            raise OutputFailedError(f"{self.path} cannot be written: {error.strerror}.") from error
        return self

    def commit(self) -> None:
        """Add `_SUCCESS` and put the folder under its name.

        Raises:
            OutputFailedError: the disk refused.
        """
        try:
            (self.staging / SUCCESS).touch()
            if not os.path.lexists(self.path):
                self.staging.rename(self.path)
            elif _exchange(self.staging, self.path):
                shutil.rmtree(self.staging)
            else:
                self.path.rename(self.old)
                self.staging.rename(self.path)
                shutil.rmtree(self.old)
        except OSError as error:
            raise OutputFailedError(f"{self.path} cannot be written: {error.strerror}.") from error

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if kind is not None:
            shutil.rmtree(self.staging, ignore_errors=True)


class ObjectTarget:
    """A folder on an object store: files appear one by one, whole, and `_SUCCESS` last.

    Attributes:
        uri: where parts are to be written.
    """

    def __init__(self, uri: str, *, overwrite: bool) -> None:
        import pyarrow.fs as pafs

        self.uri = uri
        self.filesystem, self.folder = filesystem_of(uri)
        found = self.filesystem.get_file_info(pafs.FileSelector(self.folder, allow_not_found=True))
        self.before = [entry.path for entry in found]
        if self.before and not overwrite:
            raise OutputExistsError(f"{uri} exists already; choose another name, or use --overwrite.")
        self.written: set[str] = set()

    def __enter__(self) -> ObjectTarget:
        with contextlib.suppress(FileNotFoundError, OSError):
            self.filesystem.delete_file(f"{self.folder}/{SUCCESS}")
        self.filesystem.create_dir(self.folder, recursive=True)
        return self

    def commit(self) -> None:
        """Remove what an earlier run left and this one did not write; then `_SUCCESS`."""
        for path in self.before:
            name = path.rsplit("/", 1)[-1]
            if name not in self.written and name != SUCCESS:
                self.filesystem.delete_file(path)
        with self.filesystem.open_output_stream(f"{self.folder}/{SUCCESS}"):
            pass

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if kind is not None:
            for name in self.written:
                with contextlib.suppress(FileNotFoundError, OSError):
                    self.filesystem.delete_file(f"{self.folder}/{name}")


def open_target(uri: str, source: Source, *, overwrite: bool) -> LocalTarget | ObjectTarget:
    """The target of a path or URI.

    Raises:
        OutputExistsError: it exists, and may not be replaced.
    """
    if "://" not in uri:
        return LocalTarget(uri, source, overwrite=overwrite)
    return ObjectTarget(uri, overwrite=overwrite)


_RENAME_EXCHANGE = 2
_AT_FDCWD = -100


def _exchange(left: Path, right: Path) -> bool:
    """Swap two folders in one step (Linux, renameat2); false where the system cannot."""
    try:
        renameat2 = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, AttributeError):
        return False
    return bool(renameat2(_AT_FDCWD, os.fsencode(left), _AT_FDCWD, os.fsencode(right), _RENAME_EXCHANGE) == 0)
