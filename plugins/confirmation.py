"""What a second read of a live site makes of a FAIL: confirmed, not confirmed, or in transition.

A site lives: between the read of a Machine and that of its VM the one may have been replaced. A finding about an object
that differs between two reads is no FAIL but "in transition"; one that stands in both is confirmed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from tkg_conformance.fixtures.observation.model import CONFIGURATION, SecondLook
from tkg_conformance.fixtures.observation.second import NOT_REPEATED
from tkg_conformance.fixtures.observation.views.touch import EVERYTHING
from tkg_conformance.reports.records import Finding, Result, Verdict

_SHOWN = 3


def live(touched: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    """Return the collections that can be read again: not files, and not logins."""
    return {
        (plane, what)
        for plane, what in touched
        if not plane.startswith(f"{CONFIGURATION}:") and what not in (NOT_REPEATED, EVERYTHING)
    }


def weighed(result: Result, second: SecondLook | None, touched: Iterable[tuple[str, str]]) -> Result:
    """Return a FAIL as it stands after the second look: confirmed, not confirmed, or INCONCLUSIVE (in transition)."""
    if second is None or result.verdict is not Verdict.FAIL:
        return result
    states = _states(second)
    standing = tuple(each for each in result.findings if not _moving(each, states))
    unsettled = [each for each in result.findings if each not in standing]
    told = tuple(_in_transition(each, states) for each in unsettled)
    if not standing:
        more = f" (and {len(told) - 1} more)" if len(told) > 1 else ""
        reason = f"in transition: {told[0]}{more}; look again when it has settled"
        return replace(result, verdict=Verdict.INCONCLUSIVE, reason=reason, notes=(*result.notes, *told[1:]))
    more = f" (and {len(standing) - 1} more)" if len(standing) > 1 else ""
    return replace(
        result,
        reason=f"{standing[0].message}{more}",
        findings=standing,
        notes=(*result.notes, *(f"{each}: listed, not judged" for each in told), _confirmation(second, touched)),
    )


def _confirmation(second: SecondLook, touched: Iterable[tuple[str, str]]) -> str:
    needed = live(touched)
    unread = sorted(needed - set(second.read))
    if not unread:
        return f"confirmed by a second read at {second.started}"
    planes = {plane for plane, _ in unread}
    problems = [
        problem
        for problem in second.problems
        if (problem.plane, problem.what) in unread or (problem.what == EVERYTHING and problem.plane in planes)
    ]
    if problems:
        return f"could not be confirmed by a second read at {second.started}: {problems[0].reason}"
    shown = ", ".join(f"{what} of {plane}" for plane, what in unread[:_SHOWN])
    return f"could not be confirmed: the second read at {second.started} did not include {shown}"


def _states(second: SecondLook) -> dict[str, str]:
    words = {"changed": second.changed, "appeared": second.appeared, "vanished": second.vanished}
    return {name: word for word, names in words.items() for name in names}


def _moving(finding: Finding, states: dict[str, str]) -> list[str]:
    return [name for name in (finding.object, *finding.involves) if name in states]


def _in_transition(finding: Finding, states: dict[str, str]) -> str:
    moving = dict.fromkeys(_moving(finding, states))
    shown = ", ".join(f"{name} {states[name]} between two reads" for name in list(moving)[:_SHOWN])
    return f"{finding.message} ({shown})"
