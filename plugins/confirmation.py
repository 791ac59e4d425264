"""What a second read of a live site makes of a FAIL: confirmed, not confirmed, or in transition.

A site lives: between the read of a Machine and that of its VM the one may have been replaced. A finding about an object
that differs between two reads is no FAIL but "in transition"; one that stands in both is confirmed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from tkg_conformance.fixtures.observation.model import CONFIGURATION, Doubt, SecondLook
from tkg_conformance.fixtures.observation.second import NOT_REPEATED
from tkg_conformance.fixtures.observation.views.touch import EVERYTHING
from tkg_conformance.fixtures.probes.model import rests_on_probe
from tkg_conformance.reports.records import Finding, Result, Verdict

SEEN_ONCE = "seen once: the observation holds no second read that would confirm it"
_SHOWN = 3


def live(touched: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    """Return the collections that can be read again: not files, and not logins."""
    return {
        (plane, what)
        for plane, what in touched
        if not plane.startswith(f"{CONFIGURATION}:") and what not in (NOT_REPEATED, EVERYTHING)
    }


def weighed(result: Result, second: SecondLook | None, touched: Iterable[tuple[str, str]]) -> Result:
    """Return a result as it stands after the second look.

    A FAIL is confirmed, or INCONCLUSIVE: in transition, or seen once only. What failed in the first read and does so no
    more keeps its verdict, with a note.
    """
    # What a probe has watched for a while no second read can take back.
    if result.verdict is Verdict.FAIL and all(rests_on_probe(each.evidence) for each in result.findings):
        return result
    if second is None:
        return replace(result, notes=(*result.notes, SEEN_ONCE)) if result.verdict is Verdict.FAIL else result
    states = _states(second)
    if result.verdict is not Verdict.FAIL:
        doubts = [each for each in second.doubts if (each.requirement, each.scope) == (result.id, result.scope)]
        told = tuple(_settled(each, states, second) for each in doubts[:_SHOWN])
        return replace(result, notes=(*result.notes, *told))
    standing = tuple(each for each in result.findings if rests_on_probe(each.evidence) or not _moving(each, states))
    unsettled = [each for each in result.findings if each not in standing]
    told = tuple(_in_transition(each, states) for each in unsettled)
    if not standing:
        more = f" (and {len(told) - 1} more)" if len(told) > 1 else ""
        reason = f"in transition: {told[0]}{more}; look again when it has settled"
        return replace(result, verdict=Verdict.INCONCLUSIVE, reason=reason, notes=(*result.notes, *told[1:]))
    more = f" (and {len(standing) - 1} more)" if len(standing) > 1 else ""
    notes = (*result.notes, *(f"{each}: listed, not judged" for each in told))
    message = f"{standing[0].message}{more}"
    is_probed = any(rests_on_probe(each.evidence) for each in standing)
    if not is_probed and (why := _unconfirmed(second, touched)):
        reason = f"seen once and not confirmed: {message}; {why}"
        return replace(result, verdict=Verdict.INCONCLUSIVE, reason=reason, findings=standing, notes=notes)
    return replace(result, reason=message, findings=standing, notes=(*notes, _confirmation(second, touched)))


def _confirmation(second: SecondLook, touched: Iterable[tuple[str, str]]) -> str:
    repeats = not any(what == NOT_REPEATED for _, what in touched)
    return f"confirmed by a second read at {second.started}" + ("" if repeats else ", but for logins: one per run")


def _unconfirmed(second: SecondLook, touched: Iterable[tuple[str, str]]) -> str:
    """Return why the second look does not cover what a check looked at; empty if it does."""
    unread = sorted(live(touched) - set(second.read))
    if not unread:
        return ""
    planes = {plane for plane, _ in unread}
    problems = [
        problem
        for problem in second.problems
        if (problem.plane, problem.what) in unread or (problem.what == EVERYTHING and problem.plane in planes)
    ]
    if problems:
        return f"the second read at {second.started} failed: {problems[0].reason}"
    shown = ", ".join(f"{what} of {plane}" for plane, what in unread[:_SHOWN])
    return f"the second read at {second.started} did not include {shown}"


def _settled(doubt: Doubt, states: dict[str, str], second: SecondLook) -> str:
    how = f" ({doubt.object} {states[doubt.object]} between two reads)" if doubt.object in states else ""
    return f"{doubt.message}{how}: so in the first read, no more in the second at {second.started}; not judged"


def _states(second: SecondLook) -> dict[str, str]:
    words = {"changed": second.changed, "appeared": second.appeared, "vanished": second.vanished}
    return {name: word for word, names in words.items() for name in names}


def _moving(finding: Finding, states: dict[str, str]) -> list[str]:
    return [name for name in (finding.object, *finding.involves) if name in states]


def _in_transition(finding: Finding, states: dict[str, str]) -> str:
    moving = dict.fromkeys(_moving(finding, states))
    shown = ", ".join(f"{name} {states[name]} between two reads" for name in list(moving)[:_SHOWN])
    return f"{finding.message} ({shown})"
