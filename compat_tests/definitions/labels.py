"""Stages between labels and indices: StringIndexerModel, IndexToString, OneHotEncoderModel, VectorIndexerModel."""

from __future__ import annotations

import math
from typing import Any

from compat_tests.definitions.core import Definition, DroppedError, Fitted, RefusedError, Row, java_text, sparse


def string_indexer(stage: Fitted) -> Definition:
    """The place of the value's text among the labels. Under `skip` null and NaN go as well; under `keep` all of these get the place after the last."""
    how, data = stage.params.get("handleInvalid", "error"), stage.data
    arrays = data["labelsArray"] if "labelsArray" in data else [data["labels"]]

    def index(row: Row, source: str, labels: list[str]) -> float:
        value = row[source]
        missing = value is None or (how == "skip" and isinstance(value, float) and math.isnan(value))
        text = "" if value is None else java_text(value, row.type(source))
        if not missing and text in labels:
            # Of a label that stands there twice the last place counts.
            return float(len(labels) - 1 - labels[::-1].index(text))
        if how == "keep":
            return float(len(labels))
        raise DroppedError if how == "skip" else RefusedError(f"unseen: {value}")

    def define(row: Row) -> dict[str, Any]:
        if how == "skip":
            # The rows go first, and for this Spark finds a column in any case; one that is not there is refused.
            for (source, _), labels in zip(stage.columns(), arrays, strict=True):
                if row.name(source) is None:
                    raise RefusedError(f"no column {source}")
                index(row, source, labels)
        # Spark passes over a column that is not there, and looks for its name to the letter.
        there = [(pair, labels) for pair, labels in zip(stage.columns(), arrays, strict=True) if pair[0] in row.values]
        return {target: index(row, source, labels) for (source, target), labels in there}

    return define


def index_to_string(stage: Fitted) -> Definition:
    """The label at the whole part of the index; null stays null. Only for labels that the param gives."""
    labels = stage.params["labels"]

    def define(row: Row) -> dict[str, Any]:
        value = row.number(stage.params["inputCol"])
        if value is None:
            return {stage.output: None}
        place = 0 if math.isnan(value) else int(min(max(value, -1e9), 1e9))
        if not 0 <= place < len(labels):
            raise RefusedError(f"no label {place}")
        return {stage.output: labels[place]}

    return define


def one_hot_encoder(stage: Fitted) -> Definition:
    """A sparse vector with 1.0 at the category; under `keep` what is none is one more category; dropLast leaves the last one without an entry."""
    keep, drop = stage.params["handleInvalid"] == "keep", stage.params["dropLast"]

    def encode(value: float | None, categories: int) -> Any:
        if value is None:
            return None
        if not 0 <= value < categories and not keep:
            raise RefusedError(f"no category: {value}")
        place = int(value) if 0 <= value < categories else categories
        size = categories + keep - drop
        return sparse(size, {place: 1.0} if place < size else {})

    sizes = stage.data["categorySizes"]
    return lambda row: {target: encode(row.number(source), size) for (source, target), size in zip(stage.columns(), sizes, strict=True)}


def vector_indexer(stage: Fitted) -> Definition:
    """In each categorical feature the value's index among those seen; under `keep` an unseen one gets the place after the last."""
    how = stage.params.get("handleInvalid", "error")
    maps = {feature: dict(entries) for feature, entries in stage.data["categoryMaps"]}

    def index(place: int, value: float) -> float:
        seen = maps.get(place)
        if seen is None:
            return value
        if value in seen:
            return float(seen[value])
        if how == "keep":
            return float(len(seen))
        raise DroppedError if how == "skip" else RefusedError(f"unseen: {value} in feature {place}")

    def define(row: Row) -> dict[str, Any]:
        vector = row.vector(stage.params["inputCol"])
        if vector.size != stage.data["numFeatures"]:
            raise RefusedError("another size")
        return {stage.output: vector.map_active(index)}

    return define
