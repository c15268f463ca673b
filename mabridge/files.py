"""Put files and folders in place whole: under the final name there is the old thing or the new one, and never a part of either."""

from __future__ import annotations

import contextlib
import ctypes
import errno
import os
import secrets
from collections.abc import Sequence

from mabridge.errors import OutputFailedError

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2


def exchange(first: str, second: str) -> bool:
    """Exchange two names in one step (Linux, renameat2); False where the system or the filesystem cannot."""
    try:
        renameat2 = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, AttributeError, TypeError):
        return False
    return bool(renameat2(_AT_FDCWD, os.fsencode(first), _AT_FDCWD, os.fsencode(second), _RENAME_EXCHANGE) == 0)


def reason_of(error: OSError) -> str:
    """Why the system refused, as a clause."""
    if error.errno == errno.ENOSPC:
        return "the disk is full"
    return error.strerror or (str(error).splitlines() or [type(error).__name__])[0]


def make_folders(folder: str) -> list[str]:
    """Make a folder and those above it; those that were made, outermost first. After an error none of them is left.

    Raises:
        OSError: the system refuses.
    """
    missing: list[str] = []
    while not os.path.lexists(folder):
        missing.append(folder)
        folder = os.path.dirname(folder)
    made: list[str] = []
    try:
        for place in reversed(missing):
            os.mkdir(place)
            made.append(place)
    except OSError:
        remove_empty(made)
        raise
    return made


def remove_empty(folders: Sequence[str]) -> None:
    """Remove folders that `make_folders` made, innermost first, up to the first that something was put into."""
    for place in reversed(folders):
        try:
            os.rmdir(place)
        except OSError:
            return


def check_writable(paths: Sequence[str]) -> None:
    """See before a long run whether `write_whole` can replace these files; nothing is written.

    Raises:
        OutputFailedError: a path cannot be written, or two are the same.
    """
    for place, path in enumerate(paths):
        if not path or "\0" in path:
            raise OutputFailedError(f"{path!r} is not a path.")
        target = os.path.realpath(path)
        folder = os.path.dirname(target)
        if os.path.isdir(target):
            raise OutputFailedError(f"{path} could not be written: it is a folder; name a file.")
        if not os.path.isdir(folder):
            raise OutputFailedError(f"{path} could not be written: there is no folder {folder}; make it first.")
        is_special = os.path.exists(target) and not os.path.isfile(target)
        if not os.access(target if is_special else folder, os.W_OK):
            raise OutputFailedError(f"{path} could not be written: {target if is_special else folder} may not be written to.")
        if any(os.path.realpath(other) == target for other in paths[:place]) and not is_special:
            raise OutputFailedError(f"{path} would hold two reports; name two files.")


def write_whole(path: str, content: bytes, *, overwrite: bool = False) -> None:
    """Write a file under another name and rename it; a device or a pipe is written to as it is.

    Raises:
        OutputFailedError: it is no path, or the system refuses; nothing is left under the name, or what stood there stands there still.
        FileExistsError: the file exists and may not be replaced.
    """
    if not path or "\0" in path:
        raise OutputFailedError(f"{path!r} is not a path.")
    target = os.path.realpath(path)
    is_special = os.path.exists(target) and not os.path.isfile(target)
    if os.path.lexists(path) and not overwrite and not is_special:
        raise FileExistsError(errno.EEXIST, "the file exists", path)
    temporary = target if is_special else os.path.join(os.path.dirname(target), f".mabridge-{secrets.token_hex(8)}")
    try:
        with open(temporary, "wb" if is_special else "xb") as out:
            out.write(content)
            out.flush()
            if not is_special:
                os.fsync(out.fileno())
        if not is_special:
            os.replace(temporary, target)
    except OSError as error:
        raise OutputFailedError(f"{path} could not be written: {reason_of(error)}.") from error
    finally:
        if not is_special:
            with contextlib.suppress(OSError):
                os.unlink(temporary)
