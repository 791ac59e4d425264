"""What the HTML report shows, in the order in which it shows it; pure preparation for the templates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from tkg_conformance.reports.causes import root_causes
from tkg_conformance.reports.embedded import Embedded, embedded
from tkg_conformance.reports.proof_records import ProofRecord, ShownFault
from tkg_conformance.reports.records import Finding, Level, Requirement, Result, Results, RunState, Verdict
from tkg_conformance.reports.report_entries import AreaPart, Filter, filter_rules, filters_of, parts_of
from tkg_conformance.reports.report_facts import further_facts, identity, kind_of_site, observed, remarks
from tkg_conformance.reports.site_tree import Part, left_out, site_tree
from tkg_conformance.reports.timeline_svg import Busy, Stretch, busy, stretches
from tkg_conformance.reports.topology_svg import topology_svg
from tkg_conformance.reports.verdict import Claim, counts_by_verdict, is_simulated, waived_rows
from tkg_conformance.reports.violated import Violated, violated
from tkg_conformance.reports.words import counted

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
_CAUSE_FINDINGS = 3
_TABLED = 600
"""So many VMs of the drawing are described in its table; on a larger site those with findings are."""


@dataclass(frozen=True, slots=True)
class ShownCause:
    """A violation to act on, with the words that help to act."""

    row: Result
    consequences: tuple[Result, ...]
    waived: bool
    requirement: Requirement | None
    findings: tuple[Finding, ...]
    actions: tuple[str, ...]
    """What to do about the findings that are shown, else about the requirement."""


@dataclass(frozen=True, slots=True)
class OpenQuestions:
    """Rows without a plain answer, of one verdict, grouped by their reason."""

    verdict: Verdict
    title: str
    explanation: str
    groups: tuple[tuple[str, tuple[Result, ...]], ...]
    count: int


@dataclass(frozen=True, slots=True)
class SiteMap:
    """The drawing of the site, and what says the same in words."""

    picture: Markup
    roots: tuple[Part, ...]
    machines: tuple[Part, ...]
    hidden: int
    """VMs without a finding that the table leaves out."""
    left_out: str


@dataclass(frozen=True, slots=True)
class ReportView:
    """Everything the templates need beside the record itself."""

    simulated: bool
    kind_of_site: str
    unclaimed: tuple[str, ...]
    counts: tuple[tuple[Level, tuple[tuple[Verdict, int], ...]], ...]
    """How many selected rows of a level have which verdict."""
    causes: tuple[ShownCause, ...]
    questions: tuple[OpenQuestions, ...]
    parts: tuple[AreaPart, ...]
    filters: tuple[Filter, ...]
    filter_rules: str
    unselected: int
    waived: frozenset[tuple[str, str]]
    identity: tuple[tuple[str, tuple[str, ...]], ...]
    remarks: tuple[str, ...]
    facts: tuple[tuple[str, Any], ...]
    problems: tuple[str, ...]
    shown_to_fail: Mapping[str, tuple[ShownFault, ...]]
    objects: tuple[Violated, ...]
    anchors: Mapping[str, str]
    """Where the findings about an object are listed, by the name that a finding gives it."""
    site_map: SiteMap | None
    course: tuple[Stretch, ...]
    busy: tuple[Busy, ...]
    data: Embedded
    aborted: bool


def view_of(results: Results) -> ReportView:
    """Return what the report shows of these results."""
    rows = results.results
    waived = waived_rows(rows, results.waivers)
    words = {each.id: each for each in results.catalogue}
    parts = parts_of(results)
    filters = filters_of(results, parts)
    found = violated(rows, results.topology)
    return ReportView(
        simulated=is_simulated(results),
        kind_of_site=kind_of_site(results),
        unclaimed=tuple(part.name for part in parts if part.claim and part.claim.claim is Claim.NOT_CLAIMED),
        counts=_counts([row for row in rows if row.selected]),
        causes=tuple(
            _shown_cause(each.row, each.consequences, (each.row.id, each.row.scope) in waived, words.get(each.row.id))
            for each in root_causes(rows)
        ),
        questions=_questions(rows),
        parts=parts,
        filters=filters,
        filter_rules=filter_rules(filters),
        unselected=sum(not entry.selected for part in parts for entry in part.entries),
        waived=waived,
        identity=identity(results),
        remarks=remarks(results),
        facts=tuple(further_facts(results.environment)),
        problems=tuple(observed(results.environment).get("problems", ())),
        shown_to_fail=_shown_to_fail(results.proof),
        objects=found,
        anchors={finding.object: each.anchor for each in found for _, finding in each.statements},
        site_map=_site_map(results, found),
        course=stretches(results.timeline),
        busy=busy(results.timeline),
        data=embedded(results),
        aborted=results.run.state is RunState.ABORTED,
    )


def _site_map(results: Results, found: Sequence[Violated]) -> SiteMap | None:
    if results.topology is None or not results.topology.objects:
        return None
    roots = site_tree(results.topology, found)
    machines = [vm for root in roots for vm in root.machines]
    listed = machines if len(machines) <= _TABLED else [vm for vm in machines if vm.violated]
    marked = sum(each.placed is not None for each in found)
    label = f"The site: {counted(len(machines), 'VM')}, {counted(marked, 'object')} with findings"
    return SiteMap(
        topology_svg(roots, label), roots, tuple(listed), len(machines) - len(listed), left_out(results.topology)
    )


def _shown_cause(
    row: Result, consequences: tuple[Result, ...], waived: bool, requirement: Requirement | None
) -> ShownCause:
    findings = row.findings[:_CAUSE_FINDINGS]
    actions = tuple(dict.fromkeys(each.remediation for each in findings if each.remediation))
    if not actions and requirement:
        actions = (requirement.remediation,)
    return ShownCause(row, consequences, waived, requirement, findings, actions)


def _shown_to_fail(proof: ProofRecord | None) -> Mapping[str, tuple[ShownFault, ...]]:
    """Return the faults of the proof that were detected, by requirement."""
    detected = [each for each in proof.faults if each.detected] if proof else []
    return {
        id_: tuple(each for each in detected if each.requirement == id_) for id_ in {f.requirement for f in detected}
    }


def _counts(rows: Sequence[Result]) -> tuple[tuple[Level, tuple[tuple[Verdict, int], ...]], ...]:
    found = ((level, counts_by_verdict(row for row in rows if row.level is level)) for level in Level)
    return tuple((level, tuple(counts.items())) for level, counts in found if counts)


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
