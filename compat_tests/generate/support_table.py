"""translators/README.md: what mabridge converts, out of the translators themselves."""

from __future__ import annotations

import ast
import re
import typing
from dataclasses import MISSING, Field
from typing import Any

from compat_tests.catalogue.lines import recorded
from compat_tests.catalogue.read import NEWEST, SPARK, Param, catalogue, known_gaps, literal_values
from compat_tests.generate.markdown import code, generated_from, one_line, table
from compat_tests.repo.translators import PACKAGE, translator_files, translator_of
from mabridge.plan.conform import describe
from mabridge.plan.translate import saved_params
from mabridge.sdk import Translator

_HEADING = re.compile(r"^(Reads|Returns|Refuses|Differs from Spark): +(\S[\s\S]*?)(?=\n^(?:Reads|Returns|Refuses|Differs from Spark):|\Z)", re.MULTILINE)


def support_table() -> str:
    """The document."""
    entries = sorted(((translator_of(file), file) for file in translator_files()), key=lambda entry: _group(entry[0]))
    sections = [(translator, _docstring(file.read_text(encoding="utf-8")), file) for translator, file in entries]
    lines = [
        generated_from("the translators' own files"),
        "# What mabridge converts",
        "",
        "One file for each class. A saved param that is in neither list of its class refuses the stage, by name. Classes, params, defaults and values are",
        f"held against what Spark {SPARK} and {NEWEST} say of themselves, in `compat_tests/catalogue`.",
        "`saves read` names the lines of Spark of which a saved model is replayed in the tests; saves of older lines are read too.",
        "",
        *table(
            ("Spark class", "since Spark", "saves read", "refuses", "differs from Spark"),
            (
                (f"[{_short(translator)}](#{_short(translator).lower()})", translator.since, _saves(translator), said["Refuses"], said["Differs from Spark"])
                for translator, said, _ in sections
            ),
        ),
    ]
    lines += ["", *table((f"class of Spark {SPARK} without a translator", "why"), known_gaps()["classes"].items())]
    for translator, said, file in sections:
        lines += ["", f"## {_short(translator)}", "", f"{said['']} `{translator.spark_class}`, since Spark {translator.since};"]
        lines[-1] += f" its translator is [{file.relative_to(PACKAGE.parent).as_posix()}]({file.relative_to(PACKAGE.parent).as_posix()})."
        if translator.also:
            lines += ["", f"The same under the name {', '.join(code(name) for name in translator.also)}."]
        lines += ["", *(f"- {heading}: {said[heading]}" for heading in ("Reads", "Returns", "Refuses", "Differs from Spark"))]
        params = _params(translator)
        if params:
            lines += ["", *table(("param", "accepted", "default"), params)]
        if translator.training_only:
            lines += ["", f"Params that matter in `fit` alone: {', '.join(sorted(translator.training_only))}."]
    return "\n".join(lines) + "\n"


def _group(translator: Translator) -> tuple[str, str]:
    package, _, name = translator.spark_class.rpartition(".")
    return package, name


def _short(translator: Translator) -> str:
    return translator.spark_class.rsplit(".", 1)[-1]


def _saves(translator: Translator) -> str:
    """The lines of Spark of which a saved model is recorded; they follow each other."""
    lines = recorded(translator.spark_class)
    return f"{lines[0]} to {lines[-1]}" if lines else "none recorded"


def _docstring(text: str) -> dict[str, str]:
    """The sections of a translator's docstring; the first line, without the class, under the empty name."""
    docstring = ast.get_docstring(ast.parse(text)) or ""
    first = docstring.split("\n", 1)[0].split(": ", 1)[-1]
    return {"": first[:1].upper() + first[1:], **{heading: one_line(body) for heading, body in _HEADING.findall(docstring)}}


def _params(translator: Translator) -> list[tuple[str, str, str]]:
    hints = typing.get_type_hints(translator.params)
    spark = catalogue().get(translator.spark_class, {})
    return [(name, _accepted(hints[spec.name], spark.get(name)), _default(spec)) for name, spec in saved_params(translator.params).items()]


def _accepted(hint: Any, spark: Param | None) -> str:
    accepted = describe(hint).removesuffix(" or null")
    if spark is None or spark.allowed is None or literal_values(hint) is not None:
        return accepted
    return f"{accepted}, in Spark one of {', '.join(code(value) for value in spark.allowed)}{' in any case' if spark.any_case else ''}"


def _default(spec: Field[Any]) -> str:
    if spec.default_factory is not MISSING:
        return code(repr(spec.default_factory()))
    if spec.default is MISSING:
        return "must be set"
    if spec.default is None:
        return "not set"
    if isinstance(spec.default, bool):
        return code(str(spec.default).lower())
    if spec.default == "":
        return "empty"
    return code(str(spec.default))
