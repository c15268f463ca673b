"""English names and the texts of offsets, as Java 17 writes them."""

from __future__ import annotations

MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
ERAS = ("Before Christ", "Anno Domini")
SHORT_ERAS = ("BC", "AD")
HALVES = ("AM", "PM")
QUARTERS = ("1st quarter", "2nd quarter", "3rd quarter", "4th quarter")

#: How X, x and Z write an offset: minutes (always, or only where there are any), seconds, colon.
OFFSETS = {
    ("X", 1): ("optional", False, "", "Z"), ("X", 2): ("always", False, "", "Z"), ("X", 3): ("always", False, ":", "Z"),
    ("X", 4): ("always", True, "", "Z"), ("X", 5): ("always", True, ":", "Z"),
    ("x", 1): ("optional", False, "", "+00"), ("x", 2): ("always", False, "", "+0000"), ("x", 3): ("always", False, ":", "+00:00"),
    ("x", 4): ("always", True, "", "+0000"), ("x", 5): ("always", True, ":", "+00:00"),
    ("Z", 1): ("always", False, "", "+0000"), ("Z", 2): ("always", False, "", "+0000"), ("Z", 3): ("always", False, "", "+0000"),
    ("Z", 5): ("always", True, ":", "Z"),
}  # fmt: skip


def offset_text(letter: str, count: int, offset: int) -> str:
    """An offset in seconds as X, x, Z or O write it."""
    if letter == "O" or (letter, count) == ("Z", 4):
        return _localized(offset, short=count == 1)
    minutes, seconds, colon, none = OFFSETS[letter, count]
    if not offset:
        return none
    size = abs(offset)
    text = f"{'-' if offset < 0 else '+'}{size // 3600:02}"
    shown = size // 60 % 60 or minutes == "always"
    if shown:
        text += f"{colon}{size // 60 % 60:02}"
    if seconds and size % 60:
        text += f"{colon}{size % 60:02}"
    return none if not size // 60 and not (seconds and size % 60) else text


def _localized(offset: int, *, short: bool) -> str:
    if not offset:
        return "GMT"
    size = abs(offset)
    hours, minutes, seconds = size // 3600, size // 60 % 60, size % 60
    text = f"GMT{'-' if offset < 0 else '+'}" + (f"{hours}" if short else f"{hours:02}")
    if minutes or seconds or not short:
        text += f":{minutes:02}"
    return text + (f":{seconds:02}" if seconds else "")
