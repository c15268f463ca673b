"""Bytes as text, as `new String(bytes, charset)` of Java 17 reads them: what is malformed becomes U+FFFD, by rules that are not Python's."""

from __future__ import annotations

_BAD = "\ufffd"


def _goes_on(byte: int) -> bool:
    return byte & 0xC0 == 0x80


def utf8_text(data: bytes) -> str:
    """Bytes that may be no UTF-8 as a text (`String.decodeUTF8_UTF16`)."""
    try:
        return data.decode()
    except UnicodeDecodeError:
        pass
    out: list[str] = []
    place = 0
    while place < len(data):
        text, place = _next(data, place)
        out.append(text)
    return "".join(out)


def _next(data: bytes, place: int) -> tuple[str, int]:
    """The next character, and where the one behind it begins."""
    first, left = data[place], len(data) - place
    if first < 0x80:
        return chr(first), place + 1
    if 0xC2 <= first <= 0xDF:
        if left > 1 and _goes_on(data[place + 1]):
            return data[place : place + 2].decode(), place + 2
        return _BAD, place + 1
    if 0xE0 <= first <= 0xEF:
        return _three(data, place, left)
    if 0xF0 <= first <= 0xF7:
        return _four(data, place, left)
    return _BAD, place + 1


def _three(data: bytes, place: int, left: int) -> tuple[str, int]:
    first = data[place]
    second_fits = left > 1 and _goes_on(data[place + 1]) and not (first == 0xE0 and data[place + 1] & 0xE0 == 0x80)
    if left < 3:
        # The rest is one character that was cut off, or the first byte is alone.
        return _BAD, place + 1 if left > 1 and not second_fits else len(data)
    if not second_fits:
        return _BAD, place + 1
    if not _goes_on(data[place + 2]):
        return _BAD, place + 2
    try:
        return data[place : place + 3].decode(), place + 3
    except UnicodeDecodeError:
        # Half of a surrogate pair: one U+FFFD for all three.
        return _BAD, place + 3


def _four(data: bytes, place: int, left: int) -> tuple[str, int]:
    first = data[place]
    second = data[place + 1] if left > 1 else None
    second_fits = second is not None and _goes_on(second) and not (first == 0xF0 and second < 0x90) and not (first == 0xF4 and second & 0xF0 != 0x80)
    if left >= 4:
        if first <= 0xF4 and second_fits and _goes_on(data[place + 2]) and _goes_on(data[place + 3]):
            return data[place : place + 4].decode(), place + 4
        if first > 0xF4 or not second_fits:
            return _BAD, place + 1
        return _BAD, place + (3 if _goes_on(data[place + 2]) else 2)
    if first > 0xF4 or (left > 1 and not second_fits):
        return _BAD, place + 1
    if left > 2 and not _goes_on(data[place + 2]):
        return _BAD, place + 2
    return _BAD, len(data)
