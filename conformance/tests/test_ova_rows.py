"""Every OVA row on constructed observations: healthy, violated, not applicable, evidence missing."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from conformance.tests import ova_changes as change
from conformance.tests.builder import Sample
from conformance.tests.judging import judge, result
from conformance.tests.ova_site import WINDOWS, WL1, WL2, site
from tkg_conformance.reports.records import Verdict

ROWS = [f"OVA-{number}" for number in range(1, 14) if number != 8]
ABSENT = {
    WL1: {"OVA-1", "OVA-4", "OVA-13"},
    WL2: {"OVA-4", "OVA-5", "OVA-12", "OVA-13"},
}
SETTING = f"Configuration {WL1} VSPHERE_TEMPLATE"
FAIL, PASS, ABSENT_WORD = Verdict.FAIL, Verdict.PASS, Verdict.NOT_APPLICABLE
Change = Callable[[Sample], None]


@pytest.mark.parametrize("with_releases", [False, True])
@pytest.mark.parametrize("scope", [WL1, WL2])
def test_the_healthy_site_passes(scope: str, with_releases: bool) -> None:
    sample = site(with_releases=with_releases)
    words = {each: result(sample, each, scope) for each in ROWS}
    expected = {each: ABSENT_WORD if each in ABSENT[scope] else PASS for each in ROWS}
    assert {each: found.verdict for each, found in words.items()} == expected, {
        each: found.reason for each, found in words.items() if found.verdict is not expected[each]
    }


@pytest.mark.parametrize(
    ("changed", "requirement", "scope", "object_", "blocked"),
    [
        (change.tkr_label_edited, "OVA-1", WL2, "Cluster management/dev/wl2", set()),
        (change.tkr_label_missing, "OVA-1", WL2, "Cluster management/dev/wl2", set()),
        (change.not_a_template, "OVA-2", WL2, f"VirtualMachine {WINDOWS}", {"OVA-1"}),
        (change.template_running, "OVA-2", WL1, "VirtualMachine /dc0/vm/templates/ubuntu", set()),
        (change.template_was_booted, "OVA-2", WL1, "VirtualMachine /dc0/vm/templates/ubuntu", set()),
        (change.duplicate_in_other_folder, "OVA-3", WL2, "VirtualMachine /dc0/vm/other/ubuntu", {"OVA-1"}),
        (change.second_system, "OVA-3", WL2, "VirtualMachine /dc0/vm/other/ubuntu-2404", {"OVA-1"}),
        (change.no_exact_version, "OVA-3", WL2, "VirtualMachine /dc0/vm/other/ubuntu-2404", {"OVA-1"}),
        (change.bare_name_of_two, "OVA-4", WL1, SETTING, set()),
        (change.bare_name_unknown, "OVA-4", WL1, SETTING, set()),
        (change.path_without_vm, "OVA-5", WL1, SETTING, set()),
        (change.path_relative, "OVA-5", WL1, SETTING, set()),
        (change.path_wrong_case, "OVA-5", WL1, SETTING, set()),
        (change.path_of_plain_vm, "OVA-5", WL1, SETTING, set()),
        (change.deployment_uses_other_image, "OVA-6", WL1, "VSphereMachineTemplate management/dev/wl1-md", set()),
        (change.one_vm_of_other_image, "OVA-6", WL1, "VSphereVM management/dev/wl1-md-1-vm", {"OVA-10"}),
        (change.legacy_annotation_differs, "OVA-6", WL1, "VSphereMachineTemplate management/dev/wl1-md", set()),
        (change.image_moved, "OVA-6", WL2, "VSphereMachineTemplate management/dev/wl2-md-w", {"OVA-9"}),
        (change.version_edited, "OVA-7", WL2, f"VirtualMachine {WINDOWS}", {"OVA-1", "OVA-9"}),
        (change.kubelet_of_other_build, "OVA-7", WL1, f"Node {WL1}/wl1-md-2", set()),
        (change.reference_of_lost_vm, "OVA-9", WL1, "KubeadmControlPlane management/dev/wl1-cp", set()),
        (change.node_runs_other_system, "OVA-10", WL1, f"Node {WL1}/wl1-md-0", set()),
        (change.cloned_from_another_vm, "OVA-12", WL1, "Machine management/dev/wl1-md-2", {"OVA-11"}),
        (change.only_machine_cloned_from_another_vm, "OVA-11", WL2, "VirtualMachine /dc0/vm/wl2-md-0", set()),
        (change.linked_without_snapshot, "OVA-13", WL1, "VSphereMachineTemplate management/dev/wl1-md", set()),
        (change.linked_with_larger_disk, "OVA-13", WL1, "VSphereMachineTemplate management/dev/wl1-md", set()),
        (change.named_snapshot_missing, "OVA-13", WL1, "VSphereMachineTemplate management/dev/wl1-md", set()),
    ],
    ids=lambda each: getattr(each, "__name__", None),
)
def test_a_change_fails_one_row_and_blocks_its_consequences(
    changed: Change, requirement: str, scope: str, object_: str, blocked: set[str]
) -> None:
    sample = site()
    changed(sample)
    rows = {each: result(sample, each, scope) for each in ROWS}
    assert {each for each, found in rows.items() if found.verdict is FAIL} == {requirement}
    assert {each for each, found in rows.items() if found.verdict is Verdict.BLOCKED} == blocked
    assert object_ in [finding.object for finding in rows[requirement].findings]
    assert all(finding.expected and finding.observed and finding.remediation for finding in rows[requirement].findings)


def test_no_image_at_all_is_said_with_the_versions_that_were_seen() -> None:
    sample = site()
    change.windows_image_missing(sample)
    found = result(sample, "OVA-1", WL2)
    assert [finding.object for finding in found.findings] == ["MachineDeployment management/dev/wl2-md-w"]
    assert "v1.35.4+vmware.1-tkg.1-ubuntu" in found.findings[0].observed


def test_a_setting_that_the_resolver_ignored_is_a_conflict_of_page_and_product() -> None:
    sample = site()
    change.setting_names_other_image(sample)
    found = result(sample, "OVA-6", WL1)
    assert found.verdict is Verdict.DOC_CONFLICT
    assert f"VirtualMachine {WINDOWS}" in found.findings[0].expected
    assert result(sample, "OVA-11", WL1).verdict is PASS


def test_a_full_path_singles_one_of_two_out() -> None:
    sample = site()
    change.duplicate_in_other_folder(sample)
    found = result(sample, "OVA-3", WL1)
    assert found.verdict is PASS
    assert result(sample, "OVA-6", WL1).verdict is PASS


def test_the_cause_of_ambiguity_is_named() -> None:
    for changed, cause in (
        (change.duplicate_in_other_folder, "the name ubuntu stands in several folders"),
        (change.no_exact_version, "the operating systems differ"),
    ):
        sample = site()
        changed(sample)
        assert cause in result(sample, "OVA-3", WL2).findings[0].message


def test_aged_out_events_are_replaced_by_what_capv_was_told() -> None:
    sample = site()
    change.events_aged_out(sample)
    assert result(sample, "OVA-11", WL1).verdict is PASS
    assert result(sample, "OVA-12", WL1).verdict is PASS


@pytest.mark.parametrize(
    ("paths", "verdict"),
    [
        (None, ABSENT_WORD),
        (("/dc0/vm/templates/ubuntu", "/dc0/vm/templates/windows"), PASS),
        (("/dc0/vm/ubuntu", "/dc0/vm/templates/windows"), FAIL),
        ((), FAIL),
    ],
)
def test_govc_is_held_against_the_suites_own_paths(paths: tuple[str, ...] | None, verdict: Verdict) -> None:
    sample = site()
    sample.govc_paths = paths
    found = result(sample, "OVA-8", WL1)
    assert found.verdict is verdict
    assert [each.object for each in found.findings] == ["VirtualMachine /dc0/vm/templates/ubuntu"] * (verdict is FAIL)


@pytest.mark.parametrize("changed", [change.linked_and_recorded_full, change.linked_and_fitting])
def test_a_linked_clone_that_fits_or_was_made_in_full_passes(changed: Change) -> None:
    sample = site()
    changed(sample)
    assert result(sample, "OVA-13", WL1).verdict is PASS


@pytest.mark.parametrize(("requirement", "scope"), [("OVA-1", WL2), ("OVA-3", WL1)])
def test_limited_sight_proves_no_one_and_only(requirement: str, scope: str) -> None:
    sample = site()
    change.sight_limited(sample)
    assert result(sample, requirement, scope).verdict is Verdict.INCONCLUSIVE


def test_what_is_out_of_sight_fails_nothing() -> None:
    sample = site()
    change.sight_limited(sample)
    change.windows_image_missing(sample)
    for requirement in ("OVA-1", "OVA-6", "OVA-7", "OVA-9"):
        found = result(sample, requirement, WL2)
        assert found.verdict is Verdict.INCONCLUSIVE, (requirement, found.reason)


def test_a_counter_example_in_limited_sight_still_fails() -> None:
    sample = site()
    change.sight_limited(sample)
    change.duplicate_in_other_folder(sample)
    assert result(sample, "OVA-3", WL2).verdict is FAIL


def test_unknown_intent_leaves_the_setting_undecided() -> None:
    sample = site()
    sample.intents[WL1]["config"] = {}
    assert result(sample, "OVA-4", WL1).verdict is Verdict.INCONCLUSIVE
    assert result(sample, "OVA-5", WL1).verdict is Verdict.INCONCLUSIVE
    assert result(sample, "OVA-6", WL1).verdict is PASS


def test_a_release_of_another_version_fails() -> None:
    sample = site(with_releases=True)
    change.release_of_other_version(sample)
    found = result(sample, "OVA-7", WL1)
    assert found.verdict is FAIL
    assert found.findings[0].object.startswith("TanzuKubernetesRelease ")


@pytest.mark.parametrize(
    ("asked", "labels", "created", "verdict"),
    [
        ("v1.35.4", {}, "2026-11-01T00:00:00Z", FAIL),
        ("v1.35.4---vmware.1-tkg.1", {}, "2026-11-01T00:00:00Z", PASS),
        ("v1.35.4", {"incompatible": ""}, "2026-11-01T00:00:00Z", PASS),
        ("v1.35.4", {}, "2026-11-23T00:00:00Z", PASS),
    ],
)
def test_a_prefix_means_the_newest_usable_release_of_its_day(
    asked: str, labels: dict[str, str], created: str, verdict: Verdict
) -> None:
    sample = site(with_releases=True)
    sample.intents[WL2]["config"]["KUBERNETES_VERSION"] = asked
    metadata = {"labels": labels, "creationTimestamp": created}
    sample.management.add("TanzuKubernetesRelease", "v1.35.4---vmware.2-tkg.1", metadata=metadata)
    assert result(sample, "OVA-1", WL2).verdict is verdict


def test_no_row_crashes_without_the_management_cluster() -> None:
    sample = site()
    sample.without_management = True
    rows = [each for each in judge(sample).all_results() if each.area == "ova"]
    assert not [each.id for each in rows if each.crashed]
    assert {each.verdict for each in rows} <= {Verdict.INCONCLUSIVE, ABSENT_WORD}
