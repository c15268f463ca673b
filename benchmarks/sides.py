"""What is measured against what: each side is a process that makes itself ready and then runs the job again and again.

    python -m benchmarks.sides SIDE PIPELINE MODELS DATA OUT RUNS CORES

prints one JSON object: seconds to get ready, seconds of each run, peak memory in MiB.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from benchmarks.pipelines import PIPELINES

Job = Callable[[Path], object]


def spark(name: str, models: Path, data: Path, cores: int, stack: ExitStack) -> Job:
    """Spark local: read, transform, write the wanted columns."""
    session = stack.enter_context(spark_session(cores))
    from pyspark.ml import PipelineModel

    model = PipelineModel.load(str(models / name / "spark"))
    columns = PIPELINES[name].columns

    def job(out: Path) -> None:
        model.transform(session.read.parquet(str(data))).select(*columns).write.parquet(str(out))

    return job


@contextmanager
def spark_session(cores: int) -> Iterator[Any]:
    """A local session with eight equal input splits or more and an 8 GB driver."""
    from pyspark.sql import SparkSession

    os.environ["PYSPARK_PYTHON"] = os.environ["PYSPARK_DRIVER_PYTHON"] = sys.executable
    options = {
        "spark.driver.memory": "8g",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.log.level": "OFF",
        "spark.sql.files.maxPartitionBytes": "32m",
        "spark.sql.session.timeZone": "UTC",
    }
    builder = SparkSession.builder.master(f"local[{cores}]").appName("benchmarks")
    for key, value in options.items():
        builder = builder.config(key, value)
    session = builder.getOrCreate()
    try:
        yield session
    finally:
        session.stop()


def local(name: str, models: Path, data: Path, cores: int, stack: ExitStack) -> Job:
    """mabridge's local engine."""
    import mabridge
    from mabridge.run import predict

    model = mabridge.load(models / name / "mabridge")
    return lambda out: predict(model, data, out, engine="local", columns=PIPELINES[name].columns, workers=cores, progress=False)


def ray(name: str, models: Path, data: Path, cores: int, stack: ExitStack) -> Job:
    """mabridge on Ray Data; Ray is started before the runs."""
    import mabridge
    from mabridge.run import predict
    from mabridge.run.ray_engine import ray_session

    stack.enter_context(ray_session(None, cores))
    model = mabridge.load(models / name / "mabridge")
    return lambda out: predict(model, data, out, engine="ray", columns=PIPELINES[name].columns, workers=cores, progress=False)


def floor(name: str, models: Path, data: Path, cores: int, stack: ExitStack) -> Job:
    """Read the same columns in batches on the same number of threads, write as many doubles as the job writes."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.parquet as pq

    pa.set_cpu_count(cores)
    reads, doubles = list(PIPELINES[name].reads), 1 + 2 * ("probability" in PIPELINES[name].columns)
    schema = pa.schema([(f"d{place}", pa.float64()) for place in range(doubles)])

    def job(out: Path) -> None:
        out.mkdir()
        with pq.ParquetWriter(out / "part.parquet", schema) as writer:
            for batch in pq.ParquetFile(data).iter_batches(125_000, columns=reads):
                values = np.arange(batch.num_rows, dtype=np.float64) * 1.000001
                writer.write_table(pa.table([pa.array(values + place) for place in range(doubles)], schema=schema))

    return job


SIDES: dict[str, Callable[[str, Path, Path, int, ExitStack], Job]] = {"spark": spark, "local": local, "ray": ray, "floor": floor}


def main() -> None:
    side, name, models, data, out, runs, cores = sys.argv[1:]
    started = time.perf_counter()
    with ExitStack() as stack:
        job = SIDES[side](name, Path(models), Path(data), int(cores), stack)
        ready = time.perf_counter() - started
        seconds = []
        for _ in range(int(runs)):
            shutil.rmtree(out, ignore_errors=True)
            before = time.perf_counter()
            job(Path(out))
            seconds.append(time.perf_counter() - before)
        shutil.rmtree(out, ignore_errors=True)
    peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) / 1024
    print(json.dumps({"ready": ready, "seconds": seconds, "peak_mib": peak}))


if __name__ == "__main__":
    main()
