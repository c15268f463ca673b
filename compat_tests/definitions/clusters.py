"""Nearest centres, mixtures, naive Bayes and isotonic regression."""

from __future__ import annotations

import math
from typing import Any

from compat_tests.definitions.core import Definition, Fitted, Near, RefusedError, Row, Vector, dense, divide, exp, log, matrix_rows, to_matrix, to_vector
from compat_tests.definitions.predictions import argmax, classifier
from compat_tests.definitions.vectors import total


def k_means(stage: Fitted) -> Definition:
    """The number of the nearest centre by Euclidean distance, the first of equal ones: Spark forgets the cosine measure of a saved model."""
    rows = sorted(stage.tables["data"], key=lambda row: row["clusterIdx"])
    centres = [centre for row in rows if (centre := to_vector(row["clusterCenter"])) is not None]

    def define(row: Row) -> dict[str, Any]:
        vector = row.vector(stage.params["featuresCol"])
        if vector.size != centres[0].size:
            raise RefusedError("another size")
        if any(map(math.isnan, vector.values)):
            raise RefusedError("NaN has no distance")
        distances = [sum((value - other) * (value - other) for value, other in zip(vector.values, centre.values, strict=True)) for centre in centres]
        nearest = min(distances)
        # Of centres that are as near as each other to the last bits any may be taken.
        tie = sum(distance - nearest <= 1e-9 * nearest or distance == nearest for distance in distances) > 1 and nearest != 0
        known = all(map(math.isfinite, distances)) and not tie
        return {stage.params["predictionCol"]: Near(float(distances.index(nearest)), 0.0 if known else math.inf)}

    return define


def gaussian_mixture(stage: Fitted) -> Definition:
    """The share of each component's weighted density, each density raised by the smallest step of doubles; the greatest share is the prediction.

    Only for covariances that can be inverted: Spark's pseudo-inverse is not written here.
    """
    weights = stage.data["weights"]
    means = [mean for entry in stage.data["mus"] if (mean := to_vector(entry)) is not None]
    factors = [_cholesky(to_matrix(entry)) for entry in stage.data["sigmas"]]

    def density(vector: Vector, place: int) -> float:
        factor, gone = factors[place], [value - mean for value, mean in zip(vector.values, means[place].values, strict=True)]
        solved: list[float] = []
        for row, value in enumerate(gone):
            solved.append((value - sum((factor[row][column] * solved[column] for column in range(row)), 0.0)) / factor[row][row])
        logarithm = -0.5 * (len(gone) * math.log(2 * math.pi) + sum(value * value for value in solved)) - sum(math.log(factor[k][k]) for k in range(len(gone)))
        return exp(logarithm)

    def define(row: Row) -> dict[str, Any]:
        vector = row.vector(stage.params["featuresCol"])
        if vector.size != means[0].size:
            raise RefusedError("another size")
        parts = [2.220446049250313e-16 + weight * density(vector, place) for place, weight in enumerate(weights)]
        whole = sum(parts, 0.0)
        found = [part / whole for part in parts]
        # The exponent's error grows with the distance, and with the condition of the covariance.
        outputs: dict[str, Any] = {
            stage.params["probabilityCol"]: dense([Near(share, 1e3) for share in found]),
            stage.params["predictionCol"]: Near(argmax(found)),
        }
        outputs.pop("", None)
        return outputs

    return define


def _cholesky(matrix: list[list[float]]) -> list[list[float]]:
    size = len(matrix)
    factor = [[0.0] * size for _ in range(size)]
    for row in range(size):
        for column in range(row + 1):
            rest = matrix[row][column] - sum(factor[row][k] * factor[column][k] for k in range(column))
            if row == column and rest <= 1e-9 * abs(matrix[row][row]):
                raise NotImplementedError("a covariance that cannot be inverted")
            factor[row][column] = math.sqrt(rest) if row == column else rest / factor[column][column]
    return factor


def naive_bayes(stage: Fitted) -> Definition:
    """Log-likelihoods by the model type, and their exponentials over the sum."""
    pi, theta, kind = to_vector(stage.data["pi"]), matrix_rows(stage.data["theta"]), stage.params["modelType"]
    assert pi is not None
    sigma = to_matrix(stage.data["sigma"]) if kind == "gaussian" else []

    def raw(vector: Vector) -> list[Near]:
        if vector.size < theta[0].size or (vector.size > theta[0].size and kind != "gaussian"):
            raise RefusedError("another size")
        values = vector.values
        if kind in ("multinomial", "complement") and any(not value >= 0 for value in values):
            raise RefusedError("a count below 0")
        if kind == "bernoulli" and any(value not in (0, 1) for value in values):
            raise RefusedError("neither 0 nor 1")
        found = [total(_terms(vector, place)) for place in range(len(theta))]
        if kind != "complement":
            return found
        # Relative to the logarithm of the sum of their exponentials.
        greatest = max(score.value for score in found)
        whole = greatest + log(sum(exp(score.value - greatest) for score in found))
        return [Near(score.value - whole, score.scale + abs(whole)) for score in found]

    def _terms(vector: Vector, place: int) -> list[float]:
        row, prior = theta[place], pi.values[place]
        stored = [(number, value) for number, value in vector.active() if number in row.entries]
        match kind:
            case "multinomial":
                return [prior, *(row.entries[number] * value for number, value in stored)]
            case "complement":
                return [row.entries[number] * value for number, value in stored]
            case "bernoulli":
                absent = {number: log(1.0 - exp(weight)) for number, weight in row.active()}
                return [prior, *((row.entries[number] - absent[number]) * value for number, value in stored), sum(absent.values(), 0.0)]
        pairs = list(zip(vector.values, row.values, sigma[place], strict=False))
        parts = [divide((value - mean) * (value - mean), spread) for value, mean, spread in pairs]
        return [prior, *(-part / 2.0 for part in parts), *(-log(spread) / 2.0 for _, _, spread in pairs)]

    def share(scores: list[float]) -> list[float]:
        greatest = max(scores)
        powers = [exp(score - greatest) for score in scores]
        whole = sum(powers, 0.0)
        return [divide(value, whole) for value in powers]

    return classifier(stage, raw, share)


def isotonic(stage: Fitted) -> Definition:
    """The prediction at the boundary, the straight line between two boundaries, and the nearest end outside."""
    boundaries, predictions = stage.data["boundaries"], stage.data["predictions"]
    params = stage.params

    def define(row: Row) -> dict[str, Any]:
        if row.type(params["featuresCol"]) == "double":
            value = row[params["featuresCol"]]
        else:
            vector = row.vector(params["featuresCol"])
            if params["featureIndex"] >= vector.size:
                raise RefusedError("no such feature")
            value = vector.values[params["featureIndex"]]
        return {params["predictionCol"]: None if value is None else _interpolated(value)}

    def _interpolated(value: float) -> Near:
        if value in boundaries:
            return Near(predictions[boundaries.index(value)])
        behind = next((place for place, boundary in enumerate(boundaries) if boundary > value), len(boundaries))
        if math.isnan(value) or behind == len(boundaries):
            return Near(predictions[-1])
        if behind == 0:
            return Near(predictions[0])
        (x1, x2), (y1, y2) = boundaries[behind - 1 : behind + 1], predictions[behind - 1 : behind + 1]
        return Near(y1 + (y2 - y1) * (value - x1) / (x2 - x1), abs(y1) + abs(y2))

    return define
