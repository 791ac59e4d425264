"""Keeps when a run did what: reads, waits and checks of one machine's clock, for the drawing of its course."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from tkg_conformance.reports.timeline_records import Span, SpanKind

MAX_SPANS = 5000
"""Stretches that are kept; of more, the longest."""
LAB, CREATION, PROBE, MAIN = "lab", "creation", "probe", "main"
_WRITING = ("creating ", "deleting ")


class Timeline:
    """The stretches of one run so far; thread-safe.

    Steps that only report where they are (the lab's, a creation's, a probe's) last until the same component reports
    another step, or until `settle`.
    """

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        # Whole seconds, as results carry the start of a run: no stretch can lie before it.
        self._zero = float(int(clock()))
        self._lane = CREATION
        self._lock = threading.Lock()
        self._spans: list[Span] = []
        self._steps: dict[tuple[str, str], tuple[str, float]] = {}

    @property
    def started(self) -> str:
        """The run's start, UTC in ISO 8601."""
        return datetime.fromtimestamp(self._zero, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")

    @contextmanager
    def lane(self, name: str) -> Iterator[None]:
        """Take the steps that are reported meanwhile for those of this lane."""
        before, self._lane = self._lane, name
        try:
            yield
        finally:
            self.settle()
            self._lane = before

    def reported(self, component: str, message: str) -> None:
        """Take note of the step that a component is at; a probe is one step, whatever it tells of itself."""
        lane = self._lane
        step = component if lane == PROBE or not message else f"{component}: {message}"
        key, now = (lane, component), self._clock()
        with self._lock:
            before = self._steps.get(key)
            if before is None or before[0] != step:
                self._end(key, now)
                self._steps[key] = (step, now)

    def settle(self) -> None:
        """End all steps that are under way."""
        now = self._clock()
        with self._lock:
            for key in list(self._steps):
                self._end(key, now)

    def read(self, plane: str, what: str, count: int | None, seconds: float) -> None:
        """Add a read that has just ended."""
        now = self._clock()
        self.add(plane, what, SpanKind.READ, now - seconds, now, count)

    @contextmanager
    def stretch(self, lane: str, what: str, kind: SpanKind) -> Iterator[None]:
        """Add what is done meanwhile."""
        begun = self._clock()
        try:
            yield
        finally:
            self.add(lane, what, kind, begun, self._clock())

    def add(self, lane: str, what: str, kind: SpanKind, start: float, end: float, count: int | None = None) -> None:
        """Add a stretch by the clock's times; a clock that was set back makes it short and never negative."""
        with self._lock:
            self._add(lane, what, kind, start, end, count)

    def spans(self) -> tuple[Span, ...]:
        """Return the stretches that have ended, in the order of their starts."""
        with self._lock:
            kept = sorted(self._spans, key=lambda span: -span.duration_s)[:MAX_SPANS]
        return tuple(sorted(kept, key=lambda span: (span.start_s, span.lane, span.what)))

    def _end(self, key: tuple[str, str], now: float) -> None:
        if key in self._steps:
            step, begun = self._steps.pop(key)
            writes = key[0] == CREATION and step.partition(": ")[2].startswith(_WRITING)
            self._add(key[0], step, SpanKind.WRITE if writes else SpanKind.WAIT, begun, now, None)

    def _add(self, lane: str, what: str, kind: SpanKind, start: float, end: float, count: int | None) -> None:
        begun = max(start - self._zero, 0.0)
        self._spans.append(Span(lane, what, kind, round(begun, 4), round(max(end - start, 0.0), 4), count))
