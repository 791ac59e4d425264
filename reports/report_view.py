"""What the HTML report shows, in the order in which it shows it; pure preparation for the template."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from tkg_conformance.reports.causes import natural, root_causes
from tkg_conformance.reports.created import requests_sentence, sentence
from tkg_conformance.reports.manners import manners
from tkg_conformance.reports.proof import detection
from tkg_conformance.reports.proof_records import ProofRecord, ShownFault
from tkg_conformance.reports.records import Area, Level, Requirement, Result, Results, RunState, Verdict
from tkg_conformance.reports.verdict import (
    PRECEDENCE,
    AreaClaim,
    Claim,
    area_claims,
    counts_by_verdict,
    is_simulated,
    waived_rows,
    worst,
)
from tkg_conformance.reports.words import MEANINGS

_OPEN: tuple[tuple[Verdict, str, str], ...] = (
    (
        Verdict.DOC_CONFLICT,
        "The page and the implementation disagree",
        "Neither is taken for right; both are quoted from what was observed. They do not change the run's verdict.",
    ),
    (
        Verdict.INCONCLUSIVE,
        "The evidence does not decide",
        "Required rows among these make the run incomplete. Each says what would settle it.",
    ),
    (Verdict.NOT_RUN, "Selected and not judged", "Required rows among these make the run incomplete."),
    (Verdict.UNSUPPORTED, "The site does what the page calls unsupported", "Shown; it does not change the verdict."),
)
_FACTS: dict[str, str] = {
    "name": "Name",
    "versions": "Versions",
    "sight": "Sight",
    "vcenters": "vCenters",
    "management": "Management cluster",
    "clusters": "Workload clusters",
    "requests": "Requests",
    "observed": "Observed",
    "lab": "Lab",
    "suite_host": "Suite ran on",
}
_SHOWN_APART = frozenset({"kind", "simulated"})


@dataclass(frozen=True, slots=True)
class Count:
    """How many selected rows have a verdict, by level."""

    verdict: Verdict
    meaning: str
    by_level: tuple[tuple[Level, int], ...]
    total: int


@dataclass(frozen=True, slots=True)
class ShownCause:
    """A violation to act on, with the words that help to act."""

    row: Result
    consequences: tuple[Result, ...]
    waived: bool
    requirement: Requirement | None


@dataclass(frozen=True, slots=True)
class OpenQuestions:
    """Rows without a plain answer, of one verdict, grouped by their reason."""

    verdict: Verdict
    title: str
    explanation: str
    groups: tuple[tuple[str, tuple[Result, ...]], ...]
    total: int


@dataclass(frozen=True, slots=True)
class RowGroup:
    """Rows that differ in nothing but their scope, shown once; `row` stands for all of them."""

    row: Result
    scopes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """A requirement with all its rows; `requirement` is missing if the catalogue of the record lacks it."""

    id: str
    title: str
    level: Level
    requirement: Requirement | None
    groups: tuple[RowGroup, ...]
    rests_on: tuple[str, ...]
    verdict: Verdict
    selected: bool


@dataclass(frozen=True, slots=True)
class AreaPart:
    """One area with its claim and its requirements in the order of their numbers; selected areas come first."""

    name: str
    area: Area | None
    claim: AreaClaim | None
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class ReportView:
    """Everything the template needs beside the record itself."""

    simulated: bool
    unclaimed: tuple[str, ...]
    counts: tuple[Count, ...]
    causes: tuple[ShownCause, ...]
    questions: tuple[OpenQuestions, ...]
    parts: tuple[AreaPart, ...]
    unselected: int
    waived: frozenset[tuple[str, str]]
    facts: tuple[tuple[str, Any], ...]
    problems: tuple[str, ...]
    manners: tuple[str, ...]
    shown_to_fail: Mapping[str, tuple[ShownFault, ...]]
    aborted: bool


def view_of(results: Results) -> ReportView:
    """Return what the report shows of these results."""
    rows = results.results
    waived = waived_rows(rows, results.waivers)
    words = {each.id: each for each in results.catalogue}
    parts = tuple(sorted(_parts(results, words), key=lambda part: not any(each.selected for each in part.entries)))
    return ReportView(
        simulated=is_simulated(results),
        unclaimed=tuple(part.name for part in parts if part.claim and part.claim.claim is Claim.NOT_CLAIMED),
        counts=_counts([row for row in rows if row.selected]),
        causes=tuple(
            ShownCause(each.row, each.consequences, (each.row.id, each.row.scope) in waived, words.get(each.row.id))
            for each in root_causes(rows)
        ),
        questions=_questions(rows),
        parts=parts,
        unselected=sum(not entry.selected for part in parts for entry in part.entries),
        waived=waived,
        facts=tuple(_facts(results.environment)),
        problems=tuple(_observed(results.environment).get("problems", ())),
        manners=(*manners(results.environment), *_created(results), detection(results.proof)),
        shown_to_fail=_shown_to_fail(results.proof),
        aborted=results.run.state is RunState.ABORTED,
    )


def _shown_to_fail(proof: ProofRecord | None) -> Mapping[str, tuple[ShownFault, ...]]:
    """Return the faults of the proof that were detected, by requirement."""
    detected = [each for each in proof.faults if each.detected] if proof else []
    return {
        id_: tuple(each for each in detected if each.requirement == id_) for id_ in {f.requirement for f in detected}
    }


def _observed(environment: dict[str, Any]) -> dict[str, Any]:
    observed = environment.get("observed")
    return observed if isinstance(observed, dict) else {}


def _created(results: Results) -> tuple[str, ...]:
    """Return what the run created, and each leftover with what to do."""
    if not results.creation:
        return ()
    left = results.creation.get("leftovers") or ()
    return (
        sentence(results.creation),
        *requests_sentence(results.creation),
        *(f"left over: {each['object']}: {each['evidence']}{_removal(each)}" for each in left),
    )


def _removal(leftover: Mapping[str, Any]) -> str:
    return f"; remove it with {leftover['remove']}" if leftover.get("remove") else ""


def _facts(environment: dict[str, Any]) -> Iterable[tuple[str, Any]]:
    observed = {key: value for key, value in _observed(environment).items() if key != "problems"}
    for key, value in environment.items():
        shown = observed if key == "observed" and isinstance(value, dict) else value
        if key not in _SHOWN_APART and shown:
            yield _FACTS.get(key, key), shown


def _counts(rows: Sequence[Result]) -> tuple[Count, ...]:
    return tuple(
        Count(
            verdict,
            MEANINGS[verdict],
            tuple((level, sum(r.verdict is verdict and r.level is level for r in rows)) for level in Level),
            total,
        )
        for verdict, total in counts_by_verdict(rows).items()
    )


def _questions(rows: Iterable[Result]) -> tuple[OpenQuestions, ...]:
    selected = [row for row in rows if row.selected]
    found = []
    for verdict, title, explanation in _OPEN:
        groups: dict[str, list[Result]] = {}
        for row in selected:
            if row.verdict is verdict:
                groups.setdefault(row.reason, []).append(row)
        if groups:
            shown = tuple((reason, tuple(members)) for reason, members in groups.items())
            found.append(OpenQuestions(verdict, title, explanation, shown, sum(len(each) for _, each in shown)))
    return tuple(found)


def _parts(results: Results, words: dict[str, Requirement]) -> Iterable[AreaPart]:
    claims = {claim.area: claim for claim in area_claims(results.results, waivers=results.waivers)}
    areas = {area.name: area for area in results.areas}
    rows: dict[str, list[Result]] = {}
    for row in results.results:
        rows.setdefault(row.id, []).append(row)
    area_of = {each.id: each.area for each in results.catalogue} | {row.id: row.area for row in results.results}
    for name in dict.fromkeys([*claims, *area_of.values()]):
        ids = sorted((identifier for identifier, area in area_of.items() if area == name), key=natural)
        entries = tuple(_entry(identifier, words.get(identifier), rows.get(identifier, [])) for identifier in ids)
        yield AreaPart(name, areas.get(name), claims.get(name), entries)


def _entry(identifier: str, requirement: Requirement | None, rows: Sequence[Result]) -> Entry:
    named: Requirement | Result | None = requirement or (rows[0] if rows else None)
    if named is None:
        raise ValueError(f"{identifier} is neither in the catalogue nor among the rows")
    ordered = tuple(sorted(rows, key=lambda row: (PRECEDENCE.index(row.verdict), row.scope)))
    return Entry(
        id=identifier,
        title=named.title,
        # A profile may have raised or lowered the level for this run; the row knows.
        level=rows[0].level if rows else named.level,
        requirement=requirement,
        groups=_grouped(ordered),
        rests_on=tuple(dict.fromkeys(key for row in ordered for key in row.rests_on)),
        verdict=worst(row.verdict for row in rows) if rows else Verdict.NOT_RUN,
        selected=any(row.selected for row in rows),
    )


def _grouped(rows: Sequence[Result]) -> tuple[RowGroup, ...]:
    groups: dict[Result, list[str]] = {}
    for row in rows:
        groups.setdefault(replace(row, scope="", duration_s=0.0), []).append(row.scope)
    return tuple(RowGroup(replace(alike, scope=scopes[0]), tuple(scopes)) for alike, scopes in groups.items())
