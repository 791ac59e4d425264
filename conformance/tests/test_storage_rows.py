"""Every DSC row on constructed observations: healthy, violated, not applicable, evidence missing."""

from __future__ import annotations

import pytest

from conformance.tests import storage_changes as change
from conformance.tests.builder import SERVER, healthy
from conformance.tests.judging import Case, result, scope_of
from conformance.tests.storage_changes import WL1, stored
from tkg_conformance.fixtures.observation.model import Problem
from tkg_conformance.reports.records import Verdict

ROWS = [f"DSC-{number}" for number in range(1, 14)]
FAIL = Verdict.FAIL
GOLD, VM, POLICY = (
    "Datastore /dc0/datastore/gold/gold-2",
    "VirtualMachine /dc0/vm/wl1-md-0",
    "StoragePolicy gold-policy",
)
SETTING = f"Configuration {WL1} VSPHERE_STORAGE_POLICY_ID"
VIOLATIONS = [
    Case(change.category_for_pods_only, "DSC-1", FAIL, "Category storage-tier"),
    Case(change.member_untagged, "DSC-2", FAIL, GOLD),
    Case(change.pod_tagged_instead, "DSC-2", FAIL, GOLD),
    Case(change.rule_turned_round, "DSC-3", FAIL, POLICY),
    Case(change.capability_rule, "DSC-3", FAIL, POLICY),
    Case(change.policy_missing, "DSC-3", FAIL, POLICY),
    Case(change.member_not_compatible, "DSC-4", FAIL, GOLD),
    Case(change.identifier_given, "DSC-5", FAIL, SETTING, WL1),
    Case(change.name_misspelt, "DSC-5", FAIL, SETTING, WL1),
    Case(change.datastore_set, "DSC-6", FAIL, f"Configuration {WL1} VSPHERE_DATASTORE", WL1),
    Case(change.vm_without_policy_name, "DSC-7", FAIL, "VSphereVM management/dev/wl1-md-0-vm", WL1),
    Case(change.class_without_policy, "DSC-7", FAIL, f"StorageClass {WL1}/default", WL1),
    Case(change.disk_outside, "DSC-8", FAIL, VM, WL1),
    Case(change.home_outside, "DSC-8", FAIL, VM, WL1),
    Case(change.disk_without_policy, "DSC-9", FAIL, VM, WL1),
    Case(change.disk_not_compliant, "DSC-9", FAIL, VM, WL1),
    Case(change.member_in_maintenance, "DSC-10", FAIL, GOLD, WL1),
    Case(change.member_not_accessible, "DSC-10", FAIL, GOLD, WL1),
    Case(change.member_full, "DSC-10", FAIL, GOLD, WL1),
    Case(change.member_not_mounted, "DSC-10", FAIL, GOLD, WL1),
    Case(change.domain_names_datastore, "DSC-11", FAIL, "VSphereFailureDomain management/zone-c", WL1),
    Case(change.object_spec_without_datastore, "DSC-12", FAIL, SETTING, WL1),
    Case(change.automated_beneath_volumes, "DSC-13", FAIL, "StoragePod /dc0/datastore/gold", WL1),
]
HEALTHY = {each: Verdict.PASS for each in ROWS} | {
    "DSC-8": Verdict.KNOWN_LIMIT,
    "DSC-12": Verdict.NOT_APPLICABLE,
}


def test_the_healthy_site_passes() -> None:
    sample = stored()
    found = {each: result(sample, each, scope_of(each)) for each in ROWS}
    assert {each: row.verdict for each, row in found.items()} == HEALTHY, [row.reason for row in found.values()]


@pytest.mark.parametrize("case", VIOLATIONS, ids=lambda case: case.name)
def test_a_violation_is_found_and_its_consequences_are_no_failures(case: Case) -> None:
    sample = stored()
    case.change(sample)
    found = result(sample, case.requirement, case.scope)
    assert found.verdict is case.verdict, f"{found.verdict}: {found.reason}"
    assert case.object in [finding.object for finding in found.findings]
    rows = {each: result(sample, each, scope_of(each)).verdict for each in ROWS}
    assert [each for each, verdict in rows.items() if verdict is FAIL] == [case.requirement]


def test_every_row_has_a_violation() -> None:
    assert {case.requirement for case in VIOLATIONS} == set(ROWS)


def test_a_container_volume_outside_is_not_judged() -> None:
    sample = stored()
    change.volume_outside(sample)
    assert result(sample, "DSC-8", WL1).verdict is Verdict.KNOWN_LIMIT
    assert result(sample, "DSC-9", WL1).verdict is Verdict.PASS


def test_vms_on_several_members_show_no_limit() -> None:
    sample = stored()
    change.vm(sample)["config.hardware.device"][0]["datastore"] = "Datastore:gold-2"
    assert result(sample, "DSC-8", WL1).verdict is Verdict.LIMIT_NOT_OBSERVED


@pytest.mark.parametrize("row", [each for each in ROWS if each not in ("DSC-6", "DSC-11", "DSC-12")])
def test_a_policy_service_that_was_not_read_leaves_rows_open(row: str) -> None:
    sample = stored()
    sample.policies, sample.policy_uses = [], []
    sample.problems.append(Problem(f"vcenter:{SERVER}", "policies", "the connection was refused"))
    found = result(sample, row, scope_of(row))
    assert found.verdict is Verdict.INCONCLUSIVE
    assert "the connection was refused" in found.reason


@pytest.mark.parametrize("row", ROWS)
def test_a_site_without_a_policy_is_not_judged(row: str) -> None:
    assert result(healthy(), row, scope_of(row)).verdict is Verdict.NOT_APPLICABLE


def test_members_out_of_sight_prove_nothing() -> None:
    sample = stored()
    spot = {"object": "/dc0/datastore", "types": ["Datastore"]}
    sample.sight = {"limited": True, "reason": "no right there", "blind": [spot]}
    assert result(sample, "DSC-2").verdict is Verdict.INCONCLUSIVE
    change.member_untagged(sample)
    assert result(sample, "DSC-2").verdict is Verdict.FAIL
