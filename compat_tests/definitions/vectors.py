"""Stages from vectors to vectors: assembling, selecting, scaling, expanding, projecting, hashing."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from compat_tests.definitions.core import (
    Definition,
    DroppedError,
    Fitted,
    Near,
    RefusedError,
    Row,
    Vector,
    compressed,
    dense,
    divide,
    power,
    sparse,
    to_matrix,
    to_vector,
)


def _on_vector(stage: Fitted, change: Callable[[Vector], Any]) -> Definition:
    """A stage of one vector column."""
    source = stage.params["inputCol"] if "inputCol" in stage.params else stage.params["featuresCol"]
    return lambda row: {stage.output: change(row.vector(source))}


def _saved_vector(stage: Fitted, name: str) -> tuple[float, ...]:
    found = to_vector(stage.data[name])
    assert found is not None
    return found.values


def _of_size(vector: Vector, size: int) -> None:
    if vector.size != size:
        raise RefusedError("another size")


def vector_assembler(stage: Fitted) -> Definition:
    """All numbers and vectors of the row, one behind the other, without the zeros, sparse or dense by which is smaller.

    Null and NaN numbers and null vectors are refused, under `skip` they drop the row, under `keep` a null becomes NaN, one for each feature.
    """
    how = stage.params.get("handleInvalid", "error")

    def define(row: Row) -> dict[str, Any]:
        size, entries = 0, {}
        for column in stage.params["inputCols"]:
            value = row[column]
            if isinstance(value, Vector):
                entries |= {size + place: entry for place, entry in value.active()}
                size += value.size
                continue
            if how != "keep" and (value is None or math.isnan(value)):
                raise DroppedError if how == "skip" else RefusedError(f"{column} is {value}")
            name = row.name(column)
            count = row.sizes[name] if name is not None and row.types[name] == "vector" else 1
            entries |= {size + place: math.nan if value is None else float(value) for place in range(count)}
            size += count
        return {stage.output: compressed(sparse(size, entries))}

    return define


def _chosen(vector: Vector, places: Sequence[int]) -> Vector:
    """These features in this order, stored as they were."""
    entries = {number: vector.entries[place] for number, place in enumerate(places) if place in vector.entries}
    return Vector(len(places), entries, vector.is_dense)


def vector_slicer(stage: Fitted) -> Definition:
    """The features of these indices, in this order. Only for indices, not for names."""
    indices = stage.params["indices"]

    def change(vector: Vector) -> Vector:
        if vector.is_dense and any(place >= vector.size for place in indices):
            raise RefusedError("no such feature")
        found = _chosen(vector, indices)
        # A sparse slice stores no zeros.
        return found if vector.is_dense else sparse(found.size, {place: value for place, value in found.active() if value != 0})

    return _on_vector(stage, change)


def selector(stage: Fitted) -> Definition:
    """The selected features, in ascending order."""
    selected = sorted(stage.data["selectedFeatures"])

    def change(vector: Vector) -> Vector:
        if vector.is_dense and selected and selected[-1] >= vector.size:
            raise RefusedError("no such feature")
        return _chosen(vector, selected)

    return _on_vector(stage, change)


def _shift_and_scale(stage: Fitted, shift: Sequence[float] | None, scale: Sequence[float] | None, size: int) -> Definition:
    """(v - shift) * scale, dense where there is a shift; else v * scale of what is stored. Spark does not ask whether a vector is too short."""
    if shift is None and scale is None:
        return lambda row: {stage.output: row[stage.params["inputCol"]]}

    def change(vector: Vector) -> Vector:
        if vector.size > size:
            raise RefusedError("a longer vector")
        if shift is not None:
            moved = [value - shift[place] for place, value in enumerate(vector.values)]
            return dense([value * scale[place] for place, value in enumerate(moved)] if scale is not None else moved)
        return vector if scale is None else vector.map_active(lambda place, value: value * scale[place])

    return _on_vector(stage, change)


def _reciprocals(values: Sequence[float], otherwise: float) -> list[float]:
    return [otherwise if value == 0 else 1.0 / value for value in values]


def standard_scaler(stage: Fitted) -> Definition:
    """Less the mean, over the deviation; a feature without deviation becomes 0."""
    mean, deviation = _saved_vector(stage, "mean"), _saved_vector(stage, "std")
    scale = _reciprocals(deviation, 0.0) if stage.params["withStd"] else None
    return _shift_and_scale(stage, mean if stage.params["withMean"] else None, scale, len(mean))


def robust_scaler(stage: Fitted) -> Definition:
    """Less the median, over the range between the quantiles; a feature without range becomes 0."""
    median, span = _saved_vector(stage, "median"), _saved_vector(stage, "range")
    scale = _reciprocals(span, 0.0) if stage.params["withScaling"] else None
    return _shift_and_scale(stage, median if stage.params["withCentering"] else None, scale, len(median))


def max_abs_scaler(stage: Fitted) -> Definition:
    """Over the greatest magnitude; a feature that was always zero stays as it is."""
    greatest = _saved_vector(stage, "maxAbs")
    return _shift_and_scale(stage, None, _reciprocals(greatest, 1.0), len(greatest))


def idf(stage: Fitted) -> Definition:
    """Times the inverse document frequency."""
    weights = _saved_vector(stage, "idf")
    return _shift_and_scale(stage, None, weights, len(weights))


def min_max_scaler(stage: Fitted) -> Definition:
    """The fitted range becomes [min, max]; a constant feature becomes the middle; NaN stays."""
    low, high = _saved_vector(stage, "originalMin"), _saved_vector(stage, "originalMax")
    least, most = stage.params["min"], stage.params["max"]

    def one(place: int, value: float) -> float:
        if math.isnan(value):
            return value
        span = high[place] - low[place]
        factor = (most - least) / span if span != 0 else 0.0
        return (value - low[place]) * factor + least if factor != 0 else (least + most) / 2

    def change(vector: Vector) -> Vector:
        _of_size(vector, len(low))
        return compressed(dense([one(place, value) for place, value in enumerate(vector.values)]))

    return _on_vector(stage, change)


def normalizer(stage: Fitted) -> Definition:
    """Over the p-norm; a vector whose norm is 0 stays as it is."""
    exponent = stage.params["p"]

    def norm(vector: Vector) -> float:
        sizes = [abs(value) for _, value in vector.active()]
        if exponent == math.inf:
            greatest = 0.0
            for size in sizes:
                greatest = size if size > greatest else greatest
            return greatest
        if exponent == 2:
            return math.sqrt(sum((size * size for size in sizes), 0.0))
        return sum(sizes, 0.0) if exponent == 1 else power(sum((power(size, exponent) for size in sizes), 0.0), 1 / exponent)

    def change(vector: Vector) -> Vector:
        length = norm(vector)
        return vector.map_active(lambda place, value: divide(value, length)) if length != 0 else vector

    return _on_vector(stage, change)


def elementwise_product(stage: Fitted) -> Definition:
    """Times the factor of its place."""
    saved = stage.params["scalingVec"]
    factors = [float(value) for value in saved["values"]]
    if saved["type"] == 0:
        factors = list(sparse(saved["size"], dict(zip(saved["indices"], factors, strict=True))).values)
    return _shift_and_scale(stage, None, factors, len(factors))


def polynomial_expansion(stage: Fitted) -> Definition:
    """All products of up to `degree` features but the constant, ordered by the last feature's power, then the one before it, and so on; a product is left
    at 0 as soon as a factor makes it 0, and a sparse vector then does not store it."""

    def products(values: Sequence[float | None], degree: int, multiplier: float) -> Iterator[float]:
        if degree == 0 or not values:
            yield multiplier
            return
        for exponent in range(degree + 1):
            yield from products(values[:-1], degree - exponent, multiplier)
            last = values[-1]
            multiplier = multiplier * last if multiplier != 0 and last is not None else 0.0

    def change(vector: Vector) -> Vector:
        # What a sparse vector does not store is no factor at all, so that NaN times it is nothing.
        found = list(products([vector.entries.get(place) for place in range(vector.size)], stage.params["degree"], 1.0))[1:]
        return dense(found) if vector.is_dense else sparse(len(found), {place: value for place, value in enumerate(found) if value != 0})

    return _on_vector(stage, change)


def dct(stage: Fitted) -> Definition:
    """The scaled cosine transform of type II, and its inverse."""

    def change(vector: Vector) -> Vector:
        size, values = vector.size, vector.values
        scale = sum(map(abs, values))
        if scale > 1e290 and size > 1:
            raise RefusedError("docs/adr/0005")
        factors = [math.sqrt((1 if place == 0 else 2) / size) for place in range(size)]

        def entry(place: int) -> float:
            if stage.params["inverse"]:
                return math.fsum(factors[k] * values[k] * math.cos(math.pi * (2 * place + 1) * k / (2 * size)) for k in range(size))
            return factors[place] * math.fsum(values[n] * math.cos(math.pi * (2 * n + 1) * place / (2 * size)) for n in range(size))

        return dense([Near(entry(place), scale) for place in range(size)])

    return _on_vector(stage, change)


def total(terms: Sequence[float]) -> Near:
    """A sum, and that of the magnitudes; where a term is infinite or NaN so is the sum, in any order."""
    return Near(sum(terms, 0.0), sum(map(abs, terms)) if all(map(math.isfinite, terms)) else 0.0)


def dot(left: Sequence[float], right: Sequence[float], more: float = 0.0) -> Near:
    """A sum of products, and one more term. Spark's may overflow elsewhere: it rounds a product and its sum once."""
    pairs = list(zip(left, right, strict=True))
    found = total([*(one * other for one, other in pairs), more])
    lost = any(math.isfinite(one) and math.isfinite(other) and not math.isfinite(one * other) for one, other in pairs)
    return Near(found.value, math.inf) if lost else found


def pca(stage: Fitted) -> Definition:
    """One sum of products for each principal component."""
    components = list(zip(*to_matrix(stage.data["pc"]), strict=True))

    def change(vector: Vector) -> Vector:
        _of_size(vector, len(components[0]))
        return dense([dot([value for _, value in vector.active()], [component[place] for place in vector.entries]) for component in components])

    return _on_vector(stage, change)


def random_projection_lsh(stage: Fitted) -> Definition:
    """The number of the bucket on each random line: floor(v . unit * (1 / bucketLength)); a factor of 0 asks for no product."""
    units, length = to_matrix(stage.data["randUnitVectors"]), stage.params["bucketLength"]

    def bucket(vector: Vector, unit: Sequence[float]) -> Vector:
        found = dot(vector.values, unit)
        if found.scale == math.inf and length != math.inf:
            return dense([Near(0.0, math.inf)])
        along = found.value * (1.0 / length) if length != math.inf else 0.0
        if not math.isfinite(along):
            return dense([along])
        # At the edge of a bucket the last bit of the sum decides.
        edge = abs(along - round(along)) <= 1e-9 * max(1.0, abs(along)) and length != math.inf
        return dense([Near(float(math.floor(along)), math.inf if edge else 0.0)])

    def change(vector: Vector) -> list[Vector]:
        _of_size(vector, len(units[0]))
        return [bucket(vector, unit) for unit in units]

    return _on_vector(stage, change)


def min_hash_lsh(stage: Fitted) -> Definition:
    """For each pair of coefficients the least ((1 + i) * a + b) mod 2038074743 over the places i that are not 0."""
    flat = stage.data["randCoefficients"]

    def change(vector: Vector) -> list[Vector]:
        places = [place for place, value in vector.active() if value != 0]
        if not places:
            raise RefusedError("nothing but zeros")
        return [dense([float(min(((1 + place) * a + b) % 2038074743 for place in places))]) for a, b in zip(flat[::2], flat[1::2], strict=True)]

    return _on_vector(stage, change)
