"""DVPG-10: no two adapters of node VMs on the Windows nodes' networks have the same MAC address."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tkg_conformance.conformance.portgroup.segments import Segments, network_of, segments_of
from tkg_conformance.conformance.portgroup.systems import require_windows
from tkg_conformance.conformance.subjects import conclude_joins, conclude_sight
from tkg_conformance.fixtures.observation.views import Cluster, Site
from tkg_conformance.fixtures.observation.views.vcenter import InventoryObject
from tkg_conformance.reports.check import Check


@pytest.mark.requirement("DVPG-10")
def test_mac_addresses_are_unique(check: Check, site: Site, cluster: Cluster) -> None:
    require_windows(check, cluster)
    segments = segments_of(check, site, cluster)
    windows = {adapter.vm.key for adapter in segments.windows}
    owners: dict[tuple[str, str], list[InventoryObject]] = {}
    for network, mac, vm in _addresses(segments):
        check.examine(f"{vm.ref} {mac}")
        owners.setdefault((network, mac), []).append(vm)
    for (network, mac), vms in owners.items():
        if len(vms) > 1:
            # The Windows node is what suffers; without one among them the first is as good as any.
            first = next((vm for vm in vms if vm.key in windows), vms[0])
            check.fail(
                first,
                expected=f"a MAC address of its own on {network}",
                observed=f"{mac} on {', '.join(vm.ref for vm in vms)}",
                message=f"{len(vms)} adapters on {network} have the MAC address {mac}",
                involves=vms,
            )
    conclude_joins(check, segments.unresolved)
    if not owners:
        check.inconclusive(f"no adapter with a MAC address was seen on a network of {cluster.name}'s Windows nodes")
    check.note("compared are the VMs that Cluster API knows; others on the same networks are not read")
    conclude_sight(check, [segments.vcenter], "VirtualMachine")


def _addresses(segments: Segments) -> Iterator[tuple[str, str, InventoryObject]]:
    """Yield network, address and VM of the node VMs that share a network with the Windows nodes."""
    networks = {network.ref for network in segments.networks}
    for vm in segments.vcenter.all("VirtualMachine"):
        if vm.props.get("config.template"):
            continue
        for nic in vm.props.get("config.hardware.device") or ():
            network = network_of(segments.vcenter, vm, nic) if nic.get("kind") == "nic" else None
            if network is not None and network.ref in networks and nic.get("mac"):
                yield network.ref, str(nic["mac"]).lower(), vm
