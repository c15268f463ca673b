"""Read a pattern as `java.util.regex.Pattern` of Java 17 does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NoReturn

from mabridge.java_regex import code_points as points
from mabridge.java_regex.classes import CLASS_ESCAPES, named_class
from mabridge.java_regex.code_points import CodePoints, both_cases, characters, code_points
from mabridge.java_regex.tree import Anchor, Atomic, Capture, Chars, Choice, Look, Node, RefusedPatternError, Repeat, Sequence, can_be_empty, longest, parts

_MOST_LENGTH = 100_000
_MOST_DEPTH = 100
#: Java counts repetitions in an int; nobody needs more than this.
_MOST_REPEATS = 1_000_000

_ANCHORS: dict[str, Literal["start", "end", "last_line_end", "word_edge", "no_word_edge"]] = {
    "A": "start",
    "z": "end",
    "Z": "last_line_end",
    "b": "word_edge",
    "B": "no_word_edge",
}
_CONTROLS = {"t": 0x09, "n": 0x0A, "r": 0x0D, "f": 0x0C, "a": 0x07, "e": 0x1B}
_LINE_BREAK = Choice((Sequence((Chars(characters("\r")), Chars(characters("\n")))), Chars(points.VERTICAL)))
_REFUSED_ESCAPES = {
    "G": "the end of the last match, \\G",
    "X": "the grapheme cluster, \\X",
    "N": "a character by name, \\N",
    "k": "a reference to a group, \\k",
    "Q": "a quotation, \\Q, inside a class",
}


def parse(pattern: str) -> Node:
    """The tree of a pattern.

    Raises:
        RefusedPatternError: Java refuses the pattern too, or it holds what mabridge does not prove equal.
    """
    return _Parser(pattern, captures=False).whole()


@dataclass(frozen=True)
class Groups:
    """A pattern with its capturing groups.

    Attributes:
        tree: with a `Capture` for each of them.
        count: how many there are.
        names: of those that have one, with their numbers.
    """

    tree: Node
    count: int
    names: dict[str, int]


def parse_groups(pattern: str) -> Groups:
    """The tree of a pattern whose groups' texts are asked for.

    Raises:
        RefusedPatternError: as `parse`; or a group stands in a lookaround, an atomic group or a possessive loop, where Java may keep the text of a try that
            failed.
    """
    parser = _Parser(pattern, captures=True)
    tree = parser.whole()
    if _captures_in_fixed(tree):
        parser.refuse("a group inside a lookaround, an atomic group or a possessive loop, whose text is asked for")
    return Groups(tree, parser.groups, parser.names)


def count_groups(pattern: str) -> int:
    """How many capturing groups a pattern has.

    Raises:
        RefusedPatternError: as `parse`.
    """
    parser = _Parser(pattern, captures=False)
    parser.whole()
    return parser.groups


def _captures_in_fixed(node: Node, *, fixed: bool = False) -> bool:
    if isinstance(node, Capture) and fixed:
        return True
    inside = fixed or isinstance(node, (Look, Atomic)) or (isinstance(node, Repeat) and node.mode == "possessive")
    return any(_captures_in_fixed(part, fixed=inside) for part in parts(node))


class _Parser:
    def __init__(self, pattern: str, *, captures: bool) -> None:
        if len(pattern) > _MOST_LENGTH:
            raise RefusedPatternError(f"it is {len(pattern)} characters long, and at most {_MOST_LENGTH} are read")
        self.captures = captures
        self.groups = 0
        self.names: dict[str, int] = {}
        self.text = pattern
        self.place = 0
        self.depth = 0
        self.any_case = self.multiline = self.dot_all = False

    def whole(self) -> Node:
        tree = self.choice()
        if self.more:
            self.refuse("an unmatched closing parenthesis")
        return tree

    @property
    def more(self) -> bool:
        return self.place < len(self.text)

    def peek(self, ahead: int = 0) -> str:
        return self.text[self.place + ahead : self.place + ahead + 1]

    def read(self) -> str:
        character = self.peek()
        if not character:
            self.refuse("an end in the middle of a construct")
        self.place += 1
        return character

    def takes(self, text: str) -> bool:
        if self.text.startswith(text, self.place):
            self.place += len(text)
            return True
        return False

    def refuse(self, what: str) -> NoReturn:
        raise RefusedPatternError(f"it holds {what} (at character {self.place + 1})")

    def choice(self) -> Node:
        self.depth += 1
        if self.depth > _MOST_DEPTH:
            self.refuse(f"groups nested more than {_MOST_DEPTH} deep")
        options = [self.sequence()]
        while self.takes("|"):
            options.append(self.sequence())
        self.depth -= 1
        return options[0] if len(options) == 1 else Choice(tuple(options))

    def sequence(self) -> Node:
        items: list[Node] = []
        while self.more and self.peek() not in "|)":
            atoms = self.atoms()
            if atoms:
                atoms[-1] = self.quantified(atoms[-1])
            items.extend(atoms)
        return items[0] if len(items) == 1 else Sequence(tuple(items))

    def atoms(self) -> list[Node]:
        """The next atom; none for a group of flags, several for a quotation."""
        if self.takes("\\Q"):
            end = self.text.find("\\E", self.place)
            quoted = self.text[self.place :] if end < 0 else self.text[self.place : end]
            self.place = len(self.text) if end < 0 else end + 2
            if not quoted and self.peek() and self.peek() in "*+?{":
                self.refuse("a quantifier after an empty quotation")
            return [self.literal(character) for character in quoted]
        character = self.peek()
        if character in "*+?":
            self.refuse(f"a dangling `{character}`")
        if character == "{":
            self.refuse("a `{` that begins no count")
        self.place += 1
        match character:
            case "(":
                group = self.group()
                return [] if group is None else [group]
            case "[":
                return [Chars(self.char_class())]
            case ".":
                return [Chars(points.EVERY if self.dot_all else ~points.LINE_ENDS)]
            case "^":
                return [Anchor("line_start" if self.multiline else "start")]
            case "$":
                return [Anchor("line_end" if self.multiline else "last_line_end")]
            case "\\":
                return [self.escape()]
        return [self.literal(character)]

    def literal(self, character: str) -> Chars:
        return Chars(self.cased(characters(character)))

    def cased(self, found: CodePoints) -> CodePoints:
        return both_cases(found) if self.any_case else found

    # Quantifiers

    def quantified(self, atom: Node) -> Node:
        counts = self.counts()
        if counts is None:
            return atom
        if isinstance(atom, (Look, Anchor)) or can_be_empty(atom):
            self.refuse("a quantifier on what may match nothing")
        mode: Literal["greedy", "lazy", "possessive"] = "lazy" if self.takes("?") else "possessive" if self.takes("+") else "greedy"
        if self.peek() and self.peek() in "*+?{":
            self.refuse("two quantifiers in a row")
        return Repeat(atom, counts[0], counts[1], mode)

    def counts(self) -> tuple[int, int | None] | None:
        match self.peek():
            case "*":
                self.place += 1
                return 0, None
            case "+":
                self.place += 1
                return 1, None
            case "?":
                self.place += 1
                return 0, 1
            case "{":
                self.place += 1
                least = self.number()
                most: int | None = least
                if self.takes(","):
                    most = None if self.peek() == "}" else self.number()
                if not self.takes("}"):
                    self.refuse("a count without its closing brace")
                if most is not None and most < least:
                    self.refuse("a count that ends before it begins")
                return least, most
        return None

    def number(self) -> int:
        digits = ""
        while self.peek() and self.peek() in "0123456789":
            digits += self.read()
        if not digits or int(digits[:8]) > _MOST_REPEATS or len(digits) > 8:
            self.refuse("a `{` that begins no count" if not digits else f"a count above {_MOST_REPEATS}")
        return int(digits)

    # Groups

    def group(self) -> Node | None:
        flags = (self.any_case, self.multiline, self.dot_all)
        kind = "group"
        if self.takes("?"):
            if self.takes(":"):
                pass
            elif self.takes("="):
                kind = "ahead"
            elif self.takes("!"):
                kind = "not_ahead"
            elif self.takes(">"):
                kind = "atomic"
            elif self.takes("<="):
                kind = "behind"
            elif self.takes("<!"):
                kind = "not_behind"
            elif self.takes("<"):
                kind = "capture"
                self.names[self.name()] = self.groups + 1
            elif not self.flags():
                return None
        else:
            kind = "capture"
        self.groups += kind == "capture"
        body = self.choice()
        if not self.takes(")"):
            self.refuse("an unclosed group")
        self.any_case, self.multiline, self.dot_all = flags
        match kind:
            case "atomic":
                return Atomic(body)
            case "ahead" | "not_ahead":
                return Look(body, behind=False, negative=kind == "not_ahead")
            case "behind" | "not_behind":
                self.check_behind(body)
                return Look(body, behind=True, negative=kind == "not_behind")
        if self.captures and kind == "capture":
            return Capture(body)
        # A group of its own, so that a quantifier takes all of it.
        return Sequence((body,))

    def name(self) -> str:
        name = ""
        while self.peek() != ">":
            name += self.read()
        self.place += 1
        if not (name.isascii() and name.isalnum() and name[0].isalpha()):
            self.refuse(f"the group name `{name}`")
        if self.text.count(f"(?<{name}>") > 1:
            self.refuse(f"two groups of the name `{name}`")
        return name

    def flags(self) -> bool:
        """Read flags; whether a group follows them."""
        on = True
        while True:
            letter = self.read()
            match letter:
                case "i":
                    self.any_case = on
                case "m":
                    self.multiline = on
                case "s":
                    self.dot_all = on
                case "-" if on:
                    on = False
                case ":":
                    return True
                case ")":
                    return False
                case _:
                    self.refuse(f"the flag `{letter}`")

    def check_behind(self, body: Node) -> None:
        if longest(body) is None:
            self.refuse("a lookbehind without an obvious greatest length")
        below: list[Node] = [body]
        while below:
            node = below.pop()
            if isinstance(node, (Atomic, Look, Anchor)) or (isinstance(node, Repeat) and node.mode != "greedy"):
                self.refuse("a lookbehind with an anchor, another lookaround, an atomic group or a quantifier that is not greedy")
            below.extend(parts(node))

    # Escapes

    def escape(self) -> Node:
        """What stands behind a backslash, outside a class."""
        letter = self.peek()
        if letter in _ANCHORS:
            self.place += 1
            if letter == "b" and self.peek() == "{":
                self.refuse("the boundary \\b{g}")
            return Anchor(_ANCHORS[letter])
        if letter == "R":
            self.place += 1
            return _LINE_BREAK
        found = self.escaped_class()
        return Chars(found) if found is not None else Chars(self.cased(code_points((code := self.escaped_character(), code))))

    def escaped_class(self) -> CodePoints | None:
        """The class that an escape names, None where it names a character."""
        letter = self.peek()
        if letter in CLASS_ESCAPES:
            self.place += 1
            return CLASS_ESCAPES[letter]
        if letter not in ("p", "P"):
            return None
        self.place += 1
        name = self.read()
        if name == "{":
            end = self.text.find("}", self.place)
            if end < 0:
                self.refuse("a property without its closing brace")
            name = self.text[self.place : end]
            self.place = end + 1
        found = named_class(name, any_case=self.any_case)
        if found is None:
            self.refuse(f"the property `\\{letter}{{{name}}}`" + (" under the flag i" if self.any_case else ""))
        return found if letter == "p" else ~found

    def escaped_character(self) -> int:
        letter = self.read()
        if letter in _CONTROLS:
            return _CONTROLS[letter]
        if letter in _REFUSED_ESCAPES:
            self.refuse(_REFUSED_ESCAPES[letter])
        match letter:
            case "0":
                return self.octal()
            case "c":
                return ord(self.read()) ^ 64
            case "x":
                return self.braced_hex() if self.takes("{") else self.hex_digits(2)
            case "u":
                return self.utf16()
        if letter in "123456789":
            self.refuse(f"a reference to a group, \\{letter}")
        if letter.isascii() and letter.isalpha():
            self.refuse(f"the escape \\{letter}")
        return ord(letter)

    def octal(self) -> int:
        digits = ""
        while self.peek() and self.peek() in "01234567" and len(digits) < (3 if digits[:1] <= "3" else 2):
            digits += self.read()
        if not digits:
            self.refuse("an octal escape without digits")
        return int(digits, 8)

    def hex_digits(self, count: int) -> int:
        digits = self.text[self.place : self.place + count]
        if len(digits) < count or not all(digit in "0123456789abcdefABCDEF" for digit in digits):
            self.refuse("a hexadecimal escape without its digits")
        self.place += count
        return int(digits, 16)

    def braced_hex(self) -> int:
        end = self.text.find("}", self.place)
        digits = self.text[self.place : max(end, self.place)]
        if not 0 < len(digits) <= 8 or not all(digit in "0123456789abcdefABCDEF" for digit in digits) or int(digits, 16) > points.LAST:
            self.refuse("a hexadecimal escape without its digits")
        self.place = end + 1
        return self.no_surrogate(int(digits, 16))

    def utf16(self) -> int:
        code = self.hex_digits(4)
        if 0xD800 <= code < 0xDC00 and self.takes("\\u"):
            low = self.hex_digits(4)
            if 0xDC00 <= low < 0xE000:
                return 0x10000 + ((code - 0xD800) << 10) + low - 0xDC00
        return self.no_surrogate(code)

    def no_surrogate(self, code: int) -> int:
        if 0xD800 <= code < 0xE000:
            self.refuse("half of a surrogate pair")
        return code

    # Classes

    def char_class(self) -> CodePoints:
        """A class up to and with its closing bracket; the opening one has been read."""
        self.depth += 1
        if self.depth > _MOST_DEPTH:
            self.refuse(f"classes nested more than {_MOST_DEPTH} deep")
        negative = self.takes("^")
        found = self.members()
        if not self.takes("]"):
            self.refuse("an unclosed class")
        self.depth -= 1
        return ~found if negative else found

    def members(self) -> CodePoints:
        """The members up to the closing bracket, which is left."""
        found: CodePoints | None = None
        while True:
            if not self.more:
                self.refuse("an unclosed class")
            if self.peek() == "]" and found is not None:
                return found
            if self.takes("&&"):
                right = self.intersected()
                found = right if found is None else found & right
                if self.peek() != "]" and not self.text.startswith("&&", self.place):
                    self.refuse("members of a class behind an intersection")
                continue
            more = self.char_class() if self.takes("[") else self.range()
            found = more if found is None else found | more

    def intersected(self) -> CodePoints:
        """What stands right of `&&`."""
        right: CodePoints | None = None
        while self.peek() and self.peek() not in "]&":
            more = self.char_class() if self.takes("[") else self.members()
            right = more if right is None else right | more
        if right is None:
            self.refuse("an intersection with nothing")
        return right

    def range(self) -> CodePoints:
        if self.takes("\\"):
            if self.peek() in ("b", "B", "A", "Z", "z", "R"):
                self.refuse(f"the escape \\{self.peek()} in a class")
            found = self.escaped_class()
            if found is not None:
                if self.peek() == "-" and self.peek(1) not in ("]", ""):
                    self.refuse("a `-` behind a class of its own")
                return found
            first = self.escaped_character()
        else:
            first = ord(self.read())
        if self.peek() != "-" or self.peek(1) in ("]", "[", ""):
            return self.cased(code_points((first, first)))
        self.place += 1
        last = self.escaped_end() if self.takes("\\") else ord(self.read())
        if last < first:
            self.refuse("a range that ends before it begins")
        return self.cased(code_points((first, last)))

    def escaped_end(self) -> int:
        if self.peek() in CLASS_ESCAPES or self.peek() in ("p", "P", "R", "b", "B", "A", "Z", "z"):
            self.refuse("a range that ends in a class")
        return self.escaped_character()
