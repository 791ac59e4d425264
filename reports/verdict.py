"""What a run, and each area of it, says as a whole: one fixed table over the selected rows.

Only rows of level `required` decide. A row that is not selected never counts. Waivers are those in force at the time
of the run; whoever reads them leaves out the expired ones. A waiver is a mapping with `requirement`, and optionally
`scope` (else every scope) and `objects` (else every object); it accepts a FAIL whose findings it covers wholly, and
with it what that FAIL blocks. It never accepts missing evidence.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, IntEnum, StrEnum
from types import MappingProxyType
from typing import Any

from tkg_conformance.reports.causes import causes_of, natural
from tkg_conformance.reports.records import Level, Result, Results, RunState, RunVerdict, Verdict
from tkg_conformance.reports.remains import left_by_probes, unsettled

NOTHING_SELECTED = "nothing was selected, so nothing is said about the site"
_NAMED = 5


class Effect(Enum):
    """What a selected required row does to the run."""

    NONE = "none"
    NOT_CERTIFIED = "not certified"
    INCOMPLETE = "incomplete"


EFFECTS: Mapping[Verdict, Effect] = MappingProxyType(
    {
        Verdict.PASS: Effect.NONE,
        Verdict.FAIL: Effect.NOT_CERTIFIED,
        Verdict.BLOCKED: Effect.NOT_CERTIFIED,
        Verdict.KNOWN_LIMIT: Effect.NONE,
        Verdict.LIMIT_NOT_OBSERVED: Effect.NONE,
        Verdict.UNSUPPORTED: Effect.NONE,
        Verdict.DOC_CONFLICT: Effect.NONE,
        Verdict.NOT_APPLICABLE: Effect.NONE,
        Verdict.INCONCLUSIVE: Effect.INCOMPLETE,
        Verdict.NOT_RUN: Effect.INCOMPLETE,
    }
)
"""The table of the design: each verdict's effect on the run."""

PRECEDENCE: tuple[Verdict, ...] = (
    Verdict.FAIL,
    Verdict.BLOCKED,
    Verdict.DOC_CONFLICT,
    Verdict.INCONCLUSIVE,
    Verdict.NOT_RUN,
    Verdict.UNSUPPORTED,
    Verdict.KNOWN_LIMIT,
    Verdict.LIMIT_NOT_OBSERVED,
    Verdict.PASS,
    Verdict.NOT_APPLICABLE,
)
"""The order in which verdicts are shown; the first one present speaks for a requirement with several scopes."""

SETTLED = frozenset({Verdict.PASS, Verdict.NOT_APPLICABLE, Verdict.LIMIT_NOT_OBSERVED})
"""The verdicts of which a short report gives numbers only: there is nothing to know or to do about such a row."""


class ExitCode(IntEnum):
    """The exit codes of every command that judges."""

    CERTIFIED = 0
    NOT_CERTIFIED = 1
    INTERRUPTED = 2
    INTERNAL_ERROR = 3
    USAGE = 4
    NOTHING_SELECTED = 5
    INCOMPLETE = 10
    ABORTED = 11
    CERTIFIED_WITH_WAIVERS = 12


_EXIT_CODES: Mapping[RunVerdict, ExitCode] = MappingProxyType(
    {
        RunVerdict.CERTIFIED: ExitCode.CERTIFIED,
        RunVerdict.CERTIFIED_WITH_WAIVERS: ExitCode.CERTIFIED_WITH_WAIVERS,
        RunVerdict.NOT_CERTIFIED: ExitCode.NOT_CERTIFIED,
        RunVerdict.INCOMPLETE: ExitCode.INCOMPLETE,
        RunVerdict.ABORTED: ExitCode.ABORTED,
    }
)


class Claim(StrEnum):
    """What the run says about one area."""

    CERTIFIED = "certified"
    CERTIFIED_WITH_WAIVERS = "certified with waivers"
    NOT_CERTIFIED = "not certified"
    INCOMPLETE = "incomplete"
    NOT_CLAIMED = "not claimed"
    NOT_SELECTED = "not selected"


@dataclass(frozen=True, slots=True)
class AreaClaim:
    """The claim on one area, with the selected rows counted by verdict and the others counted apart."""

    area: str
    claim: Claim
    reason: str
    counts: Mapping[Verdict, int]
    unselected: int


def run_verdict(
    results: Iterable[Result],
    *,
    state: RunState,
    waivers: Sequence[Mapping[str, Any]] = (),
    creation: Mapping[str, Any] | None = None,
    probes: Mapping[str, Any] | None = None,
) -> tuple[RunVerdict, str]:
    """Return the run's verdict with its reason in one sentence.

    A run that created a cluster and does not know it to be gone certifies nothing: it may have changed the site. The
    same holds for what its `probes` (those of the environment) created.

    An aborted run is ABORTED whatever it saw. Otherwise a violation beats missing evidence, and a selection without
    any applicable required row is INCOMPLETE, because there was nothing to certify.
    """
    rows = tuple(results)
    selected = [row for row in rows if row.selected]
    if state is RunState.ABORTED:
        judged = sum(row.verdict is not Verdict.NOT_RUN for row in selected)
        return RunVerdict.ABORTED, f"the run ended early, {judged} of {len(selected)} selected rows were judged"
    if not selected:
        return RunVerdict.INCOMPLETE, NOTHING_SELECTED
    verdict, reason = _decide(selected, waived_rows(rows, waivers))
    open_end = unsettled(creation) or left_by_probes(probes)
    if open_end and verdict in (RunVerdict.CERTIFIED, RunVerdict.CERTIFIED_WITH_WAIVERS):
        verdict, reason = RunVerdict.INCOMPLETE, f"{open_end}; of the site: {reason}"
    return verdict, reason + _unclaimed(rows, waivers)


def area_claims(results: Iterable[Result], *, waivers: Sequence[Mapping[str, Any]] = ()) -> tuple[AreaClaim, ...]:
    """Return the claim on every area, in the order in which the rows name them."""
    rows = tuple(results)
    waived = waived_rows(rows, waivers)
    return tuple(_claim(area, rows, waived) for area in dict.fromkeys(row.area for row in rows))


def exit_code(verdict: RunVerdict, *, selected: int, interrupted: bool = False) -> ExitCode:
    """Return the exit code of a run, `selected` being the number of selected rows."""
    if interrupted:
        return ExitCode.INTERRUPTED
    if not selected and verdict is not RunVerdict.ABORTED:
        return ExitCode.NOTHING_SELECTED
    return _EXIT_CODES[verdict]


def headline(results: Results) -> str:
    """Return the verdict with all that must never be left out: selection, simulation, what is not claimed.

    The form is "CERTIFIED: zone, identity; 30 of 94 requirements", on a lab "CERTIFIED (SIMULATED SITE): ...".
    """
    where = " (SIMULATED SITE)" if is_simulated(results) else ""
    claims = area_claims(results.results, waivers=results.waivers)
    unclaimed = [claim.area for claim in claims if claim.claim is Claim.NOT_CLAIMED]
    tail = f"; not claimed: {', '.join(unclaimed)}" if unclaimed else ""
    return f"{results.verdict}{where}: {results.run.selection.description}{tail}"


def is_simulated(results: Results) -> bool:
    """Say whether what was judged is a lab; a bundle taken from one says so with `simulated` in its environment."""
    return results.environment.get("kind") == "lab" or results.environment.get("simulated") is True


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """Return the verdict that speaks for several; raises `ValueError` for none."""
    return min(verdicts, key=PRECEDENCE.index)


def counts_by_verdict(rows: Iterable[Result]) -> dict[Verdict, int]:
    """Count rows by verdict, in the order of showing, without the verdicts that do not occur."""
    counted = Counter(row.verdict for row in rows)
    return {verdict: counted[verdict] for verdict in PRECEDENCE if counted[verdict]}


def waived_rows(rows: Sequence[Result], waivers: Sequence[Mapping[str, Any]]) -> frozenset[tuple[str, str]]:
    """Return (id, scope) of the violations that the waivers accept, with what those block."""
    if not waivers:
        return frozenset()
    accepted = {
        (row.id, row.scope) for row in rows if row.verdict is Verdict.FAIL and any(_covers(w, row) for w in waivers)
    }
    for row in rows:
        causes = causes_of(row, rows)
        if causes and all((cause.id, cause.scope) in accepted for cause in causes):
            accepted.add((row.id, row.scope))
    return frozenset(accepted)


def _covers(waiver: Mapping[str, Any], row: Result) -> bool:
    if waiver.get("requirement") != row.id or waiver.get("scope") not in (None, row.scope):
        return False
    objects = waiver.get("objects")
    return objects is None or (bool(row.findings) and all(each.object in objects for each in row.findings))


def _decide(selected: Sequence[Result], waived: frozenset[tuple[str, str]]) -> tuple[RunVerdict, str]:
    required = [row for row in selected if row.level is Level.REQUIRED]
    violated = [row for row in required if EFFECTS[row.verdict] is Effect.NOT_CERTIFIED]
    unwaived = [row for row in violated if (row.id, row.scope) not in waived]
    undecided = [row for row in required if EFFECTS[row.verdict] is Effect.INCOMPLETE]
    applicable = [row for row in required if row.verdict is not Verdict.NOT_APPLICABLE]
    if unwaived:
        return RunVerdict.NOT_CERTIFIED, f"not as required: {_listed(unwaived)}"
    if undecided:
        return RunVerdict.INCOMPLETE, f"without a verdict although required: {_listed(undecided)}"
    if not applicable:
        return RunVerdict.INCOMPLETE, "no required requirement of the selection applies, so nothing is certified"
    if violated:
        return (
            RunVerdict.CERTIFIED_WITH_WAIVERS,
            f"all that is required holds, except what is waived: {_listed(violated)}",
        )
    held = len({row.id for row in applicable})
    return RunVerdict.CERTIFIED, f"none of the {held} applicable required requirements is violated"


def _claim(area: str, rows: Sequence[Result], waived: frozenset[tuple[str, str]]) -> AreaClaim:
    of_area = [row for row in rows if row.area == area]
    selected = [row for row in of_area if row.selected]
    counts = counts_by_verdict(selected)
    unselected = len(of_area) - len(selected)
    if not selected:
        return AreaClaim(area, Claim.NOT_SELECTED, "not part of the selection", counts, unselected)
    if all(row.verdict is Verdict.NOT_APPLICABLE for row in selected if row.level is Level.REQUIRED):
        reason = "no required requirement of the area applies"
        return AreaClaim(area, Claim.NOT_CLAIMED, reason, counts, unselected)
    verdict, reason = _decide(selected, waived)
    return AreaClaim(area, Claim(verdict.value.lower()), reason, counts, unselected)


def _unclaimed(rows: Sequence[Result], waivers: Sequence[Mapping[str, Any]]) -> str:
    names = [claim.area for claim in area_claims(rows, waivers=waivers) if claim.claim is Claim.NOT_CLAIMED]
    return f"; not claimed: {', '.join(names)}" if names else ""


def _listed(rows: Sequence[Result]) -> str:
    names = sorted({row.id for row in rows}, key=natural)
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more
