"""Pieces of an example statement, found in its text: its items, a call's arguments, its literals."""

from __future__ import annotations

import re
from dataclasses import dataclass

_TOKEN = re.compile(
    r"""(?P<string>[rR]?'(?:[^'\\]|\\.|'')*'|[rR]?"(?:[^"\\]|\\.|"")*")|(?P<quoted>`[^`]*`)
    |(?P<number>\d+\.?\d*(?:[eE][+-]?\d+)?(?:BD|[LSYDFlsydf])?\b|\.\d+(?:[eE][+-]?\d+)?)
    |(?P<word>[A-Za-z_]\w*)|(?P<space>\s+)|(?P<mark>->|=>|::|<=>|<>|!=|>=|<=|\|\||.)""",
    re.VERBOSE | re.DOTALL,
)
_EXAMPLE = re.compile(r"^\s*> (?P<statement>.+?);\s*$", re.MULTILINE | re.DOTALL)
#: Words that end the SELECT list.
_ENDS = frozenset({"from", "where", "group", "lateral", "order", "union"})


@dataclass(frozen=True)
class Token:
    """A piece of text.

    Attributes:
        kind: string, quoted, number, word, space or mark.
        text: as written.
    """

    kind: str
    text: str


def tokens(text: str) -> list[Token]:
    """All of a text, nothing left out."""
    return [Token(str(found.lastgroup), found.group()) for found in _TOKEN.finditer(text)]


def examples(described: str) -> list[str]:
    """The statements of the examples in what DESCRIBE FUNCTION EXTENDED says."""
    return [found["statement"].strip() for found in _EXAMPLE.finditer(described)]


def split(parts: list[Token]) -> list[list[Token]]:
    """The parts between commas that no bracket encloses."""
    found: list[list[Token]] = [[]]
    depth = 0
    for token in parts:
        depth += (token.text in "([{" and token.kind == "mark") - (token.text in ")]}" and token.kind == "mark")
        if token.text == "," and depth == 0:
            found.append([])
        else:
            found[-1].append(token)
    return found


def select_list(statement: str) -> list[Token] | None:
    """What stands between SELECT and FROM, without DISTINCT; None where the statement is more than that, or no SELECT."""
    parts = tokens(statement)
    if not parts or parts[0].text.lower() != "select":
        return None
    depth = 0
    for place, token in enumerate(parts):
        depth += (token.text == "(") - (token.text == ")")
        if depth == 0 and token.kind == "word" and token.text.lower() in _ENDS:
            return None if place == 0 else parts[1:place]
    return parts[1:]


def has_from(statement: str) -> bool:
    """Whether a FROM or LATERAL stands outside of brackets."""
    depth = 0
    for token in tokens(statement):
        depth += (token.text == "(") - (token.text == ")")
        if depth == 0 and token.kind == "word" and token.text.lower() in _ENDS:
            return True
    return False


def call(item: list[Token]) -> tuple[str, list[list[Token]]] | None:
    """Name and arguments, where an item is one call and nothing more."""
    parts = list(item)
    while parts and parts[0].kind == "space":
        parts.pop(0)
    while parts and parts[-1].kind == "space":
        parts.pop()
    if len(parts) < 3 or parts[0].kind != "word" or parts[1].text != "(" or parts[-1].text != ")":
        return None
    depth = 0
    for token in parts[1:-1]:
        depth += (token.text == "(") - (token.text == ")")
        if depth == 0:
            return None
    inside = parts[2:-1]
    words = {token.text.lower() for token in inside if token.kind == "word"}
    # What has a grammar of its own is no plain call.
    if parts[0].text.lower() in ("cast", "try_cast", "extract", "position", "trim", "overlay", "case") and words & {"as", "from", "in", "placing", "when"}:
        return None
    arguments = split(inside)
    return parts[0].text, [] if len(arguments) == 1 and not joined(arguments[0]) else arguments


def joined(parts: list[Token]) -> str:
    """The tokens' text."""
    return "".join(token.text for token in parts).strip()


def literals(item: list[Token]) -> list[tuple[int, int]]:
    """Where literals stand in an item: (first, after) places of tokens; a typed literal (DATE '...') is one."""
    found = []
    for place, token in enumerate(item):
        if token.kind == "number" or (token.kind == "word" and token.text.lower() in ("true", "false")):
            found.append((place, place + 1))
        elif token.kind == "string":
            before = place - 1
            while before >= 0 and item[before].kind == "space":
                before -= 1
            typed = before >= 0 and item[before].text.lower() in ("date", "timestamp", "timestamp_ntz", "timestamp_ltz", "x")
            interval = before >= 0 and item[before].text.lower() == "interval"
            if not interval:
                found.append((before if typed else place, place + 1))
    return found
