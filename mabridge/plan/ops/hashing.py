"""Ops that hash values to features."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from mabridge.counted import counted
from mabridge.errors import InvalidInputError
from mabridge.plan.bind import Binder
from mabridge.plan.op import READS, WRITES, Op
from mabridge.plan.types import ArrayType, BooleanType, NumericType, StringType, VectorType


@dataclass(frozen=True, eq=False)
class CountHashed(Op):
    """How often each hash stands in a list, as a sparse vector (HashingTF, Spark 3.5); a null list is refused, a null entry hashes to 42.

    Attributes:
        input: an array of strings, numbers or booleans.
        output: vectors of `size` features.
        size: number of features; an entry counts for feature murmur3(entry) mod size.
        binary: whether counts become 1.0.
        tail: how the last bytes of a text are hashed: "words" as Spark 3.0 and later, "bytes" as Spark before 3.0.
    """

    input: str = field(metadata=READS)
    output: str = field(metadata=WRITES)
    size: int
    binary: bool
    tail: Literal["words", "bytes"]

    def __post_init__(self) -> None:
        check_size(self.size)

    def bind(self, binder: Binder) -> None:
        column = binder.read(self.input)
        if not isinstance(column.kind, ArrayType):
            raise InvalidInputError(f"{binder.stage} expects an array in `{column.name}`; the column is {column.kind}. Spark refuses this too.")
        binder.refuse_existing(self.output)
        output = binder.set(self.output, VectorType(self.size))
        binder.emit(CountHashed(column.id, output, self.size, self.binary, self.tail))


@dataclass(frozen=True, eq=False)
class HashColumns(Op):
    """Several columns as one sparse vector (FeatureHasher, Spark 3.5).

    A number adds its value at the hash of its column's name; a string, a boolean and a number in `categorical` add 1.0 at the hash of `name=value`. Nulls
    add nothing.

    Attributes:
        inputs: numeric, boolean or string columns.
        output: vectors of `size` features.
        size: number of features.
        names: the inputs' names, which are hashed.
        categorical: for each input, whether it counts as a category; None, before it is bound, where `chosen` and the types decide.
        chosen: names of numeric columns that are categories; None where the param is not set.
    """

    inputs: tuple[str, ...] = field(metadata=READS)
    output: str = field(metadata=WRITES)
    size: int
    names: tuple[str, ...]
    categorical: tuple[bool, ...] | None
    chosen: tuple[str, ...] | None

    def __post_init__(self) -> None:
        check_size(self.size)

    def bind(self, binder: Binder) -> None:
        columns = {name: binder.read(name) for name in self.names}
        for column in columns.values():
            if not isinstance(column.kind, (NumericType, StringType, BooleanType)):
                raise InvalidInputError(
                    f"{binder.stage} expects a numeric type, boolean or string in `{column.name}`; the column is {column.kind}. Spark refuses this too."
                )
        binder.refuse_existing(self.output)
        chosen = set(self.chosen or ())
        order = java_set_order(tuple(columns))
        numbers = [name for name in order if isinstance(columns[name].kind, NumericType) and name not in chosen]
        # From Spark 4.0 on a column that is named twice counts twice, unless categoricalCols is set.
        once = self.chosen is not None or binder.reference.spark_version.split(".", 1)[0] in ("2", "3")
        categories = [name for name in (tuple(columns) if once else self.names) if name not in numbers]
        names = (*numbers, *categories)
        output = binder.set(self.output, VectorType(self.size))
        categorical = (*(False for _ in numbers), *(True for _ in categories))
        binder.emit(HashColumns(tuple(columns[name].id for name in names), output, self.size, names, categorical, self.chosen))


def check_size(size: int) -> None:
    """Whether hashes can be brought to `size` features.

    Raises:
        ValueError: it is not a positive Java int.
    """
    if not 0 < size < 2**31:
        raise ValueError(counted(size, "feature"))


def java_set_order(names: tuple[str, ...]) -> tuple[str, ...]:
    """Distinct names in the order in which Scala 2.12's immutable Set holds them: as given up to four, by hash from five on.

    Numbers that fall on one feature are added up in this order.
    """
    if len(names) <= 4:
        return names
    return tuple(sorted(names, key=lambda name: _trie_path(_java_hash(name))))


def _java_hash(text: str) -> int:
    """`String.hashCode`, as an unsigned 32-bit number."""
    value = 0
    data = text.encode("utf-16-le", "surrogatepass")
    for place in range(0, len(data), 2):
        value = (value * 31 + data[place] + (data[place + 1] << 8)) & 0xFFFFFFFF
    return value


def _trie_path(value: int) -> tuple[int, ...]:
    """The branches that `scala.collection.immutable.HashSet` (2.12) takes to a hash, five bits each, lowest first."""
    mixed = (value + ~(value << 9)) & 0xFFFFFFFF
    mixed ^= mixed >> 14
    mixed = (mixed + (mixed << 4)) & 0xFFFFFFFF
    mixed ^= mixed >> 10
    return tuple((mixed >> shift) & 31 for shift in range(0, 32, 5))
