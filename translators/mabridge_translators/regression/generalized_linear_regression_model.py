"""GeneralizedLinearRegressionModel: a linear predictor and the mean that its link gives.

Reads: `data`, one row: intercept, coefficients.
Returns: linkPrediction (the predictor) and prediction (the mean), each where its column is set; null where the offset is.
Refuses: nothing of its own.
Differs from Spark: doubles within 1e-12 of the sum of absolute terms.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from mabridge.sdk import Head, MeanFunction, Op, Stage, Translator, ops
from mabridge_translators._shared.linear import linear_scorer
from mabridge_translators._shared.prediction import FIT_ONLY

Link = Literal["identity", "log", "logit", "inverse", "probit", "cloglog", "sqrt"]
Bounds = Literal["finite", "share", "positive"]

_FAMILIES: dict[str, tuple[Link, Bounds]] = {
    "gaussian": ("identity", "finite"),
    "binomial": ("logit", "share"),
    "poisson": ("log", "positive"),
    "gamma": ("inverse", "positive"),
}
_LINKS: tuple[Link, ...] = ("identity", "log", "logit", "inverse", "probit", "cloglog", "sqrt")
#: The links of a Tweedie family that have names.
_POWERS: dict[float, Link] = {0.0: "log", 1.0: "identity", -1.0: "inverse", 0.5: "sqrt"}


@dataclass(frozen=True)
class Params:
    """Params of GeneralizedLinearRegressionModel (Spark 3.5); names of families and links count in any case."""

    features_col: str = "features"
    prediction_col: str = "prediction"
    link_prediction_col: str = ""
    offset_col: str = ""
    family: str = "gaussian"
    link: str | None = None
    variance_power: float = 0.0
    link_power: float | None = None


def translate(stage: Stage[Params]) -> Iterator[Op]:
    """One prediction."""
    params = stage.params
    yield ops.Predict(
        input=params.features_col,
        scorer=linear_scorer(stage, stage.row()),
        head=Head(mean=_mean(stage)),
        score=params.link_prediction_col or None,
        prediction=params.prediction_col or None,
        offset=params.offset_col or None,
    )


def _mean(stage: Stage[Params]) -> MeanFunction:
    """Spark's FamilyAndLink."""
    params = stage.params
    family = params.family.lower()
    if family == "tweedie":
        bounds: Bounds = "finite" if params.variance_power == 0.0 else "positive"
        power = 1.0 - params.variance_power if params.link_power is None else params.link_power
        return MeanFunction(_POWERS[power], bounds=bounds) if power in _POWERS else MeanFunction("power", power, bounds)
    if family not in _FAMILIES:
        raise stage.refuse(f"The family {params.family!r} is not known", f"Spark has {', '.join(_FAMILIES)} and tweedie")
    default, bounds = _FAMILIES[family]
    link = default if params.link is None else next((known for known in _LINKS if known == params.link.lower()), None)
    if link is None:
        raise stage.refuse(f"The link {params.link!r} is not known", f"Spark has {', '.join(_LINKS)}")
    return MeanFunction(link, bounds=bounds)


TRANSLATOR = Translator(
    spark_class="org.apache.spark.ml.regression.GeneralizedLinearRegressionModel",
    params=Params,
    translate=translate,
    training_only=FIT_ONLY | {"aggregationDepth", "solver"},
    since="2.0.0",
)
