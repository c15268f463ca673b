"""How kernels are to be made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from mabridge.plan.reference import Reference

Backend = Literal["auto", "numpy", "onnx", "torch"]


@dataclass(frozen=True)
class Lowering:
    """The choices that every kernel is made under.

    Attributes:
        reference: whose answers are meant.
        backend: what runs the predictors: "numpy" (with compiled loops where they are installed), "onnx" or "torch"; "auto" is torch on a GPU, else numpy.
        device: "cpu" or a torch device such as "cuda".
    """

    reference: Reference
    backend: Backend = "auto"
    device: str = "cpu"
