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


def resolved_device(device: str) -> str:
    """The device that a user's choice means: "auto" is "cuda" where torch is installed and sees a GPU, else "cpu".

    Raises:
        UnsupportedOptionError: a GPU is asked for by name and is not there.
    """
    if device == "cpu":
        return "cpu"
    from importlib.util import find_spec

    from mabridge.errors import UnsupportedOptionError

    if device != "auto" and device.partition(":")[0] != "cuda":
        raise UnsupportedOptionError(f"The device {device} is not known; it is cpu, cuda, cuda:N or auto.")
    if find_spec("torch") is None:
        if device == "auto":
            return "cpu"
        raise UnsupportedOptionError(f"The device {device} needs torch, which is not installed: install mabridge[torch], or use --device cpu.")
    import torch

    seen = torch.cuda.is_available()
    if device == "auto":
        return "cuda" if seen else "cpu"
    if not seen:
        raise UnsupportedOptionError(f"The device {device} is not there: torch {torch.__version__} sees no GPU. Use --device cpu.")
    return device
