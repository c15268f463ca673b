"""A statement's text, and refusals that say where in it."""

from __future__ import annotations

from typing import NoReturn

from mabridge.errors import UnsupportedExpressionError

#: The longest statement that is read, in characters.
MAX_LENGTH = 1_000_000


class Source:
    """A statement's text, for messages that say where."""

    def __init__(self, text: str) -> None:
        """Args:
        text: the statement.

        Raises:
            UnsupportedExpressionError: it is longer than is read.
        """
        if len(text) > MAX_LENGTH:
            raise UnsupportedExpressionError(
                f"The SQL statement has {len(text)} characters; at most {MAX_LENGTH} are read. Split it over several SQLTransformers."
            )
        self.text = text

    def place(self, start: int) -> str:
        """A place in words: line and column from 1."""
        line = self.text.count("\n", 0, start) + 1
        column = start - (self.text.rfind("\n", 0, start) + 1) + 1
        return f"line {line}, column {column}"

    def refuse(self, start: int, what: str) -> NoReturn:
        """Refuse the statement.

        Args:
            start: where, in characters from 0.
            what: whole sentences.

        Raises:
            UnsupportedExpressionError: always.
        """
        raise UnsupportedExpressionError(f"SQL statement, {self.place(start)} (at `{self._near(start)}`): {what}")

    def _near(self, start: int) -> str:
        near = " ".join(self.text[start : start + 40].split())
        return near if start + 40 >= len(self.text) else near + "..."
