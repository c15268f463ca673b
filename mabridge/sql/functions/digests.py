"""hash, xxhash64, md5, sha1, sha2, crc32 (hash.scala, Spark 3.5)."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable

import numpy as np

from mabridge.lower.columns import ScalarColumn
from mabridge.plan.types import ArrayType, BinaryType, DataType, IntegerType, LongType, MapType, StringType, StructType
from mabridge.sql.cells import expand
from mabridge.sql.distinct import over_distinct
from mabridge.sql.evaluate import Running
from mabridge.sql.functions.function import Args, Function, Kernel, Signature, TypeMismatch, TypeRule
from mabridge.sql.functions.rules import takes
from mabridge.sql.hashes import MURMUR3, XXHASH64, HashFamily, chained
from mabridge.sql.scope import Session

_SEED = 42
_TEXT, _BYTES, _INT, _LONG = StringType(), BinaryType(), IntegerType(), LongType()


def _has_map(kind: DataType) -> bool:
    match kind:
        case MapType():
            return True
        case ArrayType(element):
            return _has_map(element)
        case StructType(fields):
            return any(_has_map(inner) for _, inner in fields)
    return False


def _hash_types(gives: DataType) -> TypeRule:
    def rule(args: Args, session: Session) -> Signature:
        for arg in args:
            if _has_map(arg.kind):
                raise TypeMismatch(f"{arg.shown} is {arg.kind}, and maps have no hash; Spark refuses this too.")
        return Signature(tuple(arg.kind for arg in args), gives, nullable=False)

    return rule


def _hash_kernel(family: HashFamily) -> Kernel:
    def kernel(running: Running) -> ScalarColumn:
        columns = running.columns()
        rows = running.frame.num_rows if any(len(column) != 1 for column in columns) else 1
        state = chained(family, [expand(column, rows) for column in columns], rows, _SEED)
        return ScalarColumn.of_numpy(running.kind, state.view(np.int32 if family is MURMUR3 else np.int64))

    return kernel


def _digest(compute: Callable[..., object]) -> Kernel:
    return lambda running: over_distinct(running, compute)


# A digest names what it was asked for; nothing here is kept secret by it.
_SHA2 = {0: hashlib.sha256, 224: hashlib.sha224, 256: hashlib.sha256, 384: hashlib.sha384, 512: hashlib.sha512}


def _md5(data: bytes) -> str:
    return hashlib.md5(data, usedforsecurity=False).hexdigest()


def _sha1(data: bytes) -> str:
    return hashlib.sha1(data, usedforsecurity=False).hexdigest()


def _sha2(data: bytes, bits: int) -> str | None:
    algorithm = _SHA2.get(bits)
    return None if algorithm is None else algorithm(data).hexdigest()


FUNCTIONS = (
    Function(("hash",), (1, None), _hash_types(_INT), _hash_kernel(MURMUR3)),
    Function(("xxhash64",), (1, None), _hash_types(_LONG), _hash_kernel(XXHASH64)),
    Function(("md5",), (1, 1), takes(_BYTES, gives=_TEXT), _digest(_md5)),
    Function(("sha1", "sha"), (1, 1), takes(_BYTES, gives=_TEXT), _digest(_sha1)),
    Function(("sha2",), (2, 2), takes(_BYTES, _INT, gives=_TEXT, nullable=True), _digest(_sha2)),
    Function(("crc32",), (1, 1), takes(_BYTES, gives=_LONG), _digest(zlib.crc32)),
)
