"""The catalogue on a terminal: one requirement explained like a manual page, or all of them as a list."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from tkg_conformance.reports import decoding
from tkg_conformance.reports.byhand import command_lines, commands, how_to_read
from tkg_conformance.reports.causes import row_name
from tkg_conformance.reports.layout import Line, cut, indented, wrap
from tkg_conformance.reports.records import SITE_SCOPE, Area, Level, Requirement, Result
from tkg_conformance.reports.words import GLYPHS, MEANINGS, TONES, Tone

_INDENT = "    "
BY_HAND = "SEE FOR YOURSELF"
_PLANES = {"CFG": "configuration", "VC": "vCenter", "MC": "management cluster", "WC": "workload cluster"}
_PROVENANCE = {
    "D": "stated by the page",
    "I": "implied by the page",
    "S": "read from open source",
    "U": "reported in public",
}
_LEVELS = {
    Level.REQUIRED: "required: it decides certification",
    Level.ADVISORY: "advisory: it is reported, and does not decide certification",
    Level.LIVE: "live: it needs a probe or a long wait, and is off unless asked for",
}


def explain_lines(
    requirement: Requirement,
    area: Area,
    rests_on: Mapping[str, Mapping[str, str]],
    results: Sequence[Result] | None = None,
    *,
    width: int = 80,
) -> list[Line]:
    """Return the manual page of a requirement; `rests_on` is the glossary, `results` rows of a run to quote."""
    lines = [Line(cut(f"{requirement.id}  {area.title}", width), bold=True)]
    for heading, text in sections(requirement, area, rests_on):
        lines.extend(_section(heading, text, width))
        if heading == BY_HAND:
            lines.extend(
                Line(_INDENT + line) for line in command_lines(requirement.witness or "", width - len(_INDENT))
            )
    rows = [row for row in results or () if row.id == requirement.id]
    if rows:
        lines += [Line(""), Line("LAST RESULT", bold=True)]
        for row in rows:
            lines.extend(_result(row, width))
    return lines


def explained(
    requirement: Requirement,
    area: Area,
    rests_on: Mapping[str, Mapping[str, str]],
    results: Sequence[Result] | None = None,
) -> dict[str, Any]:
    """Return the same for a script: the requirement's fields, its area, what it rests on, the verdicts of a run.

    `witness` is cut into single commands; `verdicts` is absent without results.
    """
    described: dict[str, Any] = decoding.plain(requirement) | {
        "area": decoding.plain(area),
        "rests_on": {key: dict(rests_on.get(key, {})) for key in requirement.rests_on},
        "witness": commands(requirement.witness or ""),
    }
    if results is None:
        return described
    return described | {"verdicts": [decoding.plain(row) for row in results if row.id == requirement.id]}


def list_lines(catalogue: Sequence[Requirement], areas: Sequence[Area] = (), *, width: int = 80) -> list[Line]:
    """Return the catalogue as a list by area, one line per requirement with its level and scope."""
    titles = {area.name: f"{area.name}: {area.title}" for area in areas}
    id_width = max((len(each.id) for each in catalogue), default=0)
    level_width = max((len(each.level) for each in catalogue), default=0)
    lines: list[Line] = []
    for name in dict.fromkeys(each.area for each in catalogue):
        members = [each for each in catalogue if each.area == name]
        gap = [Line("")] if lines else []
        heading = cut(f"{titles.get(name, name)} ({len(members)})", width)
        lines += [*gap, Line(heading, bold=True)]
        for each in members:
            text = f"  {each.id:<{id_width}}  {each.level:<{level_width}}  {each.scope:<7}  "
            tone = None if each.level is Level.REQUIRED else Tone.QUIET
            title = wrap(each.title, max(width - len(text), 20))
            lines += [Line((" " * len(text) if index else text) + line, tone) for index, line in enumerate(title)]
    return lines


def sections(
    requirement: Requirement, area: Area, rests_on: Mapping[str, Mapping[str, str]]
) -> Iterator[tuple[str, str]]:
    """Return what there is to say about a requirement, heading by heading; the commands themselves are left out."""
    yield "NAME", f"{requirement.id} - {requirement.title}"
    yield "MUST", requirement.must
    yield "WHY", f"{area.page}\n{area.promise}"
    yield "APPLIES", requirement.applies
    yield "EXPECTED", requirement.expected
    yield "WEIGHT", f"{_LEVELS[requirement.level]}; a violation is {requirement.severity}"
    yield (
        "HOW IT IS EXAMINED",
        "\n".join([where_judged(requirement), *([requirement.notes] if requirement.notes else [])]),
    )
    yield BY_HAND, how_to_read(requirement.witness or "")
    yield "WHAT TO DO", requirement.remediation
    yield "CAN BE CAUSED BY", ", ".join(requirement.requires)
    yield "SOURCE", "\n".join(_sources(requirement))
    yield "RESTS ON (IN THE LAB)", "\n".join(_evidence(key, rests_on.get(key, {})) for key in requirement.rests_on)
    yield "IN THE LAB", _lab(requirement)


def evidence_name(key: str, entry: Mapping[str, str], versions: Mapping[str, str] = MappingProxyType({})) -> str:
    """Return an evidence source in words, "Cluster API Provider vSphere 1.16.1 (upstream)".

    The version is the one that the glossary entry states, else the observed one under the same key.
    """
    version = entry.get("version") or versions.get(key, "")
    kind = f"({entry['kind']})" if entry.get("kind") else ""
    return " ".join(part for part in (entry.get("name", key), version, kind) if part)


def where_judged(requirement: Requirement) -> str:
    """Return in words how often a requirement is judged and from which planes."""
    where = "once for the whole site" if requirement.scope == SITE_SCOPE else "for each workload cluster"
    planes = ", ".join(_PLANES.get(plane, plane) for plane in requirement.planes)
    return f"{where}, from: {planes}" if planes else where


def _evidence(key: str, entry: Mapping[str, str]) -> str:
    note = f": {entry['note']}" if entry.get("note") else ""
    return evidence_name(key, entry) + note


def _sources(requirement: Requirement) -> list[str]:
    provenance = ", ".join(_PROVENANCE.get(each, each) for each in requirement.provenance)
    return [*([provenance] if provenance else []), *(f"{kind}: {text}" for kind, text in requirement.source)]


def _lab(requirement: Requirement) -> str:
    if requirement.lab == "shown":
        return "a violation can be shown in the simulated lab"
    reason = f": {requirement.lab_reason}" if requirement.lab_reason else ""
    return f"a violation is shown on constructed observations only{reason}"


def _section(heading: str, text: str, width: int) -> list[Line]:
    if not text.strip():
        return []
    body = [Line(line) for line in indented(text, width=width, indent=_INDENT)]
    return [Line(""), Line(heading, bold=True), *body]


def _result(row: Result, width: int) -> list[Line]:
    title = f"{GLYPHS[row.verdict]} {row.verdict} {row_name(row)}: {MEANINGS[row.verdict]}"
    lines = [Line(_INDENT + cut(title, width - len(_INDENT)), TONES[row.verdict])]
    texts = [row.reason]
    for finding in row.findings:
        texts += [finding.object, f"  expected {finding.expected}", f"  observed {finding.observed}"]
    for text in texts:
        hanging = _INDENT * 2 + " " * (len(text) - len(text.lstrip()))
        lines.extend(Line(hanging + line) for line in wrap(text, width - len(hanging)))
    return lines
