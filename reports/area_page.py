"""A page in Markdown about one area: what the page promises, and all that is said about each of its requirements."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from tkg_conformance.reports.byhand import commands
from tkg_conformance.reports.manual import BY_HAND, sections
from tkg_conformance.reports.printable import printable
from tkg_conformance.reports.records import Area, Requirement

_ONCE = ("NAME", "WHY")
"""Said once for the whole area, or by a heading."""
_SPECIAL = re.compile(r"([\\`*_{}<>\[\]|#])")


def area_page(area: Area, requirements: Sequence[Requirement], rests_on: Mapping[str, Mapping[str, str]]) -> str:
    """Return the Markdown page of an area; `requirements` are those of the whole catalogue, `rests_on` its glossary."""
    members = [each for each in requirements if each.area == area.name]
    parts = [
        f"# {area.prefix}: {_escaped(area.title)}",
        f"> {_escaped(area.page)}",
        _escaped(area.promise),
        _table(members),
    ]
    for each in members:
        parts.append(f"## {each.id}: {_escaped(each.title)}")
        for heading, text in sections(each, area, rests_on):
            if heading not in _ONCE and text.strip():
                parts.append(f"**{_title(heading)}.**{_paragraph(text)}")
            if heading == BY_HAND and each.witness:
                parts.append("```\n" + "\n".join(printable(line) for line in commands(each.witness)) + "\n```")
    return "\n\n".join(parts) + "\n"


def _table(members: Sequence[Requirement]) -> str:
    rows = [
        f"| [{each.id}](#{_anchor(each)}) | {_escaped(each.title)} | {each.level} | {each.scope} |" for each in members
    ]
    return "\n".join(["| id | outcome | level | scope |", "| --- | --- | --- | --- |", *rows])


def _anchor(requirement: Requirement) -> str:
    """Return the anchor that GitHub and others derive from the heading of a requirement."""
    heading = f"{requirement.id}: {requirement.title}".lower()
    return re.sub(r"[^\w\- ]", "", heading).replace(" ", "-")


def _title(heading: str) -> str:
    return heading.capitalize().replace("(in the lab)", "in the lab")


def _paragraph(text: str) -> str:
    """Return lines as one paragraph, or as a list where there are several."""
    lines = [_escaped(line) for line in text.splitlines() if line.strip()]
    return f" {lines[0]}" if len(lines) == 1 else "\n\n" + "\n".join(f"- {line}" for line in lines)


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", printable(text))
