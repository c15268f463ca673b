"""The order in which Scala 2.13's immutable collections list doubles; Spark writes some of them out in that order."""

from __future__ import annotations

import math
import struct
from collections.abc import Iterable

_BITS = 0xFFFFFFFF
#: A collection of more members is a tree of hashes; up to here it keeps the order in which they came.
_SMALL = 4


def listed(members: Iterable[float]) -> list[float]:
    """The keys of a Map or the members of a Set that was built of these, each once; 0.0 and -0.0 are one, and NaN equals nothing."""
    distinct = list(dict.fromkeys(members))
    return distinct if len(distinct) <= _SMALL else _by_hash([(_improved(_hash_of(member)), member) for member in distinct], 0)


def _by_hash(members: list[tuple[int, float]], shift: int) -> list[float]:
    """A node lists what it holds itself, and then its children, both by the five bits of the hash that it looks at."""
    if shift > 31:
        return [member for _, member in members]
    places: dict[int, list[tuple[int, float]]] = {}
    for found, member in members:
        places.setdefault(found >> shift & 31, []).append((found, member))
    own = [places[place][0][1] for place in sorted(places) if len(places[place]) == 1]
    return own + [member for place in sorted(places) if len(places[place]) > 1 for member in _by_hash(places[place], shift + 5)]


def _improved(code: int) -> int:
    code = (code + ~(code << 9)) & _BITS
    code ^= code >> 14
    code = (code + (code << 4)) & _BITS
    return code ^ code >> 10


def _hash_of(value: float) -> int:
    """Scala's `##`: equal numbers of different types have one hash."""
    if abs(value) < 2.0**63 and value.is_integer():
        whole = int(value)
        return whole & _BITS if -(2**31) <= whole < 2**31 else (whole ^ whole >> 32) & _BITS
    try:
        single = struct.pack(">f", value)
    except OverflowError:
        single = b""
    if single and struct.unpack(">f", single)[0] == value:
        return int.from_bytes(single, "big")
    bits = 0x7FF8 << 48 if math.isnan(value) else int.from_bytes(struct.pack(">d", value), "big")
    return (bits ^ bits >> 32) & _BITS
