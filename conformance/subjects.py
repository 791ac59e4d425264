"""What a check may judge: settled Nodes and Machines, planes that were read, statements that need full sight."""

from __future__ import annotations

from collections.abc import Iterable

from tkg_conformance.fixtures.observation.views.cluster import CLASS, Cluster
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


def require_class_based(check: Check, cluster: Cluster, lacks: str) -> None:
    """Stop with NOT-APPLICABLE for a plan-based cluster, which `lacks` something (the end of a sentence).

    INCONCLUSIVE where the profile says another mode than the Cluster shows.
    """
    require_stated_mode(check, cluster)
    if not cluster.is_class_based:
        check.not_applicable(f"{cluster.name} is plan-based (legacy mode), so it {lacks}")


def require_stated_mode(check: Check, cluster: Cluster) -> None:
    """Stop with INCONCLUSIVE where the profile says another mode than the Cluster shows."""
    if cluster.resource is None or cluster.stated_mode is None:
        return
    if (cluster.stated_mode == CLASS) != cluster.is_class_based:
        shown = "has a topology" if cluster.is_class_based else "has no topology"
        check.inconclusive(
            f"the profile says cluster_mode: {cluster.stated_mode}, but {cluster.ref} {shown}; correct the key, or"
            " leave it out where clusters of both modes live side by side"
        )


def require_workload(check: Check, cluster: Cluster) -> None:
    """Stop with INCONCLUSIVE if nothing of the workload cluster was read; the row then says what kept it from that."""
    if cluster.workload.is_missed:
        check.inconclusive(f"nothing was read of the workload cluster {cluster.name}")


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
    require_workload(check, cluster)
    found = [member for member in cluster.members if member.node is not None]
    for member in found:
        if member.node_transition:
            check.note(f"{member.ref} {member.node_transition}: listed, not judged")
    settled = [member for member in found if member.node_transition is None]
    if not settled:
        why = _why_moving((member.ref, member.node_transition) for member in found)
        check.inconclusive(
            f"{cluster.name} has no settled Node to judge{why}; look again when its Machines are Running"
        )
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
        why = _why_moving((member.ref, member.machine_transition) for member in found)
        check.inconclusive(f"{cluster.name} has no settled Machine to judge{why}; look again when they are Running")
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


def conclude_sight(check: Check, vcenters: Iterable[VCenterView], *types: str) -> None:
    """Stop with INCONCLUSIVE if "all", "exactly one" or "none" of these types rests on a vCenter seen in part.

    A counter-example that was seen still is a FAIL.
    """
    for vcenter in vcenters:
        blind = vcenter.blind_scope(*types)
        if blind and not check.findings:
            check.inconclusive(_out_of_sight(vcenter, blind))


def may_hide(check: Check, vcenter: VCenterView, what: str, *types: str) -> bool:
    """Return whether something that was not seen may be out of sight; then that is noted, and proves no absence.

    Finish with `conclude_hidden`, which makes the verdict INCONCLUSIVE unless something else fails.
    """
    blind = vcenter.blind_scope(*types)
    if blind is None:
        return False
    check.note(f"{what} was not seen; {_out_of_sight(vcenter, blind)}: listed, not judged")
    return True


def conclude_hidden(check: Check, hidden: Iterable[str]) -> None:
    """Stop with INCONCLUSIVE if what was not seen may be out of sight, and nothing was found wrong elsewhere."""
    names = list(dict.fromkeys(hidden))
    if names and not check.findings:
        told = next((note for note in check.notes if note.startswith(f"{names[0]} was not seen")), names[0])
        more = f" (and {len(names) - 1} more)" if len(names) > 1 else ""
        check.inconclusive(told.removesuffix(": listed, not judged") + more)


def _why_moving(members: Iterable[tuple[str, str | None]]) -> str:
    """Name the first thing in transition, as the middle of a sentence."""
    told = [f"{ref} {transition}" for ref, transition in members if transition]
    more = f" (and {len(told) - 1} more)" if len(told) > 1 else ""
    return f": {told[0]}{more}" if told else ""


def _out_of_sight(vcenter: VCenterView, blind: str) -> str:
    return f"{vcenter.username} does not see all of {vcenter.ref} ({blind}); give it read-only rights there"


def _why_unresolved(member: Member) -> str:
    if member.vm is not None:
        return f"the host of {member.vm.ref}, or what is above it, is out of the observing account's sight"
    if member.candidates:
        names = ", ".join(vm.ref for vm in member.candidates)
        return f"{member.ref} matches several VMs ({names}), so it is not known which one it is"
    return f"{member.ref} has no VM in the inventory that was read, by providerID or systemUUID"
