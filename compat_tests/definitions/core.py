"""What a slow definition is made of: saved stages as plain Python, rows, vectors, and when two values are equal."""

from __future__ import annotations

import json
import math
import struct
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

#: DESIGN.md: |a - b| <= 1e-12 * max(|a|, s).
RELATIVE = 1e-12


class RefusedError(Exception):
    """Spark refuses the row."""


class DroppedError(Exception):
    """Spark leaves the row out."""


@dataclass(frozen=True)
class Near:
    """A double that need not be equal to the bit.

    Attributes:
        value: by the definition.
        scale: the sum of the absolute terms that it came from; infinite where finite terms overflow or values tie: their order decides, and the definition
            says nothing.
    """

    value: float
    scale: float = 0.0


@dataclass(frozen=True)
class Vector:
    """A vector of doubles (or `Near` ones).

    Attributes:
        size: how many features it has.
        entries: what it stores, by place in ascending order: everything in a dense vector.
        is_dense: whether it is one.
    """

    size: int
    entries: Mapping[int, Any]
    is_dense: bool

    @property
    def values(self) -> tuple[Any, ...]:
        """All features, zeros too."""
        return tuple(self.entries.get(place, 0.0) for place in range(self.size))

    def active(self) -> list[tuple[int, Any]]:
        """(place, value) of what is stored."""
        return list(self.entries.items())

    def map_active(self, change: Callable[[int, float], float]) -> Vector:
        """The same places stored, with other values."""
        return Vector(self.size, {place: change(place, value) for place, value in self.entries.items()}, self.is_dense)


def dense(values: Sequence[Any]) -> Vector:
    """A dense vector."""
    return Vector(len(values), dict(enumerate(values)), True)


def sparse(size: int, entries: Mapping[int, float]) -> Vector:
    """A sparse vector that stores these entries, zeros too."""
    return Vector(size, dict(sorted(entries.items())), False)


def compressed(vector: Vector) -> Vector:
    """`Vector.compressed`: sparse where that takes fewer bytes, without stored zeros; the first of two equal choices is dense."""
    entries = {place: value for place, value in vector.active() if value != 0.0}
    return sparse(vector.size, entries) if 1.5 * (len(entries) + 1.0) < vector.size else dense(vector.values)


def to_vector(value: Any) -> Vector | None:
    """A vector out of Spark's struct, or out of an array of numbers; None stays None."""
    if value is None:
        return None
    if isinstance(value, (list, tuple)):
        return dense([float(item) for item in value])
    if value["type"] == 1:
        return dense(value["values"])
    return sparse(value["size"], dict(zip(value["indices"], value["values"], strict=True)))


def struct_of(vector: Vector) -> dict[str, Any]:
    """Spark's struct of a vector."""
    if vector.is_dense:
        return {"type": 1, "size": None, "indices": None, "values": list(vector.values)}
    return {"type": 0, "size": vector.size, "indices": list(vector.entries), "values": list(vector.entries.values())}


def to_matrix(value: Mapping[str, Any]) -> list[list[float]]:
    """The rows of a matrix out of Spark's struct, dense or sparse, by columns or (isTransposed) by rows."""
    return [list(row.values) for row in matrix_rows(value)]


def matrix_rows(value: Mapping[str, Any]) -> list[Vector]:
    """The rows as vectors: of a sparse matrix with the entries that it stores."""
    height, width = value["numRows"], value["numCols"]
    rows: list[dict[int, float]] = [{} for _ in range(height)]
    transposed = value["isTransposed"]
    if value["type"] == 1:
        for place, number in enumerate(value["values"]):
            row, column = (place // width, place % width) if transposed else (place % height, place // height)
            rows[row][column] = number
        return [dense([row[column] for column in range(width)]) for row in rows]
    starts = value["colPtrs"]
    for major in range(len(starts) - 1):
        for place in range(starts[major], starts[major + 1]):
            row, column = (major, value["rowIndices"][place]) if transposed else (value["rowIndices"][place], major)
            rows[row][column] = value["values"][place]
    return [sparse(width, row) for row in rows]


@dataclass(frozen=True)
class Row:
    """An input row; names are found as Spark finds them, whatever their case unless the session says otherwise.

    Attributes:
        values: by column; vectors are `Vector`.
        types: Spark's names of the columns' types (`double`, `int`, `string`, `vector`, ...).
        sizes: of the vectors in each vector column, where there is one that is not null.
    """

    values: Mapping[str, Any]
    types: Mapping[str, str]
    sizes: Mapping[str, int]
    case_sensitive: bool = False

    def name(self, column: str) -> str | None:
        """The column's own spelling; None where there is no such column."""
        plain = column[1:-1].replace("``", "`") if column.startswith("`") and column.endswith("`") else column
        for name in self.values:
            if name == plain or (not self.case_sensitive and name.lower() == plain.lower()):
                return name
        return None

    def __getitem__(self, column: str) -> Any:
        name = self.name(column)
        if name is None:
            raise KeyError(column)
        return self.values[name]

    def type(self, column: str) -> str:
        """The type of a column that is there."""
        return self.types[self.name(column) or column]

    def number(self, column: str) -> float | None:
        """A number as the double that Spark casts it to."""
        value = self[column]
        return None if value is None else float(value)

    def vector(self, column: str) -> Vector:
        """A vector.

        Raises:
            RefusedError: it is null.
        """
        value = self[column]
        if isinstance(value, list):
            return dense([float(item) for item in value])
        if not isinstance(value, Vector):
            raise RefusedError(f"{column} is null")
        return value


@dataclass(frozen=True)
class Fitted:
    """A saved stage as plain Python.

    Attributes:
        class_name, uid: the stage's.
        params: the params that are set over those that have defaults; doubles are doubles, also NaN and the infinities.
        tables: each parquet folder's rows.
        metadata: the rest of the metadata.
        schemas: the Arrow schema of each table, for writing.
        children: stages saved inside, by folder.
    """

    class_name: str
    uid: str
    params: Mapping[str, Any]
    tables: Mapping[str, list[dict[str, Any]]]
    metadata: Mapping[str, Any]
    schemas: Mapping[str, pa.Schema] = field(default_factory=dict)
    children: Mapping[str, Fitted] = field(default_factory=dict)

    @property
    def data(self) -> dict[str, Any]:
        """The one row of `data`."""
        (row,) = self.tables["data"]
        return row

    def columns(self) -> list[tuple[str, str]]:
        """(input, output) of a stage that takes one column or several."""
        if self.params.get("inputCols") is not None:
            return list(zip(self.params["inputCols"], self.params["outputCols"], strict=True))
        return [(self.params["inputCol"], self.output)]

    @property
    def output(self) -> str:
        """The output column of a stage that has one."""
        return str(self.params.get("outputCol", f"{self.uid}__output"))

    def with_data(self, **values: Any) -> Fitted:
        """The same stage with other values in the one row of `data`."""
        return replace(self, tables={**self.tables, "data": [{**self.data, **values}]})

    def with_params(self, **values: Any) -> Fitted:
        """The same stage with other params."""
        return replace(self, params={**self.params, **values})

    def write(self, folder: Path) -> None:
        """Save it as Spark does."""
        (folder / "metadata").mkdir(parents=True)
        defaults = self.metadata.get("defaultParamMap", {})
        given = {name: _to_json(value) for name, value in self.params.items()}
        changed = {name: value for name, value in given.items() if name in self.metadata["paramMap"] or value != defaults.get(name)}
        metadata = {**self.metadata, "paramMap": changed}
        (folder / "metadata" / "part-00000").write_text(json.dumps(metadata) + "\n", encoding="utf-8")
        for name, rows in self.tables.items():
            (folder / name).mkdir()
            pq.write_table(pa.Table.from_pylist(rows, schema=self.schemas[name]), folder / name / "part-00000.parquet")


#: A definition of a fitted stage: from a row to its output columns.
Definition = Callable[[Row], dict[str, Any]]


def read_fitted(folder: Path) -> Fitted:
    """A stage that Spark saved."""
    (part,) = (folder / "metadata").glob("part-*")
    metadata = json.loads(part.read_text(encoding="utf-8"))
    params = {name: value if name in _TEXTS else _of_json(value) for name, value in {**metadata.get("defaultParamMap", {}), **metadata["paramMap"]}.items()}
    tables, schemas, children = {}, {}, {}
    for inner in sorted(folder.iterdir()):
        parts = sorted(inner.glob("*.parquet")) if inner.is_dir() else []
        if parts:
            whole = pa.concat_tables([pq.read_table(path) for path in parts])
            tables[inner.name], schemas[inner.name] = whole.to_pylist(), whole.schema
        elif (inner / "metadata").is_dir():
            children[inner.name] = read_fitted(inner)
    return Fitted(metadata["class"], metadata["uid"], params, tables, metadata, schemas, children)


#: Params whose texts are texts, also "NaN".
_TEXTS = frozenset({"labels", "stopWords", "inputCol", "inputCols", "outputCol", "outputCols", "names"})


def _of_json(value: Any) -> Any:
    if isinstance(value, list):
        return [_of_json(item) for item in value]
    names = {"NaN": math.nan, "Inf": math.inf, "Infinity": math.inf, "-Inf": -math.inf, "-Infinity": -math.inf}
    return names.get(value, value) if isinstance(value, str) else value


def _to_json(value: Any) -> Any:
    if isinstance(value, (list, tuple)):
        return [_to_json(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Inf" if value > 0 else "-Inf"
    return value


def difference(expected: Any, actual: Any) -> str | None:
    """What is wrong with a value; None where it equals the definition's (which may be `Near`), or Spark's (where the other is `Near`)."""
    if isinstance(expected, Vector) or isinstance(actual, Vector):
        return _vector_difference(expected, actual)
    if isinstance(expected, list) and isinstance(actual, list):
        if len(expected) != len(actual):
            return f"{actual!r} where {expected!r} is meant"
        return next((found for pair in zip(expected, actual, strict=True) if (found := difference(*pair)) is not None), None)
    if isinstance(expected, int) and isinstance(actual, Near):
        # An index is a double in a definition.
        return difference(float(expected), actual)
    if isinstance(actual, int) and isinstance(expected, Near):
        return difference(expected, float(actual))
    scale = max((side.scale for side in (expected, actual) if isinstance(side, Near)), default=0.0)
    left, right = (side.value if isinstance(side, Near) else side for side in (expected, actual))
    if isinstance(left, float) and isinstance(right, float):
        near = left == right or (math.isnan(left) and math.isnan(right)) or scale == math.inf
        near = near or (math.isfinite(left) and math.isfinite(right) and abs(left - right) <= RELATIVE * max(abs(left), scale))
    else:
        near = type(left) is type(right) and left == right
    return None if near else f"{right!r} where {left!r} is meant (s = {scale:g})"


def _vector_difference(expected: Any, actual: Any) -> str | None:
    if not isinstance(expected, Vector) or not isinstance(actual, Vector):
        return f"{actual!r} where {expected!r} is meant"
    if expected.size != actual.size or expected.is_dense != actual.is_dense or list(expected.entries) != list(actual.entries):
        return f"another size or layout: {actual!r} where {expected!r} is meant"
    pairs = ((place, value, actual.entries[place]) for place, value in expected.entries.items())
    return next((f"feature {place}: {found}" for place, one, other in pairs if (found := difference(one, other)) is not None), None)


def _value(item: Any, kind: str) -> Any:
    if kind == "vector":
        return to_vector(item)
    return [to_vector(part) for part in item] if kind == "array<vector>" and item is not None else item


def plain_type(kind: pa.DataType) -> str:
    """Spark's name of an Arrow type, as far as definitions ask for it."""
    if pa.types.is_struct(kind) and {entry.name for entry in kind} == {"type", "size", "indices", "values"}:
        return "vector"
    if pa.types.is_list(kind):
        return f"array<{plain_type(kind.value_type)}>"
    names = {
        pa.float64(): "double",
        pa.float32(): "float",
        pa.int32(): "int",
        pa.int64(): "bigint",
        pa.int16(): "smallint",
        pa.int8(): "tinyint",
        pa.bool_(): "boolean",
        pa.string(): "string",
    }
    return names.get(kind, str(kind))


def rows_of(table: pa.Table, case_sensitive: bool = False) -> list[Row]:
    """A table's rows."""
    types = {name: plain_type(field_type) for name, field_type in zip(table.column_names, table.schema.types, strict=True)}
    columns = {name: [_value(item, types[name]) for item in table.column(name).to_pylist()] for name in table.column_names}
    sizes = {name: vectors[0].size for name, column in columns.items() if (vectors := [item for item in column if isinstance(item, Vector)])}
    return [Row({name: column[place] for name, column in columns.items()}, types, sizes, case_sensitive) for place in range(table.num_rows)]


def java_text(value: Any, kind: str = "") -> str:
    """A value of a type as Java's toString writes it; a double in the shortest digits that mean it, as Java 17 has it for nearly all."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, float):
        return str(value)
    if not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    if abs(value) == 5e-324:
        return "4.9E-324" if value > 0 else "-4.9E-324"
    if kind == "float" and abs(value) == 2.0**-149:
        return "1.4E-45" if value > 0 else "-1.4E-45"
    shortest = repr(value) if kind != "float" else next(text for size in range(1, 10) if float32(float(text := f"{value:.{size}g}")) == value)
    if value == 0 or 1e-3 <= abs(value) < 1e7:
        plain = format(Decimal(shortest), "f")
        return plain if "." in plain else plain + ".0"
    digits, _, power = format(Decimal(shortest).normalize(), "E").partition("E")
    return f"{digits if '.' in digits else digits + '.0'}E{int(power)}"


def float32(value: float) -> float:
    """The nearest 32-bit float."""
    try:
        return float(struct.unpack("<f", struct.pack("<f", value))[0])
    except OverflowError:
        return math.copysign(math.inf, value)


def divide(left: float, right: float) -> float:
    """A quotient as Java has it."""
    if right != 0:
        return left / right
    if left == 0 or math.isnan(left) or math.isnan(right):
        return math.nan
    return math.copysign(math.inf, left) * math.copysign(1.0, right)


def power(base: float, exponent: float) -> float:
    """Math.pow of a base that is not negative."""
    try:
        return math.pow(base, exponent)
    except OverflowError:
        return math.inf
    except ValueError:
        return math.inf if base == 0 else math.nan


def exp(value: float) -> float:
    """Math.exp."""
    try:
        return math.exp(value)
    except OverflowError:
        return math.inf


def log(value: float) -> float:
    """Math.log."""
    return math.log(value) if value > 0 else -math.inf if value == 0 else math.nan
