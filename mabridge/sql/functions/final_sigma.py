"""Where Java 17 writes a capital sigma as ς: `ConditionalSpecialCasing.isFinalCased`, with the words of `java.text.BreakIterator`.

Unicode's rule looks at the letters around; Java asks whether a cased letter stands before the sigma, and none behind it, in the same word. Its words are
older than Unicode's: Α-Σ is one word, Α:Σ is three.
"""

from __future__ import annotations

import itertools
import re
from functools import cache

from mabridge.java_regex.code_points import CodePoints, category, characters, code_points

_SIGMA = "Σ"


def with_final_sigmas(text: str) -> str:
    """The text with each capital sigma in the lower case that Java gives it there."""
    if _SIGMA not in text:
        return text
    letters = list(text)
    for start, end in _words(text):
        cased = [place for place in range(start, end) if _is_cased(ord(text[place]))]
        for place in cased:
            if text[place] == _SIGMA:
                letters[place] = "ς" if cased[0] < place == cased[-1] else "σ"
    return "".join(letters)


@cache
def _is_cased(code: int) -> bool:
    # What Java adds to the letters that have a case: modifier letters, the iota below, Roman and circled letters.
    return code in _of("LC") or code in _MORE_CASED


_MORE_CASED = code_points((0x2B0, 0x2B8), (0x2C0, 0x2C1), (0x2E0, 0x2E4), (0x345, 0x345), (0x37A, 0x37A), (0x1D2C, 0x1D61), (0x2160, 0x217F), (0x24B6, 0x24E9))


def _of(name: str) -> CodePoints:
    found = category(name)
    assert found is not None
    return found


@cache
def _kinds() -> tuple[tuple[str, CodePoints], ...]:
    """What the rules tell apart, the first that holds a character counts."""
    return (
        ("F", _of("Cf") & ~characters("\xad")),  # passed over
        ("E", _of("Mn") | _of("Me")),  # marks, which stay with what they stand on
        ("d", characters("\u0964\u0965")),  # a danda may end a word
        ("K", code_points((0x3005, 0x3005), (0x4E00, 0x9FA5), (0xF900, 0xFA2D))),
        ("A", code_points((0x30A1, 0x30FA), (0x30FD, 0x30FE))),
        ("H", code_points((0x3041, 0x3094), (0x309D, 0x309E))),
        ("D", code_points((0x3099, 0x309C), (0x30FB, 0x30FC))),
        ("L", _of("L") | _of("Mc")),
        ("N", _of("N")),
        ("p", characters(".")),  # inside words and numbers, and before numbers
        ("q", characters("\"'")),  # inside words and numbers
        ("m", _of("Pd") | _of("Pc") | characters("\xad\u2027")),  # inside words
        ("c", characters(",\u066b")),  # inside numbers
        ("u", characters("%&\xa2\u066a\u2030\u2031")),  # after numbers
        ("b", _of("Sc") | characters("#")),  # before numbers
        ("l", characters("\n\f\u2028\u2029")),
        ("r", characters("\r")),
        ("s", _of("Zs") | characters("\t")),
        ("x", _of("Cc") | _of("Zl") | _of("Zp")),
    )


@cache
def _kind(character: str) -> str:
    code = ord(character)
    return next((kind for kind, chars in _kinds() if code in chars), "o")


_WORD = r"(?:(?:LE*)+(?:[mqp](?:LE*)+)*d?)"
_NUMBER = r"(?:(?:NE*)+(?:[qcp](?:NE*)+)*)"
_TAIL = rf"(?:{_NUMBER}{_WORD})*(?:{_NUMBER}u?)?"
#: The rules of `BreakIteratorRules.WordBreakRules`, over kinds; the longest match is a word.
_RULES = tuple(map(re.compile, (rf"{_WORD}?{_TAIL}", rf"[bp]{_TAIL}", r"(?:sE*)*r?l?", r"[AD]*", r"[HD]*", r"K*", r"[^ExlF]E+", r".")))


def _words(text: str) -> list[tuple[int, int]]:
    kinds = "".join(map(_kind, text))
    # Format characters are passed over, and stay with what stands before them.
    places = [place for place, kind in enumerate(kinds) if kind != "F"]
    kept = kinds.replace("F", "")
    words, start = [], 0
    while start < len(kept):
        end = max(match.end() for rule in _RULES if (match := rule.match(kept, start)))
        words.append((places[start] if start else 0, places[end] if end < len(kept) else len(text)))
        start = end
    # `isBoundary` looks one UTF-16 unit back and so sees an end behind every supplementary character but the first of the text.
    edges = {place + 1 for place, character in enumerate(text) if character > "\uffff" and place}
    cuts = sorted({0, *(end for _, end in words), *edges})
    return list(itertools.pairwise(cuts))
