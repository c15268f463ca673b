"""Which kinds of cases each class should have, and which of them its recorded cases show.

A kind is named in words: `defaults`, `handleInvalid=keep`, `dropLast=false`, `threshold changed`, `thresholds set`, `probabilityCol switched off`,
`leafCol set`, `null`, `NaN`, `infinite`, `-0.0`, `empty input`, `dense vectors`, `sparse vectors`, `several columns`, `null under skip`. What a case shows
is read from its model's metadata and from the columns of its input that the stage reads, never from its name. Kinds of values are asked for only where
Spark takes columns that can have them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from compat_tests.catalogue.read import NO_DEFAULT, catalogue, fields_of, literal_values, same
from compat_tests.record.folders import folder_of
from mabridge.sdk import Translator

#: Params that name columns which a stage reads.
INPUTS = ("inputCol", "inputCols", "featuresCol", "offsetCol", "userCol", "itemCol", "itemsCol")
#: Params that name columns which a stage adds whatever they are called, or from which it takes what to write.
ALWAYS = ("outputCol", "outputCols", "labelCol", "categoricalCols", *INPUTS[:2])

FLOAT_KINDS = ("NaN", "infinite", "-0.0")
VECTOR_KINDS = ("dense vectors", "sparse vectors")


@dataclass(frozen=True)
class Seen:
    """What one recorded case holds.

    Attributes:
        values: each field of Params by its name in Spark, as the stage uses it; NO_DEFAULT where it is not set.
        kinds: what its input shows.
        floats: whether it reads floating values at all.
        vectors: whether it reads vectors.
        rows: whether Spark returned rows.
    """

    values: Mapping[str, Any]
    kinds: frozenset[str]
    floats: bool
    vectors: bool
    rows: bool


def missing_kinds(translator: Translator, cases: Path) -> tuple[str, ...]:
    """The kinds that no recorded case of a class shows, sorted.

    Args:
        translator: the class.
        cases: the root of the recorded cases.
    """
    fields = fields_of(translator)
    spark = catalogue().get(translator.spark_class, {})
    # A formula names its columns itself; featuresCol is what it makes.
    inputs = () if "formula" in spark else tuple(name for name in INPUTS if name in fields)
    seen = [see(path.parent, fields, inputs) for path in sorted((cases / folder_of(translator.spark_class)).glob("*/case.json"))]
    # What depends on the machine is no default that a case could show.
    defaults = {name: default for name, (_, default) in fields.items() if not str(getattr(spark.get(name), "default", "")).startswith("<")}
    shown = {kind for case in seen for kind in case.kinds}
    for case in seen:
        shown.update(_shown_params(case, defaults))
    # A column that Spark refuses is no column of the class.
    taken = [case for case in seen if case.rows]
    asked = set(asked_kinds(translator, floats=any(case.floats for case in taken), vectors=any(case.vectors for case in taken)))
    return tuple(sorted(asked - shown))


def asked_kinds(translator: Translator, *, floats: bool, vectors: bool) -> Iterator[str]:
    """The kinds that a class should have.

    Args:
        translator: the class.
        floats: whether it reads floating values.
        vectors: whether it reads vectors.
    """
    yield from ("defaults", "null", "empty input")
    if floats or vectors:
        yield from FLOAT_KINDS
    if vectors:
        yield from VECTOR_KINDS
    fields = fields_of(translator)
    if "inputCols" in fields:
        yield "several columns"
    spark = catalogue().get(translator.spark_class, {})
    for name, (hint, default) in fields.items():
        enumerated = (spark[name].allowed if name in spark else None) or literal_values(hint)
        for value in enumerated or (("false", "true") if hint is bool else ()):
            yield f"{name}={value}"
            if name == "handleInvalid":
                yield f"null under {value}"
                if floats:
                    yield f"NaN under {value}"
        if name.endswith("Col") and name not in ALWAYS:
            if default == "":
                yield f"{name} set"
            elif name not in INPUTS:
                yield f"{name} switched off"
        elif not name.endswith(("Col", "Cols")) and enumerated is None and hint is not bool and default is not NO_DEFAULT:
            yield f"{name} set" if default is None else f"{name} changed"


def _shown_params(case: Seen, defaults: Mapping[str, Any]) -> Iterator[str]:
    if case.rows and all(default in (NO_DEFAULT, None) or same(case.values[name], default) for name, default in defaults.items()):
        yield "defaults"
    if isinstance(case.values.get("handleInvalid"), str):
        yield from (f"{kind} under {case.values['handleInvalid']}" for kind in ("null", "NaN") if kind in case.kinds)
    if isinstance(case.values.get("inputCols"), list) and len(case.values["inputCols"]) > 1:
        yield "several columns"
    for name, value in case.values.items():
        if isinstance(value, bool):
            yield f"{name}={str(value).lower()}"
        elif value is not None and value is not NO_DEFAULT:
            if isinstance(value, str):
                yield f"{name}={value}"
                yield f"{name}={value.lower()}"
            if name not in defaults or not same(value, defaults[name]):
                yield f"{name} changed"
            yield f"{name} switched off" if value == "" else f"{name} set"


def see(folder: Path, fields: Mapping[str, tuple[Any, Any]], inputs: tuple[str, ...]) -> Seen:
    """Read one case.

    Args:
        folder: the case.
        fields: those of Params.
        inputs: the params that name the columns which the stage reads; none for a stage that reads all.
    """
    case = json.loads((folder / "case.json").read_text(encoding="utf-8"))
    (part,) = (folder / "model" / "metadata").glob("part-*")
    metadata = json.loads(part.read_text(encoding="utf-8"))
    saved = {**metadata.get("defaultParamMap", {}), **metadata["paramMap"]}
    values = {name: saved.get(name, default) for name, (_, default) in fields.items()}
    table = pq.read_table(folder / "input.parquet")
    kinds: set[str] = set()
    floats = vectors = False
    for column in _read_columns(table, [values[name] for name in inputs]):
        if column.null_count:
            kinds.add("null")
        if _is_vector(column.type):
            vectors = True
            stored = pc.unique(pc.struct_field(column.drop_null(), "type")).to_pylist()
            kinds.update(kind for kind, number in zip(VECTOR_KINDS, (1, 0), strict=True) if number in stored)
        for numbers in _numbers(column):
            floats = True
            kinds.update(_kinds_of(numbers))
    if table.num_rows == 0:
        kinds.add("empty input")
    return Seen(values, frozenset(kinds), floats, vectors, case["expect"] == "rows")


def _read_columns(table: pa.Table, named: Sequence[Any]) -> Iterator[pa.Array]:
    """The columns that the values of params name; all of them where there are no such params."""
    wanted: set[str] = set()
    for value in named:
        wanted.update([value] if isinstance(value, str) else value if isinstance(value, list) else [])
    lower = {name.lower().strip("`") for name in wanted}
    for name in table.column_names:
        if not named or name.lower() in lower:
            yield table[name].combine_chunks()


def _is_vector(kind: pa.DataType) -> bool:
    return pa.types.is_struct(kind) and [kind.field(place).name for place in range(kind.num_fields)] == ["type", "size", "indices", "values"]


def _numbers(column: pa.Array) -> Iterator[np.ndarray[Any, np.dtype[np.floating[Any]]]]:
    """All floating values in a column, at any depth."""
    kind = column.type
    if pa.types.is_floating(kind):
        yield column.drop_null().to_numpy(zero_copy_only=False)
    elif pa.types.is_list(kind):
        yield from _numbers(column.drop_null().flatten())
    elif pa.types.is_struct(kind):
        for name in (kind.field(place).name for place in range(kind.num_fields)):
            yield from _numbers(pc.struct_field(column.drop_null(), name))


def _kinds_of(numbers: np.ndarray[Any, np.dtype[np.floating[Any]]]) -> Iterator[str]:
    if np.isnan(numbers).any():
        yield "NaN"
    if np.isinf(numbers).any():
        yield "infinite"
    if ((numbers == 0) & np.signbit(numbers)).any():
        yield "-0.0"
