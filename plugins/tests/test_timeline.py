"""When a run did what: one clock, no stretch before the start, none of negative length."""

from __future__ import annotations

import pytest

from tkg_conformance.plugins.timeline import LAB, MAX_SPANS, PROBE, Timeline
from tkg_conformance.reports.timeline_records import Span, SpanKind

READ, WAIT, WRITE = SpanKind.READ, SpanKind.WAIT, SpanKind.WRITE


class Clock:
    """A clock to be set."""

    def __init__(self, now: float = 1000.25) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def timeline(clock: Clock) -> Timeline:
    return Timeline(clock)


def test_seconds_count_from_the_start_that_results_name(timeline: Timeline, clock: Clock) -> None:
    assert timeline.started == "1970-01-01T00:16:40Z"
    clock.now = 1003.0
    timeline.read("management", "objects", 7, 1.5)
    assert timeline.spans() == (Span("management", "objects", READ, 1.5, 1.5, 7),)


def test_a_step_lasts_until_the_next_of_the_same_component(timeline: Timeline, clock: Clock) -> None:
    with timeline.lane(LAB):
        timeline.reported("vcenter", "starting")
        clock.now += 1
        timeline.reported("inventory", "datacenter dc0")
        timeline.reported("vcenter", "starting")
        clock.now += 2
        timeline.reported("vcenter", "ready")
        clock.now += 4
    assert timeline.spans() == (
        Span(LAB, "vcenter: starting", WAIT, 0.25, 3.0),
        Span(LAB, "inventory: datacenter dc0", WAIT, 1.25, 6.0),
        Span(LAB, "vcenter: ready", WAIT, 3.25, 4.0),
    )


def test_creating_and_deleting_are_writes_and_a_probe_is_one_step(timeline: Timeline, clock: Clock) -> None:
    timeline.reported("dev/wl9", "creating Secret dev/wl9")
    clock.now += 1
    timeline.reported("dev/wl9", "2 machines run")
    clock.now += 1
    timeline.settle()
    with timeline.lane(PROBE):
        timeline.reported("nodes", "3 reads")
        timeline.reported("nodes", "4 reads")
    found = [(each.lane, each.what, each.kind) for each in timeline.spans()]
    assert found == [
        ("creation", "dev/wl9: creating Secret dev/wl9", WRITE),
        ("creation", "dev/wl9: 2 machines run", WAIT),
        ("probe", "nodes", WAIT),
    ]


def test_a_clock_that_is_set_back_makes_nothing_negative(timeline: Timeline, clock: Clock) -> None:
    with timeline.stretch("main", "ZONE-1", SpanKind.CHECK):
        clock.now = 10.0
    timeline.read("management", "objects", None, 50.0)
    assert all(each.start_s >= 0 and each.duration_s >= 0 for each in timeline.spans())
    assert len(timeline.spans()) == 2


def test_of_too_many_stretches_the_longest_are_kept(timeline: Timeline) -> None:
    for number in range(MAX_SPANS + 10):
        timeline.add("gw0", f"ZONE-{number}", SpanKind.CHECK, 1001.0 + number, 1001.0 + number + number / 1000)
    kept = timeline.spans()
    assert (len(kept), kept[0].what, kept[-1].what) == (MAX_SPANS, "ZONE-10", f"ZONE-{MAX_SPANS + 9}")
