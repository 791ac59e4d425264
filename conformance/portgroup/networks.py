"""The networks of a cluster's Windows nodes: which machines are Windows, which port groups their adapters are on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from tkg_conformance.conformance.subjects import require_resource, require_vcenter
from tkg_conformance.fixtures.models.portgroup_security import Effective, effective
from tkg_conformance.fixtures.observation.views import Cluster, Site
from tkg_conformance.fixtures.observation.views.kubernetes import KubernetesObject
from tkg_conformance.fixtures.observation.views.members import Member
from tkg_conformance.fixtures.observation.views.vcenter import InventoryObject, VCenterView
from tkg_conformance.reports.check import Check

WINDOWS_CLASS = "tkg-worker-windows"
"""Class of TKG's ClusterClass for Windows workers (tanzu-framework, providers/yttcc)."""
_PORTGROUP = "DistributedVirtualPortgroup"
_DEPLOYMENT = "topology.cluster.x-k8s.io/deployment-name"
_WORDS = {True: "Accept", False: "Reject", None: "unknown"}


@dataclass(frozen=True, slots=True)
class Adapter:
    """One network adapter of a VM; `portgroup` is None if it is on none that was seen, `network` names it anyway."""

    member: Member
    vm: InventoryObject
    device: dict[str, Any]
    portgroup: InventoryObject | None
    network: str

    @property
    def ref(self) -> str:
        """The name findings use."""
        return f"{self.vm.ref} adapter {self.device.get('key', '?')}"


@dataclass(frozen=True, slots=True)
class Segments:
    """What the rows of a cluster with Windows workers are judged on."""

    cluster: Cluster
    vcenter: VCenterView
    windows: tuple[Adapter, ...]
    others: tuple[Adapter, ...]
    declared: tuple[InventoryObject, ...]

    @property
    def portgroups(self) -> list[InventoryObject]:
        """The port groups that Windows nodes are on, or that their machine templates name, each once."""
        found = [*(each.portgroup for each in self.windows), *self.declared]
        return list({each.ref: each for each in found if each is not None}.values())

    def switch_of(self, portgroup: InventoryObject) -> InventoryObject | None:
        """Return the distributed switch of a port group."""
        return self.vcenter.get(portgroup.props.get("config.distributedVirtualSwitch"))

    def effective(self, portgroup: InventoryObject, policy: str) -> Effective:
        """Return what is in force on a port group."""
        switch = self.switch_of(portgroup)
        above = switch.props.get("config.defaultPortConfig") if switch else None
        return effective(portgroup.props.get("config.defaultPortConfig"), above, policy)


def in_words(accepts: bool | None) -> str:
    """Return the word of the vSphere Client for a policy's value."""
    return _WORDS[accepts]


def windows_deployments(cluster: Cluster) -> list[KubernetesObject]:
    """Return the MachineDeployments of Windows workers, also those without replicas."""
    topology = {str(each.get("name")) for each in cluster.machine_deployments if each.get("class") == WINDOWS_CLASS}
    return [
        each
        for each in cluster.live_deployments
        if each.labels.get(_DEPLOYMENT) in topology or _os_of_template(cluster, each) == "windows"
    ]


def segments_of(check: Check, site: Site, cluster: Cluster) -> Segments:
    """Return the networks of the cluster's Windows nodes; NOT-APPLICABLE for a cluster without Windows workers."""
    require_resource(check, cluster)
    deployments = windows_deployments(cluster)
    if not deployments:
        check.not_applicable(f"{cluster.name} has no Windows machine deployment")
    vcenter = require_vcenter(check, site, cluster)
    by_key = {str(each.props.get("key")): each for each in vcenter.all(_PORTGROUP)}
    names = {each.labels.get(_DEPLOYMENT) for each in deployments} | {each.name for each in deployments}
    windows: list[Adapter] = []
    others: list[Adapter] = []
    for member in cluster.members:
        if member.vm is None:
            continue
        found = windows if _is_windows(member, names) else others
        found.extend(_adapters(member, member.vm, by_key))
    declared = [each for deployment in deployments for each in _declared(cluster, vcenter, deployment)]
    return Segments(cluster, vcenter, tuple(windows), tuple(others), tuple(declared))


def windows_members(cluster: Cluster) -> list[Member]:
    """Return the members that are Windows by their MachineDeployment, Node or VM."""
    deployments = windows_deployments(cluster)
    names = {each.labels.get(_DEPLOYMENT) for each in deployments} | {each.name for each in deployments}
    return [each for each in cluster.members if _is_windows(each, names)]


def require_portgroups(check: Check, segments: Segments) -> list[InventoryObject]:
    """Return the port groups of Windows nodes; stop with INCONCLUSIVE if there is none to judge."""
    if not segments.portgroups:
        check.inconclusive(
            f"no Windows node of {segments.cluster.name} was traced to a distributed port group; see DVPG-1"
        )
    return segments.portgroups


def listed(portgroups: Iterable[InventoryObject], segments: Segments, policies: Iterable[str]) -> Iterator[str]:
    """Yield a sentence for each port group with its policies in force."""
    for each in portgroups:
        words = ", ".join(f"{policy} {in_words(segments.effective(each, policy).accepts)}" for policy in policies)
        yield f"{each.ref}: {words}"


def _is_windows(member: Member, deployments: set[str | None]) -> bool:
    machine, node, vm = member.machine, member.node, member.vm
    if machine is not None and machine.labels.get(_DEPLOYMENT) in deployments:
        return True
    if machine is not None and machine.labels.get("cluster.x-k8s.io/deployment-name") in deployments:
        return True
    if node is not None and str(node.at("status.nodeInfo.operatingSystem")).lower() == "windows":
        return True
    return vm is not None and str(vm.props.get("config.guestId", "")).lower().startswith("windows")


def _adapters(member: Member, vm: InventoryObject, by_key: dict[str, InventoryObject]) -> Iterator[Adapter]:
    for device in vm.props.get("config.hardware.device") or ():
        if device.get("kind") != "nic":
            continue
        key = device.get("portgroupKey")
        where = (
            f"port group {key}"
            if key
            else f"NSX network {device['opaqueNetworkId']}"
            if device.get("opaqueNetworkId")
            else f"standard port group {device.get('networkName') or device.get('network') or '?'}"
        )
        yield Adapter(member, vm, device, by_key.get(str(key)), where)


def _os_of_template(cluster: Cluster, deployment: KubernetesObject) -> str:
    template = _template_of(cluster, deployment)
    return str(template.at("spec.template.spec.os") or "").lower() if template else ""


def _template_of(cluster: Cluster, deployment: KubernetesObject) -> KubernetesObject | None:
    name = deployment.at("spec.template.spec.infrastructureRef.name")
    return cluster.management.get("VSphereMachineTemplate", str(name), cluster.namespace) if name else None


def _declared(cluster: Cluster, vcenter: VCenterView, deployment: KubernetesObject) -> Iterator[InventoryObject]:
    template = _template_of(cluster, deployment)
    devices = (template.at("spec.template.spec.network.devices") if template else None) or ()
    for device in devices:
        found = vcenter.find(str(device.get("networkName", "")), _PORTGROUP) if device.get("networkName") else []
        if len(found) == 1:
            yield found[0]
