"""What a pattern means: a tree without flags and names, and without captures unless they are asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from mabridge.java_regex.code_points import CodePoints


class RefusedPatternError(ValueError):
    """A pattern holds what mabridge cannot match as Java does; the text names the construct."""


@dataclass(frozen=True)
class Chars:
    """One character of a set."""

    chars: CodePoints


@dataclass(frozen=True)
class Sequence:
    """One after the other."""

    items: tuple[Node, ...]


@dataclass(frozen=True)
class Choice:
    """The first that leads to a match."""

    options: tuple[Node, ...]


@dataclass(frozen=True)
class Repeat:
    """An item several times; `most` is None where there is no limit."""

    item: Node
    least: int
    most: int | None
    mode: Literal["greedy", "lazy", "possessive"]


@dataclass(frozen=True)
class Atomic:
    """An item whose first way to match is its only one."""

    item: Node


@dataclass(frozen=True)
class Look:
    """Whether an item matches from here on, or up to here; nothing is consumed."""

    item: Node
    behind: bool
    negative: bool


@dataclass(frozen=True)
class Anchor:
    """A place between characters."""

    kind: Literal["start", "line_start", "end", "last_line_end", "line_end", "word_edge", "no_word_edge"]


@dataclass(frozen=True)
class Capture:
    """A group whose text is asked for; groups are numbered by their opening parentheses."""

    item: Node


Node = Capture | Chars | Sequence | Choice | Repeat | Atomic | Look | Anchor


def can_be_empty(node: Node) -> bool:
    """Whether the node may match without consuming a character."""
    match node:
        case Chars():
            return False
        case Sequence(items):
            return all(can_be_empty(item) for item in items)
        case Choice(options):
            return any(can_be_empty(option) for option in options)
        case Repeat(item, least):
            return least == 0 or can_be_empty(item)
        case Atomic(item) | Capture(item):
            return can_be_empty(item)
        case Look() | Anchor():
            return True


def longest(node: Node) -> int | None:
    """The most characters that the node can consume; None where there is no limit."""
    match node:
        case Chars():
            return 1
        case Sequence(items):
            lengths = [longest(item) for item in items]
            return None if None in lengths else sum(length for length in lengths if length is not None)
        case Choice(options):
            lengths = [longest(option) for option in options]
            return None if None in lengths else max((length for length in lengths if length is not None), default=0)
        case Repeat(item, _, most):
            length = longest(item)
            return None if most is None or length is None else most * length
        case Atomic(item) | Capture(item):
            return longest(item)
        case Look() | Anchor():
            return 0


def parts(node: Node) -> tuple[Node, ...]:
    """The nodes directly below."""
    match node:
        case Sequence(items):
            return items
        case Choice(options):
            return options
        case Repeat(item) | Atomic(item) | Look(item) | Capture(item):
            return (item,)
        case Chars() | Anchor():
            return ()
