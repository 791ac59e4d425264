"""Port group rows on the constructed site: healthy, violated, not applicable, not known, out of sight."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from conformance.tests.builder import Sample
from conformance.tests.judging import judge, result
from conformance.tests.portgroup_site import MULTI_OS, SWITCH, WINDOWS_VM, WL1, WL2, WORKLOAD, nic, setting, site
from tkg_conformance.reports.records import Verdict

PASS, FAIL, INCONCLUSIVE = Verdict.PASS, Verdict.FAIL, Verdict.INCONCLUSIVE
NOT_APPLICABLE, BLOCKED = Verdict.NOT_APPLICABLE, Verdict.BLOCKED
PORTGROUP = "DistributedVirtualPortgroup /dc0/network/multi-os"
HEALTHY = {
    "DVPG-1": PASS, "DVPG-2": PASS, "DVPG-3": PASS, "DVPG-4": PASS, "DVPG-5": NOT_APPLICABLE,
    "DVPG-6": NOT_APPLICABLE, "DVPG-8": PASS, "DVPG-9": PASS, "DVPG-10": PASS, "DVPG-11": PASS,
}  # fmt: skip
POLICIES = {"DVPG-2": "allowPromiscuous", "DVPG-3": "macChanges", "DVPG-4": "forgedTransmits"}


def verdicts(sample: Sample, scope: str = WL2) -> dict[str, Verdict]:
    rows = [each for each in judge(sample).all_results() if each.area == "portgroup" and each.scope == scope]
    assert not [each.reason for each in rows if each.crashed]
    return {each.id: each.verdict for each in rows if each.level != "live"}


def accept(sample: Sample, policy: str, key: str = MULTI_OS, *, inherited: bool = False) -> None:
    found = setting(sample, key)
    found["macManagement"] = {**found.get("macManagement", {}), policy: True, "inherited": inherited}
    found["security"] = {**found.get("security", {}), policy: {"inherited": inherited, "value": True}}


def inherit(sample: Sample, *, resolved: bool = True) -> None:
    """Let the port group state nothing of its own; a vCenter resolves what is inherited."""
    found = setting(sample)
    found["macManagement"] = {"inherited": True}
    found["security"] = {
        "inherited": True,
        **{name: {"inherited": True, "value": False} for name in POLICIES.values() if resolved},
    }


def test_a_healthy_multi_os_cluster_and_a_linux_one() -> None:
    assert verdicts(site()) == HEALTHY
    assert set(verdicts(site(), WL1).values()) == {NOT_APPLICABLE}


@pytest.mark.parametrize(("requirement", "policy"), POLICIES.items())
def test_accept_is_a_fail_of_its_own_row_alone(requirement: str, policy: str) -> None:
    sample = site()
    accept(sample, policy)
    found = result(sample, requirement, WL2)
    assert (found.verdict, [each.object for each in found.findings]) == (FAIL, [PORTGROUP])
    assert verdicts(sample) == HEALTHY | {requirement: FAIL}


@pytest.mark.parametrize("requirement", POLICIES)
def test_what_nobody_states_is_never_a_pass(requirement: str) -> None:
    sample = site()
    inherit(sample, resolved=False)
    found = result(sample, requirement, WL2)
    assert found.verdict is INCONCLUSIVE
    assert "neither the port group nor its switch states it" in found.reason
    assert result(sample, "DVPG-6", WL2).verdict is INCONCLUSIVE


def test_two_generations_that_disagree_are_not_decided() -> None:
    sample = site()
    setting(sample)["macManagement"]["macChanges"] = True
    found = result(sample, "DVPG-3", WL2)
    assert found.verdict is INCONCLUSIVE
    assert "state different values" in found.reason


def test_an_inherited_accept_is_the_switch_s() -> None:
    sample = site()
    inherit(sample)
    accept(sample, "allowPromiscuous", SWITCH)
    cause = result(sample, "DVPG-6", WL2)
    assert (cause.verdict, cause.findings[0].object) == (FAIL, "DistributedVirtualSwitch /dc0/network/dvs0")
    assert result(sample, "DVPG-2", WL2).verdict is BLOCKED


def test_an_inherited_reject_is_examined() -> None:
    sample = site()
    inherit(sample)
    assert verdicts(sample) == HEALTHY | {"DVPG-6": PASS}


def test_ports_that_may_override_are_open() -> None:
    sample = site()
    sample.inventory[MULTI_OS]["props"]["config.policy"] = {"macManagementOverrideAllowed": True}
    assert result(sample, "DVPG-5", WL2).verdict is INCONCLUSIVE
    sample.inventory[MULTI_OS]["props"]["config.policy"] = {}
    assert "does not tell" in result(sample, "DVPG-5", WL2).reason


@pytest.mark.parametrize(
    ("backing", "words"),
    [
        ({"networkName": "VM Network"}, "policy lies on each host"),
        ({"opaqueNetworkId": "nsx-1"}, "policy lies in NSX"),
    ],
)
def test_a_network_whose_policy_lies_elsewhere_is_open(backing: dict[str, str], words: str) -> None:
    sample = site()
    adapter = nic(sample)
    del adapter["portgroupKey"]
    adapter.update(backing)
    found = result(sample, "DVPG-1", WL2)
    assert found.verdict is INCONCLUSIVE
    assert words in found.reason


def without_adapter(sample: Sample) -> None:
    sample.inventory[WINDOWS_VM]["props"]["config.hardware.device"] = []


def on_a_lost_port_group(sample: Sample) -> None:
    nic(sample)["portgroupKey"] = "pg-gone"


@pytest.mark.parametrize("change", [without_adapter, on_a_lost_port_group])
def test_a_windows_node_without_a_network_fails(change: Callable[[Sample], None]) -> None:
    sample = site()
    change(sample)
    found = result(sample, "DVPG-1", WL2)
    assert (found.verdict, found.findings[0].object) == (FAIL, "VirtualMachine /dc0/vm/wl2-md-0")


def test_a_port_group_out_of_sight_is_not_lost() -> None:
    sample = site()
    on_a_lost_port_group(sample)
    sample.sight = {
        "limited": True,
        "reason": "r",
        "blind": [{"object": "/", "types": ["DistributedVirtualPortgroup"]}],
    }
    assert result(sample, "DVPG-1", WL2).verdict is INCONCLUSIVE


def test_rules_hold_at_zero_replicas() -> None:
    sample = site()
    for kind in ("Machine", "VSphereMachine"):
        sample.management.remove(kind, "wl2-md-0")
    sample.management.remove("VSphereVM", "wl2-md-0-vm"[:9] + "-vm")
    sample.workloads[WL2].remove("Node", "wl2-md-0")
    del sample.inventory[WINDOWS_VM]
    accept(sample, "macChanges")
    assert result(sample, "DVPG-3", WL2).verdict is FAIL


def test_a_cluster_that_is_declared_linux_with_windows_workers() -> None:
    sample = site()
    sample.intents[WL2]["type"] = "linux"
    found = result(sample, "DVPG-8", WL2)
    assert (found.verdict, found.findings[0].object) == (FAIL, "MachineDeployment management/dev/wl2-md-0")
    assert result(sample, "DVPG-2", WL2).verdict is PASS, "the rules are applied all the same"


def test_port_groups_of_linux_nodes_are_listed_and_not_judged() -> None:
    sample = site()
    accept(sample, "allowPromiscuous", WORKLOAD)
    found = result(sample, "DVPG-9", WL2)
    assert found.verdict is PASS
    assert any("/dc0/network/workload: allowPromiscuous Accept" in note for note in found.notes)
    assert result(sample, "DVPG-2", WL2).verdict is PASS


def test_two_adapters_of_one_address() -> None:
    sample = site()
    nic(sample)["mac"] = nic(sample, "VirtualMachine:vm-wl2-md-0-l")["mac"]
    found = result(sample, "DVPG-10", WL2)
    assert found.verdict is FAIL
    assert {each.object for each in found.findings} == {
        "VirtualMachine /dc0/vm/wl2-md-0",
        "VirtualMachine /dc0/vm/wl2-md-0-l",
    }


def test_uniqueness_needs_sight_of_every_vm() -> None:
    sample = site()
    sample.sight = {"limited": True, "reason": "r", "blind": [{"object": "/x", "types": ["VirtualMachine"]}]}
    assert result(sample, "DVPG-10", WL2).verdict is INCONCLUSIVE


@pytest.mark.parametrize(("learning", "word"), [({"enabled": True}, "is on"), ({}, "not stated")])
def test_mac_learning_is_reported(learning: dict[str, Any], word: str) -> None:
    sample = site()
    setting(sample)["macLearning"] = learning
    found = result(sample, "DVPG-11", WL2)
    assert found.verdict is PASS
    assert any(word in note for note in found.notes)
