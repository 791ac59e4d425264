"""Where the home and the node disks of a VM lie; container volumes are told apart by their disk id."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tkg_conformance.conformance.datastore.storage import Storage
from tkg_conformance.conformance.subjects import conclude_joins, settled_machines
from tkg_conformance.fixtures.observation.views.vcenter import InventoryObject, VCenterView
from tkg_conformance.reports.check import Check

_HOME = re.compile(r"\[(?P<datastore>[^\]]*)\]")


@dataclass(frozen=True, eq=False, slots=True)
class Part:
    """The home or one disk of a VM: `key` is its name in storage policies; the datastore is None if out of sight."""

    name: str
    key: str
    datastore: InventoryObject | None


def settled_vms(check: Check, storage: Storage) -> list[InventoryObject]:
    """Return the VMs of settled Machines; NOT-APPLICABLE without Machines, INCONCLUSIVE if no VM was found."""
    if not any(member.machine for member in storage.cluster.members):
        check.not_applicable(f"{storage.cluster.name} has no Machines, so it has no VMs")
    settled = settled_machines(check, storage.cluster)
    found = [member.vm for member in settled if member.vm is not None]
    if not found:
        conclude_joins(check, settled)
    return found


def parts_of(vcenter: VCenterView, vm: InventoryObject) -> Iterator[Part]:
    """Yield the home and the node disks of a VM."""
    yield Part("home", vm.key, home_of(vcenter, vm))
    for device in vm.props.get("config.hardware.device") or ():
        if device.get("kind") == "disk" and not device.get("fcdId"):
            key = device["key"]
            yield Part(f"disk {key}", f"{vm.key}:{key}", vcenter.get(device.get("datastore")))


def home_of(vcenter: VCenterView, vm: InventoryObject) -> InventoryObject | None:
    """Return the datastore of the VM's own files, which its path names in brackets."""
    match = _HOME.match(str(vm.props.get("config.files.vmPathName") or ""))
    found = (vcenter.get(key) for key in vm.props.get("datastore") or ())
    return next((each for each in found if each and match and each.name == match["datastore"]), None)


def has_volumes(vm: InventoryObject) -> bool:
    """Return whether a container volume, a first-class disk, is attached."""
    return any(each.get("fcdId") for each in vm.props.get("config.hardware.device") or ())
