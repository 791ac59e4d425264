"""The requirements as the HTML report shows them, area by area, with the words by which they are filtered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from tkg_conformance.reports.causes import natural
from tkg_conformance.reports.records import SITE_SCOPE, Area, Level, Requirement, Result, Results, Verdict
from tkg_conformance.reports.report_names import FindingGroup, Names, by_action, by_place
from tkg_conformance.reports.verdict import PRECEDENCE, AreaClaim, area_claims, worst


@dataclass(frozen=True, slots=True)
class RowGroup:
    """Rows of one requirement that say the same about several scopes; `row` is the first of them."""

    row: Result
    scopes: tuple[str, ...]
    actions: tuple[FindingGroup, ...]
    examined: tuple[Names, ...]
    marks: str
    """Classes by which the group is filtered."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One requirement with all its rows, those that need attention first."""

    id: str
    title: str
    level: Level
    requirement: Requirement | None
    groups: tuple[RowGroup, ...]
    rests_on: tuple[str, ...]
    verdict: Verdict
    selected: bool
    marks: str


@dataclass(frozen=True, slots=True)
class AreaPart:
    """One area with its claim and its requirements in the order of their numbers; selected areas come first."""

    name: str
    area: Area | None
    claim: AreaClaim | None
    entries: tuple[Entry, ...]
    mark: str

    @property
    def title(self) -> str:
        """The area's title, its name where the results lack one."""
        return self.area.title if self.area else self.name

    @property
    def shares(self) -> tuple[tuple[Verdict, int], ...]:
        """How many of its requirements have which verdict, the most pressing first."""
        verdicts = [each.verdict for each in self.entries]
        return tuple((verdict, verdicts.count(verdict)) for verdict in PRECEDENCE if verdict in verdicts)


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing by which the requirements are filtered."""

    mark: str
    words: str


@dataclass(frozen=True, slots=True)
class Filter:
    """What can be chosen of one kind."""

    id: str
    label: str
    choices: tuple[Choice, ...]


def parts_of(results: Results) -> tuple[AreaPart, ...]:
    """Return every area with every requirement of the catalogue."""
    words = {each.id: each for each in results.catalogue}
    claims = {claim.area: claim for claim in area_claims(results.results, waivers=results.waivers)}
    areas = {area.name: area for area in results.areas}
    scopes = _scope_marks(results.results)
    rows: dict[str, list[Result]] = {}
    for row in results.results:
        rows.setdefault(row.id, []).append(row)
    area_of = {each.id: each.area for each in results.catalogue} | {row.id: row.area for row in results.results}
    found = []
    for number, name in enumerate(dict.fromkeys([*claims, *area_of.values()])):
        ids = sorted((identifier for identifier, area in area_of.items() if area == name), key=natural)
        entries = tuple(
            _entry(identifier, words.get(identifier), rows.get(identifier, []), scopes) for identifier in ids
        )
        found.append(AreaPart(name, areas.get(name), claims.get(name), entries, f"a{number}"))
    return tuple(sorted(found, key=lambda part: not any(each.selected for each in part.entries)))


def filters_of(results: Results, parts: Sequence[AreaPart]) -> tuple[Filter, ...]:
    """Return by what the requirements can be filtered; a kind with one choice only is left out."""
    verdicts = {group.row.verdict for part in parts for entry in part.entries for group in entry.groups}
    levels = {entry.level for part in parts for entry in part.entries}
    offered = (
        Filter("verdict", "Verdict", tuple(Choice(f"v-{each}", each) for each in PRECEDENCE if each in verdicts)),
        Filter("area", "Area", tuple(Choice(part.mark, part.name) for part in parts)),
        Filter("level", "Level", tuple(Choice(f"l-{each}", each) for each in Level if each in levels)),
        Filter(
            "scope",
            "Cluster",
            tuple(Choice(mark, scope_name(scope)) for scope, mark in _scope_marks(results.results).items()),
        ),
    )
    return tuple(each for each in offered if len(each.choices) > 1)


def filter_rules(filters: Iterable[Filter]) -> str:
    """Return the style rules that hide what was not chosen; no name from outside is in them."""
    rules = []
    for each in filters:
        for choice in each.choices:
            chosen = f"body:has(#filter-{each.id} option[value={choice.mark}]:checked)"
            hidden = ".area-part" if each.id == "area" else ".entry"
            rules.append(f"{chosen} {hidden}:not(.{choice.mark})")
            if each.id in ("verdict", "scope"):
                rules.append(f"{chosen} .entry>.row:not(.{choice.mark})")
    return ",\n".join(rules) + "{display:none}" if rules else ""


def scope_name(scope: str) -> str:
    """Return the scope of a row in words."""
    return "whole site" if scope == SITE_SCOPE else scope


def _scope_marks(rows: Iterable[Result]) -> Mapping[str, str]:
    scopes = sorted({row.scope for row in rows}, key=lambda scope: (scope != SITE_SCOPE, scope))
    return {scope: f"c{number}" for number, scope in enumerate(scopes)}


def _entry(
    identifier: str, requirement: Requirement | None, rows: Sequence[Result], scopes: Mapping[str, str]
) -> Entry:
    named: Requirement | Result | None = requirement or (rows[0] if rows else None)
    if named is None:
        raise ValueError(f"{identifier} is neither in the catalogue nor among the rows")
    ordered = tuple(sorted(rows, key=lambda row: (PRECEDENCE.index(row.verdict), row.scope)))
    groups = _grouped(ordered, scopes)
    # A profile may have raised or lowered the level for this run; the row knows.
    level = rows[0].level if rows else named.level
    marks = dict.fromkeys(mark for group in groups for mark in group.marks.split())
    return Entry(
        id=identifier,
        title=named.title,
        level=level,
        requirement=requirement,
        groups=groups,
        rests_on=tuple(dict.fromkeys(key for row in ordered for key in row.rests_on)),
        verdict=worst(row.verdict for row in rows) if rows else Verdict.NOT_RUN,
        selected=any(row.selected for row in rows),
        marks=" ".join([f"l-{level}", *(marks or [f"v-{Verdict.NOT_RUN}"])]),
    )


def _grouped(rows: Sequence[Result], scopes: Mapping[str, str]) -> tuple[RowGroup, ...]:
    groups: dict[Result, list[str]] = {}
    for row in rows:
        groups.setdefault(replace(row, scope="", duration_s=0.0), []).append(row.scope)
    return tuple(
        RowGroup(
            replace(alike, scope=members[0]),
            tuple(members),
            by_action(alike.findings),
            by_place(alike.examined.objects),
            " ".join([f"v-{alike.verdict}", *(scopes[scope] for scope in members)]),
        )
        for alike, members in groups.items()
    )
