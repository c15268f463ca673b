"""Names and limits of the format, and its canonical JSON."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any

#: What manifest.json says it is, and the version of the format that this code reads and writes.
FORMAT = "mabridge-model"
FORMAT_VERSION = 1

MANIFEST, PLAN = "manifest.json", "plan.json"
ARRAY = "arrays/{}.arrow"

#: The files that a bundle may hold; nothing else, and no path that leaves the folder.
FILE_NAME = re.compile(r"plan\.json|arrays/[a-z0-9]{1,32}\.arrow|onnx/[a-z0-9-]{1,64}\.onnx")

#: Limits on what is read, in bytes: a manifest, a plan, one file, all files.
MAX_MANIFEST = 16 * 2**20
MAX_PLAN = 64 * 2**20
MAX_FILE = 8 * 2**30
MAX_FILES = 100_000

#: How deep a plan may nest: a SQL expression nests as deep as it was written.
MAX_PLAN_DEPTH = 600


def canonical(value: Any) -> bytes:
    """The one text of a JSON value: sorted keys, no spaces, UTF-8, a newline at the end."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode() + b"\n"


def sha256(content: bytes) -> str:
    """The digest as hex."""
    return hashlib.sha256(content).hexdigest()


def plan_digest_of(digests: Mapping[str, str]) -> str:
    """The digest of plan and arrays, from the files' own; ONNX files are derived from both and do not count."""
    return sha256(canonical({name: digest for name, digest in digests.items() if not name.startswith("onnx/")}))
