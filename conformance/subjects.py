"""What a check may judge: settled Nodes and Machines, planes that were read, statements that need full sight."""

from __future__ import annotations

from collections.abc import Iterable

from tkg_conformance.fixtures.observation.views.cluster import Cluster
from tkg_conformance.fixtures.observation.views.kubernetes import KubernetesObject
from tkg_conformance.fixtures.observation.views.members import Member
from tkg_conformance.fixtures.observation.views.site import Site
from tkg_conformance.fixtures.observation.views.vcenter import VCenterView
from tkg_conformance.reports.check import Check


def require_resource(check: Check, cluster: Cluster) -> KubernetesObject:
    """Return the Cluster object; stop with INCONCLUSIVE if it was not seen or is being deleted."""
    if cluster.resource is None:
        check.inconclusive(f"{cluster.ref} was not seen on the management cluster; check its name in the site file")
    if cluster.resource.is_deleting:
        check.inconclusive(f"{cluster.ref} is being deleted; judge it again when it is settled")
    return cluster.resource


def require_fresh_conditions(check: Check, cluster: Cluster) -> None:
    """Stop with INCONCLUSIVE if the cluster is paused, which makes its conditions stale."""
    if cluster.is_paused:
        check.inconclusive(f"{cluster.ref} is paused, so its conditions are stale; resume it and look again")


def require_vcenter(check: Check, site: Site, cluster: Cluster) -> VCenterView:
    """Return the cluster's vCenter; stop with INCONCLUSIVE if it is not among those observed."""
    vcenter = site.vcenter_of(cluster)
    if vcenter is None:
        check.inconclusive(f"the vCenter of {cluster.name} was not read; list it in the site file under vcenters")
    return vcenter


def settled_nodes(check: Check, cluster: Cluster) -> list[Member]:
    """Return the members whose Node can be judged; the others are noted, and none left is INCONCLUSIVE."""
    if not cluster.workload.is_present:
        check.inconclusive(f"nothing was read of the workload cluster {cluster.name}; give a kubeconfig that works")
    found = [member for member in cluster.members if member.node is not None]
    for member in found:
        if member.node_transition:
            check.note(f"{member.ref} {member.node_transition}: listed, not judged")
    settled = [member for member in found if member.node_transition is None]
    if not settled:
        check.inconclusive(f"{cluster.name} has no settled Node to judge; look again when its Machines are Running")
    return settled


def settled_machines(check: Check, cluster: Cluster) -> list[Member]:
    """Return the members whose Machine can be judged; the others are noted, and none left is INCONCLUSIVE."""
    require_resource(check, cluster)
    found = [member for member in cluster.members if member.machine is not None]
    for member in found:
        if member.machine_transition and member.machine:
            check.note(f"{member.machine.ref} {member.machine_transition}: listed, not judged")
    settled = [member for member in found if member.machine_transition is None]
    if not settled:
        check.inconclusive(f"{cluster.name} has no settled Machine to judge; look again when they are Running")
    return settled


def is_placed(vcenter: VCenterView, member: Member) -> bool:
    """Return whether it was seen where the member's VM runs: the VM, its host and what is above, up to the datacenter.

    vCenter omits what the observing account may not read; what is not seen says nothing about tags.
    """
    return member.vm is not None and vcenter.ancestor(vcenter.host_of(member.vm), "Datacenter") is not None


def conclude_joins(check: Check, unresolved: Iterable[Member]) -> None:
    """Stop with INCONCLUSIVE if VMs, or their hosts, could not be found and nothing was found wrong elsewhere."""
    missing = [_why_unresolved(member) for member in unresolved]
    for reason in missing:
        check.note(reason)
    if missing and not check.findings:
        more = f" (and {len(missing) - 1} more)" if len(missing) > 1 else ""
        check.inconclusive(f"{missing[0]}{more}")


def conclude_sight(check: Check, vcenters: Iterable[VCenterView]) -> None:
    """Stop with INCONCLUSIVE if a statement about "all" or "exactly one" rests on a vCenter seen in part.

    A counter-example that was seen still is a FAIL.
    """
    for vcenter in vcenters:
        blind = vcenter.blind_scope()
        if blind and not check.findings:
            check.inconclusive(
                f"{vcenter.username} does not see all of {vcenter.ref} ({blind}); give it read-only rights there"
            )


def _why_unresolved(member: Member) -> str:
    if member.vm is not None:
        return f"the host of {member.vm.ref}, or what is above it, is out of the observing account's sight"
    if member.candidates:
        names = ", ".join(vm.ref for vm in member.candidates)
        return f"{member.ref} matches several VMs ({names}), so it is not known which one it is"
    return f"{member.ref} has no VM in the inventory that was read, by providerID or systemUUID"
