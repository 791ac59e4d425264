"""Shows on a terminal what a long step is doing, and elsewhere a line now and then; keeps when it was."""

from __future__ import annotations

import sys
import threading
import time
from typing import TextIO

from tkg_conformance.plugins import styling
from tkg_conformance.plugins.timeline import Timeline

HEARTBEAT_S = 20.0
"""Seconds between two lines where the output is no terminal."""


class TerminalProgress:
    """Receives reports of the lab, the observation and the judgement; one self-updating line on a terminal.

    It serves both protocols: `report` (lab) and `looking`, `started`, `advanced`, `finished`, `done` (observation).
    Thread-safe.
    """

    def __init__(
        self,
        stream: TextIO | None = None,
        *,
        width: int = 79,
        tty: bool | None = None,
        timeline: Timeline | None = None,
    ) -> None:
        self._stream = stream or sys.stderr
        self._width = width
        self._tty = styling.moves_cursor(self._stream) if tty is None else tty
        self.timeline = timeline or Timeline()
        self._lock = threading.Lock()
        self._begun = time.monotonic()
        self._last_line = ""
        self._last_written = 0.0
        self._looks = self._planes = 0
        self._done: set[str] = set()
        self._counts: dict[tuple[str, str], int] = {}

    @property
    def is_live(self) -> bool:
        """Whether there is a line that updates itself."""
        return self._tty

    def report(self, component: str, done: int | None, total: int | None, message: str) -> None:
        """Show one step of the lab, with `done` of `total` where it is countable."""
        self.timeline.reported(component, message)
        count = f" {done}/{total}" if done is not None and total is not None else ""
        self._show(f"{component}{count}: {message}" if message else f"{component}{count}")

    def looking(self, planes: int) -> None:
        """Count the planes of a look from none."""
        self._looks += 1
        self._planes, self._done, self._counts = planes, set(), {}

    def started(self, plane: str, what: str) -> None:
        """Show that a read began."""
        self._look(f"{plane}: {what}")

    def advanced(self, plane: str, what: str, count: int) -> None:
        """Show how many objects of a read have arrived."""
        self._counts[plane, what] = count
        self._look(f"{plane}: {what} {count}")

    def finished(self, plane: str, what: str, count: int, seconds: float) -> None:
        """Show that a read is done."""
        again = " again" if self._looks > 1 else ""
        self.timeline.read(plane, what + again, self._counts.get((plane, what)), seconds)
        self._look(f"{plane}: {count} {what} in {seconds:.1f} s")

    def done(self, plane: str) -> None:
        """Show that a plane was read as a whole."""
        self._done.add(plane)
        self._look(f"{plane}: done")

    def judged(self, row: str, done: int, total: int) -> None:
        """Show how many rows are judged."""
        self._show(f"judging {done} of {total} rows: {row}")

    def close(self) -> None:
        """Clear the self-updating line, and take what was under way as ended."""
        self.timeline.settle()
        with self._lock:
            if self._tty and self._last_line:
                self._stream.write("\r" + " " * self._width + "\r")
                self._stream.flush()
                self._last_line = ""

    def _look(self, text: str) -> None:
        """Show how far the look is: what of how much, and the objects that have arrived."""
        objects = sum(list(self._counts.values()))
        self._show(f"observing {len(self._done)}/{self._planes} planes, {objects:,} objects; {text}")

    def _show(self, text: str) -> None:
        with self._lock:
            now = time.monotonic()
            minutes, seconds = divmod(int(now - self._begun), 60)
            line = f"[{minutes:d}:{seconds:02d}] {text}"
            if self._tty:
                line = line[: self._width]
                self._stream.write("\r" + line.ljust(self._width))
                self._stream.flush()
                self._last_line = line
            elif not self._last_written or now - self._last_written >= HEARTBEAT_S:
                self._stream.write(line + "\n")
                self._stream.flush()
                self._last_written, self._last_line = now, text
