"""Upper and lower case as Java 17's String has it (Unicode 13, full mappings: ß becomes SS)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from mabridge.sql.functions.final_sigma import with_final_sigmas

#: Letters that gained a case mapping after Unicode 13, the version of Java 17.
_LATER = frozenset(
    map(
        chr,
        (
            *(0x2C2F, 0x2C5F, 0xA7C0, 0xA7C1, 0xA7D0, 0xA7D1, 0xA7D6, 0xA7D7, 0xA7D8, 0xA7D9),
            *range(0x10570, 0x105BD),
            *(0x1C89, 0x1C8A, 0xA7CB, 0xA7CC, 0xA7CD, 0xA7DA, 0xA7DB, 0xA7DC, 0x019B, 0x0264),
            *range(0x10D50, 0x10D86),
        ),
    )
)


def _is_ascii(texts: pa.Array) -> bool:
    data = texts.buffers()[2]
    if data is None or not len(texts):
        return True
    offsets = np.frombuffer(texts.buffers()[1], dtype=np.int32)[texts.offset : texts.offset + len(texts) + 1]
    used = np.frombuffer(data, dtype=np.uint8)[offsets[0] : offsets[-1]]
    return not len(used) or int(used.max()) < 128


def _mapped(texts: Any, ascii_only: Callable[[Any], Any], change: Callable[[str], str]) -> pa.Array:
    if _is_ascii(texts):
        return ascii_only(texts)
    encoded = texts.dictionary_encode()
    changed = pa.array([change(text) for text in encoded.dictionary.to_pylist()], type=pa.string())
    return changed.take(encoded.indices)


def _change(text: str, change: Callable[[str], str]) -> str:
    if _LATER.isdisjoint(text):
        return change(text)
    return "".join(character if character in _LATER else change(character) for character in text)


def upper_text(texts: Any) -> pa.Array:
    """Each text in upper case."""
    return _mapped(texts, pc.ascii_upper, lambda text: _change(text, str.upper))


def lower_text(texts: Any) -> pa.Array:
    """Each text in lower case."""
    return _mapped(texts, pc.ascii_lower, _lower)


def _lower(text: str) -> str:
    # Python follows Unicode's rule for a sigma at the end of a word; Java has one of its own.
    return _change(with_final_sigmas(text), str.lower)


def title_character(character: str) -> str:
    """`Character.toTitleCase` of one UTF-16 unit: one character always, so that ß stays."""
    found = character.title()
    return found if len(found) == 1 and character not in _LATER and character <= "\uffff" else character
