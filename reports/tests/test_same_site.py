"""Whether two runs looked at one site, and which facts about it changed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from reports.tests import sample
from reports.tests.compared import SITE, row, run, unobserved, with_clusters
from tkg_conformance.reports.compare_environment import environment_changes
from tkg_conformance.reports.comparison_records import Sites
from tkg_conformance.reports.records import Level, Results, Verdict
from tkg_conformance.reports.same_site import same_site


def site(**changes: Any) -> Results:
    return run(row(Verdict.PASS), environment={**SITE, **changes})


def vcenter(server: str, uuid: str) -> dict[str, Any]:
    return {"vcenters": [{"server": server, "account": "audit@vsphere.local", "instance_uuid": uuid}]}


def lab(number: int, scenario: str = "default", **changes: Any) -> Results:
    """A lab as each start gives it: other addresses, another vCenter."""
    server = f"127.0.{number}.1:8989"
    environment = {
        **vcenter(server, f"uuid-{number}"),
        "kind": "lab",
        "management": f"https://127.0.{number}.1:6443",
        "clusters": SITE["clusters"],
        "versions": {f"vCenter {server}": "8.0.3", "Kubernetes dev/wl1": "v1.35.4"},
        "sight": {server: {"limited": False}},
        "observed": {"problems": [f"vcenter:{server}: events: {server} gave attempt {number}"]},
        "lab": {"scenario": scenario, "subnet": f"127.0.{number}.0/24"},
    }
    return run(row(Verdict.PASS), environment={**environment, **changes})


ELSEWHERE = {"management": "https://other.example.org:6443", "clusters": [{"name": "prod/wl7", "type": "linux"}]}
CASES: list[tuple[str, Results, Results, Sites, str]] = [
    ("one vCenter", site(), site(), Sites.SAME, "one vCenter (by the instance UUID)"),
    ("renamed", site(), site(**vcenter("vc.new", "42-1")), Sites.SAME, "by the instance UUID"),
    ("other vCenter", site(), site(**vcenter("vc02", "42-2")), Sites.DIFFERENT, "vc01.example.org and vc02"),
    ("no UUID", site(), site(**vcenter("vc01.example.org", "")), Sites.SAME, "by the name"),
    ("other name", site(**vcenter("vc02", "")), site(), Sites.DIFFERENT, "vc02 and vc01.example.org (by the name)"),
    ("moved API server", site(), site(management="https://10.0.0.7:6443"), Sites.SAME, "one vCenter"),
    ("further cluster", site(), run(environment=with_clusters("dev/wl1", "dev/wl2")), Sites.SAME, "one vCenter"),
    ("other clusters", site(), run(environment=with_clusters("dev/wl9")), Sites.SAME, "one vCenter"),
    ("neighbour", site(), site(**ELSEWHERE), Sites.DIFFERENT, "different management clusters"),
    ("management alone", site(vcenters=[]), site(vcenters=[]), Sites.SAME, "the management cluster https"),
    (
        "other management alone",
        site(vcenters=[]),
        site(vcenters=[], management="https://10.0.0.7:6443"),
        Sites.DIFFERENT,
        "different management clusters",
    ),
    ("no clusters", site(), site(management="https://10.0.0.7:6443", clusters=[]), Sites.SAME, "one vCenter"),
    ("nothing to tell by", site(vcenters=[], management=""), site(vcenters=[]), Sites.UNKNOWN, "neither a vCenter"),
    ("nothing observed", site(), unobserved(), Sites.UNKNOWN, "observed nothing"),
    ("lab and site", lab(1), site(), Sites.DIFFERENT, "a simulated lab, the other at a real site"),
    ("two labs", lab(1), lab(2), Sites.SAME, "labs of the scenario default"),
    ("two scenarios", lab(1), lab(1, "many"), Sites.DIFFERENT, "default and many"),
    ("stored lab", lab(1), lab(2, kind="bundle", simulated=True), Sites.SAME, "scenario default"),
    ("one unnamed lab", lab(1), lab(1, lab={}), Sites.SAME, "one vCenter"),
    ("two unnamed labs", lab(1, lab={}), lab(2, lab={}), Sites.DIFFERENT, "different vCenters"),
    ("stored site", site(), site(kind="bundle"), Sites.SAME, "one vCenter"),
    ("odd environment", site(vcenters=["x"], clusters=[1]), site(), Sites.SAME, "the management cluster https"),
]


@pytest.mark.parametrize(("before", "after", "sites", "words"), [each[1:] for each in CASES], ids=[c[0] for c in CASES])
def test_sites_are_told_apart(before: Results, after: Results, sites: Sites, words: str) -> None:
    found, reason = same_site(before, after)
    assert found is sites
    assert words in reason
    assert same_site(after, before)[0] is sites


def changes(before: Results, after: Results) -> dict[str, tuple[str, str]]:
    return {each.what: (each.before, each.after) for each in environment_changes(before, after)}


def test_another_start_of_a_lab_changes_nothing() -> None:
    assert changes(lab(1), lab(2)) == {}


def test_what_can_explain_a_verdict_is_told() -> None:
    after = site(
        versions={"vCenter vc01.example.org": "9.0.0", "Kubernetes dev/wl1": "v1.36.0"},
        sight={"vc01.example.org": {"limited": True, "reason": "2 places are hidden", "blind": []}},
        **{**vcenter("vc01.example.org", "42-1"), "kind": "bundle"},
        profile={"source": "ours.yaml", "levels": {"ZONE-7": "advisory"}, "region_zone_semantics": "tags"},
        probes={"digest": "x", "runs": [{"probe": "nodes", "scope": "dev/wl1", "outcome": "completed"}]},
        clusters=[{"name": "dev/wl1", "type": "multi-os"}, {"name": "dev/wl2"}],
        observed={"problems": ["workload:dev/wl2: CSINode: the API server refused: forbidden"]},
    )
    after = replace(after, waivers=({"requirement": "ZONE-3", "scope": "site", "expires": "2026-12-31"},))
    after.environment["vcenters"][0]["account"] = "tkg@vsphere.local"
    assert changes(site(), after) == {
        "looked at": ("a site", "a stored observation"),
        "account on vCenter vc01.example.org": ("audit@vsphere.local", "tkg@vsphere.local"),
        "sight of vCenter vc01.example.org": ("the whole inventory", "limited: 2 places are hidden"),
        "version of vCenter vc01.example.org": ("8.0.3", "9.0.0"),
        "version of Kubernetes dev/wl1": ("", "v1.36.0"),
        "version of capv-controller-manager": ("v1.16.1", ""),
        "workload clusters": ("dev/wl1 (linux)", "dev/wl1 (multi-os), dev/wl2"),
        "profile": ("", "ours.yaml"),
        "region_zone_semantics of the profile": ("", "tags"),
        "probe nodes of dev/wl1": ("", "completed"),
        "waiver of ZONE-3 [site]": ("", "until 2026-12-31"),
        "workload:dev/wl2: CSINode": ("", "not fully read: the API server refused: forbidden"),
    }


def test_suite_and_selection_come_first() -> None:
    before = site()
    run_info = replace(
        before.run, suite_version="0.2.0", selection=replace(before.run.selection, description="identity")
    )
    after = replace(site(management="https://10.0.0.7:6443"), run=run_info)
    assert [each.what for each in environment_changes(before, after)] == ["selection", "suite", "management cluster"]


def test_a_level_that_both_suites_know_is_told_and_a_requirement_of_one_is_not() -> None:
    first, *others = sample.CATALOGUE
    before = replace(site(), catalogue=(first, *others[1:]))
    after = replace(site(), catalogue=(replace(first, level=Level.ADVISORY), *others))
    assert changes(before, after) == {"level of ZONE-1": ("required", "advisory")}


def test_what_differs_in_every_run_is_left_out() -> None:
    noise = {
        "requests": {"total": 3, "refused": 0},
        "observed": {"digest": "sha256:1", "duration_s": 3.5, "started": "2026-11-22T13:40:01Z", "requests": {"a": 1}},
        "suite_host": {"python": "3.13.0"},
        "name": "copy-of-site.yaml",
    }
    assert changes(site(), site(**noise)) == {}
