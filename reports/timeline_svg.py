"""Draws the course of a run: the whole, then what took the look and the judgement, each on a scale of its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup

from tkg_conformance.reports.svg import box, drawing, element, fitted, text
from tkg_conformance.reports.timeline_records import Span, SpanKind
from tkg_conformance.reports.words import counted

WIDTH = 1000.0
_NAMES = 205.0
_LANE, _BAR = 22.0, 13.0
_TOP, _BOTTOM = 6.0, 24.0
_TICKS = 8
_STEPS = (1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600)


@dataclass(frozen=True)
class Stretch:
    """One drawing of a part of the run."""

    title: str
    picture: Markup


@dataclass(frozen=True)
class Busy:
    """How much of one kind a lane did, for the table that says the same as the drawing."""

    lane: str
    kind: SpanKind
    count: int
    objects: int
    seconds: float
    longest: Span


def stretches(spans: Sequence[Span]) -> tuple[Stretch, ...]:
    """Return the drawings: the whole run, and enlarged what is short beside waiting."""
    if not spans:
        return ()
    whole = _stretch("The whole run", spans)
    if _end(spans) <= 0:
        return (whole,)
    found = [whole]
    for title, kinds in (("Looking, enlarged", (SpanKind.READ,)), ("Judging, enlarged", (SpanKind.CHECK,))):
        inside = [each for each in spans if each.kind in kinds]
        if inside and _length(inside) < 0.5 * _length(spans):
            found.append(_stretch(title, inside))
    return tuple(found)


def busy(spans: Sequence[Span]) -> tuple[Busy, ...]:
    """Return what each lane did, in the order of its beginning."""
    groups: dict[tuple[str, SpanKind], list[Span]] = {}
    for each in sorted(spans, key=lambda span: span.start_s):
        groups.setdefault((each.lane, each.kind), []).append(each)
    return tuple(
        Busy(
            lane,
            kind,
            len(members),
            sum(each.count or 0 for each in members),
            sum(each.duration_s for each in members),
            max(members, key=lambda each: each.duration_s),
        )
        for (lane, kind), members in groups.items()
    )


def seconds(value: float) -> str:
    """Return a duration as people write it: "12 ms", "3.4 s", "2 min 5 s"."""
    if value >= 120:
        return f"{int(value // 60)} min {int(value % 60)} s"
    if value >= 10:
        return f"{value:.0f} s"
    return f"{value:.1f} s" if value >= 1 else f"{value * 1000:.0f} ms"


def _stretch(title: str, spans: Sequence[Span]) -> Stretch:
    start, length = min(each.start_s for each in spans), max(_length(spans), 0.001)
    scale = (WIDTH - _NAMES - 8) / length
    lanes: dict[str, list[Span]] = {}
    for each in sorted(spans, key=lambda span: span.start_s):
        lanes.setdefault(each.lane, []).append(each)
    rows = [(lane, row) for lane, members in lanes.items() for row in _rows(members, 1.5 / scale)]
    height = _TOP + len(rows) * _LANE + _BOTTOM
    parts = list(_scale(start, length, scale, height))
    for index, (lane, row) in enumerate(rows):
        y = _TOP + index * _LANE
        if index == 0 or rows[index - 1][0] != lane:
            parts.append(text(lane, _NAMES - 10, y + 14, size=11.5, width=_NAMES - 12, text_anchor="end"))
            parts.append(element("path", d=f"M0 {y:.1f}H{WIDTH:.0f}", class_="rule"))
        parts += [_bar(each, _NAMES + (each.start_s - start) * scale, y + 4, each.duration_s * scale) for each in row]
    label = f"{title}: {counted(len(spans), 'step')} of {counted(len(lanes), 'lane')} in {seconds(length)}"
    return Stretch(f"{title}, {seconds(length)}", drawing(WIDTH, height, label, parts, class_="course"))


def _rows(spans: Sequence[Span], gap: float) -> list[list[Span]]:
    """Return the spans of a lane so that none covers another; what is too close to be told apart becomes one."""
    rows: list[list[Span]] = []
    for each in spans:
        for row in rows:
            last = row[-1]
            if (
                last.kind is each.kind
                and last.start_s + last.duration_s <= each.start_s + 1e-6
                and (
                    each.start_s - last.start_s - last.duration_s < gap
                    and (last.duration_s < gap or each.duration_s < gap)
                )
            ):
                row[-1] = _joined(last, each)
                break
            if last.start_s + last.duration_s <= each.start_s:
                row.append(each)
                break
        else:
            rows.append([each])
    return rows


def _joined(first: Span, second: Span) -> Span:
    count = None if first.count is None and second.count is None else (first.count or 0) + (second.count or 0)
    what = first.what if first.what.endswith(" …") else f"{first.what} …"
    return replace(first, what=what, duration_s=second.start_s + second.duration_s - first.start_s, count=count)


def _bar(span: Span, x: float, y: float, width: float) -> Markup:
    number = f", {counted(span.count, 'object')}" if span.count is not None else ""
    about = f"{span.kind} {span.what}: {seconds(span.duration_s)} from {span.start_s:.2f} s{number}"
    shape = box(round(x, 1), y, max(round(width, 1), 1.5), _BAR, class_=f"bar {span.kind}")
    if fitted(span.what, width - 8, size=10) != span.what:
        return element("g", element("title", about), shape)
    words = text(span.what, round(x + 4, 1), y + 10, size=10, class_=f"on {span.kind}")
    return element("g", element("title", about), shape, words)


def _scale(start: float, length: float, scale: float, height: float) -> Iterator[Markup]:
    step = _step(length)
    first = int(start / step) * step
    for index in range(_TICKS + 3):
        at = first + index * step
        if start <= at <= start + length:
            x = _NAMES + (at - start) * scale
            yield element("path", d=f"M{x:.1f} {_TOP:.0f}V{height - _BOTTOM + 4:.0f}", class_="tick")
            yield text(_at(at, step), round(x, 1), height - 8, size=10.5, text_anchor="middle", class_="soft")


def _step(length: float) -> float:
    wanted = length / _TICKS
    unit = 1.0
    while wanted < unit and unit > 1e-6:
        unit /= 10
    return next((unit * each for each in _STEPS if unit * each >= wanted), float(_STEPS[-1]) * 4)


def _at(value: float, step: float) -> str:
    if step < 0.001:
        return f"{value * 1000:.1f} ms"
    return f"{value:.3f} s" if step < 0.01 else f"{value:.2f} s" if step < 0.1 else f"{value:g} s"


def _length(spans: Sequence[Span]) -> float:
    return _end(spans) - min(each.start_s for each in spans)


def _end(spans: Sequence[Span]) -> float:
    return max(each.start_s + each.duration_s for each in spans)
