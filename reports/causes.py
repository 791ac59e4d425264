"""Which violation explains which: the root causes of a run with their consequences, and how rows are named."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from tkg_conformance.reports.records import SITE_SCOPE, Level, Result, Severity, Verdict

_LEVELS = tuple(Level)
_SEVERITIES = tuple(Severity)


@dataclass(frozen=True, slots=True)
class Cause:
    """A violation to act on, with the rows that need nothing but this to be mended."""

    row: Result
    consequences: tuple[Result, ...]


def root_causes(rows: Sequence[Result]) -> tuple[Cause, ...]:
    """Return what to act on, most important first.

    These are the selected FAIL rows, FAIL rows outside of the selection that explain a selected BLOCKED row, and
    BLOCKED rows whose cause is not among the rows, so that no violation goes unmentioned.
    """
    blocked = [row for row in rows if row.selected and row.verdict is Verdict.BLOCKED]
    explained = [(row, causes_of(row, rows)) for row in blocked]
    causes: list[Cause] = []
    for row in rows:
        if row.verdict is Verdict.FAIL:
            consequences = tuple(each for each, by in explained if row in by)
            if row.selected or consequences:
                causes.append(Cause(row, consequences))
    causes.extend(Cause(row, ()) for row, by in explained if not by)
    return tuple(sorted(causes, key=_weight))


def causes_of(row: Result, rows: Sequence[Result]) -> tuple[Result, ...]:
    """Return the FAIL rows at the root of a BLOCKED row: of its own scope, else of the site, else of any scope.

    The requirement that the row names may itself be BLOCKED by another; then the chain is followed to its end.
    """
    found: dict[Result, None] = {}
    seen: set[tuple[str, str]] = set()
    pending = [row]
    while pending:
        current = pending.pop()
        if (current.id, current.scope) in seen or current.verdict is not Verdict.BLOCKED:
            continue
        seen.add((current.id, current.scope))
        for cause in _named_by(current, rows):
            if cause.verdict is Verdict.FAIL:
                found[cause] = None
            else:
                pending.append(cause)
    return tuple(found)


def _named_by(row: Result, rows: Sequence[Result]) -> list[Result]:
    violations = (Verdict.FAIL, Verdict.BLOCKED)
    named = [each for each in rows if each.id == row.blocked_by and each.verdict in violations and each != row]
    for scope in (row.scope, SITE_SCOPE):
        near = [each for each in named if each.scope == scope]
        if near:
            return near
    return named


def row_name(row: Result) -> str:
    """Return the name of a row, "ZONE-8 [dev/wl1]", of a row of the whole site "ZONE-1"."""
    return scoped(row.id, row.scope)


def scoped(identifier: str, scope: str) -> str:
    """Return the name of the row of a requirement in a scope."""
    return identifier if scope == SITE_SCOPE else f"{identifier} [{scope}]"


def natural(identifier: str) -> tuple[str, int]:
    """Return a sort key that puts ZONE-2 before ZONE-10."""
    prefix, _, number = identifier.rpartition("-")
    digits = re.match(r"\d+", number)
    return prefix, int(digits.group()) if digits else 0


def _weight(cause: Cause) -> tuple[int, int, int, tuple[str, int], str]:
    severities = [_SEVERITIES.index(finding.severity) for finding in cause.row.findings]
    return (
        _LEVELS.index(cause.row.level),
        -len(cause.consequences),
        min(severities, default=len(_SEVERITIES)),
        natural(cause.row.id),
        cause.row.scope,
    )
