"""From a saved stage to steps: the walk over the tree, the closed world of params, and all refusals together."""

from __future__ import annotations

import difflib
import re
import typing
from collections.abc import Iterator
from dataclasses import MISSING, Field, fields
from typing import Any

import numpy as np

from mabridge.errors import MalformedModelError, UnsupportedExpressionError, UnsupportedPipelineError, UnsupportedStageError
from mabridge.plan.conform import conform
from mabridge.plan.op import Op, StageRef, Step
from mabridge.plan.reference import Reference
from mabridge.plan.sound import check_op
from mabridge.registry import find_translator, supported_classes
from mabridge.saved import SavedStage
from mabridge.sdk import Stage, Translator

#: How many problems of one stage a message lists.
_SHOWN = 40


def translate(saved: SavedStage, reference: Reference) -> tuple[Step, ...]:
    """Translate a saved stage, and all it contains, to steps over column names.

    Args:
        saved: the stage; a pipeline's own stages are found through its translator.
        reference: whose answers are meant.

    Raises:
        UnsupportedPipelineError: some stages or params are refused; it lists every one.
        MalformedModelError: a stage's files are wrong.
    """
    refusals: list[str] = []
    with np.errstate(all="ignore"):
        steps = tuple(_steps(saved, reference, refusals))
    if refusals:
        raise UnsupportedPipelineError(refusals)
    return steps


def _steps(saved: SavedStage, reference: Reference, refusals: list[str]) -> Iterator[Step]:
    ref = StageRef(saved.location, saved.class_name, saved.uid)
    try:
        translator = find_translator(saved.class_name)
        if translator is None:
            raise UnsupportedStageError(_unknown_class(saved.class_name))
        for item in translator.translate(_stage(saved, translator, reference)):
            if isinstance(item, Op):
                check_op(item)
                yield Step(item, ref)
            else:
                yield from _steps(item, reference, refusals)
    except UnsupportedPipelineError as error:
        refusals.extend(error.refusals)
    except (UnsupportedStageError, UnsupportedExpressionError) as error:
        refusals.append(f"{ref}: {error}")
    except MalformedModelError:
        raise
    except (ValueError, LookupError, TypeError, ArithmeticError, AttributeError, NotImplementedError, RecursionError, MemoryError) as error:
        reason = (str(error).splitlines() or [type(error).__name__])[0][:300]
        raise MalformedModelError(f"{saved.path}: the saved data of {saved.class_name} cannot be read: {reason}") from error


def _unknown_class(name: str) -> str:
    near = difflib.get_close_matches(name, supported_classes(), n=1, cutoff=0.85)
    hint = f" The nearest class that has one is {near[0]}." if near else ""
    return (
        f"no translator is installed for the class {name}.{hint} Leave the stage out in Spark and save again, or install a package that brings a translator "
        "(entry point group `mabridge.translators`)."
    )


def _stage(saved: SavedStage, translator: Translator, reference: Reference) -> Stage[Any]:
    """Check the saved params against the translator's closed world.

    Raises:
        UnsupportedStageError: a param is unknown, absent without a default, or has a value that is not accepted.
    """
    hints = typing.get_type_hints(translator.params)
    specs = saved_params(translator.params)
    values: dict[str, Any] = {}
    problems: list[str] = []
    for name, value in {**saved.defaults, **saved.params}.items():
        spec = specs.get(name)
        if spec is None:
            if name not in translator.training_only:
                problems.append(f"the param {name} = {_short(value)} is not known for this class; upgrade mabridge, or report the Spark build that saved it")
            continue
        try:
            values[spec.name] = conform(value, hints[spec.name])
        except ValueError as error:
            problems.append(f"the param {name} = {_short(value)} is not supported ({error})")
    for name, spec in specs.items():
        if spec.name not in values and spec.default is MISSING and spec.default_factory is MISSING and name not in {**saved.defaults, **saved.params}:
            problems.append(f"the param {name} is not set")
    if problems:
        more = f"; and {len(problems) - _SHOWN:,} more" if len(problems) > _SHOWN else ""
        raise UnsupportedStageError("; ".join(problems[:_SHOWN]) + more + ".")
    given = frozenset(specs[name].name for name in saved.params if name in specs)
    return Stage(translator.params(**values), saved, given, reference)


def saved_params(params: type[Any]) -> dict[str, Field[Any]]:
    """The fields of a translator's `params` class, by the name that the param has in saved metadata."""
    return {spec.metadata.get("saved_name", _camel(spec.name)): spec for spec in fields(params)}


def _camel(name: str) -> str:
    return re.sub(r"_([a-z0-9])", lambda match: match.group(1).upper(), name)


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 120 else text[:120] + "..."
