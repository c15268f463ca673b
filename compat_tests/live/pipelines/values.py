"""Random tables: the rows that a pipeline is fitted on, and others, with hard values among them, that it transforms."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pyarrow as pa

from compat_tests.record.core import HARD_DOUBLES, nominal, vector_attributes, vector_size
from mabridge.plan.spark_schema import ROW_METADATA, row_metadata
from mabridge.plan.types import (
    ArrayType,
    BooleanType,
    ByteType,
    DataType,
    DecimalType,
    DoubleType,
    FloatType,
    IntegerType,
    LongType,
    ShortType,
    StringType,
    VectorType,
    arrow_type,
)

#: Names that are plain, and names that break careless quoting.
PLAIN_NAMES = ("x", "y", "z", "amount", "n1", "n2", "Kind", "w", "v1", "v2", "txt", "u")
ODD_NAMES = ("a b", "naïve", "数", "sum(x)", "X-1", "1st", "_", "select", "a'b", "p.q")

LABELS = ("a", "b", "c", "é", "", "10", "B")
HARD_STRINGS = (None, "", " ", "unseen", "日本 語", "😀", "A", "İ", "a\tb", "NaN", "\u00a0a", "ß")
WORDS = ("the", "I", "spark", "Ray", "é", "über", "a", "not", "日本", "x-1", "10")
HARD_WORDS = ("", " ", "unseen", "😀", "The", "İ")


@dataclass(frozen=True)
class Kind:
    """How to fill a column.

    Attributes:
        type: the Spark type.
        mild: a value that training may see.
        hard: a value that breaks careless code.
        purpose: what the column is for: "" for any use, else the name of a label, a censor and the like.
    """

    type: DataType
    mild: Callable[[random.Random], Any]
    hard: Callable[[random.Random], Any]
    purpose: str = ""


@dataclass(frozen=True)
class Rows:
    """A drawn table's columns and its two sets of rows.

    Attributes:
        train, test: the rows, of one schema; `hard` counts the hard cells of each test row.
    """

    kinds: dict[str, Kind]
    train: pa.Table
    test: pa.Table


def vector_kind(size: int, *, counts: bool = False) -> Kind:
    """Vectors of one size, sparse or dense row by row; counts are whole numbers from 0."""

    def mild(rng: random.Random) -> dict[str, Any]:
        number = (lambda: float(rng.choice((0, 0, 1, 2, 3)))) if counts else (lambda: rng.choice((0.0, 1.0, -2.0, round(rng.gauss(0, 2), 3), rng.gauss(1, 3))))
        return as_struct([number() for _ in range(size)], rng)

    def hard(rng: random.Random) -> dict[str, Any] | None:
        if rng.random() < 0.15:
            return None
        found = mild(rng)
        if found["values"]:
            found["values"][rng.randrange(len(found["values"]))] = rng.choice([value for value in HARD_DOUBLES if value is not None])
        return found

    return Kind(VectorType(size), mild, hard)


def as_struct(values: Sequence[float], rng: random.Random) -> dict[str, Any]:
    """The vector as Spark's struct: dense, or sparse with the zeros left out, or sparse with some of them stored."""
    if rng.random() < 0.5:
        return {"type": 1, "size": None, "indices": None, "values": list(values)}
    stored = [place for place, value in enumerate(values) if value != 0.0 or rng.random() < 0.1]
    return {"type": 0, "size": len(values), "indices": stored, "values": [values[place] for place in stored]}


def _whole(kind: DataType, bits: int) -> Kind:
    ends = (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1)
    return Kind(kind, lambda rng: rng.randrange(-3, 8), lambda rng: rng.choice((None, 0, *ends)))


def _words(rng: random.Random) -> list[str]:
    return [rng.choice(WORDS) for _ in range(rng.randrange(0, 7))]


def _number(rng: random.Random) -> float:
    return rng.choice((float(rng.randrange(-2, 4)), round(rng.uniform(-5, 5), 2), rng.gauss(0, 1)))


def _float32(value: float | None) -> float | None:
    return None if value is None else pa.scalar(value, pa.float64()).cast(pa.float32(), safe=False).as_py()


#: What a table is made of; each draw takes some, and at least one double, string, vector and list of words.
KINDS: dict[str, Callable[[random.Random], Kind]] = {
    "double": lambda rng: Kind(DoubleType(), _number, lambda rng: rng.choice(HARD_DOUBLES)),
    "float": lambda rng: Kind(FloatType(), lambda rng: _float32(_number(rng)), lambda rng: _float32(rng.choice(HARD_DOUBLES))),
    "int": lambda rng: _whole(IntegerType(), 32),
    "long": lambda rng: _whole(LongType(), 64),
    "short": lambda rng: _whole(ShortType(), 16),
    "byte": lambda rng: _whole(ByteType(), 8),
    "decimal": lambda rng: Kind(
        DecimalType(10, 2), lambda rng: Decimal(rng.randrange(-500, 500)) / 100, lambda rng: rng.choice((None, Decimal("0.00"), Decimal("99999999.99")))
    ),
    "bool": lambda rng: Kind(BooleanType(), lambda rng: rng.random() < 0.5, lambda rng: None),
    "string": lambda rng: Kind(StringType(), lambda rng: rng.choice(LABELS[:5]), lambda rng: rng.choice((*HARD_STRINGS, *LABELS))),
    "text": lambda rng: Kind(
        StringType(), lambda rng: rng.choice((" ", "  ", ", ")).join(_words(rng)), lambda rng: rng.choice((None, "", "  ", " Ab  c", "é😀 x", "a,b;c--d"))
    ),
    "words": lambda rng: Kind(
        ArrayType(StringType()),
        _words,
        lambda rng: rng.choice((None, [], [rng.choice(HARD_WORDS)], [*_words(rng), rng.choice(HARD_WORDS)], ["a", None, "the"])),
    ),
    "numbers": lambda rng: Kind(
        ArrayType(DoubleType()), lambda rng: [_number(rng) for _ in range(3)], lambda rng: rng.choice((None, [0.0, -0.0, float("nan")]))
    ),
    "vector": lambda rng: vector_kind(rng.choice((1, 2, 3, 3, 4, 6))),
    "counts": lambda rng: vector_kind(rng.choice((2, 3, 5)), counts=True),
}

#: Columns that estimators ask for, by purpose, with Spark's default names.
PURPOSES: dict[str, Kind] = {
    "label": Kind(DoubleType(), lambda rng: float(rng.random() < 0.5), lambda rng: rng.choice((None, 1.0)), "label"),
    "classes": Kind(DoubleType(), lambda rng: float(rng.randrange(3)), lambda rng: 7.0, "classes"),
    "target": Kind(DoubleType(), lambda rng: round(rng.uniform(0.1, 9), 2), lambda rng: None, "target"),
    "censor": Kind(DoubleType(), lambda rng: float(rng.random() < 0.7), lambda rng: None, "censor"),
    "weight": Kind(DoubleType(), lambda rng: rng.choice((1.0, 0.5, 2.0)), lambda rng: None, "weight"),
    "user": Kind(IntegerType(), lambda rng: rng.randrange(5), lambda rng: rng.choice((99, None, -1)), "user"),
    "item": Kind(IntegerType(), lambda rng: rng.randrange(6), lambda rng: rng.choice((99, None)), "item"),
    "items": Kind(ArrayType(StringType()), lambda rng: rng.sample(WORDS[:6], rng.randrange(1, 4)), lambda rng: rng.choice((None, [], ["unseen"])), "items"),
}


def draw_rows(rng: random.Random) -> Rows:
    """A table of some columns, 24 to 40 rows to train on and 14 others."""
    chosen = ["double", "double", "string", "vector", "counts", "words", "text"]
    chosen += rng.choices([name for name in KINDS if name not in ("vector", "counts")], k=rng.randrange(1, 4))
    plain = rng.sample(PLAIN_NAMES, len(PLAIN_NAMES))
    odd = rng.sample(ODD_NAMES, len(ODD_NAMES))
    kinds: dict[str, Kind] = {}
    for name in chosen:
        kinds[odd.pop() if rng.random() < 0.15 else plain.pop()] = KINDS[name](rng)
    kinds |= PURPOSES
    order = rng.sample(list(kinds), len(kinds))
    kinds = {name: kinds[name] for name in order}
    metadata = [_metadata(kind, rng) for kind in kinds.values()]
    missing = rng.choice((0.0, 0.0, 0.08))
    train = [_row(kinds, rng, missing, hard=0.0) for _ in range(rng.randrange(24, 41))]
    rate = rng.choice((0.0, 0.02, 0.05, 0.2))
    # The first row is mild: Spark's assembler learns sizes from it, which is a difference of its own (docs/adr/0002-vector-sizes.md).
    test = [_row(kinds, rng, 0.0, hard=rate if place else 0.0) for place in range(14)]
    return Rows(kinds, table_of(kinds, train, metadata), table_of(kinds, test, metadata))


def _row(kinds: dict[str, Kind], rng: random.Random, missing: float, hard: float) -> dict[str, Any]:
    row = {}
    for name, kind in kinds.items():
        value = kind.hard(rng) if rng.random() < hard else kind.mild(rng)
        row[name] = None if not kind.purpose and not isinstance(kind.type, VectorType) and rng.random() < missing else value
    return row


def _metadata(kind: Kind, rng: random.Random) -> dict[str, Any]:
    """ML attributes as an earlier job may have left them; most columns have none."""
    if kind.purpose or rng.random() < 0.75:
        return {}
    if isinstance(kind.type, VectorType) and kind.type.size is not None:
        return vector_size(kind.type.size) if rng.random() < 0.5 else vector_attributes(*(0 for _ in range(kind.type.size)))
    return nominal(12, "kept") if isinstance(kind.type, (DoubleType, IntegerType)) and rng.random() < 0.3 else {}


def table_of(kinds: dict[str, Kind], rows: Sequence[dict[str, Any]], metadata: Sequence[dict[str, Any]]) -> pa.Table:
    """The rows as Spark would have written them, with its row metadata."""
    # A size is not part of a type in Spark; it is in the metadata, or nobody knows it.
    types = {name: VectorType() if isinstance(kind.type, VectorType) else kind.type for name, kind in kinds.items()}
    schema = pa.schema([pa.field(name, arrow_type(kind)) for name, kind in types.items()], metadata={ROW_METADATA: row_metadata(types.items(), metadata)})
    return pa.table([pa.array([row[name] for row in rows], schema.field(name).type) for name in types], schema=schema)
