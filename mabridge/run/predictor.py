"""The plain Ray way: a class for `map_batches`, and `transform` of a Dataset."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from mabridge.errors import UnsupportedOptionError
from mabridge.lower.program import Vectors
from mabridge.run.ship import model_of, shipped

if TYPE_CHECKING:
    from mabridge.model import Model


class Predictor:
    """A converted model as a callable class.

        ds.map_batches(mabridge.Predictor, fn_constructor_kwargs={"model": "ray_model/"}, batch_format="pyarrow")

    Row numbers in messages count from the start of the batch.
    """

    def __init__(
        self,
        model: str | os.PathLike[str] | tuple[str, dict[str, bytes]],
        columns: Sequence[str] | None = None,
        vectors: Vectors = "spark",
        device: str = "cpu",
    ) -> None:
        """Load the model.

        Args:
            model: a converted model's path, on a disk that every node sees.
            columns: the output columns wanted; None for all.
            vectors: "spark" or "dense", see `Model.program`.
            device: "cpu" or a torch device.
        """
        if isinstance(model, tuple):
            self.model = model_of(model)
        else:
            from mabridge.model import load

            self.model = load(model)
        self.columns = None if columns is None else tuple(columns)
        self.vectors = vectors
        self.device = device

    def __call__(self, batch: pa.Table) -> pa.Table:
        """The output rows of a batch.

        Raises:
            UnsupportedOptionError: the batch is no pyarrow Table, which Ray gives under batch_format="pyarrow" alone.
        """
        if not isinstance(batch, pa.Table):
            raise UnsupportedOptionError(f'The batch is a {type(batch).__name__}, not a pyarrow Table; give map_batches the argument batch_format="pyarrow".')
        from mabridge.model import BATCH_ROWS, whole_batches

        program = self.model.program(batch.schema, columns=self.columns, vectors=self.vectors, device=self.device)
        picked = batch.select(list(program.input_columns)) if program.input_columns else batch
        batches, row = [], 0
        for piece in whole_batches(picked, BATCH_ROWS):
            batches.append(program.run(piece, row))
            row += piece.num_rows
        return pa.Table.from_batches(batches, schema=program.output_schema)


def is_ray_dataset(data: Any) -> bool:
    """Whether a value is a Ray Dataset, without importing ray."""
    return any(kind.__module__.startswith("ray.data") and kind.__name__ == "Dataset" for kind in type(data).__mro__)


def transform_dataset(model: Model, dataset: Any, *, columns: Sequence[str] | None = None, vectors: Vectors = "spark") -> Any:
    """A Dataset with the model's output; lazy, as Ray's own transformations.

    Args:
        model: the converted model; it travels as JSON and arrays.
        dataset: a ray.data.Dataset.
        columns: the output columns wanted; None for all.
        vectors: see `Model.program`.
    """
    from ray.data import ActorPoolStrategy

    return dataset.map_batches(
        Predictor,
        fn_constructor_kwargs={"model": shipped(model), "columns": columns, "vectors": vectors},
        batch_format="pyarrow",
        compute=ActorPoolStrategy(min_size=1, max_size=max(os.cpu_count() or 1, 1)),
    )
