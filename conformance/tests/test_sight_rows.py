"""Every row that says "exactly one", "all" or "none": INCONCLUSIVE where objects may hide, FAIL for what was seen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from conformance.tests import zone_changes as change
from conformance.tests.builder import Sample, healthy
from conformance.tests.judging import loud, result, scope_of
from conformance.tests.zone_changes import WL1
from tkg_conformance.reports.records import Verdict

FAIL, INCONCLUSIVE, PASS = Verdict.FAIL, Verdict.INCONCLUSIVE, Verdict.PASS
NO_RIGHTS: dict[str, Any] = {"limited": True, "reason": "it has no right to read at the root folder"}


def blind(place: str, *types: str) -> dict[str, Any]:
    reason = f"it may not read {place}"
    return {"limited": True, "reason": reason, "blind": [{"object": place, "types": sorted(types)}]}


ROOT = blind("/", "Category", "ClusterComputeResource", "Datacenter", "Datastore", "HostSystem", "Tag")
ELSEWHERE = blind("/dc0/vm/other-team", "Folder", "VirtualApp", "VirtualMachine")


def compute_cluster_unknown(sample: Sample) -> None:
    sample.find("VSphereFailureDomain", "zone-c").spec["topology"]["computeCluster"] = "cluster9"


def all_zone_tags_gone(sample: Sample) -> None:
    for domain in ("zone-a", "zone-b", "zone-c"):
        sample.management.remove("VSphereFailureDomain", domain)
    for tag in ("t-zone-a", "t-zone-b", "t-zone-c"):
        del sample.tags[tag]


def region_tag_out_of_force(sample: Sample) -> None:
    sample.detach("Datacenter:dc")


ABSENCES: list[tuple[str, Callable[[Sample], object]]] = [
    ("ZONE-1", change.region_category_renamed),
    ("ZONE-2", change.zone_tag_renamed),
    ("ZONE-2", change.zone_tag_in_other_category),
    ("ZONE-2", all_zone_tags_gone),
    ("ZONE-3", change.zone_tag_detached),
    ("ZONE-3", region_tag_out_of_force),
    ("ZONE-6", change.zone_misspelt),
    ("ZONE-13", change.no_shared_datastore),
    ("ZONE-14", compute_cluster_unknown),
    ("ZONE-9", region_tag_out_of_force),
]


@pytest.mark.parametrize("sight", [NO_RIGHTS, ROOT], ids=["no places known", "root"])
@pytest.mark.parametrize(("requirement", "absent"), ABSENCES, ids=lambda each: getattr(each, "__name__", each))
def test_what_was_not_seen_is_not_absent_where_it_may_hide(
    requirement: str, absent: Callable[[Sample], object], sight: dict[str, Any]
) -> None:
    sample = healthy()
    absent(sample)
    assert result(sample, requirement, scope_of(requirement)).verdict in (FAIL, Verdict.BLOCKED)
    sample.sight = sight
    found = result(sample, requirement, scope_of(requirement))
    assert found.verdict is INCONCLUSIVE
    assert found.findings == ()
    assert sight["reason"] in found.reason
    assert ("below /" in found.reason) is (sight is ROOT)


@pytest.mark.parametrize(("requirement", "absent"), ABSENCES, ids=lambda each: getattr(each, "__name__", each))
def test_a_blind_spot_that_cannot_hold_it_changes_nothing(requirement: str, absent: Callable[[Sample], object]) -> None:
    sample = healthy()
    absent(sample)
    sample.sight = ELSEWHERE
    assert result(sample, requirement, scope_of(requirement)).verdict in (FAIL, Verdict.BLOCKED)


SEEN: list[tuple[str, Callable[[Sample], object]]] = [
    ("ZONE-1", change.zone_category_excludes_clusters),
    ("ZONE-3", change.zone_tags_swapped),
    ("ZONE-4", change.two_zone_tags_on_a_cluster),
    ("ZONE-9", change.vm_migrated),
    ("ZONE-11", change.csi_topology_stale),
    ("ZONE-14", change.deployment_zone_not_ready),
    ("ZONE-14", change.machine_cloned_elsewhere),
]


@pytest.mark.parametrize("sight", [NO_RIGHTS, ROOT, {}], ids=["no places known", "root", "undetermined"])
@pytest.mark.parametrize(("requirement", "wrong"), SEEN, ids=lambda each: getattr(each, "__name__", each))
def test_a_counter_example_that_was_seen_stays_a_fail(
    requirement: str, wrong: Callable[[Sample], object], sight: dict[str, Any]
) -> None:
    sample = healthy()
    wrong(sample)
    sample.sight = sight
    assert result(sample, requirement, scope_of(requirement)).verdict is FAIL


def test_a_hidden_compute_cluster_does_not_hide_another_ones_defect() -> None:
    sample = healthy()
    compute_cluster_unknown(sample)
    change.deployment_zone_not_ready(sample)
    sample.find("VSphereDeploymentZone", "zone-a").status = {"ready": False}
    sample.sight = ROOT
    found = result(sample, "ZONE-14", WL1)
    assert found.verdict is FAIL
    assert "VSphereDeploymentZone management/zone-a" in [each.object for each in found.findings]
    assert any("cluster9" in note for note in found.notes)


def test_rows_of_which_all_was_seen_pass_beside_a_blind_spot() -> None:
    sample = healthy()
    sample.sight = ELSEWHERE
    # What these two rows say of "all" adapters needs sight of every VM and network.
    assert loud(sample) == dict.fromkeys(("DVPG-1", "DVPG-10"), INCONCLUSIVE)


@pytest.mark.parametrize(("sight", "networks"), [(NO_RIGHTS, ("DVPG-1", "DVPG-10")), (ROOT, ())])
def test_only_statements_about_all_are_unsettled_by_limited_sight(
    sight: dict[str, Any], networks: tuple[str, ...]
) -> None:
    sample = healthy()
    sample.sight = sight
    assert loud(sample) == dict.fromkeys(("ZONE-1", "ZONE-3", "ZONE-4", "ZONE-6", *networks), INCONCLUSIVE)


def test_a_lost_vm_leaves_open_which_compute_clusters_run_nodes() -> None:
    sample = healthy()
    sample.sight = ELSEWHERE
    del sample.inventory["VirtualMachine:vm-wl1-md-0"]
    found = result(sample, "ZONE-3")
    assert found.verdict is INCONCLUSIVE
    assert "wl1-md-0 has no VM in the inventory" in found.reason


def test_an_account_that_sees_all_of_what_is_seen_in_part_proves_nothing() -> None:
    sample = healthy()
    sample.sight = ELSEWHERE
    found = result(sample, "IDENT-8", WL1)
    assert found.verdict is PASS
    assert any("not everything" in note and "other-team" in note for note in found.notes)


def test_many_blind_spots_are_named_in_part() -> None:
    sample = healthy()
    spots = [{"object": f"/dc{i}", "types": ["Category"]} for i in range(5)]
    sample.sight = {"limited": True, "reason": "r", "blind": spots}
    reason = result(sample, "ZONE-1").reason
    assert "Category below /dc0" in reason
    assert "in 2 more places" in reason
