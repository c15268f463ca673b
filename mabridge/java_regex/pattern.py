"""A Java pattern, ready to match."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from mabridge.java_regex.code_points import CodePoints, code_points
from mabridge.java_regex.emit import emit
from mabridge.java_regex.linear import Linear, linear
from mabridge.java_regex.parser import Groups, count_groups, parse, parse_groups
from mabridge.java_regex.tree import Anchor, Chars, Look, Node, Repeat, Sequence, can_be_empty, parts

#: What Java sees of a supplementary character when it steps by UTF-16 units.
_BEYOND_UNITS = code_points((0xD800, 0xDFFF), (0x10000, 0x10FFFF))


class UnitsError(ValueError):
    """The pattern's answer on this text hangs on halves of surrogate pairs, which Java looks at one by one."""


@dataclass(frozen=True)
class JavaPattern:
    """A pattern with Java 17's answers.

    Attributes:
        pattern: as Java reads it.
        tree: what it means.
    """

    pattern: str
    tree: Node

    @cached_property
    def _compiled(self) -> Any:
        import regex

        return regex.compile(emit(self.tree), regex.VERSION1)

    @cached_property
    def _steps_by_units(self) -> bool:
        """Whether Java can look at half of a surrogate pair: after an empty match, in a lookbehind, or where a check comes before the first character."""
        return can_be_empty(self.tree) or _looks_behind_at_pairs(self.tree) or _checks_first(self.tree)

    @cached_property
    def _first_by_units(self) -> bool:
        """The same for the first match alone: an empty one is then no step."""
        return _looks_behind_at_pairs(self.tree) or _checks_first(self.tree) or (can_be_empty(self.tree) and _has_word_edge(self.tree))

    @cached_property
    def linear(self) -> Linear | None:
        """The pattern that RE2 finds in the same texts; None where there is none."""
        return linear(self.tree)

    @cached_property
    def groups(self) -> Groups:
        """The pattern with its capturing groups.

        Raises:
            RefusedPatternError: their texts are not certain to be Java's.
        """
        return parse_groups(self.pattern)

    @cached_property
    def group_count(self) -> int:
        """How many capturing groups there are."""
        return count_groups(self.pattern)

    @cached_property
    def _compiled_groups(self) -> Any:
        import regex

        return regex.compile(emit(self.groups.tree), regex.VERSION1)

    def first(self, text: str, *, groups: bool = False, seconds: float | None = None) -> Any:
        """The first match that `Matcher.find` finds, as the package `regex` has it; None where there is none.

        Args:
            text: searched from its beginning.
            groups: whether the capturing groups' texts are asked for.
            seconds: after which the search is given up.

        Raises:
            UnitsError: see there.
            RefusedPatternError: the groups' texts are not certain to be Java's.
            TimeoutError: the search took too long.
        """
        if self._first_by_units and _beyond_units(text):
            raise UnitsError(_UNITS)
        return (self._compiled_groups if groups else self._compiled).search(text, timeout=seconds)

    def matches(self, text: str, *, groups: bool = False, seconds: float | None = None) -> Iterator[Any]:
        """Each match that `Matcher.find` finds, in turn; see `first`."""
        compiled = self._compiled_groups if groups else self._compiled
        if self._steps_by_units and _beyond_units(text):
            if self.first(text, seconds=seconds) is None:
                return
            raise UnitsError(_UNITS)
        place = 0
        while place <= len(text):
            found = compiled.search(text, place, timeout=seconds)
            if found is None:
                return
            yield found
            place = found.end() + (found.start() == found.end())

    @cached_property
    def run_of(self) -> tuple[CodePoints, bool] | None:
        """The set, and whether one match takes a whole run of it, where the pattern is no more than `[...]` or `[...]+`; else None."""
        node = self.tree
        while isinstance(node, Sequence) and len(node.items) == 1:
            node = node.items[0]
        if isinstance(node, Chars):
            return node.chars, False
        if isinstance(node, Repeat) and isinstance(node.item, Chars) and (node.least, node.most) == (1, None) and node.mode != "lazy":
            return node.item.chars, True
        return None

    def spans(self, text: str) -> Iterator[tuple[int, int]]:
        """The (start, end) of each match that `Matcher.find` finds, in turn.

        Raises:
            UnitsError: see there.
        """
        for found in self.matches(text):
            yield found.span()

    def split(self, text: str) -> list[str]:
        """`Pattern.split(text)`: what stands between matches; empty texts at the end go, and one before an empty match at the beginning.

        Raises:
            UnitsError: see there.
        """
        pieces: list[str] = []
        place = 0
        for start, end in self.spans(text):
            if place == 0 and start == end == 0:
                continue
            pieces.append(text[place:start])
            place = end
        if place == 0:
            return [text]
        pieces.append(text[place:])
        while pieces and not pieces[-1]:
            pieces.pop()
        return pieces

    def find_all(self, text: str) -> list[str]:
        """The text of each match.

        Raises:
            UnitsError: see there.
        """
        return [text[start:end] for start, end in self.spans(text)]


@lru_cache(maxsize=256)
def compile_java(pattern: str) -> JavaPattern:
    """Read a pattern of Java 17.

    Raises:
        RefusedPatternError: it holds what mabridge cannot match as Java does, or Java refuses it.
    """
    return JavaPattern(pattern, parse(pattern))


_UNITS = "the pattern may match nothing, looks around or holds \\B, and the text holds a character beyond U+FFFF"


def _beyond_units(text: str) -> bool:
    return not text.isascii() and max(text) > "\uffff"


def _has_word_edge(node: Node) -> bool:
    return node == Anchor("word_edge") or any(_has_word_edge(part) for part in parts(node))


def _looks_behind_at_pairs(node: Node, *, behind: bool = False) -> bool:
    if isinstance(node, Chars):
        return behind and bool((node.chars & _BEYOND_UNITS).ranges)
    below = behind or (isinstance(node, Look) and node.behind)
    return any(_looks_behind_at_pairs(part, behind=below) for part in parts(node))


def _checks_first(node: Node) -> bool:
    r"""Whether a lookaround or `\B` may be tried before a character is consumed: alone of all checks they can hold inside a surrogate pair."""
    match node:
        case Look() | Anchor("no_word_edge"):
            return True
        case Sequence(items):
            for item in items:
                if _checks_first(item):
                    return True
                if not can_be_empty(item):
                    return False
            return False
    return any(_checks_first(part) for part in parts(node))
