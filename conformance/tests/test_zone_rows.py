"""Every ZONE row on constructed observations: healthy, violated, not applicable."""

from __future__ import annotations

import pytest

from conformance.tests import zone_changes as change
from conformance.tests.builder import healthy
from conformance.tests.judging import Case, check, loud, result, scope_of
from conformance.tests.zone_changes import WL1
from tkg_conformance.reports.records import Verdict

ZONE_ROWS = [f"ZONE-{number}" for number in range(1, 17)]
PER_CLUSTER = [f"ZONE-{number}" for number in range(5, 17)]

FAIL, CONFLICT, UNSUPPORTED = Verdict.FAIL, Verdict.DOC_CONFLICT, Verdict.UNSUPPORTED
VIOLATIONS = [
    Case(change.region_category_renamed, "ZONE-1", FAIL, "Category k8s-region"),
    Case(change.zone_category_excludes_clusters, "ZONE-1", FAIL, "Category k8s-zone"),
    Case(change.zone_tag_renamed, "ZONE-2", FAIL, "Tag k8s-zone/zone-c"),
    Case(change.zone_tag_in_other_category, "ZONE-2", FAIL, "Tag k8s-zone/zone-c"),
    Case(change.zone_tag_detached, "ZONE-3", FAIL, "ClusterComputeResource /dc0/host/cluster3"),
    Case(change.region_tag_detached, "ZONE-3", FAIL, "Datacenter /dc0"),
    Case(change.zone_tags_swapped, "ZONE-3", FAIL, "ClusterComputeResource /dc0/host/cluster1"),
    Case(change.host_tagged_differently, "ZONE-4", FAIL, "HostSystem /dc0/host/cluster1/c1-host2"),
    Case(change.two_zone_tags_on_a_cluster, "ZONE-4", FAIL, "ClusterComputeResource /dc0/host/cluster1"),
    Case(change.region_unset, "ZONE-5", FAIL, f"Configuration {WL1} VSPHERE_REGION", WL1, {"ZONE-7": FAIL}),
    Case(change.zone_misspelt, "ZONE-6", FAIL, f"Configuration {WL1} VSPHERE_ZONE", WL1, {"ZONE-7": FAIL}),
    Case(change.zone_with_trailing_blank, "ZONE-6", FAIL, f"Configuration {WL1} VSPHERE_ZONE", WL1),
    Case(change.region_and_zone_swapped, "ZONE-6", FAIL, f"Configuration {WL1} VSPHERE_REGION", WL1),
    Case(change.tag_names_configured, "ZONE-6", CONFLICT, "", WL1, {"ZONE-7": FAIL}),
    Case(
        change.tag_names_configured_and_profile_wants_categories,
        "ZONE-6",
        FAIL,
        f"Configuration {WL1} VSPHERE_REGION",
        WL1,
        {"ZONE-7": FAIL},
    ),
    Case(change.category_names_while_profile_wants_tags, "ZONE-6", CONFLICT, "", WL1),
    Case(change.csi_config_without_zone, "ZONE-7", FAIL, "VSphereCSIConfig management/dev/wl1", WL1),
    Case(
        change.csi_data_values_not_reconciled, "ZONE-7", FAIL, "Secret management/dev/wl1-vsphere-csi-data-values", WL1
    ),
    Case(change.cloud_config_edited, "ZONE-7", FAIL, f"ConfigMap {WL1}/kube-system/vsphere-cloud-config", WL1),
    Case(change.both_forms_in_driver_config, "ZONE-7", FAIL, f"Secret {WL1}/kube-system/vsphere-config-secret", WL1),
    Case(change.cloud_config_missing, "ZONE-7", FAIL, f"ConfigMap {WL1}/kube-system/vsphere-cloud-config", WL1),
    Case(change.zone_label_removed, "ZONE-8", FAIL, f"Node {WL1}/wl1-md-1", WL1),
    Case(change.control_plane_uninitialised, "ZONE-8", FAIL, f"Node {WL1}/wl1-cp-2", WL1),
    Case(change.vm_migrated, "ZONE-9", FAIL, f"Node {WL1}/wl1-md-0", WL1),
    Case(change.zone_label_edited, "ZONE-9", FAIL, f"Node {WL1}/wl1-md-0", WL1),
    Case(change.driver_unregistered, "ZONE-10", FAIL, f"CSINode {WL1}/wl1-md-0", WL1),
    Case(change.zone_key_not_registered, "ZONE-10", FAIL, f"CSINode {WL1}/wl1-md-0", WL1),
    Case(change.csi_topology_in_error, "ZONE-11", FAIL, f"CSINodeTopology {WL1}/wl1-md-2", WL1),
    Case(change.csi_topology_stale, "ZONE-11", FAIL, f"CSINodeTopology {WL1}/wl1-md-2", WL1),
    Case(
        change.provisioner_without_topology,
        "ZONE-12",
        FAIL,
        f"Deployment {WL1}/kube-system/vsphere-csi-controller",
        WL1,
    ),
    # The policy that this change names does not exist in the constructed vCenter.
    Case(
        change.no_shared_datastore,
        "ZONE-13",
        FAIL,
        "zone zone-a",
        WL1,
    ),
    Case(change.deployment_zone_missing, "ZONE-14", FAIL, "VSphereDeploymentZone management/zone-c", WL1),
    Case(change.deployment_zone_not_ready, "ZONE-14", FAIL, "VSphereDeploymentZone management/zone-c", WL1),
    Case(change.failure_domain_of_other_category, "ZONE-14", FAIL, "VSphereFailureDomain management/zone-c", WL1),
    Case(change.machine_cloned_elsewhere, "ZONE-14", FAIL, "VirtualMachine /dc0/vm/wl1-md-0", WL1),
    Case(change.key_family_changed, "ZONE-15", UNSUPPORTED, "VSphereCSIConfig management/dev/wl1", WL1),
    Case(change.ga_label_differs, "ZONE-16", FAIL, f"Node {WL1}/wl1-md-2", WL1),
    Case(change.ga_labels_missing_on_one_node, "ZONE-16", FAIL, f"Node {WL1}/wl1-md-2", WL1),
]


@pytest.mark.parametrize("contract", ["v1beta1", "v1beta2"])
@pytest.mark.parametrize("topology_categories", [False, True])
def test_the_healthy_site_passes(contract: str, topology_categories: bool) -> None:
    sample = healthy(contract=contract, topology_categories=topology_categories)
    assert loud(sample) == {}
    passed = {each for each in ZONE_ROWS if result(sample, each, scope_of(each)).verdict is Verdict.PASS}
    assert set(ZONE_ROWS) - passed == {"ZONE-13"}


@pytest.mark.parametrize("case", VIOLATIONS, ids=lambda case: case.name)
def test_a_violation_is_found_and_nothing_else_is_blamed(case: Case) -> None:
    check(healthy(), case)


def test_every_row_has_a_violation() -> None:
    assert {case.requirement for case in VIOLATIONS} == set(ZONE_ROWS)


@pytest.mark.parametrize("requirement", [each for each in PER_CLUSTER if each != "ZONE-14"])
def test_a_cluster_without_region_and_zone_is_not_judged(requirement: str) -> None:
    found = result(healthy(), requirement, "dev/wl2")
    assert found.verdict is Verdict.NOT_APPLICABLE
    assert "names a region or a zone" in found.reason


@pytest.mark.parametrize("requirement", ["ZONE-1", "ZONE-2", "ZONE-3", "ZONE-4"])
def test_a_site_without_region_and_zone_is_not_judged(requirement: str) -> None:
    sample = healthy()
    del sample.intents[WL1], sample.workloads[WL1]
    assert result(sample, requirement).verdict is Verdict.NOT_APPLICABLE


def test_failure_domains_without_use_are_not_judged() -> None:
    assert result(healthy(), "ZONE-14", "dev/wl2").verdict is Verdict.NOT_APPLICABLE
