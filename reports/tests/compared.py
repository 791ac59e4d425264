"""Small runs for tests that compare two of them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from reports.tests import sample
from tkg_conformance.reports.compare import compare
from tkg_conformance.reports.comparison_records import Change, Comparison, RowChange
from tkg_conformance.reports.records import Examined, Finding, Result, Results, RunState, Verdict

SITE: dict[str, Any] = {
    "kind": "site",
    "vcenters": [{"server": "vc01.example.org", "account": "audit@vsphere.local", "instance_uuid": "42-1"}],
    "management": "https://mgmt.example.org:6443",
    "clusters": [{"name": "dev/wl1", "type": "linux"}],
    "versions": {"vCenter vc01.example.org": "8.0.3", "capv-controller-manager": "v1.16.1"},
    "sight": {"vc01.example.org": {"limited": False, "reason": "", "blind": []}},
}


def row(verdict: Verdict, *objects: str, id_: str = "ZONE-8", message: str = "is bad", **changes: Any) -> Result:
    """Return a row with a finding about each object, which are what was examined besides `node-9`."""
    findings = tuple(Finding(each, "good", "bad", f"{each} {message}") for each in objects)
    examined = Examined(len(objects) + 1, (*objects, "node-9"))
    return sample.row(id_, verdict, "seen", findings=findings, **{"examined": examined, **changes})


def run(*rows: Result, environment: dict[str, Any] | None = None, **changes: Any) -> Results:
    """Return a run of a real site with these rows."""
    return sample.results(rows, environment=SITE if environment is None else environment, **changes)


def aborted(*rows: Result, **changes: Any) -> Results:
    """Return a run that was aborted."""
    return run(*rows, state=RunState.ABORTED, abort_reason="the site was lost", **changes)


def unobserved() -> Results:
    """Return a run that was aborted before it observed anything."""
    rows = (sample.row("ZONE-8", Verdict.NOT_RUN, "the run was aborted before", scope="cluster"),)
    return aborted(*rows, environment={"kind": "unknown", "versions": {}, "sight": {}})


def with_clusters(*names: str) -> dict[str, Any]:
    """Return the environment of the site with these workload clusters."""
    return {**SITE, "clusters": [{"name": name, "type": "linux"} for name in names]}


def only(before: Results, after: Results) -> RowChange:
    """Return the one row that changed."""
    (found,) = compare(before, after).rows
    return found


def objects(changed: RowChange) -> dict[str, Change]:
    """Return what became of each object of a row."""
    return {each.object: each.change for each in changed.objects}


def different_sites() -> Comparison:
    """Return a comparison of a lab and a site."""
    return compare(sample.every_verdict(), sample.certified_site())


def grown_and_aborted() -> Comparison:
    """Return a comparison in which much cannot be told: a cluster came, and the later run was aborted."""
    before = run(
        row(Verdict.FAIL, "node-1"),
        row(Verdict.PASS, id_="ZONE-6"),
        row(Verdict.PASS, id_="IDENT-1"),
        row(Verdict.NOT_APPLICABLE, id_="IDENT-7"),
    )
    unjudged = [
        sample.row(id_, Verdict.NOT_RUN, "the run was aborted before: the site was lost", scope=scope)
        for id_ in ("ZONE-6", "IDENT-1", "IDENT-7")
        for scope in ("dev/wl1", "dev/wl2")
    ]
    after = aborted(
        row(Verdict.FAIL, *(f"node-{number}" for number in range(1, 31))),
        row(Verdict.FAIL, "node-5", scope="dev/wl2"),
        *unjudged,
        environment=with_clusters("dev/wl1", "dev/wl2"),
    )
    return compare(before, after)


def hostile() -> Comparison:
    """Return a comparison whose every word from outside attacks."""
    after = sample.hostile_names()
    finding = replace(after.results[0].findings[0], object=f"@octocat #1 | `x` {sample.HOSTILE}")
    fresh = replace(after.results[0], findings=(*after.results[0].findings, finding))
    versions = {sample.HOSTILE: f"{sample.HOSTILE} again"}
    environment = {**after.environment, "versions": versions}
    changed = replace(after, results=(fresh, *after.results[1:]), environment=environment)
    return compare(after, changed)
