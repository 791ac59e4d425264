"""A lab's vCenter that answers with faults: one is overcome, others decide nothing and are told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from plugins.tests.looks import Look, assert_nothing_unearned, look, settled
from tkg_conformance.fixtures.lab.faultrules import FaultRule, injected
from tkg_conformance.fixtures.lab.handle import LabHandle
from tkg_conformance.fixtures.lab.vsphere import vim
from tkg_conformance.fixtures.observation import vcenter as collector
from tkg_conformance.fixtures.observation.vcenter import VCenterObserver

pytestmark = pytest.mark.lab
READ, EVENTS, PORTS = "RetrievePropertiesEx", "QueryEvents", "FetchDVPorts"
ROOT = {"type": "Folder", "value": "group-d1"}
Rule = tuple[str, str, dict[str, Any]]


@pytest.fixture(scope="module")
def lab(running_lab: Path) -> Iterator[LabHandle]:
    with LabHandle.open(running_lab) as handle:
        yield handle


@pytest.fixture(scope="module")
def site(running_lab: Path) -> Path:
    return running_lab / "site.yaml"


@pytest.fixture(scope="module")
def undisturbed(site: Path) -> Look:
    return look(site)


def spoilt(lab: LabHandle, site: Path, undisturbed: Look, *rules: FaultRule) -> Look:
    """Look while calls of the observing account end in these faults."""
    (account,) = (each.username for each in undisturbed.observation.vcenters)
    with injected(lab.vcenter, *(replace(each, account=account) for each in rules)):
        return look(site)


def lost_of_vcenter(seen: Look) -> dict[str, str]:
    """Return what of the vCenter was not read, with the reason; nothing else was hit."""
    assert {each.plane.partition(":")[0] for each in seen.observation.problems} <= {"vcenter"}
    return {each.what: each.reason for each in seen.observation.problems}


@pytest.mark.parametrize("where", [(READ, 0), (READ, 1), (EVENTS, 1), ("HasPrivilegeOnEntities", 0)])
def test_a_session_that_vcenter_does_not_know_any_more_is_renewed(
    lab: LabHandle, site: Path, undisturbed: Look, where: tuple[str, int]
) -> None:
    method, skip = where
    rule = FaultRule("", method, "NotAuthenticated", skip=skip, times=1)
    seen = spoilt(lab, site, undisturbed, rule)
    assert lost_of_vcenter(seen) == {}
    assert settled(seen) == settled(undisturbed)


@pytest.mark.parametrize(
    ("method", "skip", "what"),
    [(READ, 0, "*"), (READ, 1, "VirtualMachine"), (EVENTS, 0, "events"), (PORTS, 0, "DistributedVirtualPort")],
)
@pytest.mark.parametrize(
    ("fault", "detail", "words"),
    [
        ("NotAuthenticated", {}, "session"),
        ("HostCommunication", {}, "HostCommunication"),
        ("InvalidProperty", {"name": "config.uuid"}, "InvalidProperty"),
        ("NoPermission", {"object": ROOT, "privilegeId": "System.Read"}, "Permission|does not let the account"),
        ("ManagedObjectNotFound", {"obj": {"type": "VirtualMachine", "value": "vm-0"}}, "ManagedObjectNotFound"),
    ],
)
def test_a_fault_decides_nothing_and_is_told(
    lab: LabHandle,
    site: Path,
    undisturbed: Look,
    method: str,
    skip: int,
    what: str,
    fault: str,
    detail: dict[str, Any],
    words: str,
) -> None:
    seen = spoilt(lab, site, undisturbed, FaultRule("", method, fault, detail, skip=skip))
    problems = lost_of_vcenter(seen)
    assert what in problems or "*" in problems, problems
    assert any(word in " ".join(problems.values()) for word in words.split("|")), problems
    assert_nothing_unearned(undisturbed, seen)


def test_rights_that_cannot_be_asked_for_are_limited_sight(lab: LabHandle, site: Path, undisturbed: Look) -> None:
    seen = spoilt(lab, site, undisturbed, FaultRule("", "HasPrivilegeOnEntities", "HostCommunication"))
    assert seen.observation.vcenters[0].sight["limited"]
    assert_nothing_unearned(undisturbed, seen)


def test_a_container_that_vanishes_under_the_question_for_rights_is_left_out(
    lab: LabHandle, site: Path, undisturbed: Look
) -> None:
    gone = {"obj": {"type": "Folder", "value": "group-v0"}}
    rule = FaultRule("", "HasPrivilegeOnEntities", "ManagedObjectNotFound", gone, times=1)
    assert settled(spoilt(lab, site, undisturbed, rule)) == settled(undisturbed)


def test_what_is_deleted_during_the_read_is_left_out(
    lab: LabHandle, site: Path, undisturbed: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A template and a folder are in the inventory, and gone when details and tags are asked for."""
    vcenter = lab.vcenter
    template = next(
        vm
        for vm, found in vcenter.all_properties(
            vcenter.view(vim.VirtualMachine), vim.VirtualMachine, ["config.template"]
        ).items()
        if found["config.template"]
    )
    placed = vcenter.properties([template], vim.VirtualMachine, ["parent", "runtime.host", "datastore"])[template]
    pool = vcenter.properties([placed["runtime.host"]], vim.HostSystem, ["parent"])[placed["runtime.host"]]["parent"]
    location = vim.vm.RelocateSpec(
        pool=pool.resourcePool, host=placed["runtime.host"], datastore=placed["datastore"][0]
    )
    spec = vim.vm.CloneSpec(location=location, template=True, powerOn=False)
    (doomed,) = vcenter.wait(template.CloneVM_Task(placed["parent"], "doomed", spec))
    folder = placed["parent"].CreateFolder("doomed-folder")
    listed = VCenterObserver._machines
    deleted: list[set[str]] = []

    def after_the_deletion(self: VCenterObserver, *arguments: Any) -> Any:
        deleted.append({str(each.values.get("name")) for each in arguments[1]} & {"doomed", "doomed-folder"})
        vcenter.wait(doomed.Destroy_Task(), folder.Destroy_Task())
        return listed(self, *arguments)

    monkeypatch.setattr(collector.VCenterObserver, "_machines", after_the_deletion)
    seen = look(site)
    assert deleted == [{"doomed", "doomed-folder"}], "both were listed"
    assert lost_of_vcenter(seen) == {}
    assert settled(seen) == settled(undisturbed)
