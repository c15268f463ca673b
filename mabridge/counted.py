"""Numbers of things in sentences."""

from __future__ import annotations


def counted(number: int, noun: str, plural: str | None = None) -> str:
    """A number and what it counts: `1 row`, `2 rows`, `1,000 rows`.

    Args:
        number: how many.
        noun: one of them.
        plural: several of them, where that is not the noun with an s.
    """
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"
