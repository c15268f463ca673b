"""The local engine: a pool of threads over parts, in this process."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from threading import Event

from mabridge.run.parts import Part, PartReport

#: Runs a part; the event says that nobody waits for it any more.
RunOne = Callable[[Part, Event], PartReport]


def run_locally(parts: Sequence[Part], run_one: RunOne, workers: int | None = None) -> Iterator[PartReport]:
    """Run every part, at most `workers` at a time; reports come as parts finish.

    The failure of the earliest part decides the error, whichever part failed first.

    Args:
        parts: in order.
        run_one: runs a part.
        workers: threads; None is one a core.
    """
    limit = workers or os.cpu_count() or 1
    waiting = iter(parts)
    running: dict[Future[PartReport], Part] = {}
    failed: list[tuple[int, BaseException]] = []
    stop = Event()
    with ThreadPoolExecutor(max_workers=limit, thread_name_prefix="mabridge") as pool:
        try:
            while True:
                while len(running) < limit and not failed and (part := next(waiting, None)) is not None:
                    running[pool.submit(run_one, part, stop)] = part
                if not running:
                    break
                done, _ = wait(running, return_when=FIRST_COMPLETED)
                for future in done:
                    part = running.pop(future)
                    error = future.exception()
                    if error is None:
                        yield future.result()
                    else:
                        failed.append((part.index, error))
        finally:
            # Not reached before the parts are done, but for an interrupt: then they end at their next batch.
            stop.set()
            for future in running:
                future.cancel()
    if failed:
        raise min(failed, key=lambda item: item[0])[1]
