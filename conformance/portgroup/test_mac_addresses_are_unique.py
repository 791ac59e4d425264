"""DVPG-10: MAC addresses on the Windows nodes' segment are unique."""

from __future__ import annotations

import pytest

from tkg_conformance.conformance.portgroup.networks import require_portgroups, segments_of
from tkg_conformance.conformance.subjects import conclude_sight
from tkg_conformance.fixtures.observation.views import Cluster, Site
from tkg_conformance.fixtures.observation.views.vcenter import InventoryObject
from tkg_conformance.reports.check import Check


@pytest.mark.requirement("DVPG-10")
def test_mac_addresses_are_unique(check: Check, site: Site, cluster: Cluster) -> None:
    segments = segments_of(check, site, cluster)
    keys = {str(each.props.get("key")) for each in require_portgroups(check, segments)}
    carriers: dict[str, list[InventoryObject]] = {}
    for vm in segments.vcenter.all("VirtualMachine"):
        if vm.props.get("config.template"):
            continue
        for device in vm.props.get("config.hardware.device") or ():
            if device.get("kind") == "nic" and device.get("portgroupKey") in keys and device.get("mac"):
                carriers.setdefault(str(device["mac"]).lower(), []).append(vm)
                check.examine(f"{vm.ref} {device['mac']}")
    for mac, vms in sorted(carriers.items()):
        for vm in vms if len(vms) > 1 else ():
            others = ", ".join(each.ref for each in vms if each is not vm) or "another adapter of its own"
            check.fail(
                vm,
                expected="a MAC address of its own",
                observed=f"{mac}, as {others}",
                message=f"{vm.ref} has the MAC address {mac}, and so has {others}",
                involves=[each for each in vms if each is not vm],
            )
    check.note("looked at the VMs that Kubernetes knows; adapters of other VMs on these port groups are not read")
    conclude_sight(check, [segments.vcenter], "VirtualMachine")
