"""`conformance.yaml`: the report that is handed in, in the manner of the Gateway API's conformance reports.

It says which site was judged, with which suite, over which selection, how each area ended with its numbers, what is not
as required or not known, and how to reproduce it. `kind` and `apiVersion` name the form; there is no contact in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import yaml

from tkg_conformance.reports.printable import printable
from tkg_conformance.reports.proof import detection
from tkg_conformance.reports.records import Level, Result, Results
from tkg_conformance.reports.verdict import (
    SETTLED,
    AreaClaim,
    Claim,
    area_claims,
    counts_by_verdict,
    is_simulated,
    waived_rows,
)

API_VERSION = "tkg-conformance/v1"
KIND = "ConformanceReport"


class YamlRenderer:
    """The conformance report as a renderer."""

    name = "yaml"
    stem = "conformance"
    suffix = ".yaml"

    def render(self, results: Results) -> str:
        """Return the YAML text of one document."""
        return yaml.safe_dump(_harmless(_document(results)), sort_keys=False, allow_unicode=True, width=120)


def _document(results: Results) -> dict[str, Any]:
    run, environment = results.run, results.environment
    observed = environment.get("observed")
    claims = area_claims(results.results, waivers=results.waivers)
    selected = [row for row in results.results if row.selected]
    return {
        "apiVersion": API_VERSION,
        "kind": KIND,
        "date": run.finished or run.started,
        "verdict": results.verdict.value,
        "reason": results.verdict_reason,
        "implementation": {
            "product": "Tanzu Kubernetes Grid workload clusters on vSphere",
            "site": str(environment.get("name") or ""),
            "kind": str(environment.get("kind") or ""),
            "simulated": is_simulated(results),
            "versions": dict(environment.get("versions") or {}),
            "vcenters": list(environment.get("vcenters") or ()),
            "management": environment.get("management"),
            "clusters": list(environment.get("clusters") or ()),
        },
        "suite": {
            "name": "tkg-conformance",
            "version": run.suite_version,
            "detection": detection(results.proof),
            **({"profile": environment["profile"]} if environment.get("profile") else {}),
        },
        "selection": {
            "description": run.selection.description,
            "requirements": run.selection.count,
            "of": run.selection.total,
            "clusters": list(run.selection.clusters),
        },
        "statistics": _statistics(selected),
        "areas": [_area(claim, results) for claim in claims if claim.claim is not Claim.NOT_SELECTED],
        "notSelected": [claim.area for claim in claims if claim.claim is Claim.NOT_SELECTED],
        "waivers": [dict(each) for each in results.waivers],
        "reproduce": {
            "command": run.command,
            "run": run.id,
            "observation": str(observed.get("digest") or "") if isinstance(observed, dict) else "",
        },
    }


def _area(claim: AreaClaim, results: Results) -> dict[str, Any]:
    rows = [row for row in results.results if row.selected and row.area == claim.area]
    waived = waived_rows(results.results, results.waivers)
    told = [_row(row, waived=(row.id, row.scope) in waived) for row in rows if row.verdict not in SETTLED]
    return {
        "name": claim.area,
        "result": claim.claim.value,
        "summary": claim.reason,
        "statistics": _statistics(rows),
        **({"notPassed": told} if told else {}),
    }


def _row(row: Result, *, waived: bool) -> dict[str, Any]:
    return {
        "requirement": row.id,
        "title": row.title,
        "level": row.level.value,
        "scope": row.scope,
        "verdict": row.verdict.value,
        "reason": row.reason,
        **({"waived": True} if waived else {}),
        **({"crashed": True} if row.crashed else {}),
        **({"blockedBy": row.blocked_by} if row.blocked_by else {}),
        **({"objects": list(dict.fromkeys(each.object for each in row.findings))} if row.findings else {}),
    }


def _statistics(rows: Sequence[Result]) -> dict[str, dict[str, int]]:
    """Count by level and verdict, because only required rows decide."""
    by_level = {level: [row for row in rows if row.level is level] for level in Level}
    return {
        level.value: {verdict.value: count for verdict, count in counts_by_verdict(members).items()}
        for level, members in by_level.items()
        if members
    }


def _harmless(value: Any) -> Any:
    """Return plain YAML values whose texts hold no control characters, which YAML 1.1 could not carry as they are."""
    if isinstance(value, dict):
        return {printable(str(key)): _harmless(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_harmless(each) for each in value]
    if value is None or isinstance(value, bool | int | float):
        return value
    return printable(str(value))
