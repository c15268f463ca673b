"""What is known of a table while a pipeline grows, and the choice of columns and names from it."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

#: Wider vectors are not fed on: a fit would take long, and nothing more is learnt.
WIDEST = 80


class NoColumnError(Exception):
    """The table has no column that the stage could read."""


@dataclass(frozen=True)
class Known:
    """A column of the training rows.

    Attributes:
        name, kind: kind is `number`, `string`, `words`, `numbers`, `vector` or `other`.
        size: of a vector column's vectors, 0 for others.
        finite: whether every value is there, and finite.
        positive: whether no number in it is negative.
        whole: whether every number in it is whole and below 100.
        names: a vector's feature names, as its metadata tells.
    """

    name: str
    kind: str
    size: int = 0
    finite: bool = True
    positive: bool = True
    whole: bool = True
    names: tuple[str, ...] = ()


def known(frame: Any, rows: list[Any]) -> list[Known]:
    """The columns of a DataFrame whose rows have been collected; the order is the table's."""
    return [_known(field, [row[place] for row in rows]) for place, field in enumerate(frame.schema)]


def _known(field: Any, values: list[Any]) -> Known:
    kind = field.dataType.simpleString()
    if kind == "vector":
        vectors = [value.toArray().tolist() for value in values if value is not None]
        sizes = {len(vector) for vector in vectors}
        numbers = [number for vector in vectors for number in vector]
        if len(sizes) != 1:
            return Known(field.name, "other")
        (size,) = sizes
        return Known(field.name, "vector", size, None not in values and _finite(numbers), _positive(numbers), _whole(numbers), _names(field.metadata, size))
    if kind in ("string", "array<string>", "array<double>"):
        return Known(field.name, {"string": "string", "array<string>": "words", "array<double>": "numbers"}[kind], finite=None not in values)
    if kind in ("double", "float", "int", "bigint", "smallint", "tinyint", "boolean") or kind.startswith("decimal"):
        numbers = [float(value) for value in values if value is not None]
        name = "boolean" if kind == "boolean" else "number"
        return Known(field.name, name, 0, None not in values and _finite(numbers), _positive(numbers), _whole(numbers))
    return Known(field.name, "other")


def _finite(numbers: list[float]) -> bool:
    return all(map(math.isfinite, numbers))


def _positive(numbers: list[float]) -> bool:
    return all(number >= 0 for number in numbers)


def _whole(numbers: list[float]) -> bool:
    return all(math.isfinite(number) and number == int(number) and number < 100 for number in numbers)


def _names(metadata: dict[str, Any], size: int) -> tuple[str, ...]:
    attributes = metadata.get("ml_attr", {}).get("attrs", {})
    found = tuple(entry["name"] for group in attributes.values() if isinstance(group, list) for entry in group if "name" in entry)
    return found if len(found) == size else ()


class Choice:
    """Draws columns and names for the next stage; later columns are drawn more often, so that stages chain."""

    def __init__(self, rng: random.Random, columns: list[Known], taken: set[str]) -> None:
        self.rng = rng
        self.columns = columns
        self._taken = taken
        self._names = {column.name.lower() for column in columns}

    def some(self, fits: Callable[[Known], bool]) -> Known:
        """A column that fits.

        Raises:
            NoColumnError: there is none.
        """
        found = [column for column in self.columns if fits(column) and column.name not in self._taken]
        if not found:
            raise NoColumnError
        return found[-1 - int(len(found) * self.rng.random() ** 2)]

    def vector(self, widest: int = WIDEST, *, finite: bool = True, positive: bool = False, named: bool = False) -> Known:
        return self.some(
            lambda column: (
                column.kind == "vector"
                and 0 < column.size <= widest
                and (column.finite or not finite)
                and (column.positive or not positive)
                and (bool(column.names) or not named)
            )
        )

    def number(self, *, boolean: bool = False) -> Known:
        return self.some(lambda column: column.kind == "number" or (boolean and column.kind == "boolean"))

    def string(self) -> Known:
        return self.some(lambda column: column.kind == "string")

    def words(self) -> Known:
        return self.some(lambda column: column.kind == "words")

    def distinct(self, count: int, draw: Callable[[], Known]) -> list[str]:
        """Up to `count` names, each once, at least one."""
        return list(dict.fromkeys(draw().name for _ in range(count)))

    def name(self, suffix: str = "") -> str:
        """A name that no column has yet, and that this stage has not been given either."""
        while True:
            head = self.rng.choice(("out", "o", "f", "Feat", "res", "ü", "two words", "features", "prediction2"))
            found = head + self.rng.choice(("", "_2", "3", "_x", "Z")) + suffix
            if found.lower() not in self._names:
                self._names.add(found.lower())
                return found
