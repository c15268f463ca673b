"""Read JSON that somebody else wrote: bounded in size, count and depth, with every key once and every number finite or named."""

from __future__ import annotations

import json
import math
import re
from typing import Any

import numpy as np

from mabridge.counted import counted
from mabridge.saved.limits import DEFAULT_LIMITS, Limits

# An unterminated string runs to the end, so that the search never starts over inside it.
_STRINGS = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\\?\Z)', re.DOTALL)
_NOT_BRACKETS = bytes(byte for byte in range(256) if byte not in b"[]{}")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
# A double needs at most 767 digits to be written exactly, and no whole number in a model is longer than its sizes.
_DIGITS = 1_000


class JsonTextError(ValueError):
    """The text is not JSON, or breaks a limit; the message is a clause that goes after "the file ..."."""


def parse_json(data: bytes, limits: Limits = DEFAULT_LIMITS) -> Any:
    """The value of a JSON document.

    Bare NaN, Infinity and -Infinity are read as floats: some writers emit them.

    Args:
        data: UTF-8 text.
        limits: bounds on bytes, values and nesting.

    Raises:
        JsonTextError: it is not JSON, repeats a key, holds a number out of range or an unpaired surrogate, or breaks a limit.
    """
    if len(data) > limits.json_bytes:
        raise JsonTextError(f"holds {counted(len(data), 'byte')} of JSON where at most {limits.json_bytes} are read")
    _check_shape(data, limits)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise JsonTextError(f"is not UTF-8 text (byte {error.start})") from None
    try:
        value = json.loads(text, object_pairs_hook=_unique, parse_float=_float, parse_int=_int)
    except JsonTextError:
        raise
    except json.JSONDecodeError as error:
        raise JsonTextError(f"is not JSON ({error.msg.removesuffix(' at')} at character {error.pos})") from None
    except RecursionError:
        raise JsonTextError("nests too deeply") from None
    if "\\u" in text:
        _check_surrogates(value)
    return value


def canonical_json(value: Any) -> bytes:
    """The one text of a JSON value: keys sorted, no spaces, ASCII, one newline at the end.

    Raises:
        ValueError: the value holds NaN or an infinity.
        TypeError: the value is not JSON.
    """
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False).encode("ascii") + b"\n"


def _check_shape(data: bytes, limits: Limits) -> None:
    """Count values and nesting before any of them is built: a few megabytes of brackets would take gigabytes as objects."""
    bare, end, strings = bytearray(), 0, 0
    for match in _STRINGS.finditer(data):
        bare += data[end : match.start()]
        end, strings = match.end(), strings + 1
        if strings > limits.json_values:
            raise JsonTextError(f"holds more than {limits.json_values} JSON values")
    bare += data[end:]
    brackets = bytes(bare.translate(None, _NOT_BRACKETS))
    if bare.count(b",") + len(brackets) > limits.json_values:
        raise JsonTextError(f"holds more than {limits.json_values} JSON values")
    if len(brackets) > limits.json_depth:
        codes = np.frombuffer(brackets, dtype=np.uint8)
        steps = np.where((codes == ord("[")) | (codes == ord("{")), 1, -1).astype(np.int32)
        if int(np.cumsum(steps, dtype=np.int32).max()) > limits.json_depth:
            raise JsonTextError(f"nests more than {limits.json_depth} levels deep")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                raise JsonTextError(f"has the key {key[:80]!r} twice in one object")
            seen.add(key)
    return found


def _int(text: str) -> int:
    if len(text) > _DIGITS:
        raise JsonTextError(f"holds a number of {len(text)} digits")
    return int(text)


def _float(text: str) -> float:
    if len(text) > _DIGITS:
        raise JsonTextError(f"holds a number of {len(text)} digits")
    value = float(text)
    if math.isinf(value):
        raise JsonTextError(f"holds the number {text}, which no double can hold")
    return value


def _check_surrogates(value: Any) -> None:
    pending = [value]
    while pending:
        item = pending.pop()
        if isinstance(item, dict):
            pending.extend(item)
            pending.extend(item.values())
        elif isinstance(item, list):
            pending.extend(item)
        elif isinstance(item, str) and _SURROGATE.search(item):
            raise JsonTextError("holds half of a surrogate pair, which is no character")
