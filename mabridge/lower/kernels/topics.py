"""The kernel of `InferTopics`."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from mabridge.lower import numpy_standard
from mabridge.lower.arrow_vectors import stored_in_full
from mabridge.lower.columns import AllDense, Bools, DenseBlock, Floats, SparseBlock, VectorColumn
from mabridge.lower.kernels.vectors import refuse_nulls
from mabridge.lower.lowering import Lowering
from mabridge.lower.random_java import gamma_draws
from mabridge.lower.state import Kernel, State
from mabridge.plan.op import StageRef
from mabridge.plan.ops import InferTopics

Places = npt.NDArray[np.int64]

#: How many pairs of an entry and a topic are worked on together.
PAIRS = 2**19
#: After so many rounds a document is refused; Spark would go on for ever.
MOST_ROUNDS = 20_000
#: Below it Java's recursion overflows its stack.
LOWEST = -10_000.0
#: From it on digamma is a series, and up to `TINY` a fraction.
EDGE, TINY = 49.0, 1e-5
EULER = 0.5772156649015329
#: How many numbers digamma takes at once: it keeps up to 49 of each, more for negative ones.
BLOCK = 2**14


def infer_topics(op: InferTopics, stage: StageRef, lowering: Lowering) -> Kernel:
    """Kernel of `InferTopics`."""
    terms, count = op.topics.shape
    with np.errstate(all="ignore"):
        totals = np.zeros(count)
        for weights in op.topics:
            totals += weights
        # By topic and then by term, as the rounds below read it.
        weights = numpy_standard.exp(np.ascontiguousarray((digamma(op.topics) - digamma(totals)).T))
    inference = _Inference(weights, op.concentration, gamma_draws(op.seed, op.shape, count))
    unknown = f"It has a term beyond the {terms} that the model knows; Spark refuses this too."
    endless = "Its shares of topics do not settle, and Spark would not end or fail; LDA expects counts of terms, which are not negative."

    def run(state: State) -> None:
        column = state.vector(op.input)
        refuse_nulls(state, stage, op.input, column)
        shares = np.zeros((column.num_rows, count))
        owner, places, counts = _entries(column)
        # A document counts as empty where nothing in it differs from 0.0, whatever its size.
        kept = counts != 0
        if (places >= terms).any():
            beyond, filled = np.zeros((2, column.num_rows), dtype=np.bool_)
            beyond[owner[places >= terms]] = True
            filled[owner[kept]] = True
            state.refuse(stage, op.input, beyond & filled, unknown)
        owner, places, counts = owner[kept], places[kept], counts[kept]
        starts = np.searchsorted(owner, np.arange(column.num_rows + 1))
        low = 0
        while low < column.num_rows:
            high = max(int(np.searchsorted(starts, starts[low] + PAIRS // count, side="right")) - 1, low + 1)
            own = slice(int(starts[low]), int(starts[high]))
            rows = np.flatnonzero(np.diff(starts[low : high + 1])) + low
            if len(rows):
                found, settled = inference(np.searchsorted(rows, owner[own]), places[own], counts[own], len(rows))
                bad = np.zeros(column.num_rows, dtype=np.bool_)
                bad[rows] = ~settled
                state.refuse(stage, op.input, bad, endless)
                shares[rows] = found
            low = high
        state.columns[op.output] = VectorColumn(column.num_rows, (DenseBlock(shares),), AllDense(), column.valid)

    return run


def _entries(column: VectorColumn) -> tuple[Places, Places, Floats]:
    """The row, place and value of each entry that a row stores."""
    (block,) = stored_in_full(column).blocks
    if isinstance(block, SparseBlock):
        return block.rows, block.indices.astype(np.int64), block.entries
    assert isinstance(block, DenseBlock)
    rows, size = block.values.shape
    return np.repeat(np.arange(rows), size), np.tile(np.arange(size), rows), block.values.reshape(-1)


class _Inference:
    """`OnlineLDAOptimizer.variationalTopicInference` for many documents side by side, each for as many rounds as it needs.

    Sums run over one document's entries or over the topics, so that a document's bits depend on that document alone.

    Args:
        weights: float64, shape (topics, terms), exp(E[log beta]).
        prior: float64, shape (topics,).
        begin: float64, shape (topics,), the first gamma of each document.
    """

    def __init__(self, weights: Floats, prior: Floats, begin: Floats) -> None:
        self._weights = weights
        self._prior = prior[:, None]
        self._begin = begin[:, None]

    def __call__(self, owner: Places, places: Places, counts: Floats, documents: int) -> tuple[Floats, Bools]:
        """The shares, shape (documents, topics), and which documents settled.

        Args:
            owner: the document of each entry, ascending; every document has one.
            places: its term.
            counts: how often the document has it.
            documents: how many there are.
        """
        weights = self._weights[:, places]
        lengths = np.bincount(owner, minlength=documents)
        gamma = np.repeat(self._begin, documents, axis=1)
        theta = _expectation(gamma)
        found = np.empty_like(gamma)
        active = np.arange(documents)
        settled = np.ones(documents, dtype=np.bool_)
        rounds = 0
        while len(active):
            if rounds == MOST_ROUNDS:
                settled[active] = False
                found[:, active] = gamma
                break
            rounds += 1
            ratios = counts / (_sum(weights * np.repeat(theta, lengths, axis=1)) + 1e-100)
            last = gamma
            gamma = theta * np.add.reduceat(weights * ratios, np.cumsum(lengths) - lengths, axis=1) + self._prior
            theta = _expectation(gamma)
            change = _sum(np.abs(gamma - last)) / len(gamma)
            overflown = (gamma < LOWEST).any(axis=0) & np.isfinite(gamma).all(axis=0)
            settled[active[overflown]] = False
            going = (change > 1e-3) & ~overflown
            if not going.all():
                found[:, active] = gamma
                kept = np.repeat(going, lengths)
                lengths = lengths[going]
                weights, counts = weights[:, kept], counts[kept]
                active, gamma, theta = active[going], gamma[:, going], theta[:, going]
        size = _sum(np.abs(found))
        return (np.where(size == 0, found, found / size)).T, settled


def _sum(values: Floats) -> Floats:
    """Over the first axis, from its beginning to its end."""
    total = np.zeros(values.shape[1:])
    for row in values:
        total += row
    return total


def _expectation(gamma: Floats) -> Floats:
    """exp(E[log theta]) of Dirichlet parameters, shape (topics, documents)."""
    found: Floats = numpy_standard.exp(digamma(gamma) - digamma(_sum(gamma)))
    return found


def digamma(values: Floats) -> Floats:
    """`org.apache.commons.math3.special.Gamma.digamma` (3.6.1): its series has a wrong sign, so it is 3e-9 off, and Spark's shares with it."""
    flat = np.asarray(values, dtype=np.float64).reshape(-1)
    found = [_digamma(flat[start : start + BLOCK]) for start in range(0, len(flat), BLOCK)]
    return np.concatenate([np.empty(0), *found]).reshape(np.shape(values))


def _digamma(values: Floats) -> Floats:
    plain = np.isfinite(values) & (values >= LOWEST)
    x = np.where(plain, values, EDGE)
    reciprocals = []
    with np.errstate(divide="ignore"):
        while True:
            small = (x > 0) & (x <= TINY)
            climbs = (x < EDGE) & ~small
            if not climbs.any():
                break
            reciprocals.append(np.where(climbs, 1 / x, 0.0))
            x = np.where(climbs, x + 1, x)
        inverse = 1 / (x * x)
        series = numpy_standard.log(x) - 0.5 / x - inverse * (1 / 12 + inverse * (1 / 120 - inverse / 252))
        result = np.where(small, -EULER - 1 / x, series)
    # Java's recursion subtracts from the innermost call outwards.
    for reciprocal in reversed(reciprocals):
        result -= reciprocal
    return np.where(plain, result, np.where(np.isfinite(values), np.nan, values))
