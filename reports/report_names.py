"""Puts lists of objects and findings together, so that hundreds of them are read at a glance and stay small."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tkg_conformance.reports.records import Finding, Severity

_WHOLE = 100
"""So many findings of a kind are shown whole; the objects of all others are named."""


@dataclass(frozen=True, slots=True)
class Names:
    """Objects of one kind in one place: what their names begin with, and how they go on."""

    place: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FindingGroup:
    """Findings of a row that ask for the same action."""

    remediation: str | None
    source: str | None
    severity: Severity
    findings: tuple[Finding, ...]
    others: tuple[Names, ...]
    """Objects of further findings of the group."""
    more: int


def by_place(objects: Iterable[str]) -> tuple[Names, ...]:
    """Return the objects by what their names have in common up to the last slash, else up to the first blank."""
    found: dict[str, list[str]] = {}
    for each in objects:
        kind, blank, path = each.partition(" ")
        folder, slash, name = path.rpartition("/")
        found.setdefault(f"{kind}{blank}{folder}{slash}" if name else "", []).append(name or each)
    return tuple(Names(place, tuple(names)) for place, names in found.items())


def by_action(findings: Sequence[Finding]) -> tuple[FindingGroup, ...]:
    """Return the findings by what is to be done about them."""
    groups: dict[tuple[str | None, str | None, Severity], list[Finding]] = {}
    for each in findings:
        groups.setdefault((each.remediation, each.source, each.severity), []).append(each)
    return tuple(
        FindingGroup(
            remediation,
            source,
            severity,
            tuple(members[:_WHOLE]),
            by_place(each.object for each in members[_WHOLE:]),
            max(len(members) - _WHOLE, 0),
        )
        for (remediation, source, severity), members in groups.items()
    )


def without_object(finding: Finding) -> str:
    """Return the message of a finding without the object's name in front of it, which is shown above it."""
    rest = finding.message.removeprefix(finding.object)
    return rest.removeprefix(":").strip() if rest != finding.message and rest[:1] in (" ", ":") else finding.message
