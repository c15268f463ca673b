"""The converted model: what `convert` gives and `load` reads back."""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, get_args

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from mabridge.counted import counted
from mabridge.errors import UnsupportedOptionError
from mabridge.lower.lowering import Backend, Lowering, resolved_device
from mabridge.lower.program import Program, Vectors, make_program
from mabridge.plan.assume import ColumnRequirement, assumed_schema, required_columns
from mabridge.plan.op import StageRef, Step
from mabridge.plan.ops import Predict
from mabridge.plan.reference import Reference
from mabridge.plan.store import plan_from_json, plan_to_json

if TYPE_CHECKING:
    from mabridge.bundle import Bundle


#: Rows that one step of `transform` takes at a time; results do not depend on it.
BATCH_ROWS = 65_536

#: The name of a bundle's ONNX files.
_ONNX_NAME = "onnx/predictor-{}.onnx"


class Model:
    """A converted Spark model.

    Attributes:
        path: the folder that it was loaded from or saved to; None while it is in memory only.
        reference: the Spark whose answers it gives.
        steps: the plan, over column names.
    """

    def __init__(self, steps: Sequence[Step], reference: Reference, *, path: str | None = None) -> None:
        self.steps = tuple(steps)
        self.reference = reference
        self.path = path
        self._programs: dict[Any, Program] = {}
        self._lock = threading.Lock()

    @property
    def stages(self) -> tuple[StageRef, ...]:
        """The Spark stages that the plan does something for, in order."""
        return tuple(dict.fromkeys(step.stage for step in self.steps))

    @cached_property
    def digest(self) -> str:
        """sha256 of the plan and its arrays, as hex."""
        from mabridge.bundle import plan_digest

        return plan_digest(*plan_to_json(self.steps, self.reference))

    @property
    def input_schema(self) -> tuple[ColumnRequirement, ...]:
        """The columns that the model reads, and what each accepts."""
        return required_columns(self.steps, self.reference)

    @property
    def output_schema(self) -> pa.Schema:
        """What `transform` returns for data with exactly the input columns, of the types that `input_schema` assumes; for other data see `program`."""
        return self.program(assumed_schema(self.steps, self.reference)).output_schema

    def program(
        self, schema: pa.Schema, *, columns: Sequence[str] | None = None, vectors: Vectors = "spark", backend: Backend = "auto", device: str = "cpu"
    ) -> Program:
        """The plan bound to one input schema, ready to run.

        Args:
            schema: of the data.
            columns: the output columns wanted, in the order wanted, as Spark's `select` takes them: by any case, unless the model's reference is case
                sensitive, and they come out under the names given here. None for all that Spark's `transform` returns.
            vectors: "spark" writes vectors as VectorUDT's struct, "dense" as fixed-size lists of doubles.
            backend: what runs the predictors: "numpy", "onnx", "torch"; "auto" is torch on a GPU, else numpy.
            device: "cpu", a torch device such as "cuda", or "auto" for a GPU where there is one.

        Raises:
            MissingColumnError, InvalidInputError: the schema does not fit the model.
            UnsupportedOptionError: the backend or the device is not there, or `columns` is empty.
        """
        device = resolved_device(device)
        if vectors not in get_args(Vectors):
            raise UnsupportedOptionError(f"Vectors come out as {' or '.join(get_args(Vectors))}, and {vectors!r} is neither.")
        if isinstance(columns, str):
            raise UnsupportedOptionError(f"`columns` is a list of names; write [{columns!r}].")
        if columns is not None and not columns:
            # Spark's `select()` keeps the rows of no columns, which neither a file nor an Arrow table can.
            raise UnsupportedOptionError("No output column is named; name at least one, or leave the option out for all.")
        key = (schema.serialize().to_pybytes(), None if columns is None else tuple(columns), vectors, backend, device)
        with self._lock:
            program = self._programs.get(key)
        if program is None:
            program = make_program(self.steps, schema, Lowering(self.reference, backend, device), columns=columns, vectors=vectors)
            with self._lock:
                if len(self._programs) >= _PROGRAMS_KEPT:
                    self._programs.clear()
                self._programs[key] = program
        return program

    def transform(self, data: Any, *, columns: Sequence[str] | None = None, vectors: Vectors = "spark") -> Any:
        """What Spark's `model.transform` returns, with all its columns materialised.

        Args:
            data: pyarrow.Table, pyarrow.RecordBatch, pandas.DataFrame (missing strings and nulls of Arrow-backed columns are null, NaN in numpy float columns
                is NaN) or ray.data.Dataset.
            columns: the output columns wanted; only what they need is computed.
            vectors: see `program`.

        Returns:
            The same kind; rows in the order of the input. A DataFrame keeps its index: each row that comes out has the label that it came in with.

        Raises:
            InvalidRowError: Spark would refuse a row too.
            MissingColumnError, InvalidInputError: the data does not fit the model.
        """
        if isinstance(data, pa.RecordBatch):
            out = self._transform_table(pa.Table.from_batches([data]), columns, vectors)
            # `Table.to_batches` gives none where no row is left.
            arrays = [pa.concat_arrays(column.chunks) for column in out.columns]
            return pa.RecordBatch.from_arrays(arrays, schema=out.schema)
        if isinstance(data, pa.Table):
            return self._transform_table(data, columns, vectors)
        from mabridge.frames import is_pandas, pandas_to_table, table_to_pandas

        if is_pandas(data):
            kept: list[npt.NDArray[np.int64]] = []
            out = self._transform_table(pandas_to_table(data), columns, vectors, kept)
            positions = np.concatenate(kept)
            return table_to_pandas(out, data.index if len(positions) == len(data.index) else data.index[positions])
        from mabridge.run import is_ray_dataset, transform_dataset

        if is_ray_dataset(data):
            return transform_dataset(self, data, columns=columns, vectors=vectors)
        raise TypeError(
            f"transform takes a pyarrow Table or RecordBatch, a pandas DataFrame or a Ray Dataset, and this is {type(data).__module__}.{type(data).__name__}."
        )

    def _transform_table(self, table: pa.Table, columns: Sequence[str] | None, vectors: Vectors, kept: list[npt.NDArray[np.int64]] | None = None) -> pa.Table:
        program = self.program(table.schema, columns=columns, vectors=vectors)
        picked = table.select(list(program.input_columns)) if program.input_columns else table
        batches, row = [], 0
        for batch in whole_batches(picked, BATCH_ROWS):
            batches.append(program.run(batch, row, kept=kept))
            row += batch.num_rows
        return pa.Table.from_batches(batches, schema=program.output_schema)

    def save(self, target: str | os.PathLike[str], *, overwrite: bool = False, with_onnx: bool = False) -> None:
        """Write the model as a folder of JSON and arrays.

        Args:
            target: the folder.
            overwrite: whether an earlier converted model there may be replaced.
            with_onnx: whether to add each predictor as an ONNX file.

        Raises:
            OutputExistsError: `target` exists and `overwrite` is false.
            OutputFailedError: it could not be written; nothing is left behind.
        """
        from mabridge.bundle import write_bundle

        plan, arrays = plan_to_json(self.steps, self.reference)
        extra = dict(self._onnx_files()) if with_onnx else {}
        info = {"stages": [str(stage) for stage in self.stages], "spark_version": self.reference.spark_version}
        write_bundle(os.fspath(target), plan, arrays, extra, info=info, overwrite=overwrite)
        self.path = os.fspath(target)

    def _onnx_files(self) -> list[tuple[str, bytes]]:
        from mabridge.lower.predictors import to_onnx

        return [(_ONNX_NAME.format(place), to_onnx(op.scorer, op.head)) for place, op in enumerate(self.predictors)]

    @property
    def predictors(self) -> tuple[Predict, ...]:
        """The plan's Predict ops, in order."""
        return tuple(step.op for step in self.steps if isinstance(step.op, Predict))

    def to_onnx(self) -> bytes:
        """The model's last predictor as an ONNX model: input `features` (rows, size) in float64, outputs rawPrediction, probability, prediction.

        Raises:
            UnsupportedOptionError: the pipeline holds no predictor.
        """
        from mabridge.lower.predictors import to_onnx

        op = self._last_predictor()
        return to_onnx(op.scorer, op.head)

    def to_torch(self) -> Any:
        """The model's last predictor as a `torch.nn.Module` in float64.

        Raises:
            UnsupportedOptionError: the pipeline holds no predictor.
        """
        from mabridge.lower.predictors import to_torch

        op = self._last_predictor()
        return to_torch(op.scorer, op.head)

    def _last_predictor(self) -> Predict:
        if not self.predictors:
            raise UnsupportedOptionError("The pipeline holds no fitted predictor, only feature stages; there is nothing to export.")
        return self.predictors[-1]

    def __repr__(self) -> str:
        lines = [f"Model of {counted(len(self.stages), 'stage')}, saved by Spark {self.reference.spark_version}"]
        lines += [f"  {stage}" for stage in self.stages]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        from html import escape

        rows = "".join(
            f"<tr><td>{escape(stage.location)}</td><td>{escape(stage.class_name.rsplit('.', 1)[-1])}</td><td>{escape(stage.uid)}</td>"
            f"<td>{escape(', '.join(dict.fromkeys(type(step.op).__name__ for step in self.steps if step.stage == stage)))}</td></tr>"
            for stage in self.stages
        )
        head = f"<caption>mabridge model, saved by Spark {escape(self.reference.spark_version)}</caption>"
        return f"<table>{head}<tr><th>stage</th><th>class</th><th>uid</th><th>ops</th></tr>{rows}</table>"


#: Programs cached by schema and options; a server sees one or two.
_PROGRAMS_KEPT = 32


def whole_batches(table: pa.Table, rows: int) -> list[pa.RecordBatch]:
    """The table in batches of `rows` rows, whatever its chunks; at least one, so that an empty table has a schema to run on."""
    batches = []
    for start in range(0, max(table.num_rows, 1), rows):
        piece = table.slice(start, rows)
        if piece.num_columns == 0:
            batches.append(pa.record_batch({"": pa.nulls(piece.num_rows)}))
            continue
        arrays = [
            column.chunk(0) if column.num_chunks == 1 else pa.concat_arrays(column.chunks) if column.num_chunks else pa.array([], column.type)
            for column in piece.columns
        ]
        batches.append(pa.RecordBatch.from_arrays(arrays, schema=piece.schema))
    return batches


def load(path: str | os.PathLike[str]) -> Model:
    """Load a converted model; every file's checksum is verified.

    Raises:
        MissingModelError: there is nothing at the path, or it is no converted model.
        MalformedBundleError: a file was changed, is missing, or is of an unknown format version.
    """
    from mabridge.bundle import read_bundle

    return of_bundle(read_bundle(os.fspath(path)), os.fspath(path))


def of_bundle(bundle: Bundle, path: str | None) -> Model:
    """The model that a bundle holds."""
    steps, reference = plan_from_json(bundle.plan, bundle.arrays)
    return Model(steps, reference, path=path)
