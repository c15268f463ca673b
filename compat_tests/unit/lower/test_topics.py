"""Shares of topics, held to Spark's definition document by document, and the numbers of Spark's libraries that they begin from."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compat_tests.unit.lower.vector_rows import Row, rows_of, run_vectors, vector_columns
from mabridge.errors import InvalidInputError, InvalidRowError
from mabridge.lower.columns import AllDense, DenseBlock, VectorColumn
from mabridge.lower.kernels import topics as kernels
from mabridge.lower.kernels.topics import digamma
from mabridge.lower.random_java import JavaTwister, gamma_draws
from mabridge.plan.bind import Binder
from mabridge.plan.ops import InferTopics
from mabridge.plan.reference import Reference
from mabridge.plan.spark_schema import InputColumn
from mabridge.plan.types import VectorType

SEED = 1421925485
#: Of the jars of Spark 3.5.7: Gamma.digamma of commons-math 3.6.1, and Gamma(shape, 1 / shape) of breeze 2.1 over MersenneTwister(SEED).
DIGAMMA = {
    1e-6: -1000000.5772156649,
    1e-5: -100000.57721566489,
    0.01: -100.56088546075685,
    0.5: -1.963510028796937,
    1.0: -0.5772156677920679,
    10.0: 2.251752586176186,
    48.999: 3.8815608894573166,
    49.0: 3.8815815072720508,
    60.0: 4.0859880800976995,
    1e5: 11.512920464961896,
    -0.5: 0.036489971203063076,
    0.0: -math.inf,
    math.inf: math.inf,
}
DRAWS = {
    100.0: [1.1087889344105906, 0.8618287373694173, 0.9767380018006188, 1.1158035200628527, 1.2185643025721586, 1.1933691000521032, 0.8833923880000105],
    1.0: [0.1579230221440591, 1.5902567315526273, 0.2893595223177493, 0.37848780338689264, 1.2817025055747568, 0.6799905146080649, 0.42123916976625897],
    0.5: [2.487393288728886, 1.424894230822159, 0.15408392914290847, 0.026914720615757858, 0.15735128354846178, 0.9645471724158722, 0.32285550964236887],
    1.5: [1.8478583961187927, 0.1386750122243753, 0.6418557161979547, 1.9328575614410588, 3.434009496734714, 3.0210352415300963, 0.19978090161338516],
}


def test_digamma_is_that_of_commons_math_its_wrong_sign_included() -> None:
    np.testing.assert_allclose(digamma(np.array(list(DIGAMMA))), list(DIGAMMA.values()), rtol=1e-15)
    assert math.isnan(digamma(np.array([math.nan]))[0])
    assert digamma(np.array([[1.0, 49.0]])).tolist() == [[digamma(np.array([1.0]))[0], digamma(np.array([49.0]))[0]]]


@pytest.mark.parametrize("shape", DRAWS)
def test_gamma_numbers_are_those_of_breeze(shape: float) -> None:
    np.testing.assert_allclose(gamma_draws(SEED, shape, 7), DRAWS[shape], rtol=4e-16)


def test_the_twister_takes_both_halves_of_a_long() -> None:
    twister = JavaTwister(123456789012345)
    assert [twister.uniform(), twister.uniform(), twister.gaussian(), twister.gaussian()] == [
        0.3042662832273708,
        0.10087101480635163,
        -0.19459079385825664,
        -0.040902925247095885,
    ]
    assert JavaTwister(-1).uniform() != JavaTwister(1).uniform()


def slow_digamma(x: float) -> float:
    if math.isnan(x) or math.isinf(x):
        return x
    if 0 < x <= 1e-5:
        return -0.5772156649015329 - 1 / x
    if x >= 49:
        inverse = 1 / (x * x)
        return math.log(x) - 0.5 / x - inverse * (1 / 12 + inverse * (1 / 120 - inverse / 252))
    return slow_digamma(x + 1) - (1 / x if x else math.inf)


def slow_shares(row: Row, op: InferTopics) -> list[float]:
    """`getTopicDistributionMethod` and `variationalTopicInference`, one document, term and topic at a time."""
    stored = row.stored()
    count = op.topics.shape[1]
    if all(value == 0 for _, value in stored):
        return [0.0] * count
    totals = [slow_digamma(float(sum(op.topics[:, topic]))) for topic in range(count)]
    weights = {term: [math.exp(slow_digamma(float(op.topics[term, topic])) - totals[topic]) for topic in range(count)] for term, _ in stored}

    def expectation(gamma: list[float]) -> list[float]:
        total = slow_digamma(sum(gamma))
        return [math.exp(slow_digamma(value) - total) for value in gamma]

    gamma = gamma_draws(op.seed, op.shape, count).tolist()
    theta = expectation(gamma)
    change = 1.0
    while change > 1e-3:
        last = gamma
        ratios = {term: value / (sum(w * t for w, t in zip(weights[term], theta, strict=True)) + 1e-100) for term, value in stored}
        gamma = [theta[topic] * sum(weights[term][topic] * ratios[term] for term, _ in stored) + float(op.concentration[topic]) for topic in range(count)]
        theta = expectation(gamma)
        change = sum(abs(new - old) for new, old in zip(gamma, last, strict=True)) / count
    return [value / sum(gamma) for value in gamma]


def inferred(weights: np.ndarray[Any, np.dtype[np.float64]], prior: list[float], shape: float = 100.0) -> InferTopics:
    return InferTopics("u", "v", weights, np.array(prior), shape, SEED)


@settings(deadline=None, max_examples=60)
@given(
    column=vector_columns(values=[0.0, 1.0, 2.0, 0.25, 1e-3, 40.0, 1000.0]),
    random=st.integers(0, 2**32 - 1),
    topics=st.integers(1, 4),
    shape=st.sampled_from([100.0, 1.0, 0.5]),
    pairs=st.sampled_from([1, 7, 2**21]),
)
def test_shares_are_those_of_one_document_at_a_time(column: VectorColumn, random: int, topics: int, shape: float, pairs: int) -> None:
    rng = np.random.default_rng(random)
    op = inferred(rng.gamma(0.5, 20.0, (column.size, topics)) + 1e-6, rng.choice([0.01, 0.5, 3.0], topics).tolist(), shape)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kernels, "PAIRS", pairs)
        found = rows_of(run_vectors(op, column))
    assert len(found) == column.num_rows
    for row, document in zip(found, rows_of(column), strict=True):
        assert row.places is None
        np.testing.assert_allclose(row.values, slow_shares(document, op), rtol=1e-11)


def test_a_document_s_bits_depend_on_that_document_alone() -> None:
    rng = np.random.default_rng(3)
    values = rng.poisson(0.7, (50, 9)).astype(float)
    op = inferred(rng.gamma(1.0, 3.0, (9, 5)), [0.1] * 5)
    together = rows_of(run_vectors(op, VectorColumn(50, (DenseBlock(values),), AllDense())))
    alone = [rows_of(run_vectors(op, VectorColumn(1, (DenseBlock(values[place : place + 1]),), AllDense())))[0] for place in range(50)]
    assert together == alone


def test_a_document_that_does_not_settle_is_refused() -> None:
    op = inferred(np.ones((2, 2)), [0.1, 0.1])
    with pytest.raises(InvalidRowError, match="do not settle"):
        run_vectors(op, VectorColumn(1, (DenseBlock(np.array([[-1e9, 1.0]])),), AllDense()))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"concentration": np.array([0.1])}, "do not fit"),
        ({"topics": np.ones(2)}, "do not fit"),
        ({"topics": np.ones((0, 2))}, "do not fit"),
        ({"shape": 0.0}, "gamma shape"),
        ({"shape": math.nan}, "gamma shape"),
        ({"shape": math.inf}, "gamma shape"),
    ],
)
def test_stored_topics_that_do_not_fit_are_refused(change: dict[str, Any], message: str) -> None:
    op = inferred(np.ones((3, 2)), [0.1, 0.1])
    op.bind(Binder([InputColumn("u", VectorType(3))], Reference("3.5.7")))
    with pytest.raises(InvalidInputError, match=message):
        replace(op, **change).bind(Binder([InputColumn("u", VectorType(3))], Reference("3.5.7")))
