"""The classes that Java 17 knows by a letter or a name."""

from __future__ import annotations

from mabridge.java_regex import code_points as points
from mabridge.java_regex.code_points import CodePoints

CLASS_ESCAPES: dict[str, CodePoints] = {
    "d": points.DIGIT,
    "D": ~points.DIGIT,
    "w": points.WORD,
    "W": ~points.WORD,
    "s": points.SPACE,
    "S": ~points.SPACE,
    "h": points.HORIZONTAL,
    "H": ~points.HORIZONTAL,
    "v": points.VERTICAL,
    "V": ~points.VERTICAL,
}

#: What CASE_INSENSITIVE changes in ways of its own.
_CASED = frozenset({"Lower", "Upper", "Lu", "Ll", "Lt", "LC"})


def named_class(name: str, *, any_case: bool) -> CodePoints | None:
    r"""The class `\p{name}`, None where mabridge does not know it, or not under CASE_INSENSITIVE.

    Known are POSIX classes, general categories (`Lu`, `IsLu`, `gc=Lu`), scripts (`IsLatin`, `script=Latin`) and the binary properties Alphabetic, Letter,
    Digit and Punctuation.
    """
    prefix, equals, value = name.partition("=")
    if equals:
        if prefix.lower() in ("sc", "script"):
            return points.script(value)
        return None if any_case and value in _CASED else points.category(value) if prefix.lower() in ("gc", "general_category") else None
    if name.startswith("Is"):
        return _is_class(name[2:], any_case=any_case)
    if any_case and name in _CASED:
        return None
    return points.posix(name) or points.category(name)


def _is_class(name: str, *, any_case: bool) -> CodePoints | None:
    match name.upper():
        case "ALPHABETIC":
            return points.alphabetic()
        case "LETTER":
            return points.category("L")
        case "DIGIT":
            return points.category("Nd")
        case "PUNCTUATION":
            return points.category("P")
    if any_case and name in _CASED:
        return None
    return (points.category(name) if len(name) <= 2 else None) or points.script(name)
