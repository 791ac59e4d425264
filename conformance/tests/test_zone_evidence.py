"""ZONE rows where evidence is missing, stale, in transition or of another form."""

from __future__ import annotations

import pytest

from conformance.tests import zone_changes as change
from conformance.tests.builder import NOW, healthy
from conformance.tests.judging import loud, result, scope_of
from conformance.tests.zone_changes import WL1
from tkg_conformance.fixtures.models import topology
from tkg_conformance.fixtures.observation.model import Problem, VCenterEvent
from tkg_conformance.reports.records import Verdict


def test_the_feature_is_seen_at_a_hop_although_the_configuration_is_silent() -> None:
    sample = healthy()
    sample.find("VSphereCPIConfig", "wl2").spec["vsphereCPI"] = {"region": "k8s-region", "zone": "k8s-zone"}
    assert result(sample, "ZONE-7", "dev/wl2").verdict is Verdict.FAIL


def test_unknown_intent_makes_only_the_row_inconclusive_that_needs_it() -> None:
    sample = healthy()
    sample.intents[WL1] |= {"config": {}, "form": "unknown"}
    assert loud(sample) == {"ZONE-15": Verdict.INCONCLUSIVE}
    assert any("stand in" in note for note in result(sample, "ZONE-5", WL1).notes)


@pytest.mark.parametrize("requirement", ["ZONE-7", "ZONE-8", "ZONE-10", "ZONE-11", "ZONE-12", "ZONE-16"])
def test_an_unread_workload_cluster_is_inconclusive(requirement: str) -> None:
    sample = healthy()
    del sample.workloads[WL1]
    assert result(sample, requirement, WL1).verdict is Verdict.INCONCLUSIVE


@pytest.mark.parametrize(
    ("plane", "what", "unsettled"),
    [
        ("vcenter:vc01.example.org", "tags", "ZONE-3"),
        (f"workload:{WL1}", "Node", "ZONE-8"),
        (f"workload:{WL1}", "Secret", "ZONE-10"),
        ("management", "VSphereDeploymentZone", "ZONE-14"),
    ],
)
def test_a_failed_read_unsettles_what_rests_on_it(plane: str, what: str, unsettled: str) -> None:
    sample = healthy()
    sample.problems.append(Problem(plane, what, "forbidden"))
    assert result(sample, unsettled, scope_of(unsettled)).verdict is Verdict.INCONCLUSIVE
    assert result(sample, "ZONE-5", WL1).verdict is Verdict.PASS


def test_labels_are_judged_without_the_secrets_of_the_driver() -> None:
    sample = healthy()
    sample.problems.append(Problem(f"workload:{WL1}", "Secret", "forbidden"))
    assert result(sample, "ZONE-8", WL1).verdict is Verdict.PASS
    assert result(sample, "ZONE-9", WL1).verdict is Verdict.PASS


@pytest.mark.parametrize("requirement", ["ZONE-1", "ZONE-3", "ZONE-4"])
def test_limited_sight_never_passes(requirement: str) -> None:
    sample = healthy()
    sample.sight = {"limited": True, "reason": "no read rights on /dc0/host/cluster4"}
    found = result(sample, requirement)
    assert found.verdict is Verdict.INCONCLUSIVE
    assert "cluster4" in found.reason


@pytest.mark.parametrize("requirement", ["ZONE-1", "ZONE-3", "ZONE-4"])
def test_rights_that_nobody_determined_never_pass(requirement: str) -> None:
    sample = healthy()
    sample.sight = {}
    found = result(sample, requirement)
    assert found.verdict is Verdict.INCONCLUSIVE
    assert "its rights were not determined" in found.reason


def test_nodes_in_transition_are_listed_and_not_judged() -> None:
    sample = healthy()
    change.zone_label_removed(sample)
    sample.node("wl1-md-1").metadata["deletionTimestamp"] = NOW
    found = result(sample, "ZONE-8", WL1)
    assert found.verdict is Verdict.PASS
    assert any("wl1-md-1 is being deleted" in note for note in found.notes)


def test_a_young_uninitialised_node_is_not_judged_an_old_one_is() -> None:
    sample = healthy()
    change.control_plane_uninitialised(sample)
    assert result(sample, "ZONE-8", WL1).verdict is Verdict.FAIL
    sample.node("wl1-cp-2").metadata["creationTimestamp"] = "2026-11-22T11:59:30Z"
    assert result(sample, "ZONE-8", WL1).verdict is Verdict.PASS


def test_a_vm_that_matches_twice_is_inconclusive() -> None:
    sample = healthy()
    twin = dict(sample.inventory["VirtualMachine:vm-wl1-md-0"], moid="vm-restored", name="wl1-md-0-restored")
    sample.inventory["VirtualMachine:vm-restored"] = twin
    found = result(sample, "ZONE-9", WL1)
    assert found.verdict is Verdict.INCONCLUSIVE
    assert "wl1-md-0-restored" in found.reason


def test_drift_names_the_recorded_move() -> None:
    sample = healthy()
    change.vm_migrated(sample)
    event = VCenterEvent(
        "DrsVmMigratedEvent", "2026-11-22T11:30:00Z", "", vm="VirtualMachine:vm-wl1-md-0", vm_name="wl1-md-0"
    )
    sample.events.append(event)
    assert "DrsVmMigratedEvent at 2026-11-22T11:30:00Z" in result(sample, "ZONE-9", WL1).reason


def test_a_move_within_a_preference_of_host_groups_is_a_note() -> None:
    sample = change.host_groups(mandatory=False)
    sample.move("wl1-md-0", "host-12")
    found = result(sample, "ZONE-9", WL1)
    assert found.verdict is Verdict.PASS
    assert any("host group's rule allows" in note for note in found.notes)
    assert result(change.host_groups(mandatory=False), "ZONE-9", WL1).notes == ()


def test_a_move_against_a_mandatory_host_group_fails() -> None:
    sample = change.host_groups(mandatory=True)
    sample.move("wl1-md-0", "host-12")
    assert result(sample, "ZONE-9", WL1).verdict is Verdict.FAIL


def test_host_groups_carry_the_zone_tags() -> None:
    assert {key for key in loud(change.host_groups(mandatory=True)) if key.startswith("ZONE")} == set()


@pytest.mark.parametrize("family", ["beta", "ga", "csi-domain"])
def test_the_profile_chooses_the_family_of_labels(family: str) -> None:
    sample = healthy(topology_categories=True)
    sample.profile["topology_key_family"] = family
    assert result(sample, "ZONE-8", WL1).verdict is Verdict.PASS
    keys = topology.family_keys(family, "k8s-region", "k8s-zone")
    del sample.node("wl1-md-1").metadata["labels"][keys.zone]
    assert keys.zone in result(sample, "ZONE-8", WL1).reason


def test_an_insecure_vcenter_without_proxy_is_named_as_the_gate() -> None:
    sample = healthy()
    sample.intents[WL1]["config"]["VSPHERE_INSECURE"] = "true"
    change.csi_config_without_zone(sample)
    assert "VSPHERE_INSECURE is true" in result(sample, "ZONE-7", WL1).reason


def test_the_page_literal_form_that_does_not_work_blames_the_nodes_too() -> None:
    """What finding 1 measured: tag names at every hop, no label anywhere, CSI in error."""
    sample = healthy()
    change.tag_names_configured(sample)
    for component, kind in (("cpi", "VSphereCPIConfig"), ("csi", "VSphereCSIConfig")):
        spec = sample.find(kind, "wl1").spec[f"vsphere{component.upper()}"]
        spec.get("config", spec).update(region="region-1", zone="zone-a")
        change.change_values(sample, component, region="region-1", zone="zone-a")
    change.change_driver(sample, region="region-1", zone="zone-a")
    change.change_cloud_config(sample, region="region-1", zone="zone-a")
    for item in sample.workloads[WL1].items:
        if item.kind == "Node":
            item.metadata["labels"] = {"kubernetes.io/os": "linux"}
        if item.kind == "CSINodeTopology":
            item.status = {"status": "Error", "errorMessage": "does not have labels for [zone-a region-1]"}
        if item.kind == "CSINode":
            item.spec = {"drivers": []}
    found = result(sample, "ZONE-6", WL1)
    assert found.verdict is Verdict.DOC_CONFLICT
    assert "no Node carries the labels" in found.reason
    assert result(sample, "ZONE-8", WL1).verdict is Verdict.FAIL
    sample.profile["region_zone_semantics"] = "categories"
    rows = loud(sample)
    assert {key: word for key, word in rows.items() if word is Verdict.FAIL} == {"ZONE-6": Verdict.FAIL}


def test_windows_nodes_without_driver_are_left_to_mos_21() -> None:
    sample = healthy()
    change.driver_unregistered(sample)
    sample.node("wl1-md-0").metadata["labels"]["kubernetes.io/os"] = "windows"
    found = result(sample, "ZONE-10", WL1)
    assert found.verdict is Verdict.PASS
    assert any("MOS-21" in note for note in found.notes)


def test_a_recent_provisioner_needs_no_gate() -> None:
    sample = healthy()
    controller = sample.workloads[WL1].find("Deployment", "vsphere-csi-controller")
    container = controller.spec["template"]["spec"]["containers"][0]
    container |= {"image": "registry.example.org/csi-provisioner:v5.2.0", "args": ["--strict-topology"]}
    assert result(sample, "ZONE-12", WL1).verdict is Verdict.PASS
    container["image"] = "registry.example.org/csi-provisioner:v3.3.1"
    assert result(sample, "ZONE-12", WL1).verdict is Verdict.FAIL


def test_shared_storage_is_settled_by_a_probe_only() -> None:
    sample = healthy()
    sample.intents[WL1]["config"]["VSPHERE_STORAGE_POLICY_ID"] = "gold"
    found = result(sample, "ZONE-13", WL1)
    assert found.verdict is Verdict.INCONCLUSIVE
    assert any("shared-1" in note for note in found.notes)


def test_tags_on_a_vm_folder_are_noted() -> None:
    sample = healthy()
    sample.attached["Folder:vm"] = ["t-zone-b"]
    found = result(sample, "ZONE-4")
    assert found.verdict is Verdict.PASS
    assert any("Folder /dc0/vm" in note for note in found.notes)
