"""The networks of a cluster's nodes, as far as vCenter shows them, with what decides about their security."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tkg_conformance.conformance.portgroup.systems import is_windows, windows_deployments
from tkg_conformance.conformance.subjects import require_vcenter, settled_machines
from tkg_conformance.fixtures.models.portgroup_security import Level
from tkg_conformance.fixtures.observation.views import Cluster, Site
from tkg_conformance.fixtures.observation.views.kubernetes import KubernetesObject
from tkg_conformance.fixtures.observation.views.members import Member
from tkg_conformance.fixtures.observation.views.vcenter import InventoryObject, VCenterView
from tkg_conformance.reports.check import Check

PORT, HOST_PORT_GROUP = "DistributedVirtualPort", "HostPortGroup"
NETWORKS = ("DistributedVirtualPortgroup", "Network", "OpaqueNetwork")


@dataclass(frozen=True, slots=True)
class Network:
    """A network by its name in findings, with its levels of settings from itself upwards.

    `unreadable` says why the policy cannot be read in vCenter; `switch` is the distributed switch above it.
    """

    ref: str
    levels: tuple[Level, ...] = ()
    portgroup: InventoryObject | None = None
    switch: InventoryObject | None = None
    unreadable: str | None = None


@dataclass(frozen=True, slots=True)
class Adapter:
    """A network adapter of a node's VM; `network` is None where what it is connected to was not seen."""

    vm: InventoryObject
    nic: dict[str, Any]
    network: Network | None
    port: InventoryObject | None = None

    @property
    def ref(self) -> str:
        return f"{self.vm.ref} adapter {self.nic.get('key', '?')}"


@dataclass(frozen=True, slots=True)
class Planned:
    """A network as the template of a Windows deployment names it; `networks` are the distributed port groups meant.

    `is_known` says whether vCenter shows any network of this name, a standard one too.
    """

    template: KubernetesObject
    name: str
    networks: tuple[Network, ...]
    is_known: bool
    deployment: KubernetesObject


@dataclass(frozen=True, slots=True)
class Segments:
    """Where the nodes of one cluster are connected, those of Windows apart; `planned` by templates of deployments."""

    vcenter: VCenterView
    windows: tuple[Adapter, ...]
    others: tuple[Adapter, ...]
    planned: tuple[Planned, ...]
    unresolved: tuple[Member, ...]
    without_adapter: tuple[InventoryObject, ...] = ()

    @property
    def networks(self) -> list[Network]:
        """The networks of Windows nodes, present or planned, each once."""
        found = [adapter.network for adapter in self.windows if adapter.network]
        found += [network for each in self.planned for network in each.networks]
        return list({network.ref: network for network in found}.values())

    @property
    def linux_only(self) -> list[Network]:
        """The networks that no Windows node uses."""
        windows = {network.ref for network in self.networks}
        found = {adapter.network.ref: adapter.network for adapter in self.others if adapter.network}
        return [network for ref, network in found.items() if ref not in windows]


def segments_of(check: Check, site: Site, cluster: Cluster) -> Segments:
    """Return where a cluster's settled nodes are connected, and its Windows deployments would be."""
    vcenter = require_vcenter(check, site, cluster)
    members = settled_machines(check, cluster)
    windows = [member for member in members if is_windows(cluster, member)]
    others = [member for member in members if member not in windows]
    return Segments(
        vcenter=vcenter,
        windows=tuple(adapter for member in windows for adapter in _adapters(vcenter, member)),
        others=tuple(adapter for member in others for adapter in _adapters(vcenter, member)),
        planned=tuple(_planned(vcenter, cluster)),
        unresolved=tuple(member for member in windows if member.vm is None),
        without_adapter=tuple(member.vm for member in windows if member.vm and not _nics(member.vm)),
    )


def networks_of(cluster: Cluster, node: str) -> list[str]:
    """Return the names of the networks that a Node's VM is connected to, as far as they were seen; [] else."""
    members = [each for each in cluster.members if each.node is not None and each.node.name == node]
    if cluster.vcenter is None:
        return []
    adapters = (adapter for member in members for adapter in _adapters(cluster.vcenter, member))
    return list(dict.fromkeys(adapter.network.ref for adapter in adapters if adapter.network))


def network_of(vcenter: VCenterView, vm: InventoryObject, nic: dict[str, Any]) -> Network | None:
    """Return what an adapter is connected to, None if that was not seen."""
    if nic.get("opaqueNetworkId"):
        name = nic.get("networkName") or nic["opaqueNetworkId"]
        return Network(f"OpaqueNetwork {name}", unreadable="its policy lies in NSX")
    if key := nic.get("portgroupKey"):
        groups = vcenter.all("DistributedVirtualPortgroup")
        found = next((each for each in groups if key in (each.props.get("key"), each.moid)), None)
        return of_portgroup(vcenter, found) if found else None
    name = nic.get("networkName")
    host = vcenter.host_of(vm)
    if not name or host is None:
        return None
    standard = next(
        (each for each in vcenter.all(HOST_PORT_GROUP) if each.name == name and each.object.parent == host.key), None
    )
    return of_standard(standard) if standard else None


def of_portgroup(vcenter: VCenterView, portgroup: InventoryObject) -> Network:
    """Return a distributed port group with its switch above it."""
    if portgroup.props.get("config.backingType") == "nsx":
        return Network(portgroup.ref, portgroup=portgroup, unreadable="it is backed by NSX, where its policy lies")
    switch = vcenter.get(portgroup.props.get("config.distributedVirtualSwitch"))
    levels = [_level(portgroup, "config.defaultPortConfig")]
    if switch is not None:
        levels.append(_level(switch, "config.defaultPortConfig"))
    return Network(portgroup.ref, tuple(levels), portgroup, switch)


def of_standard(group: InventoryObject) -> Network:
    """Return a standard port group, whose policy the host has computed."""
    return Network(group.ref, (Level(group.ref, {"mac": group.props.get("computedPolicy.security") or {}}),))


def port_level(adapter: Adapter) -> Level | None:
    """Return the settings of the adapter's own port, None if they were not seen."""
    return _level(adapter.port, "config.setting") if adapter.port else None


def _level(thing: InventoryObject, path: str) -> Level:
    return Level(thing.ref, thing.props.get(path) or {})


def _adapters(vcenter: VCenterView, member: Member) -> Iterator[Adapter]:
    if member.vm is None:
        return
    for nic in _nics(member.vm):
        port = vcenter.get(f"{PORT}:{nic.get('switchUuid')}/{nic['portKey']}") if nic.get("portKey") else None
        yield Adapter(member.vm, nic, network_of(vcenter, member.vm, nic), port)


def _nics(vm: InventoryObject) -> list[dict[str, Any]]:
    return [each for each in vm.props.get("config.hardware.device") or () if each.get("kind") == "nic"]


def _planned(vcenter: VCenterView, cluster: Cluster) -> Iterator[Planned]:
    """Yield the networks that the templates of the live Windows deployments name, replicas or not."""
    for deployment in windows_deployments(cluster):
        name = deployment.at("spec.template.spec.infrastructureRef.name")
        template = cluster.management.get("VSphereMachineTemplate", str(name), cluster.namespace) if name else None
        devices = (template.at("spec.template.spec.network.devices") if template else None) or ()
        for device in devices:
            wanted = str(device.get("networkName") or "")
            if template is not None and wanted:
                found = vcenter.find(wanted, *NETWORKS)
                networks = tuple(of_portgroup(vcenter, each) for each in found if each.type == NETWORKS[0])
                yield Planned(template, wanted, networks, bool(found), deployment)
