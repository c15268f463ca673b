"""Which translator serves which Spark class: the entry points of the group `mabridge.translators`."""

from __future__ import annotations

from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import TYPE_CHECKING

from mabridge.errors import AmbiguousTranslatorError, MalformedTranslatorError

if TYPE_CHECKING:
    from mabridge.sdk import Translator

GROUP = "mabridge.translators"


@cache
def _entries() -> dict[str, tuple[EntryPoint, ...]]:
    found: dict[str, list[EntryPoint]] = {}
    for entry in entry_points(group=GROUP):
        known = found.setdefault(entry.name, [])
        # An editable install can list its metadata twice; the same target twice is no ambiguity.
        if all(other.value != entry.value for other in known):
            known.append(entry)
    return {name: tuple(entries) for name, entries in found.items()}


def supported_classes() -> tuple[str, ...]:
    """The Spark classes that have a translator, sorted."""
    return tuple(sorted(_entries()))


@cache
def find_translator(spark_class: str) -> Translator | None:
    """The translator of a Spark class, by its exact name; None where no installed package brings one.

    Raises:
        AmbiguousTranslatorError: two packages bring one.
        MalformedTranslatorError: the entry point cannot be loaded, or does not hold a translator for the class.
    """
    from mabridge.sdk import Translator

    entries = _entries().get(spark_class, ())
    if not entries:
        return None
    if len(entries) > 1:
        places = " and ".join(f"{entry.value} ({entry.dist.name if entry.dist else 'unknown package'})" for entry in entries)
        raise AmbiguousTranslatorError(f"The class {spark_class} has two translators, {places}; uninstall one of the packages.")
    entry = entries[0]
    package = entry.dist.name if entry.dist else "unknown package"
    try:
        translator = entry.load()
    except Exception as error:  # whatever a package of somebody else raises while it is imported
        raise MalformedTranslatorError(
            f"The translator {entry.value} ({package}) for {spark_class} cannot be loaded: {type(error).__name__}: {error}. Upgrade or uninstall the package."
        ) from error
    if not isinstance(translator, Translator) or spark_class not in (translator.spark_class, *translator.also):
        raise MalformedTranslatorError(f"{entry.value} ({package}) is not a translator for {spark_class}. Upgrade or uninstall the package.")
    return translator
