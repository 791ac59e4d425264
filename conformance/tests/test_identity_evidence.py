"""IDENT rows where evidence is missing or stale, and verdicts that a cause explains."""

from __future__ import annotations

import pytest

from conformance.tests import identity_changes as change
from conformance.tests.builder import ADMINISTRATOR, ALTERNATE, healthy
from conformance.tests.identity_changes import WL1
from conformance.tests.judging import result, scope_of
from tkg_conformance.fixtures.observation.model import Problem
from tkg_conformance.reports.records import Verdict

FAIL, INCONCLUSIVE = Verdict.FAIL, Verdict.INCONCLUSIVE


@pytest.mark.parametrize("requirement", ["IDENT-1", "IDENT-4", "IDENT-7", "IDENT-8", "IDENT-9", "IDENT-10"])
def test_without_leave_to_read_secrets_the_row_is_inconclusive(requirement: str) -> None:
    sample = healthy()
    sample.management.items = [item for item in sample.management.items if item.kind != "Secret"]
    sample.accounts.clear()
    sample.problems.append(Problem("management", "Secret", "the site file says secrets: none"))
    found = result(sample, requirement, scope_of(requirement))
    assert found.verdict is Verdict.INCONCLUSIVE
    assert "secrets: none" in found.reason


def test_without_a_login_the_account_is_not_proven() -> None:
    sample = healthy()
    sample.accounts.clear()
    assert result(sample, "IDENT-7", WL1).verdict is INCONCLUSIVE
    assert result(sample, "IDENT-8", WL1).verdict is INCONCLUSIVE


def test_a_login_that_fails_leads_to_one_cause() -> None:
    sample = healthy()
    change.login_refused(sample)
    found = result(sample, "IDENT-8", WL1)
    assert found.verdict is Verdict.BLOCKED
    assert found.blocked_by == "IDENT-7"


def test_an_account_that_sees_everything_proves_visibility_only() -> None:
    found = result(healthy(), "IDENT-8", WL1)
    assert found.verdict is Verdict.PASS
    assert any("separation is INCONCLUSIVE" in note for note in found.notes)
    limited = healthy()
    change.account(limited, sees_everything=False)
    assert result(limited, "IDENT-8", WL1).notes == ()


def test_a_paused_cluster_has_stale_conditions() -> None:
    sample = healthy()
    sample.find("Cluster", "wl1").spec["paused"] = True
    assert result(sample, "IDENT-7", WL1).verdict is INCONCLUSIVE
    assert result(sample, "ZONE-14", WL1).verdict is INCONCLUSIVE


def test_aged_out_events_are_listed_and_none_left_is_inconclusive() -> None:
    sample = healthy()
    del sample.events[0]
    found = result(sample, "IDENT-9", WL1)
    assert found.verdict is Verdict.PASS
    assert any("wl1-cp-0" in note for note in found.notes)
    sample.events.clear()
    assert result(sample, "IDENT-9", WL1).verdict is INCONCLUSIVE


def test_a_declared_account_may_serve_the_add_ons_but_not_the_management_account() -> None:
    sample = healthy()
    change.driver_as_unknown_account(sample)
    sample.declared_accounts = {"storage": "CSI@vsphere.local"}
    assert result(sample, "IDENT-10", WL1).verdict is Verdict.PASS
    change.cloud_provider_as_management(sample)
    sample.declared_accounts["admin"] = ADMINISTRATOR
    assert result(sample, "IDENT-10", WL1).verdict is FAIL


def test_an_account_declared_for_another_component_does_not_count() -> None:
    sample = healthy()
    change.driver_as_unknown_account(sample)
    sample.declared_accounts = {"storage": "CSI@vsphere.local"}
    sample.account_uses = {"storage": ("cpi",)}
    assert result(sample, "IDENT-10", WL1).verdict is FAIL
    sample.account_uses = {"storage": ("cpi", "csi")}
    assert result(sample, "IDENT-10", WL1).verdict is Verdict.PASS


def test_the_management_account_may_be_declared() -> None:
    sample = healthy()
    sample.declared_accounts = {"management": ALTERNATE}
    assert result(sample, "IDENT-7", WL1).verdict is FAIL


def test_an_addon_edited_after_the_variable_is_blocked_by_it() -> None:
    sample = healthy()
    change.vsphere_cluster_edited_alone(sample)
    found = result(sample, "IDENT-10", WL1)
    assert found.verdict is Verdict.BLOCKED
    assert found.blocked_by == "IDENT-6"


def test_the_legacy_manifest_follows_the_page() -> None:
    sample = healthy()
    reference = {"identityRef": {"kind": "VSphereClusterIdentity", "name": "tkg-dev"}}
    sample.intents[WL1]["objects"] = ({"kind": "VSphereCluster", "spec": reference},)
    assert result(sample, "IDENT-13", WL1).verdict is Verdict.PASS


def test_deletion_is_only_warned_of_without_a_probe() -> None:
    found = result(healthy(), "IDENT-14")
    assert found.verdict is INCONCLUSIVE
    assert any("loses its credentials" in note for note in found.notes)


def test_a_secret_that_another_identity_needs_must_not_be_lost() -> None:
    sample = healthy()
    change.secret_shared_by_identities(sample)
    found = result(sample, "IDENT-14")
    assert (found.verdict, found.blocked_by) == (Verdict.BLOCKED, "IDENT-12")
    assert "away from VSphereClusterIdentity management/tkg-test" in found.findings[0].message


def test_a_cluster_class_without_the_variable_is_not_judged() -> None:
    sample = healthy()
    sample.management.add("ClusterClass", "tkg-vsphere-default-v1", "dev", spec={"variables": [{"name": "vcenter"}]})
    assert result(sample, "IDENT-6", WL1).verdict is Verdict.NOT_APPLICABLE


def test_an_unseen_controller_leaves_its_namespace_open() -> None:
    sample = healthy()
    sample.management.remove("Pod", "capv-controller-manager-0")
    assert result(sample, "IDENT-15").verdict is INCONCLUSIVE


def test_a_swapped_uuid_is_the_same_vm() -> None:
    sample = healthy()
    spec = sample.machines[0]
    uuid = spec.uuid.replace("-", "")
    swapped = "".join([uuid[6:8], uuid[4:6], uuid[2:4], uuid[0:2], uuid[10:12], uuid[8:10], uuid[14:16], uuid[12:14]])
    node = sample.node(spec.name)
    node.spec["providerID"] = f"vsphere://{swapped}{uuid[16:]}"
    node.status["nodeInfo"]["systemUUID"] = f"{swapped}{uuid[16:]}".upper()
    for kind, name in (("Machine", spec.name), ("VSphereVM", f"{spec.name[:9]}-vm")):
        sample.management.remove(kind, name)
    found = result(sample, "ZONE-9", WL1)
    assert found.verdict is Verdict.PASS
    assert f"Node {WL1}/{spec.name}" in found.examined.objects


def test_an_add_on_whose_account_was_not_seen_is_not_proven_by_the_other() -> None:
    sample = healthy()
    workload = sample.workloads[WL1]
    workload.find("Secret", "vsphere-config-secret").data = {}
    assert result(sample, "IDENT-10", WL1).verdict is INCONCLUSIVE
    workload.remove("Secret", "vsphere-config-secret")
    assert result(sample, "IDENT-10", WL1).verdict is INCONCLUSIVE
    workload.remove("Deployment", "vsphere-csi-controller")
    found = result(sample, "IDENT-10", WL1)
    assert found.verdict is Verdict.PASS
    assert any("no CSI controller" in note for note in found.notes)


def test_without_the_vsphere_cluster_capv_has_not_spoken() -> None:
    sample = healthy()
    sample.management.remove("VSphereCluster", "wl1-x7k2p")
    assert result(sample, "IDENT-7", WL1).verdict is INCONCLUSIVE


@pytest.mark.parametrize("requirement", ["IDENT-1", "IDENT-2", "IDENT-7"])
def test_a_secret_missing_in_an_assumed_namespace_proves_nothing(requirement: str) -> None:
    sample = healthy()
    sample.management.remove("Secret", "tkg-dev-credentials")
    assert result(sample, requirement, scope_of(requirement)).verdict in (FAIL, Verdict.BLOCKED)
    sample.management.remove("Pod", "capv-controller-manager-0")
    assert result(sample, requirement, scope_of(requirement)).verdict is INCONCLUSIVE


def test_a_spec_of_a_cluster_whose_type_is_not_told_is_inconclusive() -> None:
    sample = healthy()
    sample.intents[WL1] |= {"type": None, "config": {}, "form": "class", "objects": ({"kind": "Cluster", "spec": {}},)}
    assert result(sample, "IDENT-16", WL1).verdict is INCONCLUSIVE
    sample.intents[WL1]["type"] = "linux"
    assert result(sample, "IDENT-16", WL1).verdict is Verdict.NOT_APPLICABLE
