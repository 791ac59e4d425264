"""Every IDENT row on constructed observations: healthy, violated, not applicable."""

from __future__ import annotations

import pytest

from conformance.tests import identity_changes as change
from conformance.tests.builder import healthy
from conformance.tests.identity_changes import WL1
from conformance.tests.judging import Case, check, loud, result, scope_of
from tkg_conformance.reports.records import Verdict

IDENTITY = "VSphereClusterIdentity management/tkg-dev"
SECRET = "Secret management/capv-system/tkg-dev-credentials"
IDENT_ROWS = [f"IDENT-{number}" for number in range(1, 17)]
PER_CLUSTER = [f"IDENT-{number}" for number in (5, 6, 7, 8, 9, 10, 11, 13, 16)]
UNUSED = {"IDENT-13", "IDENT-14", "IDENT-16"}
"""Rows whose precondition the healthy site lacks, or that need a probe."""

FAIL, CONFLICT, INCONCLUSIVE = Verdict.FAIL, Verdict.DOC_CONFLICT, Verdict.INCONCLUSIVE
NO_ACCOUNT = {f"IDENT-{number}": INCONCLUSIVE for number in (8, 9, 10)}
"""Without the Secret the account's name is not known, so three rows cannot compare it with anything."""
VSPHERE_CLUSTER = "VSphereCluster management/dev/wl1-x7k2p"
CPI_SECRET = f"Secret {WL1}/kube-system/cloud-provider-vsphere-credentials"
CSI_SECRET = f"Secret {WL1}/kube-system/vsphere-config-secret"
VIOLATIONS = [
    Case(change.password_empty, "IDENT-1", FAIL, SECRET),
    Case(change.password_encoded_twice, "IDENT-1", FAIL, SECRET),
    Case(change.password_ends_in_line_break, "IDENT-1", FAIL, SECRET),
    Case(change.username_ends_in_blank, "IDENT-1", FAIL, SECRET),
    Case(change.username_encoded_twice, "IDENT-1", FAIL, SECRET),
    Case(change.secret_missing, "IDENT-1", FAIL, SECRET, others=NO_ACCOUNT),
    Case(change.secret_name_mistyped, "IDENT-2", FAIL, IDENTITY, others={"IDENT-8": INCONCLUSIVE}),
    Case(
        change.identity_missing,
        "IDENT-2",
        FAIL,
        IDENTITY,
        others={f"IDENT-{number}": INCONCLUSIVE for number in (1, 3, 4, 11)},
    ),
    Case(change.allowed_namespaces_removed, "IDENT-3", FAIL, IDENTITY),
    Case(change.selector_refused, "IDENT-3", FAIL, IDENTITY, others={"IDENT-11": INCONCLUSIVE}),
    Case(change.condition_false, "IDENT-4", FAIL, IDENTITY),
    Case(change.owner_reference_missing, "IDENT-4", FAIL, SECRET),
    Case(change.vsphere_cluster_reset, "IDENT-5", FAIL, VSPHERE_CLUSTER, WL1),
    Case(change.vsphere_cluster_edited_alone, "IDENT-6", FAIL, f"Cluster management/{WL1}", WL1),
    Case(change.variable_edited_alone, "IDENT-6", FAIL, f"Cluster management/{WL1}", WL1),
    Case(change.login_refused, "IDENT-7", FAIL, IDENTITY, WL1),
    Case(change.vcenter_unavailable, "IDENT-7", FAIL, VSPHERE_CLUSTER, WL1),
    Case(change.vcenter_unavailable_for_zones, "IDENT-7", FAIL, VSPHERE_CLUSTER, WL1),
    Case(change.management_account_in_identity, "IDENT-7", FAIL, IDENTITY, WL1),
    Case(change.vm_suspended, "IDENT-8", FAIL, "VirtualMachine /dc0/vm/wl1-cp-0", WL1),
    Case(change.vm_invisible, "IDENT-8", FAIL, "VirtualMachine /dc0/vm/wl1-cp-0", WL1),
    Case(change.vm_created_by_management, "IDENT-9", FAIL, "VirtualMachine /dc0/vm/wl1-cp-0", WL1),
    Case(change.cloud_provider_as_management, "IDENT-10", FAIL, CPI_SECRET, WL1),
    Case(change.driver_as_unknown_account, "IDENT-10", FAIL, CSI_SECRET, WL1),
    Case(change.namespace_not_admitted, "IDENT-11", FAIL, "Namespace management/dev", WL1),
    Case(change.secret_shared_by_identities, "IDENT-12", FAIL, SECRET),
    Case(change.secret_shared_by_clusters, "IDENT-12", FAIL, "Secret management/dev/wl2"),
    Case(change.manifest_class_based, "IDENT-13", CONFLICT, "", WL1),
    Case(change.manifest_without_identity, "IDENT-13", FAIL, f"Configuration {WL1} manifest", WL1),
    Case(change.capv_elsewhere, "IDENT-15", FAIL, "Namespace management/infra"),
    Case(
        change.windows_spec_without_secret,
        "IDENT-16",
        FAIL,
        f"Configuration {WL1} Secret {WL1}",
        WL1,
        {"IDENT-13": CONFLICT},
    ),
]


@pytest.mark.parametrize("contract", ["v1beta1", "v1beta2"])
def test_the_healthy_site_passes(contract: str) -> None:
    sample = healthy(contract=contract)
    passed = {each for each in IDENT_ROWS if result(sample, each, scope_of(each)).verdict is Verdict.PASS}
    assert set(IDENT_ROWS) - passed == UNUSED
    assert loud(sample) == {}


@pytest.mark.parametrize("case", VIOLATIONS, ids=lambda case: case.name)
def test_a_violation_is_found_and_nothing_else_is_blamed(case: Case) -> None:
    check(healthy(), case)


def test_every_row_has_a_violation_but_the_one_that_needs_a_probe() -> None:
    assert {case.requirement for case in VIOLATIONS} == set(IDENT_ROWS) - {"IDENT-14"}


@pytest.mark.parametrize("requirement", PER_CLUSTER)
def test_a_cluster_with_a_plain_secret_is_not_judged(requirement: str) -> None:
    found = result(healthy(), requirement, "dev/wl2")
    assert found.verdict is Verdict.NOT_APPLICABLE
    assert "identityRef is Secret wl2" in found.reason


@pytest.mark.parametrize("requirement", [each for each in IDENT_ROWS if each not in PER_CLUSTER])
def test_a_site_without_identities_in_use_is_not_judged(requirement: str) -> None:
    sample = healthy()
    del sample.intents[WL1], sample.workloads[WL1]
    found = result(sample, requirement)
    assert found.verdict is Verdict.NOT_APPLICABLE
    assert any("tkg-dev is named by no cluster in scope" in note for note in found.notes)


def test_a_blank_at_the_end_of_a_password_is_noted_and_left_to_the_login() -> None:
    sample = healthy()
    change.password_ends_in_blank(sample)
    found = result(sample, "IDENT-1")
    assert found.verdict is Verdict.PASS
    assert any("IDENT-7 tries to log in" in note for note in found.notes)


def test_a_namespace_that_is_not_admitted_is_told_in_the_words_of_capv() -> None:
    sample = healthy()
    change.namespace_not_admitted(sample)
    condition = {
        "type": "VCenterAvailable",
        "status": "False",
        "reason": "VCenterUnreachable",
        "message": "not allowed",
    }
    sample.find("VSphereCluster", "wl1-x7k2p").status["conditions"] = [condition]
    assert "CAPV says" in result(sample, "IDENT-11", WL1).findings[0].observed
