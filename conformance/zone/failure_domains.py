"""The failure domains that a cluster uses: failureDomain, VSphereDeploymentZone, VSphereFailureDomain, vCenter.

Source: cluster-api-provider-vsphere api/govmomi/v1beta2/vspherefailuredomain_types.go and
controllers/vspheredeploymentzone_controller_domain.go.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tkg_conformance.fixtures.observation.views.cluster import Cluster
from tkg_conformance.fixtures.observation.views.kubernetes import KubernetesObject
from tkg_conformance.fixtures.observation.views.members import Member
from tkg_conformance.fixtures.observation.views.vcenter import COMPUTE_TYPES, InventoryObject, VCenterView

TAGGED_TYPE = {
    "Datacenter": "Datacenter",
    "ComputeCluster": "ClusterComputeResource",
    "HostGroup": "HostSystem",
}


@dataclass(frozen=True, slots=True)
class DomainLevel:
    """The region or the zone of a failure domain: tag, kind of object that carries it, category."""

    tag: str | None
    type: str | None
    category: str | None


@dataclass(frozen=True, slots=True)
class FailureDomain:
    """One failureDomain as used by Machines and deployments; objects that do not exist are None."""

    name: str
    users: tuple[str, ...]
    deployment_zone: KubernetesObject | None
    failure_domain: KubernetesObject | None

    def level(self, role: str) -> DomainLevel:
        """Return the failure domain's `region` or `zone`."""
        found: dict[str, Any] = (self.failure_domain.spec.get(role) or {}) if self.failure_domain else {}
        return DomainLevel(found.get("name"), found.get("type"), found.get("tagCategory"))

    @property
    def topology(self) -> dict[str, Any]:
        return (self.failure_domain.spec.get("topology") or {}) if self.failure_domain else {}

    @property
    def refs(self) -> list[str]:
        """The names of both objects as far as they exist."""
        return [each.ref for each in (self.deployment_zone, self.failure_domain) if each]

    def compute(self, vcenter: VCenterView) -> InventoryObject | None:
        """Return the compute cluster that the failure domain names, within its datacenter."""
        name = self.topology.get("computeCluster")
        datacenter = self.datacenter(vcenter)
        if not name or datacenter is None:
            return None
        found = vcenter.find(str(name), *COMPUTE_TYPES)
        return next((each for each in found if vcenter.ancestor(each, "Datacenter") is datacenter), None)

    def datacenter(self, vcenter: VCenterView) -> InventoryObject | None:
        """Return the datacenter that the failure domain names."""
        name = self.topology.get("datacenter")
        found = vcenter.find(str(name), "Datacenter") if name else []
        # Of several datacenters with one name in different folders, a bare name means the one at the root.
        return next((each for each in found if each.path == f"/{name}"), found[0] if found else None)

    def hosts(self, vcenter: VCenterView) -> list[InventoryObject] | None:
        """Return the hosts of the failure domain's host group, None if it names no group."""
        group = (self.topology.get("hosts") or {}).get("hostGroupName")
        compute = self.compute(vcenter)
        if not group or compute is None:
            return None
        for each in compute.props.get("configurationEx.group") or ():
            if each.get("name") == group and "host" in each:
                return [host for key in each["host"] if (host := vcenter.get(key))]
        return []

    def is_soft(self, vcenter: VCenterView) -> bool:
        """Return whether the host group's rule lets VMs run elsewhere ("should" affinity)."""
        hosts = self.topology.get("hosts") or {}
        compute = self.compute(vcenter)
        rules = compute.props.get("configurationEx.rule") or () if compute else ()
        bound = [each for each in rules if each.get("affineHostGroupName") == hosts.get("hostGroupName")]
        return bool(hosts.get("hostGroupName")) and not any(
            each.get("mandatory") and each.get("enabled") for each in bound
        )

    def carriers(self, vcenter: VCenterView, role: str) -> list[InventoryObject]:
        """Return the objects on which the tag of a role belongs, as far as they exist."""
        kind = self.level(role).type
        if kind == "Datacenter":
            found = self.datacenter(vcenter)
            return [found] if found else []
        if kind == "HostGroup":
            return self.hosts(vcenter) or []
        compute = self.compute(vcenter)
        return [compute] if compute else []


def failure_domains(cluster: Cluster) -> list[FailureDomain]:
    """Return the failure domains that deployments (of the topology, or plan-based) and Machines of a cluster name."""
    users: dict[str, list[str]] = {}
    for deployment in cluster.machine_deployments:
        if deployment.get("failureDomain"):
            users.setdefault(str(deployment["failureDomain"]), []).append(cluster.ref)
    for live in () if cluster.is_class_based else cluster.live_deployments:
        named = live.at("spec.template.spec.failureDomain")
        if named:
            users.setdefault(str(named), []).append(live.ref)
    for member in cluster.members:
        name = machine_domain(member)
        if name and member.machine:
            users.setdefault(name, []).append(member.machine.ref)
    return [_failure_domain(cluster, name, tuple(dict.fromkeys(refs))) for name, refs in sorted(users.items())]


def machine_domain(member: Member) -> str | None:
    """Return the failureDomain of a member's Machine."""
    found = member.machine.spec.get("failureDomain") if member.machine else None
    return str(found) if found else None


def _failure_domain(cluster: Cluster, name: str, users: tuple[str, ...]) -> FailureDomain:
    zone = cluster.management.get("VSphereDeploymentZone", name)
    domain_name = zone.spec.get("failureDomain") if zone else None
    domain = cluster.management.get("VSphereFailureDomain", str(domain_name)) if domain_name else None
    return FailureDomain(name, users, zone, domain)
