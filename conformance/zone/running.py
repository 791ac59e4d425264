"""Where a cluster's nodes run, or may run, in vCenter."""

from __future__ import annotations

from tkg_conformance.conformance.zone.zoning import Zoning
from tkg_conformance.fixtures.observation.views.vcenter import InventoryObject


def computes_in_use(zoning: Zoning) -> list[InventoryObject]:
    """Return the compute clusters that run nodes now or belong to a failure domain of the cluster."""
    running = [zoning.vcenter.compute_of(member.vm) for member in zoning.cluster.members if member.vm]
    declared = [domain.compute(zoning.vcenter) for domain in zoning.domains]
    found = {each.ref: each for each in (*running, *declared) if each is not None}
    return [found[ref] for ref in sorted(found)]


def hosts_in_use(zoning: Zoning) -> list[InventoryObject]:
    """Return the hosts of these compute clusters; of a failure domain with a host group only its hosts."""
    vcenter = zoning.vcenter
    grouped: dict[str, list[InventoryObject]] = {}
    for domain in zoning.domains:
        compute, hosts = domain.compute(vcenter), domain.hosts(vcenter)
        if compute and hosts is not None:
            grouped.setdefault(compute.ref, []).extend(hosts)
    found = {
        host.ref: host
        for compute in computes_in_use(zoning)
        for host in grouped.get(compute.ref) or vcenter.hosts_of(compute)
    }
    for member in zoning.cluster.members:
        host = vcenter.host_of(member.vm)
        if host:
            found[host.ref] = host
    return [found[ref] for ref in sorted(found)]
