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


def utf16_text(data: bytes, *, big: bool) -> str:
    """Bytes as UTF-16 of one byte order (`sun.nio.cs.UnicodeDecoder`)."""
    order = "utf-16-be" if big else "utf-16-le"
    try:
        found = data.decode(order)
        if "\ufffe" not in found:
            return found
    except UnicodeDecodeError:
        pass
    units = [int.from_bytes(data[place : place + 2], "big" if big else "little") for place in range(0, len(data) - 1, 2)]
    out: list[str] = []
    place = 0
    while place < len(units):
        unit = units[place]
        place += 1
        if unit == 0xFFFE or 0xDC00 <= unit < 0xE000:
            out.append(_BAD)
        elif 0xD800 <= unit < 0xDC00:
            if place == len(units):
                # The end of the bytes, odd or not, is one U+FFFD with the half before it.
                return "".join([*out, _BAD])
            low = units[place]
            place += 1
            out.append(chr(0x10000 + (unit - 0xD800) * 0x400 + low - 0xDC00) if 0xDC00 <= low < 0xE000 else _BAD)
        else:
            out.append(chr(unit))
    return "".join([*out, _BAD] if len(data) % 2 else out)
