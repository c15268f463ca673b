"""Whether a pattern is found, for the package RE2, which Arrow has: no order of tries matters there, so that most trees say the same."""

from __future__ import annotations

from dataclasses import dataclass

from mabridge.java_regex import code_points as points
from mabridge.java_regex.code_points import CodePoints, code_points
from mabridge.java_regex.tree import Anchor, Chars, Choice, Node, Repeat, Sequence, can_be_empty, parts

_MOST_REPEATS = 1000
_MOST_LENGTH = 10_000
_SHORT = {"{0,}": "*", "{1,}": "+", "{0,1}": "?"}
#: No UTF-8 text holds these, and RE2 takes no class of them.
_SURROGATES = code_points((0xD800, 0xDFFF))


@dataclass(frozen=True)
class Linear:
    """A pattern for RE2 that is found in the same texts.

    Attributes:
        pattern: for RE2.
        unless: finds the texts for which this does not hold; None where it holds for all.
    """

    pattern: str
    unless: str | None


class _NoWayError(Exception):
    pass


def linear(tree: Node) -> Linear | None:
    """The pattern for RE2, None where RE2 cannot say it."""
    try:
        pattern = _emit(tree)
    except _NoWayError:
        return None
    if len(pattern) > _MOST_LENGTH:
        return None
    return Linear(pattern, "[\n\r\x85\u2028\u2029]" if _has_last_line_end(tree) else None)


def _has_last_line_end(node: Node) -> bool:
    return node == Anchor("last_line_end") or any(_has_last_line_end(part) for part in parts(node))


def _emit(node: Node) -> str:
    match node:
        case Chars(chars):
            return _set(chars)
        case Sequence(items):
            return f"(?:{''.join(map(_emit, items))})"
        case Choice(options):
            return f"(?:{'|'.join(map(_emit, options))})"
        case Repeat(item, least, most, "greedy" | "lazy") if max(least, most or 0) <= _MOST_REPEATS and not can_be_empty(item):
            counts = f"{{{least},{'' if most is None else most}}}"
            return f"(?:{_emit(item)}){_SHORT.get(counts, counts)}"
        case Anchor("start"):
            return r"\A"
        case Anchor("end" | "last_line_end"):
            return r"\z"
    raise _NoWayError


def _set(chars: CodePoints) -> str:
    ranges = (chars & ~_SURROGATES).ranges
    if not ranges:
        raise _NoWayError
    if (chars | _SURROGATES).ranges == points.EVERY.ranges:
        return "(?s:.)"
    return "[" + "".join(f"\\x{{{first:x}}}" if first == last else f"\\x{{{first:x}}}-\\x{{{last:x}}}" for first, last in ranges) + "]"
