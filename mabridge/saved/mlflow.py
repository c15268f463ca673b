"""MLflow model folders, where a file `MLmodel` says in which subfolder the Spark model lies, and MLflow's own URIs."""

from __future__ import annotations

import re
import shutil
import tempfile
import weakref

from mabridge.errors import MabridgeError, MissingDependencyError, MissingModelError
from mabridge.saved.folder import FolderSource
from mabridge.saved.limits import MIB, Limits
from mabridge.saved.source import Source, is_inside, join

_LINE = re.compile(r"( *)([\w.-]+):(?: +(.*))?")


def spark_folder(source: Source, folder: str) -> str:
    """The folder of the Spark model inside an MLflow model folder.

    MLflow writes `MLmodel` as block-style YAML, two spaces a level; the few lines that matter are found by their indentation, without a YAML parser.

    Args:
        source: where the model is.
        folder: the folder that holds `MLmodel`.

    Raises:
        MissingModelError: the model has no flavor `spark`.
        the source's `malformed`: the path it names leaves the folder.
    """
    place = join(folder, "MLmodel")
    flavors = _flavors(source.read(place, MIB).decode("utf-8", errors="replace"))
    if "spark" not in flavors:
        listed = ", ".join(sorted(flavors)) or "none that can be read"
        raise MissingModelError(f"{source.shown(place)}: the MLflow model has no flavor `spark`; its flavors: {listed}.")
    data = flavors["spark"].get("model_data", "sparkml")
    if not is_inside(data.rstrip("/")):
        source.refuse(place, f"the Spark model's folder is given as {data!r}, which leaves the model's folder.")
    return join(folder, data.rstrip("/"))


def _flavors(text: str) -> dict[str, dict[str, str]]:
    """Each flavor's plain values, from the block `flavors:`."""
    found: dict[str, dict[str, str]] = {}
    inside, depth, current = False, 0, ""
    for line in text.splitlines():
        match = _LINE.fullmatch(line.rstrip())
        if match is None:
            continue
        indent, key, value = len(match[1]), match[2], (match[3] or "").strip()
        if indent == 0:
            inside, depth = key == "flavors", 0
        elif inside and depth in (0, indent):
            depth, current = indent, key
            found[current] = {}
        elif inside and current:
            found[current].setdefault(key, value.strip("\"'"))
    return found


def download(uri: str, malformed: type[MabridgeError], limits: Limits) -> Source:
    """Download what an MLflow URI names to a temporary folder, which lives as long as the source.

    Raises:
        MissingDependencyError: the package mlflow is not installed.
        MissingModelError: MLflow cannot download it.
    """
    try:
        from mlflow.artifacts import download_artifacts
    except ImportError:
        raise MissingDependencyError(
            f"{uri}: this URI needs the package mlflow; install it, or run `mlflow artifacts download --artifact-uri {uri}` elsewhere and give the folder."
        ) from None
    scratch = tempfile.mkdtemp(prefix="mabridge-")
    try:
        path = download_artifacts(artifact_uri=uri, dst_path=scratch)
    except Exception as error:  # MLflow's stores raise many kinds
        shutil.rmtree(scratch, ignore_errors=True)
        raise MissingModelError(f"{uri}: MLflow cannot download it ({(str(error).splitlines() or [type(error).__name__])[0][:300].rstrip('.')}).") from None
    source = FolderSource(path, uri, malformed, limits)
    weakref.finalize(source, shutil.rmtree, scratch, ignore_errors=True)
    return source
