"""Random numbers as Spark's libraries draw them: commons-math's Mersenne Twister (3.6.1) and breeze's gamma distribution (2.1)."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt


class JavaTwister:
    """`org.apache.commons.math3.random.MersenneTwister(seed)`.

    Args:
        seed: a long.
    """

    def __init__(self, seed: int) -> None:
        words = np.array([(seed >> 32) & 0xFFFFFFFF, seed & 0xFFFFFFFF], dtype=np.uint32)
        self._words = np.random.RandomState(words)
        self._kept: float | None = None

    def uniform(self) -> float:
        """`nextDouble`: 52 random bits, from 0.0 to below 1.0."""
        high, low = (int(word) >> 6 for word in self._words.randint(0, 2**32, size=2, dtype=np.uint32))
        return ((high << 26) | low) * 2.0**-52

    def gaussian(self) -> float:
        """`nextGaussian`: numbers come in pairs, and the second is kept for the next call."""
        if self._kept is not None:
            value, self._kept = self._kept, None
            return value
        angle, share = 2 * math.pi * self.uniform(), self.uniform()
        radius = math.sqrt(-2 * math.log(share)) if share > 0 else math.inf
        self._kept = radius * math.sin(angle)
        return radius * math.cos(angle)


def gamma_draws(seed: int, shape: float, count: int) -> npt.NDArray[np.float64]:
    """The first numbers of breeze's `Gamma(shape, 1 / shape)` over a twister of this seed, to the last bit or two.

    Args:
        seed: the twister's.
        shape: above 0.
        count: how many.

    Returns:
        float64, shape (count,).
    """
    twister, scale = JavaTwister(seed), 1.0 / shape
    draw = _exponential if shape == 1.0 else _small if shape < 1.0 else _large
    return np.array([scale * draw(twister, shape) for _ in range(count)], dtype=np.float64)


def _log(value: float) -> float:
    return math.log(value) if value > 0 else -math.inf


def _power(base: float, exponent: float) -> float:
    # Java's answer to what is too large is infinity.
    with np.errstate(all="ignore"):
        return float(np.power(np.float64(base), np.float64(exponent)))


def _exponential(twister: JavaTwister, shape: float) -> float:
    return -_log(twister.uniform())


def _small(twister: JavaTwister, shape: float) -> float:
    while True:
        first, second = twister.uniform(), -_log(twister.uniform())
        if first <= 1.0 - shape:
            found, bound = _power(first, 1.0 / shape), second
        else:
            rest = -_log((1 - first) / shape)
            found, bound = _power(1.0 - shape + shape * rest, 1.0 / shape), second + rest
        if found <= bound:
            return found


def _large(twister: JavaTwister, shape: float) -> float:
    center = shape - 1.0 / 3.0
    spread = 1.0 / math.sqrt(9.0 * center)
    while True:
        normal = twister.gaussian()
        while 1.0 + spread * normal <= 0:
            normal = twister.gaussian()
        cube, square, chance = (1.0 + spread * normal) ** 3, normal * normal, twister.uniform()
        if chance < 1.0 - 0.0331 * (square * square) or _log(chance) < 0.5 * square + center * (1.0 - cube + math.log(cube)):
            return center * cube
