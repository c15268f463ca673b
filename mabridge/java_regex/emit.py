"""Write a tree for the package `regex`, in terms that have one meaning there: explicit sets, absolute anchors, captures only where asked for."""

from __future__ import annotations

from mabridge.java_regex import code_points as points
from mabridge.java_regex.code_points import SUPPLEMENTARY, CodePoints, category
from mabridge.java_regex.tree import Anchor, Atomic, Capture, Chars, Choice, Look, Node, Repeat, Sequence

_ENDS = {"greedy": "", "lazy": "?"}


def emit(node: Node) -> str:
    """The pattern for `regex` (V1) that matches what the tree means."""
    match node:
        case Chars(chars):
            return _set(chars)
        case Sequence(items):
            return f"(?:{''.join(map(emit, items))})"
        case Choice(options):
            return f"(?:{'|'.join(map(emit, options))})"
        case Repeat(item, least, most, "possessive"):
            # In Java each round of a possessive loop keeps its first way to match.
            return f"(?>(?>{emit(item)}){_counts(least, most)})"
        case Repeat(item, least, most, mode):
            return f"(?:{emit(item)}){_counts(least, most)}{_ENDS[mode]}"
        case Atomic(item):
            return f"(?>{emit(item)})"
        case Capture(item):
            return f"({emit(item)})"
        case Look(item, behind, negative):
            return f"(?{'<' if behind else ''}{'!' if negative else '='}{emit(item)})"
        case Anchor(kind):
            return _ANCHORS[kind] if kind in _ANCHORS else _word_edge(negative=kind == "no_word_edge")


def _counts(least: int, most: int | None) -> str:
    return f"{{{least},{'' if most is None else most}}}"


def _set(chars: CodePoints) -> str:
    if not chars.ranges:
        return "(?!)"
    return "[" + "".join(_point(first) if first == last else f"{_point(first)}-{_point(last)}" for first, last in chars.ranges) + "]"


def _point(code: int) -> str:
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


_ANCHORS = {
    "start": r"\A",
    "end": r"\Z",
    "last_line_end": r"(?:(?=(?:\r\n|[\r\x85\u2028\u2029])?\Z)|(?<!\r)(?=\n\Z))",
    # Java matches ^ at no end of input, and neither ^ nor $ between \r and \n.
    "line_start": r"(?:(?!\Z)(?:\A|(?<=[\n\x85\u2028\u2029])|(?<=\r)(?!\n)))",
    "line_end": r"(?:\Z|(?=[\r\x85\u2028\u2029])|(?<!\r)(?=\n))",
}


def _word_edge(*, negative: bool) -> str:
    """Java 17's word boundary: letters and digits of all scripts and `_`, and marks that stand on such a letter.

    Java looks for the letter below a mark by UTF-16 units, so a supplementary one, or a supplementary mark on the way, is not found.
    """
    letters, marks = category("LD"), category("Mn")
    assert letters is not None
    assert marks is not None
    word = _set(letters | points.characters("_"))
    base, near, any_mark = _set(letters & ~SUPPLEMENTARY), _set(marks & ~SUPPLEMENTARY), _set(marks)
    before = f"(?<={word}|{base}{near}+)"
    after = f"(?:(?={word})|(?={any_mark})(?<={base}{near}*))"
    not_before, not_after = f"(?:(?!{before}))", f"(?:(?!{after}))"
    if negative:
        return f"(?:{before}{after}|{not_before}{not_after})"
    return f"(?:{before}{not_after}|{not_before}{after})"
