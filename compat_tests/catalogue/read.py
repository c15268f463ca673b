"""The catalogue that `python -m compat_tests.record.spark_catalogue` recorded, and a translator's Params in its terms."""

from __future__ import annotations

import json
import math
import typing
from dataclasses import MISSING, Field, dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from mabridge.plan.translate import saved_params
from mabridge.sdk import Translator

HERE = Path(__file__).resolve().parent
#: What mabridge lacks and knows that it lacks; see gaps.py.
LIST = HERE / "known_gaps.json"
#: The Spark whose classes are meant.
SPARK = "3.5.7"
#: The newest Spark that was looked at.
NEWEST = "4.3.0"


class _NoDefault:
    def __repr__(self) -> str:
        return "no default"


#: Default of a param that has none; in a translator, the param must then be set.
NO_DEFAULT = _NoDefault()


@dataclass(frozen=True)
class Param:
    """What Spark says of one param.

    Attributes:
        default: as Spark saves it; NO_DEFAULT where there is none. A text in angle brackets depends on the stage's uid or on the machine.
        allowed: the enumerated values, None where there is no enumeration.
        any_case: whether Spark takes those in capitals too.
        check: Spark's validator.
        doc: Spark's description.
    """

    default: Any
    allowed: tuple[str, ...] | None
    any_case: bool
    check: str
    doc: str


@cache
def catalogue(spark: str = SPARK) -> dict[str, dict[str, Param]]:
    """Spark class -> param name -> facts, for every concrete Transformer of a Spark version: 3.5.7 or the newest."""
    recorded = json.loads((HERE / f"spark-{spark}.json").read_text(encoding="utf-8"))
    return {name: {param: _param(said) for param, said in facts["params"].items()} for name, facts in recorded["classes"].items()}


def _param(said: dict[str, Any]) -> Param:
    allowed = tuple(said["allowed"]) if "allowed" in said else None
    return Param(said.get("default", NO_DEFAULT), allowed, said.get("any_case", False), said["check"], said["doc"])


def known_gaps() -> dict[str, Any]:
    """The list of known gaps."""
    listed: dict[str, Any] = json.loads(LIST.read_text(encoding="utf-8"))
    return listed


def literal_values(hint: Any) -> tuple[str, ...] | None:
    """The values of a Literal, also one within a union; None where there is none."""
    if typing.get_origin(hint) is Literal:
        return tuple(typing.get_args(hint))
    found = [values for part in typing.get_args(hint) if (values := literal_values(part)) is not None]
    return found[0] if len(found) == 1 else None


def fields_of(translator: Translator) -> dict[str, tuple[Any, Any]]:
    """Param name -> (type hint, default as Spark would save it, or NO_DEFAULT) of a translator's Params."""
    hints = typing.get_type_hints(translator.params)
    return {name: (hints[spec.name], _default(spec)) for name, spec in saved_params(translator.params).items()}


def _default(spec: Field[Any]) -> Any:
    if spec.default_factory is not MISSING:
        return as_saved(spec.default_factory())
    return NO_DEFAULT if spec.default is MISSING else as_saved(spec.default)


def as_saved(value: Any) -> Any:
    """A value of Params as it stands in saved metadata."""
    if isinstance(value, tuple):
        return [as_saved(part) for part in value]
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    return value


def same(left: Any, right: Any) -> bool:
    """Whether two saved values are one: 1 and 1.0 are, True and 1 are not."""
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(same(one, other) for one, other in zip(left, right, strict=True))
    return bool(left == right)
