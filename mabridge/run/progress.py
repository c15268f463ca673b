"""What people watch: a bar in a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
import time
from types import TracebackType

from mabridge.counted import counted

#: Seconds between two plain lines.
_EVERY = 5.0


class Progress:
    """Rows done so far, shown on stderr."""

    def __init__(self, total: int, shown: bool | None) -> None:
        """Args:
        total: rows in all.
        shown: None shows a bar in a terminal and lines where a job takes long; False shows nothing.
        """
        self.total, self.done = total, 0
        self.shown = shown is not False
        self.started = self.said = time.monotonic()
        self._bar = None
        if self.shown and sys.stderr.isatty():
            from rich.console import Console
            from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
            from rich.progress import Progress as Bar

            self._bar = Bar(
                TextColumn("rows"),
                BarColumn(),
                MofNCompleteColumn(),
                TextColumn("{task.fields[rate]}"),
                TimeRemainingColumn(),
                console=Console(stderr=True),
                transient=True,
            )
            self._task = self._bar.add_task("rows", total=total, rate="")

    def __enter__(self) -> Progress:
        if self._bar is not None:
            self._bar.start()
        return self

    def add(self, rows: int) -> None:
        """Count rows that are done."""
        self.done += rows
        now = time.monotonic()
        rate = f"{self.done / max(now - self.started, 1e-9):,.0f} rows/s"
        if self._bar is not None:
            self._bar.update(self._task, completed=self.done, rate=rate)
        elif self.shown and now - self.said > _EVERY:
            self.said = now
            print(f"{self.done:,} of {counted(self.total, 'row')}, {rate}", file=sys.stderr)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._bar is not None:
            self._bar.stop()
