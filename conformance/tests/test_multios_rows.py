"""MOS rows on constructed observations: the healthy site passes, each violation is found and named."""

from __future__ import annotations

import pytest

from conformance.tests import multios_changes as change
from conformance.tests import multios_site as site
from conformance.tests.builder import Sample
from conformance.tests.judging import QUIET, Case, judge, result
from conformance.tests.multios_site import PACKAGE, TKR, WINDOWS_IMAGE, WL2, multi_os
from tkg_conformance.reports.records import Verdict

ROWS = [f"MOS-{number}" for number in range(1, 26)]
FAIL, CONFLICT, UNSUPPORTED = Verdict.FAIL, Verdict.DOC_CONFLICT, Verdict.UNSUPPORTED
NOT_APPLICABLE, BLOCKED, INCONCLUSIVE, PASS = (
    Verdict.NOT_APPLICABLE,
    Verdict.BLOCKED,
    Verdict.INCONCLUSIVE,
    Verdict.PASS,
)
RELEASE, IMAGE = f"TanzuKubernetesRelease management/{TKR}", f"OSImage management/{WINDOWS_IMAGE}"
WINDOWS_NODE, LINUX_NODE = f"Node {WL2}/{site.WINDOWS_NODE}", f"Node {WL2}/{site.LINUX_NODE}"
CLUSTER = "Cluster management/dev/wl2"
SPECIFICATION = f"Specification {WL2} wl2-spec.yaml"
VIOLATIONS = [
    Case(change.template_renamed, "MOS-1", FAIL, IMAGE),
    Case(change.template_is_a_vm, "MOS-1", FAIL, IMAGE),
    Case(change.template_is_linux, "MOS-1", FAIL, IMAGE),
    Case(change.template_without_properties, "MOS-1", FAIL, IMAGE),
    Case(change.image_version_missing, "MOS-2", FAIL, IMAGE),
    Case(change.os_version_is_a_number, "MOS-2", FAIL, IMAGE),
    Case(change.os_type_is_linux, "MOS-2", FAIL, IMAGE),
    Case(change.image_of_other_version, "MOS-3", FAIL, IMAGE),
    Case(change.list_replaced, "MOS-4", FAIL, RELEASE),
    Case(change.image_not_listed, "MOS-4", FAIL, RELEASE),
    Case(change.image_listed_twice, "MOS-4", FAIL, RELEASE),
    Case(change.dangling_image, "MOS-4", FAIL, RELEASE),
    Case(change.package_not_listed, "MOS-5", FAIL, RELEASE),
    Case(change.two_windows_packages, "MOS-5", FAIL, RELEASE),
    Case(change.packages_replaced, "MOS-5", FAIL, RELEASE),
    Case(change.package_not_in_repository, "MOS-6", FAIL, f"Package management/tkg-system/{PACKAGE}"),
    Case(change.release_reinstalled, "MOS-7", CONFLICT, RELEASE, "site", {"MOS-4": FAIL, "MOS-5": FAIL}),
    Case(change.release_deactivated, "MOS-8", FAIL, RELEASE),
    Case(change.image_incompatible, "MOS-8", FAIL, IMAGE),
    Case(change.release_not_compatible, "MOS-8", FAIL, RELEASE),
    Case(change.variable_unset, "MOS-9", FAIL, f"Configuration {WL2} IS_WINDOWS_WORKLOAD_CLUSTER", WL2),
    Case(change.ipv6, "MOS-9", FAIL, f"Configuration {WL2} TKG_IP_FAMILY", WL2),
    Case(change.specification_unreadable, "MOS-10", FAIL, SPECIFICATION, WL2),
    Case(change.specification_with_log_lines, "MOS-10", FAIL, SPECIFICATION, WL2),
    Case(change.specification_without_topology, "MOS-10", FAIL, SPECIFICATION, WL2),
    Case(change.specification_for_linux, "MOS-10", FAIL, SPECIFICATION, WL2),
    Case(change.annotation_missing, "MOS-11", FAIL, f"{CLUSTER} machineDeployment md-0-l", WL2),
    Case(change.annotation_of_other_system, "MOS-11", FAIL, f"{CLUSTER} machineDeployment md-0", WL2),
    Case(change.linux_workers_missing, "MOS-11", FAIL, CLUSTER, WL2),
    Case(change.two_of_one_name, "MOS-11", FAIL, CLUSTER, WL2),
    Case(change.snippet_as_printed, "MOS-11", CONFLICT, SPECIFICATION, WL2),
    Case(change.workers_below_spec, "MOS-11", CONFLICT, SPECIFICATION, WL2),
    Case(change.override_missing, "MOS-12", FAIL, f"{CLUSTER} machineDeployment md-0", WL2),
    Case(change.data_of_other_release, "MOS-12", FAIL, f"{CLUSTER} machineDeployment md-0", WL2),
    Case(change.never_resolved, "MOS-12", FAIL, f"{CLUSTER} controlPlane", WL2),
    Case(change.bootstrap_without_package, "MOS-13", FAIL, "ClusterBootstrap management/dev/wl2", WL2),
    Case(change.install_failed, "MOS-13", FAIL, f"PackageInstall {WL2}/tkg-system/wl2-tkg-windows", WL2),
    Case(change.install_missing, "MOS-13", FAIL, f"PackageInstall {WL2}/tkg-windows", WL2),
    Case(change.windows_machine_from_linux_template, "MOS-14", FAIL, "VirtualMachine /dc0/vm/wl2-md-0", WL2),
    Case(change.windows_node_not_ready, "MOS-15", FAIL, WINDOWS_NODE, WL2),
    Case(change.windows_node_gone, "MOS-15", FAIL, CLUSTER, WL2, {"MOS-19": INCONCLUSIVE}),
    Case(change.build_label_wrong, "MOS-16", FAIL, WINDOWS_NODE, WL2),
    Case(change.build_label_on_linux, "MOS-16", FAIL, LINUX_NODE, WL2),
    Case(change.arch_label_missing, "MOS-16", FAIL, LINUX_NODE, WL2),
    Case(change.taint_removed, "MOS-17", FAIL, WINDOWS_NODE, WL2),
    Case(change.taint_on_linux, "MOS-17", FAIL, LINUX_NODE, WL2),
    Case(change.image_label_missing, "MOS-18", FAIL, WINDOWS_NODE, WL2),
    Case(change.linux_component_on_windows, "MOS-19", FAIL, f"DaemonSet {WL2}/kube-system/antrea-agent", WL2),
    Case(change.linux_component_bound_to_windows, "MOS-19", FAIL, f"DaemonSet {WL2}/tkg-system/kapp-controller", WL2),
    Case(change.component_not_ready, "MOS-19", FAIL, f"ReplicaSet {WL2}/kube-system/metrics-server", WL2),
    Case(change.driver_unregistered, "MOS-21", FAIL, f"CSINode {WL2}/{site.LINUX_NODE}", WL2),
    Case(change.kubelet_of_other_build, "MOS-23", Verdict.BLOCKED, WINDOWS_NODE, WL2),  # by OVA-7
    Case(change.docker, "MOS-23", FAIL, WINDOWS_NODE, WL2),
    Case(change.schedule_of_the_namespace, "MOS-24", UNSUPPORTED, "Schedule management/velero/nightly", WL2),
    Case(change.restored_node, "MOS-24", UNSUPPORTED, LINUX_NODE, WL2),
]
NEEDS_MORE = {"MOS-10", "MOS-22", "MOS-25"}
"""Not applicable on the healthy site: no dry run, no zone, no image taken out."""


def loud(sample: Sample) -> dict[str, Verdict]:
    """Return the MOS rows of the site and of dev/wl2 that are not quiet; live ones are left out."""
    rows = [each for each in judge(sample).all_results() if each.area == "multios" and each.level != "live"]
    assert [f"{each.id}: {each.reason}" for each in rows if each.crashed] == []
    return {each.id: each.verdict for each in rows if each.verdict not in QUIET and each.scope != "dev/wl1"}


def scope_of(requirement: str) -> str:
    return WL2 if judge(multi_os()).catalogue.requirement(requirement).scope == "cluster" else "site"


def test_the_healthy_site_passes() -> None:
    sample = multi_os()
    assert loud(sample) == {}
    passed = {each for each in ROWS if result(sample, each, scope_of(each)).verdict is PASS}
    assert set(ROWS) - passed == NEEDS_MORE


@pytest.mark.parametrize("case", VIOLATIONS, ids=lambda case: case.name)
def test_a_violation_is_found_and_nothing_else_is_blamed(case: Case) -> None:
    sample = multi_os()
    case.change(sample)
    found = result(sample, case.requirement, case.scope)
    assert found.verdict is case.verdict, f"{found.verdict}: {found.reason}"
    assert case.object in [finding.object for finding in found.findings]
    is_quiet = found.level == "live" or case.verdict in QUIET
    expected = dict(case.others) | ({} if is_quiet else {case.requirement: case.verdict})
    assert loud(sample) == expected


def test_every_row_but_those_of_the_evidence_has_a_violation() -> None:
    covered = {case.requirement for case in VIOLATIONS}
    assert set(ROWS) - covered == {"MOS-20", "MOS-22", "MOS-25"}


@pytest.mark.parametrize("requirement", ROWS)
def test_a_linux_cluster_is_not_judged(requirement: str) -> None:
    sample = multi_os()
    del sample.intents[WL2], sample.workloads[WL2]
    scope = scope_of(requirement)
    assert result(sample, requirement, scope if scope == "site" else "dev/wl1").verdict is NOT_APPLICABLE
