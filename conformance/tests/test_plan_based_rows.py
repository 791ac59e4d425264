"""Rows on a plan-based cluster: what it has in the place of a topology is judged, the rest does not apply."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from conformance.tests import plan_based_site as change
from conformance.tests.builder import Sample, healthy
from conformance.tests.judging import judge, result, scope_of
from conformance.tests.ova_site import WL1
from conformance.tests.plan_based_site import plan_based
from tkg_conformance.reports.records import Verdict

PASS, FAIL, ABSENT = Verdict.PASS, Verdict.FAIL, Verdict.NOT_APPLICABLE
MODE = "dev/wl1 is plan-based (legacy mode), so it"
MACHINE_TEMPLATE = "VSphereMachineTemplate management/dev/wl1-md"


def words(sample: Sample) -> dict[str, Verdict]:
    rows = [each for each in judge(sample).all_results() if each.area in ("ova", "zone", "identity")]
    assert not [each.reason for each in rows if each.crashed]
    return {each.id: each.verdict for each in rows if each.scope in (WL1, "site") and each.level != "live"}


@pytest.mark.parametrize("stated", [True, False])
def test_a_healthy_one_passes_and_what_only_classes_have_does_not_apply(stated: bool) -> None:
    sample = plan_based(stated=stated)
    found = words(sample)
    assert {each for each, word in found.items() if word not in (PASS, ABSENT)} == set()
    absent = {each for each, word in found.items() if word is ABSENT}
    of_the_feature = {"OVA-1", "OVA-4", "OVA-8", "OVA-13", "IDENT-16"}
    assert absent == of_the_feature | {"OVA-9", "IDENT-6", "IDENT-15"}
    assert result(sample, "OVA-9", WL1).reason == f"{MODE} has no TKR_DATA that a resolver wrote"
    assert result(sample, "IDENT-6", WL1).reason == f"{MODE} has no topology variable"


@pytest.mark.parametrize("requirement", ["ZONE-5", "ZONE-6", "ZONE-7", "ZONE-10", "ZONE-15", "OVA-6", "IDENT-5"])
def test_the_manifest_alone_says_what_was_wanted(requirement: str) -> None:
    sample = plan_based()
    change.only_the_manifest_is_known(sample)
    assert result(sample, requirement, WL1).verdict is PASS


def test_every_hop_of_this_mode_is_looked_at() -> None:
    names = {each.rpartition("/")[2] for each in result(plan_based(), "ZONE-7", WL1).examined.objects}
    assert names == {change.CPI_ADDON, change.CSI_ADDON, "vsphere-cloud-config", "vsphere-config-secret"}


def test_the_forced_categories_are_no_change_of_the_key_family() -> None:
    sample = plan_based()
    assert result(sample, "ZONE-15", WL1).verdict is PASS
    change.driver_of_another_family(sample)
    assert result(sample, "ZONE-7", WL1).verdict is FAIL
    assert result(sample, "ZONE-15", WL1).verdict is Verdict.UNSUPPORTED


@pytest.mark.parametrize(
    ("changed", "requirement", "thing"),
    [
        (change.annotation_names_other_vm, "OVA-6", MACHINE_TEMPLATE),
        (change.addon_secret_lost_zone, "ZONE-7", f"Secret management/dev/{change.CSI_ADDON}"),
        (change.deployment_of_no_zone, "ZONE-14", "VSphereDeploymentZone management/zone-x"),
        (change.identity_put_back, "IDENT-5", "VSphereCluster management/dev/wl1"),
        (change.addons_keep_the_account_of_the_file, "IDENT-10", f"Secret {WL1}/kube-system/vsphere-config-secret"),
        (change.template_names_a_datastore, "DSC-6", MACHINE_TEMPLATE),
        (change.template_without_policy, "DSC-7", MACHINE_TEMPLATE),
    ],
)
def test_what_is_wrong_is_found_where_this_mode_keeps_it(
    changed: Callable[[Sample], None], requirement: str, thing: str
) -> None:
    sample = plan_based()
    assert result(sample, requirement, WL1).verdict is PASS
    changed(sample)
    found = result(sample, requirement, WL1)
    assert found.verdict is FAIL, found.reason
    assert thing in [each.object for each in found.findings]


def test_the_account_of_the_file_is_named_with_its_remedy() -> None:
    sample = plan_based()
    change.addons_keep_the_account_of_the_file(sample)
    finding = result(sample, "IDENT-10", WL1).findings[0]
    assert "in legacy mode the CLI gives the add-ons the account of the configuration file" in finding.message
    assert change.CSI_ADDON in str(finding.remediation)
    assert "VSPHERE_USERNAME" in str(finding.remediation)


def test_the_release_is_told_by_the_label_of_this_mode() -> None:
    sample = plan_based()
    sample.intents[WL1]["config"].pop("VSPHERE_TEMPLATE")
    sample.intents[WL1]["objects"] = ()
    assert result(sample, "OVA-1", WL1).verdict is PASS
    change.label_names_other_release(sample)
    found = result(sample, "OVA-1", WL1)
    assert found.verdict is FAIL
    assert "label tanzuKubernetesRelease" in found.findings[0].expected


def test_the_cli_resolves_as_the_account_of_the_file() -> None:
    """The identity's account sees one of two images; in legacy mode it is not the one that looks."""
    sample = plan_based()
    sample.intents[WL1]["config"].pop("VSPHERE_TEMPLATE")
    sample.intents[WL1]["objects"] = change.manifest()[:2]
    twin = dict(sample.inventory["VirtualMachine:vm-u"])
    twin["props"] = {**twin["props"], "config.uuid": "00000000-0000-4000-8000-0000000000ff"}
    sample.inventory["VirtualMachine:vm-x"] = {**twin, "moid": "vm-x", "parent": "Folder:other"}
    seen = (sample.inventory["VirtualMachine:vm-u"]["props"]["config.uuid"],)
    account = sample.accounts[0]
    sample.accounts[0] = type(account)(account.username, "ok", vm_uuids=(*account.vm_uuids, *seen))
    assert result(sample, "OVA-3", WL1).verdict is PASS
    sample.intents[WL1]["config"]["VSPHERE_USERNAME"] = "administrator@vsphere.local"
    assert result(sample, "OVA-3", WL1).verdict is FAIL


def test_the_page_s_step_works_on_this_manifest() -> None:
    found = result(plan_based(), "IDENT-13", WL1)
    assert found.verdict is PASS
    assert any("the page's step applies to its VSphereCluster" in note for note in found.notes)


@pytest.mark.parametrize(("mode", "built"), [("class", plan_based), ("legacy", healthy)])
def test_a_profile_that_says_another_mode_settles_nothing(mode: str, built: Callable[[], Sample]) -> None:
    sample = built()
    sample.profile["cluster_mode"] = mode
    for requirement in ("IDENT-6", "OVA-9") if mode == "class" else ("IDENT-6",):
        found = result(sample, requirement, WL1)
        assert found.verdict is Verdict.INCONCLUSIVE
        assert f"the profile says cluster_mode: {mode}, but Cluster management/dev/wl1 has" in found.reason


def test_the_profile_tells_the_mode_of_a_cluster_that_was_not_seen() -> None:
    sample = plan_based()
    sample.management.remove("Cluster", "wl1")
    secret = f"Secret management/dev/{change.CSI_ADDON}"
    assert secret in result(sample, "ZONE-7", WL1).examined.objects
    sample.profile.clear()
    assert secret in result(sample, "ZONE-7", WL1).examined.objects  # the manifest tells it too
    sample.intents[WL1]["objects"] = ()
    assert secret not in result(sample, "ZONE-7", WL1).examined.objects


def test_a_manifest_of_the_other_mode_is_not_the_cluster_s() -> None:
    sample = plan_based()
    sample.intents[WL1]["objects"][0]["spec"]["topology"] = {"variables": []}
    found = result(sample, "IDENT-13", WL1)
    assert found.verdict is Verdict.INCONCLUSIVE
    assert "the manifest of dev/wl1 has a Cluster with a topology, unlike the cluster itself" in found.reason


@pytest.mark.parametrize("requirement", [f"MOS-{number}" for number in (1, 2, 3, 4, 5, 6, 8, 10, 11, 12, 13, 18, 25)])
def test_windows_workers_of_this_mode_need_no_class(requirement: str) -> None:
    sample = plan_based()
    change.becomes_windows(sample)
    found = result(sample, requirement, scope_of(requirement))
    assert found.verdict is ABSENT
    assert "is plan-based (legacy mode), so it" in found.reason


def test_a_multi_os_cluster_needs_a_specification_with_a_topology() -> None:
    sample = plan_based()
    change.becomes_windows(sample, "multi-os")
    found = result(sample, "MOS-10", WL1)
    assert found.verdict is FAIL
    assert "has a Cluster without topology (legacy output)" in found.findings[0].message


def test_windows_workers_are_told_by_what_they_are_made_from() -> None:
    sample = plan_based()
    change.becomes_windows(sample)
    sample.intents[WL1] |= {"type": None, "config": {}, "objects": ()}
    assert result(sample, "DVPG-8", WL1).verdict is not ABSENT
    assert result(plan_based(), "DVPG-8", WL1).verdict is ABSENT


def test_a_windows_cluster_lacks_the_driver_s_settings_and_the_reason_is_named() -> None:
    sample = plan_based()
    change.becomes_windows(sample)
    found = result(sample, "ZONE-7", WL1)
    assert found.verdict is FAIL
    assert "the Tanzu CLI renders no settings for it because IS_WINDOWS_WORKLOAD_CLUSTER is true" in (
        found.findings[0].message
    )
    lost = judge(sample).result("MOS-22", WL1)
    assert [each.object for each in lost.findings] == [f"Secret management/dev/{change.CSI_ADDON}"]
