"""Put a finished folder under its final name, and decide what may be replaced there."""

from __future__ import annotations

import contextlib
import os
import shutil

from mabridge.bundle.layout import FORMAT, MANIFEST, MAX_MANIFEST
from mabridge.errors import OutputExistsError
from mabridge.files import exchange
from mabridge.saved.json_text import JsonTextError, parse_json


def check_target(path: str, shown: str, overwrite: bool) -> None:
    """Refuse a target that is there and may not be replaced: without `overwrite` anything, with it all but a bundle and an empty folder.

    Raises:
        OutputExistsError: it may not be replaced.
    """
    if not os.path.lexists(path):
        return
    if not overwrite:
        raise OutputExistsError(f"{shown} exists already; choose another name, or use --overwrite (`overwrite=True`) to replace a converted model there.")
    strange = _strange(path)
    if strange:
        raise OutputExistsError(f"{shown} is not a converted model, so it is not replaced: {strange}. Remove it yourself, or choose another name.")


def recover(path: str) -> None:
    """Put back the earlier bundle that an overwrite in two steps left aside when it was killed."""
    previous = previous_name(path)
    if os.path.isdir(previous) and not os.path.lexists(path):
        with contextlib.suppress(OSError):
            os.rename(previous, path)


def put_in_place(temporary: str, path: str, shown: str, overwrite: bool) -> None:
    """Move a finished folder to its name. What stood there before stands at `temporary` afterwards, or is gone.

    Raises:
        OutputExistsError: something else came to stand there meanwhile.
        OSError: the system refuses; what stood there stands there still.
    """
    check_target(path, shown, overwrite)
    if not os.path.lexists(path):
        os.rename(temporary, path)
    elif not exchange(temporary, path):
        _swap(temporary, path)


def _swap(temporary: str, path: str) -> None:
    """Replace in two renames. If the process dies between them, the earlier bundle stands at `previous_name`, whole."""
    previous = previous_name(path)
    if os.path.lexists(previous):
        shutil.rmtree(previous)
    os.rename(path, previous)
    try:
        os.rename(temporary, path)
    except BaseException:
        os.rename(previous, path)
        raise
    shutil.rmtree(previous, ignore_errors=True)


def previous_name(path: str) -> str:
    """Where an overwrite in two steps keeps the earlier bundle meanwhile."""
    folder, name = os.path.split(path)
    return os.path.join(folder, f".{name[:200]}.mabridge-previous")


def _strange(path: str) -> str:
    """What keeps a folder from being a bundle that may be removed whole, as a clause; empty for nothing."""
    if not os.path.isdir(path):
        return "it is not a folder"
    inside = {os.path.relpath(os.path.join(folder, name), path) for folder, _, names in os.walk(path) for name in names}
    if not inside and not os.listdir(path):
        return ""
    if MANIFEST not in inside:
        return f"it is a folder without a {MANIFEST}"
    try:
        with open(os.path.join(path, MANIFEST), "rb") as stream:
            manifest = parse_json(stream.read(MAX_MANIFEST + 1))
        if manifest["format"] != FORMAT:
            raise ValueError
        listed = {MANIFEST, *manifest["files"]}
    except (OSError, JsonTextError, ValueError, KeyError, TypeError):
        return f"its {MANIFEST} is not a converted model's"
    others = sorted(inside - listed)
    return f"it holds {', '.join(others[:4])}, which its {MANIFEST} does not list" if others else ""
