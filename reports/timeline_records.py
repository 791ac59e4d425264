"""When a run did what, for the drawing of its course."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class SpanKind(StrEnum):
    """What a stretch of time was spent on."""

    READ = "read"
    WAIT = "wait"
    CHECK = "check"
    WRITE = "write"


@dataclass(frozen=True, slots=True)
class Span:
    """One stretch of a run.

    `lane` is who was busy: a plane of the observation ("vcenter:vc01.example.org", "management", "workload:dev/wl1"),
    "lab", "creation", "probe", or a process that judges ("gw0"; "main" without workers). `what` is the collection that
    was read, the step that was waited for, or the row that was judged ("ZONE-8 [dev/wl1]"). Seconds count from the
    run's `started`; `count` is how many objects a read gave (None: not countable).
    """

    lane: str
    what: str
    kind: SpanKind
    start_s: float
    duration_s: float
    count: int | None = None
