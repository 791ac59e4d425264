"""Shows on a terminal what a long step is doing, and elsewhere a line now and then."""

from __future__ import annotations

import sys
import threading
import time
from typing import TextIO

HEARTBEAT_S = 20.0
"""Seconds between two lines where the output is no terminal."""


class TerminalProgress:
    """Receives reports of the lab and of the observation; one self-updating line on a terminal.

    It serves both protocols: `report` (lab) and `started`, `advanced`, `finished` (observation). Thread-safe.
    """

    def __init__(self, stream: TextIO | None = None, *, width: int = 79, tty: bool | None = None) -> None:
        self._stream = stream or sys.stderr
        self._width = width
        self._tty = self._stream.isatty() if tty is None else tty
        self._lock = threading.Lock()
        self._begun = time.monotonic()
        self._last_line = ""
        self._last_written = 0.0
        self._counts: dict[tuple[str, str], int] = {}

    def report(self, component: str, done: int | None, total: int | None, message: str) -> None:
        """Show one step of the lab, with `done` of `total` where it is countable."""
        count = f" {done}/{total}" if done is not None and total is not None else ""
        self._show(f"{component}{count}: {message}" if message else f"{component}{count}")

    def started(self, plane: str, what: str) -> None:
        """Show that a read began."""
        self._counts[plane, what] = 0
        self._show(f"observing {plane}: {what}")

    def advanced(self, plane: str, what: str, count: int) -> None:
        """Show how many objects of a read have arrived."""
        self._counts[plane, what] = count
        self._show(f"observing {plane}: {what} {count}")

    def finished(self, plane: str, what: str, count: int, seconds: float) -> None:
        """Show that a read is done."""
        self._counts[plane, what] = count
        self._show(f"observing {plane}: {count} {what} in {seconds:.1f} s")

    def close(self) -> None:
        """Clear the self-updating line."""
        with self._lock:
            if self._tty and self._last_line:
                self._stream.write("\r" + " " * self._width + "\r")
                self._stream.flush()
                self._last_line = ""

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
