"""Compares two runs: which rows and objects changed, and whether anything got worse. Pure.

A side of a row is *undecided* if it was not selected, crashed, is INCONCLUSIVE or NOT-RUN, if its run observed nothing,
or if its suite does not know the requirement; then nothing can be told of a change. FAIL and BLOCKED are violations. A
row whose cluster is missing in one run is absent there, which is a change of the site and no lack of evidence.

A row got *worse* if it weighs more on its run's verdict than before: of no weight are rows that hold, that are not
selected, not required or absent; then follow violations that are waived, missing evidence, violations. A further object
with a finding makes a violation worse, unless a waiver accepts the row. The comparison is worse if a row is, or the
verdict of the run.
"""

from __future__ import annotations

from collections import Counter

from tkg_conformance.reports.causes import natural
from tkg_conformance.reports.compare_environment import environment_changes
from tkg_conformance.reports.compare_sides import Key, Seen, Side, Standing, Weight
from tkg_conformance.reports.comparison_records import Change, ComparedRun, Comparison, ObjectChange, RowChange
from tkg_conformance.reports.records import Result, Results, RunVerdict, Verdict
from tkg_conformance.reports.same_site import same_site
from tkg_conformance.reports.verdict import headline

_GRAVITY = (
    RunVerdict.CERTIFIED,
    RunVerdict.CERTIFIED_WITH_WAIVERS,
    RunVerdict.INCOMPLETE,
    RunVerdict.NOT_CERTIFIED,
    RunVerdict.ABORTED,
)


def compare(before: Results, after: Results) -> Comparison:
    """Return what changed from the earlier run to the later one; the order of rows in either does not matter."""
    sides = Side(before, "before"), Side(after, "now")
    rows: list[RowChange] = []
    unchanged: Counter[Verdict] = Counter()
    for key in sorted({*sides[0].rows, *sides[1].rows}, key=lambda each: (natural(each[0]), each[1])):
        row = sides[1].rows.get(key) or sides[0].rows[key]
        first, second = (side.seen(key, row.level) for side in sides)
        if not (first.selected or second.selected):
            continue
        if _alike(first, second):
            unchanged[row.verdict] += 1
        elif second.standing is not Standing.ABSENT or first.standing is not Standing.UNDECIDED:
            rows.append(_row_change(row, first, second, _notes(key, first, second, sides)))
    sites, reason = same_site(before, after)
    return Comparison(
        before=_compared(before),
        after=_compared(after),
        sites=sites,
        sites_reason=reason,
        worse=any(each.worse for each in rows) or _GRAVITY.index(after.verdict) > _GRAVITY.index(before.verdict),
        rows=tuple(rows),
        environment=environment_changes(before, after),
        unchanged={verdict.value: unchanged[verdict] for verdict in Verdict if unchanged[verdict]},
    )


def _compared(results: Results) -> ComparedRun:
    run = results.run
    return ComparedRun(run.id, run.started, results.verdict.value, headline(results), run.suite_version)


def _alike(first: Seen, second: Seen) -> bool:
    if first.row is None or second.row is None:
        return False
    if (first.word, first.selected, first.weight) != (second.word, second.selected, second.weight):
        return False
    return first.standing is not Standing.VIOLATED or first.objects.keys() == second.objects.keys()


def _row_change(row: Result, first: Seen, second: Seen, notes: list[str]) -> RowChange:
    objects = _object_changes(first, second)
    change = _change(first, second, objects)
    further = any(each.change is Change.NEW for each in objects) and second.weight is Weight.VIOLATED
    reasons = [each.why for each in (first, second) if each.why] + notes
    if not reasons and not objects and second.row:
        reasons = [second.row.reason]
    return RowChange(
        id=row.id,
        title=row.title,
        scope=row.scope,
        level=row.level.value,
        before=first.word,
        after=second.word,
        change=change,
        worse=second.weight > first.weight or further,
        reason="; ".join(reasons),
        objects=objects,
    )


def _change(first: Seen, second: Seen, objects: tuple[ObjectChange, ...]) -> Change:
    standings = (first.standing, second.standing)
    changes = {each.change for each in objects}
    if Standing.UNDECIDED in standings:
        return Change.CANNOT_TELL
    if standings == (Standing.VIOLATED, Standing.VIOLATED):
        return Change.STILL_BROKEN
    if second.standing is Standing.VIOLATED:
        return Change.OTHER if changes == {Change.OTHER} else Change.NEW
    if first.standing is Standing.VIOLATED:
        if Change.OTHER in changes:
            return Change.OTHER
        return Change.GONE if _is_pointless(second) else Change.FIXED
    return Change.OTHER


def _notes(key: Key, first: Seen, second: Seen, sides: tuple[Side, Side]) -> list[str]:
    """Return what a waiver or a level changes about a violation, in words."""
    notes = []
    waived = [side.waives(key) for side in sides]
    if waived == [False, True]:
        notes.append("waived now")
    elif waived == [True, False]:
        notes.append("no longer waived" if second.standing is Standing.VIOLATED else "it was waived")
    if first.row and second.row and first.row.level is not second.row.level:
        notes.append(f"{second.row.level} now, {first.row.level} before")
    return notes


def _object_changes(first: Seen, second: Seen) -> tuple[ObjectChange, ...]:
    if Standing.UNDECIDED in (first.standing, second.standing):
        either = {**first.objects, **second.objects}
        return tuple(ObjectChange(name, Change.CANNOT_TELL, text) for name, text in sorted(either.items()))
    if Standing.VIOLATED not in (first.standing, second.standing):
        return ()
    changes = [ObjectChange(name, _fate_of_newer(name, first, second), second.objects[name]) for name in second.objects]
    changes += [
        ObjectChange(name, _fate_of_older(name, first, second), text)
        for name, text in first.objects.items()
        if name not in second.objects
    ]
    return tuple(sorted(changes, key=lambda each: each.object))


def _fate_of_newer(name: str, first: Seen, second: Seen) -> Change:
    """Return what became of an object with a finding in the later run."""
    if name not in first.objects:
        return Change.NEW if second.standing is Standing.VIOLATED else Change.OTHER
    return Change.STILL_BROKEN if first.standing is second.standing else Change.OTHER


def _fate_of_older(name: str, first: Seen, second: Seen) -> Change:
    """Return what became of an object with a finding in the earlier run only."""
    if first.standing is not Standing.VIOLATED:
        return Change.OTHER
    if _is_pointless(second) or first.row is None or second.row is None:
        return Change.GONE
    listed, whole = second.row.examined.objects, len(second.row.examined.objects) == second.row.examined.count
    was_listed = name in first.row.examined.objects
    return Change.GONE if was_listed and whole and name not in listed else Change.FIXED


def _is_pointless(seen: Seen) -> bool:
    """Say whether there is nothing to require in a run that decided."""
    return seen.standing is Standing.ABSENT or seen.word == Verdict.NOT_APPLICABLE
