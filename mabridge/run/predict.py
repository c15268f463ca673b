"""One prediction job: plan the parts, run them on an engine, commit."""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from mabridge.counted import counted
from mabridge.errors import InvalidInputError, OutputFailedError, UnsupportedOptionError
from mabridge.files import reason_of
from mabridge.lower.lowering import Backend, resolved_device
from mabridge.lower.program import Program, Vectors
from mabridge.plan.types import NullType
from mabridge.run.local import run_locally
from mabridge.run.parts import Part, PartReport, job_key, part_name, plan_parts, run_part
from mabridge.run.progress import Progress
from mabridge.run.source import Source, read_source
from mabridge.run.target import LocalTarget, ObjectTarget, open_target

if TYPE_CHECKING:
    from mabridge.model import Model

Engine = Literal["auto", "local", "ray"]


@dataclass(frozen=True)
class RunReport:
    """What a job did.

    Attributes:
        engine: "local" or "ray".
        target: where the output is.
        parts: number of output files.
        rows_in, rows_out: rows read and written.
        bytes_out: bytes written.
        seconds: from the first part to the commit, engine start included.
    """

    engine: str
    target: str
    parts: int
    rows_in: int
    rows_out: int
    bytes_out: int
    seconds: float

    def __str__(self) -> str:
        dropped = "" if self.rows_in == self.rows_out else f" ({self.rows_in - self.rows_out:,} dropped by the model)"
        return (
            f"{self.target}: {counted(self.rows_out, 'row')}{dropped} in {counted(self.parts, 'file')}, {self.bytes_out / 2**20:.1f} MiB, "
            f"{self.seconds:.1f} s on the {self.engine} engine, {self.rows_in / max(self.seconds, 1e-9):,.0f} rows/s"
        )


def predict(
    model: str | os.PathLike[str] | Model,
    source: str | os.PathLike[str],
    target: str | os.PathLike[str],
    *,
    engine: Engine = "auto",
    columns: Sequence[str] | None = None,
    batch_size: int = 8_192,
    vectors: Vectors = "spark",
    device: str = "cpu",
    backend: Backend = "auto",
    overwrite: bool = False,
    workers: int | None = None,
    address: str | None = None,
    progress: bool | None = None,
) -> RunReport:
    """Run a model over parquet files and write parquet files, one a part, in the order of the input.

    Args:
        model: a converted model, or its path.
        source: a parquet file, a folder, a local glob or a URI.
        target: the folder to write; on a local disk it appears whole, elsewhere `_SUCCESS` comes last.
        engine: "local" runs threads in this process, "ray" Ray Data tasks; "auto" is ray where an address is given, else local. Both write the same bytes.
        columns: the output columns wanted; only what they need is computed.
        batch_size: rows held at a time; changes no bit of the output.
        vectors, backend, device: see `Model.program`.
        overwrite: whether an earlier output may be replaced, when the new one is complete.
        workers: parts at a time; None is one a core.
        address: a running Ray cluster.
        progress: None shows progress on stderr where it helps, False never.

    Raises:
        MabridgeError: nothing was written under the target's name, and the text says why.
    """
    if batch_size < 1 or (workers is not None and workers < 1):
        raise UnsupportedOptionError("The batch size and the number of workers must be at least 1.")
    model, source, target = _loaded(model), os.fspath(source), os.fspath(target)
    device = resolved_device(device)
    found = read_source(source)
    program = model.program(found.schema, columns=columns, vectors=vectors, backend=backend, device=device)
    _check_output_names(program)
    parts = plan_parts(found)
    options: dict[str, Any] = {"columns": None if columns is None else list(columns), "vectors": vectors, "backend": backend, "device": device}
    key = job_key(found, model.digest, options)
    chosen = _engine(engine, address)
    started = time.perf_counter()
    with open_target(target, found, overwrite=overwrite) as out, Progress(found.num_rows, progress) as shown:
        if isinstance(out, ObjectTarget):
            out.written.update(part_name(part, key) for part in parts)
        reports: list[PartReport] = []
        try:
            for report in _reports(chosen, model, program, found, parts, out, key, options, batch_size, workers, address):
                reports.append(report)
                shown.add(report.rows_in)
        except OSError as error:
            raise OutputFailedError(f"{target} could not be written: {reason_of(error)}. Nothing was left under its name.") from error
        out.commit()
    seconds = time.perf_counter() - started
    return RunReport(chosen, target, len(parts), sum(r.rows_in for r in reports), sum(r.rows_out for r in reports), sum(r.bytes_out for r in reports), seconds)


def _loaded(model: str | os.PathLike[str] | Model) -> Model:
    if isinstance(model, (str, os.PathLike)):
        from mabridge.model import load

        return load(model)
    return model


def _engine(engine: Engine, address: str | None) -> Literal["local", "ray"]:
    if engine == "auto":
        return "ray" if address is not None else "local"
    if engine == "local" and address is not None:
        raise UnsupportedOptionError("The local engine takes no address; use --engine ray.")
    return engine


def _check_output_names(program: Program) -> None:
    repeated = [name for name, count in Counter(column.name.lower() for column in program.outputs).items() if count > 1]
    if repeated:
        raise InvalidInputError(f"The output has the column `{repeated[0]}` more than once, which Spark refuses to write too; choose columns with --columns.")
    untyped = [column.name for column in program.outputs if isinstance(column.kind, NullType)]
    if untyped:
        raise InvalidInputError(
            f"The output column `{untyped[0]}` is NULL without a type, which Spark refuses to write too; cast it, or choose columns with --columns."
        )


def _reports(
    engine: Literal["local", "ray"],
    model: Model,
    program: Program,
    source: Source,
    parts: Sequence[Part],
    out: LocalTarget | ObjectTarget,
    key: str,
    options: dict[str, Any],
    batch_rows: int,
    workers: int | None,
    address: str | None,
) -> Iterator[PartReport]:
    if engine == "local":
        yield from run_locally(parts, lambda part, stop: run_part(program, source.uri, part, out.uri, part_name(part, key), batch_rows, stop), workers)
        return
    from mabridge.run.ray_engine import run_on_ray
    from mabridge.run.ship import shipped

    job = {
        "model": shipped(model),
        "schema": source.schema,
        "options": options,
        "source": source.uri,
        "target": out.uri,
        "key": key,
        "batch_rows": batch_rows,
    }
    yield from run_on_ray(parts, job, address=address, workers=workers)
