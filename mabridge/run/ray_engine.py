"""The Ray engine: one Ray Data task for each part, over the same parts as the local engine."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

from mabridge.errors import MabridgeError, MissingDependencyError, UnsupportedOptionError
from mabridge.run.parts import Part, PartReport, part_name, run_part
from mabridge.run.reach import check_reachable


@contextmanager
def ray_session(address: str | None, num_cpus: int | None) -> Iterator[Any]:
    """Ray, as it is initialised already or else for the length of the block.

    Raises:
        MissingDependencyError: ray is not installed.
        UnsupportedOptionError: no cluster answers at the address.
    """
    # Only where the user has not said otherwise: no usage reports, and quiet logs.
    for name, value in (("RAY_USAGE_STATS_ENABLED", "0"), ("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")):
        os.environ.setdefault(name, value)
    try:
        import ray
        import ray.data
    except ImportError as error:
        raise MissingDependencyError(f"The Ray engine needs the extra mabridge[ray]: {error}.") from error
    started = not ray.is_initialized()
    if started and address is not None:
        check_reachable(address)
    if started:
        options: dict[str, Any] = {"log_to_driver": False, "logging_level": logging.ERROR, "include_dashboard": False}
        try:
            if address is not None:
                ray.init(address=address, log_to_driver=False, logging_level=logging.ERROR)
            else:
                ray.init(num_cpus=num_cpus, **options)
        except ImportError as error:
            raise MissingDependencyError(f"A ray:// address needs Ray's client: pip install 'ray[client]' ({error}).") from error
        except (ConnectionError, RuntimeError, ValueError) as error:
            raise UnsupportedOptionError(f"Ray could not be reached{'' if address is None else f' at {address}'}: {str(error).splitlines()[0]}") from error
    context = ray.data.DataContext.get_current()
    bars, context.enable_progress_bars = context.enable_progress_bars, False
    logger = logging.getLogger("ray.data")
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield ray
    finally:
        context.enable_progress_bars = bars
        logger.setLevel(level)
        if started:
            ray.shutdown()


def run_on_ray(parts: Sequence[Part], job: dict[str, Any], *, address: str | None, workers: int | None) -> Iterator[PartReport]:
    """Run every part as a Ray Data task; reports come as parts finish.

    Args:
        parts: in order.
        job: what a worker needs to make the program and write the part, see `_worker_program`; its model is a path that every node sees, or bytes.
        address: a running cluster; None starts one on this machine.
        workers: CPUs of the cluster that is started.
    """
    with ray_session(address, workers) as ray:
        shared = ray.put(job)
        items = [asdict(part) for part in parts]
        dataset = ray.data.from_items(items, override_num_blocks=max(len(items), 1)).map_batches(
            _run_batch, batch_size=1, batch_format="pyarrow", fn_kwargs={"shared": shared}
        )
        try:
            for row in dataset.iter_rows():
                if row["error"] is not None:
                    raise _restored(row["error"])
                yield PartReport(**{name: row[name] for name in ("index", "rows_in", "rows_out", "bytes_out")})
        except ray.exceptions.RayError as error:
            raise _original(error) from error


def _original(error: BaseException) -> BaseException:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, MabridgeError):
            return cause
        cause = getattr(cause, "cause", None) or cause.__cause__
    return UnsupportedOptionError(f"Ray could not run the job: {str(error).splitlines()[0]}")


def _restored(fields: dict[str, Any]) -> MabridgeError:
    """The error that a worker met, of its own class."""
    from mabridge import errors

    if fields["kind"] == "InvalidRowError":
        return errors.InvalidRowError(stage=fields["stage"], column=fields["column"], row=fields["row"], value=fields["value"], reason=fields["reason"])
    kind = getattr(errors, fields["kind"], MabridgeError)
    return kind(fields["text"]) if kind is not errors.UnsupportedPipelineError else MabridgeError(fields["text"])


def _told(error: MabridgeError) -> dict[str, Any]:
    kept = {name: getattr(error, name, None) for name in ("stage", "column", "row", "value", "reason")}
    return {"kind": type(error).__name__, "text": str(error), **kept}


#: Programs of this worker process, by job; a worker serves many parts of one job.
_programs: dict[str, Any] = {}


def _run_batch(batch: Any, shared: Any) -> Any:
    """One task: one part. An error that the user's data caused comes back as a row, so that Ray does not try again."""
    import pyarrow as pa
    import ray

    row = batch.to_pylist()[0]
    part = Part(**{**row, "row_groups": tuple(row["row_groups"])})
    job = ray.get(shared)
    report: dict[str, Any] = {"index": part.index, "rows_in": 0, "rows_out": 0, "bytes_out": 0}
    failure = None
    try:
        done = run_part(_worker_program(job), job["source"], part, job["target"], part_name(part, job["key"]), job["batch_rows"])
        report = asdict(done)
    except MabridgeError as error:
        failure = _told(error)
    fields = ["kind", "text", "stage", "column", "value", "reason"]
    kind = pa.struct([*[(name, pa.string()) for name in fields], ("row", pa.int64())])
    return pa.table({**{name: [value] for name, value in report.items()}, "error": pa.array([failure], type=kind)})


def _worker_program(job: dict[str, Any]) -> Any:
    program = _programs.get(job["key"])
    if program is None:
        from mabridge.run.ship import model_of

        _programs.clear()
        program = model_of(job["model"]).program(job["schema"], **job["options"])
        _programs[job["key"]] = program
    return program
