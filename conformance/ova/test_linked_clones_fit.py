"""OVA-13: a linked clone has a snapshot to be linked to, and asks for no larger disk than the template's."""

from __future__ import annotations

from typing import Any

import pytest

from tkg_conformance.conformance.ova.imagery import VM, Imagery
from tkg_conformance.conformance.ova.pools import Pool
from tkg_conformance.conformance.subjects import conclude_hidden, may_hide
from tkg_conformance.fixtures.observation.views import Cluster, Site
from tkg_conformance.fixtures.observation.views.kubernetes import KubernetesObject
from tkg_conformance.fixtures.observation.views.vcenter import InventoryObject
from tkg_conformance.reports.check import Check

LINKED, FULL = "linkedClone", "fullClone"
_GIB = 1024**3


@pytest.mark.requirement("OVA-13")
def test_linked_clones_fit(check: Check, site: Site, cluster: Cluster) -> None:
    imagery = Imagery(check, site, cluster)
    linked = [(pool, pool.template) for pool in imagery.pools if pool.template and _mode(pool.template) == LINKED]
    if not linked:
        check.not_applicable(f"no VSphereMachineTemplate of {cluster.name} asks for cloneMode {LINKED}")
    hidden: list[str] = []
    for pool, template in linked:
        wanted = str(template.at("spec.template.spec.template") or "")
        only = imagery.find(wanted).only
        check.examine(template)
        if only is not None:
            _judge(check, imagery, pool, template, imagery.vms[only.moid])
        elif may_hide(check, imagery.vcenter, f"{VM} {wanted}", VM):
            hidden.append(f"{VM} {wanted}")
        else:
            check.note(f"{VM} {wanted} was not found, so its snapshots and disks are not judged here")
    conclude_hidden(check, hidden)


def _judge(check: Check, imagery: Imagery, pool: Pool, template: KubernetesObject, vm: InventoryObject) -> None:
    asked = str(template.at("spec.template.spec.snapshot") or "")
    names = vm.props.get("snapshot.rootSnapshotList") or []
    has_snapshot = asked in names if asked else bool(vm.props.get("snapshot.currentSnapshot") or names)
    if not has_snapshot:
        modes = {_recorded(member.vsphere_vm) for member in imagery.cluster.members if pool.holds(member)} - {""}
        if modes == {FULL}:
            check.note(f"{vm.ref} has no snapshot; CAPV cloned {pool.name} in full and recorded that")
            return
        _fail(check, pool, template, vm, f"snapshot {asked}".strip(), "none", "has no such snapshot")
        return
    size = next((int(disk["capacityBytes"]) for disk in _disks(vm)), None)
    disk = template.at("spec.template.spec.diskGiB")
    if size is not None and disk and int(disk) * _GIB > size:
        observed = f"{size / _GIB:g} GiB"
        _fail(check, pool, template, vm, f"a disk of at least {disk} GiB", observed, f"is smaller than {disk} GiB")


def _fail(
    check: Check,
    pool: Pool,
    template: KubernetesObject,
    vm: InventoryObject,
    expected: str,
    observed: str,
    what: str,
) -> None:
    check.fail(
        template,
        expected=f"{vm.ref} with {expected}",
        observed=observed,
        message=f"{template.ref} asks for {LINKED}, but {vm.ref} {what}",
        involves=[vm, pool.ref],
    )


def _mode(template: KubernetesObject) -> str:
    """Return the clone mode; CAPV takes linkedClone where none is set."""
    return str(template.at("spec.template.spec.cloneMode") or LINKED)


def _recorded(vsphere_vm: KubernetesObject | None) -> str:
    return str(vsphere_vm.status.get("cloneMode") or "") if vsphere_vm else ""


def _disks(vm: InventoryObject) -> list[dict[str, Any]]:
    devices = vm.props.get("config.hardware.device") or ()
    return [each for each in devices if each.get("kind") == "disk" and each.get("capacityBytes")]
