"""MOS rows where evidence is missing, young, in transition or of another form."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from conformance.tests import multios_changes as change
from conformance.tests import multios_site as site
from conformance.tests.builder import NOW, Sample
from conformance.tests.judging import catalogue, functions, result
from conformance.tests.multios_site import TKR, WL2, multi_os
from tkg_conformance.fixtures.observation.model import Problem
from tkg_conformance.plugins.engine import Judge
from tkg_conformance.reports.records import Verdict

FAIL, PASS, INCONCLUSIVE, NOT_APPLICABLE = Verdict.FAIL, Verdict.PASS, Verdict.INCONCLUSIVE, Verdict.NOT_APPLICABLE
SITE_ROWS = ["MOS-1", "MOS-2", "MOS-3", "MOS-4", "MOS-5", "MOS-6", "MOS-8"]


@pytest.mark.parametrize("requirement", SITE_ROWS)
def test_an_older_site_without_tkg_kinds_is_inconclusive(requirement: str) -> None:
    observation = multi_os().build()
    assert observation.management is not None
    kinds = ("TanzuKubernetesRelease", "OSImage", "ClusterBootstrap", "ClusterBootstrapTemplate", "Package")
    kept = tuple(each for each in observation.management.resources if each.kind not in kinds)
    observation = replace(observation, management=replace(observation.management, resources=kept, absent=kinds))
    found = Judge(observation, catalogue(), functions()).result(requirement, "site")
    assert found.verdict is INCONCLUSIVE, found.reason


@pytest.mark.parametrize(
    "requirement", ["MOS-13", "MOS-15", "MOS-16", "MOS-17", "MOS-18", "MOS-19", "MOS-20", "MOS-23"]
)
def test_an_unread_workload_cluster_is_inconclusive(requirement: str) -> None:
    sample = multi_os()
    del sample.workloads[WL2]
    assert result(sample, requirement, WL2).verdict is INCONCLUSIVE


@pytest.mark.parametrize(
    ("plane", "what", "unsettled"),
    [
        ("management", "OSImage", "MOS-4"),
        ("management", "Package", "MOS-6"),
        (f"workload:{WL2}", "PackageInstall", "MOS-13"),
        (f"workload:{WL2}", "Pod", "MOS-19"),
        ("vcenter:vc01.example.org", "VirtualMachine", "MOS-14"),
    ],
)
def test_a_failed_read_unsettles_what_rests_on_it(plane: str, what: str, unsettled: str) -> None:
    sample = multi_os()
    sample.problems.append(Problem(plane, what, "forbidden"))
    scope = WL2 if catalogue().requirement(unsettled).scope == "cluster" else "site"
    assert result(sample, unsettled, scope).verdict is INCONCLUSIVE


def test_a_template_that_may_be_out_of_sight_is_inconclusive() -> None:
    sample = multi_os()
    sample.sight = {"limited": True, "reason": "no read rights on /dc0/vm/other"}
    assert result(sample, "MOS-1").verdict is INCONCLUSIVE
    change.template_renamed(sample)
    found = result(sample, "MOS-1")
    assert found.verdict is INCONCLUSIVE
    assert "windows-2019-kube-v1.35.4" in found.reason


def test_a_wrong_template_that_was_seen_fails_also_with_limited_sight() -> None:
    sample = multi_os()
    sample.sight = {"limited": True}
    change.template_is_a_vm(sample)
    assert result(sample, "MOS-1").verdict is FAIL


def test_without_any_windows_image_one_row_fails_and_explains_the_others() -> None:
    sample = multi_os()
    sample.management.remove("OSImage", site.WINDOWS_IMAGE)
    change.image_not_listed(sample)
    assert result(sample, "MOS-2").verdict is FAIL
    assert result(sample, "MOS-4").blocked_by == "MOS-2"
    assert result(sample, "MOS-12", WL2).verdict is Verdict.BLOCKED


def test_a_lost_entry_is_told_by_what_clusters_were_resolved_to() -> None:
    sample = multi_os()
    change.list_replaced(sample)
    found = result(sample, "MOS-4")
    assert [each for each in found.findings if site.LINUX_IMAGE in each.message]
    assert result(sample, "MOS-12", WL2).blocked_by == "MOS-4"


def test_a_failed_resolution_says_what_its_query_matches() -> None:
    sample = multi_os()
    change.override_missing(sample)
    assert f"matches one of the OSImages that {TKR} lists: {site.WINDOWS_IMAGE}" in result(sample, "MOS-12", WL2).reason
    change.image_not_listed(sample)
    assert "matches none of the OSImages" in result(sample, "MOS-12", WL2).findings[0].message


def test_without_any_bootstrap_the_former_packages_are_unknown() -> None:
    sample = multi_os()
    sample.management.remove("ClusterBootstrapTemplate", TKR)
    sample.find("ClusterBootstrap", "wl2").status = {"resolvedTKR": "v1.34.1---vmware.1-tkg.1"}
    found = result(sample, "MOS-5")
    assert found.verdict is INCONCLUSIVE
    assert TKR in found.reason


def edited(sample: Sample, *, manager: str = "kubectl-edit", time: str = "2026-11-22T11:45:00Z") -> None:
    fields = ["bootstrapPackages", "osImages"]
    change.tkr(sample).metadata["edits"] = [{"manager": manager, "time": time, "fields": fields}]


def test_a_young_edit_has_not_survived_yet() -> None:
    sample = multi_os()
    edited(sample)
    found = result(sample, "MOS-7")
    assert found.verdict is INCONCLUSIVE
    assert "kubectl-edit at 2026-11-22T11:45:00Z, 15 min before this observation" in found.reason
    sample.profile["discovery_period_s"] = 300
    assert result(sample, "MOS-7").verdict is PASS


def test_an_edit_of_unknown_age_is_inconclusive() -> None:
    sample = multi_os()
    del change.tkr(sample).metadata["edits"]
    assert result(sample, "MOS-7").verdict is INCONCLUSIVE


def test_a_reinstallation_is_a_known_limit_where_the_profile_says_so() -> None:
    sample = multi_os()
    change.release_reinstalled(sample)
    found = result(sample, "MOS-7")
    assert found.verdict is Verdict.DOC_CONFLICT
    assert "the page: the edit is not overwritten" in found.reason
    assert "manager at 2026-11-22T11:30:00Z" in found.reason
    sample.profile["tkr_reinstall_overwrites"] = True
    assert result(sample, "MOS-7").verdict is Verdict.KNOWN_LIMIT


def test_a_release_that_was_made_again_is_no_reinstallation() -> None:
    sample = multi_os()
    change.release_made_again(sample)
    sample.profile["tkr_reinstall_overwrites"] = True
    found = result(sample, "MOS-7")
    assert found.blocked_by == "MOS-4"
    assert "when the TKr was made: a later one than those clusters were made with" in found.findings[0].message


def test_another_controller_is_not_taken_for_the_source_of_the_release() -> None:
    sample = multi_os()
    change.release_reverted_by_another_controller(sample)
    sample.profile["tkr_reinstall_overwrites"] = True
    found = result(sample, "MOS-7")
    assert found.blocked_by == "MOS-4"
    assert "argocd-controller at 2026-11-22T11:30:00Z" in found.findings[0].message


def test_an_edit_that_a_person_took_back_is_explained_by_the_list() -> None:
    sample = multi_os()
    change.image_not_listed(sample)
    edited(sample, time="2026-11-22T10:00:00Z")
    assert result(sample, "MOS-7").blocked_by == "MOS-4"


def test_a_windows_cluster_needs_no_linux_worker() -> None:
    sample = multi_os()
    change.linux_workers_missing(sample)
    sample.intents[WL2]["type"] = "windows"
    assert result(sample, "MOS-11", WL2).verdict is PASS
    for requirement in ("MOS-19", "MOS-20", "MOS-24"):
        assert result(sample, requirement, WL2).verdict is NOT_APPLICABLE


def test_without_a_declared_type_the_machine_deployments_tell_it() -> None:
    sample = multi_os()
    sample.intents[WL2]["type"] = None
    sample.intents[WL2]["config"] = {}
    assert result(sample, "MOS-15", WL2).verdict is PASS
    assert result(sample, "MOS-15", "dev/wl1").verdict is NOT_APPLICABLE


def test_the_other_lists_of_a_specification_are_judged_too() -> None:
    sample = multi_os()
    specification = change.specification(sample)
    del specification["topology"]["workers"]["machineDeployments"][0]["metadata"]
    assert result(sample, "MOS-10", WL2).verdict is FAIL
    found = result(sample, "MOS-11", WL2)
    assert "Specification dev/wl2 wl2-spec.yaml machineDeployment md-0" in [each.object for each in found.findings]


def test_a_sound_specification_passes() -> None:
    sample = multi_os()
    change.specification(sample)
    assert result(sample, "MOS-10", WL2).verdict is PASS


def test_a_node_in_transition_is_listed_and_not_judged() -> None:
    sample = multi_os()
    change.taint_removed(sample)
    change.windows_node(sample).metadata["deletionTimestamp"] = NOW
    found = result(sample, "MOS-17", WL2)
    assert found.verdict is PASS
    assert any("wl2-md-0 is being deleted" in note for note in found.notes)


def test_machines_in_transition_do_not_count_as_missing() -> None:
    sample = multi_os()
    change.windows_node_gone(sample)
    machine = sample.find("Machine", site.WINDOWS_NODE)
    machine.status["phase"] = "Provisioning"
    machine.metadata["creationTimestamp"] = "2026-11-22T11:58:00Z"
    found = result(sample, "MOS-15", WL2)
    assert [each.object for each in found.findings] == ["Cluster management/dev/wl2"]


def test_a_paused_cluster_is_inconclusive() -> None:
    sample = multi_os()
    sample.find("Cluster", "wl2").spec["paused"] = True
    assert result(sample, "MOS-15", WL2).verdict is INCONCLUSIVE


def test_a_windows_release_that_is_not_known_is_stated() -> None:
    sample = multi_os()
    change.image(sample).spec["os"]["version"] = "2016"
    found = result(sample, "MOS-16", WL2)
    assert found.verdict is PASS
    assert any("2016" in note for note in found.notes)


def test_the_profile_names_other_taints() -> None:
    sample = multi_os()
    sample.profile["taint"] = ("example.org/windows:NoExecute",)
    assert result(sample, "MOS-17", WL2).verdict is FAIL


def test_a_young_pod_is_listed_and_not_judged() -> None:
    sample = multi_os()
    change.component_not_ready(sample)
    pod = sample.workloads[WL2].find("Pod", "metrics-server-x")
    pod.metadata["creationTimestamp"] = "2026-11-22T11:58:00Z"
    found = result(sample, "MOS-19", WL2)
    assert found.verdict is PASS
    assert any("metrics-server-x is being started" in note for note in found.notes)


def test_a_windows_daemon_set_may_run_on_windows() -> None:
    sample = multi_os()
    pod = sample.workloads[WL2].find("Pod", "antrea-agent-windows-x")
    del pod.spec["nodeSelector"]
    assert result(sample, "MOS-19", WL2).verdict is PASS


def test_ready_applications_on_both_systems_are_passive_evidence() -> None:
    sample = multi_os()
    found = result(sample, "MOS-20", WL2)
    assert found.verdict is PASS
    assert any("were not probed" in note for note in found.notes)
    sample.workloads[WL2].remove("Pod", "shop-windows-x")
    assert result(sample, "MOS-20", WL2).verdict is INCONCLUSIVE


def test_a_package_with_both_plugins_needs_both() -> None:
    sample = multi_os()
    assert any("no node plugin for windows" in note for note in result(sample, "MOS-21", WL2).notes)
    sample.profile["csi_package_version"] = "2.6.2"
    assert result(sample, "MOS-21", WL2).verdict is PASS
    sample.profile["csi_package_version"] = "3.1.0"
    assert result(sample, "MOS-21", WL2).verdict is FAIL


def test_a_zone_that_the_windows_gate_swallows_is_explained_by_its_way() -> None:
    sample = multi_os()
    sample.intents[WL2]["config"] |= {"VSPHERE_REGION": "k8s-region", "VSPHERE_ZONE": "k8s-zone"}
    found = result(sample, "MOS-22", WL2)
    assert found.verdict is Verdict.BLOCKED
    assert found.blocked_by == "ZONE-7"


def test_a_zone_that_arrives_passes() -> None:
    sample = multi_os()
    names = {"region": "k8s-region", "zone": "k8s-zone"}
    sample.intents[WL2]["config"] |= {"VSPHERE_REGION": "k8s-region", "VSPHERE_ZONE": "k8s-zone"}
    sample.find("VSphereCPIConfig", "wl2").spec["vsphereCPI"] = dict(names)
    sample.find("VSphereCSIConfig", "wl2").spec["vsphereCSI"] = {"config": dict(names)}
    assert result(sample, "MOS-22", WL2).verdict is PASS


@pytest.mark.parametrize(
    "spec",
    [
        {"includedNamespaces": ["shop"]},
        {"excludedNamespaces": ["dev"]},
        {"includedNamespaces": ["dev"], "includedResources": ["configmaps"]},
        {"excludedResources": ["clusters.cluster.x-k8s.io"]},
    ],
    ids=["other", "excluded", "resources", "without"],
)
def test_a_backup_of_something_else_is_no_matter(spec: dict[str, Any]) -> None:
    sample = multi_os()
    sample.management.add("Backup", "b", "velero", spec=spec)
    assert result(sample, "MOS-24", WL2).verdict is PASS


def test_any_backup_inside_of_the_cluster_covers_it() -> None:
    sample = multi_os()
    sample.workloads[WL2].add("Backup", "b", "velero", spec={"includedNamespaces": ["shop"]})
    found = result(sample, "MOS-24", WL2)
    assert found.verdict is Verdict.UNSUPPORTED
    assert "backup and restore of multi-OS clusters is not supported" in found.reason


def test_velero_that_is_not_installed_is_not_applicable() -> None:
    observation = multi_os().build()
    kinds = ("Backup", "Schedule")
    assert observation.management is not None
    without = tuple(replace(plane, absent=kinds) for plane in observation.workloads)
    management = replace(observation.management, absent=kinds)
    judge = Judge(replace(observation, management=management, workloads=without), catalogue(), functions())
    assert judge.result("MOS-24", WL2).verdict is NOT_APPLICABLE


def test_an_image_resolved_after_its_removal_is_found() -> None:
    sample = multi_os()
    change.removed_image_still_resolved(sample)
    found = result(sample, "MOS-25")
    assert found.verdict is FAIL, "the Cluster is of 11:00, the list was written at 10:00"
    edited(sample, time="2026-11-22T11:30:00Z")
    found = result(sample, "MOS-25")
    assert found.verdict is PASS
    assert any("before" in note for note in found.notes)
