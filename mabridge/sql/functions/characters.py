"""Functions of single characters: initcap, ascii, translate, mask, soundex, levenshtein (stringExpressions.scala, maskExpressions.scala, Spark 3.5)."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import partial

import numpy as np
import pyarrow as pa

from mabridge.lower.columns import ScalarColumn
from mabridge.plan.types import NullType, StringType
from mabridge.sql.distinct import RefusedRow, over_distinct
from mabridge.sql.evaluate import Running
from mabridge.sql.expression import Literal
from mabridge.sql.functions.case_mapping import lower_text, title_character
from mabridge.sql.functions.function import Args, Function, NotSupported, Signature, TypeMismatch, as_call
from mabridge.sql.functions.rules import BOOL, INT, LONG, TEXT, takes
from mabridge.sql.functions.text import rows
from mabridge.sql.functions.versions import is_4, since_4
from mabridge.sql.scope import Session
from mabridge.sql.typed import Constant


def _initcap(text: str) -> str:
    """`toLowerCase().toTitleCase()`: a space alone begins a word."""
    lower: str = lower_text(pa.array([text]))[0].as_py()
    return " ".join(title_character(word[0]) + word[1:] if word else "" for word in lower.split(" "))


def _chr(code: int) -> str:
    return "" if code < 0 else chr(code & 0xFF)


def _translate(text: str, matching: str, by: str) -> str:
    table: dict[int, str | None] = {}
    for place, character in enumerate(matching):
        table.setdefault(ord(character), by[place] if place < len(by) else None)
    return text.translate(table)


def _quote(text: str) -> str:
    return "'" + text.replace("'", "\\'") + "'"


# Soundex --------------------------------------------------------------------------------------------------------------------------------------------------

#: For A to Z; 7 is passed over.
_SOUNDS = "01230127022455012623017202"


def _soundex(text: str) -> str:
    """`UTF8String.soundex`; what begins with no ASCII letter stays as it is."""
    if not text or not ("a" <= text[0] <= "z" or "A" <= text[0] <= "Z"):
        return text
    first = text[0].upper()
    found, last = first, _SOUNDS[ord(first) - ord("A")]
    for character in text[1:]:
        letter = character.upper() if "a" <= character <= "z" else character
        if not "A" <= letter <= "Z":
            last = "0"
            continue
        sound = _SOUNDS[ord(letter) - ord("A")]
        if sound == "7":
            continue
        if sound not in ("0", last):
            found += sound
            if len(found) == 4:
                break
        last = sound
    return found.ljust(4, "0")


# Levenshtein ----------------------------------------------------------------------------------------------------------------------------------------------

_MOST_STEPS = 10**9


def _levenshtein(left: str, right: str, threshold: int | None = None) -> int:
    distance = _distance(left, right)
    return -1 if threshold is not None and distance > threshold else distance


def _distance(left: str, right: str) -> int:
    if len(left) < len(right):
        left, right = right, left
    if len(left) * len(right) > _MOST_STEPS:
        raise RefusedRow(f"compares texts of {len(left)} and {len(right)} characters, which is refused: it would take minutes.")
    if len(right) <= 16:
        return _distance_of_short(left, right)
    codes = np.frombuffer(left.encode("utf-32-le"), np.uint32)
    places = np.arange(len(left) + 1)
    row = places
    for at, character in enumerate(right, 1):
        changed = np.minimum(row[:-1] + (codes != ord(character)), row[1:] + 1)
        # What is inserted adds one for each place: a running minimum once the places are taken off.
        row = np.minimum.accumulate(np.concatenate(([at], changed)) - places) + places
    return int(row[-1])


def _distance_of_short(left: str, right: str) -> int:
    row = list(range(len(right) + 1))
    for at, one in enumerate(left, 1):
        corner, row[0] = row[0], at
        for place, other in enumerate(right, 1):
            above = row[place]
            row[place] = min(corner + (one != other), above + 1, row[place - 1] + 1)
            corner = above
    return row[-1]


# Mask and Luhn --------------------------------------------------------------------------------------------------------------------------------------------


def _luhn_check(text: str) -> bool:
    total = 0
    for place, character in enumerate(reversed(text)):
        if character > "\uffff" or unicodedata.category(character) != "Nd":
            return False
        digit = unicodedata.decimal(character) * (1 + place % 2)
        total += digit % 10 + digit // 10
    return bool(text) and total % 10 == 0


_MASKS = (("upperChar", "X"), ("lowerChar", "x"), ("digitChar", "n"), ("otherChar", None))


def _mask(text: str | None, *given: str | None, units: bool = False) -> str | None:
    if text is None:
        return None
    upper, lower, digit, other = (*given, *(default for _, default in _MASKS[len(given) :]))
    by = {"Lu": upper, "Ll": lower, "Nd": digit}
    out: list[str] = []
    for character in text:
        if units and character > "\uffff":
            # Spark 3 sees two halves, which are no letters.
            out.append(character if other is None else other * 2)
            continue
        masked = by.get(unicodedata.category(character), other)
        out.append(character if masked is None else masked)
    return "".join(out)


def _mask_types(args: Args, session: Session) -> Signature:
    for arg in args[1:]:
        if not isinstance(arg, Constant) or not isinstance(arg.kind, (StringType, NullType)):
            raise TypeMismatch(f"{arg.shown} is no constant string, where the character of a mask is expected; Spark refuses this too.")
        if arg.value is not None and len(arg.value) != 1:
            raise TypeMismatch(f"the mask {arg.shown} is not one character; Spark refuses this too.")
        if arg.value is not None and arg.value > "\uffff":
            raise NotSupported(f"the mask {arg.shown} is a character beyond U+FFFF, of which Spark writes half.")
    found = takes(TEXT, gives=TEXT)(args, session)
    return Signature(found.takes, TEXT, nullable=True)


def _show_mask(name: str, args: Sequence[str]) -> str:
    return as_call(name, [*args, *(str(default or "NULL") for _, default in _MASKS[len(args) - 1 :])])


def _mask_kernel(running: Running) -> ScalarColumn:
    return over_distinct(running, partial(_mask, units=not is_4(running.call.session)), nulls=True)


FUNCTIONS = (
    rows(("initcap",), (1, 1), takes(TEXT, gives=TEXT), _initcap),
    rows(("ascii",), (1, 1), takes(TEXT, gives=INT), lambda text: ord(text[0]) if text else 0),
    rows(("chr", "char"), (1, 1), takes(LONG, gives=TEXT), _chr),
    rows(("translate",), (3, 3), takes(TEXT, gives=TEXT), _translate),
    rows(("soundex",), (1, 1), takes(TEXT, gives=TEXT), _soundex),
    rows(("levenshtein",), (2, 3), takes(TEXT, TEXT, INT, gives=INT, may_raise=True), _levenshtein),
    rows(("quote",), (1, 1), since_4("quote", takes(TEXT, gives=TEXT)), _quote),
    rows(("luhn_check",), (1, 1), takes(TEXT, gives=BOOL), _luhn_check),
    Function(
        ("mask",),
        (1, 5),
        _mask_types,
        _mask_kernel,
        _show_mask,
        parameters=(("str", None), *((name.lower(), Literal(default, StringType() if default else NullType())) for name, default in _MASKS)),
    ),
)
