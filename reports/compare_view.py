"""What every rendering of a comparison shows, in the order in which it shows it; pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from tkg_conformance.reports.causes import scoped
from tkg_conformance.reports.comparison_records import (
    Change,
    Comparison,
    EnvironmentChange,
    ObjectChange,
    RowChange,
    Sites,
)
from tkg_conformance.reports.records import Level, Verdict
from tkg_conformance.reports.report_facts import moment
from tkg_conformance.reports.words import Tone, counted

CHANGE_GLYPHS: Mapping[Change, str] = MappingProxyType(
    {
        Change.NEW: "✗",
        Change.STILL_BROKEN: "✗",
        Change.FIXED: "✓",
        Change.GONE: "–",
        Change.CANNOT_TELL: "?",
        Change.OTHER: "~",
    }
)
"""In the order in which changes are shown."""

CHANGE_TONES: Mapping[Change, Tone] = MappingProxyType(
    {
        Change.NEW: Tone.BAD,
        Change.STILL_BROKEN: Tone.BAD,
        Change.FIXED: Tone.GOOD,
        Change.GONE: Tone.QUIET,
        Change.CANNOT_TELL: Tone.WARN,
        Change.OTHER: Tone.QUIET,
    }
)

ABSENT = "absent"
"""What is said of a row that a run lacks, or of a fact that it does not state."""

_ORDER = tuple(CHANGE_GLYPHS)
_WORDS = {
    Change.FIXED: "fixed",
    Change.GONE: "gone",
    Change.CANNOT_TELL: "cannot be told",
    Change.OTHER: "judged otherwise",
}


@dataclass(frozen=True, slots=True)
class ChangeGroup:
    """Rows that differ in nothing but their name, shown once: `names` are theirs, `title` is that of a single one."""

    change: Change
    names: tuple[str, ...]
    ids: tuple[str, ...]
    title: str
    marks: tuple[str, ...]
    before: str
    after: str
    reason: str
    objects: tuple[ObjectChange, ...]


@dataclass(frozen=True, slots=True)
class ComparisonView:
    """A comparison as it is shown; `doubts` come first: other sites, or runs in the wrong order."""

    doubts: tuple[str, ...]
    title: str
    summary: str
    worse: bool
    runs: tuple[tuple[str, str, str, str], ...]
    """For each run: "before" or "now", when it started, its headline, the version of its suite."""
    groups: tuple[ChangeGroup, ...]
    environment: tuple[EnvironmentChange, ...]
    unchanged: str


def view_of_comparison(comparison: Comparison) -> ComparisonView:
    """Return the comparison with its rows grouped, what got worse first."""
    sides = (("before", comparison.before), ("now", comparison.after))
    alike = ", ".join(f"{count} {verdict}" for verdict, count in comparison.unchanged.items())
    return ComparisonView(
        doubts=tuple(_doubts(comparison)),
        title=_title(comparison),
        summary=summary(comparison),
        worse=comparison.worse,
        runs=tuple((when, moment(run.started), run.headline, run.suite_version) for when, run in sides),
        groups=_groups(comparison.rows),
        environment=tuple(
            EnvironmentChange(each.what, each.before or ABSENT, each.after or ABSENT) for each in comparison.environment
        ),
        unchanged=f"alike in both runs: {alike}" if alike else "no row is alike in both runs",
    )


def since(comparison: Comparison) -> str:
    """Return the comparison in one line: "worse since 2026-11-21 13:40:00 UTC: 1 new violation, 2 fixed"."""
    return f"{_title(comparison)}: {summary(comparison)}"


def summary(comparison: Comparison) -> str:
    """Return how many rows changed in which way: "1 new violation, 2 fixed, 1 cannot be told"."""
    changes = Counter(row.change for row in comparison.rows)
    verdict = (comparison.before.verdict, comparison.after.verdict)
    parts = [f"{verdict[0]} → {verdict[1]}"] if verdict[0] != verdict[1] else []
    if changes[Change.NEW]:
        parts.append(counted(changes[Change.NEW], "new violation"))
    parts += _still_broken(comparison)
    parts += [f"{changes[change]} {word}" for change, word in _WORDS.items() if changes[change]]
    return ", ".join(parts if comparison.rows else ["no row changed", *parts])


def _title(comparison: Comparison) -> str:
    word, started = "worse" if comparison.worse else "not worse", moment(comparison.before.started)
    return f"{word} than the run of {started}" if comparison.sites is Sites.DIFFERENT else f"{word} since {started}"


def _still_broken(comparison: Comparison) -> list[str]:
    changed = [row for row in comparison.rows if row.change is Change.STILL_BROKEN]
    alike = sum(comparison.unchanged.get(verdict, 0) for verdict in (Verdict.FAIL, Verdict.BLOCKED))
    further = sum(any(each.change is Change.NEW for each in row.objects) for row in changed)
    if not changed and not alike:
        return []
    return [f"{len(changed) + alike} still broken" + (f" ({further} in further objects)" if further else "")]


def _doubts(comparison: Comparison) -> Iterator[str]:
    if comparison.sites is Sites.DIFFERENT:
        yield f"DIFFERENT SITES: {comparison.sites_reason}; nothing below is a change of one site"
    if comparison.sites is Sites.UNKNOWN:
        yield f"Whether both runs looked at one site is not known: {comparison.sites_reason}"
    if comparison.before.started > comparison.after.started:
        yield "The first of the two runs is the later one; what is called new was there first"


def _groups(rows: tuple[RowChange, ...]) -> tuple[ChangeGroup, ...]:
    gathered: dict[object, list[RowChange]] = {}
    for row in sorted(rows, key=_importance):
        # Whoever has objects to show stands alone; the others are many where a run was aborted or a cluster came.
        alone = (row.id, row.scope) if row.objects else None
        kind = (row.change, row.worse, row.level, row.before, row.after, row.reason)
        gathered.setdefault((kind, alone), []).append(row)
    return tuple(_group(each) for each in gathered.values())


def _importance(row: RowChange) -> tuple[bool, int, bool]:
    return not row.worse, _ORDER.index(row.change), row.after == Verdict.BLOCKED


def _group(rows: list[RowChange]) -> ChangeGroup:
    first = rows[0]
    return ChangeGroup(
        change=first.change,
        names=tuple(scoped(row.id, row.scope) for row in rows),
        ids=tuple(row.id for row in rows),
        title=first.title if len(rows) == 1 else "",
        marks=(
            *([] if first.level == Level.REQUIRED else [first.level]),
            *(["worse"] if first.worse and first.change is not Change.NEW else []),
        ),
        before=first.before or ABSENT,
        after=first.after or ABSENT,
        reason=first.reason,
        objects=tuple(sorted(first.objects, key=lambda each: (_ORDER.index(each.change), each.object))),
    )
