"""What people watch: nothing when quiet, lines in a log, a bar in a terminal; and never on stdout."""

from __future__ import annotations

import io
import sys
from typing import Any

import pytest

from mabridge.run import progress
from mabridge.run.progress import Progress


class Clock:
    """Seconds that pass only when told to."""

    def __init__(self) -> None:
        self.now = 100.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(progress, "time", made)
    return made


def test_a_short_job_says_nothing(clock: Clock, capsys: pytest.CaptureFixture[str]) -> None:
    with Progress(1_000, None) as shown:
        for _ in range(4):
            clock.now += 1.0
            shown.add(250)
    assert shown.done == 1_000
    assert capsys.readouterr() == ("", "")


def test_a_long_job_says_a_line_now_and_then(clock: Clock, capsys: pytest.CaptureFixture[str]) -> None:
    with Progress(4_000_000, True) as shown:
        for _ in range(12):
            clock.now += 1.0
            shown.add(1_000)
    assert capsys.readouterr() == ("", "6,000 of 4,000,000 rows, 1,000 rows/s\n12,000 of 4,000,000 rows, 1,000 rows/s\n")


def test_a_quiet_job_says_nothing_however_long(clock: Clock, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    with Progress(10, False) as shown:
        clock.now += 1_000.0
        shown.add(10)
    assert capsys.readouterr() == ("", "")


def test_no_time_and_no_rows_are_no_division_by_zero(clock: Clock) -> None:
    with Progress(0, None) as shown:
        shown.add(0)
    assert shown.done == 0


class Terminal(io.StringIO):
    """A stderr that is a terminal."""

    def isatty(self) -> bool:
        return True


def test_a_terminal_shows_a_bar_that_stops_with_the_job(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")
    shown = Progress(10, None)
    bar = shown._bar
    assert bar is not None
    with pytest.raises(KeyboardInterrupt):
        stopped_half_way(shown, bar)
    assert not bar.live.is_started
    assert "4/10" in terminal.getvalue()
    assert capsys.readouterr().out == ""


def stopped_half_way(shown: Progress, bar: Any) -> None:
    with shown:
        shown.add(4)
        assert bar.live.is_started
        assert [(task.completed, task.total) for task in bar.tasks] == [(4, 10)]
        raise KeyboardInterrupt
