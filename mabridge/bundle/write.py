"""Write a bundle: all of it, or nothing."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Mapping
from typing import Any

import pyarrow as pa

import mabridge
from mabridge.bundle.arrays import array_bytes
from mabridge.bundle.layout import ARRAY, FILE_NAME, FORMAT, FORMAT_VERSION, MANIFEST, MAX_PLAN, MAX_PLAN_DEPTH, PLAN, canonical, plan_digest_of, sha256
from mabridge.bundle.onnx_check import holds_external_data
from mabridge.bundle.place import check_target, put_in_place, recover
from mabridge.errors import MalformedBundleError, OutputFailedError, UnsupportedOptionError
from mabridge.files import make_folders, reason_of, remove_empty
from mabridge.saved.json_text import JsonTextError, parse_json
from mabridge.saved.limits import Limits


def plan_digest(plan: Mapping[str, Any], arrays: Mapping[str, pa.Array]) -> str:
    """sha256 over the plan and its arrays, as hex."""
    return _digest(_plan_files(plan, arrays))


def _digest(files: Mapping[str, bytes]) -> str:
    return plan_digest_of({name: sha256(content) for name, content in files.items()})


def _plan_files(plan: Mapping[str, Any], arrays: Mapping[str, pa.Array]) -> dict[str, bytes]:
    return {PLAN: canonical(plan), **{ARRAY.format(name): array_bytes(array) for name, array in arrays.items()}}


def write_bundle(
    target: str | os.PathLike[str],
    plan: Mapping[str, Any],
    arrays: Mapping[str, pa.Array],
    extra: Mapping[str, bytes] | None = None,
    *,
    info: Mapping[str, Any],
    overwrite: bool = False,
) -> None:
    """Write a bundle as a folder on a local disk; the same content gives the same bytes.

    The folder appears under its name when it is complete and on the disk.

    Args:
        target: the folder.
        plan: JSON of the plan.
        arrays: what the plan names.
        extra: further files by name, such as `onnx/predictor-0.onnx`.
        info: what the manifest says about the model.
        overwrite: whether an earlier bundle there may be replaced; nothing else is.

    Raises:
        OutputExistsError: the target exists, and is no bundle or may not be replaced.
        OutputFailedError: the disk refused; nothing is left behind, and what stood at the target stands there still.
        UnsupportedOptionError: the target is a URI.
        MalformedBundleError: what is given could not be read back (an ONNX file with external data, a plan that nests too deeply).
    """
    shown = os.fspath(target)
    if "://" in shown:
        raise UnsupportedOptionError(f"{shown}: a converted model is written to a local folder; write it there and copy it.")
    files = _files(plan, arrays, extra or {}, info)
    if not shown or "\0" in shown:
        raise UnsupportedOptionError(f"{shown!r} is not a path.")
    path = os.path.realpath(shown)
    recover(path)
    check_target(path, shown, overwrite)
    _put(path, shown, files, overwrite)


def _files(plan: Mapping[str, Any], arrays: Mapping[str, pa.Array], extra: Mapping[str, bytes], info: Mapping[str, Any]) -> dict[str, bytes]:
    """All files by name, the manifest last."""
    files = {**_plan_files(plan, arrays), **extra}
    for name, content in files.items():
        if FILE_NAME.fullmatch(name) is None:
            raise ValueError(f"{name} is no name for a bundle's file")
        if name.startswith("onnx/") and holds_external_data(content):
            raise MalformedBundleError(f"The ONNX file {name} refers to data outside itself; export it with all of its weights inside.")
    try:
        parse_json(files[PLAN], Limits(json_bytes=MAX_PLAN, json_depth=MAX_PLAN_DEPTH))
    except JsonTextError as error:
        raise MalformedBundleError(f"The plan could not be read back: it {error}. Split what nests so deeply into several stages.") from None
    content_of: dict[str, Any] = {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "mabridge_version": mabridge.__version__,
        "info": dict(info),
        "plan_digest": _digest(files),
        "files": {name: {"bytes": len(data), "sha256": sha256(data)} for name, data in files.items()},
    }
    return {**files, MANIFEST: canonical({**content_of, "digest": sha256(canonical(content_of))})}


def _put(path: str, shown: str, files: Mapping[str, bytes], overwrite: bool) -> None:
    parent = os.path.dirname(path)
    created: list[str] = []
    # A neighbour of the target, so that a rename moves it; its name is short, whatever the target's is.
    staging = os.path.join(parent, f".mabridge-{secrets.token_hex(8)}")
    try:
        created = make_folders(parent)
        os.mkdir(staging)
        for name, content in files.items():
            _write_file(os.path.join(staging, name), content)
        for folder in {staging, *(os.path.dirname(os.path.join(staging, name)) for name in files)}:
            _sync_folder(folder)
        put_in_place(staging, path, shown, overwrite)
        created = []
        _sync_folder(parent)
    except OSError as error:
        raise OutputFailedError(f"{shown} could not be written: {reason_of(error)}. Nothing was left behind.") from error
    finally:
        # After an exchange this is what stood at the target before.
        shutil.rmtree(staging, ignore_errors=True)
        remove_empty(created)


def _write_file(path: str, content: bytes) -> None:
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "xb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())


def _sync_folder(folder: str) -> None:
    """Bring a folder's list of names to the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
