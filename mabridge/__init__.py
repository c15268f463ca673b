"""mabridge moves Spark ML batch prediction to Ray and proves that nothing changed.

    model = mabridge.convert("spark_model/", "ray_model/")
    out = model.transform(data)
    report = mabridge.parity("spark_model/", model, data)

Names are loaded when they are first used: `import mabridge` itself loads numpy and pyarrow at most.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from mabridge.conversion import convert
    from mabridge.errors import MabridgeError
    from mabridge.model import Model, load
    from mabridge.parity import parity
    from mabridge.run import Predictor
    from mabridge.statement import model_of_sql as sql

_HOMES = {
    "convert": "mabridge.conversion",
    "load": "mabridge.model",
    "Model": "mabridge.model",
    "parity": "mabridge.parity",
    "Predictor": "mabridge.run",
    "MabridgeError": "mabridge.errors",
}

__all__ = ["MabridgeError", "Model", "Predictor", "__version__", "convert", "load", "parity", "sql"]


def __getattr__(name: str) -> Any:
    from importlib import import_module

    if name == "sql":
        # The package `mabridge.sql` can be called.
        return import_module("mabridge.sql")
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'mabridge' has no attribute {name!r}")
    return getattr(import_module(home), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
