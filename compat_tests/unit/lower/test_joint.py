"""Several classifiers at once: each gives its raw prediction for class 1, on every backend, and a stored plan keeps them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from compat_tests.extras import need_backend
from mabridge.errors import MalformedBundleError
from mabridge.lower.columns import AllDense, DenseBlock, VectorColumn
from mabridge.lower.predictors import make_predictor
from mabridge.plan.op import StageRef, Step
from mabridge.plan.ops import Predict
from mabridge.plan.predictors import BellScorer, CountScorer, FactorScorer, Head, JointScorer, LinearScorer, PerceptronScorer, Scorer, TreeScorer
from mabridge.plan.reference import Reference
from mabridge.plan.store import plan_from_json, plan_to_json

RNG = np.random.default_rng(11)
COUNTS = RNG.integers(0, 5, size=(50, 4)).astype(np.float64)


def stump() -> TreeScorer:
    """One split: feature 2 at 1.5."""
    i4 = np.int32
    return TreeScorer(
        size=4,
        roots=np.array([0], dtype=i4),
        feature=np.array([2, -1, -1], dtype=i4),
        threshold=np.array([1.5, 0.0, 0.0]),
        left=np.array([1, 1, 2], dtype=i4),
        right=np.array([2, 1, 2], dtype=i4),
        category_start=np.zeros(3, dtype=i4),
        category_count=np.full(3, -1, dtype=i4),
        categories=np.zeros(0),
        members_go_left=np.ones(3, dtype=np.bool_),
        values=np.array([[0.0, 0.0], [3.0, 1.0], [0.0, 7.0]]),
        leaf_number=np.array([-1, 0, 1], dtype=i4),
    )


def parts() -> list[tuple[Scorer, Head]]:
    shares = -RNG.uniform(0.1, 3, size=(2, 4))
    scores, signed = Head(raw="scores", decision="argmax raw"), Head(raw="signed", decision="cutoff margin")
    return [
        (LinearScorer(RNG.normal(size=(1, 4)), RNG.normal(size=1)), signed),
        (LinearScorer(RNG.normal(size=(2, 4)), RNG.normal(size=2)), scores),
        (CountScorer("multinomial", -RNG.uniform(0, 1, size=2), shares), scores),
        (CountScorer("complement", -RNG.uniform(0, 1, size=2), -shares, np.array([[True, True, False, True]] * 2)), scores),
        (BellScorer(-RNG.uniform(0, 1, size=2), RNG.normal(size=(2, 4)), RNG.uniform(0.1, 2, size=(2, 4))), scores),
        (FactorScorer(0.5, RNG.normal(size=4), RNG.normal(size=(4, 3))), signed),
        (PerceptronScorer(np.array([4, 3, 2], dtype=np.int32), RNG.normal(size=4 * 3 + 3 + 3 * 2 + 2)), scores),
        (stump(), scores),
    ]


def joined(found: list[tuple[Scorer, Head]]) -> JointScorer:
    return JointScorer(tuple(scorer for scorer, _ in found), tuple(head for _, head in found))


def column_of(values: np.ndarray) -> VectorColumn:
    return VectorColumn(len(values), (DenseBlock(values),), AllDense())


@pytest.mark.parametrize("backend", ["numpy", "torch", "onnx"])
def test_each_part_gives_its_raw_prediction_for_class_one(backend: str) -> None:
    need_backend(backend)
    found = parts()
    scorer, head = joined(found), Head(raw="scores", decision="argmax raw")
    scorer.check()
    outputs = make_predictor(scorer, head, backend=backend)(column_of(COUNTS))
    alone = [make_predictor(part, own, backend=backend)(column_of(COUNTS)).raw_prediction[:, 1] for part, own in found]
    np.testing.assert_allclose(outputs.raw_prediction, np.column_stack(alone), rtol=0 if backend == "numpy" else 1e-13)
    assert outputs.prediction.tolist() == np.argmax(outputs.raw_prediction, axis=1).tolist()


@pytest.mark.parametrize("backend", ["numpy", "torch", "onnx"])
def test_java_orders_nan_above_all_and_zero_above_minus_zero(backend: str) -> None:
    need_backend(backend)
    rows = np.array(
        [[-0.0, 0.0, -0.0], [0.0, -0.0, 0.0], [np.inf, np.nan, np.nan], [np.nan, np.inf, 1.0], [1.0, 2.0, 2.0], [-1.0, -0.0, -np.inf], [0.0, -0.0, 1.0]]
    )
    # A sum that starts at 0.0 is never -0.0, so the scores come from the priors.
    for row, total, plain in zip(rows.tolist(), [1, 0, 1, 0, 1, 1, 2], [0, 0, 0, 0, 1, 1, 2], strict=True):
        scorer = BellScorer(np.array(row), np.zeros((3, 1)), np.ones((3, 1)))
        for decision, wanted in (("argmax total", total), ("argmax raw", plain)):
            found = make_predictor(scorer, Head(raw="scores", decision=decision), backend=backend)(column_of(np.zeros((1, 1))))  # type: ignore[arg-type]
            assert found.prediction.tolist() == [wanted], (row, decision)


def test_batches_of_one_row_give_the_same_bits() -> None:
    predictor = make_predictor(joined(parts()), Head(raw="scores", decision="argmax raw"))
    whole = predictor(column_of(COUNTS)).raw_prediction
    single = np.concatenate([predictor(column_of(COUNTS[row : row + 1])).raw_prediction for row in range(len(COUNTS))])
    assert whole.tobytes() == single.tobytes()


def test_a_stored_plan_keeps_every_scorer() -> None:
    scorer = joined([*parts(), (joined(parts()), Head(raw="scores", decision="argmax raw"))])
    steps = (Step(Predict("features", scorer, Head(raw="scores", decision="argmax raw"), prediction="prediction"), StageRef("", "c", "u")),)
    plan, arrays = plan_to_json(steps, Reference("3.5.7"))
    loaded, _ = plan_from_json(plan, arrays)
    before, after = (make_predictor(step.op.scorer, step.op.head)(column_of(COUNTS)) for step in (*steps, *loaded))  # type: ignore[attr-defined]
    assert before.raw_prediction.tobytes() == after.raw_prediction.tobytes()


def test_a_stored_plan_with_parts_that_do_not_fit_is_refused() -> None:
    steps = (Step(Predict("features", joined(parts()), Head(raw="scores", decision="argmax raw"), prediction="p"), StageRef("", "c", "u")),)
    for change in (
        lambda scorer: scorer["heads"].pop(),
        lambda scorer: scorer["parts"].append({"value": "Head"}),
        lambda scorer: scorer["parts"].append("LinearScorer"),
        lambda scorer: scorer.update(parts=[], heads=[]),
    ):
        plan, arrays = plan_to_json(steps, Reference("3.5.7"))
        change(plan["ops"][0]["scorer"])
        with pytest.raises(MalformedBundleError, match=r"plan\.json"):
            plan_from_json(plan, arrays)


def test_parts_of_other_sizes_or_without_a_second_class_are_refused() -> None:
    head = Head(raw="scores", decision="argmax raw")
    pair, one = LinearScorer(np.zeros((2, 4)), np.zeros(2)), LinearScorer(np.zeros((1, 4)), np.zeros(1))
    with pytest.raises(ValueError, match="features"):
        joined([(pair, head), (LinearScorer(np.zeros((2, 5)), np.zeros(2)), head)]).check()
    with pytest.raises(ValueError, match="features"):
        joined([(LinearScorer(np.zeros((2, 2)), np.zeros(2)), head), (stump(), head)]).check()
    with pytest.raises(ValueError, match="class 1"):
        joined([(one, head)]).check()
    joined([(one, replace(head, raw="signed")), (stump(), head)]).check()
